/** The numbers behind the overview: counts with their denominators, all for one period and, if chosen, one language. */
import { CATEGORIES } from '../core/labels.ts'
import type { Category } from '../core/labels.ts'
import type { Counts, FacetValue, IndexReader, Search, TimelineSeries } from '../core/ports.ts'
import type { Query } from '../core/query.ts'
import { addDays, dayOf } from '../core/time.ts'
import type { WebDeps } from './deps.ts'
import type { Period, PeriodAddress } from './period.ts'
import { allFlags } from './queue.ts'
import { both, fieldIs } from './search-state.ts'

const OVERDUE_MS = 48 * 3_600_000

export interface Pair {
  readonly now: Counts
  readonly before: Counts
}

export interface OverviewData {
  readonly all: Pair
  readonly confirmed: Pair
  readonly pending: Counts
  /** Pending for longer than 48 hours, whatever the period. */
  readonly overdue: number
  readonly disagreements: number
  readonly over: readonly TimelineSeries[]
  readonly total: TimelineSeries | undefined
  readonly languages: readonly FacetValue[]
  readonly outlets: readonly FacetValue[]
  readonly targets: readonly FacetValue[]
  readonly events: readonly FacetValue[]
  readonly categories: readonly FacetValue[]
  /** Flags by category and target. */
  readonly byTarget: ReadonlyMap<Category, ReadonlyMap<string, number>>
}

const TARGETS = 10
/** All outlets are read, to order them by rate. */
const OUTLETS = 500

export async function overviewData(
  deps: WebDeps,
  period: Period,
  { language, by }: PeriodAddress,
): Promise<OverviewData> {
  const { reader } = deps
  const base: Query = language ? fieldIs('language', language) : { kind: 'all' }
  const during = { from: period.from, to: period.to }
  const searching = (...more: Query[]): Search & { from: string; to: string } => ({
    query: both(base, ...more),
    ...during,
  })
  const pair = async (...more: Query[]): Promise<Pair> => {
    const [now, before] = await Promise.all([
      reader.count(searching(...more)),
      reader.count({ query: both(base, ...more), ...period.before }),
    ])
    return { now, before }
  }
  const timelineOptions = { interval: period.interval, size: 10 }
  const [all, confirmed, pending, over, total, facets, byTarget, overdue, disagreements] = await Promise.all([
    pair(),
    pair(fieldIs('status', 'confirmed')),
    reader.count(searching(fieldIs('status', 'pending'))),
    reader.timeline(searching(), { ...timelineOptions, splitBy: by }),
    reader.timeline(searching(), timelineOptions),
    reader.facets(searching(), ['language', 'source', 'target', 'event', 'category'], OUTLETS),
    targetsByCategory(reader, searching),
    overdueFlags(deps, base),
    reader.count({ query: both(base, fieldIs('disagreement', 'true')) }),
  ])
  return {
    all,
    confirmed,
    pending,
    over,
    total: total[0],
    byTarget,
    overdue,
    disagreements: disagreements.flags,
    languages: facets.language ?? [],
    outlets: facets.source ?? [],
    targets: (facets.target ?? []).slice(0, TARGETS),
    events: (facets.event ?? []).slice(0, TARGETS),
    categories: facets.category ?? [],
  }
}

async function targetsByCategory(
  reader: IndexReader,
  searching: (...more: Query[]) => Search,
): Promise<ReadonlyMap<Category, ReadonlyMap<string, number>>> {
  const rows = await Promise.all(
    CATEGORIES.map(async category => {
      const { target = [] } = await reader.facets(searching(fieldIs('category', category)), ['target'], 50)
      return [category, new Map(target.map(({ value, flags }) => [value, flags]))] as const
    }),
  )
  return new Map(rows)
}

/** Days are too coarse for 48 hours: whole days before are counted, the day at the edge is looked at flag by flag. */
async function overdueFlags({ reader, clock }: WebDeps, base: Query): Promise<number> {
  const query = both(base, fieldIs('status', 'pending'))
  const edge = new Date(clock.now().getTime() - OVERDUE_MS)
  const day = dayOf(edge)
  const [older, atEdge] = await Promise.all([
    reader.count({ query, to: addDays(day, -1) }),
    allFlags(reader, { query, from: day, to: day }),
  ])
  return older.flags + atEdge.flags.filter(flag => Date.parse(flag.article.at) < edge.getTime()).length
}
