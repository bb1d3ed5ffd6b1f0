/** One group reading one topic of Kafka: joins, hands over, commits after the answer, and joins again when it must. */
import { backoffMs } from '../core/clock.ts'
import { RetryLater } from '../core/errors.ts'
import type { LogSubscription } from '../core/ports.ts'
import { HandlerThrew, placeOf, reading } from './kafka-batch.ts'
import type { ReadingOptions } from './kafka-batch.ts'
import { GAP } from './kafka-client.ts'
import type { Consumer, ConsumerTimes, EachBatchPayload, KafkaClient } from './kafka-client.ts'
import { fateOfKafka, isLost, isRebalance } from './kafka-fate.ts'
import { heart } from './kafka-heart.ts'
import type { KafkaKeeping } from './kafka-keeping.ts'
import { redrivenLetters } from './kafka-letters.ts'
import { session } from './kafka-session.ts'
import type { Session } from './kafka-session.ts'
import { LeaseLost } from './lease.ts'

export interface KafkaConsumerOptions extends ReadingOptions {
  readonly client: KafkaClient
  readonly times: ConsumerTimes
  readonly keeping: KafkaKeeping
}

export interface KafkaConsumer extends LogSubscription {
  /** The letters that wait for their group may have changed. */
  wake(): void
}

export function consumeKafka(options: KafkaConsumerOptions): KafkaConsumer {
  const { group, topic, clock, logger, client, names, times, keeping } = options
  const fields = { group, topic }
  const kafkaTopic = names.topic(topic)
  const stopping = new AbortController()
  const work = reading(options, stopping.signal)
  let turn: Promise<unknown> = Promise.resolve()
  let assigned: readonly number[] = []
  let joins = 0
  let current: Session | undefined

  /** One thing at a time: while a batch is in hand nothing else is handed over. */
  function inTurn<T>(what: () => Promise<T>): Promise<T> {
    const mine = turn.then(what)
    turn = mine.catch(() => undefined)
    return mine
  }

  const stopped = new Promise<void>(resolve =>
    stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
  )

  /** Brokers that are away must not keep a worker that is asked to end. */
  function unlessStopping(work: Promise<void>): Promise<void> {
    return Promise.race([work, stopped])
  }

  const letters = redrivenLetters({
    ...options,
    ...{ reading: work, stopping: stopping.signal, heartbeatMs: times.heartbeatMs, inTurn },
    assigned: () => assigned,
    joins: () => joins,
    fail: thrown => current?.end(thrown),
  })

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      const before = joins
      const fate = await oneSession()
      if (fate === undefined) return
      if (!(fate instanceof RetryLater)) throw fate
      failures = joins > before ? 0 : failures + 1
      const waitMs = backoffMs(failures)
      logger.warn({ ...fields, reason: fate.message, waitMs }, 'Kafka cannot be read; waiting')
      await clock.sleep(waitMs, stopping.signal)
    }
  }

  /** What ended it; undefined when it was stopped. */
  async function oneSession(): Promise<Error | undefined> {
    try {
      current = session({
        ...{ client, topic: kafkaTopic, groupId: names.group(topic, group), what: work.what, times, clock },
        stopping: stopping.signal,
        joined: (consumer, partitions) => {
          joins++
          assigned = partitions
          const taken = (): Promise<void> => unlessStopping(takeUp(consumer, joins))
          void inTurn(taken).catch((thrown: unknown) => current?.end(thrown))
        },
        beforeJoining: sayWhatIsMissing,
        eachBatch,
        idle: async () => {
          await turn
        },
        async due() {
          const { records } = await keeping.lag(topic, group)
          return records > 0 ? `${records} records wait` : undefined
        },
      })
      await current.over
      return undefined
    } catch (thrown) {
      if (thrown instanceof HandlerThrew) throw thrown.cause
      return fateOfKafka(thrown, work.what)
    } finally {
      assigned = []
    }
  }

  /** Asked before joining: kafkajs moves a place that is gone as soon as it reads. */
  async function sayWhatIsMissing(): Promise<void> {
    if (joins > 0) return
    for (const { partition, first, committed } of await keeping.standing(topic, group)) {
      if (committed === undefined || committed >= first) continue
      logger.error({ ...fields, partition, records: first - committed }, GAP)
    }
  }

  /** Says when the group is new here, and makes it known. */
  async function takeUp(consumer: Consumer, joined: number): Promise<void> {
    const ours = (await keeping.standing(topic, group)).filter(one => assigned.includes(one.partition))
    const unknown = ours.filter(one => one.committed === undefined)
    if (unknown.some(one => one.end > one.first)) {
      const partitions = unknown.length
      logger.warn({ ...fields, partitions }, 'no place of the group is known: it reads from the first record')
    }
    if (unknown.length === 0 || joined !== joins) return
    await consumer.commitOffsets(
      unknown.map(({ partition, first }) => ({ topic: kafkaTopic, partition, offset: String(first) })),
    )
  }

  async function eachBatch(payload: EachBatchPayload, ended: AbortSignal): Promise<void> {
    if (ended.aborted || stopping.signal.aborted || !payload.isRunning()) return
    const joined = joins
    const place = placeOf(payload)
    const beating = heart({
      ...{ clock, intervalMs: times.heartbeatMs, stopping: stopping.signal },
      beat: () => payload.heartbeat(),
      holdFast: place.hold,
    })
    const isOurs = (): boolean => joins === joined && !ended.aborted
    try {
      await inTurn(() => work.handleBatch({ payload, beating, place, isOurs }))
    } catch (thrown) {
      const gone = beating.lost() ?? thrown
      if (!isLost(gone) && !isRebalance(gone)) {
        current?.end(gone)
        return
      }
      logger.warn(fields, 'another worker took over; what was in hand is discarded here and handled there')
      throw kafkaErrorIn(gone)
    } finally {
      beating.stop()
    }
    const moving = beating.moving()
    if (moving) throw moving
  }

  const done = run().catch((thrown: unknown) => {
    // Stopped while Kafka was away: nothing is committed, so nothing is lost.
    if (!stopping.signal.aborted || !(thrown instanceof RetryLater)) throw thrown
  })
  done.catch(() => undefined) // Whoever waits for `done` hears of it; nobody need.

  return {
    done,
    wake: () => void letters.look(),
    async stop() {
      stopping.abort()
      await done.catch(() => undefined)
    },
  }
}

/** kafkajs joins again only for errors of its own. */
function kafkaErrorIn(thrown: unknown): unknown {
  return thrown instanceof LeaseLost ? thrown.cause : thrown
}
