/** Written another way, a passage is still the same passage: the variants change its letters, not its words. */
import { describe, expect, test } from 'vitest'
import { fold } from '../../core/text.ts'
import { loadExam } from './suite.ts'
import type { Passage } from './suite.ts'
import { stabilityOf, VARIANTS } from './variants.ts'

const { passages } = loadExam()

const words = ({ title = '', section = '', text }: Passage): string => fold(`${title} ${section} ${text}`)

function written(name: string): (readonly [Passage, Passage])[] {
  const variant = VARIANTS.find(one => one.name === name)!
  return passages.flatMap(passage => {
    const other = variant.of(passage)
    return other ? [[passage, other] as const] : []
  })
}

describe('a variant', () => {
  for (const name of ['script-bcms', 'script-mk', 'no-diacritics-bcms', 'look-alikes', 'quotation-marks'])
    test(`${name} folds to the same words`, () => {
      const pairs = written(name)
      expect(pairs.length).toBeGreaterThan(50)
      const changed = pairs.filter(([one, other]) => words(one) !== words(other))
      expect(changed.map(([one]) => one.id)).toEqual([])
    })

  test('jat changes words, and only in part of the passages', () => {
    const pairs = written('jat')
    expect(pairs.length).toBeGreaterThan(30)
    for (const [one, other] of pairs) expect(words(other), one.id).not.toBe(words(one))
  })

  test('synonyms change words, one for one', () => {
    const pairs = written('synonyms')
    expect(pairs.length).toBeGreaterThan(150)
    for (const [one, other] of pairs) {
      expect(words(other), one.id).not.toBe(words(one))
      expect(other.text.split(' ').length, one.id).toBe(one.text.split(' ').length)
    }
  })

  test('look-alikes change what is there and not what is seen', () => {
    for (const [one, other] of written('look-alikes')) {
      expect(other.text.length, one.id).toBe(one.text.length)
      expect(other.text, one.id).not.toBe(one.text)
    }
  })

  test('with a sentence before or after keeps the passage whole', () => {
    for (const name of ['sentence-before', 'sentence-after'])
      for (const [one, other] of written(name)) expect(other.text).toContain(one.text)
  })
})

test('a verdict that hangs on the way of writing is counted and named', async () => {
  const latinOnly = (asked: readonly Passage[]) =>
    Promise.resolve(
      asked.map(({ text }) => (/nije/u.test(text) ? [{ category: 'denial', subtype: 'outright' }] : [])),
    )
  const some = passages.filter(passage => passage.language === 'bs')
  const scores = await stabilityOf(some, latinOnly as unknown as Parameters<typeof stabilityOf>[1])
  expect(scores['script-bcms']!.changed).toContain('bs-03a')
  expect(scores['sentence-after']!.changed).toEqual([])
})
