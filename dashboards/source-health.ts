/** How each source is doing, and whether its silence is unusual: silence is a fault of the data, not good news. */
import type { SourceHealth } from '../core/ports.ts'
import type { Source } from '../core/source.ts'

export type Condition = 'well' | 'new' | 'failing' | 'silent' | 'disabled'

export interface SourceState {
  readonly source: Source
  readonly health?: SourceHealth
  readonly condition: Condition
  /** Articles on a usual day: the median of the last 28 days, or the mean where most days have none. */
  readonly usual: number
}

const DAY_MS = 86_400_000
/** A source that publishes daily and says nothing for so long is silent; a rarer one gets three of its usual gaps. */
const SILENT_DAYS = 2
const FAILURES = 3

/** All configured sources, those in trouble first, then those the index knows of but the configuration does not. */
export function sourceStates(
  sources: readonly Source[],
  health: readonly SourceHealth[],
  now: Date,
): readonly SourceState[] {
  const byId = new Map(health.map(one => [one.sourceId, one]))
  const order: readonly Condition[] = ['failing', 'silent', 'new', 'well', 'disabled']
  return sources
    .map((source): SourceState => {
      const known = byId.get(source.id)
      return {
        source,
        ...(known && { health: known }),
        condition: conditionOf(source, known, now),
        usual: usualDay(known),
      }
    })
    .sort(
      (a, b) =>
        order.indexOf(a.condition) - order.indexOf(b.condition) || a.source.name.localeCompare(b.source.name),
    )
}

export function silentSources(
  sources: readonly Source[],
  health: readonly SourceHealth[],
  now: Date,
): readonly SourceState[] {
  return sourceStates(sources, health, now).filter(
    ({ condition }) => condition === 'failing' || condition === 'silent',
  )
}

function conditionOf(source: Source, health: SourceHealth | undefined, now: Date): Condition {
  if (!source.enabled) return 'disabled'
  if (!health?.lastPollAt) return 'new'
  if (health.failures >= FAILURES || (health.lastSuccessAt === undefined && health.failures > 0))
    return 'failing'
  if (health.lastItemAt === undefined)
    return health.articlesByDay.some(({ articles }) => articles > 0) ? 'well' : 'new'
  const days = (now.getTime() - Date.parse(health.lastItemAt)) / DAY_MS
  const active = health.articlesByDay.filter(({ articles }) => articles > 0).length
  const usualGap = active === 0 ? Infinity : health.articlesByDay.length / active
  return days > Math.max(SILENT_DAYS, 3 * usualGap) ? 'silent' : 'well'
}

function usualDay(health: SourceHealth | undefined): number {
  const counts = (health?.articlesByDay ?? []).map(({ articles }) => articles).sort((a, b) => a - b)
  const median = counts[Math.floor(counts.length / 2)] ?? 0
  const mean = counts.reduce((sum, one) => sum + one, 0) / Math.max(1, counts.length)
  return median > 0 ? median : Math.round(10 * mean) / 10
}
