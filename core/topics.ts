/** The topics: what crosses from stage to stage, with the schema of each message. */
import { z } from 'zod'
import { articleSchema } from './article.ts'
import type { Article } from './article.ts'
import { decisionSchema } from './decision.ts'
import type { Decision } from './decision.ts'
import { NewerVersion, Quarantine } from './errors.ts'
import { findingSchema } from './finding.ts'
import type { Finding } from './finding.ts'
import { hashId } from './hash.ts'
import { observationSchema } from './observation.ts'
import type { Observation } from './observation.ts'
import { subscriptionSchema } from './subscription.ts'
import type { Subscription } from './subscription.ts'

/** Largest record, in bytes of its uncompressed JSON: what every event log takes, whatever it compresses to. */
export const MAX_RECORD_BYTES = 1_000_000

const DAY_MS = 86_400_000

export interface Topic<T> {
  readonly name: TopicName
  /** Version of the message; a reader refuses a newer one. */
  readonly version: number
  readonly schema: z.ZodType<T>
  /** Messages of one key stay in order. */
  key(message: T): string
  /** The id of the message: publishing it again is the same message. */
  id(message: T): string
  /** How long messages are kept; `always`, or `latest` of each key. */
  readonly keep: 'always' | 'latest' | { readonly ms: number }
}

export type TopicName = 'observations' | 'articles' | 'findings' | 'decisions' | 'subscriptions'

export const observations: Topic<Observation> = {
  name: 'observations',
  version: 1,
  schema: observationSchema,
  key: observation => observation.sourceId,
  id: observation => observation.id,
  keep: { ms: 366 * DAY_MS },
}

export const articles: Topic<Article> = {
  name: 'articles',
  version: 1,
  schema: articleSchema,
  key: article => article.id,
  id: article => `${article.id}.${String(article.revision)}`,
  keep: { ms: 90 * DAY_MS },
}

export const findings: Topic<Finding> = {
  name: 'findings',
  version: 1,
  schema: findingSchema,
  key: finding => finding.article.id,
  id: finding =>
    hashId(
      finding.article.id,
      finding.article.revision,
      finding.madeBy.pipeline,
      finding.madeBy.lexicon,
      finding.madeBy.model ?? '',
    ),
  keep: 'always',
}

export const decisions: Topic<Decision> = {
  name: 'decisions',
  version: 1,
  schema: decisionSchema,
  key: decision => decision.articleId,
  id: decision => decision.id,
  keep: 'always',
}

export const subscriptions: Topic<Subscription> = {
  name: 'subscriptions',
  version: 1,
  schema: subscriptionSchema,
  key: subscription => subscription.id,
  id: subscription => `${subscription.id}.${subscription.updatedAt}`,
  keep: 'latest',
}

export const TOPICS = [observations, articles, findings, decisions, subscriptions] as const

/** A message in the form that an event log stores: key, id, and the text of its JSON. */
export interface Encoded {
  readonly key: string
  readonly id: string
  readonly json: string
}

/**
 * A message ready to be stored.
 * @throws Quarantine when it does not fit its schema or is larger than `MAX_RECORD_BYTES`.
 */
export function encode<T>(topic: Topic<T>, message: T): Encoded {
  const checked = topic.schema.safeParse(message)
  if (!checked.success) {
    throw new Quarantine(`not a message of topic ${topic.name}: ${z.prettifyError(checked.error)}`)
  }
  const json = JSON.stringify(checked.data)
  const bytes = Buffer.byteLength(json)
  if (bytes > MAX_RECORD_BYTES) {
    throw new Quarantine(
      `message ${topic.id(message)} of topic ${topic.name} has ${String(bytes)} bytes; at most ${String(MAX_RECORD_BYTES)} are carried`,
    )
  }
  return { key: topic.key(message), id: topic.id(message), json }
}

/**
 * The message in a stored record.
 * @throws NewerVersion when it was written by a newer Opomena, Quarantine when it is not a message of the topic.
 */
export function decode<T>(topic: Topic<T>, json: string): T {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new Quarantine(`topic ${topic.name}: the record is not JSON`, { cause })
  }
  const version = (value as { v?: unknown } | null)?.v
  if (typeof version === 'number' && version > topic.version) {
    throw new NewerVersion(
      `topic ${topic.name}: the record has version ${String(version)}, this Opomena reads up to ${String(topic.version)}; upgrade before going on`,
    )
  }
  const checked = topic.schema.safeParse(value)
  if (checked.success) return checked.data
  throw new Quarantine(`topic ${topic.name}: ${z.prettifyError(checked.error)}`)
}
