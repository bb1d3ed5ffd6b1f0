import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../core/clock.ts'
import { NewerVersion, RetryLater } from '../../core/errors.ts'
import { silentLogger } from '../../core/logger.ts'
import { outbox } from '../../core/outbox.ts'
import type { Outbox } from '../../core/outbox.ts'
import type { Clock, EventLog } from '../../core/ports.ts'
import { openSqlite, transact } from '../../core/sqlite.ts'
import type { Message } from '../../core/stage.ts'
import { articles, decisions } from '../../core/topics.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { keepingLogger, testClock } from '../fakes.ts'

let folder: string
let log: EventLog
let db: DatabaseSync
let box: Outbox
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opomena-outbox-'))
  log = sqliteLog({ path: join(folder, 'log.db'), clock: systemClock, logger: silentLogger })
  db = openSqlite(join(folder, 'app.db'), {
    what: 'application file',
    migrations: ['CREATE TABLE fact(n INTEGER PRIMARY KEY) STRICT'],
  })
  box = outbox(db)
})
afterEach(async () => {
  await log.close()
  db.close()
  await rm(folder, { recursive: true, force: true })
})

const some = (count: number, prefix = 'm', text = ''): Message[] =>
  Array.from({ length: count }, (_, i) => ({
    topic: articles,
    key: 'k',
    id: `${prefix}${i}`,
    json: `{"i":${i},"text":"${text}"}`,
  }))

async function published(): Promise<string[]> {
  const ids: string[] = []
  const { records } = await log.lag(articles, 'look')
  const subscription = log.subscribe({ topic: articles, group: 'look' }, async batch => {
    ids.push(...batch.map(record => record.id))
    return batch.map(() => 'done')
  })
  while (ids.length < records) await systemClock.sleep(2)
  await subscription.stop()
  return ids
}

test('messages are published in order, in batches, and then gone', async () => {
  transact(db, () => box.enqueue(some(450)))
  expect(box.pending()).toBe(450)
  const relayed: number[] = []
  for (let count = -1; count !== 0;) relayed.push((count = await box.relayOnce(log)))
  expect(relayed).toEqual([200, 200, 50, 0])
  expect(box.pending()).toBe(0)
  expect(await published()).toEqual(some(450).map(one => one.id))
})

test('large messages go in batches bounded by size', async () => {
  transact(db, () => box.enqueue(some(10, 'm', 'x'.repeat(900_000))))
  expect(await box.relayOnce(log)).toBe(5)
})

test('what was rolled back was never there', async () => {
  expect(() =>
    transact(db, () => {
      db.exec('INSERT INTO fact VALUES (1)')
      box.enqueue(some(3))
      throw new Error('changed my mind')
    }),
  ).toThrow()
  expect(box.pending()).toBe(0)
  expect(await box.relayOnce(log)).toBe(0)
})

test('a crash between publishing and removing repeats the messages, which nobody sees', async () => {
  transact(db, () => box.enqueue(some(5)))
  await log.publish(some(5))
  const reopened = outbox(db)
  expect(reopened.pending()).toBe(5)
  await reopened.relayOnce(log)
  expect(await published()).toEqual(some(5).map(one => one.id))
})

test('a message that was put in while others were published stays', async () => {
  transact(db, () => box.enqueue(some(2)))
  const busy: EventLog = {
    ...log,
    publish: async messages => {
      transact(db, () => box.enqueue(some(1, 'late')))
      await log.publish(messages)
    },
  }
  expect(await box.relayOnce(busy)).toBe(2)
  expect(box.pending()).toBe(1)
})

test('a topic that is not known here is the work of a newer version: nothing is lost', async () => {
  transact(db, () =>
    box.enqueue([{ ...some(1)[0]!, topic: { ...decisions, name: 'reports' as 'decisions' } }]),
  )
  await expect(box.relayOnce(log)).rejects.toThrow(NewerVersion)
  expect(box.pending()).toBe(1)
})

describe('the relay', () => {
  test('publishes what comes at once, and ends with the signal', async () => {
    const end = new AbortController()
    transact(db, () => box.enqueue(some(3)))
    const relaying = box.relay({ log, clock: systemClock, logger: silentLogger, signal: end.signal })
    while (box.pending() > 0) await systemClock.sleep(2)
    await systemClock.sleep(20)
    const begin = performance.now()
    transact(db, () => box.enqueue(some(3, 'second')))
    while (box.pending() > 0) await systemClock.sleep(2)
    expect(performance.now() - begin).toBeLessThan(900) // It looks by itself once a second.
    end.abort()
    await relaying
    expect(await published()).toHaveLength(6)
  })

  test('waits for a log that is not ready, longer each time, and loses nothing', async () => {
    transact(db, () => box.enqueue(some(3)))
    let refusals = 4
    const end = new AbortController()
    const down: EventLog = {
      ...log,
      publish: messages => {
        if (refusals-- > 0) return Promise.reject(new RetryLater('the disk is full'))
        end.abort()
        return log.publish(messages)
      },
    }
    const clock = testClock(undefined, { hurry: true })
    const logger = keepingLogger()
    await box.relay({ log: down, clock, logger, signal: end.signal })
    expect(clock.slept).toHaveLength(4)
    expect(clock.slept[0]).toBeGreaterThanOrEqual(1_000)
    expect(clock.slept[3]).toBeGreaterThanOrEqual(6_000)
    expect(logger.lines[0]).toMatchObject({
      level: 'warn',
      fields: { pending: 3, reason: 'the disk is full' },
    })
    expect(box.pending()).toBe(0)
    expect(await published()).toHaveLength(3)
  })

  test('waits for its own file as well, and what was published meanwhile is published once', async () => {
    transact(db, () => box.enqueue(some(3)))
    db.exec('PRAGMA busy_timeout=0')
    const other = new DatabaseSync(join(folder, 'app.db'))
    other.exec('BEGIN IMMEDIATE')
    const end = new AbortController()
    const clock = testClock(undefined, { hurry: true })
    const letGo: Clock = {
      ...clock,
      sleep: async (ms, signal) => {
        if (other.isTransaction) other.exec('ROLLBACK')
        else end.abort()
        await clock.sleep(ms, signal)
      },
    }
    await box.relay({ log, clock: letGo, logger: silentLogger, signal: end.signal })
    other.close()
    expect(box.pending()).toBe(0)
    expect(await published()).toEqual(['m0', 'm1', 'm2'])
  })

  test('ends with any other error: somebody must look', async () => {
    transact(db, () => box.enqueue(some(1)))
    const broken: EventLog = { ...log, publish: () => Promise.reject(new Error('a bug')) }
    const end = new AbortController()
    await expect(
      box.relay({ log: broken, clock: systemClock, logger: silentLogger, signal: end.signal }),
    ).rejects.toThrow('a bug')
  })
})
