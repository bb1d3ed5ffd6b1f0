/** Counts over a search: totals, facets and timelines, each with the articles they are to be divided by. */
import type { Counts, FacetField, FacetValue, IndexReader, Search, TimelineSeries } from '../core/ports.ts'
import type { Interval } from '../core/time.ts'
import type { Asked } from './elasticsearch-query.ts'
import { bucketsOf, placeOf, searchIn } from './elasticsearch-search.ts'
import type { Bucket, Reading } from './elasticsearch-search.ts'
import { SERIES, facetValues, isArticleFacet } from './facet-values.ts'
import { timelineOf } from './timeline.ts'

export async function countAll(reading: Reading, search: Search): Promise<Counts> {
  const [flags, articles] = await Promise.all([
    counted(reading, 'flags', search, {}),
    counted(reading, 'articles', search, {}),
  ])
  return { flags: flags.total, articles: articles.total }
}

interface Counted {
  readonly total: number
  readonly aggregations: Readonly<Record<string, unknown>>
}

async function counted(
  reading: Reading,
  asked: Asked,
  search: Search,
  aggregations: Readonly<Record<string, object>>,
): Promise<Counted> {
  const some = Object.keys(aggregations).length > 0
  const found = await searchIn(reading.server, await placeOf(reading, asked, search), {
    size: 0,
    track_total_hits: true,
    ...(some && { aggs: aggregations }),
  })
  return { total: found.hits.total?.value ?? 0, aggregations: found.aggregations ?? {} }
}

// ---------------------------------------------------------------- facets

/**
 * Every shard names so many values of a field: with fewer, counts of what is not among the first of each shard would be
 * too small.
 */
const VALUES = 10_000

const valuesOf = (field: FacetField): object => ({ terms: { field, size: VALUES, shard_size: VALUES } })

export async function facetsOf(
  reading: Reading,
  search: Search,
  fields: readonly FacetField[],
  size: number,
): Promise<Partial<Record<FacetField, FacetValue[]>>> {
  const [flags, articles] = await Promise.all([
    counted(reading, 'flags', search, aggregating(fields)),
    counted(reading, 'articles', search, aggregating(fields.filter(isArticleFacet))),
  ])
  return Object.fromEntries(
    fields.map(field => {
      const among = isArticleFacet(field) ? countsIn(articles.aggregations[field]) : articles.total
      return [field, facetValues(countsIn(flags.aggregations[field]), among, size)]
    }),
  )
}

function aggregating(fields: readonly FacetField[]): Readonly<Record<string, object>> {
  return Object.fromEntries(fields.map(field => [field, valuesOf(field)]))
}

function countsIn(aggregation: unknown): Map<string, number> {
  return new Map(bucketsOf(aggregation).map(({ key, doc_count }) => [String(key), doc_count]))
}

// ---------------------------------------------------------------- timelines

/** The key of a timeline that is not split. */
const WHOLE = ''

type Days = Search & { readonly from: string; readonly to: string }

/** Weeks begin on Monday there as here. */
const byDay = (interval: Interval): object => ({
  date_histogram: { field: 'day', calendar_interval: interval, format: 'yyyy-MM-dd', min_doc_count: 1 },
})

export async function timelineSeries(
  reading: Reading,
  ...[search, { interval, splitBy, size = SERIES }]: Parameters<IndexReader['timeline']>
): Promise<TimelineSeries[]> {
  if (splitBy !== undefined) return splitTimeline(reading, search, interval, splitBy, size)
  const timeline = timelineOf(search, interval)
  const days = { days: byDay(interval) }
  const [flags, articles] = await Promise.all([
    counted(reading, 'flags', search, days),
    counted(reading, 'articles', search, days),
  ])
  for (const [day, count] of daysIn(flags.aggregations['days'])) timeline.addFlags(WHOLE, day, count)
  for (const [day, count] of daysIn(articles.aggregations['days'])) timeline.addArticlesToAll(day, count)
  return [{ points: timeline.points(WHOLE) }]
}

/** First which values are shown, then their days alone: thousands of outlets by thousands of days would be too many. */
async function splitTimeline(
  reading: Reading,
  search: Days,
  interval: Interval,
  field: FacetField,
  size: number,
): Promise<TimelineSeries[]> {
  const largest = (await facetsOf(reading, search, [field], size))[field] ?? []
  const keys = largest.map(({ value }) => value)
  if (keys.length === 0) return []
  const timeline = timelineOf(search, interval)
  const split = { values: { ...only(field, keys), aggs: { days: byDay(interval) } } }
  const [flags, articles] = await Promise.all([
    counted(reading, 'flags', search, split),
    counted(reading, 'articles', search, isArticleFacet(field) ? split : { days: byDay(interval) }),
  ])
  for (const [key, day, count] of splitIn(flags)) timeline.addFlags(key, day, count)
  if (isArticleFacet(field))
    for (const [key, day, count] of splitIn(articles)) timeline.addArticles(key, day, count)
  else for (const [day, count] of daysIn(articles.aggregations['days'])) timeline.addArticlesToAll(day, count)
  // Counted twice, a moment apart: what came in between may have brought another value to the front, but no new one.
  return timeline.largest(size)
}

function only(field: FacetField, keys: readonly string[]): object {
  const include = field === 'severity' ? keys.map(Number) : keys
  return { terms: { field, include, size: keys.length, shard_size: VALUES } }
}

function splitIn({ aggregations }: Counted): (readonly [key: string, day: string, count: number])[] {
  return bucketsOf(aggregations['values']).flatMap(bucket =>
    daysIn(bucket['days']).map(([day, count]) => [String(bucket.key), day, count] as const),
  )
}

function daysIn(aggregation: unknown): (readonly [string, number])[] {
  return bucketsOf(aggregation).map(({ key_as_string, doc_count }: Bucket) => [key_as_string!, doc_count])
}
