/** Turns a query into the query language of Elasticsearch with the meaning of the predicate in core/query-match.ts. */
import type { Search } from '../core/ports.ts'
import { FIELD_KINDS, isDay } from '../core/query-fields.ts'
import { FLAG_FIELDS } from '../core/query.ts'
import type { Comparison, Query, QueryField } from '../core/query.ts'
import { COMPARED_APART } from './elasticsearch-documents.ts'

/** What is asked. */
export type Asked = 'flags' | 'articles'

export type Dsl = object

type FieldQuery = Query & { kind: 'field' }

const ALL: Dsl = { match_all: {} }
const NONE: Dsl = { match_none: {} }
const WORD_FIELDS = ['words.title', 'words.lead', 'words.text'] as const

export function every(conditions: readonly Dsl[]): Dsl {
  return conditions.length === 0 ? ALL : { bool: { filter: conditions } }
}

export function some(conditions: readonly Dsl[]): Dsl {
  return conditions.length === 0 ? NONE : { bool: { should: conditions, minimum_should_match: 1 } }
}

export function except(condition: Dsl): Dsl {
  return { bool: { must_not: condition } }
}

export function conditionOf(query: Query, asked: Asked): Dsl {
  switch (query.kind) {
    case 'all':
      return ALL
    case 'and':
      return every(query.of.map(one => conditionOf(one, asked)))
    case 'or':
      return some(query.of.map(one => conditionOf(one, asked)))
    case 'not':
      return except(conditionOf(query.of, asked))
    case 'word':
      return isFolded(query.stem) ? { term: { 'words.stems': query.stem } } : NONE
    case 'prefix':
      return isFolded(query.prefix)
        ? some(WORD_FIELDS.map(name => ({ prefix: { [name]: query.prefix } })))
        : NONE
    case 'phrase':
      return some(WORD_FIELDS.map(name => phraseIn(name, query.words)))
    case 'field':
      return fieldCondition(query, asked)
  }
}

/** Whether a query asks for words of a text, and not only for what is known of the article. */
export function asksWords(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.of.some(asksWords)
  if (query.kind === 'not') return asksWords(query.of)
  return query.kind === 'word' || query.kind === 'prefix' || query.kind === 'phrase'
}

export function daysWithin({ from, to }: Pick<Search, 'from' | 'to'>): Dsl[] {
  if (from === undefined && to === undefined) return []
  return [
    { range: { day: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lte: to }) } } },
  ]
}

function phraseIn(field: string, words: readonly string[]): Dsl {
  if (words.length === 0 || !words.every(isFolded)) return NONE
  return { match_phrase: { [field]: words.join(' ') } }
}

/** What the index can hold; a word that is no folded word, it does not. */
function isFolded(word: string): boolean {
  return word !== '' && !/[^\p{L}\p{N}]/u.test(word)
}

// ---------------------------------------------------------------- fields

const OF_FLAGS: ReadonlySet<QueryField> = new Set(FLAG_FIELDS)

function fieldCondition(query: FieldQuery, asked: Asked): Dsl {
  const { field, value, comparison } = query
  // An article holds nothing in fields of flags.
  if (asked === 'articles' && OF_FLAGS.has(field)) return NONE
  const { kind } = FIELD_KINDS[field]
  switch (kind) {
    case 'words':
      return phraseIn('title', value.split(' '))
    case 'address':
      return { wildcard: { 'is.url': { value: `*${value.replace(/[\\*?]/g, '\\$&')}*` } } }
    case 'number':
      return compares(field, comparison, Number(value))
    case 'day':
      return isDay(value) ? compares(field, comparison, value) : NONE
    default:
      return compares(nameOf(field), comparison, value)
  }
}

function nameOf(field: QueryField): string {
  if (COMPARED_APART.has(field)) return `is.${field}`
  return field === 'kind' ? 'outletKind' : field
}

const RANGE: Readonly<Partial<Record<Comparison, string>>> = {
  '>=': 'gte',
  '<=': 'lte',
  '>': 'gt',
  '<': 'lt',
}

function compares(name: string, comparison: Comparison, value: string | number): Dsl {
  const bound = RANGE[comparison]
  return bound === undefined ? { term: { [name]: value } } : { range: { [name]: { [bound]: value } } }
}
