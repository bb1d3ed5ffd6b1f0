/**
 * The pipeline of a cluster for tests and benchmarks: generated articles go in by the import, workers are processes that
 * can be killed and frozen, and what became of every article can be looked up in log, index and letters.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WorkerName } from '../../cli/supervise.ts'
import { systemClock } from '../../core/clock.ts'
import { RetryLater } from '../../core/errors.ts'
import { hashId } from '../../core/hash.ts'
import { silentLogger } from '../../core/logger.ts'
import type { EventLog, IndexReader } from '../../core/ports.ts'
import { message } from '../../core/stage.ts'
import type { Subscription } from '../../core/subscription.ts'
import { articles, decisions, findings, observations, subscriptions } from '../../core/topics.ts'
import type { Topic } from '../../core/topics.ts'
import { groupOf } from '../../index/index-home.ts'
import { importArchive } from '../../ingest/import-archive.ts'
import { openIngestStore } from '../../ingest/ingest-store.ts'
import { sqliteEvidenceStore } from '../../ingest/sqlite-evidence.ts'
import { keepWords } from '../words.ts'
import { ElasticsearchPlace } from '../index/elasticsearch-place.ts'
import { kafkaPlace } from '../stream/kafka-place.ts'
import type { KafkaPlace } from '../stream/kafka-place.ts'
import { CACHE } from './jars.ts'
import { ownName } from './servers.ts'
import type { Addresses } from './up.ts'

const PROGRAM = join(import.meta.dirname, '..', '..', 'cli', 'opomena.ts')
const CONFIG = join(import.meta.dirname, '..', '..', 'config')

/** A worker that is started again and again is compiled once. */
export const QUICK_START = { NODE_COMPILE_CACHE: join(CACHE, 'compiled') }

export interface PipelineOptions extends Addresses {
  /** How soon Kafka misses a worker; in milliseconds. */
  readonly sessionMs: number
  readonly partitions: number
  readonly env?: Readonly<Record<string, string>>
}

/** Places of a test on the two servers, and everything removed at the end. */
export interface Pipeline {
  readonly dir: string
  readonly kafka: KafkaPlace
  readonly search: ElasticsearchPlace
  readonly log: EventLog
  reader(): Promise<IndexReader>
  start(name: WorkerName, env?: Readonly<Record<string, string>>): WorkerProcess
  /** `opomena` with these words: its exit code, and what it printed on both ways. */
  run(...words: readonly string[]): Promise<{ readonly code: number | string; readonly said: string }>
  /** Imports lines of an archive; while the log is away it tries again, as an ingest worker would. */
  feed(lines: readonly string[]): Promise<void>
  /** Records that nobody has dealt with yet, by group and topic. */
  lags(): Promise<readonly Lagging[]>
  /** Publishes a subscription to everything whose first letter is due at once. */
  subscribe(): Promise<string>
  /** Letters of a subscription as files; the name of a file is its Message-ID. */
  letters(subscription: string): readonly string[]
  close(): Promise<void>
}

export interface Lagging {
  readonly group: string
  readonly topic: string
  readonly records: number
}

export async function openPipeline(options: PipelineOptions): Promise<Pipeline> {
  const dir = mkdtempSync(join(tmpdir(), 'opomena-pipeline-'))
  const kafka = await placeOn(options)
  const search = await ElasticsearchPlace.make(options.elasticsearch, ownName('line'))
  const env = environment(dir, kafka, search, options)
  const log = kafka.open()
  const evidence = sqliteEvidenceStore({ dir, clock: systemClock })
  const store = openIngestStore({ path: join(dir, 'ingest.db') })
  const workers: WorkerProcess[] = []
  const readers: IndexReader[] = []
  let subscribed = 0

  const start: Pipeline['start'] = (name, more) => {
    const worker = startWorker(name, { ...env, ...more })
    workers.push(worker)
    return worker
  }

  return {
    ...{ dir, kafka, search, log, start },
    async reader() {
      const reader = await search.reader()
      readers.push(reader)
      return reader
    },
    run: async (...words) => {
      // Nobody kills these: they need no short sessions.
      const { ended, said } = startProcess(words, { ...env, OPOMENA_CONFIG_DIR: CONFIG })
      return { code: await ended, said: said() }
    },
    async feed(lines) {
      const deps = { sources: [], evidence, store, log, clock: systemClock, logger: silentLogger }
      while (!(await happened(() => importArchive(each(lines), deps)))) await systemClock.sleep(500)
    },
    async lags() {
      const index = groupOf((await search.home.current())!)
      const reading: readonly (readonly [string, Topic<unknown>])[] = [
        ['classify', articles],
        ...[articles, findings, decisions, observations].map(
          topic => [index, topic as Topic<unknown>] as const,
        ),
        ['alerts', findings],
        ['alerts', subscriptions],
      ] as const
      return Promise.all(
        reading.map(async ([group, topic]) => ({
          group,
          topic: topic.name,
          records: (await log.lag(topic, group)).records,
        })),
      )
    },
    async subscribe() {
      const subscription = everything(`subscription-${String(++subscribed)}`)
      await log.publish([message(subscriptions, subscription)])
      return subscription.id
    },
    letters(subscription) {
      const mail = join(dir, 'mail')
      if (!existsSync(mail)) return []
      return readdirSync(mail).filter(name => name.includes(`.${subscription}.`) && name.endsWith('.eml'))
    },
    async close() {
      for (const worker of workers) worker.signal('SIGKILL')
      await Promise.all(workers.map(worker => worker.ended))
      await Promise.all(readers.map(reader => reader.close()))
      await log.close()
      await evidence.close()
      store.close()
      await search.destroy()
      await kafka.destroy()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A broker under load may not know yet what it has just made. */
async function placeOn(options: PipelineOptions, tries = 5): Promise<KafkaPlace> {
  try {
    return await kafkaPlace(options.broker, options.partitions)
  } catch (thrown) {
    if (tries === 1) throw thrown
    await systemClock.sleep(1_000)
    return placeOn(options, tries - 1)
  }
}

function environment(
  dir: string,
  kafka: KafkaPlace,
  search: ElasticsearchPlace,
  { broker, elasticsearch, sessionMs, env }: PipelineOptions,
): NodeJS.ProcessEnv {
  const config = join(dir, 'config')
  cpSync(CONFIG, config, { recursive: true })
  writeFileSync(join(config, 'settings.yml'), `stream: { kafka: { sessionMs: ${String(sessionMs)} } }\n`)
  return {
    PATH: process.env['PATH'], OPOMENA_DATA_DIR: dir, OPOMENA_CONFIG_DIR: config, OPOMENA_PORT: '0', OPOMENA_LOG_LEVEL: 'warn',
    OPOMENA_STREAM: 'kafka', OPOMENA_KAFKA_BROKERS: broker, OPOMENA_KAFKA_PREFIX: kafka.prefix, OPOMENA_INDEX: 'elasticsearch',
    OPOMENA_ELASTICSEARCH_URL: elasticsearch, OPOMENA_ELASTICSEARCH_PREFIX: search.prefix, OPOMENA_MODEL: 'off', ...QUICK_START, ...env,
  } // prettier-ignore
}

/** Whether it was done; false where it was for later. */
async function happened(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (thrown) {
    if (thrown instanceof RetryLater) return false
    throw thrown
  }
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

/** It was made two days ago: today's letter is due at once. */
function everything(id: string): Subscription {
  const made = new Date(systemClock.now().getTime() - 2 * 86_400_000).toISOString()
  return {
    v: 1, id, owner: 'ana', name: id, query: '', channel: 'email', address: 'ana@example.org', cadence: 'daily', at: '00:00',
    timeZone: 'UTC', threshold: 'alert', minSeverity: 1, language: 'en', excerpt: 'none', tokenHash: hashId(id),
    status: 'active', createdAt: made, updatedAt: made,
  } // prettier-ignore
}

// ---------------------------------------------------------------- processes

export interface WorkerProcess {
  readonly name: WorkerName
  readonly pid: number
  /** Resolves when its work has begun. */
  readonly atWork: Promise<void>
  readonly begun: () => boolean
  /** Resolves with its exit code or the signal that ended it. */
  readonly ended: Promise<number | string>
  /** Ended although nobody told it to. */
  readonly deserted: () => boolean
  signal(signal: NodeJS.Signals): void
  /** Its standard error. */
  said(): string
  /** Megabytes of memory now, by the kernel; undefined once it has ended. */
  memory(): number | undefined
  /** Seconds of a core used so far. */
  cpuSeconds(): number | undefined
}

function startWorker(name: WorkerName, env: NodeJS.ProcessEnv): WorkerProcess {
  const { child, ended, said } = startProcess(['worker', name, '--standby'], env)
  let isDismissed = false
  let hasEnded = false
  void ended.then(() => (hasEnded = true))
  const pid = child.pid!
  let hasBegun = false
  const atWork = new Promise<void>(resolve =>
    child.once('message', () => {
      hasBegun = true
      resolve()
    }),
  )
  child.send({ kind: 'begin' })
  return {
    ...{ name, pid, atWork, ended, said },
    begun: () => hasBegun,
    deserted: () => hasEnded && !isDismissed,
    signal(signal) {
      if (signal === 'SIGKILL' || signal === 'SIGTERM') isDismissed = true
      child.kill(signal)
    },
    memory: () => fromKernel(pid, 'status', text => Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / 1024),
    cpuSeconds: () => cpuSecondsOf(pid),
  }
}

/** Seconds of a core that a process has used; undefined once it has ended. */
export function cpuSecondsOf(pid: number): number | undefined {
  return fromKernel(pid, 'stat', text => {
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  })
}

function startProcess(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): { readonly child: ChildProcess; readonly ended: Promise<number | string>; readonly said: () => string } {
  // Only a worker has a channel: whoever loses it takes the parent for dead, and stops.
  const channel = words[0] === 'worker' ? (['ipc'] as const) : []
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...channel],
  })
  let text = ''
  const hear = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-100_000)
    keepWords(words.join('-'), child.pid, chunk)
  }
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear)
  child.on('error', () => undefined) // One that is killed while it starts is beyond reach.
  const ended = new Promise<number | string>(resolve =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 1)),
  )
  return { child, ended, said: () => text }
}

function fromKernel<T>(pid: number, file: string, read: (text: string) => T): T | undefined {
  try {
    return read(readFileSync(`/proc/${String(pid)}/${file}`, 'utf8'))
  } catch {
    return undefined
  }
}
