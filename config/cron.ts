/** Says what is wrong with a cron expression, in the dialect of the scheduler: five fields, or six with seconds first. */

interface CronField {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly words?: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const FIELDS: readonly CronField[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'weekday', min: 0, max: 7, words: WEEKDAYS },
]

/** What was expected, or undefined when the expression is sound. */
export function cronFault(expression: string): string | undefined {
  const parts = expression.trim().split(/\s+/)
  if (parts.length < 5 || parts.length > 6) {
    return `expected a cron expression of five fields (minute hour day month weekday) such as "*/15 * * * *"; this has ${parts.length}`
  }
  const fields = FIELDS.slice(FIELDS.length - parts.length)
  const wrong = fields.find((field, index) => !parts[index]!.split(',').every(part => fits(part, field)))
  return wrong && `expected a cron expression whose ${wrong.name} lies between ${wrong.min} and ${wrong.max}`
}

function fits(part: string, field: CronField): boolean {
  const match = /^(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d+))?$/i.exec(part)
  if (!match) return false
  const [, from, to, step] = match
  if (step !== undefined && Number(step) === 0) return false
  const first = from === undefined ? field.min : valueOf(from, field)
  const last = to === undefined ? first : valueOf(to, field)
  return first >= field.min && last <= field.max && first <= last
}

/** NaN for what is no value of the field, which then fits no range. */
function valueOf(text: string, field: CronField): number {
  const word = field.words?.indexOf(text.slice(0, 3).toLowerCase()) ?? -1
  return word >= 0 ? word + field.min : /^\d+$/.test(text) ? Number(text) : Number.NaN
}
