/**
 * Dead letters in Kafka: one compacted topic, a record for each letter under the letter's id. What a person decides is
 * written under the same id: redriven is a new version, dropped or handled a tombstone. So the last word counts, a
 * repeat changes nothing, and compaction keeps the topic as small as what is open.
 */
import { hashId } from '../core/hash.ts'
import type { DeadLetter, EventLog, LogRecord } from '../core/ports.ts'
import type { TopicName } from '../core/topics.ts'
import type { KafkaPublisher } from './kafka-publisher.ts'
import type { KafkaReader } from './kafka-reader.ts'
import type { Outgoing, Stored } from './kafka-records.ts'
import type { KafkaNames } from './kafka-topics.ts'

/** Where a record was that could not be handled, and for whom. */
export interface Grave {
  readonly group: string
  readonly topic: TopicName
  readonly partition: number
  readonly offset: number
}

export interface NewLetter extends Grave {
  readonly record: LogRecord
  readonly reason: string
  readonly tries: number
}

/** A letter without its words. */
export interface LetterHead extends Grave {
  readonly id: string
  readonly key: string
  readonly redriven: boolean
  /** When its record was published, in milliseconds since 1970. */
  readonly publishedAt: number
  /** Where it stands in the topic of the dead letters. */
  readonly place: number
}

export interface KafkaDead extends Pick<EventLog, 'dead'> {
  refresh(): Promise<void>
  /** Letters that wait for their group, as of the last refresh. */
  redriven(group: string, topic: TopicName): readonly LetterHead[]
  groups(): readonly string[]
  setAside(letters: readonly NewLetter[]): Promise<void>
  /** The records of these letters, those that are still there. */
  load(heads: readonly LetterHead[]): Promise<ReadonlyMap<string, LogRecord>>
  remove(heads: readonly { readonly id: string }[]): Promise<void>
  /** Letters of the keys, waiting or not; answers how many went. */
  erase(topic: TopicName, keys: readonly string[]): Promise<number>
  forget(group: string): Promise<void>
}

const LONGEST_REASON = 2_000

interface Deps {
  readonly names: KafkaNames
  readonly reader: KafkaReader
  readonly publisher: KafkaPublisher
  readonly now: () => Date
}

export function kafkaDead({ names, reader, publisher, now }: Deps): KafkaDead {
  const own = names.topic('dead')
  const heads = new Map<string, LetterHead>()
  let next = 0
  let last: Promise<void> = Promise.resolve()

  async function readOn(): Promise<void> {
    for await (const one of reader.scan(own, 0, next)) {
      next = one.offset + 1
      heads.delete(one.key)
      if (one.value !== undefined) heads.set(one.key, headOf(one))
    }
  }

  function refresh(): Promise<void> {
    const mine = last.then(readOn)
    last = mine.catch(() => undefined)
    return mine
  }

  /** The letters with their words, in the order of the topic. */
  async function lettersAt(wanted: readonly LetterHead[]): Promise<Stored[]> {
    const places = new Set(wanted.map(head => head.place))
    const found: Stored[] = []
    if (places.size === 0) return found
    for await (const one of reader.scan(own, 0, Math.min(...places))) {
      if (places.delete(one.offset)) found.push(one)
      if (places.size === 0) break
    }
    return found
  }

  const listed = (group?: string): LetterHead[] =>
    [...heads.values()].filter(head => !head.redriven && (group === undefined || head.group === group))

  async function chosen(group: string, ids?: readonly string[]): Promise<LetterHead[]> {
    await refresh()
    return listed(group).filter(head => ids === undefined || ids.includes(head.id))
  }

  async function remove(some: readonly { readonly id: string }[]): Promise<void> {
    await publisher.send(some.map(({ id }) => ({ topic: own, key: id, value: null, headers: { key: id } })))
  }

  async function removeWhere(matches: (head: LetterHead) => boolean): Promise<number> {
    await refresh()
    const some = [...heads.values()].filter(matches)
    await remove(some)
    await refresh()
    return some.length
  }

  return {
    refresh,
    redriven: (group, topic) =>
      [...heads.values()].filter(head => head.redriven && head.group === group && head.topic === topic),
    groups: () => [...new Set([...heads.values()].map(head => head.group))],
    async setAside(letters) {
      await publisher.send(letters.map(letter => letterRecord(own, letter, now())))
    },
    async load(some) {
      return new Map((await lettersAt(some)).map(one => [one.key, recordOf(one)]))
    },
    remove,
    erase: (topic, keys) => {
      const gone = new Set(keys)
      return removeWhere(head => head.topic === topic && gone.has(head.key))
    },
    async forget(group) {
      await removeWhere(head => head.group === group)
    },
    dead: {
      async list(group) {
        await refresh()
        return (await lettersAt(listed(group))).map(letterOf)
      },
      async redrive(group, ids) {
        const letters = await lettersAt(await chosen(group, ids))
        await publisher.send(
          letters.map(({ key, value, headers }) => ({
            topic: own,
            key,
            value: value ?? null,
            headers: { ...headers, redriven: 'yes' },
          })),
        )
        return letters.length
      },
      async drop(group, ids) {
        const letters = await chosen(group, ids)
        await remove(letters)
        return letters.length
      },
    },
  }
}

/** The same record of the same group is the same letter, however often it fails. */
function letterRecord(topic: string, letter: NewLetter, at: Date): Outgoing {
  const { record, group, partition, offset, reason, tries } = letter
  return {
    topic,
    key: hashId(group, letter.topic, partition, offset),
    value: record.json,
    headers: {
      group,
      topic: letter.topic,
      partition: String(partition),
      offset: String(offset),
      key: record.key,
      id: record.id,
      published: record.at,
      reason: reason.slice(0, LONGEST_REASON),
      tries: String(tries),
      at: at.toISOString(),
    },
  }
}

function headOf({ key, headers, offset }: Stored): LetterHead {
  return {
    id: key,
    ...graveOf(headers),
    key: headers['key'] ?? '',
    redriven: headers['redriven'] === 'yes',
    publishedAt: Date.parse(headers['published'] ?? ''),
    place: offset,
  }
}

function graveOf(headers: Stored['headers']): Grave {
  return {
    group: headers['group'] ?? '',
    topic: headers['topic'] as TopicName,
    partition: Number(headers['partition']),
    offset: Number(headers['offset']),
  }
}

function recordOf({ value = '', headers }: Stored): LogRecord {
  return {
    key: headers['key'] ?? '',
    id: headers['id'] ?? '',
    json: value,
    at: headers['published'] ?? '',
  }
}

function letterOf(one: Stored): DeadLetter {
  const { headers } = one
  return {
    id: one.key,
    group: headers['group'] ?? '',
    topic: headers['topic'] ?? '',
    record: recordOf(one),
    reason: headers['reason'] ?? '',
    tries: Number(headers['tries']),
    at: headers['at'] ?? '',
  }
}
