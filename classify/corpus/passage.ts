/** A passage of the corpus: news prose with what it contains, and where. One JSON object per line; see guidelines.md. */
import { z } from 'zod'
import { CATEGORIES, LANGUAGES, STANCES, SUBTYPES, VOICES } from '../../core/labels.ts'

/** Around the instance; in a harmless passage around the words that stand in its place. */
const OPEN = '⟦'
const CLOSE = '⟧'

const INSTANCES = CATEGORIES.flatMap(category => SUBTYPES[category].map(subtype => `${category}/${subtype}`))

export const LabelSchema = z.enum(['none', 'borderline', ...INSTANCES])

export const PassageSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z]+\d*-\d{4}[a-z]$/, 'expected hand, number and letter, such as w1-0042a'),
    language: z.enum(LANGUAGES),
    /** Agency report, column, parliament, letter, interview ... */
    genre: z.string().min(3),
    /** Which of the behaviours it is an example of. */
    behaviour: z.string().min(3),
    text: z.string().min(20).max(1200),
    label: LabelSchema,
    voice: z.enum(VOICES).optional(),
    stance: z.enum(STANCES).optional(),
    targets: z.array(z.string()).optional(),
    event: z.string().optional(),
    /** No single word or formula gives it away. */
    indirect: z.boolean().optional(),
    note: z.string().optional(),
  })
  .superRefine((passage, report) => {
    for (const problem of problemsOf(passage)) report.addIssue({ code: 'custom', message: problem })
  })
export type Passage = z.infer<typeof PassageSchema>

export interface Marked {
  /** Without the marks. */
  readonly text: string
  /** UTF-16 offsets in `text`, end exclusive. */
  readonly start: number
  readonly end: number
}

/** The text and the marked stretch of it. Throws where there is not exactly one. */
export function marked(text: string): Marked {
  const [before, inside, after, ...rest] = text.split(/[⟦⟧]/)
  const whole = before !== undefined && inside !== undefined && after !== undefined && rest.length === 0
  if (!whole || text.indexOf(OPEN) > text.indexOf(CLOSE) || inside.trim() === '')
    throw new Error(`expected exactly one stretch between ${OPEN} and ${CLOSE}`)
  return { text: before + inside + after, start: before.length, end: before.length + inside.length }
}

/** Those that differ only in what is marked share everything but the last letter of their id. */
export function pairOf(passage: Pick<Passage, 'id'>): string {
  return passage.id.slice(0, -1)
}

export function isInstance(passage: Pick<Passage, 'label'>): boolean {
  return passage.label !== 'none' && passage.label !== 'borderline'
}

function problemsOf(passage: Omit<Passage, 'id'>): string[] {
  const problems: string[] = []
  try {
    marked(passage.text)
  } catch (error) {
    problems.push((error as Error).message)
  }
  if (!isInstance(passage)) return problems
  if (!passage.voice) problems.push('an instance needs its voice')
  if (!passage.stance) problems.push('an instance needs its stance')
  if (passage.indirect === undefined) problems.push('an instance says whether it is indirect')
  const denial = passage.label.startsWith('denial/')
  if (denial && !passage.event) problems.push('a denial needs its event')
  if (!denial && !passage.targets?.length) problems.push('an instance needs its targets')
  return problems
}
