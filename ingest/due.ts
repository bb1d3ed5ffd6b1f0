/** When a source is due: its cron expression, moved by an offset of its own, and later after failures. */
import { sha256 } from '../core/hash.ts'

/** Values that match, by field of a cron expression; in UTC. */
export interface CronFields {
  readonly minute: readonly number[]
  readonly hour: readonly number[]
  readonly dayOfMonth: readonly (number | string)[]
  readonly month: readonly number[]
  /** 0 or 7 is Sunday. */
  readonly dayOfWeek: readonly (number | string)[]
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** No expression that names a day at all is quiet for longer: 29 February, at worst. */
const HORIZON_DAYS = 366 * 8
const MIN_INTERVAL_MS = 10 * MINUTE_MS
const MAX_BACKOFF_MS = DAY_MS
const MAX_OFFSET_MS = 60 * MINUTE_MS

/** The first minute after `after` that the expression names; undefined when it names none (31 February). */
export function nextMatch(fields: CronFields, after: Date): Date | undefined {
  const start = Math.floor(after.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS
  const minutes = fields.hour
    .flatMap(hour => fields.minute.map(minute => hour * 60 + minute))
    .sort((a, b) => a - b)
  const firstDay = Math.floor(start / DAY_MS) * DAY_MS
  for (let day = 0; day < HORIZON_DAYS; day++) {
    const midnight = firstDay + day * DAY_MS
    if (!matchesDay(fields, new Date(midnight))) continue
    const minute = minutes.find(one => midnight + one * MINUTE_MS >= start)
    if (minute !== undefined) return new Date(midnight + minute * MINUTE_MS)
  }
  return undefined
}

/** As node-cron has it: a day must match all three of its fields. */
function matchesDay(fields: CronFields, day: Date): boolean {
  const weekday = day.getUTCDay()
  const weekdays = fields.dayOfWeek
  return (
    fields.month.includes(day.getUTCMonth() + 1) &&
    fields.dayOfMonth.includes(day.getUTCDate()) &&
    (weekdays.includes(weekday) || (weekday === 0 && weekdays.includes(7)))
  )
}

/** A number from 0 to 1 that belongs to the source for good: sources of one schedule are spread by it. */
function place(sourceId: string): number {
  return Number.parseInt(sha256(sourceId).slice(0, 8), 16) / 0x1_0000_0000
}

/**
 * When to look at the source next. After failures its interval is added once more for each, up to a day; a source is
 * never dropped. `waitMs` is what the site asked for.
 */
export function nextDue(
  fields: CronFields,
  sourceId: string,
  now: Date,
  after: { readonly failures: number; readonly waitMs?: number },
): Date {
  const first = nextMatch(fields, now) ?? new Date(now.getTime() + DAY_MS)
  const second = nextMatch(fields, first) ?? new Date(first.getTime() + DAY_MS)
  const interval = Math.max(second.getTime() - first.getTime(), MINUTE_MS)
  const offset = Math.floor((place(sourceId) * Math.min(interval, MAX_OFFSET_MS)) / 1_000) * 1_000
  const onTime = (nextMatch(fields, new Date(now.getTime() - offset))?.getTime() ?? first.getTime()) + offset
  const backoff =
    after.failures === 0 ? 0 : Math.min(MAX_BACKOFF_MS, after.failures * Math.max(interval, MIN_INTERVAL_MS))
  const asked = Math.min(MAX_BACKOFF_MS, after.waitMs ?? 0)
  return new Date(Math.max(onTime, now.getTime() + backoff, now.getTime() + asked))
}

/** Overdue by more than this, the machine slept or was off; all sources would come at once. */
const SLEPT_MS = 30 * MINUTE_MS
const SPREAD_MS = 10 * MINUTE_MS

/** The due time of a source that is long overdue: within the next ten minutes, each at its own place. */
export function spreadAfterSleep(sourceId: string, dueAt: string, now: Date): Date | undefined {
  if (now.getTime() - Date.parse(dueAt) < SLEPT_MS) return undefined
  return new Date(now.getTime() + Math.floor(place(sourceId) * SPREAD_MS))
}
