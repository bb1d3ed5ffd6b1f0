/** The conditions of a search in SQL: for flags, for articles, and for the counts that charts divide by. */
import type { DatabaseSync } from 'node:sqlite'
import type { Search } from '../core/ports.ts'
import { articlePart } from '../core/query.ts'
import type { Query } from '../core/query.ts'
import { addDays } from '../core/time.ts'
import {
  asksSection,
  conditionOf,
  isDaily,
  join,
  shelfMatches,
  sql,
  wordCondition,
  wordsApart,
} from './sqlite-query.ts'
import type { Sql, WordMatch } from './sqlite-query.ts'
import { numbersOfDay } from './sqlite-schema.ts'
import { SHELVES } from './sqlite-words.ts'

/** Something to select from, and which of it. */
export interface Source {
  readonly from: Sql
  readonly where: Sql
}

export interface ArticleSource extends Source {
  /** The column by which the source can be read in the order of numbers without sorting. */
  readonly number: string
}

export function flagSource({ query, from, to }: Search): Source {
  const live = sql('f.live = 1')
  return {
    from: sql('flags f'),
    where: join([live, ...daysWithin('f', from, to), conditionOf(query, 'f')], 'AND'),
  }
}

/** A range of numbers of articles: from the first to before the second. */
export type Numbers = readonly [number, number]

/**
 * Articles that meet the article part of a search, with numbers of the range. One source where all
 * articles are looked through; where words are asked for, one a shelf, each led by the articles with the words.
 */
export function articleSources(search: Search, [first, end]: Numbers): readonly ArticleSource[] {
  const { lead, rest } = leadOf(articlePart(search.query))
  const where = join([sql('a.deleted = 0'), ...daysWithin('a', search.from, search.to), ...rest], 'AND')
  if (!lead) {
    const within = join([sql('a.n >= ? AND a.n < ?', first, end), where], 'AND')
    return [{ from: sql('articles a'), where: within, number: 'a.n' }]
  }
  return SHELVES.map(shelf => {
    const { sql: matches, values } = shelfMatches(shelf, lead)
    const led = `(${matches} AND rowid >= ? AND rowid < ?) w CROSS JOIN articles a ON a.n = w.n`
    return { from: sql(led, ...values, first, end), where, number: 'w.n' }
  })
}

function leadOf(query: Query): { lead?: WordMatch; rest: readonly Sql[] } {
  const of = query.kind === 'and' ? query.of : [query]
  const { words, others } = wordsApart(of, 'AND')
  const [lead, ...more] = words
  const rest = [...more.map(word => wordCondition(word, 'a')), ...others.map(one => conditionOf(one, 'a'))]
  return { rest, ...(lead && { lead }) }
}

function daysWithin(asked: 'f' | 'a' | 'd', from: string | undefined, to: string | undefined): Sql[] {
  return [
    ...(from === undefined ? [] : [sql(`${asked}.day >= ?`, from)]),
    ...(to === undefined ? [] : [sql(`${asked}.day <= ?`, to)]),
  ]
}

/** All numbers there may be, or those of the days: a day of the calendar touches the UTC days beside it. */
export function numbersWithin({ from, to }: Search): Numbers {
  const first = from === undefined ? 0 : numbersOfDay(Date.parse(addDays(from, -1)))[0]
  const end = to === undefined ? Number.MAX_SAFE_INTEGER : numbersOfDay(Date.parse(addDays(to, 1)))[1]
  return [first, end]
}

// ---------------------------------------------------------------- counts of articles

/** What articles can be counted by: their day, their outlet and language (`dims`), their section. */
export type CountedBy = 'day' | 'dims' | 'section'

export interface ArticleCount {
  readonly day: string
  readonly dims: number
  readonly section: number
  readonly articles: number
}

/** Articles that meet the article part of a search, counted; fields not counted by are not there. */
export type ArticleCounts = (search: Search, by: readonly CountedBy[]) => readonly ArticleCount[]

/** Answers kept: a page asks for the same several times over. */
const KEPT = 16

/** The daily counts answer where they can; else the articles themselves are counted. */
export function articleCounts(db: DatabaseSync): ArticleCounts {
  const version = db.prepare('PRAGMA data_version')
  const kept = new Map<string, readonly ArticleCount[]>()
  let seen: unknown
  return (search, by) => {
    const { query, from, to } = search
    const now = version.get()!['data_version']
    if (now !== seen || kept.size >= KEPT) kept.clear()
    seen = now
    const asked = JSON.stringify([query, from, to, by])
    const answer = kept.get(asked) ?? countArticles(db, search, by)
    kept.set(asked, answer)
    return answer
  }
}

function countArticles(db: DatabaseSync, search: Search, by: readonly CountedBy[]): ArticleCount[] {
  const query = articlePart(search.query)
  if (!isDaily(query)) {
    return articleSources(search, numbersWithin(search)).flatMap(source =>
      countRows(
        db,
        source,
        by.map(field => `a.${field}`),
        'count(*)',
      ),
    )
  }
  const table = by.includes('section') || asksSection(query) ? 'daily_sections' : 'daily'
  const where = join([...daysWithin('d', search.from, search.to), conditionOf(query, 'd')], 'AND')
  return countRows(
    db,
    { from: sql(`${table} d`), where },
    by.map(field => `d.${field}`),
    'sum(d.articles)',
  )
}

function countRows(
  db: DatabaseSync,
  { from, where }: Source,
  columns: readonly string[],
  counted: string,
): ArticleCount[] {
  const grouped = columns.length === 0 ? '' : `GROUP BY ${columns.join(', ')}`
  const rows = db
    .prepare(
      `SELECT ${[...columns, `coalesce(${counted}, 0) AS articles`].join(', ')} FROM ${from.sql} WHERE ${where.sql} ${grouped}`,
    )
    .all(...from.values, ...where.values)
  return rows as unknown as ArticleCount[]
}
