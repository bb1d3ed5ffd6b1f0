/** What becomes of a reviewer's verdict when the training reads it. */
import { expect, test } from 'vitest'
import { reviewedPassage } from '../../classify/corpus/from-verdict.ts'
import { marked } from '../../classify/corpus/passage.ts'
import type { Verdict } from '../../core/decision.ts'
import type { FlagDocument } from '../../core/document.ts'
import { document } from '../documents.ts'

const TEXT = 'Skup je trajao sat. Govornik je rekao da je to izmišljen navod o selu. Potom su se razišli.'
const QUOTE = 'izmišljen navod'

function reviewed(verdict: Partial<Verdict>, standing: Partial<FlagDocument['standing']> = {}): FlagDocument {
  const whole = {
    v: 1,
    kind: 'verdict',
    id: 'd',
    articleId: 'a',
    flagId: 'f',
    by: 'p',
    at: '2026-07-12T08:00:00.000Z',
    ...verdict,
  } as Verdict
  return document({
    quote: QUOTE,
    start: TEXT.indexOf(QUOTE),
    end: TEXT.indexOf(QUOTE) + QUOTE.length,
    event: 'srebrenica-1995',
    standing: {
      status: whole.decision,
      verdict: whole,
      waitingForSecond: false,
      disagreement: false,
      ...standing,
    },
  })
}

test.each([
  ['confirmed', 'denial/outright', 'outlet'],
  ['reported-speech', 'denial/outright', 'quoted'],
  ['not-hate', 'none', undefined],
  ['unclear', 'borderline', undefined],
] as const)('%s becomes %s', (decision, label, voice) => {
  const passage = reviewedPassage(reviewed({ decision }), { text: TEXT })
  expect(passage?.label).toBe(label)
  expect(passage?.voice).toBe(voice)
  expect(marked(passage!.text)).toEqual({
    text: TEXT,
    start: TEXT.indexOf(QUOTE),
    end: TEXT.indexOf(QUOTE) + QUOTE.length,
  })
})

test("the reviewer's corrections count, not what the detector thought", () => {
  const corrected = { subtype: 'conspiracy', stance: 'condemns', event: 'racak-1999' } as const
  expect(reviewedPassage(reviewed({ decision: 'confirmed', corrected }), { text: TEXT })).toMatchObject({
    label: 'denial/conspiracy',
    stance: 'condemns',
    event: 'racak-1999',
  })
})

test.each([
  ['a duplicate', reviewed({ decision: 'duplicate' }), TEXT],
  ['out of scope', reviewed({ decision: 'out-of-scope' }), TEXT],
  ['two reviewers differ', reviewed({ decision: 'confirmed' }, { disagreement: true }), TEXT],
  ['the words have expired', reviewed({ decision: 'confirmed' }), undefined],
  ['the article was edited', reviewed({ decision: 'confirmed' }), `Ispravka. ${TEXT}`],
])('nothing where %s', (_, flag, text) => {
  expect(reviewedPassage(flag, text === undefined ? {} : { text })).toBeUndefined()
})

test('of a long article only whole sentences near the quote', () => {
  const around = 'Ovo je jedna obična rečenica o vremenu. '.repeat(30)
  const flag = reviewed({ decision: 'confirmed' })
  const shifted = { ...flag, start: flag.start + around.length, end: flag.end + around.length }
  const passage = reviewedPassage(shifted, { text: `${around}${TEXT} ${around}` })
  expect(passage!.text.length).toBeLessThan(900)
  expect(passage!.text).toMatch(/^Ovo je/)
  expect(passage!.text).toMatch(/vremenu\.$/)
})
