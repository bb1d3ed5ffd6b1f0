/** How far the groups of Kafka have read, which there are, and what may therefore go. */
import { askAgain } from '../core/ask-again.ts'
import type { Logger } from '../core/logger.ts'
import type { Clock, Lag } from '../core/ports.ts'
import { TOPICS } from '../core/topics.ts'
import type { Topic, TopicName } from '../core/topics.ts'
import type { Admin } from './kafka-client.ts'
import type { KafkaDead } from './kafka-dead.ts'
import type { ErasedView } from './kafka-erased.ts'
import type { Link } from './kafka-link.ts'
import { isOutOfRange } from './kafka-reader.ts'
import type { KafkaReader } from './kafka-reader.ts'
import type { KafkaNames } from './kafka-topics.ts'

export interface KafkaKeeping {
  lag(topic: TopicName, group: string): Promise<Lag>
  groups(): Promise<readonly string[]>
  forget(group: string): Promise<void>
  expire(now: Date): Promise<number>
  /** Where each partition begins and ends, and where the group goes on; undefined where it has never been. */
  standing(topic: TopicName, group: string): Promise<readonly Standing[]>
  firstOf(topic: TopicName, partition: number): Promise<number>
}

export interface Standing {
  readonly partition: number
  readonly first: number
  readonly end: number
  readonly committed: number | undefined
}

interface Deps {
  readonly names: KafkaNames
  readonly admin: Link<Admin>
  readonly reader: KafkaReader
  readonly erased: ErasedView
  readonly dead: KafkaDead
  readonly clock: Clock
  readonly logger: Logger
}

/** Looking for the oldest unread record, so many pieces of a partition are looked at. */
const MOST_PIECES = 20
const PIECE_BYTES = 64 * 1024

/**
 * A partition has no leader for a moment, after it was made or while brokers change, and a group nobody who knows it:
 * on a broker that has just begun for some seconds.
 */
const PAUSES_MS = [200, 400, 800, 1_600, 3_200] as const

export function kafkaKeeping({ names, admin, reader, erased, dead, clock, logger }: Deps): KafkaKeeping {
  async function standing(topic: TopicName, group: string): Promise<readonly Standing[]> {
    const ask = (): Promise<readonly [Ends, Committed]> =>
      admin.use(open =>
        both(
          open.fetchTopicOffsets(names.topic(topic)),
          open.fetchOffsets({ groupId: names.group(topic, group), topics: [names.topic(topic)] }),
        ),
      )
    const [ends, [committed]] = await askAgain(ask, { clock, pausesMs: PAUSES_MS })
    const at = new Map(committed?.partitions.map(one => [one.partition, Number(one.offset)]))
    return ends.map(({ partition, low, high }) => ({
      partition,
      first: Number(low),
      end: Number(high),
      committed: place(at.get(partition)),
    }))
  }

  /** When the first unread record was published, past tombstones and what was erased. */
  async function oldestOf(topic: TopicName, one: Standing): Promise<number | undefined> {
    let from = nextOf(one)
    for (let pieces = 0; from < one.end && pieces < MOST_PIECES; pieces++) {
      const { records, next } = await reader.read(names.topic(topic), one.partition, from, PIECE_BYTES)
      const unread = records.find(
        ({ value, headers, key }) => value !== undefined && !erased.has(topic, headers['key'] ?? key),
      )
      if (unread) return unread.at
      from = next
    }
    return undefined
  }

  async function allGroups(): Promise<ReturnType<KafkaNames['groupIn']>[]> {
    const { groups } = await admin.use(open => open.listGroups())
    return groups.map(one => names.groupIn(one.groupId)).filter(one => one !== undefined)
  }

  /** Drops what is before these places; answers how many records that were. */
  async function cut(topic: TopicName, wanted: ReadonlyMap<number, number>): Promise<number> {
    const cuts = await admin.use(async open => {
      const ends = await open.fetchTopicOffsets(names.topic(topic))
      const some = ends
        .map(({ partition, low }) => ({ partition, from: Number(low), to: wanted.get(partition) ?? 0 }))
        .filter(({ from, to }) => to > from)
      const partitions = some.map(({ partition, to }) => ({ partition, offset: String(to) }))
      if (some.length > 0) await open.deleteTopicRecords({ topic: names.topic(topic), partitions })
      return some
    })
    return cuts.reduce((sum, { partition, from, to }) => sum + to - from - erased.gone(topic, partition, from, to), 0) // prettier-ignore
  }

  async function expireTopic(
    { name, keep }: Topic<unknown>,
    now: Date,
    groups: readonly string[],
  ): Promise<number> {
    if (typeof keep !== 'object') return 0 // The brokers compact what keeps the latest only.
    const before = now.getTime() - keep.ms
    const old = await admin.use(open => open.fetchTopicOffsetsByTimestamp(names.topic(name), before))
    const wanted = new Map(old.map(({ partition, offset }) => [partition, Number(offset)]))
    for (const group of groups) {
      const held = (await standing(name, group)).filter(one => nextOf(one) < (wanted.get(one.partition) ?? 0))
      for (const one of held) wanted.set(one.partition, nextOf(one))
      if (held.length > 0) {
        const fields = { topic: name, group, partitions: held.length }
        logger.warn(fields, 'records past their time are kept for a group that has not read them')
      }
    }
    return cut(name, wanted)
  }

  return {
    standing,
    async firstOf(topic, partition) {
      const ends = await admin.use(open => open.fetchTopicOffsets(names.topic(topic)))
      return Number(ends.find(one => one.partition === partition)?.low ?? 0)
    },
    async lag(topic, group) {
      await Promise.all([erased.refresh(), dead.refresh()])
      const behind = (await standing(topic, group)).filter(one => nextOf(one) < one.end)
      const letters = dead.redriven(group, topic)
      const counts = behind.map(one => ({ one, records: unreadOf(topic, one) }))
      const records = counts.reduce((sum, { records: some }) => sum + some, letters.length)
      if (records === 0) return { records }
      const oldest = counts.filter(one => one.records > 0).map(({ one }) => oldestUnread(topic, one))
      const times = [...letters.map(letter => letter.publishedAt), ...(await Promise.all(oldest))].filter(
        time => time !== undefined,
      )
      return times.length === 0
        ? { records }
        : { records, oldestAt: new Date(Math.min(...times)).toISOString() }
    },
    async groups() {
      await dead.refresh()
      const reading = (await allGroups()).map(one => one!.group)
      return [...new Set([...reading, ...dead.groups()])].sort()
    },
    async forget(group) {
      const known = (await allGroups()).filter(one => one!.group === group)
      for (const one of known) {
        const { topic } = one!
        const id = names.group(topic, group)
        const { groups } = await admin.use(open => open.describeGroups([id]))
        if (groups.some(({ members }) => members.length > 0)) {
          throw new Error(`group ${group} is reading topic ${topic}; stop its worker before it is forgotten`)
        }
        await admin.use(open => open.deleteGroups([id]))
      }
      await dead.forget(group)
    },
    async expire(now) {
      await erased.refresh()
      const groups = await allGroups()
      let dropped = 0
      for (const topic of TOPICS as readonly Topic<unknown>[]) {
        const reading = groups.filter(one => one!.topic === topic.name).map(one => one!.group)
        dropped += await expireTopic(topic, now, reading)
      }
      return dropped
    },
  }

  function unreadOf(topic: TopicName, one: Standing): number {
    const from = nextOf(one)
    return one.end - from - erased.gone(topic, one.partition, from, one.end)
  }

  async function oldestUnread(topic: TopicName, one: Standing): Promise<number | undefined> {
    try {
      return await oldestOf(topic, one)
    } catch (thrown) {
      if (isOutOfRange(thrown)) return undefined // Read and dropped while we looked.
      throw thrown
    }
  }
}

type Ends = Awaited<ReturnType<Admin['fetchTopicOffsets']>>
type Committed = Awaited<ReturnType<Admin['fetchOffsets']>>

/** Answers when both have ended, also when one of them failed before: a client is not left while it is still asking. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

/** Where the group goes on: Kafka says -1 where it has never been. */
function place(offset: number | undefined): number | undefined {
  return offset === undefined || offset < 0 ? undefined : offset
}

function nextOf({ committed, first }: Standing): number {
  return Math.max(committed ?? first, first)
}
