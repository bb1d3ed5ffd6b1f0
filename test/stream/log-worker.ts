/**
 * A process for the kill tests: publishes to a log, runs a stage on it, or disturbs it by checkpoints, until it is
 * killed or told to stop. Talks to its parent by lines on stdout.
 */
import { writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../core/clock.ts'
import type { Decision } from '../../core/decision.ts'
import { RetryLater } from '../../core/errors.ts'
import type { Logger } from '../../core/logger.ts'
import type { EventLog } from '../../core/ports.ts'
import { eachRecord, message } from '../../core/stage.ts'
import type { Message } from '../../core/stage.ts'
import { decisions, observations } from '../../core/topics.ts'
import { runStage } from '../../stream/run-stage.ts'
import { kafkaLog } from '../../stream/kafka-log.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'

export interface Job {
  readonly role: 'publish' | 'consume' | 'freeze' | 'disturb' | 'open'
  readonly logPath: string
  readonly sinkPath: string
  /** Beginning of the ids this publisher makes. */
  readonly prefix: string
  /** Publisher: number of the first message. */
  readonly from: number
  /** Publisher: number of messages; having published them all it publishes the last ones again and again. */
  readonly to: number
  readonly batch: number
  readonly leaseMs: number
  /** Where the log is, when it is on Kafka. */
  readonly kafka?: { readonly broker: string; readonly prefix: string }
  /** Consumer: milliseconds of work for each record. */
  readonly workMs: number
  /** Consumer: die by SIGKILL at this record, at this place. */
  readonly dieAt?: { readonly id: string; readonly place: 'after-sink' | 'after-publish' }
}

const KEYS = 5

/** Written at once: what was said is said, also when the next instruction is never reached. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_, sentence) => say(`warn ${sentence}`),
  error: (_, sentence) => say(`error ${sentence}`),
}

function decision(prefix: string, i: number): Message {
  const value: Decision = {
    v: 1,
    id: `${prefix}.${i}`,
    kind: 'delete',
    articleId: `${prefix}-key${i % KEYS}`,
    by: 'u1',
    at: '2026-07-11T08:00:00Z',
    reason: 'test',
  }
  return message(decisions, value)
}

function followUp({ id, articleId }: Decision): Message {
  const fates = { published: 0, revised: 0, unchanged: 0, duplicate: 0, refused: 0, failed: 0 }
  const common = {
    at: '2026-07-11T08:00:00Z',
    of: 'test',
    kind: 'recheck',
    outcome: 'fresh',
    seen: 0,
    fates,
  } as const
  return message(observations, {
    v: 1,
    id: `o-${id}`,
    sourceId: articleId,
    ...common,
    items: [],
    warnings: [],
  })
}

async function publish(log: EventLog, { prefix, from, to, batch }: Job, signal: AbortSignal): Promise<void> {
  for (let i = from; !signal.aborted;) {
    const end = Math.min(i + batch, to)
    try {
      await log.publish(Array.from({ length: end - i }, (_, n) => decision(prefix, i + n)))
    } catch (thrown) {
      if (!(thrown instanceof RetryLater)) throw thrown
      say(`later: ${thrown.message}`)
      await systemClock.sleep(20)
      continue
    }
    say(`acked ${end}`)
    i = end === to ? Math.max(0, to - batch) : end
    await systemClock.sleep(1)
  }
}

async function consume(log: EventLog, { sinkPath, workMs, dieAt }: Job, signal: AbortSignal): Promise<void> {
  const sink = new DatabaseSync(sinkPath, { timeout: 5_000 })
  sink.exec('PRAGMA synchronous=OFF') // Enough against SIGKILL, and the test is about the log.
  const write = sink.prepare('INSERT INTO effect(id, pid) VALUES (?, ?)')
  const die = (place: string, id: string): void => {
    if (dieAt?.place === place && dieAt.id === id) process.kill(process.pid, 'SIGKILL')
  }
  const mortal: EventLog = {
    ...log,
    publish: async messages => {
      await log.publish(messages)
      for (const { id } of messages) die('after-publish', id)
    },
  }
  await runStage(
    {
      name: 'work',
      reads: decisions,
      batchSize: 20,
      handle: eachRecord(async one => {
        if (workMs > 0) await systemClock.sleep(workMs)
        write.run(one.id, process.pid)
        die('after-sink', one.id)
        return [followUp(one)]
      }),
    },
    { log: mortal, clock: systemClock, logger, signal, onBatch: ({ handled }) => say(`handled ${handled}`) },
  )
  sink.close()
}

/** Takes a batch, holds it, and answers `dead` for all of it: an answer that must not count once the lease is lost. */
async function freeze(log: EventLog, { workMs }: Job, signal: AbortSignal): Promise<void> {
  const subscription = log.subscribe({ topic: decisions, group: 'work' }, async records => {
    say(`in hand ${records.length}`)
    await systemClock.sleep(workMs)
    say('answered')
    return records.map(() => ({ dead: 'too late', tries: 1 }))
  })
  signal.addEventListener('abort', () => void subscription.stop())
  await subscription.done
}

/** Reads and checkpoints the same file without pause, as a backup or a curious person would. */
async function disturb({ logPath }: Job, signal: AbortSignal): Promise<void> {
  const db = new DatabaseSync(logPath, { timeout: 5_000 })
  for (let i = 0; !signal.aborted; i++) {
    db.prepare('SELECT count(*), sum(length(json)) FROM log').get()
    db.exec(`PRAGMA wal_checkpoint(${['PASSIVE', 'RESTART', 'TRUNCATE'][i % 3]!})`)
    await systemClock.sleep(2)
  }
  db.close()
}

function openLog({ kafka, logPath, leaseMs }: Job): EventLog {
  if (!kafka) return sqliteLog({ path: logPath, clock: systemClock, logger, leaseMs })
  const { broker, prefix } = kafka
  const times = { sessionMs: leaseMs, heartbeatMs: leaseMs / 5, waitMs: 100 }
  return kafkaLog({ brokers: [broker], prefix, clock: systemClock, logger, ...times })
}

const job = JSON.parse(process.argv[2]!) as Job
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
if (job.role === 'disturb') {
  say('ready')
  await disturb(job, stop.signal)
} else {
  const log = openLog(job)
  say('ready')
  if (job.role === 'publish') await publish(log, job, stop.signal)
  if (job.role === 'consume') await consume(log, job, stop.signal)
  if (job.role === 'freeze') await freeze(log, job, stop.signal)
  await log.close()
}
