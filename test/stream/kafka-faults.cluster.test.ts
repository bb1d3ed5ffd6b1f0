/** What survives on a real Kafka when workers freeze, groups move, brokers go and records are bad. Each with its sums. */
import { createRequire } from 'node:module'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { ConfigError, NewerVersion, Quarantine, RetryLater } from '../../core/errors.ts'
import { silentLogger } from '../../core/logger.ts'
import type { EventLog, LogRecord, LogSubscription, Outcome } from '../../core/ports.ts'
import type { Message } from '../../core/stage.ts'
import { eachRecord } from '../../core/stage.ts'
import { articles, decisions, observations } from '../../core/topics.ts'
import type { Topic } from '../../core/topics.ts'
import { kafkaClient, TOPIC_RESOURCE } from '../../stream/kafka-client.ts'
import { runStage } from '../../stream/run-stage.ts'
import { startKafka } from '../cluster/kafka-server.ts'
import { freePort, stop as stopServer } from '../cluster/server.ts'
import { servers } from '../cluster/servers.ts'
import { keepingLogger } from '../fakes.ts'
import { kafkaPlace } from './kafka-place.ts'
import type { KafkaPlace } from './kafka-place.ts'
import { kafkaProxy } from './kafka-proxy.ts'
import type { KafkaProxy } from './kafka-proxy.ts'
import type { Job } from './log-worker.ts'
import { startWorker } from './worker-process.ts'
import type { Worker } from './worker-process.ts'

const { broker, lack } = servers()
const topic = articles as Topic<unknown>
const of = decisions as Topic<unknown>
const KEYS = 5

function message(id: string, key: string, body: unknown = {}): Message {
  return { topic, key, id, json: JSON.stringify({ v: 1, body }) }
}

/** Ids end in a number, and each key has every fifth. */
function many(prefix: string, count: number): Message[] {
  return Array.from({ length: count }, (_, i) => message(`${prefix}.${i}`, `key${i % KEYS}`, { i }))
}

const yes = (): boolean => true
const no = (): boolean => false
const idsOf = (some: readonly { readonly id: string }[]): string[] => some.map(one => one.id)

async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 40_000): Promise<void> {
  for (const end = Date.now() + ms; !(await holds());) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await systemClock.sleep(30)
  }
}

interface Reader {
  /** In the order in which they were done. */
  readonly done: LogRecord[]
  readonly subscription: LogSubscription
}

/** A group's worker that needs a while for each record. */
function read(
  log: EventLog,
  {
    group = 'g',
    workMs = 0,
    batchSize = 20,
    answer = () => 'done',
  }: {
    group?: string
    workMs?: number
    batchSize?: number
    answer?: (one: LogRecord) => Outcome
  } = {},
): Reader {
  const done: LogRecord[] = []
  const subscription = log.subscribe({ topic, group, batchSize }, async (records, context) => {
    const outcomes: Outcome[] = []
    for (const one of records) {
      if (context.signal.aborted) outcomes.push('retry')
      else {
        await context.keepAlive()
        await systemClock.sleep(workMs)
        done.push(one)
        outcomes.push(answer(one))
      }
    }
    return outcomes
  })
  return { done, subscription }
}

/** Nothing lost, and the records of a key first seen in the order in which they were published. */
function expectAll(done: readonly LogRecord[], published: readonly Message[]): void {
  const distinct = [...new Set(idsOf(done))]
  expect(distinct.toSorted()).toEqual(idsOf(published).toSorted())
  for (let key = 0; key < KEYS; key++) {
    const mine = new Set(idsOf(published.filter(one => one.key === `key${key}`)))
    expect(distinct.filter(id => mine.has(id))).toEqual([...mine])
  }
}

describe.skipIf(lack)('on the Kafka that all share', { timeout: 180_000 }, () => {
  let place: KafkaPlace
  let log: EventLog
  let logs: EventLog[]

  beforeEach(async () => {
    place = await kafkaPlace(broker)
    logs = []
    log = open()
  })

  afterEach(async () => {
    for (const one of logs) await one.close()
    await place.destroy()
  })

  function open(...options: Parameters<KafkaPlace['open']>): EventLog {
    const another = place.open(...options)
    logs.push(another)
    return another
  }

  async function setting(of: string, configName: string, configValue: string): Promise<void> {
    const configEntries = [{ name: configName, value: configValue }]
    const resources = [{ type: TOPIC_RESOURCE, name: `${place.prefix}${of}`, configEntries }]
    await place.admin(admin => admin.alterConfigs({ validateOnly: false, resources }))
  }

  const allRead = (group = 'g'): Promise<void> =>
    until('everything is read', async () => (await log.lag(topic, group)).records === 0)

  test('workers join and leave in mid-batch: nothing is lost, each poison record is one letter', async () => {
    const published = many('r', 300)
    const poison = new Set(['r.7', 'r.133', 'r.291'])
    const answer = (one: LogRecord): Outcome =>
      poison.has(one.id) ? { dead: `cannot read ${one.id}`, tries: 3 } : 'done'
    const options = { workMs: 8, answer, batchSize: 15 }
    await log.publish(published)
    const readers = [read(log, options)]
    await until('work has begun', () => readers[0]!.done.length > 10)
    readers.push(read(open(), options))
    await systemClock.sleep(400)
    readers.push(read(open(), options))
    await systemClock.sleep(300)
    await readers[0]!.subscription.stop()
    await systemClock.sleep(200)
    await readers[1]!.subscription.stop()
    readers.push(read(open(), options))
    await allRead()
    const done = readers.flatMap(one => one.done)
    expect([...new Set(idsOf(done))].toSorted()).toEqual(idsOf(published).toSorted())
    expect((await log.dead.list('g')).map(letter => letter.record.id).toSorted()).toEqual(
      [...poison].toSorted(),
    )
  })

  test('a place that Kafka has lost: the group begins at the first record, and says so', async () => {
    const published = many('r', 40)
    await log.publish(published)
    const first = read(log)
    await allRead()
    await first.subscription.stop()
    await place.admin(admin => admin.deleteGroups([`${place.prefix}articles.g`]))
    const logger = keepingLogger()
    const again = read(open({ logger }))
    await allRead()
    expectAll(again.done, published)
    expect(logger.lines.map(line => line.sentence)).toContain(
      'no place of the group is known: it reads from the first record',
    )
  })

  test('records dropped before they were read: the group goes on behind the gap, and says how many are missing', async () => {
    const published = many('r', 60)
    await log.publish(published.slice(0, 40))
    const first = read(log, { answer: () => 'done' })
    await allRead()
    await first.subscription.stop()
    await log.publish(published.slice(40))
    const ofKafka = `${place.prefix}articles`
    const ends = await place.admin(async admin => {
      const offsets = await admin.fetchTopicOffsets(ofKafka)
      const behind = offsets.map(({ partition, high }) => ({ partition, offset: String(Number(high) - 1) }))
      await admin.deleteTopicRecords({ topic: ofKafka, partitions: behind })
      return offsets
    })
    const left = ends.filter(({ high }) => Number(high) > 0).length
    const logger = keepingLogger()
    const again = read(open({ logger }))
    await allRead()
    const missing = logger.lines
      .filter(line => line.level === 'error')
      .flatMap(line => (line.fields as { records?: number }).records ?? [])
    expect(again.done).toHaveLength(left)
    expect(again.done.length + missing.reduce((sum, some) => sum + some, 0)).toBe(20)
  })

  test('a record that is no message of ours is set aside, and the rest is done', async () => {
    await raw([
      { key: 'one', value: 'this is no JSON' },
      { key: 'two', value: '{"v":1}', headers: { key: 'two', id: 'two' } },
    ])
    const stop = new AbortController()
    const handled: string[] = []
    const running = runStage(
      { name: 'g', reads: decisions, handle: eachRecord(one => (handled.push(one.id), [])) },
      { log, clock: systemClock, logger: keepingLogger(), signal: stop.signal },
    )
    await until('both are set aside', async () => (await log.dead.list('g')).length === 2)
    const letters = await log.dead.list('g')
    expect(letters.map(letter => letter.record.json).toSorted()).toEqual(['this is no JSON', '{"v":1}'])
    expect(letters.map(letter => letter.reason).join()).toMatch(/the record is not JSON/)
    stop.abort()
    await running
    expect((await log.lag(of, 'g')).records).toBe(0)
  })

  test('a record of a newer version stays where it is, the stage stops and says so', async () => {
    await raw([{ key: 'new', value: '{"v":999}', headers: { key: 'new', id: 'new' } }])
    const running = runStage(
      { name: 'g', reads: decisions, handle: eachRecord(() => []) },
      { log, clock: systemClock, logger: keepingLogger(), signal: new AbortController().signal },
    )
    await expect(running).rejects.toThrow(NewerVersion)
    expect(await log.lag(of, 'g')).toMatchObject({ records: 1 })
    expect(await log.dead.list()).toEqual([])
  })

  test('a record that is too large is refused before anything of the batch is sent', async () => {
    const large = message('large', 'k', 'x'.repeat(2_000_000))
    await expect(log.publish([message('small', 'k'), large])).rejects.toThrow(Quarantine)
    await expect(log.publish([large])).rejects.toThrow(
      /expected at most 1000000 bytes of JSON .* nothing was sent/,
    )
    expect(await log.lag(topic, 'g')).toEqual({ records: 0 })
  })

  test('2 MB that somebody else sent are read, can be set aside, and come back when redriven', async () => {
    await setting('decisions', 'max.message.bytes', '4000000')
    // Random: it must not become small by compression.
    const words = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64')
    const records = [
      { key: 'huge', value: words.repeat(26), headers: { key: 'huge', id: 'huge' } },
      { key: 'next', value: '{"v":1}', headers: { key: 'next', id: 'next' } },
    ]
    await until('the broker takes it', () => raw(records).then(yes, no))
    const sizes: number[] = []
    let good = false
    log.subscribe({ topic: of, group: 'g' }, async records => {
      sizes.push(...records.map(one => one.json.length))
      return records.map(one => (one.id === 'huge' && !good ? { dead: 'too large', tries: 1 } : 'done'))
    })
    await until('it was set aside', async () => (await log.dead.list('g')).length === 1)
    good = true
    expect(await log.dead.redrive('g')).toBe(1)
    await until('all is done', async () => (await log.lag(of, 'g')).records === 0)
    expect(sizes.filter(size => size > 2_000_000)).toHaveLength(2)
    expect(await log.dead.list()).toEqual([])
  })

  test('letters that cannot be written: the group stops and passes nothing over, and goes on when they can', async () => {
    const published = many('r', 30)
    const answer = (one: LogRecord): Outcome =>
      one.id === 'r.3' ? { dead: 'cannot read it', tries: 3 } : 'done'
    const isTaken = (): Promise<boolean> => raw([{ key: 'of nobody', value: null }], 'dead').then(yes, no)
    await setting('dead', 'max.message.bytes', '1')
    await until('letters are refused', async () => !(await isTaken()))
    await log.publish(published)
    const first = read(log, { answer })
    await expect(first.subscription.done).rejects.toThrow(ConfigError)
    expect((await log.lag(topic, 'g')).records).toBeGreaterThanOrEqual(published.length / KEYS - 1)
    expect(await log.dead.list('g')).toEqual([])
    await setting('dead', 'max.message.bytes', '16777216')
    await until('letters are taken', isTaken)
    const second = read(open(), { answer })
    await allRead()
    expect((await log.dead.list('g')).map(letter => letter.record.id)).toEqual(['r.3'])
    expect([...new Set(idsOf([...first.done, ...second.done]))].toSorted()).toEqual(
      idsOf(published).toSorted(),
    )
    expect(idsOf(second.done)).toContain('r.3')
  })

  test('the clock jumps by an hour, forth and back: nobody waits for an hour', async () => {
    let jumpMs = 0
    const clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + jumpMs) }
    const jumpy = open({ clock })
    const handled: string[] = []
    let isGood = false
    jumpy.subscribe({ topic, group: 'g' }, async records => {
      handled.push(...idsOf(records))
      return records.map(one => (one.id === 'bad' && !isGood ? { dead: 'not now', tries: 1 } : 'done'))
    })
    await jumpy.publish([message('bad', 'k'), ...many('before', 5)])
    await until('it was set aside', async () => (await log.dead.list('g')).length === 1)
    for (const hours of [1, -1]) {
      jumpMs = hours * 3_600_000
      await jumpy.publish(many(`jump${String(hours)}`, 5))
      await allRead()
    }
    let tries = 0
    const again = open({ clock })
    again.subscribe({ topic, group: 'h' }, async records =>
      records.map(one => {
        if (one.id !== 'bad' || isGood) return 'done'
        return tries++ === 0 ? { dead: 'not now', tries: 1 } : 'retry'
      }),
    )
    await until('it was set aside again', async () => (await log.dead.list('h')).length === 1)
    await log.dead.redrive('h')
    await until('it was tried again', () => tries > 1)
    jumpMs -= 3_600_000
    isGood = true
    await allRead('h')
    expect(handled).toHaveLength(16)
  })

  test('a client that has died without a word is noticed, and another takes its place', async () => {
    type Runner = { fetch: (this: Runner, nodeId: number) => Promise<unknown> }
    const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/runner') as {
      prototype: Runner
    }
    const { fetch } = prototype
    await log.publish(many('r', 5))
    const first = read(open({ sessionMs: 1_000, heartbeatMs: 200 }))
    await allRead()
    const dead = new Set<Runner>()
    prototype.fetch = function (nodeId) {
      if (dead.size === 0) dead.add(this)
      return dead.has(this) ? new Promise(() => undefined) : fetch.call(this, nodeId)
    }
    try {
      await until('the client is dead', () => dead.size > 0)
      await log.publish(many('later', 5))
      await allRead()
    } finally {
      prototype.fetch = fetch
    }
    expect(first.done).toHaveLength(10)
  })

  test('idle connections cost nothing: no timer wakes kafkajs', async () => {
    const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
      prototype: { checkPendingRequests: () => void }
    }
    const check = prototype.checkPendingRequests
    let checks = 0
    read(open({ waitMs: 1_000 }))
    await log.publish(many('r', 3))
    await allRead()
    prototype.checkPendingRequests = function () {
      checks++
      check.call(this)
    }
    await systemClock.sleep(2_000)
    prototype.checkPendingRequests = check
    // One for each answer; without the repair it is a thousand a second.
    expect(checks).toBeLessThan(200)
  })

  async function raw(
    messages: { key: string; value: string | null; headers?: Record<string, string> }[],
    to = 'decisions',
  ): Promise<void> {
    const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
    const producer = kafka.producer({ createPartitioner: () => () => 0 })
    await producer.connect()
    try {
      await producer.send({ topic: `${place.prefix}${to}`, messages })
    } finally {
      await producer.disconnect()
    }
  }

  describe('workers that are processes', () => {
    let folder: string
    let job: Job
    let workers: Worker[]
    const group = 'work'

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'opomena-kafka-'))
      workers = []
      job = {
        ...{ role: 'consume', logPath: '', sinkPath: join(folder, 'sink.db'), prefix: 'p' },
        ...{ from: 0, to: 100, batch: 20, leaseMs: 1_000, workMs: 0 },
        kafka: { broker, prefix: place.prefix },
      }
      withSink(sink => sink.exec('PRAGMA journal_mode=WAL; CREATE TABLE effect(n INTEGER PRIMARY KEY, id TEXT, pid INT)')) // prettier-ignore
    })

    afterEach(async () => {
      for (const { child, ended } of workers) {
        child.kill('SIGKILL')
        await ended
      }
      rmSync(folder, { recursive: true, force: true })
    })

    function start(change: Partial<Job>): Worker {
      const worker = startWorker({ ...job, ...change })
      workers.push(worker)
      return worker
    }

    function withSink<T>(use: (sink: DatabaseSync) => T): T {
      const sink = new DatabaseSync(join(folder, 'sink.db'), { timeout: 5_000 })
      try {
        return use(sink)
      } finally {
        sink.close()
      }
    }

    const effects = (): string[] =>
      withSink(sink =>
        sink
          .prepare('SELECT id FROM effect ORDER BY n')
          .all()
          .map(row => String(row['id'])),
      )
    const readByAll = (): Promise<void> =>
      until('everything is read', async () => (await log.lag(of, group)).records === 0)

    async function publishAll(count: number): Promise<void> {
      const publisher = start({ role: 'publish', to: count })
      await publisher.says(`acked ${count}`)
      publisher.child.kill('SIGTERM')
      await publisher.ended
    }

    test('one that froze past its session cannot commit or set aside when it wakes', async () => {
      await publishAll(30)
      const before = (await log.lag(of, group)).records
      const frozen = start({ role: 'freeze', workMs: 2_500 })
      const held = Number((await frozen.says('in hand')).split(' ')[2])
      frozen.child.kill('SIGSTOP')
      const other = start({})
      await readByAll()
      frozen.child.kill('SIGCONT')
      await frozen.says('warn another worker took over')
      other.child.kill('SIGTERM')
      await other.ended
      expect(held).toBeGreaterThan(0)
      expect(await log.dead.list()).toEqual([])
      expect(new Set(effects()).size).toBe(new Set(Array.from({ length: 30 }, (_, i) => `p.${i}`)).size)
      expect(effects().length).toBeGreaterThanOrEqual(30)
      expect(before).toBeGreaterThanOrEqual(30)
    })

    test('killed again and again in mid-batch: every record has its effect and what follows from it', async () => {
      const rounds = Number(process.env['OPOMENA_TEST_KILLS'] ?? 5)
      const count = rounds * 40
      await publishAll(count)
      for (let round = 0; round < rounds; round++) {
        const worker = start({ workMs: 3 })
        await Promise.race([worker.says('handled'), systemClock.sleep(5_000)])
        await systemClock.sleep(Math.random() * 150)
        worker.child.kill('SIGKILL')
        await worker.ended
      }
      start({})
      await readByAll()
      const wanted = Array.from({ length: count }, (_, i) => `p.${i}`)
      expect([...new Set(effects())].toSorted()).toEqual(wanted.toSorted())
      const followed: string[] = []
      log.subscribe({ topic: observations, group: 'books' }, async records => {
        followed.push(...idsOf(records))
        return records.map(() => 'done')
      })
      await until('what follows is read', () => new Set(followed).size === count)
      expect(await log.dead.list()).toEqual([])
    })
  })
})

/** As an outbox does: again and again, until the log has taken it. */
async function publishSurely(log: EventLog, messages: readonly Message[]): Promise<void> {
  for (;;) {
    try {
      await log.publish(messages)
      return
    } catch (thrown) {
      if (!(thrown instanceof RetryLater)) throw thrown
      await systemClock.sleep(200)
    }
  }
}

/** The broker may be away while it is asked. */
const allReadAtLast = (log: EventLog, group: string): Promise<void> =>
  until(
    'everything is read',
    async () => {
      const lag = await log.lag(topic, group).catch(() => undefined)
      return lag?.records === 0
    },
    90_000,
  )

describe.skipIf(lack)('over a way that breaks', { timeout: 180_000 }, () => {
  let proxy: KafkaProxy
  let place: KafkaPlace
  let log: EventLog

  beforeAll(async () => {
    proxy = await kafkaProxy(broker)
    place = await kafkaPlace(broker)
    log = place.open()
  })

  afterAll(async () => {
    await log.close()
    await place.destroy()
    await proxy.close()
  })

  const allRead = (group: string): Promise<void> => allReadAtLast(log, group)

  test('an answer that was lost: the record is sent again and stored once', async () => {
    await log.publish(many('warm', 1))
    proxy.loseAnswers(1)
    const published = many('lost', 30)
    await log.publish(published)
    expect(proxy.lost()).toBe(1)
    const { done, subscription } = read(log, { group: 'lost' })
    await allRead('lost')
    await subscription.stop()
    expect(done).toHaveLength(31)
    expectAll(done, [...many('warm', 1), ...published])
  })

  test('answers that stay lost: the publisher hears of it, and what it sends next is not taken for a repeat', async () => {
    const [first, second] = [many('first', 10), many('second', 10)]
    proxy.loseAnswers(1_000)
    await expect(log.publish(first)).rejects.toThrow(RetryLater)
    proxy.loseAnswers(0)
    expect(proxy.lost()).toBeGreaterThan(2)
    await publishSurely(log, second)
    await publishSurely(log, first)
    const { done, subscription } = read(log, { group: 'stay' })
    await allRead('stay')
    await subscription.stop()
    const ids = new Set(idsOf(done))
    expect([...first, ...second].filter(one => !ids.has(one.id))).toEqual([])
  })

  test('connections that break every half second: all is published, read and done in order', async () => {
    const published = many('flap', 200)
    const { done, subscription } = read(log, { group: 'flap', workMs: 2 })
    const quiet = new AbortController()
    const flaps = (async () => {
      for (let times = 0; times < 12 && !quiet.signal.aborted; times++) {
        await systemClock.sleep(500, quiet.signal)
        proxy.cut()
      }
    })()
    for (let i = 0; i < published.length; i += 20) await publishSurely(log, published.slice(i, i + 20))
    quiet.abort()
    await flaps
    await allRead('flap')
    await subscription.stop()
    expectAll(
      done.filter(one => one.id.startsWith('flap')),
      published,
    )
  })

  test('a broker out of reach for some seconds: publishing waits, and work goes on where it was', async () => {
    const published = many('away', 120)
    const { done, subscription } = read(log, { group: 'reach', workMs: 5 })
    await log.publish(published.slice(0, 60))
    await until('work has begun', () => done.some(one => one.id.startsWith('away')))
    proxy.refuse(true)
    const later = publishSurely(log, published.slice(60))
    await systemClock.sleep(4_000)
    proxy.refuse(false)
    await later
    await allRead('reach')
    await subscription.stop()
    expectAll(
      done.filter(one => one.id.startsWith('away')),
      published,
    )
    expect(await log.dead.list()).toEqual([])
  })

  test('stopped while the broker is away, a worker ends soon', async () => {
    const { subscription } = read(log, { group: 'idle' })
    await allRead('idle')
    proxy.refuse(true)
    const begin = Date.now()
    await subscription.stop()
    // Five seconds for the group, and what a busy machine adds; without a limit it is minutes.
    expect(Date.now() - begin).toBeLessThan(15_000)
    proxy.refuse(false)
  })

  test('a broker that takes requests and never answers: the publisher hears of it', async () => {
    const impatient = kafkaClient({ brokers: [broker] }, silentLogger, { retries: 1, requestMs: 500 }).admin()
    await impatient.connect()
    proxy.hang(true)
    await expect(impatient.listTopics()).rejects.toThrow(/timed out/)
    proxy.hang(false)
    proxy.cut()
    await impatient.disconnect()
    const published = many('heard', 10)
    await publishSurely(log, published)
  })
})

describe.skipIf(lack)('on a Kafka of its own', () => {
  let folder: string
  let place: KafkaPlace
  let port: number

  const startBroker = async (): Promise<void> => {
    await startKafka(folder, port, { settings: { 'offsets.topic.num.partitions': '2' } })
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opomena-kafka-own-'))
    port = await freePort()
    await startBroker()
    place = await kafkaPlace(`127.0.0.1:${port}`)
  }, 300_000)

  afterAll(async () => {
    await stopServer(folder)
    rmSync(folder, { recursive: true, force: true })
  })

  test('a broker that is killed and comes back: publishing waits, and work goes on where it was', async () => {
    const published = many('down', 120)
    const log = place.open()
    const { done, subscription } = read(log, { group: 'down', workMs: 5 })
    await log.publish(published.slice(0, 60))
    await until('work has begun', () => done.length > 5)
    await stopServer(folder)
    const later = publishSurely(log, published.slice(60))
    await systemClock.sleep(2_000)
    await startBroker()
    await later
    await allReadAtLast(log, 'down')
    await subscription.stop()
    expectAll(done, published)
    expect(await log.dead.list()).toEqual([])
    await log.close()
  }, 300_000)
})
