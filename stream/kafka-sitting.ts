/**
 * Sitting on a seat: one client of Kafka after the other is a member of its group, for a client may fail or die without
 * a word. While none is there nobody knows who has the seat; it is lost when another member was given it.
 */
import type { AssignerProtocol, Kafka } from 'kafkajs'
import { backoffMs } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { Clock } from '../core/ports.ts'
import type { Consumer } from './kafka-client.ts'
import { fateOfKafka } from './kafka-fate.ts'
import { within } from './kafka-link.ts'
import { seatAssigner } from './kafka-seat-assigner.ts'
import { session } from './kafka-session.ts'

export interface Seat {
  /** Aborted when somebody else has it: this process was frozen or cut off for longer than Kafka waits. */
  readonly lost: AbortSignal
  /** Whether nobody else can have it at this moment. False also when this process is cut off: it cannot know. */
  isSafe(): boolean
  release(): Promise<void>
}

export interface SittingOptions {
  readonly kafka: Kafka
  readonly protocol: typeof AssignerProtocol
  readonly what: string
  readonly topic: string
  readonly groupId: string
  readonly sessionMs: number
  readonly clock: Clock
  readonly logger: Logger
  /** Ends the waiting, not the sitting. */
  readonly signal: AbortSignal
}

const NEVER = -Infinity
const LEAVE_MS = 5_000
const BEATS_A_SESSION = 5
const FETCHES_A_SESSION = 10
/** Within some two seconds: we begin anew sooner than kafkajs by itself would. */
const TRIES = 3

/** Undefined when somebody else was faster, or the signal was aborted. @throws what Kafka says. */
export async function sitDown(options: SittingOptions): Promise<Seat | undefined> {
  const { what, sessionMs, clock, logger, signal } = options
  const lost = new AbortController()
  const left = new AbortController()
  const first = Promise.withResolvers<boolean>()
  let holds = false
  let heardAt = NEVER
  let failures = 0
  // The clock on the wall may jump.
  const isSafe = (): boolean => holds && performance.now() - heardAt < sessionMs

  function given(isMine: boolean): void {
    if (holds && !isMine) lost.abort()
    holds = isMine
    failures = 0
    first.resolve(isMine)
    if (!isMine) left.abort()
  }

  async function keep(): Promise<void> {
    while (!left.signal.aborted) {
      try {
        await oneClient(options, left.signal, { given, claims: isSafe, heard: at => (heardAt = at) })
      } catch (thrown) {
        if (!holds) throw thrown
        heardAt = NEVER // It may have left, and then the seat is free for everybody.
        const { message: reason } = fateOfKafka(thrown, what)
        const waitMs = Math.min(backoffMs(failures++), sessionMs)
        logger.warn({ reason, waitMs }, 'Kafka does not say whether the place is still held; asking again')
        await clock.sleep(waitMs, left.signal)
      }
    }
  }

  const kept = keep()
  kept.catch(first.reject)
  async function release(): Promise<void> {
    left.abort()
    await within(LEAVE_MS, kept) // A broker that is away cannot be told, and misses this one by itself.
  }
  const isMine = await orAborted(signal, first.promise)
  if (isMine && !signal.aborted) return { lost: lost.signal, isSafe, release }
  await release()
  return undefined
}

interface Hearing {
  /** The group was shared out, and this member has the seat or has it not. */
  readonly given: (isMine: boolean) => void
  /** Whether the next sharing out is to leave it where it is. */
  readonly claims: () => boolean
  /** At that time, as `performance.now()` tells it, Kafka began to wait anew for this member. */
  readonly heard: (at: number) => void
}

/** Resolves when it has left, rejects when the client has failed. */
async function oneClient(options: SittingOptions, left: AbortSignal, hearing: Hearing): Promise<void> {
  const { what, topic, groupId, sessionMs, clock } = options
  const over = new AbortController()
  const times = {
    sessionMs,
    heartbeatMs: sessionMs / BEATS_A_SESSION,
    waitMs: sessionMs / FETCHES_A_SESSION,
  }
  try {
    await session({
      ...{ what, topic, groupId, times, clock, stopping: left },
      client: { consumer: () => heardConsumer(options, times, { ...hearing, over: over.signal }) },
      beforeJoining: async () => undefined,
      joined: (_, partitions) => hearing.given(partitions.length > 0),
      eachBatch: async () => undefined,
      idle: async () => undefined,
      due: async () => 'heartbeats are due',
    }).over
  } finally {
    over.abort()
  }
}

/** A consumer of the topic, which is empty, whose heartbeats are listened to. */
function heardConsumer(
  { kafka, protocol, groupId }: SittingOptions,
  { sessionMs, heartbeatMs, waitMs }: { sessionMs: number; heartbeatMs: number; waitMs: number },
  { claims, heard, over }: Hearing & { readonly over: AbortSignal },
): Consumer {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionMs,
    rebalanceTimeout: sessionMs * 2,
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: waitMs,
    allowAutoTopicCreation: false,
    // One that was silent for longer may have been replaced: it says so, and leaves the seat to who has it now.
    partitionAssigners: [() => seatAssigner(protocol, claims)],
    retry: { retries: TRIES, restartOnFailure: async () => false },
  })
  const { REQUEST, HEARTBEAT, GROUP_JOIN } = consumer.events
  let askedAt = 0
  // Kafka counts from the question: frozen before the answer is read, this process is late by as much.
  consumer.on(REQUEST, ({ payload: { apiName, duration } }) => {
    if (apiName === 'Heartbeat' || apiName === 'SyncGroup') askedAt = performance.now() - duration
    if (apiName === 'LeaveGroup') hear(NEVER)
  })
  // One that was replaced may wake up once more.
  const hear = (at: number): void => {
    if (!over.aborted) heard(at)
  }
  consumer.on(HEARTBEAT, () => hear(askedAt))
  consumer.on(GROUP_JOIN, () => hear(askedAt))
  return consumer
}

/** What the work answers, or undefined when the signal is aborted first. */
export async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController()
  const aborted = new Promise<undefined>(resolve => {
    signal.addEventListener('abort', () => resolve(undefined), { signal: over.signal })
    if (signal.aborted) resolve(undefined)
  })
  try {
    return await Promise.race([aborted, work])
  } finally {
    over.abort()
  }
}
