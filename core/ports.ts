/**
 * Ports: everything outside, on one page. A port promises meaning; partitions, offsets, SQL and query bodies stay in
 * its adapters. Each port has one contract suite in `test/contract/` that every adapter must pass.
 */
import type { ArticleHead, EvidenceRef } from './article.ts'
import type { Article } from './article.ts'
import type { Decision } from './decision.ts'
import type { ArticleDocument, FlagDocument } from './document.ts'
import type { Finding } from './finding.ts'
import type { Observation, PollOutcome } from './observation.ts'
import type { Query } from './query.ts'
import type { Message } from './stage.ts'
import type { Interval } from './time.ts'
import type { Topic } from './topics.ts'

// ---------------------------------------------------------------- Clock

export interface Clock {
  now(): Date
  /** Resolves after `ms` milliseconds, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

// ---------------------------------------------------------------- EventLog

/** A record as the log hands it over: its JSON is not yet checked. */
export interface LogRecord {
  readonly key: string
  readonly id: string
  readonly json: string
  /** When it was published. */
  readonly at: string
}

/** `retry`: not now, hand it over again, and nothing of its key before it. `dead`: set aside with the reason. */
export type Outcome = 'done' | 'retry' | { readonly dead: string; readonly tries: number }

export type BatchHandler = (
  records: readonly LogRecord[],
  context: BatchContext,
) => Promise<readonly Outcome[]>

export interface BatchContext {
  readonly signal: AbortSignal
  /** Keeps the lease while work goes on. Rejects when the lease was lost: give up, another worker has the records. */
  keepAlive(): Promise<void>
}

export interface LogSubscription {
  /** Stops taking batches and resolves when the one in hand is finished and committed. */
  stop(): Promise<void>
  /** Resolves after `stop`; rejects when the handler threw or the log failed for good. */
  readonly done: Promise<void>
}

export interface Lag {
  readonly records: number
  /** When the oldest unread record was published. */
  readonly oldestAt?: string
}

export interface DeadLetter {
  readonly id: string
  readonly group: string
  readonly topic: string
  readonly record: LogRecord
  readonly reason: string
  readonly tries: number
  readonly at: string
}

/** At least once, in order per key. A group that is new reads from the first record kept. */
export interface EventLog {
  /**
   * Resolves when every message is durable. A message whose id the topic already holds is not stored again where the
   * log can tell; readers must bear repeats all the same.
   */
  publish(messages: readonly Message[]): Promise<void>
  /** One consumer of a group and topic at a time, or as many as the log can keep apart by key. */
  subscribe(
    options: { readonly topic: Topic<unknown>; readonly group: string; readonly batchSize?: number },
    handler: BatchHandler,
  ): LogSubscription
  lag(topic: Topic<unknown>, group: string): Promise<Lag>
  /** Every group that reads or has read here and was not forgotten. */
  groups(): Promise<readonly string[]>
  readonly dead: {
    list(group?: string): Promise<readonly DeadLetter[]>
    /** Hands the letters to their group again, and removes them here; answers how many. */
    redrive(group: string, ids?: readonly string[]): Promise<number>
    drop(group: string, ids: readonly string[]): Promise<number>
  }
  /**
   * For a group that will not come back: what only it had yet to read may expire, and its dead letters go.
   * Rejects while a worker reads for it.
   */
  forget(group: string): Promise<void>
  /**
   * Removes the topic's messages of these keys for good, dead letters too, and takes none of them any more, not even a
   * new one: a stage may be making it from what it has read. Who has not read them yet never will. Answers how many
   * went; resolves when their bytes are gone from the disk. The way to obey a deletion, not a way to tidy up.
   */
  erase(topic: Topic<unknown>, keys: readonly string[]): Promise<number>
  /** Drops what the topics no longer keep; answers how many records went. Never what a known group has yet to read. */
  expire(now: Date): Promise<number>
  close(): Promise<void>
}

// ---------------------------------------------------------------- EvidenceStore

/** What came over the wire for one address, as it came. */
export interface Capture {
  readonly url: string
  readonly sourceId: string
  /** Bytes of the body before any decoding. */
  readonly body: Uint8Array
  /** UTC, with milliseconds. */
  readonly startedAt: string
  readonly endedAt: string
  readonly status?: number
  /** Response headers in order, in their original case. */
  readonly headers: readonly (readonly [string, string])[]
  readonly requestHeaders: readonly (readonly [string, string])[]
  /** Every redirect on the way: status and the address it led to. */
  readonly redirects: readonly { readonly status: number; readonly location: string }[]
  /** The address the connection was made to. */
  readonly address?: string
  /** Decision of robots.txt, and the reason of an override. */
  readonly robots?: string
}

/** A capture with its proof: what a manifest holds. */
export interface Evidence extends Capture {
  readonly ref: EvidenceRef
  readonly storedAt: string
}

export interface EvidenceFault {
  readonly rawHash: string
  readonly fault: string
}

export interface EvidenceStore {
  /** Bytes and manifest in one transaction; durable when it resolves. The same capture twice is stored once. */
  put(capture: Capture): Promise<EvidenceRef>
  /** Many at once, in one transaction a file. */
  putAll(captures: readonly Capture[]): Promise<readonly EvidenceRef[]>
  /** The first capture of these bytes. */
  get(rawHash: string): Promise<Evidence | undefined>
  /** Walks everything and names what is not what it was. */
  verify(): AsyncIterable<EvidenceFault>
  /** Removes the bytes; hash, reason and time stay as a tombstone. */
  delete(rawHash: string, reason: string): Promise<boolean>
  /** WARC 1.1, one gzip member a record. */
  exportWarc(rawHashes: Iterable<string>): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

// ---------------------------------------------------------------- Index

export type IndexEntry =
  | { readonly kind: 'article'; readonly article: Article }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'observation'; readonly observation: Observation }

/**
 * Writes commute: the newest article by revision and fetch time, the newest finding by revision and time, the set of
 * decisions. Any order and any repeat of the same entries end in the same content.
 */
export interface IndexWriter {
  /** One answer per entry, in order: undefined when stored, else why not. */
  put(entries: readonly IndexEntry[]): Promise<readonly (Error | undefined)[]>
  /** Drops the words of unflagged articles that were fetched before the day, whatever day they are of; their counts stay. */
  expireText(before: string): Promise<number>
  close(): Promise<void>
}

export interface Search {
  readonly query: Query
  /** First and last day, both included. */
  readonly from?: string
  readonly to?: string
}

export interface PageRequest {
  readonly limit: number
  /** As the page before answered it. Opaque. */
  readonly cursor?: string
  /** By `at` of the article; `newest` unless said. */
  readonly order?: 'newest' | 'oldest'
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor?: string
}

/** Fields one can count or split by. The first six belong to the article and have a denominator of their own. */
export const ARTICLE_FACETS = ['language', 'script', 'source', 'country', 'outletKind', 'section'] as const
export const FLAG_FACETS = [
  'category',
  'subtype',
  'severity',
  'target',
  'event',
  'voice',
  'stance',
  'speaker',
  'status',
  'rule',
  'field',
] as const
export type ArticleFacet = (typeof ARTICLE_FACETS)[number]
export type FacetField = ArticleFacet | (typeof FLAG_FACETS)[number]

export interface FacetValue {
  readonly value: string
  readonly flags: number
  /** Articles that meet the article part of the search and have this value; for flag fields, all that meet it. */
  readonly articles: number
}

export interface TimelinePoint {
  /** First day of the interval. */
  readonly start: string
  readonly flags: number
  /** The denominator: articles that meet the article part of the search. */
  readonly articles: number
}

export interface TimelineSeries {
  /** Value of the field split by; undefined when not split. */
  readonly key?: string
  readonly points: readonly TimelinePoint[]
}

export interface Counts {
  readonly flags: number
  readonly articles: number
}

export interface SourceHealth {
  readonly sourceId: string
  readonly lastPollAt?: string
  readonly lastOutcome?: PollOutcome
  /** Last poll that was fresh or unchanged. */
  readonly lastSuccessAt?: string
  /** Last time a new article came. */
  readonly lastItemAt?: string
  readonly lastReason?: string
  readonly nextDueAt?: string
  /** Failures since the last success. */
  readonly failures: number
  /** Articles by day, the last 28 days, oldest first. */
  readonly articlesByDay: readonly { readonly day: string; readonly articles: number }[]
  readonly warnings: readonly string[]
}

/** Retired flags and deleted articles are never found and never counted; `flag` and `article` still answer for them. */
export interface IndexReader {
  flag(id: string): Promise<FlagDocument | undefined>
  article(id: string): Promise<ArticleDocument | undefined>
  searchFlags(search: Search, page: PageRequest): Promise<Page<FlagDocument>>
  /** Takes article fields, words and `flagged` only; fields of flags are left out of the query. */
  searchArticles(
    search: Search,
    page: PageRequest,
  ): Promise<Page<ArticleHead & { readonly flagged: boolean }>>
  count(search: Search): Promise<Counts>
  facets(
    search: Search,
    fields: readonly FacetField[],
    size: number,
  ): Promise<Readonly<Partial<Record<FacetField, readonly FacetValue[]>>>>
  /** Zero-filled from `from` to `to`, which must be given; series with the most flags first, at most `size`. */
  timeline(
    search: Search & { readonly from: string; readonly to: string },
    options: { readonly interval: Interval; readonly splitBy?: FacetField; readonly size?: number },
  ): Promise<readonly TimelineSeries[]>
  /** Every source ever observed. `today` is a day of the project's calendar. */
  sources(today: string): Promise<readonly SourceHealth[]>
  /** First and last day with an article. */
  span(): Promise<{ readonly from: string; readonly to: string } | undefined>
  close(): Promise<void>
}

// ---------------------------------------------------------------- Fetcher

export interface GetRequest {
  readonly url: string
  readonly sourceId: string
  /** As the last response gave them, byte for byte. */
  readonly etag?: string
  readonly lastModified?: string
  /** What is asked for: decides the size limit (feed 15 MiB, page 5 MiB, decompressed). */
  readonly kind: 'feed' | 'page'
  readonly robotsOverride?: string
}

export type GetResponse =
  | {
      readonly outcome: 'fresh'
      readonly capture: Capture
      /** Body after content decoding. */
      readonly body: Uint8Array
      /** Address after redirects. */
      readonly url: string
      readonly status: number
      readonly contentType?: string
      readonly etag?: string
      readonly lastModified?: string
    }
  | { readonly outcome: 'unchanged'; readonly status: 304 }
  | {
      /** Our own rules said no: robots.txt, the address gate, a size or time limit. */
      readonly outcome: 'refused'
      readonly reason: string
    }
  | {
      /** The site said no, or did not answer. */
      readonly outcome: 'failed'
      readonly reason: string
      readonly status?: number
      /** The site asked us to wait, in milliseconds. */
      readonly retryAfterMs?: number
      /** The resource is gone (410), or the site blocks robots (a challenge page). */
      readonly permanent?: 'gone' | 'blocked'
    }

/** The one gate to the network: politeness per host, limits, and no private address, at every hop. Never throws for what a site does. */
export interface Fetcher {
  get(request: GetRequest, signal?: AbortSignal): Promise<GetResponse>
  /** POST of a body to an address somebody gave us (a webhook); no redirects are followed. Answers the status. */
  send(
    request: {
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    },
    signal?: AbortSignal,
  ): Promise<{ readonly status: number } | { readonly refused: string }>
  close(): Promise<void>
}

// ---------------------------------------------------------------- Mailer

export interface Letter {
  /** Stable: the same letter sent twice has the same id. */
  readonly messageId: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  /** Page where one click ends the subscription (RFC 8058). */
  readonly unsubscribeUrl?: string
}

export interface Mailer {
  /** Resolves when the mail server (or the disk) has taken it. @throws RetryLater when it could not now. */
  send(letter: Letter): Promise<void>
  close(): Promise<void>
}
