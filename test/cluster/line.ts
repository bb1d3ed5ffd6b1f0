/** A pipeline with its crew of worker processes, articles to feed it with, and its books, which must agree in the end. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { reading } from '../../cli/databases.ts'
import type { WorkerName } from '../../cli/supervise.ts'
import type { Article } from '../../core/article.ts'
import { systemClock } from '../../core/clock.ts'
import type { FlagDocument } from '../../core/document.ts'
import { reasonOf } from '../../core/errors.ts'
import type { Finding } from '../../core/finding.ts'
import { FATES } from '../../core/observation.ts'
import type { Fate, Observation } from '../../core/observation.ts'
import type { IndexReader } from '../../core/ports.ts'
import { subscriptionQuery } from '../../core/subscription-query.ts'
import { articles, findings, observations } from '../../core/topics.ts'
import type { Topic } from '../../core/topics.ts'
import { archive } from './archive.ts'
import { patience } from './patience.ts'
import { openPipeline } from './pipeline.ts'
import type { Pipeline, WorkerProcess } from './pipeline.ts'
import type { Addresses } from './up.ts'

export const CREW: readonly WorkerName[] = ['classify', 'classify', 'index', 'index', 'alerts']

/** Of the members of groups: a worker that was killed is missed so soon. */
export const SESSION_MS = 3_000
const EACH_MS = 120_000
const ARTICLE_CHARACTERS = 800

/** What became of all articles. */
export interface Books {
  /** Seen by ingest, by its observations, and the sum of their fates. */
  readonly seen: number
  readonly fates: number
  readonly published: number
  /** Articles in the log that have a finding. */
  readonly found: number
  /** Articles in the index. */
  readonly indexed: number
  readonly lost: number
  /** Articles and flags that are visible twice. */
  readonly duplicates: number
  readonly flags: number
}

export class Line {
  readonly #archive = archive(ARTICLE_CHARACTERS)
  readonly #patience
  #isOver = false
  readonly crew: WorkerProcess[]
  readonly pipeline: Pipeline
  readonly reader: IndexReader

  private constructor(pipeline: Pipeline, reader: IndexReader, allMs: number) {
    this.pipeline = pipeline
    this.reader = reader
    this.#patience = patience({ eachMs: EACH_MS, allMs, standing: () => this.#standing() })
    this.crew = CREW.map((_, at) => this.#begin(at))
  }

  /** With everybody at work; `allMs` is how long all that is awaited here may take. */
  static async open(servers: Addresses, { allMs, opened }: LineOptions): Promise<Line> {
    const pipeline = await openPipeline({ ...servers, sessionMs: SESSION_MS, partitions: 4 })
    const line = new Line(pipeline, await pipeline.reader(), allMs)
    opened(line)
    await line.atWork()
    return line
  }

  /** Started again, as a service manager would, when it could not begin. One that has begun must bear everything. */
  #begin(at: number): WorkerProcess {
    const worker = this.pipeline.start(CREW[at]!)
    void worker.ended.then(() => {
      if (worker.deserted() && !worker.begun() && !this.#isOver) this.crew[at] = this.#begin(at)
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

  get articles(): number {
    return this.#archive.given
  }

  // ---------------------------------------------------------------- waiting

  for<T>(what: string, work: Promise<T>): Promise<T> {
    return this.#patience.for(what, work)
  }

  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    return this.#patience.until(what, holds)
  }

  atWork(): Promise<void> {
    return this.until('everybody is at work', () => this.crew.every(worker => worker.begun()))
  }

  /** Everybody has dealt with everything. */
  async settled(): Promise<void> {
    await this.until('everything is dealt with', async () =>
      (await this.pipeline.lags()).every(({ records }) => records === 0),
    )
    await this.for('what was indexed can be found', this.pipeline.search.settle())
  }

  async #standing(): Promise<string> {
    const lags = this.pipeline
      .lags()
      .then(
        all => all.map(({ group, topic, records }) => `${topic} for ${group}: ${String(records)}`).join(', '),
        reasonOf,
      )
    const counts = this.reader.count({ query: { kind: 'all' } }).then(JSON.stringify, reasonOf)
    const workers = this.crew.map(
      worker =>
        `${worker.name} ${String(worker.pid)} ${stateOf(worker)}: ${worker.said().slice(-2_000) || 'said nothing'}`,
    )
    const load = readFileSync('/proc/loadavg', 'utf8').trim()
    return [
      `fed ${String(this.articles)}, index ${await counts}`,
      `waiting ${await lags}`,
      `load ${load}`,
      ...workers,
    ].join('\n')
  }

  // ---------------------------------------------------------------- what happens to it

  feed(count: number): Promise<void> {
    return this.for(`${String(count)} articles are taken`, this.pipeline.feed(this.#archive.next(count)))
  }

  /** Articles come in, a few at a time, until `work` is done. */
  async feedDuring<T>(work: Promise<T>, mostArticles = 250): Promise<T> {
    const over = new AbortController()
    const worked = work.finally(() => over.abort())
    worked.catch(() => undefined) // Told at the end.
    for (let fed = 0; !over.signal.aborted && fed < mostArticles; fed += 10) {
      await this.feed(10)
      await systemClock.sleep(200, over.signal)
    }
    return worked
  }

  /** SIGKILL, and another one in its place at once. */
  async replace(at: number): Promise<void> {
    const victim = this.crew[at]!
    victim.signal('SIGKILL')
    await this.for(`${victim.name} is dead`, victim.ended)
    this.begin(at)
  }

  /** `opomena` with this word does its work and says so. */
  async does(word: string, saying: string): Promise<void> {
    const { code, said } = await this.feedDuring(this.for(`opomena ${word} is done`, this.pipeline.run(word)))
    expect([code, said]).toEqual([0, expect.stringContaining(saying)])
  }

  // ---------------------------------------------------------------- the books

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
  async #inLog<T>(topic: Topic<T>): Promise<readonly T[]> {
    const log = this.pipeline.kafka.open({ sessionMs: 45_000 })
    const of = topic as Topic<unknown>
    const group = `books-${topic.name}-${String(Date.now())}`
    const all = new Map<string, T>()
    const subscription = log.subscribe({ topic: of, group, batchSize: 500 }, async records => {
      for (const record of records) all.set(record.id, JSON.parse(record.json) as T)
      return records.map(() => 'done')
    })
    await this.until(`${topic.name} are read`, async () => (await log.lag(of, group)).records === 0)
    await this.for('the reader of the books ends', subscription.stop())
    await this.for('the log of the books is closed', log.close())
    return [...all.values()]
  }

  /** What log and index tell of the articles. Throws when they do not tell of the same articles and flags. */
  async checkBooks(): Promise<Books> {
    await this.settled()
    const { log } = this.pipeline
    const [captured, found, seen] = await Promise.all([
      this.#inLog<Article>(articles),
      this.#inLog<Finding>(findings),
      this.#inLog<Observation>(observations),
    ])
    const fates = checkFates(seen, this.articles)
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
    return {
      ...fates,
      found: found.length,
      indexed: counted.articles,
      lost: this.articles - counted.articles,
      duplicates:
        found.length - new Set(found.map(one => one.article.id)).size + places.length - new Set(places).size,
      flags: flags.length,
    }
  }

  /**
   * One more letter, of everything; answers how many there are. Of earlier ones there may be none: the day was over
   * before there was anything to tell.
   */
  async checkLetters(earlier: readonly string[]): Promise<number> {
    const last = await this.pipeline.subscribe()
    await this.settled()
    await this.replace(CREW.indexOf('alerts'))
    await this.until('its letter is out', () => this.pipeline.letters(last).length > 0)
    const letters = [...earlier, last].map(id => this.pipeline.letters(id).length)
    for (const [i, count] of letters.entries())
      expect(count, `letters of subscription ${String(i)}`).toBeLessThanOrEqual(1)
    const query = subscriptionQuery({ query: '', threshold: 'alert', minSeverity: 1 })
    const wanted = (await this.reader.count({ query })).flags
    expect(wanted).toBeGreaterThan(0)
    const told = (): number =>
      reading(join(this.pipeline.dir, 'alerts.db'), db =>
        Number(db.prepare('SELECT count(*) AS n FROM told WHERE subscription = ?').get(last)!['n']),
      )
    await this.until('the letter is in the books', () => told() > 0)
    expect(told(), 'flags told').toBe(wanted)
    return letters.reduce((sum, count) => sum + count, 0)
  }

  /** Nobody ended without being told to. */
  checkCrew(): void {
    const deserters = this.crew.filter(worker => worker.deserted())
    expect(deserters.map(worker => `${worker.name}: ${worker.said()}`)).toEqual([])
  }
}

export interface LineOptions {
  readonly allMs: number
  /** Told of the line before anybody has come to work: it is to be closed in any case. */
  readonly opened: (line: Line) => void
}

function stateOf(worker: WorkerProcess): string {
  if (worker.deserted()) return 'ended by itself'
  return worker.begun() ? 'at work' : 'starting'
}

function checkFates(
  all: readonly Observation[],
  articles: number,
): Pick<Books, 'seen' | 'fates' | 'published'> {
  const total = (fate: Fate): number => all.reduce((sum, { fates }) => sum + fates[fate], 0)
  for (const { seen, fates } of all) expect(FATES.reduce((sum, fate) => sum + fates[fate], 0)).toBe(seen)
  expect(total('published'), 'published').toBe(articles)
  expect([total('revised'), total('duplicate'), total('refused'), total('failed')]).toEqual([0, 0, 0, 0])
  return {
    seen: all.reduce((sum, { seen }) => sum + seen, 0),
    fates: FATES.reduce((sum, fate) => sum + total(fate), 0),
    published: total('published'),
  }
}
