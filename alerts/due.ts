/** When a daily letter is due, by the wall clock of its reader. */
import type { Subscription } from '../core/subscription.ts'
import { TIME_ZONE, addDays } from '../core/time.ts'

/**
 * The day whose letter should be out by now: today where the local time of day has come, else yesterday. Comparing
 * wall-clock times makes an hour that the clock skips due when the clock goes on, and an hour that comes twice due once.
 */
export function letterDay(now: Date, { at, timeZone }: Pick<Subscription, 'at' | 'timeZone'>): string {
  const { day, time } = wallClock(now, timeZone)
  return time >= at ? day : addDays(day, -1)
}

/** The first letter is that of the first time of day after the subscription was made. */
export function isDue(
  now: Date,
  subscription: Pick<Subscription, 'at' | 'timeZone' | 'createdAt'>,
  lastDay: string | undefined,
): boolean {
  return letterDay(now, subscription) > (lastDay ?? letterDay(new Date(subscription.createdAt), subscription))
}

function wallClock(now: Date, timeZone: string): { readonly day: string; readonly time: string } {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  return { day: `${part('year')}-${part('month')}-${part('day')}`, time: `${part('hour')}:${part('minute')}` }
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** A time zone that this machine does not know must not silence a subscription: the project's own stands in. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    const known = isTimeZone(timeZone) ? timeZone : TIME_ZONE
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: known,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(timeZone, format)
  }
  return format
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
