/** The whole web on a temporary index and record, and people who use it without a socket. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import type { Decision } from '../../core/decision.ts'
import type { FlagDocument } from '../../core/document.ts'
import type { EventLog, Evidence, IndexEntry, IndexReader, IndexWriter } from '../../core/ports.ts'
import type { AtrocityEvent, CalendarDay } from '../../core/reference.ts'
import type { Message } from '../../core/stage.ts'
import type { Subscription } from '../../core/subscription.ts'
import { webWithRoutes } from '../../dashboards/app.ts'
import { openAppStore } from '../../dashboards/app-store.ts'
import type { AppStore } from '../../dashboards/app-store.ts'
import type { WebDeps } from '../../dashboards/deps.ts'
import type { Role } from '../../dashboards/permissions.ts'
import type { DeclaredRoute, Env } from '../../dashboards/routes.ts'
import { sqliteIndexReader, sqliteIndexWriter } from '../../index/sqlite-store.ts'
import { keepingLogger, testClock } from '../fakes.ts'
import type { LogLine, TestClock } from '../fakes.ts'
import { SOURCES } from './world.ts'

export const PUBLIC_URL = 'http://127.0.0.1:8585'
export const PASSWORD = 'correct horse battery staple'

/** One account a role, named after it; and a second monitor, for second opinions. */
const PEOPLE: readonly (readonly [string, Role])[] = [
  ['viewer', 'viewer'],
  ['monitor', 'monitor'],
  ['colleague', 'monitor'],
  ['lead', 'lead'],
  ['researcher', 'researcher'],
  ['admin', 'admin'],
]

export const EVENTS: readonly AtrocityEvent[] = [
  {
    id: 'srebrenica-1995',
    name: 'Srebrenica, July 1995',
    adjudication: 'genocide',
    findings: ['A judgment'],
    note: 'A note.',
    terms: ['srebrenic*'],
  },
]
const CALENDAR: readonly CalendarDay[] = [
  { date: '07-11', name: 'Day of remembrance', countries: [], before: 3, after: 3 },
]

export interface Site {
  readonly app: Hono<Env>
  readonly declared: readonly DeclaredRoute[]
  readonly deps: WebDeps
  readonly store: AppStore
  readonly reader: IndexReader
  readonly writer: IndexWriter
  readonly clock: TestClock
  readonly lines: readonly LogLine[]
  /** The file of the record, for tests that break it from outside. */
  readonly appPath: string
  /** Somebody with the role's session, without the cost of a sign-in. */
  as(name: string): Visitor
  anonymous(): Visitor
  userId(name: string): string
  /** Publishes the outbox, and lets the index hear of the decisions. Answers the messages. */
  relay(): Promise<readonly Message[]>
  /** The first flag that meets a test. */
  flag(wanted?: (flag: FlagDocument) => boolean): Promise<FlagDocument>
  close(): Promise<void>
}

export interface Visitor {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  post(path: string, fields?: Fields, headers?: Readonly<Record<string, string>>): Promise<Answer>
}
export type Fields = Readonly<Record<string, string | readonly string[]>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly location: string | undefined
}

/** What browsers send with a form of our own page. */
export const OWN_FORM = { 'Sec-Fetch-Site': 'same-origin' } as const

export async function openSite({
  entries = [],
  ...more
}: Partial<WebDeps> & { entries?: readonly IndexEntry[] } = {}): Promise<Site> {
  const dir = await mkdtemp(join(tmpdir(), 'opomena-web-'))
  const clock = testClock('2026-07-20T10:00:00.000Z')
  const logger = keepingLogger()
  const writer = sqliteIndexWriter({ path: join(dir, 'index.db') })
  const problems = (await writer.put(entries)).filter(one => one !== undefined)
  if (problems.length > 0) throw new Error(`the world does not fit the index: ${problems[0]!.message}`)
  const reader = sqliteIndexReader({ path: join(dir, 'index.db') })
  const appPath = join(dir, 'app.db')
  const store = openAppStore({ path: appPath, clock })
  await Promise.all(PEOPLE.map(([name, role]) => store.addUser({ name, role, password: PASSWORD })))
  const deps: WebDeps = {
    reader,
    store,
    clock,
    logger,
    log: quietLog,
    evidence: { get: async rawHash => evidenceOf(rawHash) },
    publicUrl: PUBLIC_URL,
    events: EVENTS,
    calendar: CALENDAR,
    sources: SOURCES,
    renderAtom: plainAtom,
    ...more,
  }
  const { app, declared } = webWithRoutes(deps)
  const userId = (name: string): string => store.accounts.byName(name)!.id
  const visitor = (cookie?: string): Visitor => visitorOf(app, cookie)
  return {
    app,
    declared,
    deps,
    store,
    reader,
    writer,
    clock,
    lines: logger.lines,
    appPath,
    userId,
    as: name => visitor(`__Host-sid=${store.sessions.begin(userId(name), 'test')}`),
    anonymous: () => visitor(),
    async relay() {
      const messages: Message[] = []
      const log = {
        publish: async (some: readonly Message[]) => void messages.push(...some),
      } as unknown as EventLog
      while ((await store.outbox.relayOnce(log)) > 0);
      const decisions = messages.filter(({ topic }) => topic.name === 'decisions')
      await writer.put(
        decisions.map(({ json }): IndexEntry => ({
          kind: 'decision',
          decision: JSON.parse(json) as Decision,
        })),
      )
      return messages
    },
    async flag(wanted = () => true) {
      const { items } = await reader.searchFlags({ query: { kind: 'all' } }, { limit: 500 })
      const found = items.find(wanted)
      if (!found) throw new Error('no such flag in this world')
      return found
    },
    async close() {
      store.close()
      await reader.close()
      await writer.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

export const quietLog: WebDeps['log'] = {
  lag: async () => ({ records: 2, oldestAt: '2026-07-20T09:58:00.000Z' }),
  dead: { list: async () => [], redrive: async () => 0, drop: async () => 0 },
}

function visitorOf(app: Hono<Env>, cookie: string | undefined): Visitor {
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const headers = new Headers(init.headers)
    if (cookie !== undefined) headers.set('Cookie', cookie)
    const response = await app.request(`${PUBLIC_URL}${path}`, { ...init, headers })
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: response.headers.get('location') ?? undefined,
    }
  }
  return {
    get: (path, headers = {}) => ask(path, { headers }),
    post(path, fields = {}, headers = OWN_FORM) {
      const body = new URLSearchParams()
      for (const [name, value] of Object.entries(fields))
        for (const one of [value].flat()) body.append(name, one)
      return ask(path, {
        method: 'POST',
        body: body.toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      })
    },
  }
}

function plainAtom(subscription: Subscription, flags: readonly FlagDocument[], publicUrl: string): string {
  return `<feed><id>${publicUrl}/${subscription.id}</id>${flags.map(({ id }) => `<entry><id>${id}</id></entry>`).join('')}</feed>`
}

function evidenceOf(rawHash: string): Evidence {
  const at = '2026-07-19T08:00:00.000Z'
  return {
    url: 'https://example.org/',
    sourceId: 'drina-glas',
    body: new TextEncoder().encode('<script>alert(1)</script>'),
    startedAt: at,
    endedAt: at,
    status: 200,
    headers: [],
    requestHeaders: [],
    redirects: [],
    ref: { rawHash, bytes: 25 },
    storedAt: at,
  }
}

/** Text of a page without its markup, for assertions about what is read. */
export function readable(html: string): string {
  return html
    .replace(/<(script|style)[\s\S]*?<\/\1>/gu, '')
    .replace(/<[^>]+>/gu, ' ')
    .replace(/\s+/gu, ' ')
}
