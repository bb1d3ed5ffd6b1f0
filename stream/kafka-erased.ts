/**
 * Erasing in Kafka. A compacted topic holds the keys that were erased: nobody hands over or takes a record of theirs
 * from that moment. Tombstones make the brokers remove the bytes when they next compact, within a day.
 */
import type { TopicName } from '../core/topics.ts'
import { isOutOfRange } from './kafka-reader.ts'
import type { KafkaReader } from './kafka-reader.ts'
import type { KafkaPublisher } from './kafka-publisher.ts'
import { partitionOf } from './kafka-records.ts'
import type { Outgoing, Stored } from './kafka-records.ts'
import type { KafkaNames } from './kafka-topics.ts'

export interface ErasedView {
  /** Learns what was erased anywhere until now. */
  refresh(): Promise<void>
  has(topic: TopicName, key: string): boolean
  /** How many of these places hold nothing to read: erased records and their tombstones. */
  gone(topic: TopicName, partition: number, from: number, to: number): number
}

export interface Erasing extends ErasedView {
  /** Answers how many messages went. */
  erase(topic: TopicName, keys: readonly string[]): Promise<number>
  /** Tombstones for records that somebody published while their key was being erased. */
  sweep(topic: TopicName, partition: number, records: readonly Stored[]): Promise<void>
}

interface Deps {
  readonly names: KafkaNames
  readonly reader: KafkaReader
  readonly publisher: KafkaPublisher
  /** First offset that is kept. */
  readonly firstOf: (topic: TopicName, partition: number) => Promise<number>
  readonly now: () => number
}

export function kafkaErased({ names, reader, publisher, firstOf, now }: Deps): Erasing {
  const own = names.topic('erased')
  const keys = new Map<string, number>()
  const places = new Map<string, Set<number>>()
  let next = 0
  let last: Promise<void> = Promise.resolve()

  async function readOn(): Promise<void> {
    for await (const { key, value, offset } of reader.scan(own, 0, next)) {
      next = offset + 1
      if (value === undefined) continue
      const [kind, topic, of] = JSON.parse(key) as [string, string, string | number]
      const said = JSON.parse(value) as { readonly at?: number; readonly offsets?: readonly number[] }
      if (kind === 'key') keys.set(JSON.stringify([topic, of]), said.at ?? 0)
      else for (const place of said.offsets ?? []) placesOf(topic, Number(of)).add(place)
    }
  }

  function refresh(): Promise<void> {
    const mine = last.then(readOn)
    last = mine.catch(() => undefined)
    return mine
  }

  function placesOf(topic: string, partition: number): Set<number> {
    const name = `${topic}/${partition}`
    const known = places.get(name) ?? new Set()
    places.set(name, known)
    return known
  }

  const erasedAt = (topic: string, key: string): number | undefined => keys.get(JSON.stringify([topic, key]))

  /** Puts tombstones on the records, and says which places hold nothing any more. */
  async function bury(topic: TopicName, partition: number, dead: Remains): Promise<void> {
    const buried = [...dead.live].map(([key, of]) => tombstone(names.topic(topic), partition, key, of))
    const graves = (await publisher.send(buried)).filter(offset => offset !== undefined)
    const offsets = [...dead.offsets, ...graves].filter(offset => !placesOf(topic, partition).has(offset))
    if (offsets.length === 0) return
    await publisher.send([
      {
        topic: own,
        key: JSON.stringify(['gone', topic, partition, Math.min(...offsets)]),
        value: JSON.stringify({ v: 1, offsets }),
        headers: { key: topic },
      },
    ])
  }

  async function remainsOf(
    topic: TopicName,
    partition: number,
    wanted: ReadonlySet<string>,
  ): Promise<Remains> {
    const found: Remains = { live: new Map(), offsets: [] }
    const from = await firstOf(topic, partition)
    try {
      for await (const one of reader.scan(names.topic(topic), partition, from)) {
        const key = one.headers['key'] ?? one.key
        if (!wanted.has(key)) continue
        found.offsets.push(one.offset)
        if (one.value === undefined) found.live.delete(one.key)
        else found.live.set(one.key, key)
      }
    } catch (thrown) {
      // Cut off at the front meanwhile.
      if (!isOutOfRange(thrown)) throw thrown
      return remainsOf(topic, partition, wanted)
    }
    return found
  }

  return {
    refresh,
    has: (topic, key) => keys.size > 0 && erasedAt(topic, key) !== undefined,
    gone(topic, partition, from, to) {
      let count = 0
      for (const place of places.get(`${topic}/${partition}`) ?? []) if (place >= from && place < to) count++
      return count
    },
    async erase(topic, wanted) {
      if (wanted.length === 0) return 0
      // The keys first: what is published while we look is not handed over either.
      await publisher.send(wanted.map(key => marker(own, topic, key, now())))
      await refresh()
      const partitions = await reader.partitions(names.topic(topic))
      const byPartition = Map.groupBy(new Set(wanted), key => partitionOf(key, partitions))
      let count = 0
      for (const [partition, some] of byPartition) {
        const remains = await remainsOf(topic, partition, new Set(some))
        count += remains.live.size
        await bury(topic, partition, remains)
      }
      await refresh()
      return count
    },
    async sweep(topic, partition, records) {
      const late = records.filter(one => {
        const at = erasedAt(topic, one.headers['key'] ?? one.key)
        if (at === undefined || one.at < at - CLOCKS_DIFFER_MS) return false
        return !placesOf(topic, partition).has(one.offset)
      })
      if (late.length === 0) return
      const live = new Map(late.map(one => [one.key, one.headers['key'] ?? one.key]))
      await bury(topic, partition, { live, offsets: late.map(one => one.offset) })
      await refresh()
    },
  }
}

/** Clocks of the machines differ by no more. */
const CLOCKS_DIFFER_MS = 60_000

interface Remains {
  /** Key of Kafka → key of the message, of records that no tombstone covers. */
  readonly live: Map<string, string>
  readonly offsets: number[]
}

function marker(own: string, topic: TopicName, key: string, at: number): Outgoing {
  return {
    topic: own,
    key: JSON.stringify(['key', topic, key]),
    value: JSON.stringify({ v: 1, at }),
    headers: { key: topic },
  }
}

function tombstone(topic: string, partition: number, key: string, of: string): Outgoing {
  return { topic, partition, key, value: null, headers: { key: of } }
}
