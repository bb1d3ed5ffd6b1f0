/** A membership in a group, with a client of Kafka that the test plays. */
import { describe, expect, test, vi } from 'vitest'
import { RetryLater } from '../../core/errors.ts'
import type { KafkaClient } from '../../stream/kafka-client.ts'
import { session } from '../../stream/kafka-session.ts'
import { testClock } from '../fakes.ts'

const SESSION_MS = 1_000
const LOOK_MS = SESSION_MS / 2

/** A session with 5 records to read, and what the test does to it. */
function opened({
  due = async () => '5 records wait',
}: { readonly due?: () => Promise<string | undefined> } = {}) {
  const clock = testClock()
  const stopping = new AbortController()
  const heard = new Map<string, (event: unknown) => void>()
  const joins: unknown[] = []
  const work = Promise.withResolvers<undefined>()
  let handed: (payload: unknown) => Promise<void> = async () => undefined
  const consumer = {
    events: { CRASH: 'crash', GROUP_JOIN: 'join', REQUEST: 'request' },
    on: (event: string, hear: (event: unknown) => void) => void heard.set(event, hear),
    connect: async () => undefined,
    subscribe: async () => undefined,
    run: async ({ eachBatch }: { eachBatch: typeof handed }) => void (handed = eachBatch),
    // Whatever kafkajs was doing when it was asked to leave comes to its end.
    disconnect: async () => heard.get('join')!({ payload: { memberAssignment: { t: [0] } } }),
  }
  const client = { consumer: () => consumer } as unknown as KafkaClient
  const { over } = session({
    ...{ client, groupId: 'g', topic: 't', what: 'group g', clock, stopping: stopping.signal, due },
    times: { sessionMs: SESSION_MS, heartbeatMs: 100, waitMs: 100 },
    beforeJoining: async () => undefined,
    joined: (_, partitions) => void joins.push(partitions),
    eachBatch: () => work.promise,
    idle: async () => undefined,
  })
  let end: Error | 'well' | undefined
  over.then(
    () => (end = 'well'),
    (thrown: unknown) => (end = thrown as Error),
  )
  return {
    ...{ joins, stopping },
    end: () => end,
    handOver: () => handed({}),
    finish: () => work.resolve(undefined),
    answer: () => heard.get('request')!({}),
    looks: async (times: number) => {
      for (let look = 0; look < times; look++) await clock.advance(LOOK_MS)
    },
  }
}

describe('a client of Kafka that says nothing', () => {
  test('has died after three sessions in which records wait', async () => {
    const { looks, end } = opened()
    await looks(5)
    expect(end()).toBeUndefined()
    await looks(1)
    expect(end()).toMatchObject({
      message: expect.stringMatching(/sign of life within 3 s, .* 5 records wait/),
    })
  })

  test('has not died when any answer has come meanwhile', async () => {
    const { looks, end, answer } = opened()
    for (let times = 0; times < 5; times++) {
      await looks(5)
      answer()
      await looks(1)
    }
    expect(end()).toBeUndefined()
  })

  test('is not taken for dead while a batch is in hand, and once it is done has its whole time again', async () => {
    const { looks, end, handOver, finish } = opened()
    await looks(1)
    const handled = handOver()
    await looks(100)
    finish()
    await handled
    await looks(5)
    expect(end()).toBeUndefined()
    await looks(1)
    expect(end()).toBeInstanceOf(Error)
  })

  test.each([
    ['there is nothing to read', async () => undefined],
    ['the brokers cannot be asked either', () => Promise.reject(new RetryLater('away'))],
  ])('is not asked for a sign while %s', async (_, due) => {
    const { looks, end } = opened({ due })
    await looks(100)
    expect(end()).toBeUndefined()
  })
})

test('a worker that was frozen looks once, however long it was: its client is not taken for dead', async () => {
  const { looks, end } = opened()
  const now = performance.now()
  const time = vi.spyOn(performance, 'now').mockReturnValue(now + 600_000)
  await looks(2)
  time.mockRestore()
  expect(end()).toBeUndefined()
})

test('what a group gives to a worker that is leaving is not taken up', async () => {
  const { joins, stopping, looks, end } = opened()
  stopping.abort()
  await looks(1)
  expect(end()).toBe('well')
  expect(joins).toEqual([])
})
