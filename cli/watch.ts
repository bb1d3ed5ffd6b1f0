/** What a worker lets others see of itself: whether it is ready, and its figures. */
import { statfsSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { Clock, EventLog, Mailer } from '../core/ports.ts'
import { TOPICS } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'
import { serveHealth } from './health-server.ts'
import type { Check } from './health-server.ts'
import { measuredLog, measuredMailer } from './measured.ts'
import type { Reading } from './measured.ts'
import { metrics as newMetrics } from './metrics.ts'
import type { Metrics } from './metrics.ts'

export interface Watch {
  /** The same log, counted and timed; its readings are watched for progress until it is closed. */
  log(log: EventLog): EventLog
  mailer(mailer: Mailer): Mailer
  /** Messages that wait for the event log, asked each time that somebody looks. */
  outbox(pending: () => number): void
  /** From here on the worker does its work. */
  begun(): void
  /** From here on it does not, until it begins again. */
  rests(): void
  /** Something was thrown where nobody listens. */
  uncaught(): void
  close(): Promise<void>
}

export interface WatchOptions {
  readonly worker: string
  readonly version: string
  readonly dataDir: string
  readonly host: string
  /** Undefined: nobody watches, and nothing is measured. */
  readonly port: number | undefined
  readonly clock: Clock
  readonly logger: Logger
  /** Aborted when the worker is asked to end: it is not ready any more. */
  readonly signal: AbortSignal
}

/** Time between two looks at the lag. */
const LOOK_MS = 15_000
/** A group whose oldest record is the same for so long has stopped, whatever its process says. */
const STUCK_MS = 600_000
/** After so long without an answer of the log a worker is not ready. */
const SILENT_MS = 60_000

/** @throws ConfigError when the port cannot be had. */
export async function watchWorker(options: WatchOptions): Promise<Watch> {
  const { worker, clock, logger, signal, host, port } = options
  if (port === undefined) return unwatched
  const metrics = newMetrics()
  const closing = new AbortController()
  const progress = progressOf({ metrics, clock })
  const processEnd = processFigures(metrics, options)
  let isAtWork = false
  metrics.ask('opomena_worker_ready', 'Whether the worker is ready (1) or not (0).', { worker }, () =>
    Number(checks().every(({ ok }) => ok)),
  )
  const checks = (): readonly Check[] => [
    { name: 'at work', ok: isAtWork && !signal.aborted },
    ...progress.checks(),
  ]
  const server = await serveHealth({ host, port }, { ready: checks, metrics: () => metrics.text() })
  logger.info({ host, port: server.port }, 'health and metrics are served')

  async function look(log: EventLog, over: AbortSignal): Promise<void> {
    const isOver = (): boolean => over.aborted
    for (let looks = 0; !isOver(); looks++) {
      try {
        await progress.look(log, { letters: looks % 4 === 1 })
      } catch (thrown) {
        const reason = reasonOf(thrown)
        if (!isOver()) logger.warn({ reason }, 'the event log does not say how far behind the groups are')
      }
      await clock.sleep(LOOK_MS, over)
    }
  }

  return {
    log(log) {
      const closed = new AbortController()
      void look(log, AbortSignal.any([closing.signal, closed.signal]))
      return {
        ...measuredLog(log, { metrics, clock, onReading: progress.follow }),
        async close() {
          closed.abort()
          await log.close()
        },
      }
    },
    mailer: mailer => measuredMailer(mailer, metrics),
    outbox: pending =>
      metrics.ask('opomena_outbox_messages', 'Messages that wait for the event log.', {}, pending),
    begun: () => void (isAtWork = true),
    rests: () => void (isAtWork = false),
    uncaught: () =>
      metrics.count('opomena_uncaught_total', 'Errors that were thrown where nobody listens.', {}),
    async close() {
      if (closing.signal.aborted) return
      closing.abort()
      processEnd()
      await server.close()
    },
  }
}

const unwatched: Watch = {
  log: log => log,
  mailer: mailer => mailer,
  outbox: () => undefined,
  begun: () => undefined,
  rests: () => undefined,
  uncaught: () => undefined,
  close: async () => undefined,
}

interface Progress {
  /** Follows a reading until the function that it answers is called. */
  readonly follow: (reading: Reading) => () => void
  /** @throws what the log throws. */
  look(log: EventLog, what: { readonly letters: boolean }): Promise<void>
  checks(): readonly Check[]
}

/** Looks at how far behind each reading is: one whose oldest record does not change is stuck. */
function progressOf({ metrics, clock }: { readonly metrics: Metrics; readonly clock: Clock }): Progress {
  const readings = new Map<Reading, { oldestAt: string | undefined; since: number }>()
  const now = (): number => clock.now().getTime()
  let answeredAt = now()

  async function lookAt(log: EventLog, reading: Reading): Promise<void> {
    const labels = { ...reading }
    const topic = TOPICS.find(one => one.name === reading.topic) as Topic<unknown>
    const { records, oldestAt } = await log.lag(topic, reading.group)
    const age = oldestAt === undefined ? 0 : Math.max(0, now() - Date.parse(oldestAt)) / 1_000
    if (!readings.has(reading)) return
    if (readings.get(reading)!.oldestAt !== oldestAt) readings.set(reading, { oldestAt, since: now() })
    metrics.set('opomena_lag_records', 'Records that the group has yet to read.', labels, records)
    metrics.set('opomena_lag_seconds', 'Age of the oldest of them.', labels, age)
  }

  async function countDead(log: EventLog, group: string): Promise<void> {
    const letters = await log.dead.list(group)
    metrics.set('opomena_dead_letters', 'Records set aside for a person.', { group }, letters.length)
  }

  return {
    follow(reading) {
      readings.set(reading, { oldestAt: undefined, since: now() })
      return () => {
        readings.delete(reading)
        for (const name of ['opomena_lag_records', 'opomena_lag_seconds']) metrics.drop(name, { ...reading })
      }
    },
    async look(log, { letters }) {
      // A worker that reads nothing is to know all the same whether the log answers.
      if (readings.size === 0) await log.groups()
      for (const reading of readings.keys()) await lookAt(log, reading)
      if (letters)
        for (const group of new Set([...readings.keys()].map(one => one.group))) await countDead(log, group)
      answeredAt = now()
    },
    checks: () => [
      { name: 'event log', ok: now() - answeredAt < SILENT_MS },
      ...[...readings].map(([{ group, topic }, { oldestAt, since }]) => ({
        name: `${group} reads ${topic}`,
        ok: oldestAt === undefined || now() - since < STUCK_MS,
      })),
    ],
  }
}

/** Answers how to end the measuring. */
function processFigures(metrics: Metrics, { worker, version, dataDir }: WatchOptions): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  metrics.set('opomena_worker_info', 'The worker and its version.', { worker, version }, 1)
  const ask = (name: string, help: string, read: () => number): void => metrics.ask(name, help, {}, read)
  ask('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss())
  ask('process_cpu_seconds_total', 'Processor time of the process.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  const began = Date.now() / 1_000 - process.uptime()
  ask('process_start_time_seconds', 'When the process began, since 1970.', () => began)
  ask(
    'opomena_event_loop_delay_seconds',
    'Delay of the event loop since the last look, 99 of 100 below.',
    () => {
      const seconds = delay.percentile(99) / 1e9
      delay.reset()
      return seconds
    },
  )
  ask('opomena_disk_free_bytes', 'Room on the disk of the data directory.', () => {
    const { bavail, bsize } = statfsSync(dataDir)
    return bavail * bsize
  })
  return () => delay.disable()
}
