/** One membership in a group of Kafka: from joining to leaving, watched for a client that has died without a word. */
import { RetryLater } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { Consumer, ConsumerTimes, EachBatchPayload, KafkaClient } from './kafka-client.ts'
import { within } from './kafka-link.ts'

export interface SessionOptions {
  readonly client: Pick<KafkaClient, 'consumer'>
  readonly groupId: string
  readonly topic: string
  readonly what: string
  readonly times: ConsumerTimes
  readonly clock: Clock
  readonly stopping: AbortSignal
  readonly beforeJoining: () => Promise<void>
  /** Joined, with these partitions. */
  readonly joined: (consumer: Consumer, partitions: readonly number[]) => void
  /** What it throws tells kafkajs to join again. */
  readonly eachBatch: (payload: EachBatchPayload, ended: AbortSignal) => Promise<void>
  /** Resolves when nothing is in hand any more. */
  readonly idle: () => Promise<void>
  /** What the client owes a sign of life for, for example `5 records wait`; undefined while it owes none. */
  readonly due: () => Promise<string | undefined>
}

export interface Session {
  /** Resolves after it was stopped; rejects with what ended it. */
  readonly over: Promise<void>
  end(thrown: unknown): void
}

/** Leaving the group must not take longer when the brokers are gone. */
const LEAVE_MS = 5_000
/**
 * So many sessions without an answer of a broker, while there is something to read, is a client that has died. A join
 * alone may take two: the others finish what they have in hand.
 */
const SILENT_SESSIONS = 3
const LOOKS_A_SESSION = 2

export function session(options: SessionOptions): Session {
  const { client, groupId, topic, times, clock, stopping } = options
  const consumer = client.consumer(groupId, times)
  const ended = new AbortController()
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  let signs = 0
  let inHand = 0

  async function start(): Promise<void> {
    await options.beforeJoining()
    if (ended.signal.aborted) return
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch,
    })
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    inHand++
    try {
      await options.eachBatch(payload, ended.signal)
    } finally {
      inHand--
    }
  }

  /** kafkajs has been seen to stop without a word. Looks are counted, not time: frozen, the worker looks once. @throws RetryLater */
  async function watch(): Promise<void> {
    for (let silent = 0; !ended.signal.aborted;) {
      const before = signs
      await clock.sleep(times.sessionMs / LOOKS_A_SESSION, ended.signal)
      // The client is as slow as what it has handed over; and brokers that cannot be asked are down.
      const isQuiet = (): boolean => signs === before && inHand === 0
      const due = isQuiet() ? await options.due().catch(() => undefined) : undefined
      silent = due !== undefined && isQuiet() ? silent + 1 : 0
      if (due !== undefined && silent >= SILENT_SESSIONS * LOOKS_A_SESSION) throw new RetryLater(silence(due))
    }
  }

  function silence(due: string): string {
    const seconds = Math.round((times.sessionMs * SILENT_SESSIONS) / 1000)
    return `${options.what}: expected a sign of life within ${seconds} s, none came while ${due}; joining anew`
  }

  async function untilOver(): Promise<void> {
    listen()
    const starting = start()
    starting.catch(reject)
    void watch().catch(reject)
    try {
      await promise
    } finally {
      await options.idle() // What is in hand is finished and committed before we leave.
      ended.abort()
      // A consumer that is still joining cannot be stopped yet: it would go on reading for nobody.
      const left = starting.catch(() => undefined).then(() => consumer.disconnect())
      await within(LEAVE_MS, left)
    }
  }

  function listen(): void {
    const { events } = consumer
    consumer.on(events.CRASH, ({ payload }) => reject(payload.error))
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      // Joined while it was leaving: what it was given goes to others at once.
      if (!ended.signal.aborted) options.joined(consumer, payload.memberAssignment[topic] ?? [])
    })
    consumer.on(events.REQUEST, () => {
      signs += 1
    })
    stopping.addEventListener('abort', () => resolve(undefined), { signal: ended.signal })
    if (stopping.aborted) resolve(undefined)
  }

  return { over: untilOver(), end: reject }
}
