/** A connection beside a group, with a client of Kafka that the test plays. */
import { afterEach, expect, test, vi } from 'vitest'
import { ConfigError, Quarantine, RetryLater } from '../../core/errors.ts'
import { link } from '../../stream/kafka-link.ts'

afterEach(() => void vi.useRealTimers())

class KafkaFailure extends Error {
  override readonly name = 'KafkaJSProtocolError'
}

/** A link whose clients are numbered from 0, and what became of each of them. */
function linked({ connect = async () => undefined }: { readonly connect?: () => Promise<undefined> } = {}) {
  const states: ('open' | 'closed')[] = []
  const held = link(() => {
    const number = states.push('open') - 1
    return {
      number,
      connect,
      disconnect: async () => {
        states[number] = 'closed'
      },
    }
  }, 'x')
  return { held, states }
}

test('all who ask at the same time share a client, and so does who asks later', async () => {
  const { held, states } = linked()
  const numbers = [held.use(async one => one.number), held.use(async one => one.number)]
  expect(await Promise.all(numbers)).toEqual([0, 0])
  expect(await held.use(async one => one.number)).toBe(0)
  expect(states).toEqual(['open'])
})

test('a client that failed is replaced at once, and closed when nobody asks it any more', async () => {
  const { held, states } = linked()
  const answer = Promise.withResolvers<string>()
  const slow = held.use(() => answer.promise)
  await expect(held.use(() => Promise.reject(new KafkaFailure('no')))).rejects.toBeInstanceOf(RetryLater)
  expect(await held.use(async one => one.number)).toBe(1)
  expect(states).toEqual(['open', 'open'])
  answer.resolve('late')
  expect(await slow).toBe('late')
  expect(states).toEqual(['closed', 'open'])
})

test('one that could not connect is replaced, too', async () => {
  let tries = 0
  const connect = (): Promise<undefined> =>
    tries++ === 0 ? Promise.reject(new KafkaFailure('away')) : Promise.resolve(undefined)
  const { held, states } = linked({ connect })
  await expect(held.use(async () => 'never')).rejects.toBeInstanceOf(RetryLater)
  expect(await held.use(async () => 'here')).toBe('here')
  expect(states).toEqual(['closed', 'open'])
})

test.each([
  ['a record that is at fault', new Quarantine('too large'), 'open'],
  ['a topic that is missing', Object.assign(new KafkaFailure('no'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' }), 'closed'],
] as const)('after %s its client is %s', async (_, thrown, state) => {
  const { held, states } = linked()
  const heard = await held.use(() => Promise.reject(thrown)).catch((error: unknown) => error)
  expect(heard).toBeInstanceOf(thrown instanceof Quarantine ? Quarantine : ConfigError)
  expect(states).toEqual([state])
}) // prettier-ignore

test('who closes it waits for what is under way, and nobody begins anything new', async () => {
  const { held, states } = linked()
  const answer = Promise.withResolvers<string>()
  const slow = held.use(() => answer.promise)
  let isClosed = false
  const closing = held.close().then(() => (isClosed = true))
  await expect(held.use(async () => 'new')).rejects.toThrow('it was closed')
  expect([isClosed, states]).toEqual([false, ['open']])
  answer.resolve('late')
  expect(await slow).toBe('late')
  await closing
  expect(states).toEqual(['closed'])
})

test('who closes it waits for seconds, not for ever; the client is closed all the same when its last answer has come', async () => {
  vi.useFakeTimers()
  const { held, states } = linked()
  const answer = Promise.withResolvers<string>()
  const slow = held.use(() => answer.promise)
  const closing = held.close()
  await vi.advanceTimersByTimeAsync(5_000)
  await closing
  expect(states).toEqual(['open'])
  answer.resolve('late')
  await slow
  expect(states).toEqual(['closed'])
})
