/** What a worker shows of itself: figures that Prometheus can read, and whether it is ready. */
import { request } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { metrics } from '../../cli/metrics.ts'
import { watchWorker } from '../../cli/watch.ts'
import type { Watch } from '../../cli/watch.ts'
import { systemClock } from '../../core/clock.ts'
import { Quarantine, RetryLater } from '../../core/errors.ts'
import { silentLogger } from '../../core/logger.ts'
import type { EventLog, Outcome } from '../../core/ports.ts'
import { message } from '../../core/stage.ts'
import { subscriptions } from '../../core/topics.ts'
import type { Topic } from '../../core/topics.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { subscription } from '../alerts/samples.ts'
import { keepingLogger, testClock } from '../fakes.ts'
import type { TestClock } from '../fakes.ts'
import { readPrometheus } from './prometheus.ts'

describe('figures', () => {
  test('are read back as they were given, whatever is in a label', () => {
    const figures = metrics()
    const odd = { reason: 'a "quoted"\nline \\ and {braces}, too="x"' }
    figures.count('records_total', 'Records.', { outcome: 'done' }, 2)
    figures.count('records_total', 'Records.', { outcome: 'done' })
    figures.count('records_total', 'Records.', odd)
    figures.set('free_bytes', 'Room.', {}, 1.5e12)
    figures.ask('asked', 'Asked.', {}, () => 7)
    const read = readPrometheus(figures.text())
    expect(read.get('records_total')).toEqual({
      kind: 'counter',
      help: 'Records.',
      samples: [
        { name: 'records_total', labels: { outcome: 'done' }, value: 3 },
        { name: 'records_total', labels: odd, value: 1 },
      ],
    })
    expect(read.get('free_bytes')!.samples).toEqual([{ name: 'free_bytes', labels: {}, value: 1.5e12 }])
    expect(read.get('asked')!.samples[0]!.value).toBe(7)
  })

  test('count durations up to each bound', () => {
    const figures = metrics()
    for (const seconds of [0.001, 0.3, 0.3, 100])
      figures.observe('batch_seconds', 'Time.', { group: 'a' }, seconds)
    const { samples } = readPrometheus(figures.text()).get('batch_seconds')!
    const upTo = (le: string): number | undefined =>
      samples.find(one => one.name === 'batch_seconds_bucket' && one.labels['le'] === le)?.value
    expect(['0.005', '0.1', '0.5', '60', '+Inf'].map(upTo)).toEqual([1, 1, 3, 3, 4])
    expect(samples.at(-1)).toEqual({ name: 'batch_seconds_count', labels: { group: 'a' }, value: 4 })
    expect(samples.at(-2)!.value).toBeCloseTo(100.601)
  })

  test('that cannot be had now are left out', () => {
    const figures = metrics()
    figures.ask('broken', 'Broken.', {}, () => {
      throw new Error('the disk is gone')
    })
    figures.ask('absent', 'Absent.', {}, () => undefined)
    figures.set('dropped', 'Dropped.', { group: 'a' }, 1)
    figures.drop('dropped', { group: 'a' })
    expect([...readPrometheus(figures.text()).values()].flatMap(family => family.samples)).toEqual([])
  })
})

let dir: string
let log: EventLog
let clock: TestClock
let watch: Watch
let port: number
let stop: AbortController

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'opomena-watch-'))
  clock = testClock()
  stop = new AbortController()
  log = sqliteLog({ path: join(dir, 'log.db'), clock: systemClock, logger: silentLogger })
  const logger = keepingLogger()
  watch = await watchWorker({
    worker: 'alerts', version: '1.2.3', dataDir: dir, host: '127.0.0.1', port: 0, clock, logger, signal: stop.signal,
  }) // prettier-ignore
  port = (logger.lines[0]!.fields as { port: number }).port
})
afterEach(async () => {
  await watch.close()
  await log.close()
  rmSync(dir, { recursive: true, force: true })
})

const LOOK_MS = 15_000
const topic = subscriptions as Topic<unknown>

async function ask(path: string, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method }, response => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode!, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

async function value(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const family = readPrometheus((await ask('/metrics')).body).get(name)
  return family?.samples.find(one => Object.entries(labels).every(([key, is]) => one.labels[key] === is))
    ?.value
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 500) throw new Error(`waited in vain until ${what}`)
    await systemClock.sleep(10)
  }
}

/** Lets the next look happen, and waits until it has. */
async function look(): Promise<void> {
  const { length } = clock.slept
  await until('it sleeps', () => clock.sleeping() > 0)
  await clock.advance(LOOK_MS)
  await until('it has looked', () => clock.slept.length > length)
}

describe('a worker', () => {
  test('is alive at once, ready when it is at work, and no longer when it is asked to end', async () => {
    watch.log(log)
    expect(await ask('/health/live')).toEqual({ status: 200, body: '{"status":"ok"}' })
    expect((await ask('/health/ready')).status).toBe(503)
    watch.begun()
    expect(await ask('/health/ready')).toEqual({
      status: 200,
      body: '{"status":"ok","checks":[{"name":"at work","ok":true},{"name":"event log","ok":true}]}',
    })
    expect(await value('opomena_worker_ready', { worker: 'alerts' })).toBe(1)
    stop.abort()
    expect((await ask('/health/ready')).status).toBe(503)
    expect((await ask('/health/live')).status).toBe(200)
  })

  test('answers nothing else', async () => {
    expect((await ask('/')).status).toBe(404)
    expect((await ask('/metrics', 'POST')).status).toBe(405)
  })

  test('counts what it published and handled, by outcome, and times it', async () => {
    const seen = watch.log(log)
    const outcomes: Outcome[] = ['done', { dead: 'no good', tries: 1 }, 'done']
    const reading = seen.subscribe({ topic, group: 'readers' }, async records =>
      records.map(() => outcomes.shift()!),
    )
    await seen.publish(['a', 'b', 'c'].map(id => message(subscriptions, subscription({ id }))))
    const of = { topic: 'subscriptions', group: 'readers' }
    await until(
      'all are handled',
      async () => (await value('opomena_records_total', { ...of, outcome: 'done' })) === 2,
    )
    expect(await value('opomena_records_total', { ...of, outcome: 'dead' })).toBe(1)
    expect(await value('opomena_published_total', { topic: 'subscriptions' })).toBe(3)
    expect(await value('opomena_last_success_seconds', of)).toBe(Date.parse('2026-07-11T08:00:00Z') / 1_000)
    expect(await value('opomena_batch_seconds', of)).toBeGreaterThanOrEqual(0)
    await look()
    await look()
    expect(await value('opomena_dead_letters', { group: 'readers' })).toBe(1)
    await reading.stop()
  })

  test('says how far behind its groups are, and forgets a group that has ended', async () => {
    await log.publish(['a', 'b'].map(id => message(subscriptions, subscription({ id }))))
    const reading = watch
      .log(log)
      .subscribe({ topic, group: 'slow' }, async records => records.map(() => 'retry'))
    await look()
    expect(await value('opomena_lag_records', { group: 'slow' })).toBe(2)
    await reading.stop()
    await until(
      'it is forgotten',
      async () => (await value('opomena_lag_records', { group: 'slow' })) === undefined,
    )
  })

  test('is not ready when one of its groups stands at the same record for ten minutes', async () => {
    await log.publish([message(subscriptions, subscription({ id: 'a' }))])
    const reading = watch
      .log(log)
      .subscribe({ topic, group: 'stuck' }, async records => records.map(() => 'retry'))
    watch.begun()
    await look()
    expect((await ask('/health/ready')).status).toBe(200)
    for (let looks = 0; looks < 42; looks++) await look()
    const { status, body } = await ask('/health/ready')
    expect(status).toBe(503)
    expect(body).toContain('{"name":"stuck reads subscriptions","ok":false}')
    await reading.stop()
  })

  test('is not ready when the log has not answered for a minute', async () => {
    let isAway = false
    watch.log({ ...log, groups: async () => (isAway ? Promise.reject(new RetryLater('away')) : []) })
    watch.begun()
    await look()
    expect((await ask('/health/ready')).status).toBe(200)
    isAway = true
    for (let looks = 0; looks < 5; looks++) await look()
    expect((await ask('/health/ready')).body).toContain('{"name":"event log","ok":false}')
    isAway = false
    await look()
    expect((await ask('/health/ready')).status).toBe(200)
  })

  test('that stands by is not ready, asks a log that was closed no more, and is ready when it works again', async () => {
    let asked = 0
    const groups = async (): Promise<readonly string[]> => {
      asked++
      return []
    }
    const terms = [1, 2].map(() => ({ ...log, groups, close: async () => undefined }))
    const first = watch.log(terms[0]!)
    watch.begun()
    await look()
    watch.rests()
    await first.close()
    expect((await ask('/health/ready')).body).toContain('{"name":"at work","ok":false}')
    const before = asked
    await clock.advance(LOOK_MS * 3)
    expect(asked).toBe(before)
    watch.log(terms[1]!)
    watch.begun()
    await look()
    expect(asked).toBeGreaterThan(before)
    expect((await ask('/health/ready')).status).toBe(200)
  })

  test('counts letters by what the mail server said', async () => {
    const answers = [undefined, new RetryLater('later'), new Quarantine('no such person'), undefined]
    const mailer = watch.mailer({
      close: async () => undefined,
      async send() {
        const answer = answers.shift()
        if (answer) throw answer
      },
    })
    const letter = { messageId: 'm', to: 'ana@example.org', subject: 's', text: 't' }
    for (let sent = 0; sent < 4; sent++) await mailer.send(letter).catch(() => undefined)
    expect(await value('opomena_letters_total', { outcome: 'sent' })).toBe(2)
    expect(await value('opomena_letters_total', { outcome: 'later' })).toBe(1)
    expect(await value('opomena_letters_total', { outcome: 'refused' })).toBe(1)
    expect((await ask('/metrics')).body).not.toContain('ana@example.org')
  })

  test('tells of its process, its version and what waits in its outbox', async () => {
    watch.outbox(() => 12)
    const { body } = await ask('/metrics')
    const figures = readPrometheus(body)
    expect(figures.get('opomena_worker_info')!.samples[0]!.labels).toEqual({
      worker: 'alerts',
      version: '1.2.3',
    })
    expect(figures.get('process_cpu_seconds_total')!.kind).toBe('counter')
    expect(await value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(await value('opomena_disk_free_bytes')).toBeGreaterThan(0)
    expect(await value('opomena_outbox_messages')).toBe(12)
  })
})

test('a worker that nobody watches opens no port and measures nothing', async () => {
  const logger = keepingLogger()
  const blind = await watchWorker({
    worker: 'web', version: '1', dataDir: dir, host: '127.0.0.1', port: undefined, clock, logger, signal: stop.signal,
  }) // prettier-ignore
  expect(blind.log(log)).toBe(log)
  expect(logger.lines).toEqual([])
})

test('a port that is taken is a fault of the configuration', async () => {
  const again = watchWorker({
    worker: 'web', version: '1', dataDir: dir, host: '127.0.0.1', port, clock, logger: silentLogger, signal: stop.signal,
  }) // prettier-ignore
  await expect(again).rejects.toThrow(/port \d+ of 127\.0\.0\.1.*OPOMENA_HEALTH_PORT/u)
})
