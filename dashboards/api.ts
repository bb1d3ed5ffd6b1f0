/** The research door: `GET /v1/timeseries` and `GET /v1/flags`, JSON or CSV, behind a bearer token. Counts come with their denominators; full texts and names of persons never leave. */
import { Hono } from 'hono'
import type { Context } from 'hono'
import { z } from 'zod'
import type { FlagDocument } from '../core/document.ts'
import { BadCursor } from '../core/errors.ts'
import { ARTICLE_FACETS, FLAG_FACETS } from '../core/ports.ts'
import type { FacetField, IndexReader, Search, TimelineSeries } from '../core/ports.ts'
import { parseQuery, QueryError } from '../core/query.ts'
import { addDays, dayOf, TIME_ZONE } from '../core/time.ts'
import type { Clock } from '../core/ports.ts'
import { csvOf } from './csv.ts'

export interface ApiDeps {
  readonly reader: IndexReader
  readonly clock: Clock
  readonly publicUrl: string
  /** The id of the account a token belongs to, if it may read. */
  tokenOwner(token: string): string | undefined
}

const DEFAULT_DAYS = 90
/** Longest series answered: ten years of days. */
const MAX_POINTS = 3_660
const MAX_SERIES = 50
const EXCERPT = 300

const common = {
  q: z.string().max(2_000).default(''),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  format: z.enum(['json', 'csv']).optional(),
}
const timeseriesSchema = z.strictObject({
  ...common,
  interval: z.enum(['day', 'week', 'month']).default('day'),
  by: z
    .enum([...ARTICLE_FACETS, ...FLAG_FACETS.filter(field => field !== 'speaker')] as [
      FacetField,
      ...FacetField[],
    ])
    .optional(),
})
const flagsSchema = z.strictObject({
  ...common,
  limit: z
    .string()
    .regex(/^\d+$/u, 'expected a number from 1 to 500')
    .transform(Number)
    .pipe(z.number().min(1).max(500))
    .default(100),
  cursor: z.string().max(500).optional(),
  order: z.enum(['newest', 'oldest']).default('newest'),
})

/** The routes, to be mounted at `/v1`. */
export function createApi(deps: ApiDeps): Hono {
  const api = new Hono()
  api.use(async (c, next) => {
    const token = /^Bearer (\S+)$/u.exec(c.req.header('authorization') ?? '')?.[1]
    if (token === undefined || deps.tokenOwner(token) === undefined) {
      c.header('WWW-Authenticate', 'Bearer realm="opomena"')
      return problem(
        c,
        401,
        'A token is needed',
        'Send `Authorization: Bearer <token>`; tokens are made on the account page.',
      )
    }
    c.header('Cache-Control', 'no-store')
    await next()
  })
  api.get('/timeseries', c => answer(c, () => timeseries(c, deps)))
  api.get('/flags', c => answer(c, () => flags(c, deps)))
  // A route, because `notFound` of an app that is mounted is never asked.
  api.all('*', c => problem(c, 404, 'No such address', 'There are /v1/timeseries and /v1/flags.'))
  return api
}

async function timeseries(c: Context, deps: ApiDeps): Promise<Response> {
  const { interval, by, format, ...asked } = read(timeseriesSchema, c)
  const search = searchOf(asked, deps)
  if (daysBetween(search.from, search.to) > MAX_POINTS) {
    return problem(c, 400, 'The period is too long', `Ask for at most ${MAX_POINTS} days.`)
  }
  const series = await deps.reader.timeline(search, {
    interval,
    size: MAX_SERIES,
    ...(by && { splitBy: by }),
  })
  if (wantsCsv(c, format)) return csv(c, 'timeseries.csv', timeseriesRows(series, by))
  return c.json({
    interval,
    time_zone: TIME_ZONE,
    from: search.from,
    to: search.to,
    by: by ?? null,
    series: series.map(one => ({ key: one.key ?? null, points: one.points.map(pointOf) })),
  })
}

async function flags(c: Context, deps: ApiDeps): Promise<Response> {
  const { limit, cursor, order, format, ...asked } = read(flagsSchema, c)
  const page = await deps.reader.searchFlags(searchOf(asked, deps), {
    limit,
    order,
    ...(cursor !== undefined && { cursor }),
  })
  if (page.nextCursor !== undefined)
    c.header('Link', `<${nextAddress(c, deps, page.nextCursor)}>; rel="next"`)
  const items = page.items.map(flag => rowOf(flag, deps.publicUrl))
  if (wantsCsv(c, format)) return csv(c, 'flags.csv', items)
  return c.json({ items, next_cursor: page.nextCursor ?? null })
}

function timeseriesRows(series: readonly TimelineSeries[], by?: FacetField): object[] {
  return series.flatMap(one => one.points.map(point => ({ ...(by && { [by]: one.key }), ...pointOf(point) })))
}

function pointOf(point: TimelineSeries['points'][number]): object {
  // No rate where nothing was read: 0 would say that all was well.
  const rate = point.articles === 0 ? null : Math.round((100_000 * point.flags) / point.articles) / 100
  return { start: point.start, flags: point.flags, articles: point.articles, rate_per_1000: rate }
}

/** A flag as it may leave: address, hash, offsets and an excerpt; no full text, no author, no speaker. */
function rowOf(flag: FlagDocument, publicUrl: string): object {
  return {
    id: flag.id,
    article_id: flag.article.id,
    at: flag.article.at,
    day: flag.article.day,
    source: flag.article.sourceId,
    outlet: flag.article.outlet.name,
    country: flag.article.outlet.country ?? null,
    language: flag.language,
    script: flag.script,
    category: flag.category,
    subtype: flag.subtype,
    severity: flag.severity,
    confidence: flag.confidence,
    targets: flag.targets,
    event: flag.event ?? null,
    voice: flag.voice,
    stance: flag.stance,
    status: flag.standing.status,
    field: flag.field,
    start: flag.start,
    end: flag.end,
    excerpt: flag.quote.slice(0, EXCERPT),
    url: flag.article.url,
    text_hash: flag.article.textHash,
    raw_sha256: flag.article.evidence.rawHash,
    revision: flag.article.revision,
    rule: flag.rule,
    lexicon: flag.madeBy.lexicon,
    pipeline: flag.madeBy.pipeline,
    model: flag.madeBy.model ?? null,
    made_at: flag.madeAt,
    item: `${publicUrl}/items/${flag.article.id}#${flag.id}`,
  }
}

function searchOf(
  asked: { q: string; from?: string | undefined; to?: string | undefined },
  deps: ApiDeps,
): Search & { from: string; to: string } {
  const to = asked.to ?? dayOf(deps.clock.now())
  const from = asked.from ?? addDays(to, 1 - DEFAULT_DAYS)
  if (from > to) throw new BadRequest(`from: expected a day not after ${to}, came ${from}`)
  return { query: parseQuery(asked.q), from, to }
}

class BadRequest extends Error {}

function read<T>(schema: z.ZodType<T>, c: Context): T {
  const checked = schema.safeParse(c.req.query())
  if (checked.success) return checked.data
  throw new BadRequest(z.prettifyError(checked.error))
}

async function answer(c: Context, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof QueryError) return problem(c, 400, 'The query cannot be read', thrown.message)
    if (thrown instanceof BadCursor) return problem(c, 400, 'The cursor is not one of ours', thrown.message)
    if (thrown instanceof BadRequest) return problem(c, 400, 'A parameter is wrong', thrown.message)
    throw thrown
  }
}

/** RFC 9457. */
function problem(c: Context, status: 400 | 401 | 404, title: string, detail: string): Response {
  return c.json({ type: 'about:blank', title, status, detail }, status, {
    'Content-Type': 'application/problem+json',
  })
}

function wantsCsv(c: Context, format?: 'json' | 'csv'): boolean {
  return format === undefined ? (c.req.header('accept') ?? '').includes('text/csv') : format === 'csv'
}

function csv(c: Context, name: string, rows: readonly object[]): Response {
  return c.body(csvOf(rows), 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
  })
}

function nextAddress(c: Context, deps: ApiDeps, cursor: string): string {
  const params = new URLSearchParams(c.req.query())
  params.set('cursor', cursor)
  return `${deps.publicUrl}/v1/flags?${params.toString()}`
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000
}
