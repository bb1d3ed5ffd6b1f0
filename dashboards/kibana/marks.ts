/** Days of the calendar as marks in the charts over time. Kibana knows no "every year": each year has marks of its own. */
import { isDay } from '../../core/query-fields.ts'
import type { CalendarDay } from '../../core/reference.ts'
import type { Mark } from './specification.ts'

/** The year before, the year and the next: nobody needs to write them again on the first of January. */
export function marksAround(year: number, calendar: readonly CalendarDay[]): readonly Mark[] {
  return [year - 1, year, year + 1].flatMap(one => marksOf(one, calendar))
}

function marksOf(year: number, calendar: readonly CalendarDay[]): readonly Mark[] {
  return calendar
    .map(({ date, name }, at) => ({ day: `${year}-${date}`, name, at }))
    .filter(({ day }) => isDay(day))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.at - b.at))
    .map(({ day, name, at }) => ({ id: `mark-${day}-${at}`, at: `${day}T12:00:00.000Z`, name }))
}
