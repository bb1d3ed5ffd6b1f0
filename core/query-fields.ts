/**
 * The fields of the query language: what each may hold, and what a document holds in each. Stores and the predicate of
 * alerts share this, so that the same query means the same everywhere.
 */
import type { ArticleHead } from './article.ts'
import type { FlagDocument } from './document.ts'
import {
  ALL_SUBTYPES,
  CATEGORIES,
  COUNTRIES,
  FIELDS,
  LANGUAGES,
  OUTLET_KINDS,
  SCRIPTS,
  STANCES,
  STATUSES,
  VOICES,
} from './labels.ts'
import type { Language, Script } from './labels.ts'
import type { QueryField } from './query.ts'
import { fold } from './text.ts'

/**
 * How values of a field are written in a query and compared with a document:
 * `choice` one of a list; `number` and `day` by size; `id` equal but for case; `name` equal when folded;
 * `words` folded words in a row, anywhere in the field; `address` part of it, but for case.
 */
export type FieldKind =
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly whole: boolean }
  | { readonly kind: 'day' | 'id' | 'name' | 'words' | 'address' }

const yesOrNo: FieldKind = { kind: 'choice', of: ['true', 'false'] }
const id: FieldKind = { kind: 'id' }
const name: FieldKind = { kind: 'name' }

export const FIELD_KINDS: Readonly<Record<QueryField, FieldKind>> = {
  language: { kind: 'choice', of: LANGUAGES },
  script: { kind: 'choice', of: SCRIPTS },
  source: id,
  country: { kind: 'choice', of: COUNTRIES },
  outlet: name,
  kind: { kind: 'choice', of: OUTLET_KINDS },
  section: name,
  author: name,
  title: { kind: 'words' },
  url: { kind: 'address' },
  day: { kind: 'day' },
  flagged: yesOrNo,
  article: id,
  category: { kind: 'choice', of: CATEGORIES },
  subtype: { kind: 'choice', of: ALL_SUBTYPES },
  severity: { kind: 'number', min: 1, max: 5, whole: true },
  confidence: { kind: 'number', min: 0, max: 1, whole: false },
  target: id,
  event: id,
  voice: { kind: 'choice', of: VOICES },
  stance: { kind: 'choice', of: STANCES },
  speaker: name,
  status: { kind: 'choice', of: STATUSES },
  rule: id,
  field: { kind: 'choice', of: FIELDS },
  evasive: yesOrNo,
  alert: yesOrNo,
  second: yesOrNo,
  disagreement: yesOrNo,
  id,
}

/** A value as queries and documents compare it, or what was expected instead. */
export type Canonical = { readonly value: string } | { readonly expected: string }

/** Brings what a person wrote after `field:` into the form in which it is compared. */
export function canonicalValue(field: QueryField, written: string): Canonical {
  const kind = FIELD_KINDS[field]
  switch (kind.kind) {
    case 'choice': {
      const value = kind.of.find(one => one.toLowerCase() === written.toLowerCase())
      return value === undefined ? { expected: `one of ${kind.of.join(', ')}` } : { value }
    }
    case 'number':
      return canonicalNumber(kind, written)
    case 'day':
      return isDay(written) ? { value: written } : { expected: 'a day such as 2026-07-11' }
    case 'name':
    case 'words': {
      const value = fold(written)
      return value === '' ? { expected: 'a name with letters or digits' } : { value }
    }
    case 'id':
    case 'address': {
      const value = written.trim().toLowerCase()
      return value === '' ? { expected: 'a value' } : { value }
    }
  }
}

function canonicalNumber(kind: FieldKind & { kind: 'number' }, written: string): Canonical {
  const value = Number(written)
  const fits = /^\d+(\.\d+)?$/.test(written) && value >= kind.min && value <= kind.max
  if (fits && (!kind.whole || Number.isInteger(value))) return { value: String(value) }
  return { expected: `a ${kind.whole ? 'whole ' : ''}number from ${kind.min} to ${kind.max}` }
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** First and last day of a day, a month (`2026-07`) or a year; undefined when it is none of them. */
export function dayRange(text: string): { readonly first: string; readonly last: string } | undefined {
  if (isDay(text)) return { first: text, last: text }
  if (/^\d{4}$/.test(text)) return { first: `${text}-01-01`, last: `${text}-12-31` }
  if (!/^\d{4}-\d{2}$/.test(text) || !isDay(`${text}-01`)) return undefined
  const last = [31, 30, 29, 28].map(date => `${text}-${date}`).find(isDay)
  return last === undefined ? undefined : { first: `${text}-01`, last }
}

/** The labels of a flag as they stand: what the reviewer corrected, else what the machine said. */
export function labelsOf(
  document: FlagDocument,
): Pick<FlagDocument, 'category' | 'subtype' | 'severity' | 'targets' | 'event' | 'voice' | 'stance'> {
  const corrected = document.standing.verdict?.corrected
  const event = corrected?.event ?? document.event
  return {
    category: corrected?.category ?? document.category,
    subtype: corrected?.subtype ?? document.subtype,
    severity: corrected?.severity ?? document.severity,
    targets: corrected?.targets ?? document.targets,
    ...(event === undefined ? {} : { event }),
    voice: corrected?.voice ?? document.voice,
    stance: corrected?.stance ?? document.stance,
  }
}

/** What article fields read. */
export interface ArticleFields {
  readonly article: ArticleHead
  readonly language?: Language
  readonly script?: Script
  readonly flagged: boolean
}

const ARTICLE_VALUES: Partial<Record<QueryField, (of: ArticleFields) => Values>> = {
  language: of => of.language,
  script: of => of.script,
  source: of => of.article.sourceId,
  country: of => of.article.outlet.country,
  outlet: of => of.article.outlet.name,
  kind: of => of.article.outlet.kind,
  section: of => of.article.section,
  author: of => of.article.author,
  title: of => of.article.title,
  url: of => of.article.url,
  day: of => of.article.day,
  flagged: of => String(of.flagged),
  article: of => of.article.id,
}

const FLAG_VALUES: Partial<Record<QueryField, (of: FlagDocument) => Values>> = {
  category: of => labelsOf(of).category,
  subtype: of => labelsOf(of).subtype,
  severity: of => String(labelsOf(of).severity),
  confidence: of => String(of.confidence),
  target: of => labelsOf(of).targets,
  event: of => labelsOf(of).event,
  voice: of => labelsOf(of).voice,
  stance: of => labelsOf(of).stance,
  speaker: of => of.speaker,
  status: of => of.standing.status,
  rule: of => of.rule,
  field: of => of.field,
  evasive: of => String(of.evasive === true),
  alert: of => String(of.alert),
  second: of => String(of.standing.waitingForSecond),
  disagreement: of => String(of.standing.disagreement),
  id: of => of.id,
}

type Values = string | readonly string[] | undefined

/** What a flag holds in a field, in the form in which queries compare: none, one, or several. */
export function flagFieldValues(field: QueryField, document: FlagDocument): readonly string[] {
  const read = FLAG_VALUES[field]
  if (!read) return articleFieldValues(field, { ...document, flagged: true })
  return comparable(field, read(document))
}

/** What an article holds in a field; nothing in fields of flags. */
export function articleFieldValues(field: QueryField, of: ArticleFields): readonly string[] {
  return comparable(field, ARTICLE_VALUES[field]?.(of))
}

function comparable(field: QueryField, values: Values): readonly string[] {
  if (values === undefined) return []
  const list = typeof values === 'string' ? [values] : values
  const { kind } = FIELD_KINDS[field]
  if (kind === 'name' || kind === 'words') return list.map(fold)
  return kind === 'id' || kind === 'address' ? list.map(value => value.toLowerCase()) : list
}
