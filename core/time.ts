/** The project's one calendar. Instants are ISO 8601 strings in UTC; days belong to one time zone, whoever asks. */

/** Days are counted here: the region shares one time zone, and a chart needs one answer to "which day was that". */
export const TIME_ZONE = 'Europe/Sarajevo'

const dayFormat = new Intl.DateTimeFormat('en-CA', {
  timeZone: TIME_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** The calendar day, `YYYY-MM-DD`, of an instant in the project's time zone. */
export function dayOf(instant: string | Date): string {
  return dayFormat.format(typeof instant === 'string' ? new Date(instant) : instant)
}

/** The day `days` after (or, negative, before) a `YYYY-MM-DD` day. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

export type Interval = 'day' | 'week' | 'month'

/** The first day of the interval that a day falls in; weeks begin on Monday. */
export function intervalStart(day: string, interval: Interval): string {
  if (interval === 'day') return day
  if (interval === 'month') return `${day.slice(0, 7)}-01`
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return addDays(day, -((weekday + 6) % 7))
}

/** The first days of all intervals that touch `from`..`to`, both days included, in order. */
export function intervalsBetween(from: string, to: string, interval: Interval): string[] {
  const starts: string[] = []
  for (let start = intervalStart(from, interval); start <= to; start = nextInterval(start, interval)) {
    starts.push(start)
  }
  return starts
}

function nextInterval(start: string, interval: Interval): string {
  if (interval === 'day') return addDays(start, 1)
  if (interval === 'week') return addDays(start, 7)
  const date = new Date(`${start}T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() + 1)
  return date.toISOString().slice(0, 10)
}
