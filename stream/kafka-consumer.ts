/** One group reading one topic of Kafka: joins, hands over, commits after the answer, and joins again when it must. */
import { backoffMs } from '../core/clock.ts'
import { RetryLater, reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { BatchHandler, Clock, LogRecord, LogSubscription, Outcome } from '../core/ports.ts'
import type { TopicName } from '../core/topics.ts'
import { GAP } from './kafka-client.ts'
import type { Consumer, ConsumerTimes, EachBatchPayload, KafkaClient } from './kafka-client.ts'
import type { KafkaDead, LetterHead, NewLetter } from './kafka-dead.ts'
import type { Erasing } from './kafka-erased.ts'
import { fateOfKafka, isLost, isRebalance } from './kafka-fate.ts'
import { heart as startHeart } from './kafka-heart.ts'
import type { Heart } from './kafka-heart.ts'
import type { KafkaKeeping } from './kafka-keeping.ts'
import { within } from './kafka-link.ts'
import { logRecord, stored } from './kafka-records.ts'
import type { Stored } from './kafka-records.ts'
import type { KafkaNames } from './kafka-topics.ts'

export interface KafkaConsumerOptions {
  readonly group: string
  readonly topic: TopicName
  readonly batchSize: number
  readonly handler: BatchHandler
  readonly clock: Clock
  readonly logger: Logger
  readonly client: KafkaClient
  readonly names: KafkaNames
  readonly times: ConsumerTimes
  readonly erased: Erasing
  readonly dead: KafkaDead
  readonly keeping: KafkaKeeping
}

export interface KafkaConsumer extends LogSubscription {
  /** The letters that wait for their group may have changed. */
  wake(): void
}

/** Between handing over a record and handing it over again. */
const RETRY_PAUSE_MS = 200
/** A batch ends at this many UTF-16 units of JSON, so that memory stays small when records are large. */
const BATCH_CHARS = 4_000_000
/** Leaving the group must not take longer when the brokers are gone. */
const LEAVE_MS = 5_000
/** So many sessions without a sign of life, while there is something to read, is a client that has died. */
const SILENT_SESSIONS = 2

/** Records in hand, in order of one partition. */
interface Piece {
  readonly taken: readonly Stored[]
  /** Last offset looked at: behind it the next piece begins. */
  readonly last: number
  /** Of keys that were erased: not handed over. */
  readonly erased: readonly Stored[]
}

/** Whatever the handler throws ends the subscription, also what Kafka might have thrown. */
class HandlerThrew extends Error {
  constructor(cause: unknown) {
    super('the handler threw', { cause })
  }
}

export function consumeKafka(options: KafkaConsumerOptions): KafkaConsumer {
  const { group, topic, batchSize, handler, clock, logger, client, names, times, erased, dead, keeping } =
    options
  const fields = { group, topic }
  const kafkaTopic = names.topic(topic)
  const what = `group ${group} on topic ${topic}`
  const stopping = new AbortController()
  const restingUntil = new Map<string, number>()
  let turn: Promise<unknown> = Promise.resolve()
  /** Partitions that this worker has now, and how often it has joined. */
  let assigned: readonly number[] = []
  let joins = 0
  let consumer: Consumer | undefined
  let fail: (thrown: unknown) => void = () => undefined

  /** One thing at a time: while a batch is in hand nothing else is handed over. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  // ---------------------------------------------------------------- sessions

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      const before = joins
      try {
        await session()
      } catch (thrown) {
        if (thrown instanceof HandlerThrew) throw thrown.cause
        const fate = fateOfKafka(thrown, what)
        if (!(fate instanceof RetryLater)) throw fate
        if (stopping.signal.aborted) return
        failures = joins > before ? 0 : failures + 1
        const waitMs = backoffMs(failures)
        logger.warn({ ...fields, reason: fate.message, waitMs }, 'Kafka cannot be read; waiting')
        await clock.sleep(waitMs, stopping.signal)
      }
    }
  }

  /** From joining the group to leaving it. Rejects with what ended it. */
  async function session(): Promise<void> {
    const mine = client.consumer(names.group(topic, group), times)
    const over = Promise.withResolvers<void>()
    const ended = new AbortController()
    let sign = performance.now()
    let starting: Promise<void> = Promise.resolve()
    const alive = (): void => void (sign = performance.now())
    const { events } = mine
    fail = over.reject
    mine.on(events.CRASH, ({ payload }) => over.reject(payload.error))
    for (const event of [events.HEARTBEAT, events.FETCH, events.COMMIT_OFFSETS, events.GROUP_JOIN])
      mine.on(event, alive)
    mine.on(events.GROUP_JOIN, ({ payload }) => {
      joins++
      assigned = payload.memberAssignment[kafkaTopic] ?? []
      void inTurn(() => takeUp(mine)).catch((thrown: unknown) => over.reject(thrown))
    })
    stopping.signal.addEventListener('abort', () => over.resolve(), { signal: ended.signal })
    if (stopping.signal.aborted) over.resolve()

    async function start(): Promise<void> {
      await mine.connect()
      await mine.subscribe({ topics: [kafkaTopic], fromBeginning: true })
      await mine.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: payload => eachBatch(payload, ended.signal, over.reject),
      })
    }

    try {
      consumer = mine
      starting = start()
      starting.catch(over.reject)
      void watch(() => performance.now() - sign, ended.signal).catch(over.reject)
      await over.promise
    } finally {
      await turn // What is in hand is finished and committed before we leave.
      ended.abort()
      consumer = undefined
      assigned = []
      // A consumer that is still joining cannot be stopped yet: it would go on reading for nobody.
      await within(
        LEAVE_MS,
        starting.catch(() => undefined).then(() => mine.disconnect()),
      )
    }
  }

  /** Joined: says when the group is new here or has missed something, and makes it known. */
  async function takeUp(mine: Consumer): Promise<void> {
    const ours = (await keeping.standing(topic, group)).filter(one => assigned.includes(one.partition))
    const unknown = ours.filter(one => one.committed === undefined)
    for (const { partition, first, committed } of ours)
      if (committed !== undefined && committed < first)
        logger.error({ ...fields, partition, records: first - committed }, GAP)
    if (unknown.some(one => one.end > one.first)) {
      logger.warn(
        { ...fields, partitions: unknown.length },
        'no place of the group is known: it reads from the first record that is kept',
      )
    }
    if (unknown.length === 0 || mine !== consumer) return
    await mine.commitOffsets(
      unknown.map(({ partition, first }) => ({ topic: kafkaTopic, partition, offset: String(first) })),
    )
  }

  /** kafkajs has been seen to stop without a word. @throws Error then. */
  async function watch(silentMs: () => number, ended: AbortSignal): Promise<void> {
    const limit = times.sessionMs * SILENT_SESSIONS
    while (!ended.aborted) {
      await clock.sleep(times.sessionMs / 2, ended)
      if (ended.aborted || silentMs() < limit) continue
      // Brokers that cannot be asked are down, which is no fault of ours.
      const lag = await keeping.lag(topic, group).catch(() => ({ records: 0 }))
      if (lag.records === 0 || silentMs() < limit) continue
      throw new Error(
        `${what}: expected a sign of life within ${Math.round(limit / 1000)} s, the client of Kafka gave none while ${lag.records} records wait; the worker must be started again`,
      )
    }
  }

  // ---------------------------------------------------------------- batches

  /** What it throws tells kafkajs to join again; what must end the subscription goes another way. */
  async function eachBatch(
    payload: EachBatchPayload,
    ended: AbortSignal,
    end: (thrown: unknown) => void,
  ): Promise<void> {
    if (ended.aborted || stopping.signal.aborted || !payload.isRunning()) return
    const joined = joins
    const position = { offset: Number(payload.batch.messages[0]?.offset ?? payload.batch.firstOffset()) }
    const beating = startHeart({
      clock,
      intervalMs: times.heartbeatMs,
      stopping: stopping.signal,
      beat: payload.heartbeat,
      holdFast: () => commitAt(payload, position.offset),
    })
    try {
      await inTurn(() => handleBatch(payload, beating, position, () => joins === joined && !ended.aborted))
    } catch (thrown) {
      const gone = beating.lost() ?? (isLost(thrown) || isRebalance(thrown) ? (thrown as Error) : undefined)
      if (!gone) {
        end(thrown)
        return
      }
      logger.warn(fields, 'another worker took over; what was in hand is discarded here and handled there')
      throw gone
    } finally {
      beating.stop()
    }
    const moving = beating.moving()
    if (moving) throw moving
  }

  /**
   * Everything in front of the first `retry` is committed; that record and all behind it are handed over again, with
   * whatever the handler said of them forgotten.
   */
  async function handleBatch(
    payload: EachBatchPayload,
    beating: Heart,
    position: { offset: number },
    isOurs: () => boolean,
  ): Promise<void> {
    const { batch, pause } = payload
    const records = batch.messages.map(stored)
    for (let at = 0; at < records.length && !beating.signal.aborted && isOurs();) {
      const piece = await untilAnswered(() => take(records, at, batch.partition), beating)
      const outcomes =
        piece.taken.length > 0 ? await handOver(piece.taken.map(asRecord(batch.partition)), beating) : []
      if (!isOurs()) return
      const until = outcomes.indexOf('retry')
      const next = until === -1 ? piece.last + 1 : piece.taken[until]!.offset
      await setAside(
        piece.taken,
        outcomes.slice(0, until === -1 ? undefined : until),
        batch.partition,
        beating,
      )
      if (next > position.offset) {
        payload.resolveOffset(String(next - 1))
        await untilAnswered(() => payload.commitOffsetsIfNecessary(payload.uncommittedOffsets()), beating)
        position.offset = next
      }
      if (until !== -1) {
        // Others may go on meanwhile; what is behind it in its partition is fetched again.
        const resume = pause()
        void clock.sleep(RETRY_PAUSE_MS, stopping.signal).then(() => resume())
        return
      }
      at = records.findIndex(one => one.offset >= next)
      if (at === -1) return
    }
  }

  /** The next records, less tombstones and what was erased, as late as can be known. */
  async function take(records: readonly Stored[], from: number, partition: number): Promise<Piece> {
    await erased.refresh()
    const taken: Stored[] = []
    const dropped: Stored[] = []
    let last = records[from]!.offset
    let chars = 0
    for (const one of records.slice(from)) {
      if (taken.length >= batchSize || chars > BATCH_CHARS) break
      last = one.offset
      if (one.value === undefined) continue
      if (erased.has(topic, one.headers['key'] ?? one.key)) dropped.push(one)
      else {
        taken.push(one)
        chars += one.value.length
      }
    }
    if (dropped.length > 0) await erased.sweep(topic, partition, dropped)
    return { taken, last, erased: dropped }
  }

  const asRecord = (partition: number) => (one: Stored) => logRecord(one, `${kafkaTopic}/${partition}`)

  async function handOver(records: readonly LogRecord[], beating: Heart): Promise<readonly Outcome[]> {
    const { signal, keepAlive } = beating
    try {
      const outcomes = await handler(records, { signal, keepAlive })
      if (outcomes.length !== records.length) {
        throw new Error(
          `${what}: expected an outcome for each of ${records.length} records, the handler gave ${outcomes.length}`,
        )
      }
      return outcomes
    } catch (thrown) {
      throw beating.lost() ?? new HandlerThrew(thrown) // A handler that gives up because its place was lost has done right.
    }
  }

  /** Letters are durable before the records are committed, and written only by the worker whose records they are. */
  async function setAside(
    taken: readonly Stored[],
    outcomes: readonly Outcome[],
    partition: number,
    beating: Heart,
  ): Promise<void> {
    const letters = outcomes.flatMap((outcome, i): NewLetter[] => {
      if (typeof outcome !== 'object') return []
      const { offset } = taken[i]!
      const record = asRecord(partition)(taken[i]!)
      return [{ group, topic, partition, offset, record, reason: outcome.dead, tries: outcome.tries }]
    })
    if (letters.length === 0) return
    await beating.check()
    await untilAnswered(() => writeLetters(letters), beating)
  }

  async function writeLetters(letters: readonly NewLetter[]): Promise<void> {
    await erased.refresh()
    await dead.setAside(letters.filter(({ record }) => !erased.has(topic, record.key))) // Or erased in hand.
  }

  /** Says to Kafka where we are, which is refused when it is no longer ours. */
  async function commitAt(
    { batch, commitOffsetsIfNecessary }: EachBatchPayload,
    offset: number,
  ): Promise<void> {
    const partitions = [{ partition: batch.partition, offset: String(offset) }]
    await commitOffsetsIfNecessary({ topics: [{ topic: kafkaTopic, partitions }] })
  }

  /** Tries again for as long as the brokers do not answer and the place is ours; stopping, it gives up. */
  async function untilAnswered<T>(work: () => Promise<T>, beating?: Heart): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        return await work()
      } catch (thrown) {
        if (isLost(thrown) || isRebalance(thrown)) throw thrown
        const fate = fateOfKafka(thrown, what)
        if (!(fate instanceof RetryLater) || stopping.signal.aborted) throw fate
        const waitMs = backoffMs(failures)
        logger.warn({ ...fields, reason: fate.message, waitMs }, 'Kafka cannot be written; waiting')
        await clock.sleep(waitMs, stopping.signal)
      }
      const lost = beating?.lost()
      if (lost) throw lost
    }
  }

  // ---------------------------------------------------------------- redriven letters

  /** Letters that wait for the group, those from partitions that this worker has. */
  function waiting(): LetterHead[] {
    const now = clock.now().getTime()
    return dead
      .redriven(group, topic)
      .filter(head => assigned.includes(head.partition) && (restingUntil.get(head.id) ?? 0) <= now)
      .slice(0, batchSize)
  }

  async function handleLetters(): Promise<void> {
    if (waiting().length === 0 || stopping.signal.aborted) return
    const joined = joins
    // Heartbeats go on: kafkajs fetches meanwhile, and a batch that comes waits its turn with a heart of its own.
    const beating = startHeart({
      clock,
      intervalMs: times.heartbeatMs,
      stopping: stopping.signal,
      beat: async () => undefined,
      holdFast: async () => undefined,
    })
    try {
      await Promise.all([dead.refresh(), erased.refresh()])
      const heads = waiting()
      const words = await dead.load(heads)
      const there = heads.filter(head => words.has(head.id) && !erased.has(topic, head.key))
      if (there.length === 0) return
      const outcomes = await handOver(
        there.map(head => words.get(head.id)!),
        beating,
      )
      if (joins !== joined) return // Somebody else has them now.
      await settleLetters(there, outcomes, words)
    } finally {
      beating.stop()
    }
  }

  async function settleLetters(
    heads: readonly LetterHead[],
    outcomes: readonly Outcome[],
    words: ReadonlyMap<string, LogRecord>,
  ): Promise<void> {
    await untilAnswered(() => dead.remove(heads.filter((_, i) => outcomes[i] === 'done')))
    const again = heads.flatMap((head, i): NewLetter[] => {
      const outcome = outcomes[i]
      if (outcome === 'retry') restingUntil.set(head.id, clock.now().getTime() + RETRY_PAUSE_MS)
      else restingUntil.delete(head.id)
      if (typeof outcome !== 'object') return []
      return [{ ...head, record: words.get(head.id)!, reason: outcome.dead, tries: outcome.tries }]
    })
    if (again.length > 0) await untilAnswered(() => writeLetters(again))
    await dead.refresh()
  }

  let looking = false
  async function lookForLetters(): Promise<void> {
    if (looking || waiting().length === 0) return
    looking = true
    try {
      await inTurn(handleLetters)
    } catch (thrown) {
      if (!(thrown instanceof HandlerThrew) && fateOfKafka(thrown, what) instanceof RetryLater)
        logger.debug({ ...fields, reason: reasonOf(thrown) }, 'redriven letters wait')
      else fail(thrown)
    } finally {
      looking = false
    }
  }

  const done = run().catch((thrown: unknown) => {
    // Stopped while Kafka was away: nothing is committed, so nothing is lost.
    if (stopping.signal.aborted && thrown instanceof RetryLater) return
    throw thrown
  })
  done.catch(() => undefined) // Whoever waits for `done` hears of it; nobody need.

  return {
    done,
    wake: () => void lookForLetters(),
    async stop() {
      stopping.abort()
      await done.catch(() => undefined)
    },
  }
}
