/** Reads partitions of Kafka without a group: what stands at a place, and everything from there to the end. */
import { askAgain } from '../core/ask-again.ts'
import { RetryLater } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { RawCluster } from './kafka-client.ts'
import { typeOf } from './kafka-fate.ts'
import type { Link } from './kafka-link.ts'
import { stored } from './kafka-records.ts'
import type { Stored } from './kafka-records.ts'

export interface KafkaReader {
  /** How many partitions the topic has. */
  partitions(topic: string): Promise<number>
  /** What one request gives from this place on; `next` is where to go on, `end` where the next record will be. */
  read(topic: string, partition: number, from: number, maxBytes?: number): Promise<Piece>
  /** Everything from there to the end as it is when that is reached. */
  scan(topic: string, partition: number, from: number): AsyncIterable<Stored>
}

export interface Piece {
  readonly records: readonly Stored[]
  readonly next: number
  readonly end: number
}

const PIECE_BYTES = 4 * 1024 * 1024
const READ_UNCOMMITTED = 0

/** A partition that has just been made, or whose leader moves, has one again soon. */
const LEADERLESS = new Set(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'])
const LEADER_PAUSES_MS = [50, 100, 200, 400, 800, 1_600]

export function kafkaReader(cluster: Link<RawCluster>, clock: Clock): KafkaReader {
  function read(topic: string, partition: number, from: number, maxBytes = PIECE_BYTES): Promise<Piece> {
    return askAgain(() => fetchOnce(topic, partition, from, maxBytes), {
      clock,
      pausesMs: LEADER_PAUSES_MS,
      isForNow: thrown => LEADERLESS.has(typeOf(thrown) ?? ''),
    })
  }

  function fetchOnce(topic: string, partition: number, from: number, maxBytes: number): Promise<Piece> {
    return cluster.use(async open => {
      await know(open, topic)
      const [nodeId] = Object.keys(open.findLeaderForPartitions(topic, [partition]))
      if (nodeId === undefined)
        throw new RetryLater(`partition ${partition} of topic ${topic} has no leader now`)
      const broker = await open.findBroker({ nodeId })
      const { responses } = await broker.fetch({
        maxWaitTime: 0,
        minBytes: 0,
        maxBytes,
        isolationLevel: READ_UNCOMMITTED,
        topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes }] }],
      })
      const answer = responses[0]?.partitions[0]
      const end = Number(answer?.highWatermark ?? from)
      // A batch of the log begins before the place that was asked for.
      const records = (answer?.messages ?? []).map(stored).filter(one => one.offset >= from)
      // Nothing before the end: compaction has removed it.
      return { records, next: (records.at(-1)?.offset ?? end - 1) + 1, end }
    })
  }

  return {
    partitions: topic =>
      cluster.use(async open => {
        await know(open, topic)
        return open.findTopicPartitionMetadata(topic).length
      }),
    read,
    async *scan(topic, partition, from) {
      for (let at = from; ;) {
        const { records, next, end } = await read(topic, partition, at)
        yield* records
        if (next >= end) return
        at = next
      }
    },
  }
}

async function know(open: RawCluster, topic: string): Promise<void> {
  await open.addMultipleTargetTopics([topic])
  await open.refreshMetadataIfNecessary()
}

/** True when the place is before the first record that is kept, or behind the end. */
export function isOutOfRange(thrown: unknown): boolean {
  return typeOf(thrown) === 'OFFSET_OUT_OF_RANGE'
}
