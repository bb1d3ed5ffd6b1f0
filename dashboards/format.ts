/** Numbers, days and times as the pages show them. */
import { html } from 'hono/html'
import { TIME_ZONE } from '../core/time.ts'

export type Html = ReturnType<typeof html>

const numberFormat = new Intl.NumberFormat('en-GB')
const instantFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: TIME_ZONE,
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
const dayFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})
const shortDayFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' })

export const number = (value: number): string => numberFormat.format(value)

/** `1 flag`, `2 flags`. */
export function count(value: number, one: string, more = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : more}`
}

/** Flags per 1,000 articles; a dash where nothing was read. */
export function rate(flags: number, articles: number): string {
  if (articles === 0) return '–'
  const value = (1000 * flags) / articles
  return value.toFixed(value < 10 ? 2 : 1)
}

/** 95 % interval of a rate per 1,000: counts in a known number of articles vary as Poisson says (Byar's approximation). */
export function interval(flags: number, articles: number): readonly [number, number] | undefined {
  if (articles === 0) return undefined
  const bound = (n: number, z: number): number => n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3
  const low = flags === 0 ? 0 : Math.max(0, bound(flags, -1.96))
  return [(1000 * low) / articles, (1000 * bound(flags + 1, 1.96)) / articles]
}

export const dayText = (day: string): string => dayFormat.format(new Date(`${day}T00:00:00Z`))
export const shortDay = (day: string): string => shortDayFormat.format(new Date(`${day}T00:00:00Z`))

export function time(instant: string): Html {
  return html`<time datetime="${instant}">${instantFormat.format(new Date(instant))}</time>`
}

/** How long ago, roughly: `5 min`, `3 h`, `2 days`. */
export function age(instant: string, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - Date.parse(instant)) / 60_000))
  if (minutes < 60) return `${minutes} min`
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`
  return `${number(Math.round(minutes / 1440))} days`
}

export function bytes(size: number): string {
  if (size < 1_000) return `${size} bytes`
  return size < 1_000_000 ? `${(size / 1_000).toFixed(1)} kB` : `${(size / 1_000_000).toFixed(1)} MB`
}
