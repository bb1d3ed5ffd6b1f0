/**
 * All that is known of one article, in one document: what its flags and its text show follows from it. A record is
 * merged with what comes and written only as it was read, so that any number of writers end in the same content.
 */
import { standingOf } from '../core/decision.ts'
import type { Decision } from '../core/decision.ts'
import type { FlagDocument } from '../core/document.ts'
import type { Finding } from '../core/finding.ts'
import { hashId } from '../core/hash.ts'
import type { IndexEntry } from '../core/ports.ts'
import { KEPT } from './elasticsearch-mapping.ts'
import {
  deleteArticle,
  dropWords,
  fetchedDay,
  findingKey,
  flagContent,
  mergeArticle,
  mergeFinding,
  redactDecision,
  redactFlag,
} from './merge.ts'
import type { ArticleState, FlagContent, KeptWords, Merged } from './merge.ts'

export interface ArticleRecord {
  /** Absent while nothing but decisions came. */
  readonly state?: ArticleState
  readonly flags: readonly KnownFlag[]
  readonly decisions: readonly KnownDecision[]
  readonly deleted: boolean
  /** Where its words stand or stood: a writer that dies between two documents leaves some behind for the next one. */
  readonly places: readonly string[]
}

interface KnownFlag {
  /** Of the newest finding that has it. */
  readonly key: string
  readonly content: FlagContent
}

interface KnownDecision {
  /** Hash of what it said before a deletion took its note. */
  readonly content: string
  readonly decision: Decision
}

export type ArticleEntry = Exclude<IndexEntry, { kind: 'observation' }>

const MONTH = 'YYYY-MM'.length
const NOTHING: ArticleRecord = { flags: [], decisions: [], deleted: false, places: [] }

export function articleIdOf(entry: ArticleEntry): string {
  if (entry.kind === 'article') return entry.article.id
  return entry.kind === 'finding' ? entry.finding.article.id : entry.decision.articleId
}

/** @throws Quarantine when the entry is at fault. */
export function mergeEntry(
  before: ArticleRecord | undefined,
  entry: ArticleEntry,
  expiredBefore: string,
): ArticleRecord {
  return withPlace(merged(before ?? NOTHING, entry, expiredBefore), expiredBefore)
}

function merged(known: ArticleRecord, entry: ArticleEntry, expiredBefore: string): ArticleRecord {
  switch (entry.kind) {
    case 'article':
      return withState(known, mergeArticle(known.state, entry.article), expiredBefore)
    case 'finding':
      return withFinding(known, entry.finding, expiredBefore)
    case 'decision':
      return withDecision(known, entry.decision)
  }
}

/** Months that have expired hold nothing of it any more. */
function withPlace(record: ArticleRecord, expiredBefore: string): ArticleRecord {
  const month = expiredBefore.slice(0, MONTH)
  const places = new Set(record.places.filter(place => place === KEPT || place >= month))
  const place = textPlace(record)
  if (place !== undefined) places.add(place)
  return { ...record, places: [...places] }
}

/** The words that an entry brings, whether or not they are the ones to keep. */
export function wordsOfEntry(entry: ArticleEntry): KeptWords | undefined {
  if (entry.kind === 'article') return mergeArticle(undefined, entry.article).words
  if (entry.kind === 'finding') return mergeFinding(undefined, entry.finding, '').words
  return undefined
}

/** A record as it is to be understood today: words that have expired since it was written are gone. */
export function withoutExpired(record: ArticleRecord, expiredBefore: string): ArticleRecord {
  if (record.state?.wordsKey === undefined) return record
  return { ...record, state: dropWords({ state: record.state }, expiredBefore).state }
}

function withState(known: ArticleRecord, merged: Merged, expiredBefore: string): ArticleRecord {
  const state = known.deleted ? deleteArticle(merged.state) : dropWords(merged, expiredBefore).state
  return { ...known, state }
}

function withFinding(known: ArticleRecord, finding: Finding, expiredBefore: string): ArticleRecord {
  const key = findingKey(finding)
  if (known.state?.finding?.key === key) return known
  const flags = new Map(known.flags.map(flag => [flag.content.id, flag]))
  for (const flag of finding.flags) {
    const before = flags.get(flag.id)
    if (before && before.key >= key) continue
    const content = flagContent(finding, flag)
    flags.set(flag.id, { key, content: known.deleted ? redactFlag(content) : content })
  }
  const merged = mergeFinding(known.state, finding, key)
  return withState({ ...known, flags: [...flags.values()] }, merged, expiredBefore)
}

function withDecision(known: ArticleRecord, decision: Decision): ArticleRecord {
  // Ids are unique; were one used twice, the greater content stands, whichever came first.
  const content = hashId(JSON.stringify(decision))
  const before = known.decisions.find(one => one.decision.id === decision.id)
  if (before && before.content >= content) return known
  const others = known.decisions.filter(one => one !== before)
  const kept = known.deleted ? redactDecision(decision) : decision
  const decisions = [...others, { content, decision: kept }]
  return decision.kind === 'delete' && !known.deleted
    ? obeyDeletion({ ...known, decisions })
    : { ...known, decisions }
}

/** Words, quotes and notes go now; the mark keeps what comes later from bringing them back. */
function obeyDeletion({ state, flags, decisions, places }: ArticleRecord): ArticleRecord {
  return {
    deleted: true,
    places,
    ...(state && { state: deleteArticle(state) }),
    flags: flags.map(({ key, content }) => ({ key, content: redactFlag(content) })),
    decisions: decisions.map(one => ({ ...one, decision: redactDecision(one.decision) })),
  }
}

// ---------------------------------------------------------------- what follows

/** The index of texts where its words stand; undefined when it has none. */
export function textPlace({ state }: ArticleRecord): string | undefined {
  if (state?.wordsKey === undefined) return undefined
  return state.finding?.flagged === true ? KEPT : monthOf(state.wordsKey)
}

/** The month of words that expire. */
export function monthOf(wordsKey: string): string {
  return fetchedDay(wordsKey).slice(0, MONTH)
}

export function flagsOf(record: ArticleRecord): FlagDocument[] {
  const newest = record.state?.finding?.key ?? ''
  const decisions = record.decisions.map(one => one.decision)
  return record.flags.map(({ key, content }) => ({
    ...content,
    retired: key < newest,
    standing: standingOf(content.id, content.severity, decisions),
  }))
}

/** Whether a flag is found and counted. */
export function isLive(record: ArticleRecord, flag: FlagDocument): boolean {
  return !record.deleted && !flag.retired
}
