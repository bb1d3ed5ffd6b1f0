/**
 * The whole demo over a real Kafka and a real Elasticsearch, with two workers each for classify and index, which are
 * killed at random moments like the others. In the end nothing is lost, nothing is there twice, and all books agree.
 * KILLS=200 npm run test:cluster -- test/pipeline.cluster pulls more plugs.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reading } from '../cli/databases.ts'
import { loadOutlets } from '../cli/demo/outlets.ts'
import { startDemoServer } from '../cli/demo/server.ts'
import type { DemoServer } from '../cli/demo/server.ts'
import { WORKERS } from '../cli/supervise.ts'
import type { WorkerName } from '../cli/supervise.ts'
import type { Article } from '../core/article.ts'
import { systemClock } from '../core/clock.ts'
import type { Decision } from '../core/decision.ts'
import type { FlagDocument } from '../core/document.ts'
import type { Finding } from '../core/finding.ts'
import { hashId } from '../core/hash.ts'
import { FATES } from '../core/observation.ts'
import type { Observation } from '../core/observation.ts'
import type { EventLog, IndexReader } from '../core/ports.ts'
import { subscriptionQuery } from '../core/subscription-query.ts'
import type { Subscription } from '../core/subscription.ts'
import { addDays, dayOf } from '../core/time.ts'
import { articles, decisions, findings, observations, subscriptions } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'
import { openAppStore } from '../dashboards/app-store.ts'
import type { AppStore } from '../dashboards/app-store.ts'
import { groupOf } from '../index/index-home.ts'
import { articleId } from '../ingest/canonical-url.ts'
import { openIngestStore } from '../ingest/ingest-store.ts'
import { patience } from './cluster/patience.ts'
import { QUICK_START } from './cluster/pipeline.ts'
import { ownName, servers } from './cluster/servers.ts'
import { Chance } from './contract/index-corpus.ts'
import { fleet } from './fleet.ts'
import type { Fleet } from './fleet.ts'
import { ElasticsearchPlace } from './index/elasticsearch-place.ts'
import { kafkaPlace } from './stream/kafka-place.ts'
import type { KafkaPlace } from './stream/kafka-place.ts'

const { broker, elasticsearch, lack } = servers()

const KILLS = Number(process.env['KILLS'] ?? 20)
/** Kafka misses a worker that was killed so soon, and gives its seat to the next one. */
const SESSION_MS = 5_000
const LONGEST_PAUSE_MS = 1_500
/** Articles trickle in for as long as plugs are pulled. */
const HOST_GAP_MS = 250
const EACH_MS = 120_000
const LOOKED_AT_MS = 60_000
/** A kill takes some seconds: of starting again, and of Kafka noticing. Past that it is said what was waited for. */
const RUN_MS = 480_000 + KILLS * 10_000

const dir = mkdtempSync(join(tmpdir(), 'opomena-cluster-'))
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const chance = new Chance(seed)

let outlets: DemoServer
let kafka: KafkaPlace
let search: ElasticsearchPlace
/** The second one has another classify and another index. */
let workers: readonly [Fleet, Fleet]
let log: EventLog
let app: AppStore
let reader: IndexReader
let by: string
let deletedArticle = ''
let codes: readonly (number | string)[]
const verdicts = new Map<string, string>()

beforeAll(async () => {
  if (lack) return
  outlets = await startDemoServer()
  kafka = await kafkaPlace(broker, 4)
  search = await ElasticsearchPlace.make(elasticsearch, ownName('pipeline'))
  const env = environment()
  const demo = { sources: outlets.sources, hosts: [...outlets.hosts], hostGapMs: HOST_GAP_MS }
  workers = [
    fleet({ begin: { kind: 'begin', demo }, env, standby: true }),
    fleet({ begin: { kind: 'begin', demo }, env, names: ['classify', 'index'] }),
  ]
  log = kafka.open()
  app = openAppStore({ path: join(dir, 'app.db'), clock: systemClock })
  by = (await app.addUser({ name: 'ana', role: 'admin', password: 'a long enough password' })).id
  for (const some of workers) some.startAll()
  reader = await search.reader()
  await pullPlugs()
  await settle()
  codes = (await waiting.for('all have ended', Promise.all(workers.map(some => some.endAll())))).flat()
  await readLog()
  await search.settle()
}, RUN_MS + EACH_MS)

afterAll(async () => {
  if (lack) return
  await Promise.all(workers.map(some => some.endAll()))
  await reader.close()
  await log.close()
  app.close()
  await search.destroy()
  await kafka.destroy()
  await outlets.close()
  rmSync(dir, { recursive: true, force: true })
}, 60_000)

function environment(): NodeJS.ProcessEnv {
  const config = join(dir, 'config')
  cpSync(join(import.meta.dirname, '..', 'config'), config, { recursive: true })
  writeFileSync(join(config, 'settings.yml'), `stream: { kafka: { sessionMs: ${String(SESSION_MS)} } }\n`)
  return {
    PATH: process.env['PATH'], OPOMENA_DATA_DIR: dir, OPOMENA_CONFIG_DIR: config, OPOMENA_PORT: '0', OPOMENA_LOG_LEVEL: 'warn',
    OPOMENA_STREAM: 'kafka', OPOMENA_KAFKA_BROKERS: broker, OPOMENA_KAFKA_PREFIX: kafka.prefix, OPOMENA_INDEX: 'elasticsearch',
    OPOMENA_ELASTICSEARCH_URL: elasticsearch, OPOMENA_ELASTICSEARCH_PREFIX: search.prefix, OPOMENA_MODEL: 'off', ...QUICK_START,
  } // prettier-ignore
}

// ---------------------------------------------------------------- the run

async function pullPlugs(): Promise<void> {
  const all: readonly (readonly [Fleet, WorkerName])[] = [
    ...WORKERS.map(name => [workers[0], name] as const),
    ...(['classify', 'index'] as const).map(name => [workers[1], name] as const),
  ]
  await waiting.for('all are at work', Promise.all(all.map(([some, name]) => some.atWork(name))))
  for (let n = 0; n < KILLS; n++) {
    if (n === Math.floor(KILLS / 3))
      await waiting.until('there is something to decide', async () => (await allFlags()).length > 8)
    const [some, name] = n < all.length ? all[n]! : chance.oneOf(all)
    // One in four dies while it starts, the others at work.
    if (!chance.happens(0.25)) await waiting.for(`${name} is at work`, some.atWork(name))
    await systemClock.sleep(chance.below(LONGEST_PAUSE_MS))
    for (let times = 0; times < 2; times++) await decide()
    await some.kill(name, name === 'ingest' ? everythingIsDue : undefined)
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

/** Time passes: every source is to be looked at. Ingest is not running. */
function everythingIsDue(): void {
  const store = openIngestStore({ path: join(dir, 'ingest.db') })
  for (const { id } of outlets.sources) store.saveSourceState(id, { failures: 0 })
  store.close()
}

/** One whole look at every source. Where one fails, because this machine is too busy to answer itself, they are due again. */
async function lookAtEverySource(): Promise<void> {
  const store = openIngestStore({ path: join(dir, 'ingest.db') })
  for (let isDone = false; !isDone;) {
    await workers[0].kill('ingest', everythingIsDue)
    const begun = systemClock.now()
    const isLookedAt = (): boolean =>
      outlets.sources.every(({ id }) => {
        const { lastPollAt = '', lastOutcome = '' } = store.sourceState(id)
        return lastPollAt > begun.toISOString() && /fresh|unchanged/u.test(lastOutcome)
      })
    const isLate = (): boolean => systemClock.now().getTime() - begun.getTime() > LOOKED_AT_MS
    await waiting.until('every source was looked at', () => isLookedAt() || isLate())
    isDone = isLookedAt()
  }
  store.close()
}

/** Lets them finish: everything is taken in, everybody has read everything, and a letter is out. */
async function settle(): Promise<void> {
  await lookAtEverySource()
  const store = openIngestStore({ path: join(dir, 'ingest.db') })
  expect(await workers[0].end('ingest')).toBe(0)
  while ((await store.outbox.relayOnce(log)) > 0);
  store.close()
  await waiting.until('enough is decided', async () => {
    await decide()
    return deletedArticle !== '' && verdicts.size >= 5
  })
  await waiting.until('what people decided is in the log', () => app.outbox.pending() === 0)
  await waiting.until('everything is read', async () => (await lags()).every(({ records }) => records === 0))
  subscribe()
  await waiting.until('the subscription is known', () => app.outbox.pending() === 0)
  await workers[0].kill('alerts')
  await waiting.until('its letter is out', () => letters().length > 0)
}

async function lags(): Promise<
  { readonly group: string; readonly topic: string; readonly records: number }[]
> {
  const index = groupOf((await search.home.current())!)
  const readers: readonly (readonly [string, Topic<unknown>])[] = [
    ['classify', articles],
    ...[articles, findings, decisions, observations].map(topic => [index, topic as Topic<unknown>] as const),
    ...[findings, decisions, subscriptions].map(topic => ['alerts', topic as Topic<unknown>] as const),
    ['log-deletions', decisions],
  ] as const
  return Promise.all(
    readers.map(async ([group, topic]) => ({
      group,
      topic: topic.name,
      records: (await log.lag(topic, group)).records,
    })),
  )
}

const SUBSCRIPTION = 'subscription-1'

/** Its first letter is due at once: it was made two days ago. */
function subscribe(): void {
  const made = new Date(systemClock.now().getTime() - 2 * 86_400_000).toISOString()
  const subscription: Subscription = {
    v: 1, id: SUBSCRIPTION, owner: by, name: 'all', query: '', channel: 'email', address: 'ana@example.org', cadence: 'daily',
    at: '00:00', timeZone: 'UTC', threshold: 'alert', minSeverity: 1, language: 'en', excerpt: 'none', tokenHash: hashId('t'),
    status: 'active', createdAt: made, updatedAt: made,
  } // prettier-ignore
  app.subscriptions.save(subscription, by, 'subscription.add')
}

/** As files: sent again after a kill, a letter has the same id and is the same file. */
function letters(): string[] {
  const mail = join(dir, 'mail')
  return existsSync(mail) ? readdirSync(mail).filter(name => name.endsWith('.eml')) : []
}

const waiting = patience({ eachMs: EACH_MS, allMs: RUN_MS, standing })

/** How things stand, for whoever wants to know why a wait was in vain. */
async function standing(): Promise<string> {
  const waits = (await lags().catch(() => [])).map(
    ({ group, topic, records }) => `${topic} for ${group}: ${String(records)}`,
  )
  const { articles: indexed } = await reader.count({ query: { kind: 'all' } })
  return [
    `seed ${String(seed)}, ${String(indexed)} of ${String(outlets.articles)} articles in the index, ${String(verdicts.size)} verdicts, ${String(letters().length)} letters, ${String(app.outbox.pending())} in the web's outbox`,
    `waiting ${waits.join(', ')}`,
    ...workers.flatMap(some => [...some.states(), ...some.deserters, some.said().slice(-4_000)]),
  ].join('\n')
}

// ---------------------------------------------------------------- the books

/** By their ids: at least once means that a record may be in the log twice. */
const inLog = {
  articles: new Map<string, Article>(),
  findings: new Map<string, Finding>(),
  decisions: new Map<string, Decision>(),
  observations: new Map<string, Observation>(),
}

async function readLog(): Promise<void> {
  const read = async <T>(topic: Topic<T>, into: Map<string, T>): Promise<void> => {
    const of = topic as Topic<unknown>
    const subscription = log.subscribe({ topic: of, group: 'the-books' }, async records => {
      for (const record of records) into.set(record.id, JSON.parse(record.json) as T)
      return records.map(() => 'done')
    })
    await waiting.until(`${topic.name} are read`, async () => (await log.lag(of, 'the-books')).records === 0)
    await subscription.stop()
  }
  await read(articles, inLog.articles)
  await read(findings, inLog.findings)
  await read(decisions, inLog.decisions)
  await read(observations, inLog.observations)
}

const allFlags = async (): Promise<readonly FlagDocument[]> =>
  (await reader.searchFlags({ query: { kind: 'all' } }, { limit: 500 })).items
const revisionOf = ({ id, revision }: { id: string; revision: number }): string => `${id}.${String(revision)}`

describe.skipIf(lack)(
  `after ${String(KILLS)} kills over Kafka and Elasticsearch (seed ${String(seed)})`,
  () => {
    test('no worker had ended by itself, and all end well when they are asked to', () => {
      const said = workers.map(some => some.said().slice(-4_000)).join('\n')
      expect(
        workers.flatMap(some => some.deserters),
        said,
      ).toEqual([])
      expect(codes.filter(code => code !== 0 && code !== 'SIGTERM')).toEqual([])
    })

    test('every article of every outlet is in the index, but the one that was deleted', async () => {
      const expected = loadOutlets().flatMap(outlet => outlet.articles.map(one => articleId(one.url)))
      expect(new Set([...inLog.articles.values()].map(one => one.id))).toEqual(
        new Set(expected.filter(id => id !== deletedArticle)),
      )
      const today = dayOf(new Date())
      const counted = await reader.count({ query: { kind: 'all' }, from: addDays(today, -400), to: today })
      expect(counted.articles).toBe(outlets.articles - 1)
    })

    test('each revision has exactly one finding', () => {
      const published = [...inLog.articles.values()].map(revisionOf).sort()
      expect([...inLog.findings.values()].map(finding => revisionOf(finding.article)).sort()).toEqual(
        published,
      )
    })

    test('the fates add up: in each observation, and with what was published', () => {
      const all = [...inLog.observations.values()]
      for (const { seen, fates } of all)
        expect(Object.values(fates).reduce((sum, fate) => sum + fate, 0)).toBe(seen)
      const total = (fate: keyof Observation['fates']): number =>
        all.reduce((sum, one) => sum + one.fates[fate], 0)
      const kept = [...inLog.articles.values()]
      expect(total('published')).toBe(kept.filter(one => one.revision === 0).length + 1)
      expect(total('revised')).toBe(kept.filter(one => one.revision > 0).length)
      expect(total('failed')).toBe(0)
      const seen = all.reduce((sum, one) => sum + one.seen, 0)
      const fates = FATES.reduce((sum, fate) => sum + total(fate), 0)
      console.info(`after ${String(KILLS)} kills:`, {
        seen,
        fates,
        published: total('published'),
        revised: total('revised'),
      })
    })

    test('nothing was set aside', async () => {
      expect(await log.dead.list()).toEqual([])
    })

    test('no flag is there twice, and every flag of the newest findings is there', async () => {
      const flags = await allFlags()
      const places = flags.map(({ article, field, start, end, category }) =>
        [article.id, field, start, end, category].join(),
      )
      expect(new Set(places).size).toBe(places.length)
      const newest = new Map<string, Finding>()
      for (const finding of inLog.findings.values())
        if ((newest.get(finding.article.id)?.article.revision ?? -1) < finding.article.revision)
          newest.set(finding.article.id, finding)
      const expected = [...newest.values()].flatMap(finding => finding.flags.map(flag => flag.id))
      expect(expected.length).toBeGreaterThan(20)
      expect(flags.map(flag => flag.id).sort()).toEqual(expected.sort())
    })

    test('every decision is in the log, and counts', async () => {
      expect(verdicts.size).toBeGreaterThanOrEqual(5)
      const made = [...verdicts.values()].sort()
      const kept = [...inLog.decisions.values()].filter(one => one.kind === 'verdict').map(one => one.id)
      expect(kept.sort()).toEqual(made)
      for (const flag of await allFlags())
        expect(flag.standing.status).toBe(verdicts.has(flag.id) ? 'confirmed' : 'pending')
      expect(app.audit.verify()).toEqual({ rows: app.audit.list(1)[0]!.n })
    })

    test('one letter went out, and tells what the same search finds', async () => {
      expect(letters()).toHaveLength(1)
      const subscription = app.subscriptions.get(SUBSCRIPTION)!
      const found = await reader.searchFlags({ query: subscriptionQuery(subscription) }, { limit: 500 })
      const told = reading(join(dir, 'alerts.db'), db =>
        db.prepare('SELECT flag FROM told WHERE subscription = ?').all(SUBSCRIPTION),
      )
      expect(told.map(row => String(row['flag'])).sort()).toEqual(found.items.map(flag => flag.id).sort())
    })

    test('the deleted article is handed over to nobody any more, its evidence is gone, and the decision stays', () => {
      expect([...inLog.findings.values()].some(one => one.article.id === deletedArticle)).toBe(false)
      expect([...inLog.decisions.values()]).toContainEqual(
        expect.objectContaining({ kind: 'delete', articleId: deletedArticle }),
      )
      const store = openIngestStore({ path: join(dir, 'ingest.db') })
      expect(store.seen(deletedArticle)?.state).toBe('deleted')
      expect(store.evidenceOf(deletedArticle)).toEqual([])
      store.close()
    })
  },
)
