/** Saves and reads the health of sources: one document a source, merged with each look at it. */
import type { Observation } from '../core/observation.ts'
import type { SourceHealth } from '../core/ports.ts'
import { addDays } from '../core/time.ts'
import type { Numbered } from './elasticsearch-articles.ts'
import { changeAll } from './elasticsearch-merge.ts'
import type { Change } from './elasticsearch-merge.ts'
import type { Writing } from './elasticsearch-project.ts'
import { searchIn } from './elasticsearch-search.ts'
import type { Reading } from './elasticsearch-search.ts'
import { isPoll, isSuccess, mergeHealth, sourceHealth } from './source-health.ts'
import type { HealthState } from './source-health.ts'

interface SourceRecord {
  readonly state: HealthState
  /** Instant and id of the failed polls since the last success, the newest first. */
  readonly failures: readonly (readonly [at: string, id: string])[]
}

interface SourceSource {
  readonly record: string
}

/** A week of polls every ten minutes. Nobody counts beyond, and the document stays small. */
const MOST_FAILURES = 1_000

export async function putObservations(
  { server, names, generation }: Writing,
  entries: readonly Numbered<Observation>[],
  answers: (Error | undefined)[],
): Promise<void> {
  const index = names.index('sources', generation)
  const groups = [...Map.groupBy(entries, ({ entry }) => entry.sourceId)]
  const changes = groups.map(([id, group]): Change<SourceSource> => ({
    index,
    id,
    merge(stored) {
      const before = stored ? (JSON.parse(stored.record) as SourceRecord) : { state: {}, failures: [] }
      const after = group.reduce((record, { entry }) => merged(record, entry), before)
      return JSON.stringify(after) === stored?.record ? undefined : documentOf(id, after)
    },
  }))
  const changed = await changeAll(server, changes, ['record'])
  for (const [i, [, group]] of groups.entries()) {
    const outcome = changed[i]!
    if (outcome instanceof Error) for (const { at } of group) answers[at] = outcome
  }
}

function merged({ state, failures }: SourceRecord, observation: Observation): SourceRecord {
  const after = mergeHealth(state, observation)
  if (!isPoll(observation)) return { state: after, failures }
  const at = new Date(observation.at).toISOString()
  const isNew = !isSuccess(observation) && !failures.some(([, id]) => id === observation.id)
  const success = after.lastSuccess?.at ?? ''
  return {
    state: after,
    failures: [...failures, ...(isNew ? [[at, observation.id] as const] : [])]
      .filter(([failedAt]) => failedAt > success)
      .sort(newestFirst)
      .slice(0, MOST_FAILURES),
  }
}

function newestFirst(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] === b[0] ? (a[1] < b[1] ? 1 : -1) : a[0] < b[0] ? 1 : -1
}

function documentOf(source: string, record: SourceRecord): object {
  const { lastPoll, lastSuccess, lastItemAt } = record.state
  return {
    source,
    failures: record.failures.length,
    ...(lastPoll && { lastPollAt: lastPoll.at, lastOutcome: lastPoll.outcome }),
    ...(lastPoll?.reason !== undefined && { lastReason: lastPoll.reason }),
    ...(lastPoll?.nextDueAt !== undefined && { nextDueAt: lastPoll.nextDueAt }),
    ...(lastSuccess && { lastSuccessAt: lastSuccess.at }),
    ...(lastItemAt !== undefined && { lastItemAt }),
    record: JSON.stringify(record),
  }
}

// ---------------------------------------------------------------- reading

const DAYS_SHOWN = 28
const SOURCES_AT_ONCE = 1_000
const COUNTS_AT_ONCE = 10_000

/** Every source ever observed, by id, with the articles of the 28 days that end today. */
export async function readHealth(reading: Reading, today: string): Promise<SourceHealth[]> {
  const days = Array.from({ length: DAYS_SHOWN }, (_, i) => addDays(today, i + 1 - DAYS_SHOWN))
  const counts = await countsByDay(reading, days[0]!, today)
  const found: SourceHealth[] = []
  for await (const { source, record } of sources(reading)) {
    const { state, failures } = JSON.parse(record) as SourceRecord
    const articlesByDay = days.map(day => ({ day, articles: counts.get(`${source} ${day}`) ?? 0 }))
    found.push(sourceHealth(source, state, failures.length, articlesByDay))
  }
  return found
}

async function* sources({
  server,
  names,
  generation,
}: Reading): AsyncGenerator<SourceSource & { readonly source: string }> {
  const place = { indices: [names.index('sources', generation)], condition: { match_all: {} } }
  for (let after: readonly (string | number)[] | undefined; ;) {
    const { hits } = await searchIn<SourceSource & { source: string }>(server, place, {
      size: SOURCES_AT_ONCE,
      sort: [{ source: 'asc' }],
      ...(after && { search_after: after }),
      _source: ['source', 'record'],
    })
    for (const hit of hits.hits) yield hit._source
    after = hits.hits.at(-1)?.sort
    if (hits.hits.length < SOURCES_AT_ONCE) return
  }
}

/** Page by page, because thousands of outlets by 28 days are more than one answer may hold. */
async function countsByDay(
  { server, names, generation }: Reading,
  from: string,
  to: string,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  const place = {
    indices: [names.index('articles', generation)],
    condition: {
      bool: { filter: [{ term: { visible: true } }, { range: { day: { gte: from, lte: to } } }] },
    },
  }
  const keys = [
    { source: { terms: { field: 'source' } } },
    { day: { date_histogram: { field: 'day', calendar_interval: 'day', format: 'yyyy-MM-dd' } } },
  ]
  for (let after: unknown; ;) {
    const composite = { size: COUNTS_AT_ONCE, sources: keys, ...(after !== undefined && { after }) }
    const { aggregations } = await searchIn(server, place, { size: 0, aggs: { days: { composite } } })
    const { buckets, after_key } = aggregations!['days'] as DayBuckets
    for (const { key, doc_count } of buckets) counts.set(`${key.source} ${key.day}`, doc_count)
    after = after_key
    if (buckets.length < COUNTS_AT_ONCE) return counts
  }
}

interface DayBuckets {
  readonly buckets: readonly {
    readonly key: { readonly source: string; readonly day: string }
    readonly doc_count: number
  }[]
  readonly after_key?: unknown
}
