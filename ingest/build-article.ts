/** An Article from the words found and what is known of its source: bounded, hashed, dated by the project's rules. */
import { MAX_TEXT, MAX_TITLE } from '../core/article.ts'
import type { Article, EvidenceRef } from '../core/article.ts'
import { hashId } from '../core/hash.ts'
import type { Language } from '../core/labels.ts'
import type { Outlet, Source } from '../core/source.ts'
import { fold } from '../core/text.ts'
import { dayOf } from '../core/time.ts'
import { tidy } from './plain-text.ts'

/** What was found of an article, wherever it stood. Absent or empty alike. */
export interface Words {
  readonly title?: string
  readonly text?: string
  readonly lead?: string
  readonly author?: string
  readonly section?: string
  /** ISO 8601, UTC. */
  readonly publishedAt?: string
  /** Cleaned and believable. */
  readonly canonicalUrl?: string
}

/** What of a source goes into its articles. */
export interface ArticleSource {
  readonly id: string
  readonly outlet: Outlet
  readonly declaredLanguage?: Language
}

export interface Circumstances {
  readonly source: ArticleSource
  readonly id: string
  readonly url: string
  readonly firstSeenAt: string
  readonly fetchedAt: string
  readonly revision: number
  readonly evidence: EvidenceRef
}

const MAX_LEAD = 5_000
const MAX_NAME = 300

export function articleSourceOf(source: Source): ArticleSource {
  const declaredLanguage = source.languages[0]
  return {
    id: source.id,
    outlet: { name: source.name, country: source.country, kind: source.kind },
    ...(declaredLanguage && { declaredLanguage }),
  }
}

/** Whether there is anything to read: a title alone is an article. */
export function hasWords(words: Words): boolean {
  return /[\p{L}\p{N}]/u.test(`${words.title ?? ''}${words.text ?? ''}`)
}

export interface Hashes {
  /** Equal for the same title and text in either script. */
  readonly textHash: string
  readonly titleHash: string
  /** Letters and digits that the hash of the text stands for: few of them say little. */
  readonly length: number
}

export function hashesOf(words: Words): Hashes {
  const title = fold(boundedTitle(words.title))
  const text = fold(bounded(words.text, MAX_TEXT))
  return { textHash: hashId(title, text), titleHash: hashId(title), length: title.length + text.length }
}

/** The day and the instant that count: a page cannot be from the future. */
export function dateOf(publishedAt: string | undefined, firstSeenAt: string): string {
  return publishedAt !== undefined && publishedAt < firstSeenAt ? publishedAt : firstSeenAt
}

export function buildArticle(words: Words, textHash: string, about: Circumstances): Article {
  const { source, id, url, firstSeenAt, fetchedAt, revision, evidence } = about
  const at = dateOf(words.publishedAt, firstSeenAt)
  const text = bounded(words.text, MAX_TEXT)
  const title = boundedTitle(words.title)
  const lead = leadBeside(title, text, words.lead)
  return {
    v: 1,
    id,
    sourceId: source.id,
    outlet: source.outlet,
    url,
    ...optional('canonicalUrl', words.canonicalUrl),
    at,
    day: dayOf(at),
    title,
    ...optional('lead', lead),
    text,
    ...optional('author', bounded(words.author, MAX_NAME)),
    ...optional('section', bounded(words.section, MAX_NAME)),
    ...optional('publishedAt', words.publishedAt),
    firstSeenAt,
    fetchedAt,
    revision,
    textHash,
    ...((words.text?.length ?? 0) > MAX_TEXT && { truncated: true }),
    evidence,
    ...(source.declaredLanguage && { declaredLanguage: source.declaredLanguage }),
  }
}

function boundedTitle(title: string | undefined): string {
  return bounded(title, MAX_TITLE).replace(/\s+/gu, ' ')
}

/** Without what is not shown, and never ending in half a character. */
function bounded(text: string | undefined, length: number): string {
  if (text === undefined) return ''
  const cut = text.length > length && /[\ud800-\udbff]/u.test(text[length - 1]!) ? length - 1 : length
  return tidy(text.slice(0, cut))
}

/** A lead that repeats the title, or that the text begins with, would be read, and flagged, twice. */
function leadBeside(title: string, text: string, lead: string | undefined): string | undefined {
  const trimmed = bounded(lead, MAX_LEAD)
  if (trimmed === '') return undefined
  const folded = fold(trimmed.replace(/(\.\.\.|…|\[…\]|\[\.\.\.\])\s*$/u, ''))
  const isRepeated = fold(title).includes(folded) || fold(text.slice(0, 4 * MAX_LEAD)).includes(folded)
  return folded === '' || isRepeated ? undefined : trimmed
}

function optional<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined || value === '' ? {} : ({ [name]: value } as Record<K, string>)
}
