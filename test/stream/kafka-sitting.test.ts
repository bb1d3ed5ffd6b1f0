/** Who sits on a seat keeps it through clients of Kafka that fail or die, and knows when it may have lost it. */
import { AssignerProtocol } from 'kafkajs'
import type { Kafka } from 'kafkajs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sitDown } from '../../stream/kafka-sitting.ts'
import type { Seat } from '../../stream/kafka-sitting.ts'
import { keepingLogger, testClock } from '../fakes.ts'

const SESSION_MS = 1_000
const LOOK_MS = SESSION_MS / 2
const GOES_AGAIN_MS = SESSION_MS
const LEAVE_MS = 5_000
const TOPIC = 'seats'

let now: number
beforeEach(() => {
  now = 50_000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A client of kafkajs as the test plays it. */
function played({ leaves = true } = {}) {
  const heard = new Map<string, ((event: unknown) => void)[]>()
  const emit = (event: string, payload: object = {}): void =>
    heard.get(event)?.forEach(hear => hear({ payload }))
  let hasLeft = false
  return {
    hasLeft: () => hasLeft,
    /** The group was shared out. */
    given(isMine: boolean) {
      emit('request', { apiName: 'SyncGroup', duration: 0 })
      emit('join', { memberAssignment: isMine ? { [TOPIC]: [0] } : {} })
    },
    /** Kafka answers a heartbeat that it was sent so long ago. */
    beats(msAgo = 0) {
      emit('request', { apiName: 'Heartbeat', duration: msAgo })
      emit('beat')
    },
    leaves: () => emit('request', { apiName: 'LeaveGroup', duration: 0 }),
    answers: () => emit('request', { apiName: 'Fetch', duration: 0 }),
    fails: () => emit('crash', { error: new Error('the broker is away'), restart: false }),
    consumer: {
      events: { CRASH: 'crash', GROUP_JOIN: 'join', REQUEST: 'request', HEARTBEAT: 'beat' },
      on: (event: string, hear: (event: unknown) => void) =>
        void heard.set(event, [...(heard.get(event) ?? []), hear]),
      connect: async () => undefined,
      subscribe: async () => undefined,
      run: async () => undefined,
      async disconnect() {
        hasLeft = true
        if (!leaves) await new Promise(() => undefined)
      },
    },
  }
}

type Played = ReturnType<typeof played>

/** Somebody who is sitting down, and the clients that this takes, the newest last. */
function sitting(make: () => Played = played) {
  const clock = testClock()
  const logger = keepingLogger()
  const waiting = new AbortController()
  const clients: Played[] = []
  const kafka = {
    consumer() {
      clients.push(make())
      return clients.at(-1)!.consumer
    },
  } as unknown as Kafka
  const seat = sitDown({
    ...{ kafka, protocol: AssignerProtocol, what: 'seat alerts', topic: TOPIC, groupId: 'g', sessionMs: SESSION_MS },
    ...{ clock, logger, signal: waiting.signal },
  }) // prettier-ignore
  seat.catch(() => undefined)
  return {
    ...{ clock, logger, waiting, clients, seat },
    looks: async (times: number) => {
      for (let look = 0; look < times; look++) await clock.advance(LOOK_MS)
    },
  }
}

async function seated(make?: () => Played) {
  const sat = sitting(make)
  await sat.clock.advance(0)
  sat.clients[0]!.given(true)
  return { ...sat, seat: (await sat.seat) as Seat }
}

describe('a client of Kafka', () => {
  test('that fails is replaced, and the seat is kept when it is given again', async () => {
    const { clients, clock, logger, seat } = await seated()
    clients[0]!.fails()
    await clock.advance(GOES_AGAIN_MS)
    expect(clients.map(client => client.hasLeft())).toEqual([true, false])
    clients[1]!.given(true)
    expect([seat.lost.aborted, seat.isSafe()]).toEqual([false, true])
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        fields: { reason: 'the broker is away', waitMs: expect.any(Number) },
        sentence: expect.stringContaining('asking again'),
      },
    ])
  })

  test('that says nothing for three sessions is replaced, also when it does not end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { clients, clock, looks, seat } = await seated(() => played({ leaves: false }))
    await looks(6) // The first one sees that it was given the seat.
    expect(clients[0]!.hasLeft()).toBe(false)
    await looks(1)
    expect(clients[0]!.hasLeft()).toBe(true)
    await vi.advanceTimersByTimeAsync(LEAVE_MS)
    await clock.advance(GOES_AGAIN_MS)
    expect(clients).toHaveLength(2)
    expect(seat.lost.aborted).toBe(false)
  })

  test('that answers is left alone', async () => {
    const { clients, looks } = await seated()
    for (let times = 0; times < 10; times++) {
      await looks(5)
      clients[0]!.answers()
      await looks(1)
    }
    expect(clients).toHaveLength(1)
  })

  test('is replaced for as long as it takes', async () => {
    const { clients, clock, seat } = await seated()
    for (let times = 1; times <= 20; times++) {
      clients.at(-1)!.fails()
      await clock.advance(GOES_AGAIN_MS)
      expect(clients).toHaveLength(times + 1)
    }
    expect(seat.lost.aborted).toBe(false)
  })

  test('is not replaced once the seat was given back', async () => {
    const { clients, clock, seat } = await seated()
    clients[0]!.fails()
    await seat.release()
    await clock.advance(GOES_AGAIN_MS * 10)
    expect(clients).toHaveLength(1)
  })
})

describe('a seat', () => {
  test('is lost when another member has it, be it by another client, which leaves', async () => {
    const { clients, clock, seat } = await seated()
    clients[0]!.fails()
    await clock.advance(GOES_AGAIN_MS)
    clients[1]!.given(false)
    expect([seat.lost.aborted, seat.isSafe()]).toEqual([true, false])
    await clock.advance(0)
    expect(clients.map(client => client.hasLeft())).toEqual([true, true])
    await clock.advance(GOES_AGAIN_MS * 10)
    expect(clients).toHaveLength(2)
  })

  test('is safe for one session after Kafka was last asked', async () => {
    const { clients, seat } = await seated()
    now += SESSION_MS - 1
    expect(seat.isSafe()).toBe(true)
    now += 1
    expect(seat.isSafe()).toBe(false)
    clients[0]!.beats()
    expect(seat.isSafe()).toBe(true)
  })

  test('is not safe for a process that froze and now reads an old answer', async () => {
    const { clients, seat } = await seated()
    now += SESSION_MS * 20
    clients[0]!.beats(SESSION_MS * 20 - 10)
    expect(seat.isSafe()).toBe(false)
  })

  test.each([
    ['has failed', (one: Played) => one.fails()],
    ['has left', (one: Played) => one.leaves()],
  ])('is not safe when its client %s, for then anybody may sit down', async (_, fault) => {
    const { clients, clock, seat } = await seated()
    fault(clients[0]!)
    await clock.advance(0)
    expect([seat.lost.aborted, seat.isSafe()]).toEqual([false, false])
  })

  test('is not made safe by a client that was replaced and wakes up', async () => {
    const { clients, clock, seat } = await seated()
    clients[0]!.fails()
    await clock.advance(GOES_AGAIN_MS)
    now += SESSION_MS
    clients[0]!.beats()
    expect(seat.isSafe()).toBe(false)
  })
})

describe('sitting down', () => {
  test('is too late when another member was given the seat', async () => {
    const { clients, clock, seat } = sitting()
    await clock.advance(0)
    clients[0]!.given(false)
    expect(await seat).toBeUndefined()
    expect(clients[0]!.hasLeft()).toBe(true)
  })

  test.each([
    ['a client that fails', (one: Played) => one.fails(), 'the broker is away'],
    ['a client that never joins', () => undefined, 'sign of life within 3 s'],
  ])('fails with %s', async (_, fault, says) => {
    const { clients, clock, looks, seat } = sitting()
    await clock.advance(0)
    fault(clients[0]!)
    await looks(6)
    await expect(seat).rejects.toThrow(says)
    await clock.advance(GOES_AGAIN_MS * 10)
    expect(clients).toHaveLength(1)
  })

  test('ends when nobody waits for it any more', async () => {
    const { clients, clock, waiting, seat } = sitting()
    await clock.advance(0)
    waiting.abort()
    expect(await seat).toBeUndefined()
    expect(clients[0]!.hasLeft()).toBe(true)
  })
})
