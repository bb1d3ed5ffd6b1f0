/** What counts as found, missed and falsely flagged; and the intervals. */
import { describe, expect, test } from 'vitest'
import type { Flag } from '../../core/finding.ts'
import type { Category, Subtype } from '../../core/labels.ts'
import { asker, figuresOf, outcomesOf } from './evaluate.ts'
import { f1Of, rateOf } from './interval.ts'
import type { Behaviour, Exam, Passage } from './suite.ts'

const behaviours = new Map<string, Behaviour>([
  ['said', { id: 'said', label: 'denial/outright', cue: 'direct', definition: 'said' }],
  ['hinted', { id: 'hinted', label: 'threat/purity', cue: 'indirect', definition: 'hinted' }],
  ['news', { id: 'news', label: 'none', definition: 'news' }],
])

function passage(id: string, behaviour: string, more: Partial<Passage> = {}): Passage {
  return {
    id,
    pair: id,
    behaviour,
    label: behaviours.get(behaviour)!.label,
    text: id,
    language: 'bs',
    ...more,
  }
}

function flag(label: string, more: Partial<Flag> = {}): Flag {
  const [category, subtype] = label.split('/') as [Category, Subtype]
  return {
    ...{
      id: label,
      category,
      subtype,
      severity: 3,
      confidence: 0.9,
      alert: true,
      targets: [],
      voice: 'outlet',
    },
    ...{
      stance: 'endorses',
      field: 'text',
      start: 0,
      end: 1,
      quote: 'x',
      sentence: 'x',
      rule: 'a-rule',
      why: 'x',
    },
    ...{ indicators: [], ...more },
  }
}

function figures(answers: readonly (readonly [Passage, readonly Flag[]])[]) {
  const exam: Exam = { behaviours, passages: answers.map(([one]) => one), digest: '' }
  return figuresOf(
    outcomesOf(
      exam,
      answers.map(([, flags]) => flags),
    ),
  )
}

const counts = (all: ReturnType<typeof figures>): unknown => ({
  found: all.overall.recall.hits,
  of: all.overall.recall.of,
  flagged: all.overall.precision.of,
})

describe('a passage', () => {
  test('counts as flagged by a flag of any category, beside the look-alikes of its pair', () => {
    const hint = passage('1', 'hinted', { pair: 'p' })
    const alike = passage('2', 'news', { pair: 'p' })
    const { flagged, attributes } = figures([
      [hint, [flag('slur/ethnic')]],
      [alike, [flag('threat/purity')]],
      [passage('3', 'said'), []],
    ])
    expect(flagged['overall']).toMatchObject({ recall: { hits: 1, of: 2 }, precision: { hits: 1, of: 2 } })
    expect(flagged['without a telling word']).toMatchObject({
      recall: { hits: 1, of: 1 },
      positives: 1,
      negatives: 1,
    })
    expect(attributes.category).toMatchObject({ hits: 0, of: 1 })
  })

  test('is found by a flag of its category, whatever the subtype', () => {
    const all = figures([[passage('1', 'said'), [flag('denial/numbers')]]])
    expect(counts(all)).toEqual({ found: 1, of: 1, flagged: 1 })
    expect(all.attributes.subtype).toMatchObject({ hits: 0, of: 1 })
  })

  test('is missed, and falsely flagged, by a flag of another category', () => {
    const all = figures([[passage('1', 'said'), [flag('threat/purity')]]])
    expect(counts(all)).toEqual({ found: 0, of: 1, flagged: 1 })
    expect(all.categories['threat']!.precision).toMatchObject({ hits: 0, of: 1 })
    expect(all.falseAlarms).toEqual([
      { id: '1', behaviour: 'said', flags: [{ label: 'threat/purity', rule: 'a-rule' }] },
    ])
  })

  test('may hold a second category, whose flag is not false', () => {
    const all = figures([[passage('1', 'said', { also: ['threat'] }), [flag('threat/purity')]]])
    expect(counts(all)).toEqual({ found: 0, of: 1, flagged: 0 })
  })

  test('that must not be flagged is right only without any flag', () => {
    const all = figures([
      [passage('1', 'news'), []],
      [passage('2', 'news'), [flag('slur/ethnic')]],
    ])
    expect(all.behaviours['news']!.right).toMatchObject({ hits: 1, of: 2 })
    expect(counts(all)).toEqual({ found: 0, of: 0, flagged: 1 })
  })

  test('counts for its cue, its language and its group', () => {
    const all = figures([
      [passage('1', 'said', { target: 'roma' }), [flag('denial/outright')]],
      [passage('2', 'hinted', { language: 'mk', target: 'roma', text: 'текст' }), []],
    ])
    expect(all.cues).toMatchObject({ direct: { hits: 1, of: 1 }, indirect: { hits: 0, of: 1 } })
    expect(all.languages['mk']!.recall).toMatchObject({ hits: 0, of: 1 })
    expect(all.scripts['Cyrl']!.recall).toMatchObject({ hits: 0, of: 1 })
    expect(all.targets['roma']!.found).toMatchObject({ hits: 1, of: 2 })
    expect(all.misses).toEqual([{ id: '2', behaviour: 'hinted', label: 'threat/purity' }])
  })

  test('is judged for voice, stance and event by the surest flag of its category', () => {
    const said = passage('1', 'said', { voice: 'quoted', stance: 'relays', event: 'jasenovac' })
    const sure = flag('denial/outright', { voice: 'quoted', stance: 'condemns', confidence: 0.8 })
    const { attributes } = figures([[said, [flag('denial/outright', { confidence: 0.6 }), sure]]])
    expect(attributes).toMatchObject({ voice: { hits: 1 }, stance: { hits: 0 }, event: { hits: 0, of: 1 } })
  })
})

test('only flags that reach the review threshold of the language count', async () => {
  const ask = asker(
    {
      classifyAll: () =>
        Promise.resolve([{ language: 'sq', flags: [flag('slur/ethnic', { confidence: 0.55 })] }]),
    } as unknown as Parameters<typeof asker>[0],
    { default: { review: 0.5 }, sq: { review: 0.6 } },
  )
  expect(await ask([passage('1', 'said')])).toEqual([[]])
})

describe('intervals', () => {
  test('of a share are those of Wilson', () => {
    const { low, high } = rateOf(8, 10)
    expect([low, high].map(bound => bound?.toFixed(4))).toEqual(['0.4902', '0.9433'])
    expect(rateOf(0, 10).high?.toFixed(4)).toBe('0.2775')
    expect(rateOf(0, 0)).toEqual({ hits: 0, of: 0 })
  })

  test('of F1 hold its value, narrow with more passages, and repeat', () => {
    const some = [
      { found: 1, missed: 0, false: 0 },
      { found: 0, missed: 1, false: 0 },
      { found: 0, missed: 0, false: 1 },
      { found: 1, missed: 0, false: 0 },
    ]
    const many = Array.from({ length: 50 }, () => some).flat()
    const [few, lots] = [f1Of(some)!, f1Of(many)!]
    expect(lots.value).toBeCloseTo(2 / 3)
    expect(lots.low).toBeLessThan(lots.value)
    expect(lots.high).toBeGreaterThan(lots.value)
    expect(lots.high - lots.low).toBeLessThan(few.high - few.low)
    expect(f1Of(many)).toEqual(lots)
  })
})
