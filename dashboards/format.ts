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

/** 95 % interval (Wilson) of a share, per 1,000. A count above its base, as flags can be, is cut to it. */
export function interval(hits: number, base: number): readonly [number, number] | undefined {
  if (base === 0) return undefined
  const z2 = 3.8416
  const share = Math.min(1, hits / base)
  const centre = (share + z2 / (2 * base)) / (1 + z2 / base)
  const half = (1.96 / (1 + z2 / base)) * Math.sqrt((share * (1 - share)) / base + z2 / (4 * base * base))
  return [1000 * Math.max(0, centre - half), 1000 * Math.min(1, centre + half)]
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
