/** The whole specification for one installation and one year of marks. */
import type { CalendarDay } from '../../core/reference.ts'
import { languageDrillDown } from './language-drill-down.ts'
import { marksAround } from './marks.ts'
import { overview } from './overview.ts'
import { searches } from './searches.ts'
import { sourceHealth } from './source-health.ts'
import type { Specification } from './specification.ts'

export interface Installation {
  readonly prefix: string
  readonly publicUrl: string
  readonly calendar: readonly CalendarDay[]
  /** Marks are made for the year before, this one and the next. */
  readonly year: number
}

export function specificationOf({ prefix, publicUrl, calendar, year }: Installation): Specification {
  return {
    prefix,
    publicUrl,
    dashboards: [overview, languageDrillDown, sourceHealth],
    searches,
    marks: marksAround(year, calendar),
  }
}
