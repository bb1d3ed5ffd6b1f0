/** Messages for the tests of alerts: subscriptions, findings, decisions, a store of its own, and a mailer that keeps letters. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAlertStore } from '../../alerts/alert-store.ts'
import type { AlertStore } from '../../alerts/alert-store.ts'
import type { ArticleHead } from '../../core/article.ts'
import type { Decision, Verdict } from '../../core/decision.ts'
import type { Finding, Flag } from '../../core/finding.ts'
import { hashId } from '../../core/hash.ts'
import type { Letter, Mailer } from '../../core/ports.ts'
import type { Subscription } from '../../core/subscription.ts'
import { articleHead } from '../documents.ts'

export const PUBLIC_URL = 'https://opomena.example'

export function subscription(changes: Partial<Subscription> = {}): Subscription {
  return {
    v: 1,
    id: 'sub-1',
    owner: 'ana',
    name: 'Doline',
    query: '',
    channel: 'email',
    address: 'ana@coalition.example',
    cadence: 'daily',
    at: '07:30',
    timeZone: 'Europe/Sarajevo',
    threshold: 'confirmed',
    minSeverity: 1,
    language: 'en',
    excerpt: 'masked',
    tokenHash: 'a'.repeat(64),
    status: 'active',
    createdAt: '2026-07-01T00:00:00.000Z',
    updatedAt: '2026-07-01T00:00:00.000Z',
    ...changes,
  }
}

/** A flag of an article; its id is made of its name. */
export function flag(name: string, changes: Partial<Flag> = {}): Flag {
  return {
    id: flagIdOf(name),
    category: 'denial',
    subtype: 'outright',
    severity: 3,
    confidence: 0.9,
    alert: false,
    targets: [],
    voice: 'outlet',
    stance: 'endorses',
    field: 'text',
    start: 8,
    end: 14 + name.length,
    quote: `navod ${name}`,
    sentence: `Ovo je navod ${name}, izmišljen.`,
    rule: 'test.rule',
    why: 'an invented reason',
    indicators: [],
    ...changes,
  }
}

/** Not among those that need a second reviewer by chance. */
export const flagIdOf = (name: string): string => `ff${hashId(name).slice(2)}`

export function finding(
  article: string,
  flags: readonly Flag[],
  changes: Partial<Omit<Finding, 'article'>> & { readonly article?: Partial<ArticleHead> } = {},
): Finding {
  const { article: head, ...rest } = changes
  return {
    v: 1,
    article: articleHead({ id: article, textHash: hashId('text', article), ...head }),
    ...(flags.length > 0 ? { text: flags.map(one => one.sentence).join(' ') } : {}),
    language: 'bs',
    languageConfidence: 1,
    script: 'Latn',
    flagged: flags.length > 0,
    flags: [...flags],
    madeBy: { pipeline: 'test', lexicon: 'test' },
    madeAt: '2026-07-10T12:00:00.000Z',
    ...rest,
  }
}

export function verdict(
  article: string,
  name: string,
  decision: Verdict['decision'],
  at = '2026-07-10T15:00:00.000Z',
  by = 'rev',
): Verdict {
  return {
    v: 1,
    kind: 'verdict',
    id: hashId(name, decision, at, by),
    articleId: article,
    flagId: flagIdOf(name),
    decision,
    by,
    at,
  }
}

export function deletion(article: string): Decision {
  return {
    v: 1,
    kind: 'delete',
    id: hashId('delete', article),
    articleId: article,
    by: 'admin',
    at: '2026-07-12T00:00:00.000Z',
    reason: 'asked for',
  }
}

export interface TemporaryStore {
  readonly store: AlertStore
  /** Closes the file and opens it again, as a new process would. */
  reopen(): AlertStore
  remove(): void
}

export function temporaryStore(): TemporaryStore {
  const dir = mkdtempSync(join(tmpdir(), 'opomena-alerts-'))
  const path = join(dir, 'alerts.db')
  let store = openAlertStore({ path })
  return {
    get store() {
      return store
    },
    reopen() {
      store.close()
      store = openAlertStore({ path })
      return store
    },
    remove() {
      store.close()
      rmSync(dir, { recursive: true })
    },
  }
}

/** Keeps the letters; `fail` is thrown before, or after, taking one. */
export interface KeepingMailer extends Mailer {
  readonly letters: Letter[]
  before: ((letter: Letter) => Error | undefined) | undefined
  after: ((letter: Letter) => Error | undefined) | undefined
}

export function keepingMailer(): KeepingMailer {
  const letters: Letter[] = []
  const mailer: KeepingMailer = {
    letters,
    before: undefined,
    after: undefined,
    async send(letter) {
      const refusal = mailer.before?.(letter)
      if (refusal) throw refusal
      letters.push(letter)
      const crash = mailer.after?.(letter)
      if (crash) throw crash
    },
    close: async () => undefined,
  }
  return mailer
}
