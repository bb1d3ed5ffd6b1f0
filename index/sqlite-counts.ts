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
  TimelineSeries,
} from '../core/ports.ts'
import { articleValues } from './sqlite-dims.ts'
import { articleCounts, flagSource } from './sqlite-search.ts'
import type { CountedBy } from './sqlite-search.ts'
import { timelineOf } from './timeline.ts'

export interface Counting {
  count(search: Search): Counts
  facets(
    search: Search,
    fields: readonly FacetField[],
    size: number,
  ): Partial<Record<FacetField, FacetValue[]>>
  timeline(...[search, options]: Parameters<IndexReader['timeline']>): TimelineSeries[]
}

/** How many flags there are of a value, on a day where days were asked for. */
interface FlagCount {
  readonly value: string | number
  readonly day: string
  readonly flags: number
}

const SERIES = 10

export function counting(db: DatabaseSync): Counting {
  const articles = articleCounts(db)
  const valuesOf = articleValues(db)

  const flags = (search: Search, field: FacetField, byDay = false): FlagCount[] => {
    const { from, where } = flagSource(search)
    const { column, joined = '' } = FLAG_COLUMN[field]
    const day = byDay ? ', f.day' : ''
    return db
      .prepare(
        `SELECT ${column} AS value${day}, count(*) AS flags FROM ${from.sql} ${joined}
         WHERE ${where.sql} AND ${column} <> '' GROUP BY 1${day}`,
      )
      .all(...from.values, ...where.values) as unknown as FlagCount[]
  }
  const flagTotals = (search: Search, byDay: boolean): FlagCount[] => {
    const { from, where } = flagSource(search)
    const [columns, grouped] = byDay ? ["'' AS value, f.day,", 'GROUP BY f.day'] : ["'' AS value,", '']
    return db
      .prepare(`SELECT ${columns} count(*) AS flags FROM ${from.sql} WHERE ${where.sql} ${grouped}`)
      .all(...from.values, ...where.values) as unknown as FlagCount[]
  }
  const articleTotal = (search: Search): number =>
    articles(search, []).reduce((total, row) => total + row.articles, 0)

  const facet = (search: Search, field: FacetField): Map<string, Counts> => {
    const found = new Map<string, Counts>()
    const add = (value: string, more: Counts): void => {
      const { flags, articles } = found.get(value) ?? { flags: 0, articles: 0 }
      if (value !== '') found.set(value, { flags: flags + more.flags, articles: articles + more.articles })
    }
    const of = valuesOf(field)
    for (const { value, flags: counted } of flags(search, field))
      add(of(value), { flags: counted, articles: 0 })
    if (isArticleFacet(field)) {
      const by = COUNTED_BY[field] ?? 'dims'
      for (const row of articles(search, [by])) add(of(row[by]), { flags: 0, articles: row.articles })
    }
    return found
  }

  return {
    count: search => ({ flags: flagTotals(search, false)[0]!.flags, articles: articleTotal(search) }),

    facets(search, fields, size) {
      const total = articleTotal(search)
      const values = (field: FacetField): FacetValue[] =>
        [...facet(search, field)].map(([value, counts]) => ({
          value,
          flags: counts.flags,
          articles: isArticleFacet(field) ? counts.articles : total,
        }))
      return Object.fromEntries(fields.map(field => [field, values(field).sort(byFlags).slice(0, size)]))
    },

    timeline(search, { interval, splitBy, size = SERIES }) {
      const timeline = timelineOf(search, interval)
      if (splitBy === undefined) {
        timeline.open('')
        for (const { day, flags: counted } of flagTotals(search, true)) timeline.addFlags('', day, counted)
      } else {
        const of = valuesOf(splitBy)
        for (const { value, day, flags: counted } of flags(search, splitBy, true)) {
          timeline.addFlags(of(value), day, counted)
        }
      }
      if (splitBy !== undefined && isArticleFacet(splitBy)) {
        const by = COUNTED_BY[splitBy] ?? 'dims'
        const of = valuesOf(splitBy)
        for (const row of articles(search, ['day', by]))
          timeline.addArticles(of(row[by]), row.day, row.articles)
      } else {
        for (const { day, articles: counted } of articles(search, ['day']))
          timeline.addArticlesToAll(day, counted)
      }
      return splitBy === undefined ? [{ points: timeline.points('') }] : timeline.largest(size)
    },
  }
}

/** Most flags first, then most articles, then by name. */
function byFlags(a: FacetValue, b: FacetValue): number {
  return b.flags - a.flags || b.articles - a.articles || (a.value < b.value ? -1 : 1)
}

function isArticleFacet(field: FacetField): field is ArticleFacet {
  return (ARTICLE_FACETS as readonly string[]).includes(field)
}

const COUNTED_BY: Partial<Record<FacetField, CountedBy>> = { section: 'section' }

/** Where the values of a field stand; several rows for a flag that has several. */
const FLAG_COLUMN: Readonly<Record<FacetField, { readonly column: string; readonly joined?: string }>> = {
  language: { column: 'f.dims' },
  script: { column: 'f.dims' },
  source: { column: 'f.dims' },
  country: { column: 'f.dims' },
  outletKind: { column: 'f.dims' },
  section: { column: 'f.section' },
  category: { column: 'f.category' },
  subtype: { column: 'f.subtype' },
  severity: { column: 'f.severity' },
  target: { column: 't.target', joined: 'JOIN flag_targets t ON t.flag = f.n' },
  event: { column: 'f.event' },
  voice: { column: 'f.voice' },
  stance: { column: 'f.stance' },
  speaker: { column: 'f.speaker' },
  status: { column: 'f.status' },
  rule: { column: 'f.rule' },
  field: { column: 'f.field' },
}
