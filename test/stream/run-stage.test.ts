/** The stage runner: what becomes of a record, by the error its handling ends in. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import type { Decision } from '../../core/decision.ts'
import { ConfigError, NewerVersion, Quarantine, RetryLater } from '../../core/errors.ts'
import { silentLogger } from '../../core/logger.ts'
import type { EventLog } from '../../core/ports.ts'
import { eachRecord, message } from '../../core/stage.ts'
import type { Message, Stage } from '../../core/stage.ts'
import { decisions, observations } from '../../core/topics.ts'
import type { Topic } from '../../core/topics.ts'
import type { Observation } from '../../core/observation.ts'
import { runStage } from '../../stream/run-stage.ts'
import type { StageCounts } from '../../stream/run-stage.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { keepingLogger, testClock } from '../fakes.ts'

/** A small message to work on: the deletion of an article, keyed by it. */
function deletion(id: string, articleId = 'article'): Message {
  const decision: Decision = {
    v: 1,
    id,
    kind: 'delete',
    articleId,
    by: 'u1',
    at: '2026-07-11T08:00:00Z',
    reason: 'test',
  }
  return message(decisions, decision)
}

const some = (count: number, keys = 1): Message[] =>
  Array.from({ length: count }, (_, i) => deletion(`d${i}`, `article${i % keys}`))

/** What follows from a decision: an observation with its id. */
function followUp({ id, articleId }: Decision): Message {
  const fates = { published: 0, revised: 0, unchanged: 0, duplicate: 0, refused: 0, failed: 0 }
  const observation: Observation = {
    v: 1, id: `o-${id}`, sourceId: articleId, at: '2026-07-11T08:00:00Z', of: 'test', kind: 'recheck', outcome: 'fresh',
    seen: 0, fates, items: [], warnings: [],
  } // prettier-ignore
  return message(observations, observation)
}

let folder: string
let log: EventLog
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opomena-stage-'))
  log = sqliteLog({ path: join(folder, 'log.db'), clock: systemClock, logger: silentLogger, pollMs: 2 })
})
afterEach(async () => {
  await log.close()
  await rm(folder, { recursive: true, force: true })
})

interface Run {
  readonly handled: readonly string[]
  readonly slept: readonly number[]
  readonly counts: StageCounts
  readonly failure: unknown
  /** How long the stage said it would wait for the world, in milliseconds. */
  readonly waits: readonly number[]
}

/** Runs a stage until it has read everything or stopped by itself; waits end at once and are written down. */
async function run(
  handleOne: (decision: Decision, attempt: number) => readonly Message[],
  { on = log, handle }: { on?: EventLog; handle?: Stage<Decision>['handle'] } = {},
): Promise<Run> {
  const handled: string[] = []
  const one = (decision: Decision): readonly Message[] => {
    handled.push(decision.id)
    return handleOne(decision, handled.filter(id => id === decision.id).length)
  }
  const clock = testClock(undefined, { hurry: true })
  const logger = keepingLogger()
  const end = new AbortController()
  let counts: StageCounts = { handled: 0, published: 0, dead: 0, retried: 0 }
  const stage: Stage<Decision> = { name: 'stage', reads: decisions, handle: handle ?? eachRecord(one) }
  let failure: unknown
  const outcome = { ended: false }
  const running = runStage(stage, {
    log: on,
    clock,
    logger,
    signal: end.signal,
    onBatch: now => (counts = now),
  })
    .catch((thrown: unknown) => (failure = thrown))
    .finally(() => (outcome.ended = true))
  const giveUp = Date.now() + 10_000
  while (!outcome.ended && (await log.lag(decisions, 'stage')).records > 0) {
    if (Date.now() > giveUp) throw new Error('the stage does not come to an end')
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  end.abort()
  await running
  const waits = logger.lines.flatMap(({ fields }) => ('waitMs' in fields ? [fields.waitMs as number] : []))
  return { handled, slept: clock.slept, counts, failure, waits }
}

async function publishedIds(topic: Topic<unknown> = observations): Promise<string[]> {
  const ids: string[] = []
  const subscription = log.subscribe({ topic, group: `look${Math.random()}` }, async records => {
    ids.push(...records.map(record => record.id))
    return records.map(() => 'done')
  })
  for (let left = (await log.lag(topic, 'nobody')).records; ids.length < left;) {
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  await subscription.stop()
  return ids
}

const deadReasons = async (): Promise<readonly (readonly [string, string, number])[]> =>
  (await log.dead.list('stage')).map(letter => [letter.record.id, letter.reason, letter.tries])

describe('a record that is handled', () => {
  test('publishes what follows from it, in order, and is counted', async () => {
    await log.publish(some(250, 3))
    const { counts, failure } = await run(decision => [followUp(decision)])
    expect(failure).toBeUndefined()
    expect(counts).toEqual({ handled: 250, published: 250, dead: 0, retried: 0 })
    expect(await publishedIds()).toEqual(Array.from({ length: 250 }, (_, i) => `o-d${i}`))
  })

  test('need not be followed by anything', async () => {
    await log.publish(some(3))
    expect((await run(() => [])).counts).toEqual({ handled: 3, published: 0, dead: 0, retried: 0 })
  })

  test('is let go only after what follows from it is durable', async () => {
    await log.publish(some(5))
    const lags: number[] = []
    const watched: EventLog = {
      ...log,
      publish: async messages => {
        lags.push((await log.lag(decisions, 'stage')).records)
        await log.publish(messages)
        lags.push((await log.lag(decisions, 'stage')).records)
      },
    }
    await run(decision => [followUp(decision)], { on: watched })
    expect(lags).toEqual([5, 5])
  })
})

describe('RetryLater', () => {
  test('makes the stage wait, longer each time, from one second to a minute, until it works; nothing is set aside', async () => {
    await log.publish(some(3))
    const { waits, counts, handled, slept } = await run((_, attempt) => {
      if (attempt <= 12) throw new RetryLater('the sink is down')
      return []
    })
    expect(waits).toHaveLength(12)
    expect(sum(slept)).toBe(sum(waits))
    for (const [i, wait] of waits.entries()) {
      const middle = 1_000 * 2 ** i
      expect(wait).toBeGreaterThanOrEqual(Math.min(60_000, Math.max(1_000, middle * 0.75)))
      expect(wait).toBeLessThanOrEqual(Math.min(60_000, middle * 1.25))
    }
    expect(counts).toMatchObject({ handled: 3, dead: 0 })
    expect(handled.filter(id => id === 'd0')).toHaveLength(13)
  })

  test('of the longest wish decides how long', async () => {
    await log.publish(some(2, 2))
    const { slept } = await run((decision, attempt) => {
      if (attempt === 1) throw new RetryLater('wait', { afterMs: decision.id === 'd0' ? 3_000 : 4_321 })
      return []
    })
    expect(slept).toEqual([4_321])
  })

  test('of one record lets those of other keys go on, and holds back its own key', async () => {
    await log.publish(some(6, 2))
    const { counts } = await run((decision, attempt) => {
      if (decision.id === 'd2' && attempt <= 2) throw new RetryLater('not yet')
      return [followUp(decision)]
    })
    expect(counts).toMatchObject({ handled: 6, published: 6 })
    expect(await publishedIds()).toEqual(['o-d0', 'o-d1', 'o-d3', 'o-d5', 'o-d2', 'o-d4'])
  })

  test('thrown for the whole batch holds the whole batch', async () => {
    await log.publish(some(3, 3))
    let calls = 0
    const { counts, slept } = await run(() => [], {
      handle: async inputs => {
        if (++calls === 1) throw new RetryLater('the index is down', { afterMs: 1_500 })
        return inputs.map(() => [])
      },
    })
    expect([calls, slept, counts.handled]).toEqual([2, [1_500], 3])
  })

  test('from the log while publishing: the stage waits and publishes again without handling again', async () => {
    await log.publish(some(2))
    let refusals = 2
    const full: EventLog = {
      ...log,
      publish: messages =>
        refusals-- > 0 ? Promise.reject(new RetryLater('the disk is full')) : log.publish(messages),
    }
    const { handled, waits, counts } = await run(decision => [followUp(decision)], { on: full })
    expect(handled).toEqual(['d0', 'd1'])
    expect(waits).toHaveLength(2)
    expect(counts).toMatchObject({ handled: 2, published: 2 })
  })

  test('while it waits, the worker says that it is alive', async () => {
    await log.publish(some(1))
    let signs = 0
    const watched: EventLog = {
      ...log,
      subscribe: (options, handler) =>
        log.subscribe(options, (records, context) =>
          handler(records, { ...context, keepAlive: async () => (signs++, context.keepAlive()) }),
        ),
    }
    await run(
      (_, attempt) => {
        if (attempt === 1) throw new RetryLater('a long time', { afterMs: 60_000 })
        return []
      },
      { on: watched },
    )
    expect(signs).toBeGreaterThanOrEqual(12)
  })
})

describe('Quarantine', () => {
  test('sets the record aside at once, the rest goes on', async () => {
    await log.publish(some(4))
    const { handled, counts, slept } = await run(decision => {
      if (decision.id === 'd1') throw new Quarantine('no text and no title')
      return [followUp(decision)]
    })
    expect(handled).toEqual(['d0', 'd1', 'd2', 'd3'])
    expect(counts).toEqual({ handled: 3, published: 3, dead: 1, retried: 0 })
    expect(await deadReasons()).toEqual([['d1', 'no text and no title', 1]])
    expect(slept).toEqual([])
  })

  test.each([
    ['not JSON', '{"v":1,', /not JSON/],
    ['no message of the topic', '{"v":1,"id":7}', /decisions/],
    ['JSON but nothing', 'null', /decisions/],
  ])('a stored record that is %s is set aside with the reason', async (_, json, reason) => {
    await log.publish([{ ...deletion('bad'), json }, deletion('good')])
    const { handled } = await run(() => [])
    expect(handled).toEqual(['good'])
    expect((await deadReasons())[0]![1]).toMatch(reason)
  })

  test('however many in a row, does not stop the stage', async () => {
    await log.publish(some(40))
    const { failure, counts } = await run(() => {
      throw new Quarantine('bad')
    })
    expect(failure).toBeUndefined()
    expect(counts.dead).toBe(40)
  })
})

describe('any other error', () => {
  test('is tried three times with short pauses, then the record is set aside', async () => {
    await log.publish(some(3, 3))
    const { handled, slept, counts } = await run(decision => {
      if (decision.id === 'd1') throw new TypeError('x is not a function')
      return [followUp(decision)]
    })
    expect(handled).toEqual(['d0', 'd1', 'd2', 'd1', 'd1'])
    expect(slept).toEqual([250, 1_000])
    expect(counts).toEqual({ handled: 2, published: 2, dead: 1, retried: 2 })
    expect(await deadReasons()).toEqual([['d1', 'x is not a function', 3]])
  })

  test('that goes away leaves no trace, and later records of the key wait for it', async () => {
    await log.publish(some(4, 2))
    await run((decision, attempt) => {
      if (decision.id === 'd0' && attempt < 3) throw new Error('flaky')
      return [followUp(decision)]
    })
    expect(await publishedIds()).toEqual(['o-d1', 'o-d3', 'o-d0', 'o-d2'])
    expect(await deadReasons()).toEqual([])
  })

  test('thrown for the whole batch is pinned on the record at fault', async () => {
    await log.publish(some(5, 5))
    const { counts } = await run(() => [], {
      handle: async inputs => {
        if (inputs.some(input => input.id === 'd3')) throw new Error('one of them')
        return inputs.map(() => [])
      },
    })
    expect(counts).toMatchObject({ handled: 4, dead: 1 })
    expect(await deadReasons()).toEqual([['d3', 'one of them', 3]])
  })

  test('ten in a row stop the stage; the tenth is set aside, the eleventh is not', async () => {
    await log.publish(some(25, 25))
    const { failure } = await run(() => {
      throw new Error('the model is missing')
    })
    expect(String(failure)).toMatch(/stage stage stopped: 10 records in a row .*the model is missing/)
    expect(await deadReasons()).toHaveLength(10)
    expect((await log.lag(decisions, 'stage')).records).toBe(15)
  })

  test('nine in a row, one good, nine in a row do not', async () => {
    await log.publish(some(19, 19))
    const { failure, counts } = await run(decision => {
      if (decision.id !== 'd9') throw new Error('bad')
      return []
    })
    expect(failure).toBeUndefined()
    expect(counts).toMatchObject({ handled: 1, dead: 18 })
  })

  test('after the stop and a repair, redriven letters and the rest are handled', async () => {
    await log.publish(some(12, 12))
    await run(() => {
      throw new Error('broken')
    })
    expect(await log.dead.redrive('stage')).toBe(10)
    const { counts } = await run(decision => [followUp(decision)])
    expect(counts.handled).toBe(12)
    expect(new Set(await publishedIds()).size).toBe(12)
  })
})

describe('what stops a stage', () => {
  test('a record of a newer version: the records before it are done, it stays where it is', async () => {
    await log.publish([...some(2), { ...deletion('new'), json: '{"v":2}' }, deletion('after')])
    const { handled, failure } = await run(() => [])
    expect(handled).toEqual(['d0', 'd1'])
    expect(failure).toBeInstanceOf(NewerVersion)
    expect(await deadReasons()).toEqual([])
    expect((await log.lag(decisions, 'stage')).records).toBe(2)
  })

  test.each([
    ['ConfigError', new ConfigError('events.yml:3: unknown key')],
    ['NewerVersion', new NewerVersion('the index was written by a newer Opomena')],
  ])('%s from the stage, with the record kept', async (_, error) => {
    await log.publish(some(2))
    const { failure } = await run(() => {
      throw error
    })
    expect(failure).toBe(error)
    expect((await log.lag(decisions, 'stage')).records).toBe(2)
  })

  test('a stage that forgets an answer, with the records kept', async () => {
    await log.publish(some(3))
    const { failure } = await run(() => [], { handle: async () => [[]] })
    expect(String(failure)).toMatch(/expected 3 answers, one for each record, got 1/)
    expect((await log.lag(decisions, 'stage')).records).toBe(3)
  })
})

describe('the signal', () => {
  const start = (handleOne: (decision: Decision) => Promise<readonly Message[]>) => {
    const end = new AbortController()
    const stage: Stage<Decision> = { name: 'stage', reads: decisions, handle: eachRecord(handleOne) }
    const running = runStage(stage, { log, clock: systemClock, logger: silentLogger, signal: end.signal })
    return { end, running }
  }

  test('ends the stage between two records; the rest is left for the next start', async () => {
    await log.publish(some(50))
    let handled = 0
    const { end, running } = start(async () => {
      if (++handled === 5) end.abort()
      return []
    })
    await running
    expect(handled).toBe(5)
    expect((await log.lag(decisions, 'stage')).records).toBe(45)
  })

  test('ends a wait at once, and the record is kept', async () => {
    await log.publish(some(2))
    let handled = 0
    const { end, running } = start(async () => {
      handled++
      throw new RetryLater('for an hour', { afterMs: 3_600_000 })
    })
    while (handled === 0) await new Promise(resolve => setTimeout(resolve, 2))
    const begin = Date.now()
    end.abort()
    await running
    expect(Date.now() - begin).toBeLessThan(2_000)
    expect((await log.lag(decisions, 'stage')).records).toBe(2)
  })

  test('already given, nothing is read', async () => {
    await log.publish(some(2))
    await runStage(
      { name: 'stage', reads: decisions, handle: () => Promise.reject(new Error('not to be called')) },
      { log, clock: systemClock, logger: silentLogger, signal: AbortSignal.abort() },
    )
    expect((await log.lag(decisions, 'stage')).records).toBe(2)
  })
})

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
