/** The conditions of a search in SQL: for flags, for articles, and for the counts that charts divide by. */
import type { DatabaseSync } from 'node:sqlite'
import type { Search } from '../core/ports.ts'
import { articlePart } from '../core/query.ts'
import type { Query } from '../core/query.ts'
import { addDays } from '../core/time.ts'
import { keptAnswers } from './kept-answers.ts'
import {
  asksSection,
  conditionOf,
  dayValue,
  isDaily,
  join,
  shelfMatches,
  sql,
  wordCondition,
  wordsApart,
} from './sqlite-query.ts'
import type { Asked, Sql, WordMatch } from './sqlite-query.ts'
import { dayOfNumber, numbersOfDay } from './sqlite-schema.ts'
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

/** `listed` in the order of time, which the index of live flags gives; `counted` in any order, faster without it. */
export function flagSource({ query, from, to }: Search, use: 'listed' | 'counted'): Source {
  const live = sql(use === 'listed' ? 'f.live = 1' : '+f.live = 1')
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

function daysWithin(asked: Asked, from: string | undefined, to: string | undefined): Sql[] {
  return [
    ...(from === undefined ? [] : [sql(`${asked}.day >= ?`, dayValue(asked, from))]),
    ...(to === undefined ? [] : [sql(`${asked}.day <= ?`, dayValue(asked, to))]),
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

/** The daily counts answer where they can; else the articles themselves are counted. */
export function articleCounts(db: DatabaseSync): ArticleCounts {
  const keep = keptAnswers<ArticleCount>(db)
  return (search, by) => {
    const { query, from, to } = search
    if (isDaily(articlePart(query))) {
      return keep([query, from, to, by], () => countDaily(db, search, by))
    }
    const other = by.includes('section') ? 'section' : 'dims'
    const tally = keep([query, from, to, other], () => tallyArticles(db, search, other))
    return by.length === 2 ? tally : grouped(tally, by[0])
  }
}

function countDaily(db: DatabaseSync, search: Search, by: readonly CountedBy[]): readonly ArticleCount[] {
  const query = articlePart(search.query)
  const table = by.includes('section') || asksSection(query) ? 'daily_sections' : 'daily'
  const { sql: where, values } = join(
    [...daysWithin('d', search.from, search.to), conditionOf(query, 'd')],
    'AND',
  )
  const columns = by.map(field => `d.${field}`)
  const rows = db
    .prepare(
      `SELECT ${[...columns, 'coalesce(sum(d.articles), 0) AS articles'].join(', ')} FROM ${table} d
       WHERE ${where} ${by.length > 0 ? `GROUP BY ${columns.join(', ')}` : ''}`,
    )
    .all(...values)
  return rows as unknown as ArticleCount[]
}

/** Above any number of an outlet or a section. */
const PACKED = 0x1000000

/**
 * One pass over the articles serves all counts of a search. The database only strings their numbers together and they
 * are counted here, because to group them it would sort them: six times slower on half a million articles.
 */
function tallyArticles(db: DatabaseSync, search: Search, other: 'dims' | 'section'): readonly ArticleCount[] {
  const tally = new Map<number, number>()
  for (const { from, where } of articleSources(search, numbersWithin(search))) {
    const packed = db
      .prepare(
        `SELECT group_concat(a.day * ${PACKED} + a.${other}) AS packed FROM ${from.sql} WHERE ${where.sql}`,
      )
      .get(...from.values, ...where.values)!['packed'] as string | null
    if (packed !== null) addPacked(tally, packed)
  }
  return [...tally].map(([key, articles]) => {
    const number = key % PACKED
    return { day: dayOfNumber(Math.floor(key / PACKED)), dims: number, section: number, articles }
  })
}

const COMMA = 44
const ZERO = 48

/** Counts the numbers of a list with commas between, without making a text of each. */
function addPacked(tally: Map<number, number>, packed: string): void {
  let number = 0
  for (let i = 0; i <= packed.length; i++) {
    const code = i === packed.length ? COMMA : packed.charCodeAt(i)
    if (code !== COMMA) number = number * 10 + code - ZERO
    else {
      tally.set(number, (tally.get(number) ?? 0) + 1)
      number = 0
    }
  }
}

function grouped(tally: readonly ArticleCount[], by: CountedBy | undefined): readonly ArticleCount[] {
  const groups = new Map<string | number, ArticleCount>()
  for (const row of tally) {
    const key = by === undefined ? '' : row[by]
    groups.set(key, { ...row, articles: row.articles + (groups.get(key)?.articles ?? 0) })
  }
  return [...groups.values()]
}
