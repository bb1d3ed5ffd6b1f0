/** One batch of a partition: handed over piece by piece, each committed once the answer to it is durable. */
import { backoffMs } from '../core/clock.ts'
import { RetryLater } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { BatchHandler, Clock, LogRecord, Outcome } from '../core/ports.ts'
import type { TopicName } from '../core/topics.ts'
import type { EachBatchPayload } from './kafka-client.ts'
import type { KafkaDead, NewLetter } from './kafka-dead.ts'
import type { Erasing } from './kafka-erased.ts'
import { fateOfKafka, isLost, isRebalance } from './kafka-fate.ts'
import type { Heart } from './kafka-heart.ts'
import { logRecord, stored } from './kafka-records.ts'
import type { Stored } from './kafka-records.ts'
import type { KafkaNames } from './kafka-topics.ts'

/** Between handing over a record and handing it over again. */
export const RETRY_PAUSE_MS = 200
/** A batch ends at this many UTF-16 units of JSON, so that memory stays small when records are large. */
const BATCH_CHARS = 4_000_000

export interface ReadingOptions {
  readonly group: string
  readonly topic: TopicName
  readonly batchSize: number
  readonly handler: BatchHandler
  readonly clock: Clock
  readonly logger: Logger
  readonly names: KafkaNames
  readonly erased: Erasing
  readonly dead: KafkaDead
}

/** What is done with records that a group has in hand, from a partition or from letters. */
export interface Reading {
  /** How the group and its topic are called in what is said to people. */
  readonly what: string
  handleBatch(batch: BatchInHand): Promise<void>
  /** One outcome for each. @throws HandlerThrew, or what Kafka said when the place was lost. */
  handOver(records: readonly LogRecord[], beating: Heart): Promise<readonly Outcome[]>
  /** Writes letters, less those whose words were erased while they were in hand. */
  writeLetters(letters: readonly NewLetter[]): Promise<void>
  /** Tries again for as long as the brokers do not answer and the place is ours; stopping, it gives up. */
  untilAnswered<T>(work: () => Promise<T>, beating?: Heart): Promise<T>
}

export interface BatchInHand {
  readonly payload: EachBatchPayload
  readonly beating: Heart
  readonly place: Place
  /** False when the worker has joined anew meanwhile: what it holds may be another one's. */
  readonly isOurs: () => boolean
}

/** Where the group goes on in the partition of a batch. */
export interface Place {
  readonly offset: () => number
  /** Says to Kafka where we are, which is refused when it is no longer ours. */
  readonly hold: () => Promise<void>
  readonly moveTo: (next: number) => Promise<void>
}

/** Never two words about it at once: an older one must not come last. */
export function placeOf(payload: EachBatchPayload): Place {
  const { topic, partition, messages } = payload.batch
  let offset = Number(messages[0]!.offset)
  let last: Promise<unknown> = Promise.resolve()
  function inOrder(work: () => Promise<void>): Promise<void> {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
  return {
    offset: () => offset,
    hold: () =>
      inOrder(() => {
        const partitions = [{ partition, offset: String(offset) }]
        return payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] })
      }),
    moveTo: next =>
      inOrder(async () => {
        payload.resolveOffset(String(next - 1))
        await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets())
        offset = next
      }),
  }
}

/** Whatever the handler throws ends the subscription, also what Kafka might have thrown. */
export class HandlerThrew extends Error {
  constructor(cause: unknown) {
    super('the handler threw', { cause })
  }
}

/** Records in hand, in order of one partition. */
interface Piece {
  readonly taken: readonly Stored[]
  /** Last offset looked at: behind it the next piece begins. */
  readonly last: number
}

export function reading(options: ReadingOptions, stopping: AbortSignal): Reading {
  const { group, topic, batchSize, handler, clock, logger, names, erased, dead } = options
  const fields = { group, topic }
  const what = `group ${group} on topic ${topic}`

  /**
   * Everything in front of the first `retry` is committed; that record and all behind it are handed over again, with
   * whatever the handler said of them forgotten.
   */
  async function handleBatch({ payload, beating, place, isOurs }: BatchInHand): Promise<void> {
    const { partition, messages } = payload.batch
    const records = messages.map(stored)
    const asRecord = (one: Stored): LogRecord => logRecord(one, `${names.topic(topic)}/${partition}`)
    for (let at = 0; at !== -1 && at < records.length && !beating.signal.aborted && isOurs();) {
      const piece = await untilAnswered(() => take(records, at, partition), beating)
      const { taken } = piece
      const outcomes = taken.length > 0 ? await handOver(taken.map(asRecord), beating) : []
      if (!isOurs()) return
      const until = outcomes.indexOf('retry')
      const finished = until === -1 ? taken : taken.slice(0, until)
      const letters = finished.flatMap((one, i) => {
        const outcome = outcomes[i]
        if (typeof outcome !== 'object') return []
        const { dead: reason, tries } = outcome
        return [{ group, topic, partition, offset: one.offset, record: asRecord(one), reason, tries }]
      })
      if (letters.length > 0) await setAside(letters, beating)
      const next = until === -1 ? piece.last + 1 : taken[until]!.offset
      if (next > place.offset()) await untilAnswered(() => place.moveTo(next), beating)
      if (until !== -1) {
        rest(payload)
        return
      }
      at = records.findIndex(one => one.offset >= next)
    }
  }

  /** The next records, less tombstones and what was erased until now. */
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
      if (erased.has(topic, one.headers['key'] ?? one.key)) {
        dropped.push(one)
        continue
      }
      taken.push(one)
      chars += one.value.length
    }
    await erased.sweep(topic, partition, dropped)
    return { taken, last }
  }

  async function handOver(records: readonly LogRecord[], beating: Heart): Promise<readonly Outcome[]> {
    const { signal } = beating
    let outcomes: readonly Outcome[]
    try {
      outcomes = await handler(records, { signal, keepAlive: () => beating.keepAlive() })
    } catch (thrown) {
      // A handler that gives up because its place was lost has done right.
      throw beating.lost() ?? new HandlerThrew(thrown)
    }
    if (outcomes.length === records.length) return outcomes
    const said = `expected an outcome for each of ${records.length} records, the handler gave ${outcomes.length}`
    throw new HandlerThrew(new Error(`${what}: ${said}`))
  }

  /** Letters are durable before their records are committed, and written only by the worker whose records they are. */
  async function setAside(letters: readonly NewLetter[], beating: Heart): Promise<void> {
    await beating.check()
    await untilAnswered(() => writeLetters(letters), beating)
  }

  async function writeLetters(letters: readonly NewLetter[]): Promise<void> {
    await erased.refresh()
    await dead.setAside(letters.filter(({ record }) => !erased.has(topic, record.key)))
  }

  /** Others may go on meanwhile; what is not done in its partition is fetched again. */
  function rest(payload: EachBatchPayload): void {
    const resume = payload.pause()
    void clock.sleep(RETRY_PAUSE_MS, stopping).then(() => {
      resume()
    })
  }

  async function untilAnswered<T>(work: () => Promise<T>, beating?: Heart): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        return await work()
      } catch (thrown) {
        if (isLost(thrown) || isRebalance(thrown)) throw thrown
        const fate = fateOfKafka(thrown, what)
        if (!(fate instanceof RetryLater) || stopping.aborted) throw fate
        const waitMs = backoffMs(failures)
        logger.warn({ ...fields, reason: fate.message, waitMs }, 'Kafka cannot be written; waiting')
        await clock.sleep(waitMs, stopping)
      }
      const lost = beating?.lost()
      if (lost) throw lost
    }
  }

  return { what, handleBatch, handOver, writeLetters, untilAnswered }
}
