/** The standing of a flag follows from the set of its decisions, whatever order and however often they come. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { needsSecond, standingOf } from '../../core/decision.ts'
import type { Decision, Verdict } from '../../core/decision.ts'
import { VERDICTS } from '../../core/labels.ts'

/** Not among the one in ten that are always looked at twice. */
const FLAG = 'ffffff00000000000000'

function verdict(
  by: string,
  at: number,
  decision: Verdict['decision'],
  more: Partial<Verdict> = {},
): Verdict {
  return {
    v: 1,
    kind: 'verdict',
    id: `${by}-${at}`,
    articleId: 'a',
    flagId: FLAG,
    by,
    at: minute(at),
    decision,
    ...more,
  }
}
function undo(by: string, at: number, of: Verdict): Decision {
  return {
    v: 1,
    kind: 'undo',
    id: `undo-${of.id}`,
    articleId: 'a',
    flagId: FLAG,
    by,
    at: minute(at),
    of: of.id,
  }
}
const minute = (at: number): string => `2026-07-11T08:${String(at).padStart(2, '0')}:00.000Z`

const standing = (decisions: readonly Decision[], severity = 2): string => {
  const { status, waitingForSecond, disagreement } = standingOf(FLAG, severity, decisions)
  return [status, waitingForSecond ? 'waiting' : '', disagreement ? 'disagreement' : '']
    .filter(Boolean)
    .join(' ')
}

describe('a flag stands', () => {
  const first = verdict('ana', 1, 'confirmed')
  const changed = verdict('ana', 2, 'not-hate', { previous: first.id })
  const second = verdict('ben', 3, 'confirmed')
  const cases: readonly (readonly [string, readonly Decision[], string, number?])[] = [
    ['pending without a decision', [], 'pending'],
    [
      'pending when only other flags were judged',
      [verdict('ana', 1, 'confirmed', { flagId: 'other' })],
      'pending',
    ],
    ['as its one reviewer said', [first], 'confirmed'],
    ['as its reviewer said last', [first, changed], 'not-hate'],
    ['as before when the last word was undone', [first, changed, undo('ana', 4, changed)], 'confirmed'],
    ['pending when its only verdict was undone', [first, undo('ana', 2, first)], 'pending'],
    ['as two reviewers agree', [first, second], 'confirmed'],
    ['as the later of two said, with their disagreement', [changed, second], 'confirmed disagreement'],
    [
      'without disagreement when a reviewer came round',
      [verdict('ben', 1, 'not-hate'), first, second],
      'confirmed',
    ],
    ['waiting for a second reviewer when grave', [first], 'confirmed waiting', 4],
    [
      'waiting still when the same reviewer judges twice',
      [first, verdict('ana', 5, 'confirmed')],
      'confirmed waiting',
      5,
    ],
    ['settled when grave and seen by two', [first, second], 'confirmed', 5],
    [
      'waiting again when the second verdict was undone',
      [first, second, undo('ben', 6, second)],
      'confirmed waiting',
      5,
    ],
    [
      'waiting when the reviewer asks',
      [verdict('ana', 1, 'unclear', { askSecond: true })],
      'unclear waiting',
    ],
    [
      'waiting when corrected to grave',
      [verdict('ana', 1, 'confirmed', { corrected: { severity: 5 } })],
      'confirmed waiting',
    ],
    [
      'settled when corrected to mild',
      [verdict('ana', 1, 'confirmed', { corrected: { severity: 2 } })],
      'confirmed',
      5,
    ],
  ]
  for (const [name, decisions, expected, severity] of cases) {
    test(name, () => expect(standing(decisions, severity)).toBe(expected))
  }
})

test('one flag in ten is looked at twice, always the same ones', () => {
  expect(needsSecond('000000aa', 1, false)).toBe(true)
  expect(needsSecond('199999aa', 1, false)).toBe(true)
  expect(needsSecond('19999aaa', 1, false)).toBe(false)
  expect(needsSecond('ffffffaa', 1, false)).toBe(false)
})

test('any order and any repeat of the same decisions end alike', () => {
  const one = fc.record({
    by: fc.constantFrom('ana', 'ben', 'cveta'),
    at: fc.integer({ min: 0, max: 5 }),
    decision: fc.constantFrom(...VERDICTS),
    askSecond: fc.boolean(),
    undone: fc.boolean(),
  })
  const history = fc.uniqueArray(one, { maxLength: 8, selector: made => `${made.by}-${made.at}` }).map(all =>
    all.flatMap(({ by, at, decision, askSecond, undone }) => {
      const made = verdict(by, at, decision, { askSecond })
      return undone ? [made, undo(by, at + 10, made)] : [made]
    }),
  )
  const shuffled = history.chain(all =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
  )
  fc.assert(
    fc.property(shuffled, fc.integer({ min: 1, max: 5 }), ([all, mixed], severity) => {
      expect(standingOf(FLAG, severity, mixed)).toEqual(standingOf(FLAG, severity, all))
    }),
  )
})
