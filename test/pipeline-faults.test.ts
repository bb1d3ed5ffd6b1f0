/**
 * Pull any plug: the workers are killed again and again while the demo's articles are fetched, read, reviewed, deleted
 * and told. In the end nothing is lost, nothing is there twice, and all books agree.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { damageOf, databasesIn, reading } from '../cli/databases.ts'
import { loadOutlets } from '../cli/demo/outlets.ts'
import { startDemoServer } from '../cli/demo/server.ts'
import type { DemoServer } from '../cli/demo/server.ts'
import { WORKERS } from '../cli/supervise.ts'
import type { Article } from '../core/article.ts'
import { systemClock } from '../core/clock.ts'
import type { Decision } from '../core/decision.ts'
import type { FlagDocument } from '../core/document.ts'
import type { Finding } from '../core/finding.ts'
import { hashId } from '../core/hash.ts'
import { silentLogger } from '../core/logger.ts'
import type { Observation } from '../core/observation.ts'
import type { EventLog, IndexReader } from '../core/ports.ts'
import type { Subscription } from '../core/subscription.ts'
import { subscriptionQuery } from '../core/subscription-query.ts'
import { addDays, dayOf } from '../core/time.ts'
import { articles, decisions, findings, observations, subscriptions } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'
import { openAppStore } from '../dashboards/app-store.ts'
import type { AppStore } from '../dashboards/app-store.ts'
import { currentGeneration, fileOf, indexReaderOf, sqliteHome } from '../index/generations.ts'
import { rebuildIndex } from '../index/rebuild.ts'
import { articleId } from '../ingest/canonical-url.ts'
import { openIngestStore } from '../ingest/ingest-store.ts'
import { sqliteEvidenceStore } from '../ingest/sqlite-evidence.ts'
import { sqliteLog } from '../stream/sqlite-log.ts'
import { Chance } from './contract/index-corpus.ts'
import { fleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'
import { contentOf, holdsBytes } from './index/index-content.ts'

/** Each worker so many times, in random order, at random moments. */
const KILLS_EACH = 4
const LONGEST_PAUSE_MS = 900
/** Articles trickle in for as long as plugs are pulled. */
const HOST_GAP_MS = 250
const SETTLED_MS = 90_000

const dir = mkdtempSync(join(tmpdir(), 'opomena-faults-'))
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const chance = new Chance(seed)

let outlets: DemoServer
let workers: Fleet
let log: EventLog
let app: AppStore
let reader: IndexReader
let by: string
/** Empty until one was. */
let deletedArticle = ''
let codes: readonly (number | string)[]
const verdicts = new Map<string, string>()
const subscribed: string[] = []

beforeAll(async () => {
  outlets = await startDemoServer()
  workers = fleet({
    begin: {
      kind: 'begin',
      demo: { sources: outlets.sources, hosts: [...outlets.hosts], hostGapMs: HOST_GAP_MS },
    },
    env: { PATH: process.env['PATH'], OPOMENA_DATA_DIR: dir, OPOMENA_PORT: '0', OPOMENA_LOG_LEVEL: 'warn' },
  })
  log = sqliteLog({ path: join(dir, 'log.db'), clock: systemClock, logger: silentLogger })
  app = openAppStore({ path: join(dir, 'app.db'), clock: systemClock })
  reader = indexReaderOf(join(dir, 'index'))
  by = (await app.addUser({ name: 'ana', role: 'admin', password: 'a long enough password' })).id
  workers.startAll()
  await pullPlugs()
  await settle()
  codes = await workers.endAll()
  await readLog()
}, SETTLED_MS * 2)

afterAll(async () => {
  await workers.endAll()
  await reader.close()
  app.close()
  await log.close()
  await outlets.close()
  rmSync(dir, { recursive: true, force: true })
})

// ---------------------------------------------------------------- the run

async function pullPlugs(): Promise<void> {
  const order = chance.shuffled(WORKERS.flatMap(name => Array.from({ length: KILLS_EACH }, () => name)))
  for (const [n, name] of order.entries()) {
    // On a slow machine all might be over before anything has arrived.
    if (n === order.length / 2)
      await until('there is something to decide', async () => (await allFlags()).length > 8)
    // One in four dies while it starts, the others at work.
    if (!chance.happens(0.25)) await Promise.race([workers.atWork(name), systemClock.sleep(2_000)])
    await systemClock.sleep(chance.below(LONGEST_PAUSE_MS))
    for (let times = 0; times < 3; times++) await decide()
    if (n % 8 === 3) subscribe()
    await workers.kill(name, name === 'ingest' ? everythingIsDue : undefined)
  }
}

/** As people do meanwhile: a verdict on whatever is there, once a deletion. */
async function decide(): Promise<void> {
  const open = (await allFlags()).filter(
    flag => !verdicts.has(flag.id) && flag.article.id !== deletedArticle && !isRevised(flag),
  )
  if (open.length === 0) return
  const flag = chance.oneOf(open)
  if (verdicts.size === 3 && deletedArticle === '') {
    deletedArticle = flag.article.id
    app.decisions.deleteArticle(deletedArticle, 'to see it obeyed', by)
    return
  }
  const [made] = app.decisions.verdicts(
    [{ articleId: flag.article.id, flagId: flag.id, decision: 'confirmed' }],
    by,
  )
  verdicts.set(flag.id, made!.id)
}

/** The books of an article that is revised at some moment are harder to check. */
function isRevised({ article }: FlagDocument): boolean {
  return loadOutlets().some(outlet => outlet.articles.some(one => one.revised && one.url === article.url))
}

/** Its first letter is due at once: it was made two days ago. */
function subscribe(): string {
  const id = `subscription-${String(subscribed.length)}`
  const made = new Date(systemClock.now().getTime() - 2 * 86_400_000).toISOString()
  const subscription: Subscription = {
    v: 1, id, owner: by, name: id, query: '', channel: 'email', address: 'ana@example.org', cadence: 'daily', at: '00:00',
    timeZone: 'UTC', threshold: 'alert', minSeverity: 1, language: 'en', excerpt: 'none', tokenHash: hashId(id),
    status: 'active', createdAt: made, updatedAt: made,
  } // prettier-ignore
  app.subscriptions.save(subscription, by, 'subscription.add')
  subscribed.push(id)
  return id
}

/** Time passes: every source is to be looked at. Ingest is not running. */
function everythingIsDue(): void {
  const store = openIngestStore({ path: join(dir, 'ingest.db') })
  for (const { id } of outlets.sources) store.saveSourceState(id, { failures: 0 })
  store.close()
}

/** Lets them finish: one whole look at every source, and everybody has read everything. */
async function settle(): Promise<void> {
  await workers.kill('ingest', everythingIsDue)
  const begun = systemClock.now().toISOString()
  const store = openIngestStore({ path: join(dir, 'ingest.db') })
  await until('every source was looked at', () =>
    outlets.sources.every(({ id }) => {
      const { lastPollAt = '', lastOutcome = '' } = store.sourceState(id)
      return lastPollAt > begun && /fresh|unchanged/u.test(lastOutcome)
    }),
  )
  // Before the next look begins: what is in its outbox then, the next start would publish.
  expect(await workers.end('ingest')).toBe(0)
  while ((await store.outbox.relayOnce(log)) > 0);
  store.close()
  await until('what people decided is in the log', () => app.outbox.pending() === 0)
  await until('everything is read', async () => {
    const lags = READERS.flatMap(([group, topics]) => topics.map(topic => log.lag(topic, groupOf(group))))
    return (await Promise.all(lags)).every(({ records }) => records === 0)
  })
  // By now there is something to tell: this one gets its letter, whether or not those before came too early.
  const last = subscribe()
  await until('the subscription is known', () => app.outbox.pending() === 0)
  for (let plugs = 0; plugs < 3; plugs++) {
    await workers.atWork('alerts')
    await systemClock.sleep(chance.below(LONGEST_PAUSE_MS))
    await workers.kill('alerts')
  }
  await until('its letter is out', () => lettersOf(last).length > 0)
}

const READERS: readonly (readonly [string, readonly Topic<unknown>[]])[] = [
  ['classify', [articles]],
  ['index', [articles, findings, decisions, observations] as readonly Topic<unknown>[]],
  ['alerts', [findings, decisions, subscriptions] as readonly Topic<unknown>[]],
  ['log-deletions', [decisions]],
]

const groupOf = (name: string): string =>
  name === 'index' ? `index-${currentGeneration(join(dir, 'index'))!}` : name

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + SETTLED_MS; !(await holds());) {
    if (Date.now() > end)
      throw new Error(`waited in vain until ${what} (seed ${String(seed)})\n${workers.said().slice(-5_000)}`)
    await systemClock.sleep(200)
  }
}

/** Its letters, as files: sent again after a kill, a letter has the same id and is the same file. */
function lettersOf(subscription: string): string[] {
  const mail = join(dir, 'mail')
  if (!existsSync(mail)) return []
  return readdirSync(mail).filter(name => name.includes(`.${subscription}.`) && name.endsWith('.eml'))
}

// ---------------------------------------------------------------- the books

const inLog = {
  articles: [] as Article[],
  findings: [] as Finding[],
  decisions: [] as Decision[],
  observations: [] as Observation[],
}

async function readLog(): Promise<void> {
  const read = async <T>(topic: Topic<T>, into: T[]): Promise<void> => {
    const of = topic as Topic<unknown>
    const reading = log.subscribe({ topic: of, group: 'the-books' }, async records => {
      into.push(...records.map(record => JSON.parse(record.json) as T))
      return records.map(() => 'done')
    })
    await until(`${topic.name} are read`, async () => (await log.lag(of, 'the-books')).records === 0)
    await reading.stop()
  }
  await read(articles, inLog.articles)
  await read(findings, inLog.findings)
  await read(decisions, inLog.decisions)
  await read(observations, inLog.observations)
  await log.forget('the-books')
}

const search = {
  query: { kind: 'all' },
  from: addDays(dayOf(new Date()), -400),
  to: dayOf(new Date()),
} as const
const allFlags = async (): Promise<readonly FlagDocument[]> =>
  (await reader.searchFlags({ query: { kind: 'all' } }, { limit: 500 })).items
const revisionOf = ({ id, revision }: { id: string; revision: number }): string => `${id}.${String(revision)}`

describe(`after more than ${String(WORKERS.length * KILLS_EACH)} kills (seed ${String(seed)})`, () => {
  test('no worker had ended by itself, and all end well when they are asked to', () => {
    expect(workers.deserters).toEqual([])
    expect(codes.filter(code => code !== 0 && code !== 'SIGTERM')).toEqual([])
  })

  test('every article of every outlet is in the index, but the one that was deleted', async () => {
    const expected = loadOutlets().flatMap(outlet => outlet.articles.map(one => articleId(one.url)))
    expect(new Set(inLog.articles.map(one => one.id))).toEqual(
      new Set(expected.filter(id => id !== deletedArticle)),
    )
    expect((await reader.count(search)).articles).toBe(outlets.articles - 1)
  })

  test('each revision was published once and has exactly one finding', () => {
    const published = inLog.articles.map(revisionOf).sort()
    expect(new Set(published).size).toBe(published.length)
    expect(inLog.findings.map(finding => revisionOf(finding.article)).sort()).toEqual(published)
  })

  test('the fates add up: in each observation, and with what was published', () => {
    for (const { seen, fates } of inLog.observations)
      expect(Object.values(fates).reduce((sum, fate) => sum + fate, 0)).toBe(seen)
    const total = (fate: keyof Observation['fates']): number =>
      inLog.observations.reduce((sum, one) => sum + one.fates[fate], 0)
    expect(total('published')).toBe(inLog.articles.filter(one => one.revision === 0).length + 1)
    expect(total('revised')).toBe(inLog.articles.filter(one => one.revision > 0).length)
    expect(total('failed')).toBe(0)
  })

  test('nothing was set aside', async () => {
    expect(await log.dead.list()).toEqual([])
  })

  test('no flag is there twice, and the index is what the log makes of it', async () => {
    const flags = await allFlags()
    const places = flags.map(({ article, field, start, end, category }) =>
      [article.id, field, start, end, category].join(),
    )
    expect(flags.length).toBeGreaterThan(20)
    expect(new Set(places).size).toBe(places.length)
    const anew = await rebuildIndex({
      home: sqliteHome(join(dir, 'anew')),
      log,
      clock: systemClock,
      logger: silentLogger,
    })
    const [live, rebuilt] = [
      fileOf(join(dir, 'index'), currentGeneration(join(dir, 'index'))!),
      fileOf(join(dir, 'anew'), anew.generation),
    ].map(withoutDeleted)
    for (const table of Object.keys(live!)) expect([table, live![table]]).toEqual([table, rebuilt![table]])
  })

  test('every decision is in the log once, and counts', async () => {
    expect(verdicts.size).toBeGreaterThan(5)
    const made = [...verdicts.values()].sort()
    expect(
      inLog.decisions
        .filter(one => one.kind === 'verdict')
        .map(one => one.id)
        .sort(),
    ).toEqual(made)
    for (const flag of await allFlags())
      expect(flag.standing.status).toBe(verdicts.has(flag.id) ? 'confirmed' : 'pending')
    expect(app.audit.verify()).toEqual({ rows: app.audit.list(1)[0]!.n })
  })

  test('the letter tells what the same search finds, and no letter went out twice', async () => {
    const subscription = app.subscriptions.get(subscribed.at(-1)!)!
    const found = await reader.searchFlags({ query: subscriptionQuery(subscription) }, { limit: 500 })
    const told = reading(join(dir, 'alerts.db'), db =>
      db.prepare('SELECT flag FROM told WHERE subscription = ?').all(subscription.id),
    )
    expect(told.map(row => String(row['flag'])).sort()).toEqual(found.items.map(flag => flag.id).sort())
    for (const id of subscribed) expect(lettersOf(id).length).toBeLessThanOrEqual(1)
  })

  test('the deleted article has left the log for good, its evidence is gone, and the decision stays', async () => {
    const all = loadOutlets().flatMap(outlet => outlet.articles)
    const { words } = all.find(one => articleId(one.url) === deletedArticle)!
    const isCopied = all.filter(one => one.words.text === words.text).length > 1
    // Other outlets chose to print it as well: their articles stay.
    expect(holdsBytes(join(dir, 'log.db'), words.text.trim().slice(0, 60))).toBe(isCopied)
    expect(inLog.findings.some(one => one.article.id === deletedArticle)).toBe(false)
    expect(inLog.decisions).toContainEqual(
      expect.objectContaining({ kind: 'delete', articleId: deletedArticle }),
    )
    const store = openIngestStore({ path: join(dir, 'ingest.db') })
    expect(store.seen(deletedArticle)?.state).toBe('deleted')
    expect(store.evidenceOf(deletedArticle)).toEqual([])
    store.close()
  })

  test('the evidence of every article is there and whole, and every database is sound', async () => {
    const evidence = sqliteEvidenceStore({ dir: join(dir, 'evidence'), clock: systemClock })
    for (const article of inLog.articles) expect(await evidence.get(article.evidence.rawHash)).toBeDefined()
    for await (const fault of evidence.verify()) expect(fault).toBeUndefined()
    await evidence.close()
    for (const file of databasesIn(dir))
      expect([file, reading(join(dir, file), db => damageOf(db, 'integrity_check'))]).toEqual([file, []])
  })
})

/** All but the deleted article, of which a log that has erased it knows the decision alone, and what is no content. */
function withoutDeleted(path: string): Record<string, readonly object[]> {
  const tables = Object.entries(contentOf(path)).filter(([table]) => !['strays', 'settings'].includes(table))
  return Object.fromEntries(
    tables.map(([table, rows]) => [table, rows.filter(row => !JSON.stringify(row).includes(deletedArticle))]),
  )
}
