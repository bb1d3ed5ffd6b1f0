/** The name of a crime alone in quotation marks: the doubt is in the marks. */
import { logOdds } from './candidate.ts'
import type { Candidate } from './candidate.ts'
import type { Reading } from './reading.ts'

const MAX_WORDS = 2
/** In a headline the marks are chosen with care. */
const CONFIDENCE = { title: 0.7, lead: 0.6, text: 0.55 } as const

export function scareQuotesIn(reading: Reading): Candidate[] {
  if (!/["„“”»«‘‚']/.test(reading.text)) return []
  return reading.hints.flatMap(hit => {
    if (hit.hint !== 'name-of-crime') return []
    const from = reading.words[hit.start]!.start
    const to = reading.words[hit.end - 1]!.end
    const marks = reading.quotations.find(one => one.start <= from && to <= one.end)
    if (!marks || reading.text.slice(marks.start, marks.end).trim().split(/\s+/).length > MAX_WORDS) return []
    const view = reading.views[reading.sentences.of[hit.start]!]!
    if (
      view.hints.some(one => one.hint === 'word-mention' || one.hint === 'speech' || one.hint === 'elsewhere')
    )
      return []
    return [candidateOf(reading, hit.start, hit.end)]
  })
}

function candidateOf(reading: Reading, start: number, end: number): Candidate {
  return {
    reading,
    start,
    end,
    category: 'denial',
    subtype: 'qualification',
    severity: 2,
    targets: [],
    evidence: [
      {
        tier: 'context',
        rule: 'scare-quotes',
        logOdds: logOdds(CONFIDENCE[reading.field]),
        words: 'the word stands alone in quotation marks, as if it were in doubt',
      },
    ],
  }
}
