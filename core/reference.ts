/** What the field knows and operators may edit: events with their adjudication, and the days on which such speech rises. */
import { z } from 'zod'
import { COUNTRIES } from './labels.ts'

/** How far courts have gone. Where no court found genocide at a place, saying so is not denial. */
export const ADJUDICATIONS = [
  'genocide',
  'crimes-against-humanity',
  'war-crimes',
  'historical-consensus',
  'documented-not-adjudicated',
] as const

export const eventSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'expected lower-case letters, digits and hyphens'),
  name: z.string().min(1),
  adjudication: z.enum(ADJUDICATIONS),
  /** Courts and judgments the status rests on, or the institutions that documented the event. */
  findings: z.array(z.string()).min(1),
  /** What a reviewer must know before calling a sentence denial. */
  note: z.string().optional(),
  /** Detection terms in the pattern language of the lexicons. They hold in every language; one that begins with a capital letter wants one in the text. */
  terms: z.array(z.string()).min(1),
})
export type AtrocityEvent = z.infer<typeof eventSchema>

export const calendarDaySchema = z.strictObject({
  /** Month and day, `MM-DD`, every year. */
  date: z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'expected month and day such as 07-11'),
  name: z.string().min(1),
  /** Countries concerned; empty means all. */
  countries: z.array(z.enum(COUNTRIES)).default([]),
  /** Days before and after that belong to it. */
  before: z.number().int().min(0).max(30),
  after: z.number().int().min(0).max(30),
  /** What tends to rise. */
  note: z.string().optional(),
})
export type CalendarDay = z.infer<typeof calendarDaySchema>

/** Confidence from which a flag enters the queue, and from which it may be sent unreviewed. */
export interface Thresholds {
  readonly review: number
  readonly alert: number
}
