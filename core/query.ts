/**
 * The query language of search, subscriptions and the API. Syntax with examples: docs/search.md. Whether a document
 * meets a query: core/query-match.ts; what fields may hold: core/query-fields.ts.
 */
import { FIELD_KINDS, canonicalValue, dayRange } from './query-fields.ts'
import { QueryError, lex } from './query-lexer.ts'
import type { Lexeme } from './query-lexer.ts'
import { lightStem, searchTokens } from './text.ts'

export { QueryError }

/** Fields a query may name. Those of flags are left out where articles are counted. */
export const ARTICLE_FIELDS = [
  'language',
  'script',
  'source',
  'country',
  'outlet',
  'kind',
  'section',
  'author',
  'title',
  'url',
  'day',
  'flagged',
  'article',
] as const
export const FLAG_FIELDS = [
  'category',
  'subtype',
  'severity',
  'confidence',
  'target',
  'event',
  'voice',
  'stance',
  'speaker',
  'status',
  'rule',
  'field',
  'evasive',
  'alert',
  'second',
  'disagreement',
  'id',
] as const
export type QueryField = (typeof ARTICLE_FIELDS)[number] | (typeof FLAG_FIELDS)[number]

export type Comparison = '=' | '>=' | '<=' | '>' | '<'

export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Query[] }
  | { readonly kind: 'not'; readonly of: Query }
  /** One word, matched by its light stem in title, lead and text of the article. */
  | { readonly kind: 'word'; readonly stem: string }
  /** Folded words in a row, matched exactly. */
  | { readonly kind: 'phrase'; readonly words: readonly string[] }
  /** Beginning of a folded word. */
  | { readonly kind: 'prefix'; readonly prefix: string }
  /** The value is canonical: see `core/query-fields.ts` for how each field is written and compared. */
  | {
      readonly kind: 'field'
      readonly field: QueryField
      readonly comparison: Comparison
      readonly value: string
    }

/** Joins queries, without needless nesting: `all` for none, the query itself for one. */
export function combine(kind: 'and' | 'or', queries: readonly Query[]): Query {
  const of = queries.flatMap(query => (query.kind === kind ? query.of : [query]))
  return of.length === 0 ? { kind: 'all' } : of.length === 1 ? of[0]! : { kind, of }
}

// ---------------------------------------------------------------- from text

const MAX_CHARS = 2_000
const MAX_TERMS = 64
const MAX_DEPTH = 16

/**
 * Reads a query. An empty one, or `*`, finds everything.
 * @throws QueryError with the place, what was expected there, and what came.
 */
export function parseQuery(text: string): Query {
  if (text.length > MAX_CHARS) {
    throw new QueryError(MAX_CHARS, `at most ${MAX_CHARS} characters`, `${text.length}`)
  }
  const reader = readerOf(lex(text))
  if (reader.peek().kind === 'end') return { kind: 'all' }
  const query = readAlternatives(reader, 0)
  const rest = reader.peek()
  if (rest.kind !== 'end') throw unexpected(rest, 'a word, a field, AND or OR')
  return query
}

interface Reader {
  peek(): Lexeme
  take(): Lexeme
  /** Counts what a store has to look up. */
  term(at: number, count: number): void
}

function readerOf(lexemes: readonly Lexeme[]): Reader {
  let next = 0
  let terms = 0
  return {
    peek: () => lexemes[next]!,
    take: () => lexemes[next++]!,
    term(at, count) {
      terms += count
      if (terms > MAX_TERMS)
        throw new QueryError(at, `at most ${MAX_TERMS} words and values in a query`, 'more')
    },
  }
}

function readAlternatives(reader: Reader, depth: number): Query {
  const of = [readTogether(reader, depth)]
  while (reader.peek().kind === 'or') {
    reader.take()
    of.push(readTogether(reader, depth))
  }
  return combine('or', of)
}

function readTogether(reader: Reader, depth: number): Query {
  const of = [readOne(reader, depth)]
  for (;;) {
    const { kind } = reader.peek()
    if (kind === 'or' || kind === 'close' || kind === 'end') return combine('and', of)
    if (kind === 'and') reader.take()
    of.push(readOne(reader, depth))
  }
}

function readOne(reader: Reader, depth: number): Query {
  const lexeme = reader.take()
  if (depth >= MAX_DEPTH)
    throw new QueryError(lexeme.at, `at most ${MAX_DEPTH} levels of ( ) and NOT`, 'more')
  switch (lexeme.kind) {
    case 'not':
      return { kind: 'not', of: readOne(reader, depth + 1) }
    case 'open': {
      const query = readAlternatives(reader, depth + 1)
      const close = reader.take()
      if (close.kind !== 'close') throw unexpected(close, ') for the ( at character ' + String(lexeme.at + 1))
      return query
    }
    case 'word':
      reader.term(lexeme.at, 1)
      return readWord(lexeme)
    case 'phrase':
      reader.term(lexeme.at, 1)
      return { kind: 'phrase', words: wordsIn(lexeme) }
    case 'field':
      reader.term(lexeme.at, lexeme.items.length)
      return readField(lexeme)
    default:
      throw unexpected(lexeme, 'a word, a "phrase", a field such as category:denial, NOT or (')
  }
}

function readWord(lexeme: Lexeme): Query {
  if (lexeme.text === '*') return { kind: 'all' }
  const words = wordsIn(lexeme)
  if (!lexeme.text.endsWith('*')) {
    return words.length === 1 ? { kind: 'word', stem: lightStem(words[0]!) } : { kind: 'phrase', words }
  }
  if (words.length > 1 || words[0]!.length < 2) {
    throw unexpected(lexeme, 'before * the beginning of one word, at least two letters')
  }
  return { kind: 'prefix', prefix: words[0]! }
}

function wordsIn(lexeme: Lexeme): readonly string[] {
  const words = searchTokens(lexeme.text).exact
  if (words.length === 0) throw unexpected(lexeme, 'at least one letter or digit')
  return words
}

function readField(lexeme: Lexeme & { kind: 'field' }): Query {
  const field = FIELD_NAMES.get(lexeme.field)
  if (field === undefined) {
    throw new QueryError(
      lexeme.at,
      `one of the fields ${[...FIELD_NAMES.keys()].join(', ')} (or quotation marks around words with a colon)`,
      `"${lexeme.field}"`,
    )
  }
  const of = lexeme.items.map(item => readItem(field, item))
  return combine('or', of)
}

interface FieldName {
  readonly field: QueryField
  /** `from:` and `to:` are days with their comparison in the name. */
  readonly comparison?: Comparison
}

const FIELD_NAMES: ReadonlyMap<string, FieldName> = new Map<string, FieldName>([
  ...[...ARTICLE_FIELDS, ...FLAG_FIELDS].map(field => [field, { field }] as const),
  ['from', { field: 'day', comparison: '>=' }],
  ['to', { field: 'day', comparison: '<=' }],
])

type Item = (Lexeme & { kind: 'field' })['items'][number]

function readItem(name: FieldName, item: Item): Query {
  const comparison = name.comparison ?? item.comparison
  const { kind } = FIELD_KINDS[name.field]
  const ordered = kind === 'number' || kind === 'day'
  if (name.comparison && item.comparison !== '=') {
    throw new QueryError(item.at - item.comparison.length, 'a day alone', `"${item.comparison}"`)
  }
  if (item.comparison !== '=' && !ordered) {
    throw new QueryError(
      item.at - item.comparison.length,
      `a value; ${name.field} has no order`,
      `"${item.comparison}"`,
    )
  }
  const range = ordered && !item.quoted && comparison === '=' ? /^(.*)\.\.(.*)$/.exec(item.text) : null
  if (!range) return readValue(name.field, comparison, item.text, item.at)
  return readRange(name.field, range[1]!, range[2]!, item.at)
}

function readRange(field: QueryField, low: string, high: string, at: number): Query {
  if (low === '' && high === '') throw new QueryError(at, 'a value before or after ..', '".."')
  const of: Query[] = []
  if (low !== '') of.push(readValue(field, '>=', low, at))
  if (high !== '') of.push(readValue(field, '<=', high, at))
  const [from, to] = of
  if (from?.kind === 'field' && to?.kind === 'field' && isAfter(field, from.value, to.value)) {
    throw new QueryError(at, 'the smaller value before ..', `"${low}..${high}"`)
  }
  return combine('and', of)
}

function isAfter(field: QueryField, a: string, b: string): boolean {
  return FIELD_KINDS[field].kind === 'number' ? Number(a) > Number(b) : a > b
}

function readValue(field: QueryField, comparison: Comparison, written: string, at: number): Query {
  if (field === 'day') return readDay(comparison, written, at)
  const canonical = canonicalValue(field, written)
  if ('value' in canonical) return { kind: 'field', field, comparison, value: canonical.value }
  throw new QueryError(at, `${canonical.expected} after ${field}:`, `"${written}"`)
}

/** A month or a year stands for all its days. */
function readDay(comparison: Comparison, written: string, at: number): Query {
  const range = dayRange(written)
  if (!range) {
    throw new QueryError(at, 'a day such as 2026-07-11, a month such as 2026-07, or a year', `"${written}"`)
  }
  const { first, last } = range
  if (comparison === '=' && first !== last) {
    return combine('and', [day('>=', first), day('<=', last)])
  }
  return day(comparison, comparison === '>=' || comparison === '<' ? first : last)
}

function day(comparison: Comparison, value: string): Query {
  return { kind: 'field', field: 'day', comparison, value }
}

function unexpected(lexeme: Lexeme, expected: string): QueryError {
  return new QueryError(lexeme.at, expected, lexeme.kind === 'end' ? 'the end' : `"${lexeme.text}"`)
}

/** The query for one value of a field, written as people or pages have it. @throws QueryError when the field cannot hold it. */
export function fieldQuery(field: QueryField, written: string): Query {
  return readValue(field, '=', written, 0)
}

// ---------------------------------------------------------------- to text

/** A query as text: `parseQuery` reads it as the same query. Words come as their stems. */
export function formatQuery(query: Query): string {
  return query.kind === 'all' ? '' : format(query)
}

function format(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*'
    case 'and':
      return query.of.map(inBrackets).join(' ')
    case 'or':
      return query.of.map(inBrackets).join(' OR ')
    case 'not':
      return `NOT ${inBrackets(query.of)}`
    case 'word':
      return query.stem
    case 'prefix':
      return `${query.prefix}*`
    case 'phrase':
      return `"${query.words.join(' ')}"`
    case 'field':
      return `${query.field}:${query.comparison === '=' ? '' : query.comparison}${formatValue(query.value)}`
  }
}

function inBrackets(query: Query): string {
  return query.kind === 'and' || query.kind === 'or' ? `(${format(query)})` : format(query)
}

/** Quoted unless it is made of characters that mean nothing to the parser. */
function formatValue(value: string): string {
  const bare = /^[\p{L}\p{N}_][\p{L}\p{N}_.:/-]*$/u.test(value) && !value.includes('..')
  return bare ? value : `"${value.replace(/["“”„]/g, ' ')}"`
}

// ---------------------------------------------------------------- denominators

const FLAG_FIELD_SET: ReadonlySet<QueryField> = new Set(FLAG_FIELDS)

/**
 * What a query asks of the article alone: the denominator of its counts. Nothing is known of flags there, so what is
 * asked of them is left out of AND; where an alternative depends on them, nothing is asked.
 */
export function articlePart(query: Query): Query {
  if (!asksFlags(query)) return query
  return knownPart(query, false) ?? { kind: 'all' }
}

function asksFlags(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.of.some(asksFlags)
  if (query.kind === 'not') return asksFlags(query.of)
  return query.kind === 'field' && FLAG_FIELD_SET.has(query.field)
}

/** The known part of a query or of its opposite; undefined when unknown. NOT is carried inward, where it turns AND into OR. */
function knownPart(query: Query, opposite: boolean): Query | undefined {
  if (query.kind === 'not') return knownPart(query.of, !opposite)
  if (query.kind === 'and' || query.kind === 'or') {
    const parts = query.of.map(one => knownPart(one, opposite))
    const known = parts.filter(part => part !== undefined)
    const isAnd = (query.kind === 'and') !== opposite
    if (isAnd) return known.length > 0 ? combine('and', known) : undefined
    return known.length === parts.length ? combine('or', known) : undefined
  }
  if (asksFlags(query)) return undefined
  return opposite ? { kind: 'not', of: query } : query
}
