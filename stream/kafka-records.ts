/** Our messages as Kafka records and back: what is key, value and header, and which partition a key belongs to. */
import { createHash } from 'node:crypto'
import { Quarantine } from '../core/errors.ts'
import type { LogRecord } from '../core/ports.ts'
import type { Message } from '../core/stage.ts'
import { MAX_RECORD_BYTES } from '../core/topics.ts'
import type { KafkaMessage } from './kafka-client.ts'

/** A record on its way to a topic of Kafka. Without a value it is a tombstone: compaction removes what had its key. */
export interface Outgoing {
  readonly topic: string
  /** The key of Kafka: of all records that have it, compaction keeps the last. */
  readonly key: string
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
  /** Where `headers.key` does not say it. */
  readonly partition?: number
  readonly timestamp?: string
}

/** A record as it lies in a partition. */
export interface Stored {
  readonly offset: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly key: string
  /** Undefined in a tombstone. */
  readonly value: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

/** What key and id may have beside the largest JSON, so that Kafka's own limit of 1 MiB for a record is kept. */
const MOST_NAME_BYTES = 8_000

/**
 * The key of Kafka is the message's id, so that compaction drops repeats and what was erased and nothing else; where
 * only the latest of a key is kept it is that key. The partition always follows the message's key.
 * @throws Quarantine when the record is larger than what is carried.
 */
export function outgoing({ topic, key, id, json }: Message, kafkaTopic: string, at: number): Outgoing {
  const bytes = Buffer.byteLength(json)
  const names = Buffer.byteLength(key) + Buffer.byteLength(id)
  if (bytes > MAX_RECORD_BYTES || names > MOST_NAME_BYTES) {
    throw new Quarantine(
      `message ${id.slice(0, 200)} of topic ${topic.name}: expected at most ${MAX_RECORD_BYTES} bytes of JSON and ${MOST_NAME_BYTES} of key and id, got ${bytes} and ${names}; nothing was sent`,
    )
  }
  return {
    topic: kafkaTopic,
    key: topic.keep === 'latest' ? key : id,
    value: json,
    headers: { key, id },
    timestamp: String(at),
  }
}

export function stored({ offset, timestamp, key, value, headers }: KafkaMessage): Stored {
  return {
    offset: Number(offset),
    at: Number(timestamp),
    key: String(key ?? ''),
    value: value === null ? undefined : value.toString('utf8'),
    headers: Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, text]) => [name, String(text as unknown as Buffer)]),
    ),
  }
}

/** The record for the reader. What somebody else put there without our headers is named by its place. */
export function logRecord(record: Stored, place: string): LogRecord {
  const { key, headers, at, offset, value } = record
  return {
    key: headers['key'] ?? key,
    id: headers['id'] ?? `${place}/${offset}`,
    json: value ?? '',
    at: new Date(at).toISOString(),
  }
}

/** Spread evenly and for ever alike: a topic whose number of partitions changes loses the order of its keys. */
export function partitionOf(key: string, partitions: number): number {
  return createHash('sha256').update(key).digest().readUInt32BE() % partitions
}
