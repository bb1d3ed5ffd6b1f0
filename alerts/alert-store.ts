/** What the alerts know, in `alerts.db`: subscriptions, flags that may be told, decisions about them, and what was told to whom. */
import type { DatabaseSync } from 'node:sqlite'
import { standingOf } from '../core/decision.ts'
import type { Decision } from '../core/decision.ts'
import { flagDocument } from '../core/document.ts'
import type { FlagDocument } from '../core/document.ts'
import type { Finding, Flag } from '../core/finding.ts'
import { sha256 } from '../core/hash.ts'
import { openSqlite, transact } from '../core/sqlite.ts'
import type { Subscription } from '../core/subscription.ts'
import { findings as findingsTopic } from '../core/topics.ts'
import { LOOKED_AT, letterBook } from './letter-book.ts'
import type { LetterBook, LetterContent, ToldStatus } from './letter-book.ts'

// `seq` grows with every change of a flag: a subscription looks only at what changed since it looked last.
const MIGRATIONS = [
  `CREATE TABLE subscriptions(
     id TEXT PRIMARY KEY, version TEXT NOT NULL, status TEXT NOT NULL, json TEXT NOT NULL) STRICT;
   CREATE TABLE articles(
     id TEXT PRIMARY KEY, newest TEXT NOT NULL DEFAULT '', lead TEXT, text TEXT,
     deleted INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
   CREATE TABLE flags(
     id TEXT PRIMARY KEY, article_id TEXT NOT NULL, seq INTEGER NOT NULL, made TEXT NOT NULL, json TEXT) STRICT;
   CREATE INDEX flags_seq ON flags(seq);
   CREATE INDEX flags_article ON flags(article_id);
   CREATE TABLE decisions(id TEXT PRIMARY KEY, flag_id TEXT NOT NULL, json TEXT NOT NULL) STRICT;
   CREATE INDEX decisions_flag ON decisions(flag_id);
   CREATE TABLE letters(
     subscription TEXT NOT NULL, day TEXT NOT NULL, state TEXT NOT NULL, version TEXT NOT NULL,
     looked_at INTEGER NOT NULL, content TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(subscription, day)) STRICT;
   CREATE TABLE told(
     subscription TEXT NOT NULL, flag TEXT NOT NULL, status TEXT NOT NULL, day TEXT NOT NULL,
     PRIMARY KEY(subscription, flag)) STRICT, WITHOUT ROWID;
   CREATE TABLE counter(seq INTEGER NOT NULL) STRICT;
   INSERT INTO counter VALUES (0);`,
]

/** A flag that changed, with the words of its article. */
export interface Candidate {
  readonly document: FlagDocument
  readonly lead?: string
  readonly text?: string
}

export interface AlertStore extends LetterBook {
  putFindings(findings: readonly Finding[]): void
  putDecisions(decisions: readonly Decision[]): void
  putSubscriptions(subscriptions: readonly Subscription[]): void

  subscription(id: string): Subscription | undefined
  active(): readonly Subscription[]
  /** The flag as it stands; undefined when it is not known or its article was deleted. */
  document(flagId: string): FlagDocument | undefined
  /** Flags that changed since the subscription's last letter and were not told to it, oldest change first. */
  changedFor(subscription: string): Iterable<Candidate>
  /** What was told to the subscription and stands otherwise now. */
  correctionsFor(subscription: string): LetterContent['corrections']

  close(): void
}

export function openAlertStore({ path }: { readonly path: string }): AlertStore {
  const db = openSqlite(path, { what: 'alert store', migrations: MIGRATIONS })
  return { ...intake(db), ...outlook(db), ...letterBook(db), close: () => db.close() }
}

// ---------------------------------------------------------------- what comes in

type Intake = Pick<AlertStore, 'putFindings' | 'putDecisions' | 'putSubscriptions'>

/** Every write keeps the newest by what the message says, never by when it came: any order and any repeat end alike. */
function intake(db: DatabaseSync): Intake {
  const tick = db.prepare('UPDATE counter SET seq = seq + 1 RETURNING seq')
  const next = (): number => Number(tick.get()!['seq'])
  const article = db.prepare('SELECT newest, deleted FROM articles WHERE id = ?')
  const putArticle = db.prepare(
    `INSERT INTO articles(id, newest, lead, text) VALUES (?, ?, ?, ?)
     ON CONFLICT(id) DO UPDATE SET newest = excluded.newest, lead = excluded.lead, text = excluded.text`,
  )
  const putFlag = db.prepare(
    `INSERT INTO flags(id, article_id, seq, made, json) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT(id) DO UPDATE SET made = excluded.made, json = excluded.json WHERE excluded.made > flags.made`,
  )
  const touchArticle = db.prepare('UPDATE flags SET seq = ? WHERE article_id = ?')
  const touchFlag = db.prepare('UPDATE flags SET seq = ? WHERE id = ?')
  const forget = db.prepare('UPDATE flags SET json = NULL, seq = ? WHERE article_id = ?')
  const forgetArticle = db.prepare(
    `INSERT INTO articles(id, deleted) VALUES (?, 1)
     ON CONFLICT(id) DO UPDATE SET deleted = 1, lead = NULL, text = NULL`,
  )
  const putDecision = db.prepare('INSERT OR IGNORE INTO decisions(id, flag_id, json) VALUES (?, ?, ?)')
  const putSubscription = db.prepare(
    `INSERT INTO subscriptions(id, version, status, json) VALUES (?, ?, ?, ?)
     ON CONFLICT(id) DO UPDATE SET version = excluded.version, status = excluded.status, json = excluded.json
     WHERE excluded.version > subscriptions.version`,
  )

  function putFinding(finding: Finding): void {
    const { id } = finding.article
    const known = article.get(id)
    const made = madeOf(finding)
    const isNewest = made > String(known?.['newest'] ?? '')
    if (known?.['deleted'] === 1) return
    if (isNewest) putArticle.run(id, made, finding.lead ?? null, finding.text ?? null)
    const head = { ...finding, flags: [], lead: undefined, text: undefined }
    let changes = 0
    for (const flag of finding.flags) {
      changes += Number(putFlag.run(flag.id, id, 0, made, JSON.stringify({ flag, finding: head })).changes)
    }
    // All flags of the article: one that the newest finding no longer has is retired now.
    if (isNewest || changes > 0) touchArticle.run(next(), id)
  }

  function decide(decision: Decision): void {
    if (decision.kind === 'delete') {
      forgetArticle.run(decision.articleId)
      forget.run(next(), decision.articleId)
    }
    if (decision.kind !== 'verdict' && decision.kind !== 'undo') return
    const { changes } = putDecision.run(decision.id, decision.flagId, JSON.stringify(decision))
    if (changes > 0) touchFlag.run(next(), decision.flagId)
  }

  return {
    putFindings: all => transact(db, () => all.forEach(putFinding)),
    putDecisions: all => transact(db, () => all.forEach(decide)),
    putSubscriptions: all =>
      transact(db, () => {
        for (const one of all) {
          // Nobody is written to any more: no reason to keep the address.
          const kept = one.status === 'deleted' ? { ...one, address: undefined } : one
          putSubscription.run(one.id, versionOf(one), one.status, JSON.stringify(kept))
        }
      }),
  }
}

/** Orders the findings of an article: by revision, then time, then id, so that no two are equal. */
function madeOf(finding: Finding): string {
  const revision = String(finding.article.revision).padStart(9, '0')
  return `${revision} ${new Date(finding.madeAt).toISOString()} ${findingsTopic.id(finding)}`
}

/** Orders the versions of a subscription; of two made in the same millisecond any order will do, if it is always the same. */
function versionOf(subscription: Subscription): string {
  return `${new Date(subscription.updatedAt).toISOString()} ${sha256(JSON.stringify(subscription))}`
}

// ---------------------------------------------------------------- how things stand

type Outlook = Pick<AlertStore, 'subscription' | 'active' | 'document' | 'changedFor' | 'correctionsFor'>

const FLAG_COLUMNS = 'flags.id, flags.made, flags.json, articles.newest, articles.lead, articles.text'

function outlook(db: DatabaseSync): Outlook {
  const subscription = db.prepare('SELECT json FROM subscriptions WHERE id = ?')
  const active = db.prepare(`SELECT json FROM subscriptions WHERE status = 'active' ORDER BY id`)
  const flag = db.prepare(
    `SELECT ${FLAG_COLUMNS} FROM flags JOIN articles ON articles.id = article_id WHERE flags.id = ?`,
  )
  const changed = db.prepare(
    `SELECT ${FLAG_COLUMNS} FROM flags JOIN articles ON articles.id = article_id
     WHERE seq > ${LOOKED_AT} AND flags.json IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM told WHERE subscription = :id AND flag = flags.id)
     ORDER BY seq, flags.id`,
  )
  const toldRows = db.prepare(
    `SELECT told.flag, told.status, flags.json IS NULL AS withdrawn FROM told JOIN flags ON flags.id = told.flag
     WHERE told.subscription = :id AND flags.seq > ${LOOKED_AT} ORDER BY told.day, told.flag`,
  )
  const decisions = db.prepare('SELECT json FROM decisions WHERE flag_id = ?')

  const documentOf = (row: Record<string, unknown>): FlagDocument | undefined => {
    if (typeof row['json'] !== 'string') return undefined
    const { flag: one, finding } = JSON.parse(row['json']) as { flag: Flag; finding: Finding }
    const made = decisions.all(one.id).map(each => JSON.parse(String(each['json'])) as Decision)
    return flagDocument(finding, one, standingOf(one.id, one.severity, made), row['made'] !== row['newest'])
  }
  const document = (id: string): FlagDocument | undefined => {
    const row = flag.get(id)
    return row && documentOf(row)
  }

  return {
    subscription(id) {
      const row = subscription.get(id)
      return row && subscriptionOf(row)
    },
    active: () => active.all().map(subscriptionOf),
    document,
    *changedFor(id) {
      for (const row of changed.iterate({ id })) {
        const found = documentOf(row)
        if (found) yield { document: found, ...textOf(row, 'lead'), ...textOf(row, 'text') }
      }
    },
    correctionsFor: id =>
      toldRows.all({ id }).flatMap(row => {
        const was = row['status'] as ToldStatus
        const standing = row['withdrawn'] === 1 ? 'withdrawn' : document(String(row['flag']))!.standing.status
        return isCorrection(was, standing) ? [{ id: String(row['flag']), was, status: standing }] : []
      }),
  }
}

/** What was told as not yet reviewed and is confirmed now was no mistake. */
function isCorrection(was: ToldStatus, now: ToldStatus): boolean {
  return was !== now && !(was === 'pending' && now === 'confirmed')
}

function subscriptionOf(row: Record<string, unknown>): Subscription {
  return JSON.parse(String(row['json'])) as Subscription
}

function textOf<K extends 'lead' | 'text'>(
  row: Record<string, unknown>,
  key: K,
): { readonly [key in K]?: string } {
  const value = row[key]
  return typeof value === 'string' ? ({ [key]: value } as { readonly [key in K]?: string }) : {}
}
