/** Sends records to Kafka, one request after the other: durable on the brokers that must have them when it resolves. */
import { GZIP } from './kafka-client.ts'
import type { Producer } from './kafka-client.ts'
import type { Link } from './kafka-link.ts'
import type { Outgoing } from './kafka-records.ts'

export interface KafkaPublisher {
  /**
   * Answers at which offset each of them is, in order; undefined where a record does not name its partition.
   * @throws RetryLater: some may be there and will be there twice.
   */
  send(records: readonly Outgoing[]): Promise<readonly (number | undefined)[]>
}

/** One request holds at most so much before it is compressed: Kafka's limit for a batch is 1 MiB. */
const SEND_BYTES = 1_000_000
/** What a record weighs beside its own bytes, generously. */
const RECORD_OVERHEAD = 100
const ALL_REPLICAS = -1

/**
 * A producer that failed is not used again (the link drops it): its next request would bear the number of the one
 * whose answer was lost, and the broker would take it for a repeat and throw it away.
 */
export function kafkaPublisher(producer: Link<Producer>): KafkaPublisher {
  let last: Promise<unknown> = Promise.resolve()

  async function sendAll(records: readonly Outgoing[]): Promise<readonly (number | undefined)[]> {
    const offsets: (number | undefined)[] = []
    for (const part of parts(records)) {
      const answers = await producer.use(open =>
        open.sendBatch({ acks: ALL_REPLICAS, compression: GZIP, topicMessages: byTopic(part) }),
      )
      const next = new Map(
        answers.map(({ topicName, partition, baseOffset }) => [
          `${topicName}/${partition}`,
          Number(baseOffset),
        ]),
      )
      offsets.push(...part.map(record => placeOf(record, next)))
    }
    return offsets
  }

  return {
    send(records) {
      if (records.length === 0) return Promise.resolve([])
      const mine = last.then(() => sendAll(records))
      last = mine.catch(() => undefined)
      return mine
    },
  }
}

/** Records of one partition lie one behind the other. */
function placeOf({ topic, partition }: Outgoing, next: Map<string, number>): number | undefined {
  const place = `${topic}/${partition ?? ''}`
  const offset = next.get(place)
  if (offset !== undefined) next.set(place, offset + 1)
  return offset
}

function* parts(records: readonly Outgoing[]): Iterable<readonly Outgoing[]> {
  let part: Outgoing[] = []
  let bytes = 0
  for (const record of records) {
    const weight = weightOf(record)
    if (part.length > 0 && bytes + weight > SEND_BYTES) {
      yield part
      part = []
      bytes = 0
    }
    part.push(record)
    bytes += weight
  }
  yield part
}

function weightOf({ key, value, headers }: Outgoing): number {
  const names = Object.entries(headers).flat().join('')
  return Buffer.byteLength(key) + Buffer.byteLength(value ?? '') + Buffer.byteLength(names) + RECORD_OVERHEAD
}

function byTopic(records: readonly Outgoing[]): TopicMessages[] {
  return [...Map.groupBy(records, one => one.topic)].map(([topic, some]) => ({
    topic,
    messages: some.map(({ key, value, headers, partition, timestamp }) => ({
      key,
      value,
      headers,
      ...(partition !== undefined && { partition }),
      ...(timestamp !== undefined && { timestamp }),
    })),
  }))
}

type TopicMessages = NonNullable<Parameters<Producer['sendBatch']>[0]['topicMessages']>[number]
