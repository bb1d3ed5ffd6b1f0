/** Place: where in its sentence a passage stands, and whether in quotation marks. Some entries count in one place only. */
import type { Place } from './entry.ts'
import type { Quotation } from './sentences.ts'

/** Signs read before and behind a passage to see what is there. */
const NEAR = 8

/** Whether the passage from `start` to `end` (UTF-16 offsets, end exclusive) stands so. */
export function standsAt(
  place: Place,
  text: string,
  start: number,
  end: number,
  quotations: readonly Quotation[],
): boolean {
  const around = quotations.find(one => one.start <= start && end <= one.end)
  switch (place) {
    case 'quotation':
      return around !== undefined
    case 'own-words':
      return around === undefined
    case 'not-alone':
      return !around || text.slice(around.start, around.end).trim() !== text.slice(start, end)
    case 'beginning':
      return /(?:^|[.!?…:\n"„“”»«])[\s–—-]*$/u.test(text.slice(Math.max(0, start - NEAR), start))
    case 'end':
      return /^\s*(?:$|[.!?…\n"“”»«])/u.test(text.slice(end, end + NEAR))
    case 'question':
      return isAsked(text, end, around?.end)
  }
}

/** A question is asked over this many signs at most. */
const LONGEST_QUESTION = 300

/** The sentence that holds the passage ends with a question mark; within quotation marks, before they close. */
function isAsked(text: string, end: number, close = text.length): boolean {
  const rest = text.slice(end, Math.min(close, end + LONGEST_QUESTION))
  return /^[^.!?…\n]*\?/u.test(rest)
}
