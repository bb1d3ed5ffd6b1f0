/**
 * `npm run bench:cluster`: generated articles through Kafka, classify workers, index workers and Elasticsearch, all of
 * them processes of their own on this machine. Starts its servers and ends them. `--quick` shows that it works,
 * `--backlog N` sets how many articles wait in the second part, `--model` lets the model read too.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createLogger } from '../../cli/logger.ts'
import { hearUncaught } from '../../cli/uncaught.ts'
import { askAgain } from '../../core/ask-again.ts'
import { systemClock } from '../../core/clock.ts'
import { startElasticsearch } from '../cluster/elasticsearch-server.ts'
import { archive } from '../cluster/archive.ts'
import { missing } from '../cluster/jars.ts'
import { startKafka } from '../cluster/kafka-server.ts'
import { cpuSecondsOf, openPipeline } from '../cluster/pipeline.ts'
import type { Pipeline, WorkerProcess } from '../cluster/pipeline.ts'
import { stop } from '../cluster/server.ts'
import type { Addresses } from '../cluster/up.ts'
import { figure, printTable } from './table.ts'
import type { Table } from './table.ts'

/** UTF-16 units of a text: an article of a portal. */
const CHARACTERS = 3_000
const IMPORTED_AT_ONCE = 2_000
const LOOK_MS = 250
const LAG_PAUSES_MS = [1_000, 2_000, 4_000, 8_000] as const
const SOURCE = archive(CHARACTERS)
const PARTITIONS = 8

interface Plan {
  readonly workers: readonly number[]
  readonly articles: number
  readonly backlog: number
  /** What is not done by then is not waited for. */
  readonly limitS: number
  readonly backlogLimitS: number
  readonly model: boolean
}

function planOf(): Plan {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      model: { type: 'boolean', default: false },
      backlog: { type: 'string' },
    },
  })
  const { quick, model } = values
  const backlog = Number(values.backlog ?? (quick ? 600 : 20_000))
  return {
    ...(quick ? { workers: [1, 2], articles: 300 } : { workers: [1, 2, 4], articles: model ? 800 : 4_000 }),
    limitS: quick ? 60 : 150,
    backlog,
    backlogLimitS: quick ? 60 : 600,
    model,
  }
}

// ---------------------------------------------------------------- what is there to look at

interface Crew {
  readonly classify: readonly WorkerProcess[]
  readonly index: readonly WorkerProcess[]
}

interface Sample {
  readonly seconds: number
  /** Articles that are in the index with their findings. */
  readonly done: number
  /** Seconds of a core used since the beginning, by part. */
  readonly cpu: Readonly<Record<Part, number>>
  /** The largest of each kind, in megabytes. */
  readonly memory: { readonly classify: number; readonly index: number }
}

const PARTS = ['classify', 'index', 'Kafka', 'Elasticsearch'] as const
type Part = (typeof PARTS)[number]

interface Place {
  readonly addresses: Addresses
  /** Of the two servers. */
  readonly pids: readonly [number, number]
  /** Where their data is. */
  readonly folder: string
}

async function look(
  pipeline: Pipeline,
  crew: Crew,
  { pids }: Place,
  total: number,
  began: number,
): Promise<Sample> {
  // Kafka may share out its groups just now.
  const lags = await askAgain(() => pipeline.lags(), { clock: systemClock, pausesMs: LAG_PAUSES_MS })
  const left = (group: string, topic: string): number =>
    lags.find(one => one.group.startsWith(group) && one.topic === topic)!.records
  const waiting = Math.max(
    left('classify', 'articles') + left('index-', 'findings'),
    left('index-', 'articles'),
  )
  const sum = (workers: readonly WorkerProcess[]): number =>
    workers.reduce((seconds, worker) => seconds + (worker.cpuSeconds() ?? 0), 0)
  const largest = (workers: readonly WorkerProcess[]): number =>
    Math.max(...workers.map(worker => worker.memory() ?? 0))
  return {
    seconds: (performance.now() - began) / 1_000,
    done: total - waiting,
    cpu: {
      classify: sum(crew.classify),
      index: sum(crew.index),
      Kafka: cpuSecondsOf(pids[0]) ?? 0,
      Elasticsearch: cpuSecondsOf(pids[1]) ?? 0,
    },
    memory: { classify: largest(crew.classify), index: largest(crew.index) },
  }
}

/** Looks again and again until all is done, or the time is over. */
async function watch(
  pipeline: Pipeline,
  crew: Crew,
  place: Place,
  total: number,
  limitS: number,
): Promise<Sample[]> {
  const began = performance.now()
  const samples: Sample[] = []
  for (;;) {
    const sample = await look(pipeline, crew, place, total, began)
    samples.push(sample)
    if (sample.done >= total || sample.seconds > limitS) return samples
    await systemClock.sleep(LOOK_MS)
  }
}

async function manned(pipeline: Pipeline, workers: number): Promise<Crew> {
  const some = (name: 'classify' | 'index'): WorkerProcess[] =>
    Array.from({ length: workers }, () => pipeline.start(name))
  const crew = { classify: some('classify'), index: some('index') }
  await Promise.all([...crew.classify, ...crew.index].map(begun))
  return crew
}

/** @throws Error with what it said when it ends before. */
async function begun(worker: WorkerProcess): Promise<void> {
  const early = worker.ended.then(exit => {
    throw new Error(
      `expected a ${worker.name} worker to begin, it ended with ${String(exit)}:\n${worker.said()}`,
    )
  })
  await Promise.race([worker.atWork, early])
}

/** Imports a backlog; answers articles a second. */
async function backlogOf(pipeline: Pipeline, articles: number): Promise<number> {
  const began = performance.now()
  for (let left = articles; left > 0; left -= IMPORTED_AT_ONCE)
    await pipeline.feed(SOURCE.next(Math.min(IMPORTED_AT_ONCE, left)))
  return articles / ((performance.now() - began) / 1_000)
}

/** From the first article done to the last. */
function between(samples: readonly Sample[]): { readonly first: Sample; readonly last: Sample } {
  const last = samples.at(-1)!
  const end = samples.find(sample => sample.done >= last.done)!
  return { first: samples.findLast(sample => sample.done <= 0) ?? samples[0]!, last: end }
}

// ---------------------------------------------------------------- the two parts

async function withPipeline<T>(
  { addresses }: Place,
  { model }: Plan,
  work: (pipeline: Pipeline) => Promise<T>,
): Promise<T> {
  const pipeline = await openPipeline({
    ...addresses,
    sessionMs: 45_000,
    partitions: PARTITIONS,
    ...(model && { env: { OPOMENA_MODEL: 'on' } }),
  })
  try {
    return await work(pipeline)
  } finally {
    await pipeline.close()
  }
}

async function throughput(pipeline: Pipeline, place: Place, plan: Plan): Promise<Table> {
  const rows: (string | number)[][] = []
  for (const workers of plan.workers) {
    const imported = await backlogOf(pipeline, plan.articles)
    const crew = await manned(pipeline, workers)
    const samples = await watch(pipeline, crew, place, plan.articles, plan.limitS)
    await dismissed(crew)
    const { first, last } = between(samples)
    const used = PARTS.map(part => last.cpu[part] - first.cpu[part])
    const all = used.reduce((sum, seconds) => sum + seconds, 0)
    const done = last.done - first.done
    rows.push([
      `${String(workers)} classify, ${String(workers)} index`,
      done / (last.seconds - first.seconds),
      imported,
      (all * 1_000) / done,
      ...used.map(seconds => `${((seconds / all) * 100).toFixed(0)} %`),
      last.memory.classify,
      last.memory.index,
    ])
  }
  return {
    title: `cluster: ${figure(plan.articles)} articles of 3 KB, Kafka → classify → index → Elasticsearch`,
    columns: ['workers', 'articles/s', 'imported/s', 'CPU ms each', ...PARTS, 'MB classify', 'MB index'],
    rows,
    notes: [
      `${String(cpus().length)} cores for workers, servers and this program together; model ${plan.model ? 'on' : 'off'}`,
      'articles/s: from the first that is in the index with its finding to the last; a part\'s share is of the CPU used',
      'imported/s: the import alone before that (check, evidence, outbox, Kafka); MB: the largest resident process',
    ],
  } // prettier-ignore
}

async function catchUp(pipeline: Pipeline, place: Place, plan: Plan): Promise<Table> {
  await backlogOf(pipeline, plan.backlog)
  const crew = await manned(pipeline, 2)
  const samples = await watch(pipeline, crew, place, plan.backlog, plan.backlogLimitS)
  await dismissed(crew)
  const { first, last } = between(samples)
  const done = last.done - first.done
  const seconds = last.seconds - first.seconds
  const isWhole = last.done >= plan.backlog
  return {
    title: `cluster: a backlog of ${figure(plan.backlog)} articles, 2 classify and 2 index workers`,
    columns: ['articles done', 'articles/s', 'CPU ms each', 'MB classify', 'MB index'],
    rows: tenths(samples, plan.backlog).map(([from, to]) => rowBetween(from, to)),
    notes: [
      isWhole
        ? `caught up in ${figure(seconds)} s, ${figure(done / seconds)} articles a second`
        : `stopped after ${figure(seconds)} s with ${figure(done)} done, ${figure(done / seconds)} a second`,
      `100,000 at that rate: ${figure(100_000 / (done / seconds) / 60)} minutes${plan.backlog === 100_000 && isWhole ? '' : ' (extrapolated)'}`,
      await sizes(pipeline, place),
    ],
  }
}

async function dismissed({ classify, index }: Crew): Promise<void> {
  const all = [...classify, ...index]
  for (const worker of all) worker.signal('SIGTERM')
  await Promise.all(all.map(worker => worker.ended))
}

function rowBetween(from: Sample, to: Sample): (string | number)[] {
  const done = to.done - from.done
  const cpu = PARTS.reduce((sum, part) => sum + to.cpu[part] - from.cpu[part], 0)
  const rate = done / (to.seconds - from.seconds)
  return [figure(to.done), rate, (cpu * 1_000) / done, to.memory.classify, to.memory.index]
}

/** Neighbouring samples about a tenth of the backlog apart. */
function tenths(samples: readonly Sample[], backlog: number): (readonly [Sample, Sample])[] {
  const pairs: (readonly [Sample, Sample])[] = []
  let from = samples.findLast(sample => sample.done <= 0) ?? samples[0]!
  for (const sample of samples) {
    if (sample.done - from.done < backlog / 10) continue
    pairs.push([from, sample])
    from = sample
  }
  return pairs
}

/** Bytes an article takes on the disks. */
async function sizes({ search, kafka }: Pipeline, { folder }: Place): Promise<string> {
  await search.settle()
  const articles = (await (await search.reader()).count({ query: { kind: 'all' } })).articles
  const stats = (await search.ask('GET', `${search.prefix}-*/_stats/store`)) as {
    readonly _all: { readonly primaries: { readonly store: { readonly size_in_bytes: number } } }
  }
  const inIndex = stats._all.primaries.store.size_in_bytes
  const inTopic = (topic: string): number =>
    bytesOf(join(folder, 'kafka', 'data'), `${kafka.prefix}${topic}-`)
  const [index, texts, findings] = [inIndex, inTopic('articles'), inTopic('findings')].map(bytes =>
    figure(bytes / articles / 1_024),
  )
  return `KB an article takes: Elasticsearch ${index!}, Kafka ${texts!} (articles) and ${findings!} (findings), one copy each`
}

/** Of the records in the partitions whose folders begin so. */
function bytesOf(data: string, beginning: string): number {
  let bytes = 0
  for (const partition of readdirSync(data).filter(name => name.startsWith(beginning)))
    for (const file of readdirSync(join(data, partition)).filter(name => name.endsWith('.log')))
      bytes += statSync(join(data, partition, file)).size
  return bytes
}

// ---------------------------------------------------------------- the run

async function run(plan: Plan): Promise<void> {
  const lack = missing()
  if (lack !== undefined) {
    console.log(`cluster: not measured, ${lack}`)
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'opomena-bench-cluster-'))
  const uncaught = Promise.withResolvers<never>()
  const logger = createLogger({ level: 'warn', part: 'bench' })
  const listenNoMore = hearUncaught({ logger, end: uncaught.reject })
  const own = [join(folder, 'kafka'), join(folder, 'elasticsearch')] as const
  try {
    const { broker } = await startKafka(own[0], undefined, { java: [] })
    const { url } = await startElasticsearch(own[1], undefined, { java: [] })
    const pids = own.map(one => Number(readFileSync(join(one, 'pid'), 'utf8'))) as [number, number]
    const place = { addresses: { broker, elasticsearch: url }, pids, folder }
    const measured = withPipeline(place, plan, async pipeline => {
      console.log(`${printTable(await throughput(pipeline, place, plan))}\n`)
      console.log(printTable(await catchUp(pipeline, place, plan)))
    })
    await Promise.race([measured, uncaught.promise])
  } finally {
    await Promise.all(own.map(stop))
    rmSync(folder, { recursive: true, force: true })
    listenNoMore()
  }
}

if (import.meta.main) await run(planOf())
