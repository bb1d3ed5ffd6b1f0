/** Counts over a search: totals, facets and timelines, each with the articles they are to be divided by. */
import type { DatabaseSync } from 'node:sqlite'
import { ARTICLE_FACETS } from '../core/ports.ts'
import type {
  ArticleFacet,
  Counts,
  FacetField,
  FacetValue,
  IndexReader,
  Search,
  TimelinePoint,
  TimelineSeries,
} from '../core/ports.ts'
import { intervalStart, intervalsBetween } from '../core/time.ts'
import { denominators, flagSource } from './sqlite-search.ts'
import type { Source } from './sqlite-search.ts'

type Row = Record<string, unknown>
type TimelineArguments = Parameters<IndexReader['timeline']>

export interface Counting {
  count(search: Search): Counts
  facets(
    search: Search,
    fields: readonly FacetField[],
    size: number,
  ): Partial<Record<FacetField, readonly FacetValue[]>>
  timeline(...[search, options]: TimelineArguments): TimelineSeries[]
}

const SERIES = 10

export function counting(db: DatabaseSync): Counting {
  const denominatorOf = denominators(db)
  const all = ({ from, where }: Source, columns: string, tail = ''): Row[] =>
    db
      .prepare(`SELECT ${columns} FROM ${from.sql} WHERE ${where.sql} ${tail}`)
      .all(...from.values, ...where.values)

  const total = (source: Source, sum: string): number =>
    Number(all(source, `coalesce(${sum}, 0) AS total`)[0]!['total'])

  return {
    count: search => ({
      flags: total(flagSource(search), 'count(*)'),
      articles: total(denominatorOf(search), 'sum(d.articles)'),
    }),

    facets(search, fields, size) {
      const flags = flagSource(search)
      const articles = denominatorOf(search)
      const articleTotal = total(articles, 'sum(d.articles)')
      const facet = (field: FacetField): FacetValue[] => {
        const counted = all(withValues(flags, field, 'f'), 'value, count(*) AS flags', 'GROUP BY value')
        if (!isArticleFacet(field)) return facetValues(counted, () => articleTotal, size)
        const among = all(
          withValues(articles, field, 'd'),
          'value, sum(d.articles) AS articles',
          'GROUP BY value',
        )
        const articlesOf = new Map(among.map(row => [row['value'], Number(row['articles'])]))
        const seen = new Set(counted.map(row => row['value']))
        const unflagged = among.filter(row => !seen.has(row['value']))
        return facetValues([...counted, ...unflagged], value => articlesOf.get(value) ?? 0, size)
      }
      return Object.fromEntries(fields.map(field => [field, facet(field)]))
    },

    timeline(search, { interval, splitBy, size = SERIES }) {
      const series = new Series(intervalsBetween(search.from, search.to, interval), day =>
        intervalStart(day, interval),
      )
      const flags = flagSource(search)
      const articles = denominatorOf(search)
      if (splitBy === undefined) {
        series.open('')
        for (const row of all(flags, 'f.day, count(*) AS flags', 'GROUP BY f.day')) series.addFlags('', row)
      } else {
        const rows = all(
          withValues(flags, splitBy, 'f'),
          'value, f.day, count(*) AS flags',
          'GROUP BY value, f.day',
        )
        for (const row of rows) series.addFlags(row['value'] as string, row)
      }
      if (splitBy !== undefined && isArticleFacet(splitBy)) {
        const rows = all(
          withValues(articles, splitBy, 'd'),
          'value, d.day, sum(d.articles) AS articles',
          'GROUP BY value, d.day',
        )
        for (const row of rows) series.addArticles(row['value'] as string, row)
      } else {
        for (const row of all(articles, 'd.day, sum(d.articles) AS articles', 'GROUP BY d.day')) {
          series.addArticlesToAll(row)
        }
      }
      if (splitBy === undefined) return [{ points: series.points('') }]
      return series.largest(size)
    },
  }
}

function isArticleFacet(field: FacetField): field is ArticleFacet {
  return (ARTICLE_FACETS as readonly string[]).includes(field)
}

const DIMS_VALUE: Partial<Record<FacetField, string>> = {
  language: 'x.language',
  script: 'x.script',
  source: 'x.source',
  country: 'x.country',
  outletKind: 'x.kind',
}

/** The rows of a source with the value they have in a field; several rows where a flag has several, none where none. */
function withValues({ from, where }: Source, field: FacetField, asked: 'f' | 'd'): Source {
  const [joined, value] = valueOf(field, asked)
  return {
    from: {
      sql: `(SELECT ${asked}.*, ${value} AS value FROM ${from.sql} ${joined} WHERE ${where.sql}) ${asked}`,
      values: [...from.values, ...where.values],
    },
    where: { sql: "value <> ''", values: [] },
  }
}

function valueOf(field: FacetField, asked: 'f' | 'd'): readonly [string, string] {
  const column = DIMS_VALUE[field]
  if (column) return [`JOIN dims x ON x.id = ${asked}.dims`, column]
  if (field === 'section') return [`JOIN sections x ON x.id = ${asked}.section`, 'x.name']
  if (field === 'target') return ['JOIN flag_targets t ON t.flag = f.n', 't.target']
  if (field === 'severity') return ['', 'CAST(f.severity AS TEXT)']
  return ['', `f.${field}`]
}

/** Most flags first, then most articles, then by name. */
function facetValues(
  rows: readonly Row[],
  articlesOf: (value: string) => number,
  size: number,
): FacetValue[] {
  return rows
    .map(row => ({
      value: row['value'] as string,
      flags: Number(row['flags'] ?? 0),
      articles: articlesOf(row['value'] as string),
    }))
    .sort((a, b) => b.flags - a.flags || b.articles - a.articles || (a.value < b.value ? -1 : 1))
    .slice(0, size)
}

/** Points by key and interval, filled with zeros. */
class Series {
  readonly #starts: readonly string[]
  readonly #startOf: (day: string) => string
  readonly #byKey = new Map<string, Map<string, { flags: number; articles: number }>>()
  /** Articles by interval, where all series share them. */
  readonly #shared = new Map<string, number>()

  constructor(starts: readonly string[], startOf: (day: string) => string) {
    this.#starts = starts
    this.#startOf = startOf
  }

  open(key: string): Map<string, { flags: number; articles: number }> {
    let points = this.#byKey.get(key)
    if (!points) {
      points = new Map(this.#starts.map(start => [start, { flags: 0, articles: 0 }]))
      this.#byKey.set(key, points)
    }
    return points
  }

  addFlags(key: string, row: Row): void {
    this.#point(key, row).flags += Number(row['flags'])
  }

  addArticles(key: string, row: Row): void {
    this.#point(key, row).articles += Number(row['articles'])
  }

  addArticlesToAll(row: Row): void {
    const start = this.#startOf(row['day'] as string)
    this.#shared.set(start, (this.#shared.get(start) ?? 0) + Number(row['articles']))
  }

  points(key: string): TimelinePoint[] {
    const points = this.open(key)
    return this.#starts.map(start => {
      const { flags, articles } = points.get(start)!
      return { start, flags, articles: articles + (this.#shared.get(start) ?? 0) }
    })
  }

  largest(size: number): TimelineSeries[] {
    const sum = (key: string, of: 'flags' | 'articles'): number =>
      [...this.open(key).values()].reduce((total, point) => total + point[of], 0)
    return [...this.#byKey.keys()]
      .map(key => ({ key, flags: sum(key, 'flags'), articles: sum(key, 'articles') }))
      .sort((a, b) => b.flags - a.flags || b.articles - a.articles || (a.key < b.key ? -1 : 1))
      .slice(0, size)
      .map(({ key }) => ({ key, points: this.points(key) }))
  }

  #point(key: string, row: Row): { flags: number; articles: number } {
    return this.open(key).get(this.#startOf(row['day'] as string))!
  }
}
