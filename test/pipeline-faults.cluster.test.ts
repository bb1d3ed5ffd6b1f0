/**
 * Generated articles flow through classify and index workers that are processes, over a real Kafka and a real
 * Elasticsearch, while workers are killed in mid-batch or frozen, either server goes away, and the index is deleted and
 * rebuilt. After each fault the books must agree: nothing lost, nothing there twice, nobody told twice.
 * OPOMENA_TEST_KILLS=200 OPOMENA_TEST_AWAY_S=60 npm run test:cluster -- test/pipeline-faults takes a quarter of an hour.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reading } from '../cli/databases.ts'
import type { WorkerName } from '../cli/supervise.ts'
import type { Article } from '../core/article.ts'
import { systemClock } from '../core/clock.ts'
import type { FlagDocument } from '../core/document.ts'
import { RetryLater } from '../core/errors.ts'
import type { Finding } from '../core/finding.ts'
import { FATES } from '../core/observation.ts'
import type { Fate, Observation } from '../core/observation.ts'
import type { IndexReader } from '../core/ports.ts'
import { subscriptionQuery } from '../core/subscription-query.ts'
import { articles, findings, observations } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'
import { startElasticsearch } from './cluster/elasticsearch-server.ts'
import { archive } from './cluster/archive.ts'
import { startKafka } from './cluster/kafka-server.ts'
import { openPipeline } from './cluster/pipeline.ts'
import type { Pipeline, WorkerProcess } from './cluster/pipeline.ts'
import { freePort, stop } from './cluster/server.ts'
import { servers } from './cluster/servers.ts'
import { Chance } from './contract/index-corpus.ts'

const KILLS = Number(process.env['OPOMENA_TEST_KILLS'] ?? 12)
/** How long a server stays away. */
const AWAY_MS = Number(process.env['OPOMENA_TEST_AWAY_S'] ?? 6) * 1_000
/** Of the members of groups: a worker that was killed is missed so soon. */
const SESSION_MS = 3_000
const LONGEST_PAUSE_MS = 400
const SETTLED_MS = 240_000
const FAULT_MS = SETTLED_MS * 2 + AWAY_MS * 4
/** Service managers wait for half a minute. */
const DRAINED_MS = 25_000
const CREW: readonly WorkerName[] = ['classify', 'classify', 'index', 'index', 'alerts']

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const chance = new Chance(seed)
const { lack, ...shared } = servers()

/** Also those that did not come to work. */
const opened: Line[] = []
const closeLines = async (): Promise<void> => {
  await Promise.all(opened.splice(0).map(line => line.close()))
}

/** A pipeline with its crew, articles to feed it with, and the books. */
class Line {
  readonly #archive = archive(1_200)
  #isOver = false
  readonly crew: WorkerProcess[]
  readonly pipeline: Pipeline
  readonly reader: IndexReader

  private constructor(pipeline: Pipeline, reader: IndexReader) {
    this.pipeline = pipeline
    this.reader = reader
    this.crew = CREW.map((_, at) => this.#begin(at))
  }

  /**
   * Started again, as a service manager would, when it could not begin because a server is away, or says that its client
   * of Kafka hangs: sessions are short here. One that has begun must bear everything else.
   */
  #begin(at: number): WorkerProcess {
    const worker = this.pipeline.start(CREW[at]!)
    void worker.ended.then(() => {
      const isAsking = !worker.begun() || worker.said().includes('the worker must be started again')
      if (worker.deserted() && isAsking && !this.#isOver) this.crew[at] = this.#begin(at)
    })
    return worker
  }

  begin(at: number): void {
    this.crew[at] = this.#begin(at)
  }

  async close(): Promise<void> {
    this.#isOver = true
    await this.pipeline.close()
  }

  static async open(servers: { readonly broker: string; readonly elasticsearch: string }): Promise<Line> {
    const pipeline = await openPipeline({ ...servers, sessionMs: SESSION_MS, partitions: 4 })
    const line = new Line(pipeline, await pipeline.reader())
    opened.push(line)
    await Promise.all(line.crew.map(worker => worker.atWork))
    return line
  }

  get articles(): number {
    return this.#archive.given
  }

  feed(count: number): Promise<void> {
    return this.pipeline.feed(this.#archive.next(count))
  }

  /** Articles come in, a few at a time, until `work` is done. */
  async feedDuring<T>(work: Promise<T>, mostArticles = 1_500): Promise<T> {
    const over = new AbortController()
    const worked = work.finally(() => over.abort())
    for (let fed = 0; !over.signal.aborted && fed < mostArticles; fed += 15) {
      await this.feed(15)
      await systemClock.sleep(150, over.signal)
    }
    return worked
  }

  /** SIGKILL, and another one in its place at once. */
  async replace(at: number): Promise<void> {
    const victim = this.crew[at]!
    victim.signal('SIGKILL')
    await victim.ended
    this.begin(at)
  }

  /** Everybody has dealt with everything. */
  async settled(): Promise<void> {
    await this.until('everything is dealt with', async () =>
      (await this.pipeline.lags()).every(({ records }) => records === 0),
    )
    await this.pipeline.search.settle()
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    for (const end = Date.now() + SETTLED_MS; !(await isSo(holds));) {
      if (Date.now() > end) {
        const lags = JSON.stringify(await this.pipeline.lags().catch(String))
        const said = this.crew.map(worker => `${worker.name}: ${worker.said().slice(-2_000)}`).join('\n')
        throw new Error(`waited in vain until ${what} (seed ${String(seed)})\n${lags}\n${said}`)
      }
      await systemClock.sleep(250)
    }
  }

  async flags(): Promise<readonly FlagDocument[]> {
    const all: FlagDocument[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page = await this.reader.searchFlags(
        { query: { kind: 'all' } },
        { limit: 500, ...(cursor && { cursor }) },
      )
      all.push(...page.items)
      cursor = page.nextCursor
    }
    return all
  }

  /** Every record of a topic under its id: at least once means that one may be there twice. */
  async inLog<T>(topic: Topic<T>): Promise<readonly T[]> {
    const log = this.pipeline.kafka.open({ sessionMs: 45_000 })
    const of = topic as Topic<unknown>
    const group = `books-${topic.name}-${String(Date.now())}`
    const all = new Map<string, T>()
    const subscription = log.subscribe({ topic: of, group, batchSize: 500 }, async records => {
      for (const record of records) all.set(record.id, JSON.parse(record.json) as T)
      return records.map(() => 'done')
    })
    await this.until(`${topic.name} are read`, async () => (await log.lag(of, group)).records === 0)
    await subscription.stop()
    await log.close()
    return [...all.values()]
  }

  /** Throws when log, index and letters do not tell of the same articles and flags. */
  async checkBooks(): Promise<void> {
    await this.settled()
    const { log } = this.pipeline
    const [captured, found, seen] = await Promise.all([
      this.inLog<Article>(articles),
      this.inLog<Finding>(findings),
      this.inLog<Observation>(observations),
    ])
    checkFates(seen, this.articles)
    const ids = captured.map(article => article.id).sort()
    expect(ids, 'articles in the log').toHaveLength(this.articles)
    expect(found.map(finding => finding.article.id).sort(), 'one finding an article').toEqual(ids)
    expect(await log.dead.list(), 'set aside').toEqual([])
    const counted = await this.reader.count({ query: { kind: 'all' } })
    expect(counted.articles, 'articles in the index').toBe(this.articles)
    const flags = await this.flags()
    const expected = found.flatMap(finding => finding.flags.map(flag => flag.id)).sort()
    expect(expected.length, 'flags found').toBeGreaterThan(this.articles / 20)
    expect(flags.map(flag => flag.id).sort(), 'flags in the index').toEqual(expected)
    const places = flags.map(({ article, field, start, end }) => [article.id, field, start, end].join())
    expect(new Set(places).size, 'flags that say the same').toBe(places.length)
  }

  /** One more letter, of everything. Of earlier ones there may be none: the day was over before there was anything to tell. */
  async checkLetters(earlier: readonly string[]): Promise<void> {
    const last = await this.pipeline.subscribe()
    await this.settled()
    await this.replace(CREW.indexOf('alerts'))
    await this.until('its letter is out', () => this.pipeline.letters(last).length > 0)
    for (const id of [...earlier, last]) expect(this.pipeline.letters(id).length, id).toBeLessThanOrEqual(1)
    const query = subscriptionQuery({ query: '', threshold: 'alert', minSeverity: 1 })
    const wanted = (await this.reader.count({ query })).flags
    expect(wanted).toBeGreaterThan(0)
    const told = (): number =>
      reading(join(this.pipeline.dir, 'alerts.db'), db =>
        Number(db.prepare('SELECT count(*) AS n FROM told WHERE subscription = ?').get(last)!['n']),
      )
    await this.until('the letter is in the books', () => told() > 0)
    expect(told(), 'flags told').toBe(wanted)
  }

  deserters(): string[] {
    return this.crew.filter(worker => worker.deserted()).map(worker => `${worker.name}: ${worker.said()}`)
  }
}

/** A server that is just coming back cannot be asked yet. */
async function isSo(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds()
  } catch (thrown) {
    if (thrown instanceof RetryLater) return false
    throw thrown
  }
}

function checkFates(all: readonly Observation[], articles: number): void {
  const total = (fate: Fate): number => all.reduce((sum, { fates }) => sum + fates[fate], 0)
  for (const { seen, fates } of all) expect(FATES.reduce((sum, fate) => sum + fates[fate], 0)).toBe(seen)
  expect(total('published'), 'published').toBe(articles)
  expect([total('revised'), total('duplicate'), total('refused'), total('failed')]).toEqual([0, 0, 0, 0])
}

describe.skipIf(lack)(`workers at fault (seed ${String(seed)})`, () => {
  let line: Line

  beforeAll(async () => {
    line = await Line.open(shared)
  }, 240_000)
  afterAll(closeLines, 60_000)

  test(
    `killed ${String(KILLS)} times in mid-batch`,
    async () => {
      const subscribed: string[] = []
      let inMidBatch = 0
      for (let round = 0; round < KILLS; round++) {
        const at = round < CREW.length ? round : chance.below(CREW.length)
        const victim = line.crew[at]!
        // One in four dies while it starts, the others at work.
        if (!chance.happens(0.25)) await Promise.race([victim.atWork, systemClock.sleep(8_000)])
        if (victim.name === 'alerts') subscribed.push(await line.pipeline.subscribe())
        await line.feed(30)
        await systemClock.sleep(chance.below(LONGEST_PAUSE_MS))
        await line.replace(at)
        const left = (await line.pipeline.lags()).filter(({ group }) => group.startsWith(victim.name))
        if (left.some(({ records }) => records > 0)) inMidBatch++
      }
      await Promise.all(line.crew.map(worker => worker.atWork))
      await line.checkBooks()
      await line.checkLetters(subscribed)
      expect(inMidBatch).toBeGreaterThan(KILLS / 4)
      expect(line.deserters()).toEqual([])
    },
    FAULT_MS + KILLS * 15_000,
  )

  test(
    'frozen in mid-batch past their sessions, they wake up and do no harm',
    async () => {
      await Promise.all(line.crew.map(worker => worker.atWork))
      await line.feed(400)
      const frozen = [line.crew[0]!, line.crew[2]!]
      for (const worker of frozen) worker.signal('SIGSTOP')
      await systemClock.sleep(SESSION_MS)
      await line.settled()
      await line.feed(100)
      for (const worker of frozen) worker.signal('SIGCONT')
      await line.feed(100)
      await line.checkBooks()
      expect(line.deserters()).toEqual([])
    },
    FAULT_MS,
  )

  test(
    'asked to end in mid-batch, one after the other, as for an upgrade: each ends well and in time',
    async () => {
      await line.feedDuring(
        (async () => {
          for (const [at, worker] of [...line.crew].entries()) {
            worker.signal('SIGTERM')
            const end = await Promise.race([worker.ended, systemClock.sleep(DRAINED_MS)])
            expect([worker.name, end]).toEqual([worker.name, 0])
            line.begin(at)
            await line.crew[at]!.atWork
          }
        })(),
      )
      await line.checkBooks()
      expect(line.deserters()).toEqual([])
    },
    FAULT_MS,
  )

  test(
    'the index is rebuilt while articles come in: the workers move over to the new one',
    async () => {
      const before = await line.pipeline.search.home.current()
      const { code, said } = await line.feedDuring(line.pipeline.run('rebuild'))
      expect([code, said]).toEqual([0, expect.stringContaining('and in use')])
      await line.feed(50)
      await line.until('the workers read for the new one', async () =>
        (await line.pipeline.lags()).every(({ records }) => records === 0),
      )
      expect(await line.pipeline.search.home.current()).not.toBe(before)
      await line.checkBooks()
      expect(line.deserters()).toEqual([])
    },
    FAULT_MS,
  )

  test(
    'the index is deleted while articles come in: index workers end and say why, a rebuild brings all of it back',
    async () => {
      const { search } = line.pipeline
      await line.feed(100)
      for (const index of await indicesOf(line)) await search.ask('DELETE', index)
      const indexers = line.crew.filter(worker => worker.name === 'index')
      const codes = await line.feedDuring(Promise.all(indexers.map(worker => worker.ended)))
      expect(codes).toEqual([2, 2])
      for (const worker of indexers) expect(worker.said()).toMatch(/opomena rebuild/)
      const { code, said } = await line.feedDuring(line.pipeline.run('rebuild'))
      expect([code, said]).toEqual([0, expect.stringContaining('and in use')])
      for (const at of [2, 3]) line.begin(at)
      await Promise.all(line.crew.map(worker => worker.atWork))
      await line.checkBooks()
    },
    FAULT_MS,
  )
})

/** The indices of the generation in use, but not the settings. */
async function indicesOf(line: Line): Promise<string[]> {
  const generation = (await line.pipeline.search.home.current())!
  return (await allIndices(line)).filter(name => name.includes(generation))
}

async function allIndices({ pipeline: { search } }: Line): Promise<string[]> {
  return Object.keys((await search.ask('GET', `${search.prefix}-*/_alias`)) as Record<string, unknown>)
}

describe.skipIf(lack)(`servers at fault (seed ${String(seed)})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'opomena-away-'))
  const kafka = join(folder, 'kafka')
  const elasticsearch = join(folder, 'elasticsearch')
  let ports: readonly [number, number]
  let line: Line

  const comeBack = {
    kafka: () => startKafka(kafka, ports[0]),
    elasticsearch: () => startElasticsearch(elasticsearch, ports[1]),
  }

  beforeAll(async () => {
    ports = [await freePort(), await freePort()]
    const { broker } = await comeBack.kafka()
    const { url } = await comeBack.elasticsearch()
    line = await Line.open({ broker, elasticsearch: url })
  }, 360_000)
  afterAll(async () => {
    await closeLines().catch(() => undefined) // The servers may be the ones that failed.
    await Promise.all([stop(kafka), stop(elasticsearch)])
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  async function away(...which: readonly (keyof typeof comeBack)[]): Promise<void> {
    await Promise.all(which.map(name => stop(join(folder, name))))
    await systemClock.sleep(AWAY_MS)
    for (const name of which) await comeBack[name]()
  }

  async function flapping(): Promise<void> {
    for (let times = 0; times < 3; times++) {
      await stop(kafka)
      await systemClock.sleep(chance.below(2_000))
      await comeBack.kafka()
      await systemClock.sleep(chance.below(3_000))
    }
  }

  test.each([
    ['the broker is away', () => away('kafka')],
    ['the broker comes and goes', flapping],
    ['Elasticsearch is away', () => away('elasticsearch')],
    ['both are away', () => away('kafka', 'elasticsearch')],
  ] as const)(
    '%s: the workers wait, and go on by themselves',
    async (_, fault) => {
      await line.feed(200)
      await line.feedDuring(fault())
      await line.feed(30)
      await line.checkBooks()
      expect(line.deserters()).toEqual([])
    },
    FAULT_MS,
  )

  test(
    'Elasticsearch comes back from an old snapshot: a rebuild brings what it lacks',
    async () => {
      const { search } = line.pipeline
      const indices = `${search.prefix}-*`
      await search.ask('PUT', '_snapshot/old', { type: 'fs', settings: { location: 'old' } })
      await search.ask('PUT', '_snapshot/old/one?wait_for_completion=true', { indices })
      await line.feed(100)
      await line.settled()
      const indexers = [2, 3]
      for (const at of indexers) line.crew[at]!.signal('SIGTERM')
      await Promise.all(indexers.map(at => line.crew[at]!.ended))
      for (const index of await allIndices(line)) await search.ask('DELETE', index)
      await search.ask('POST', '_snapshot/old/one/_restore?wait_for_completion=true', { indices })
      for (const at of indexers) line.begin(at)
      await search.settle()
      expect((await line.reader.count({ query: { kind: 'all' } })).articles).toBe(line.articles - 100)
      const { code, said } = await line.feedDuring(line.pipeline.run('rebuild'))
      expect([code, said]).toEqual([0, expect.stringContaining('and in use')])
      await line.checkBooks()
      expect(line.deserters()).toEqual([])
    },
    FAULT_MS,
  )

  test(
    'and every subscription has its letter, once',
    async () => {
      await line.checkLetters([])
    },
    FAULT_MS,
  )
})
