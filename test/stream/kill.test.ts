/** What survives when processes on one log are killed, frozen or stopped at any moment: real processes, real signals. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import type { EventLog } from '../../core/ports.ts'
import { decisions, observations } from '../../core/topics.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import type { Job } from './log-worker.ts'
import { startWorker } from './worker-process.ts'
import type { Worker } from './worker-process.ts'

let folder: string
let job: Job
let workers: Worker[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opomena-kill-'))
  workers = []
  job = {
    role: 'consume',
    logPath: join(folder, 'log.db'),
    sinkPath: join(folder, 'sink.db'),
    prefix: 'p',
    from: 0,
    to: 100,
    batch: 20,
    leaseMs: 2_000,
    workMs: 0,
  }
  await sqliteLog({ path: job.logPath, clock: systemClock, logger: silentLogger }).close()
  withSink(sink =>
    sink.exec('PRAGMA journal_mode=WAL; CREATE TABLE effect(n INTEGER PRIMARY KEY, id TEXT, pid INT)'),
  )
})

afterEach(async () => {
  for (const { child, ended } of workers) {
    child.kill('SIGKILL')
    await ended
  }
  await rm(folder, { recursive: true, force: true })
})

/** `blocks`: files may not grow beyond so many blocks of 512 (or 1,024) bytes, as on a disk that is full. */
function start(change: Partial<Job>, blocks?: number): Worker {
  const worker = startWorker({ ...job, ...change }, blocks)
  workers.push(worker)
  return worker
}

function withSink<T>(use: (sink: DatabaseSync) => T): T {
  const sink = new DatabaseSync(job.sinkPath, { timeout: 5_000 })
  try {
    return use(sink)
  } finally {
    sink.close()
  }
}

/** Ids in the order in which the sink got them, repeats included. */
const effects = (): string[] =>
  withSink(sink =>
    sink
      .prepare('SELECT id FROM effect ORDER BY n')
      .all()
      .map(row => String(row['id'])),
  )

async function withLog<T>(use: (log: EventLog) => Promise<T>): Promise<T> {
  const log = sqliteLog({ path: job.logPath, clock: systemClock, logger: silentLogger })
  try {
    return await use(log)
  } finally {
    await log.close()
  }
}

async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; !(await holds());) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await systemClock.sleep(20)
  }
}

const allRead = (): Promise<void> =>
  withLog(log => until('everything is read', async () => (await log.lag(decisions, 'work')).records === 0))

function integrity(path: string): unknown {
  const db = new DatabaseSync(path)
  try {
    return Object.values(db.prepare('PRAGMA integrity_check').get()!)[0]
  } finally {
    db.close()
  }
}

/** Publishes from outside, so that only the worker under test can be at fault. */
async function publishAll(count: number): Promise<void> {
  const publisher = start({ role: 'publish', to: count })
  await publisher.says(`acked ${count}`)
  publisher.child.kill('SIGTERM')
  await publisher.ended
}

describe('SIGKILL', () => {
  const KILLS = 100
  const EACH = 2_000

  test(`${KILLS} times at random moments: nothing acknowledged is lost, every record is handled, no repeat shows`, async () => {
    const acked = new Map<string, number>()
    const killed = { publish: 0, consume: 0, disturb: 0 }

    /** Starts a worker again and again, and kills it: sometimes while it starts, mostly in the middle of its work. */
    async function killRepeatedly(
      role: 'publish' | 'consume' | 'disturb',
      prefix: string,
      times: number,
    ): Promise<void> {
      for (let i = 0; i < times; i++) {
        // Goes back a little: what it repeats was acknowledged before.
        const worker = start({ role, prefix, from: Math.max(0, (acked.get(prefix) ?? 0) - 30), to: EACH })
        if (Math.random() < 0.8) await worker.says('ready')
        await systemClock.sleep(Math.random() * 120)
        worker.child.kill('SIGKILL')
        await worker.ended
        killed[role]++
        for (const line of worker.lines) {
          const [word, count] = line.split(' ')
          if (word === 'acked') acked.set(prefix, Math.max(acked.get(prefix) ?? 0, Number(count)))
        }
      }
    }

    await Promise.all([
      killRepeatedly('publish', 'a', 30),
      killRepeatedly('publish', 'b', 25),
      killRepeatedly('consume', '', 35),
      killRepeatedly('disturb', '', 10),
    ])
    expect(killed.publish + killed.consume + killed.disturb).toBe(KILLS)

    const before = { ...Object.fromEntries(acked) }
    const published = await withLog(async log => (await log.lag(decisions, 'nobody')).records)
    expect(published).toBeGreaterThanOrEqual((before['a'] ?? 0) + (before['b'] ?? 0))

    const consumer = start({ role: 'consume' })
    await consumer.says('ready')
    await allRead()
    consumer.child.kill('SIGTERM')
    expect(await consumer.ended).toEqual({ code: 0, signal: null })

    const seen = effects()
    const distinct = new Set(seen)
    for (const [prefix, count] of acked) {
      const lost = Array.from({ length: count }, (_, i) => `${prefix}.${i}`).filter(id => !distinct.has(id))
      expect(lost).toEqual([])
    }
    expect(distinct.size).toBe(published)
    expect(firstOutOfOrder([...distinct])).toBeUndefined()
    const followed = await withLog(async log => (await log.lag(observations, 'nobody')).records)
    expect(followed).toBe(published)
    expect(await withLog(log => log.dead.list())).toEqual([])
    expect(integrity(job.logPath)).toBe('ok')
    expect(integrity(job.sinkPath)).toBe('ok')
  }, 90_000)

  test.each(['after-sink', 'after-publish'] as const)(
    'exactly %s: the record is handled again, and what follows from it is there once',
    async place => {
      await publishAll(60)
      const dying = start({ dieAt: { id: place === 'after-sink' ? 'p.33' : 'o-p.33', place } })
      expect(await dying.ended).toEqual({ code: null, signal: 'SIGKILL' })
      const consumer = start({})
      await allRead()
      consumer.child.kill('SIGTERM')
      await consumer.ended
      const seen = effects()
      expect(seen.filter(id => id === 'p.33')).toHaveLength(2)
      expect(new Set(seen).size).toBe(60)
      expect(await withLog(async log => (await log.lag(observations, 'nobody')).records)).toBe(60)
    },
  )

  test('of the worker that reads: the next one need not wait for the lease', async () => {
    await publishAll(40)
    const first = start({ leaseMs: 600_000, workMs: 5 })
    await first.says('handled')
    first.child.kill('SIGKILL')
    await first.ended
    start({ leaseMs: 600_000 })
    await allRead()
    expect(new Set(effects()).size).toBe(40)
  })
})

describe('a worker that froze', () => {
  test('past its lease cannot commit when it wakes: another has its records', async () => {
    await publishAll(30)
    const frozen = start({ role: 'freeze', leaseMs: 500, workMs: 1_500 })
    await frozen.says('in hand 30')
    frozen.child.kill('SIGSTOP')
    const other = start({ leaseMs: 500 })
    await allRead()
    other.child.kill('SIGTERM')
    await other.ended
    frozen.child.kill('SIGCONT')
    await frozen.says('warn another worker took over')
    await withLog(async log => {
      expect(await log.dead.list()).toEqual([])
      expect(await log.lag(decisions, 'work')).toEqual({ records: 0 })
    })
    expect(effects()).toHaveLength(30)
  })

  test('shorter than its lease goes on as if nothing had been', async () => {
    await publishAll(30)
    const frozen = start({ role: 'freeze', leaseMs: 60_000, workMs: 200 })
    await frozen.says('in hand 30')
    frozen.child.kill('SIGSTOP')
    await systemClock.sleep(400)
    frozen.child.kill('SIGCONT')
    await allRead()
    expect(await withLog(log => log.dead.list())).toHaveLength(30)
  })
})

describe('SIGTERM', () => {
  test.each([
    ['once', 1],
    ['twice', 2],
  ])('%s in mid-batch: the worker ends soon and well, nothing is handled twice', async (_, times) => {
    await publishAll(100)
    const consumer = start({ workMs: 30 })
    await consumer.says('handled')
    await systemClock.sleep(50)
    const begin = Date.now()
    for (let i = 0; i < times; i++) consumer.child.kill('SIGTERM')
    expect(await consumer.ended).toEqual({ code: 0, signal: null })
    expect(Date.now() - begin).toBeLessThan(5_000)
    const first = effects()
    expect(first.length).toBeLessThan(100)
    const next = start({})
    await allRead()
    next.child.kill('SIGTERM')
    await next.ended
    expect(effects()).toEqual(Array.from({ length: 100 }, (_, i) => `p.${i}`))
  })
})

describe('a disk that takes no more', () => {
  const BLOCKS = 2_000

  test('refuses what is published, keeps what it had, and work goes on when there is room', async () => {
    const cramped = start({ role: 'publish', to: 100_000 }, BLOCKS)
    expect(await cramped.says('later')).toMatch(/event log: the disk/)
    cramped.child.kill('SIGTERM')
    expect(await cramped.ended).toEqual({ code: 0, signal: null })
    const acked = Number(cramped.lines.findLast(line => line.startsWith('acked'))!.split(' ')[1])
    const roomy = start({ role: 'publish', from: acked, to: acked + 100 })
    await roomy.says(`acked ${acked + 100}`)
    roomy.child.kill('SIGTERM')
    await roomy.ended
    await withLog(async log => expect((await log.lag(decisions, 'nobody')).records).toBe(acked + 100))
    expect(integrity(job.logPath)).toBe('ok')
  })

  test('makes a reader wait with its answer in hand; stopped, it leaves the records to the next one', async () => {
    await publishAll(100)
    const db = new DatabaseSync(job.logPath)
    db.exec('CREATE TABLE ballast(b); INSERT INTO ballast VALUES (zeroblob(3000000))') // Now the WAL is long.
    const cramped = start({}, BLOCKS)
    await cramped.says('warn the event log cannot be written; waiting')
    cramped.child.kill('SIGTERM')
    expect(await cramped.ended).toEqual({ code: 0, signal: null })
    db.close()
    const roomy = start({})
    await allRead()
    roomy.child.kill('SIGTERM')
    await roomy.ended
    expect(new Set(effects()).size).toBe(100)
  })
})

describe('many processes', () => {
  test('open a new log at the same moment', async () => {
    const logPath = join(folder, 'new.db')
    const openers = Array.from({ length: 6 }, () => start({ role: 'open', logPath }))
    for (const opener of openers) expect(await opener.ended).toEqual({ code: 0, signal: null })
  })
})

/** The first id that came before an earlier one of its key; ids are `prefix.number`, keys go round. */
function firstOutOfOrder(ids: readonly string[]): string | undefined {
  const last = new Map<string, number>()
  return ids.find(id => {
    const [prefix, number] = id.split('.') as [string, string]
    const key = `${prefix}${Number(number) % 5}`
    const before = last.get(key) ?? -1
    last.set(key, Number(number))
    return Number(number) < before
  })
}
