/** What only the SQLite adapter can get wrong: the file, the lease, idleness, large transactions, faults of the disk. */
import { mkdtemp, open as openFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { ConfigError, RetryLater } from '../../core/errors.ts'
import { silentLogger } from '../../core/logger.ts'
import type { Clock, EventLog, Outcome } from '../../core/ports.ts'
import type { Message } from '../../core/stage.ts'
import { articles } from '../../core/topics.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import type { SqliteLogOptions } from '../../stream/sqlite-log.ts'
import { keepingLogger, testClock } from '../fakes.ts'

let folder: string
let path: string
const opened: EventLog[] = []
const databases: DatabaseSync[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opomena-sqlite-log-'))
  path = join(folder, 'log.db')
})
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close()
  for (const db of databases.splice(0)) db.close()
  await rm(folder, { recursive: true, force: true })
})

function open(options: Partial<SqliteLogOptions> = {}): EventLog {
  const log = sqliteLog({ path, clock: systemClock, logger: silentLogger, ...options })
  opened.push(log)
  return log
}

/** The file itself, as another program sees it. */
function look(): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5_000 })
  databases.push(db)
  return db
}

const some = (count: number, text = ''): Message[] =>
  Array.from({ length: count }, (_, i) => ({
    topic: articles,
    key: 'k',
    id: `r${i}`,
    json: JSON.stringify({ i, text }),
  }))

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds());) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await systemClock.sleep(5)
  }
}

const lag = async (log: EventLog): Promise<number> => (await log.lag(articles, 'g')).records

/** A handler that answers only when told to, and what it was handed. */
function held(outcome: Outcome = 'done') {
  const batches: number[] = []
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>()
  return {
    batches,
    release: () => release(undefined),
    handler: async (records: readonly unknown[]) => {
      batches.push(records.length)
      await released
      return records.map(() => outcome)
    },
  }
}

describe('the file', () => {
  test('of a newer version is refused and left alone', async () => {
    await open().close()
    look().exec('PRAGMA user_version=99')
    expect(() => open()).toThrow(ConfigError)
    expect(() => open()).toThrow(/log\.db has tables of version 99, this Opomena knows up to 2/)
    expect(look().prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 })
  })

  test('that is no database is refused and left alone', async () => {
    await writeFile(path, 'this was never a database, but it is somebody’s file\n'.repeat(100))
    expect(() => open()).toThrow(ConfigError)
    expect(() => open()).toThrow(/expected a sound database in .*log\.db/)
  })

  test('that is damaged is refused with the way out', async () => {
    const log = open()
    await log.publish(some(200, 'x'.repeat(2_000)))
    await log.close()
    const { size } = await stat(path)
    const file = await openFile(path, 'r+')
    await file.write(Buffer.alloc(8_192, 7), 0, 8_192, Math.floor(size / 2 / 8_192) * 8_192)
    await file.close()
    expect(() => open()).toThrow(ConfigError)
    expect(() => open()).toThrow(/put a backup in its place/)
  })

  test('in a folder that does not exist is refused with its path', () => {
    path = join(folder, 'nowhere', 'log.db')
    expect(() => open()).toThrow(/nowhere.log\.db cannot be opened/)
  })

  test('is in WAL mode and was flushed at every commit', async () => {
    await open().publish(some(1))
    expect(look().prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  })
})

describe('the lease', () => {
  const ahead = (ms: number): Clock => ({ ...systemClock, now: () => new Date(Date.now() + ms) })

  test('of a worker that stands still ends, another one reads, and the late answer changes nothing', async () => {
    const logger = keepingLogger()
    const slow = open({ clock: testClock(new Date().toISOString()), logger })
    const other = open({ clock: ahead(20_000), leaseMs: 15_000 })
    await slow.publish(some(10))
    const late = held({ dead: 'too late', tries: 1 })
    slow.subscribe({ topic: articles, group: 'g' }, records => late.handler(records))
    await until('the slow one has the batch', () => late.batches.length === 1)
    const seen: string[] = []
    other.subscribe({ topic: articles, group: 'g' }, async records => {
      seen.push(...records.map(record => record.id))
      return records.map(() => 'done')
    })
    await until('the other one has read', () => seen.length === 10)
    late.release()
    await until('the slow one has noticed', () => logger.lines.length > 0)
    expect(logger.lines[0]!.sentence).toMatch(/another worker took over/)
    expect(await other.dead.list()).toEqual([])
    expect(await lag(other)).toBe(0)
  })

  test('that was lost shows at the next sign of life, and the signal says so', async () => {
    const stopped = testClock(new Date().toISOString())
    const slow = open({ clock: stopped })
    await slow.publish(some(3))
    const heard: unknown[] = []
    const working = held()
    slow.subscribe({ topic: articles, group: 'g' }, async (records, context) => {
      const outcomes = await working.handler(records)
      await context.keepAlive().catch((thrown: unknown) => heard.push(thrown))
      heard.push(context.signal.aborted)
      return outcomes
    })
    await until('the batch is in hand', () => working.batches.length === 1)
    const other = open({ clock: ahead(20_000) })
    other.subscribe({ topic: articles, group: 'g' }, async records => records.map(() => 'done'))
    await until('the other one has read', async () => (await lag(other)) === 0)
    // The clock of the slow one goes on only now, and without its timers: as after a machine has slept.
    stopped.now = () => new Date(Date.now() + 20_000)
    working.release()
    await until('it was heard', () => heard.length === 2)
    expect(String(heard[0])).toMatch(/another worker has taken over/)
    expect(heard[1]).toBe(true)
  })

  test('is kept for as long as the handler works, without a word from it', async () => {
    const log = open({ leaseMs: 600 })
    const other = open({ leaseMs: 600 })
    await log.publish(some(5))
    const working = held()
    log.subscribe({ topic: articles, group: 'g' }, working.handler)
    await until('the batch is in hand', () => working.batches.length === 1)
    const standby = held()
    other.subscribe({ topic: articles, group: 'g' }, records => standby.handler(records))
    await systemClock.sleep(1_500)
    expect(standby.batches).toEqual([])
    working.release()
    await until('it is committed', async () => (await lag(log)) === 0)
  })

  test('of an idle group is given back: another worker need not wait, and an idle log is not written to', async () => {
    const log = open({ leaseMs: 200 })
    await log.publish(some(3))
    log.subscribe({ topic: articles, group: 'g' }, async records => records.map(() => 'done'))
    await until('everything is read', async () => (await lag(log)) === 0)
    const db = look()
    const version = (): unknown => db.prepare('PRAGMA data_version').get()
    await until(
      'the lease is given back',
      () => db.prepare('SELECT owner FROM cursor').get()!['owner'] === null,
    )
    const before = version()
    await systemClock.sleep(600)
    expect(version()).toEqual(before)
  })

  test('is not lost when the clock of the machine is set back', async () => {
    let shift = 0
    const log = open({ clock: { ...systemClock, now: () => new Date(Date.now() + shift) }, leaseMs: 300 })
    const subscription = log.subscribe({ topic: articles, group: 'g' }, async records =>
      records.map(() => 'done'),
    )
    await log.publish(some(2))
    await until('the first are read', async () => (await lag(log)) === 0)
    shift = -3_600_000
    await log.publish(some(4))
    await until('the rest is read', async () => (await lag(log)) === 0)
    await subscription.stop()
    await subscription.done
  })
})

describe('a large publish', () => {
  test('is split, so that no other writer waits for all of it', async () => {
    const log = open()
    const db = look()
    const sizes: number[] = []
    const publishing = log.publish(some(60, 'x'.repeat(500_000)))
    const count = db.prepare('SELECT count(*) AS n FROM log')
    let ended = false
    void publishing.finally(() => (ended = true))
    while (!(ended as boolean)) {
      sizes.push(Number(count.get()!['n']))
      await new Promise(resolve => setImmediate(resolve))
    }
    await publishing
    expect(Number(count.get()!['n'])).toBe(60)
    // Never more than 4 MB and one record at a time.
    const steps = [...sizes, 60].map((size, i) => size - (sizes[i - 1] ?? 0))
    expect(Math.max(...steps)).toBeLessThanOrEqual(9)
  })

  test('leaves a small write-ahead file behind', async () => {
    const log = open()
    for (let i = 0; i < 30; i++) {
      await log.publish(some(10, 'x'.repeat(200_000)).map(one => ({ ...one, id: `${one.id}.${i}` })))
    }
    expect((await stat(`${path}-wal`)).size).toBeLessThan(40_000_000)
  })

  test('is handed over in batches bounded by bytes as well', async () => {
    const log = open()
    await log.publish(some(30, 'x'.repeat(900_000)))
    const batches: number[] = []
    log.subscribe({ topic: articles, group: 'g' }, async records => {
      batches.push(records.length)
      return records.map(() => 'done')
    })
    await until('all are read', async () => (await lag(log)) === 0)
    expect(Math.max(...batches)).toBeLessThanOrEqual(5)
  })
})

describe('faults', () => {
  test('a file that another process holds for too long: publish says to retry later, and works later', async () => {
    const log = open()
    const holder = new Worker(
      `const { DatabaseSync } = require('node:sqlite'), { parentPort, workerData } = require('node:worker_threads')
       const db = new DatabaseSync(workerData); db.exec('BEGIN IMMEDIATE'); parentPort.postMessage('held')
       setTimeout(() => { db.exec('ROLLBACK'); db.close() }, 5600)`,
      { eval: true, workerData: path },
    )
    const gone = new Promise(resolve => holder.once('exit', resolve))
    await new Promise(resolve => holder.once('message', resolve))
    await expect(log.publish(some(1))).rejects.toThrow(RetryLater)
    await gone
    await log.publish(some(1))
    expect(await lag(log)).toBe(1)
  })

  test('dead letters that cannot be written stop the group: nothing is skipped', async () => {
    const log = open()
    await log.publish(some(3))
    look().exec(
      "CREATE TRIGGER full BEFORE INSERT ON dead BEGIN SELECT RAISE(ABORT, 'no room for the dead'); END",
    )
    const { done } = log.subscribe({ topic: articles, group: 'g' }, async records =>
      records.map((_, i) => (i === 1 ? { dead: 'bad', tries: 1 } : 'done')),
    )
    await expect(done).rejects.toThrow('no room for the dead')
    expect(await lag(log)).toBe(3)
  })
})

test('expiring says which group keeps old records from going', async () => {
  const logger = keepingLogger()
  const log = open({ logger })
  await log.publish(some(3))
  const stuck = log.subscribe({ topic: articles, group: 'forgotten' }, async records =>
    records.map(() => 'retry'),
  )
  await until('the group is known', () => look().prepare('SELECT 1 FROM cursor').all().length === 1)
  await stuck.stop()
  expect(await log.expire(new Date(Date.now() + 91 * 86_400_000))).toBe(0)
  expect(logger.lines).toEqual([
    {
      level: 'warn',
      fields: { topic: 'articles', group: 'forgotten', records: 3 },
      sentence: 'records past their time are kept for a group that has not read them',
    },
  ])
})
