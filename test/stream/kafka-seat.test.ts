/** Who comes for a seat waits for Kafka, and then for as long as one that died is missed. */
import { AssignerProtocol } from 'kafkajs'
import type { Kafka } from 'kafkajs'
import { afterEach, expect, test, vi } from 'vitest'
import { silentLogger } from '../../core/logger.ts'
import { takeSeat } from '../../stream/kafka-seat.ts'

const SESSION_MS = 1_000
const MEMBER = { clientId: 'web@there', clientHost: '/10.0.0.7' }

afterEach(() => vi.restoreAllMocks())

/** Comes for a seat in which somebody sits, in a Kafka that fails so many times before it says so. */
async function come(failures: number, failure: Error) {
  let now = 50_000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const clock = { now: () => new Date(now), sleep: async (ms: number) => void (now += ms) }
  let asked = 0
  let saidAt: number | undefined
  const admin = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    createTopics: async () => true,
    async describeGroups() {
      if (asked++ < failures) throw failure
      saidAt ??= now
      return { groups: [{ members: [MEMBER] }] }
    },
  }
  const found = await takeSeat({
    kafka: { admin: () => admin } as unknown as Kafka,
    ...{ protocol: AssignerProtocol, name: 'web', prefix: 'p.', replicas: 1, sessionMs: SESSION_MS },
    ...{ clock, logger: silentLogger, signal: new AbortController().signal },
  })
  return { found, waitedMs: now - saidAt! }
}

function failing(name: string): Error {
  return Object.assign(new Error('This is not the correct coordinator for this group'), { name })
}

test.each([0, 30])(
  'Kafka that fails %i times is waited for, and then who sits there has time to be missed',
  async failures => {
    const { found, waitedMs } = await come(failures, failing('KafkaJSProtocolError'))
    expect(found).toEqual({ name: 'web@there', host: '10.0.0.7' })
    expect(waitedMs).toBeGreaterThanOrEqual(SESSION_MS)
    expect(waitedMs).toBeLessThanOrEqual(SESSION_MS * 3)
  },
)

test('what an operator must change is not waited for', async () => {
  await expect(come(1, failing('KafkaJSSASLAuthenticationError'))).rejects.toThrow(
    'set the user and password',
  )
})
