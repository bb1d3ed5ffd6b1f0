/** Dates as outlets write them: ISO 8601, RFC 822, and local months in both scripts. A date that cannot be is no date. */
import { latinize } from '../core/text.ts'

export interface WallTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** Minutes east of Greenwich of the zone names seen in feeds. */
const ZONES: Readonly<Record<string, number>> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  west: 60,
  bst: 60,
  cet: 60,
  mez: 60,
  met: 60,
  cest: 120,
  mesz: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
}

/** Beginnings of month names, folded to plain Latin letters: en, bs, hr, sr, mk, sq, sl. Longer ones first where they clash. */
const MONTHS: readonly (readonly [string, number])[] = [
  ['jan', 1],
  ['sij', 1],
  ['sje', 1],
  ['feb', 2],
  ['fev', 2],
  ['velj', 2],
  ['shk', 2],
  ['svec', 2],
  ['mar', 3],
  ['ozu', 3],
  ['sus', 3],
  ['apr', 4],
  ['tra', 4],
  ['pri', 4],
  ['maj', 5],
  ['may', 5],
  ['mai', 5],
  ['svi', 5],
  ['jun', 6],
  ['lip', 6],
  ['qer', 6],
  ['jul', 7],
  ['srp', 7],
  ['kor', 7],
  ['aug', 8],
  ['avg', 8],
  ['kol', 8],
  ['gus', 8],
  ['sep', 9],
  ['ruj', 9],
  ['sht', 9],
  ['oct', 10],
  ['okt', 10],
  ['lis', 10],
  ['tet', 10],
  ['nov', 11],
  ['noe', 11],
  ['stu', 11],
  ['nen', 11],
  ['nan', 11],
  ['dec', 12],
  ['dek', 12],
  ['dez', 12],
  ['pro', 12],
  ['dhj', 12],
]

const TIME = /(?:^|[^\d:+-])(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(h\b|[ap]\.?\s?m\b\.?)?/u
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*([zZ]|[+-]\d{2}:?\d{2}|[+-]\d{2}|[A-Za-z]{2,5})?$/u
const YEAR_FIRST = /(?:^|\D)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/u
const DAY_FIRST = /(?:^|\D)(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)/u
const DAY_MONTH =
  /(?:^|\D)(\d{1,2})(?:\.|st|nd|rd|th|-ti|-og)?[\s-]*(?:de\s+)?(\p{L}{3,})\.?,?[\s-]*(\d{4}|\d{2})(?![\d:])/u
/** As `date` of Unix prints it. */
const UNIX_DAY = /(\p{L}{3})\s+(\d{1,2})\s+\d{2}:\d{2}:\d{2}(?:\s+\w+)?\s+(\d{4})\b/u
const MONTH_DAY = /(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)/u
/** Longest string taken for a date: real ones are short, and everything after that is somebody's trick. */
const MAX_RAW = 120

/**
 * The instant as ISO 8601 in UTC, or undefined when the string names no possible date from 1990 to 2100. A date without
 * a zone, or with an impossible one, is wall time in the region; a date without a time is its midnight. Of two dates,
 * the first counts ("13:45 -> 14:12": published, then changed).
 */
export function parseDate(raw: string | undefined): string | undefined {
  if (raw === undefined) return undefined
  const text = raw.slice(0, MAX_RAW).trim()
  return isoDate(text) ?? looseDate(plainLetters(text))
}

function isoDate(text: string): string | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, zone] = match
  return instantOf(
    {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour ?? 0),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
    },
    zone === undefined ? undefined : offsetOf(zone),
  )
}

function looseDate(text: string): string | undefined {
  if (/^\d{10}(\d{3})?$/u.test(text)) return fromUnix(text)
  const day = dayIn(text)
  if (!day) return undefined
  const rest = text.slice(0, day.start) + ' ' + text.slice(day.end)
  const time = TIME.exec(rest)
  const zone = time ? zoneAfter(rest.slice(time.index + time[0].length)) : undefined
  return instantOf({ ...day, ...clockOf(time) }, zone)
}

interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly start: number
  readonly end: number
}

function dayIn(text: string): Day | undefined {
  const named = DAY_MONTH.exec(text)
  const namedMonth = named && monthOf(named[2]!)
  if (named && namedMonth) return dayOf(named, named[3]!, namedMonth, named[1]!)
  const english = MONTH_DAY.exec(text)
  const englishMonth = english && monthOf(english[1]!)
  if (english && englishMonth) return dayOf(english, english[3]!, englishMonth, english[2]!)
  const unix = UNIX_DAY.exec(text)
  const unixMonth = unix && monthOf(unix[1]!)
  if (unix && unixMonth)
    return {
      year: Number(unix[3]),
      month: unixMonth,
      day: Number(unix[2]),
      start: unix.index,
      end: unix.index + unix[1]!.length + 3,
    }
  const yearFirst = YEAR_FIRST.exec(text)
  if (yearFirst) return dayOf(yearFirst, yearFirst[1]!, Number(yearFirst[2]), yearFirst[3]!)
  const dayFirst = DAY_FIRST.exec(text)
  if (dayFirst)
    return Number(dayFirst[3]) <= 12
      ? dayOf(dayFirst, dayFirst[4]!, Number(dayFirst[3]), dayFirst[1]!)
      : dayOf(dayFirst, dayFirst[4]!, Number(dayFirst[1]), dayFirst[3]!)
  return undefined
}

function dayOf(match: RegExpExecArray, year: string, month: number, day: string): Day {
  const full = year.length === 2 ? 2000 + Number(year) : Number(year)
  return { year: full, month, day: Number(day), start: match.index, end: match.index + match[0].length }
}

function clockOf(time: RegExpExecArray | null): { hour: number; minute: number; second: number } {
  if (!time) return { hour: 0, minute: 0, second: 0 }
  const half = time[4]?.[0]
  const hour = Number(time[1])
  const shifted = half === 'p' && hour < 12 ? hour + 12 : half === 'a' && hour === 12 ? 0 : hour
  return { hour: shifted, minute: Number(time[2]), second: Number(time[3] ?? 0) }
}

function zoneAfter(rest: string): number | undefined {
  const match = /^\s*\(?([+-]\d{2}:?\d{2}|[+-]\d{1,2}\b|[a-z]{1,5}\b)/u.exec(rest)
  return match ? offsetOf(match[1]!) : undefined
}

function offsetOf(zone: string): number | undefined {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/u.exec(zone)
  if (!match) return ZONES[zone.toLowerCase()]
  const hours = Number(match[2])
  const minutes = Number(match[3] ?? 0)
  if (hours > 14 || minutes > 59) return undefined
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes)
}

function monthOf(word: string): number | undefined {
  return MONTHS.find(([start]) => word.startsWith(start))?.[1]
}

function fromUnix(digits: string): string | undefined {
  const date = new Date(digits.length === 13 ? Number(digits) : Number(digits) * 1000)
  return date.getUTCFullYear() > 2100 ? undefined : date.toISOString()
}

/** Lower case, without diacritics, in Latin letters: enough to tell months apart. */
function plainLetters(text: string): string {
  return latinize(text.toLowerCase())
    .replace(/đ/gu, 'd')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
}

function instantOf(wall: WallTime, offsetMinutes: number | undefined): string | undefined {
  if (!possible(wall)) return undefined
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second)
  const offset = offsetMinutes ?? regionOffset(asUtc)
  return new Date(asUtc - offset * 60_000).toISOString()
}

function possible({ year, month, day, hour, minute, second }: WallTime): boolean {
  if (year < 1990 || year > 2100 || month < 1 || month > 12 || day < 1) return false
  if (hour > 23 || minute > 59 || second > 60) return false
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/**
 * Minutes that wall time in the region is ahead of UTC. The whole region keeps Central European Time with the summer
 * time of the EU: from the last Sunday of March to that of October, at 02:00 and 03:00. Reckoned here because asking
 * Intl for each of 80,000 archived rows takes longer than everything else about them.
 */
function regionOffset(wallAsUtc: number): number {
  const year = new Date(wallAsUtc).getUTCFullYear()
  const summer =
    wallAsUtc >= lastSunday(year, 2) + 2 * 3_600_000 && wallAsUtc < lastSunday(year, 9) + 3 * 3_600_000
  return summer ? 120 : 60
}

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0))
  return last.getTime() - last.getUTCDay() * 86_400_000
}
