/** The combiner: fitted to the real rate, shrunken where little is known, and reported honestly. */
import { describe, expect, test } from 'vitest'
import { combinerOf, FEATURES, parseCombiner } from '../../../classify/model/combine.ts'
import type { Features } from '../../../classify/model/combine.ts'
import { calibrate } from '../../../classify/model/train/calibrate.ts'
import type { CalibrationRow } from '../../../classify/model/train/calibrate.ts'
import { fitLogistic } from '../../../classify/model/train/logistic.ts'
import type { Language } from '../../../core/labels.ts'

/** A small generator, so that every run sees the same. */
function chance(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

const features = (of: Partial<Features>): Features => ({
  ...(Object.fromEntries(FEATURES.map(name => [name, 0])) as Record<keyof Features, number>),
  ...of,
})

interface Made {
  readonly count?: number
  readonly language?: Language
  readonly shift?: number
  readonly isVerdict?: boolean
}

/** Scores whose log-odds are `1.2 window + 0.8 rule - 3`, and more in a language that is shifted. */
function rowsOf({ count = 6_000, language = 'hr', shift = 0, isVerdict = false }: Made): CalibrationRow[] {
  const random = chance(7)
  return Array.from({ length: count }, (_, at) => {
    const window = random() * 10 - 5
    const rule = random() < 0.2 ? random() * 4 : 0
    const p = 1 / (1 + Math.exp(-(1.2 * window + 0.8 * rule - 3 + shift)))
    return {
      ...{ group: `${language}:${String(at)}`, language, weight: 1, isInstance: random() < p },
      ...{ features: features({ window, second: window, rule }), isVerdict },
    }
  })
}

describe('a combiner', () => {
  const rows = rowsOf({})
  const { combiner, report } = calibrate(rows, 1_000)

  test('gives each thing its weight', () => {
    expect(combiner.weights.window + combiner.weights.second).toBeCloseTo(1.2, 0)
    expect(combiner.weights.rule).toBeCloseTo(0.8, 0)
    expect(combiner.weights.court).toBe(0)
  })

  test('is as sure as it may be, on articles it was not fitted on', () => {
    expect(report.slope).toBeGreaterThan(0.9)
    expect(report.slope).toBeLessThan(1.1)
    expect(report.skill).toBeGreaterThan(0.3)
    for (const { passages, said, found } of report.reliability)
      if (passages > 100) expect(Math.abs(said - found)).toBeLessThan(0.08)
  })

  test('says what a threshold finds and what it costs', () => {
    const [low, high] = [report.thresholds[0]!, report.thresholds.at(-1)!]
    expect(low.recall).toBeGreaterThan(high.recall)
    expect(low.falsePerThousand).toBeGreaterThan(high.falsePerThousand)
  })

  test('knows the real rate from what each row stands for', () => {
    const rare = rows.map(row => (row.isInstance ? row : { ...row, weight: 20 }))
    const at = features({ window: 4, second: 4 })
    const sure = combinerOf(combiner).logOdds(at, 'hr')
    expect(sure - combinerOf(calibrate(rare, 1_000).combiner).logOdds(at, 'hr')).toBeGreaterThan(2)
  })
})

describe('an offset of a language', () => {
  test('stays near zero until reviewers have decided on fifty of its flags', () => {
    const base = rowsOf({})
    const offsetWith = (made: Made): number =>
      calibrate([...base, ...rowsOf({ language: 'sq', shift: 3, ...made })], 1_000).combiner.offsets.sq!
    const held = offsetWith({ count: 49, isVerdict: true })
    const freed = offsetWith({ count: 60, isVerdict: true })
    expect(Math.abs(held)).toBeLessThan(0.6)
    expect(freed).toBeGreaterThan(1)
  })
})

describe('logistic regression', () => {
  test('stays at its prior where there is nothing to learn from', () => {
    expect(fitLogistic([], [{ mean: 0.7, spread: 1 }])).toEqual([0.7])
  })

  test('stays finite where the two kinds are apart', () => {
    const rows = [-2, -1, 1, 2].map(x => ({ x: [1, x], y: Number(x > 0), weight: 1 }))
    const [bias, slope] = fitLogistic(rows, [
      { mean: 0, spread: 10 },
      { mean: 0, spread: 2 },
    ])
    expect(bias).toBeCloseTo(0)
    expect(slope).toBeGreaterThan(1)
    expect(slope).toBeLessThan(10)
  })
})

test('a combiner of another encoder is refused, with what to do', () => {
  const { combiner } = calibrate(rowsOf({ count: 200 }), 100)
  const file = { v: 1, encoder: 'one-1234', ...combiner }
  expect(parseCombiner(file, 'one-1234').logOdds(features({}), 'hr')).toBeLessThan(0)
  expect(() => parseCombiner(file, 'other-5678')).toThrow(/of one-1234; run `opomena model calibrate`/)
  expect(() => parseCombiner({ ...file, weights: { window: 1 } }, 'one-1234')).toThrow(/second/)
})
