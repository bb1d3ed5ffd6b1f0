/** The conditions of a search in SQL: for flags, for articles, and for the counts that charts divide by. */
import type { DatabaseSync } from 'node:sqlite'
import type { Search } from '../core/ports.ts'
import { articlePart } from '../core/query.ts'
import type { Query } from '../core/query.ts'
import { addDays } from '../core/time.ts'
import { conditionOf, isDaily, join, shelfMatches, sql, wordsApart } from './sqlite-query.ts'
import type { Sql, WordMatch } from './sqlite-query.ts'
import { numbersOfDay } from './sqlite-schema.ts'
import { SHELVES } from './sqlite-words.ts'

/** Something to select from, and which of it. */
export interface Source {
  readonly from: Sql
  readonly where: Sql
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
export function articleSources(search: Search, [first, end]: Numbers): readonly Source[] {
  const { lead, rest } = leadOf(articlePart(search.query))
  const where = join([sql('a.deleted = 0'), ...daysWithin('a', search.from, search.to), ...rest], 'AND')
  if (!lead) {
    return [{ from: sql('articles a'), where: join([sql('a.n >= ? AND a.n < ?', first, end), where], 'AND') }]
  }
  return SHELVES.map(shelf => {
    const { sql: matches, values } = shelfMatches(shelf, lead)
    const led = `(${matches} AND rowid >= ? AND rowid < ?) w CROSS JOIN articles a ON a.n = w.n`
    return { from: sql(led, ...values, first, end), where }
  })
}

function leadOf(query: Query): { lead?: WordMatch; rest: readonly Sql[] } {
  const of = query.kind === 'and' ? query.of : [query]
  const { words, others } = wordsApart(of, 'AND')
  const [lead, ...more] = words
  const rest = [...more.map(word => wordsCondition(word)), ...others.map(one => conditionOf(one, 'a'))]
  return { rest, ...(lead && { lead }) }
}

function wordsCondition(word: WordMatch): Sql {
  const shelves = SHELVES.map(shelf => shelfMatches(shelf, word))
  return {
    sql: `a.n IN (${shelves.map(one => one.sql).join(' UNION ALL ')})`,
    values: shelves.flatMap(one => one.values),
  }
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

export type Denominators = (search: Search) => Source

/**
 * Counts of articles by day, outlet and section, as rows of `d`: from the daily counts where they can answer, else
 * gathered into a temporary table of the same shape. The last one is kept, because a page asks several times the same.
 */
export function denominators(db: DatabaseSync): Denominators {
  db.exec(`CREATE TEMP TABLE IF NOT EXISTS gathered
    (day TEXT NOT NULL, dims INTEGER NOT NULL, section INTEGER NOT NULL, flagged INTEGER NOT NULL, articles INTEGER NOT NULL)`)
  const version = db.prepare('PRAGMA data_version')
  let holds: string | undefined

  return search => {
    const query = articlePart(search.query)
    if (isDaily(query)) {
      const where = join([...daysWithin('d', search.from, search.to), conditionOf(query, 'd')], 'AND')
      return { from: sql('daily d'), where }
    }
    const wanted = JSON.stringify([query, search.from, search.to, version.get()!['data_version']])
    if (holds !== wanted) {
      holds = undefined
      gather(db, articleSources(search, numbersWithin(search)))
      holds = wanted
    }
    return { from: sql('temp.gathered d'), where: sql('1') }
  }
}

function gather(db: DatabaseSync, sources: readonly Source[]): void {
  db.exec('DELETE FROM temp.gathered')
  for (const { from, where } of sources) {
    db.prepare(
      `INSERT INTO temp.gathered SELECT a.day, a.dims, a.section, a.flagged, count(*) FROM ${from.sql}
       WHERE ${where.sql} GROUP BY a.day, a.dims, a.section, a.flagged`,
    ).run(...from.values, ...where.values)
  }
}
