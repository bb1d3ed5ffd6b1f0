/** Counts over a search: totals, facets and timelines, each with the articles they are to be divided by. */
import type { DatabaseSync } from 'node:sqlite'
import type {
  ArticleFacet,
  Counts,
  FacetField,
  FacetValue,
  IndexReader,
  Search,
  TimelineSeries,
} from '../core/ports.ts'
import type { Interval } from '../core/time.ts'
import { SERIES, facetValues, isArticleFacet } from './facet-values.ts'
import { keptAnswers } from './kept-answers.ts'
import { articleValues } from './sqlite-dims.ts'
import { articleCounts, flagSource } from './sqlite-search.ts'
import type { ArticleCounts, CountedBy } from './sqlite-search.ts'
import { timelineOf } from './timeline.ts'
import type { Timeline } from './timeline.ts'

export interface Counting {
  count(search: Search): Counts
  facets(
    search: Search,
    fields: readonly FacetField[],
    size: number,
  ): Partial<Record<FacetField, FacetValue[]>>
  timeline(...[search, options]: Parameters<IndexReader['timeline']>): TimelineSeries[]
}

export function counting(db: DatabaseSync): Counting {
  const sides: Sides = { flags: flagCounts(db), articles: articleCounts(db), nameOf: articleValues(db) }
  return {
    count: search => ({ flags: sum(sides.flags(search), 'flags'), articles: articleTotal(sides, search) }),
    facets: (search, fields, size) =>
      Object.fromEntries(fields.map(field => [field, facet(sides, search, field, size)])),
    timeline: (search, { interval, splitBy, size = SERIES }) =>
      splitBy === undefined
        ? [{ points: wholeTimeline(sides, search, interval).points(WHOLE) }]
        : splitTimeline(sides, search, interval, splitBy).largest(size),
  }
}

/** What is divided, what it is divided by, and what the numbers that both count by are called. */
interface Sides {
  readonly flags: FlagCounts
  readonly articles: ArticleCounts
  readonly nameOf: ReturnType<typeof articleValues>
}

/** By day, because the timeline of the same search asks for that next. */
function articleTotal({ articles }: Sides, search: Search): number {
  return sum(articles(search, ['day']), 'articles')
}

function sum<K extends string>(rows: readonly Readonly<Record<K, number>>[], field: K): number {
  return rows.reduce((total, row) => total + row[field], 0)
}

// ---------------------------------------------------------------- facets

function facet(sides: Sides, search: Search, field: FacetField, size: number): FacetValue[] {
  const name = sides.nameOf(field)
  const flags = totals(sides.flags(search, field).map(row => [name(row.value), row.flags]))
  if (!isArticleFacet(field)) {
    const total = articleTotal(sides, search)
    return facetValues(flags, total, size)
  }
  const by = countedBy(field)
  const articles = totals(sides.articles(search, [by]).map(row => [name(row[by]), row.articles]))
  return facetValues(flags, articles, size)
}

function totals(counted: readonly (readonly [string, number])[]): Map<string, number> {
  const result = new Map<string, number>()
  for (const [value, count] of counted) if (value !== '') result.set(value, (result.get(value) ?? 0) + count)
  return result
}

function countedBy(field: ArticleFacet): CountedBy {
  return field === 'section' ? 'section' : 'dims'
}

// ---------------------------------------------------------------- timelines

/** The key of a timeline that is not split. */
const WHOLE = ''

type Days = Search & { readonly from: string; readonly to: string }

function wholeTimeline({ flags, articles }: Sides, search: Days, interval: Interval): Timeline {
  const timeline = timelineOf(search, interval)
  for (const row of flags(search, undefined, 'by day')) timeline.addFlags(WHOLE, row.day, row.flags)
  for (const row of articles(search, ['day'])) timeline.addArticlesToAll(row.day, row.articles)
  return timeline
}

function splitTimeline(
  { flags, articles, nameOf }: Sides,
  search: Days,
  interval: Interval,
  field: FacetField,
): Timeline {
  const timeline = timelineOf(search, interval)
  const name = nameOf(field)
  for (const row of flags(search, field, 'by day')) timeline.addFlags(name(row.value), row.day, row.flags)
  if (isArticleFacet(field)) {
    const by = countedBy(field)
    for (const row of articles(search, ['day', by]))
      timeline.addArticles(name(row[by]), row.day, row.articles)
  } else {
    for (const row of articles(search, ['day'])) timeline.addArticlesToAll(row.day, row.articles)
  }
  return timeline
}

// ---------------------------------------------------------------- flags

interface FlagCount {
  readonly value: string | number
  readonly day: string
  readonly flags: number
}

/** Flags of a search by the values of a field, by day, by both, or all together. */
type FlagCounts = (search: Search, field?: FacetField, days?: 'by day') => readonly FlagCount[]

function flagCounts(db: DatabaseSync): FlagCounts {
  const keep = keptAnswers<FlagCount>(db)
  return (search, field, days) => {
    const place = field && FLAG_COLUMN[field]
    const asked = [search.query, search.from, search.to, place?.column, days]
    return keep(asked, () => countFlags(db, search, place, days !== undefined))
  }
}

function countFlags(
  db: DatabaseSync,
  search: Search,
  place: FlagColumn | undefined,
  byDay: boolean,
): readonly FlagCount[] {
  const { from, where } = flagSource(search, 'counted')
  const named = [...(place ? [`${place.column} AS value`] : []), ...(byDay ? ['f.day'] : [])]
  const grouped = [...(place ? ['value'] : []), ...(byDay ? ['f.day'] : [])]
  const rows = db
    .prepare(
      `SELECT ${[...named, 'count(*) AS flags'].join(', ')} FROM ${from.sql} ${place?.joined ?? ''}
       WHERE ${where.sql} ${place ? `AND ${place.column} <> ''` : ''}
       ${grouped.length > 0 ? `GROUP BY ${grouped.join(', ')}` : ''}`,
    )
    .all(...from.values, ...where.values)
  return rows as unknown as FlagCount[]
}

interface FlagColumn {
  readonly column: string
  readonly joined?: string
}

/** Where the values of a field stand; several rows for a flag that has several. */
const FLAG_COLUMN: Readonly<Record<FacetField, FlagColumn>> = {
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
