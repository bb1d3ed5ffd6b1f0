/** The gate: what the detector finds today may not get worse. The floors rise with `opomena eval --raise`. */
import { beforeAll, describe, expect, test } from 'vitest'
import { openClassifier } from '../../cli/parts.ts'
import { loadConfig } from '../../config/config.ts'
import { asker, figuresOf, outcomesOf } from './evaluate.ts'
import type { Ask } from './evaluate.ts'
import { broken, measured, OTHER_EXAM, raised, readFloors } from './floors.ts'
import type { Floors } from './floors.ts'
import { loadExam } from './suite.ts'
import { stabilityOf } from './variants.ts'
import type { VariantScore } from './variants.ts'

const exam = loadExam()
const floors = readFloors()
let ask: Ask
let stability: Record<string, VariantScore>

beforeAll(async () => {
  // Not the environment of whoever runs the test: a private lexicon would change the figures.
  const config = loadConfig({ env: {} })
  ask = asker(await openClassifier(config), config.settings.classify.thresholds)
  stability = await stabilityOf(exam.passages, ask)
})

describe('the detector', () => {
  test('finds as much as it did, and is right as often', async () => {
    const now = measured(exam.digest, figuresOf(outcomesOf(exam, await ask(exam.passages))), stability)
    expect(floors && broken(floors, now)).toEqual([])
  })

  for (const variant of ['script-bcms', 'no-diacritics-bcms'])
    test(`says the same of every passage written another way: ${variant}`, () => {
      expect(stability[variant]!.same.of).toBeGreaterThan(50)
      expect(stability[variant]!.changed).toEqual([])
    })
})

describe('floors', () => {
  const some: Floors = {
    exam: 'one',
    overall: { precision: 0.9, recall: 0.5 },
    languages: { mk: { precision: 0.9, recall: 0.5 } },
    direct: 0.6,
    indirect: 0.1,
    variants: { 'script-bcms': 1 },
  }

  const falls: readonly [string, Floors, string][] = [
    ['recall of a language', { ...some, languages: { mk: { precision: 1, recall: 0.4999 } } }, 'mk: recall'],
    ['precision over all', { ...some, overall: { precision: 0.89, recall: 1 } }, 'overall: precision'],
    ['a variant', { ...some, variants: { 'script-bcms': 0.99 } }, 'variant script-bcms'],
    ['a language that is gone', { ...some, languages: {} }, 'mk: precision is gone'],
  ]
  for (const [name, now, said] of falls)
    test(`tell of ${name} that fell`, () => {
      expect(broken(some, now).join('\n')).toContain(said)
    })

  test('hold when nothing fell', () => {
    expect(broken(some, { ...some, direct: 0.7 })).toEqual([])
  })

  test('tell of an exam that was changed', () => {
    expect(broken(some, { ...some, exam: 'another' })).toEqual([OTHER_EXAM])
  })

  test('only rise, each by itself', () => {
    const now: Floors = { ...some, overall: { precision: 0.8, recall: 0.7 }, direct: 0.5, indirect: 0.2 }
    expect(raised(some, now)).toEqual({ ...some, overall: { precision: 0.9, recall: 0.7 }, indirect: 0.2 })
  })
})
