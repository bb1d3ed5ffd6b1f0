/** The topics of Kafka: their names, their settings, and the migration that makes them. */
import { askAgain } from '../core/ask-again.ts'
import type { Clock } from '../core/ports.ts'
import { TOPICS } from '../core/topics.ts'
import type { Topic, TopicName } from '../core/topics.ts'
import { TOPIC_RESOURCE } from './kafka-client.ts'
import type { Admin } from './kafka-client.ts'
import { typeOf } from './kafka-fate.ts'

export const DEFAULT_PREFIX = 'opomena.'
export const DEFAULT_PARTITIONS = 12

const DAY_MS = 86_400_000
/** So many brokers hold each record, where there are so many. */
const MOST_REPLICAS = 3

/** Dead letters, and which keys were erased: one partition each, small. */
export type OwnTopic = 'dead' | 'erased'

export interface KafkaNames {
  readonly topic: (name: TopicName | OwnTopic) => string
  readonly group: (topic: TopicName, group: string) => string
  /** Our topic and group in the name of a group of Kafka; undefined when it is somebody else's. */
  readonly groupIn: (name: string) => { readonly topic: TopicName; readonly group: string } | undefined
}

/** Each topic has groups of its own, so that they share out its partitions alone and rebalance by themselves. */
export function kafkaNames(prefix: string): KafkaNames {
  const known = new Set<string>(TOPICS.map(({ name }) => name))
  return {
    topic: name => `${prefix}${name}`,
    group: (topic, group) => `${prefix}${topic}.${group}`,
    groupIn(name) {
      if (!name.startsWith(prefix)) return undefined
      const rest = name.slice(prefix.length)
      const dot = rest.indexOf('.')
      const topic = rest.slice(0, dot)
      return known.has(topic) ? { topic: topic as TopicName, group: rest.slice(dot + 1) } : undefined
    },
  }
}

export interface TopicPlan {
  readonly prefix?: string
  /** Of each topic that carries messages: most workers of a stage that can share the work. */
  readonly partitions?: number
  /** Copies of each record; three unless there are fewer brokers. */
  readonly replicas?: number
}

export interface TopicChanges {
  readonly created: readonly string[]
  readonly changed: readonly string[]
  /** What differs and is left as it is, in words. */
  readonly left: readonly string[]
}

/** Brokers hear of a new topic one after the other, under load after seconds. */
const UNHEARD_OF = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'])
/** A busy controller makes a dozen topics in seconds. */
const LONGEST_CHANGE_MS = 30_000
const PAUSES_MS = Array.from({ length: 60 }, () => 250)

interface TopicSpec {
  readonly topic: string
  readonly partitions: number
  readonly settings: Readonly<Record<string, string>>
}

/**
 * Makes the topics that are missing and sets the settings that differ; run again it changes nothing. The number of
 * partitions of a topic that is there is never changed: its keys would move and lose their order.
 */
export async function ensureTopics(admin: Admin, clock: Clock, plan: TopicPlan = {}): Promise<TopicChanges> {
  const brokers = (await admin.describeCluster()).brokers.length
  const replicas = plan.replicas ?? Math.min(MOST_REPLICAS, brokers)
  const specs = topicSpecs(plan, replicas)
  const there = new Set(await admin.listTopics())
  const missing = specs.filter(({ topic }) => !there.has(topic))
  if (missing.length > 0) await create(admin, clock, missing, replicas)
  const present = specs.filter(({ topic }) => there.has(topic))
  return {
    created: missing.map(({ topic }) => topic),
    changed: present.length > 0 ? await alter(admin, present) : [],
    left: present.length > 0 ? await otherPartitions(admin, present) : [],
  }
}

export function topicNames({ prefix = DEFAULT_PREFIX }: TopicPlan): readonly string[] {
  return topicSpecs({ prefix }, 1).map(({ topic }) => topic)
}

function topicSpecs(
  { prefix = DEFAULT_PREFIX, partitions = DEFAULT_PARTITIONS }: TopicPlan,
  replicas: number,
): TopicSpec[] {
  const { topic } = kafkaNames(prefix)
  const safety: Record<string, string> = replicas >= MOST_REPLICAS ? { 'min.insync.replicas': '2' } : {}
  return [
    ...TOPICS.map(one => ({
      topic: topic(one.name),
      partitions,
      settings: { ...ALL, ...safety, 'cleanup.policy': policyOf(one as Topic<unknown>) },
    })),
    { topic: topic('dead'), partitions: 1, settings: { ...ALL, ...safety, ...DEAD } },
    { topic: topic('erased'), partitions: 1, settings: { ...ALL, ...safety, 'cleanup.policy': 'compact' } },
  ]
}

/** Compaction removes what was erased; `delete` allows us to cut off what is too old and read by all. */
function policyOf({ keep }: Topic<unknown>): string {
  return keep === 'latest' ? 'compact' : 'compact,delete'
}

const ALL = {
  // The broker never drops anything by itself: it does not know who has yet to read it.
  'retention.ms': '-1',
  'retention.bytes': '-1',
  // Whatever others send is rewritten: kafkajs reads no other codec.
  'compression.type': 'gzip',
  'max.message.bytes': '1048588',
  // Within a day what was erased has left the disk: half for the segment to be closed, half for the cleaner.
  'segment.ms': String(DAY_MS / 2),
  'max.compaction.lag.ms': String(DAY_MS / 2),
  'delete.retention.ms': String(DAY_MS),
} as const

/** Takes whatever could be read, also a record that somebody else made too large. */
const DEAD = { 'cleanup.policy': 'compact', 'max.message.bytes': String(16 * 1024 * 1024) } as const

async function create(
  admin: Admin,
  clock: Clock,
  specs: readonly TopicSpec[],
  replicas: number,
): Promise<void> {
  await admin.createTopics({
    // kafkajs gives up at the first broker that has not heard of them yet.
    waitForLeaders: false,
    timeout: LONGEST_CHANGE_MS,
    topics: specs.map(({ topic, partitions, settings }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replicas,
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
    })),
  })
  await askAgain(() => haveLeaders(admin, specs), {
    clock,
    pausesMs: PAUSES_MS,
    isForNow: thrown => UNHEARD_OF.has(typeOf(thrown) ?? ''),
    isGood: led => led,
  })
}

/** Whether every partition can be written and read. */
async function haveLeaders(admin: Admin, specs: readonly TopicSpec[]): Promise<boolean> {
  const { topics } = await admin.fetchTopicMetadata({ topics: specs.map(({ topic }) => topic) })
  return specs.every(({ topic, partitions }) => {
    const led = topics.find(({ name }) => name === topic)?.partitions.filter(({ leader }) => leader >= 0)
    return led?.length === partitions
  })
}

/** Where a setting comes from, in Kafka's numbers: this topic alone, rather than the broker. */
const SET_FOR_TOPIC = 1

/** The request replaces all settings of a topic, so those that an operator has made are sent along. */
async function alter(admin: Admin, specs: readonly TopicSpec[]): Promise<string[]> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: specs.map(({ topic }) => ({ type: TOPIC_RESOURCE, name: topic })),
  })
  const wrong = specs.flatMap(({ topic, settings }) => {
    const entries = resources.find(one => one.resourceName === topic)?.configEntries ?? []
    const now = Object.fromEntries(entries.map(one => [one.configName, one.configValue]))
    if (Object.entries(settings).every(([name, value]) => now[name] === value)) return []
    const made = entries.filter(one => (one.configSource as number) === SET_FOR_TOPIC)
    const merged = {
      ...Object.fromEntries(made.map(one => [one.configName, one.configValue])),
      ...settings,
    }
    return [{ topic, merged }]
  })
  if (wrong.length === 0) return []
  await admin.alterConfigs({
    validateOnly: false,
    resources: wrong.map(({ topic, merged }) => ({
      type: TOPIC_RESOURCE,
      name: topic,
      configEntries: Object.entries(merged).map(([name, value]) => ({ name, value })),
    })),
  })
  return wrong.map(({ topic }) => topic)
}

async function otherPartitions(admin: Admin, specs: readonly TopicSpec[]): Promise<string[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: specs.map(({ topic }) => topic) })
  return specs.flatMap(({ topic, partitions }) => {
    const now = topics.find(one => one.name === topic)?.partitions.length ?? partitions
    if (now === partitions) return []
    return [`topic ${topic} has ${now} partitions, the settings ask for ${partitions}: it stays as it is`]
  })
}
