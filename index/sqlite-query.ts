/** Turns a query into SQL conditions with the meaning of the predicate in core/query.ts. What users wrote is only ever bound. */
import type { SQLInputValue } from 'node:sqlite'
import type { Query, QueryField } from '../core/query.ts'
import { numberOfDay } from './sqlite-schema.ts'
import { SHELVES } from './sqlite-words.ts'
import type { Shelf } from './sqlite-words.ts'

/** A piece of SQL and the values of its placeholders, in order. */
export interface Sql {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

/** What is asked: flags (`f`), articles (`a`), or the daily counts of articles (`d`). */
export type Asked = 'f' | 'a' | 'd'

type FieldQuery = Query & { kind: 'field' }

const ALL: Sql = { sql: '1', values: [] }
const NONE: Sql = { sql: '0', values: [] }

export function sql(text: string, ...values: SQLInputValue[]): Sql {
  return { sql: text, values }
}

export function join(conditions: readonly Sql[], by: 'AND' | 'OR'): Sql {
  if (conditions.length === 1) return conditions[0]!
  return {
    sql: `(${conditions.map(one => one.sql).join(` ${by} `)})`,
    values: conditions.flatMap(one => one.values),
  }
}

/** Whether the daily counts can answer the query: they know days, outlets, languages and sections. */
export function isDaily(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.of.every(isDaily)
  if (query.kind === 'not') return isDaily(query.of)
  return query.kind === 'all' || (query.kind === 'field' && DAILY_FIELDS.has(query.field))
}

export function asksSection(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.of.some(asksSection)
  if (query.kind === 'not') return asksSection(query.of)
  return query.kind === 'field' && query.field === 'section'
}

const DIMS_COLUMN: Partial<Record<QueryField, string>> = {
  language: 'language',
  script: 'script',
  source: 'lower(source)',
  country: 'country',
  outlet: 'outlet_folded',
  kind: 'kind',
}
const DAILY_FIELDS: ReadonlySet<QueryField> = new Set([
  ...(Object.keys(DIMS_COLUMN) as QueryField[]),
  'section',
  'day',
  'flagged',
])

export function conditionOf(query: Query, asked: Asked): Sql {
  switch (query.kind) {
    case 'all':
      return ALL
    case 'and':
    case 'or':
      return joined(query, asked)
    case 'not': {
      const condition = conditionOf(query.of, asked)
      return { ...condition, sql: `NOT (${condition.sql})` }
    }
    case 'field':
      return fieldCondition(query, asked)
    default:
      return isWord(query) ? wordCondition(wordMatch(query), asked) : NONE
  }
}

/** Words beside each other become one full-text question: the shortest list of articles leads. */
function joined({ kind, of }: Query & { kind: 'and' | 'or' }, asked: Asked): Sql {
  if (of.length === 0) return kind === 'and' ? ALL : NONE
  const by = kind === 'and' ? 'AND' : 'OR'
  const { words, others } = wordsApart(of, by)
  return join(
    [...words.map(word => wordCondition(word, asked)), ...others.map(one => conditionOf(one, asked))],
    by,
  )
}

// ---------------------------------------------------------------- words

/** A question to one of the two full-text tables of a shelf. */
export interface WordMatch {
  readonly table: 'stems' | 'exact'
  readonly match: string
}

/** The words of a conjunction or disjunction, one match a table, and the rest of it. */
export function wordsApart(
  of: readonly Query[],
  by: 'AND' | 'OR',
): { readonly words: readonly WordMatch[]; readonly others: readonly Query[] } {
  const words = (['stems', 'exact'] as const).flatMap(table => {
    const wanted = matchesOf(of.filter(isWord), table)
    if (wanted.length === 0) return []
    const unwanted = by === 'AND' ? matchesOf(of.flatMap(excluded), table) : []
    const match = wanted.join(` ${by} `)
    return [{ table, match: unwanted.length === 0 ? match : `(${match}) NOT (${unwanted.join(' OR ')})` }]
  })
  const tables = words.map(word => word.table)
  const isIn = (query: Query): boolean =>
    isWord(query) || (by === 'AND' && excluded(query).some(word => tables.includes(wordMatch(word).table)))
  return { words, others: of.filter(query => !isIn(query)) }
}

function matchesOf(words: readonly WordQuery[], table: WordMatch['table']): string[] {
  return words
    .map(wordMatch)
    .filter(word => word.table === table)
    .map(word => word.match)
}

/** The word that a query says must not be there. */
function excluded(query: Query): WordQuery[] {
  return query.kind === 'not' && isWord(query.of) ? [query.of] : []
}

type WordQuery = Query & { kind: 'word' | 'phrase' | 'prefix' }

/** Whether the index can hold what is asked for; what is no folded word, it does not. */
function isWord(query: Query): query is WordQuery {
  if (query.kind === 'word') return isFolded(query.stem)
  if (query.kind === 'prefix') return isFolded(query.prefix)
  return query.kind === 'phrase' && query.words.length > 0 && query.words.every(isFolded)
}

function isFolded(word: string): boolean {
  return word !== '' && !/[^\p{L}\p{N}]/u.test(word)
}

function wordMatch(query: WordQuery): WordMatch {
  switch (query.kind) {
    case 'word':
      return { table: 'stems', match: quoted(query.stem) }
    case 'phrase':
      return { table: 'exact', match: quoted(query.words.join(' ')) }
    case 'prefix':
      return { table: 'exact', match: `${quoted(query.prefix)} *` }
  }
}

/** Folded words as a string of the full-text language, where nothing in them is an operator. */
function quoted(words: string): string {
  return `"${words}"`
}

export function wordCondition(word: WordMatch, asked: Asked): Sql {
  if (asked === 'f') {
    const { sql: text, values } = shelfMatches('flagged', word)
    return { sql: `f.article_n IN (${text})`, values }
  }
  const shelves = SHELVES.map(shelf => shelfMatches(shelf, word))
  return {
    sql: `a.n IN (${shelves.map(one => one.sql).join(' UNION ALL ')})`,
    values: shelves.flatMap(one => one.values),
  }
}

/** Numbers of the articles of a shelf with the words. */
export function shelfMatches(shelf: Shelf, { table, match }: WordMatch): Sql {
  const name = `${shelf}_${table}`
  return sql(`SELECT rowid AS n FROM ${name} WHERE ${name} MATCH ?`, match)
}

// ---------------------------------------------------------------- fields

/** A day as the table has it: articles are counted by its number. */
export function dayValue(asked: Asked, day: string): SQLInputValue {
  return asked === 'a' ? numberOfDay(day) : day
}

function fieldCondition(query: FieldQuery, asked: Asked): Sql {
  const dims = DIMS_COLUMN[query.field]
  if (dims !== undefined) {
    const { sql: text, values } = compares(dims, query)
    return { sql: `${asked}.dims IN (SELECT id FROM dims WHERE ${text})`, values }
  }
  if (query.field === 'section') {
    const { sql: text, values } = compares('folded', query)
    return { sql: `${asked}.section IN (SELECT id FROM sections WHERE ${text})`, values }
  }
  if (query.field === 'day') return sql(`${asked}.day ${query.comparison} ?`, dayValue(asked, query.value))
  return asked === 'f' ? flagCondition(query) : articleCondition(query, asked)
}

function articleCondition(query: FieldQuery, asked: 'a' | 'd'): Sql {
  switch (query.field) {
    case 'flagged':
      return compares(yesOrNo(`${asked}.flagged`), query)
    case 'article':
      return compares('a.id', query)
    case 'author':
    case 'url': {
      const { sql: text, values } = compares(query.field, query)
      return { sql: `a.n IN (SELECT n FROM article_details WHERE ${text})`, values }
    }
    case 'title':
      if (!query.value.split(' ').every(isFolded)) return NONE
      return wordCondition({ table: 'exact', match: `title : ${quoted(query.value)}` }, 'a')
    default:
      // Fields of flags: an article holds nothing in them.
      return NONE
  }
}

function flagCondition(query: FieldQuery): Sql {
  switch (query.field) {
    case 'flagged':
      return compares("'true'", query)
    case 'target': {
      const { sql: text, values } = compares('lower(t.target)', query)
      return { sql: `EXISTS (SELECT 1 FROM flag_targets t WHERE t.flag = f.n AND ${text})`, values }
    }
    case 'severity':
    case 'confidence':
      return sql(`f.${query.field} ${query.comparison} ?`, Number(query.value))
    default:
      return compares(FLAG_COLUMN[query.field] ?? `f.${query.field}`, query)
  }
}

/** Ids of ours are hashes in lower case; ids that operators give may not be. */
const FLAG_COLUMN: Partial<Record<QueryField, string>> = {
  article: 'f.article_id',
  event: 'lower(f.event)',
  rule: 'lower(f.rule)',
  speaker: 'f.speaker_folded',
  evasive: yesOrNo('f.evasive'),
  alert: yesOrNo('f.alert'),
  second: yesOrNo('f.second'),
  disagreement: yesOrNo('f.disagreement'),
}

function yesOrNo(column: string): string {
  return `CASE ${column} WHEN 1 THEN 'true' ELSE 'false' END`
}

function compares(column: string, { field, comparison, value }: FieldQuery): Sql {
  if (field === 'title') return sql(`instr(' ' || ${column} || ' ', ?) > 0`, ` ${value} `)
  if (field === 'url') return sql(`instr(${column}, ?) > 0`, value)
  // An absent value is stored as empty text, which is smaller than all others.
  if (comparison === '<' || comparison === '<=')
    return sql(`(${column} <> '' AND ${column} ${comparison} ?)`, value)
  return sql(`${column} ${comparison} ?`, value)
}
