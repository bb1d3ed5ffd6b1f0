/** The period of the overview, the one before it for comparison, and the days of the calendar that fall into it. */
import { z } from 'zod'
import { LANGUAGES } from '../core/labels.ts'
import { isDay } from '../core/query-fields.ts'
import type { CalendarDay } from '../core/reference.ts'
import { addDays, intervalsBetween } from '../core/time.ts'
import type { Interval } from '../core/time.ts'
import { optionalChoice } from './forms.ts'

export const PRESETS = [7, 30, 90] as const
const MOST_DAYS = 3_660

export const periodSchema = z.object({
  days: z.coerce.number().int().min(1).max(MOST_DAYS).optional().catch(undefined),
  from: z.string().optional(),
  to: z.string().optional(),
  language: optionalChoice(LANGUAGES).catch(undefined),
  by: z.enum(['category', 'status']).catch('category'),
})
export type PeriodAddress = z.infer<typeof periodSchema>

export interface Period {
  readonly from: string
  readonly to: string
  /** Days, both ends included. */
  readonly days: number
  readonly before: { readonly from: string; readonly to: string }
  readonly interval: Interval
  /** One of the presets, or undefined for days that a person chose. */
  readonly preset?: number
  /** What was asked for could not be used. */
  readonly problem?: string
}

export function periodOf({ days, from, to }: PeriodAddress, today: string): Period {
  const isCustom = Boolean(from) || Boolean(to)
  const last = to && isDay(to) ? to : today
  const first = from && isDay(from) ? from : addDays(last, 1 - (days ?? 30))
  const length = daysBetween(first, last) + 1
  const isWrong = isCustom && (length < 1 || length > MOST_DAYS)
  if (isWrong) {
    return {
      ...periodOf({ by: 'category', days: 30, language: undefined }, today),
      problem: `The first day must not be after the last one, and at most ${MOST_DAYS} days can be shown. Shown are the last 30 days.`,
    }
  }
  return {
    from: first,
    to: last,
    days: length,
    before: { from: addDays(first, -length), to: addDays(first, -1) },
    interval: length <= 45 ? 'day' : length <= 200 ? 'week' : 'month',
    ...(last === today && PRESETS.some(preset => preset === length) && { preset: length }),
  }
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

/** First and last day of an interval, cut to the period. */
export function intervalSpan(start: string, { interval, from, to }: Period): { from: string; to: string } {
  const starts = intervalsBetween(start, addDays(start, 40), interval)
  const end = addDays(starts[1]!, -1)
  return { from: start < from ? from : start, to: end > to ? to : end }
}

/** Days of the calendar inside the period, with the interval they fall into. Countries and notes are for the text beside the chart. */
export function markedDays(
  calendar: readonly CalendarDay[],
  period: Period,
  starts: readonly string[],
): { at: number; day: string; entry: CalendarDay }[] {
  const years = new Set([period.from.slice(0, 4), period.to.slice(0, 4)])
  return [...years]
    .flatMap(year => calendar.map(entry => ({ day: `${year}-${entry.date}`, entry })))
    .filter(({ day }) => isDay(day) && day >= period.from && day <= period.to)
    .map(({ day, entry }) => ({ day, entry, at: starts.findLastIndex(start => start <= day) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => (a.day < b.day ? -1 : 1))
}
