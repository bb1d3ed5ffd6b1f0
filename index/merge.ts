/**
 * What the index knows of one article, whatever the order its records came in. Every merge takes the greater of two
 * order keys, so that writes commute and repeat without effect; each store saves the outcome in its own way.
 */
import type { Article, ArticleHead } from '../core/article.ts'
import type { Decision, Standing } from '../core/decision.ts'
import { flagDocument } from '../core/document.ts'
import type { FlagDocument } from '../core/document.ts'
import { Quarantine } from '../core/errors.ts'
import type { Finding, Flag } from '../core/finding.ts'
import { hashId } from '../core/hash.ts'
import { dayOf } from '../core/time.ts'

const DAY_MS = 86_400_000
const REVISION_DIGITS = 10

export interface ArticleState {
  readonly head: ArticleHead
  readonly headKey: string
  /** Key of the words kept for this head; absent when there are none. */
  readonly wordsKey?: string
  readonly finding?: FindingState
  readonly deleted: boolean
}

export interface FindingState extends Pick<Finding, 'language' | 'script' | 'flagged' | 'madeBy' | 'madeAt'> {
  readonly key: string
}

/** Lead and text of one capture. */
export interface KeptWords {
  readonly key: string
  readonly lead?: string
  readonly text: string
}

/** What a finding says of a flag: how it stands and whether it is retired follows from other records. */
export type FlagContent = Omit<FlagDocument, 'standing' | 'retired'>

const UNJUDGED: Standing = { status: 'pending', waitingForSecond: false, disagreement: false }

export function flagContent(finding: Finding, flag: Flag): FlagContent {
  return without(flagDocument(finding, flag, UNJUDGED), 'standing', 'retired')
}

/** A state, and the words that came with the record where they are the ones to keep. */
export interface Merged {
  readonly state: ArticleState
  readonly words?: KeptWords
}

/** Sorts as text by revision, then instant, then content: two different records never tie. */
function orderKey(revision: number, instant: string, content: string): string {
  const time = new Date(instant).toISOString()
  return `${String(revision).padStart(REVISION_DIGITS, '0')} ${time} ${content}`
}

const revisionPart = (key: string): string => key.slice(0, REVISION_DIGITS)

export function findingKey(finding: Finding): string {
  const by = hashId(finding.madeBy.pipeline, finding.madeBy.lexicon, finding.madeBy.model ?? '')
  return orderKey(finding.article.revision, finding.madeAt, `${by} ${hashId(JSON.stringify(finding))}`)
}

export function mergeArticle(before: ArticleState | undefined, article: Article): Merged {
  const head = without(article, 'v', 'lead', 'text')
  return withWords(mergeHead(before, head), head, article.lead, article.text)
}

export function mergeFinding(before: ArticleState | undefined, finding: Finding, key: string): Merged {
  const state = mergeHead(before, finding.article)
  const { language, script, flagged, madeBy, madeAt } = finding
  const newer = !state.finding || key > state.finding.key
  const merged = newer ? { ...state, finding: { key, language, script, flagged, madeBy, madeAt } } : state
  // Nothing was flagged: the finding carries no words, which does not mean that the article has none.
  return withWords(merged, finding.article, finding.lead, finding.text)
}

function mergeHead(before: ArticleState | undefined, head: ArticleHead): ArticleState {
  requireDay(head)
  const headKey = orderKey(head.revision, head.fetchedAt, hashId(JSON.stringify(head)))
  if (before && before.headKey >= headKey) return before
  return { deleted: false, ...before, headKey, head }
}

function withWords(
  state: ArticleState,
  head: ArticleHead,
  lead: string | undefined,
  text: string | undefined,
): Merged {
  if (text === undefined) return { state }
  const key = orderKey(head.revision, head.fetchedAt, hashId(lead ?? '', text))
  if (state.wordsKey !== undefined && state.wordsKey >= key) return { state }
  return { state: { ...state, wordsKey: key }, words: { key, text, ...(lead === undefined ? {} : { lead }) } }
}

/**
 * Lets go of words that are not to be kept: of an older revision than the head (title and text would not belong
 * together), and of unflagged articles where they were fetched before the day.
 */
export function dropWords(merged: Merged, expiredBefore: string): Merged {
  const { state } = merged
  const { wordsKey } = state
  if (wordsKey === undefined || keepsWords(state, wordsKey, expiredBefore)) return merged
  return { state: without(state, 'wordsKey') }
}

function keepsWords(state: ArticleState, wordsKey: string, expiredBefore: string): boolean {
  if (revisionPart(wordsKey) !== revisionPart(state.headKey)) return false
  return state.finding?.flagged === true || fetchedDay(wordsKey) >= expiredBefore
}

/** The day these words were fetched: an archive that is imported today is kept as long as the news of today. */
export function fetchedDay(wordsKey: string): string {
  return dayOf(wordsKey.slice(REVISION_DIGITS + 1, wordsKey.lastIndexOf(' ')))
}

/** Listings are kept by the UTC day of `at`: a calendar day more than one day away would hide the article from them. */
function requireDay({ id, at, day }: ArticleHead): void {
  const apart = Math.abs(Date.parse(`${day}T12:00:00Z`) - Date.parse(at))
  if (apart <= 1.5 * DAY_MS) return
  throw new Quarantine(
    `article ${id}: expected day to be the calendar day of at, got day ${day} and at ${at}`,
  )
}

// ---------------------------------------------------------------- deleting

/** A person had the article deleted: its id, source, days and the fact stay. */
export function deleteArticle(state: ArticleState): ArticleState {
  return { ...without(state, 'wordsKey'), head: redactHead(state.head), deleted: true }
}

function redactHead(head: ArticleHead): ArticleHead {
  const { id, sourceId, outlet, at, day, firstSeenAt, fetchedAt, revision } = head
  const gone = { url: '', title: '', textHash: '', evidence: { rawHash: '', bytes: 0 } }
  return { id, sourceId, outlet, at, day, firstSeenAt, fetchedAt, revision, ...gone }
}

/** The flag of a deleted article: its labels stay, every word of it goes. */
export function redactFlag(flag: FlagContent): FlagContent {
  return { ...without(flag, 'speaker'), article: redactHead(flag.article), quote: '', sentence: '', why: '' }
}

/** The decision on a deleted article: notes may quote it. Why it was deleted stays. */
export function redactDecision(decision: Decision): Decision {
  return decision.kind === 'delete' ? decision : (without(decision, 'note') as Decision)
}

/** A copy that lacks some fields. */
export function without<T extends object, K extends keyof T>(value: T, ...fields: readonly K[]): Omit<T, K> {
  const kept = Object.entries(value).filter(([field]) => !fields.includes(field as K))
  return Object.fromEntries(kept) as Omit<T, K>
}
