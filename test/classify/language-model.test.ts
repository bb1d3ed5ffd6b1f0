/** The weights of the language model: whole, or refused with words that help. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bucketsOf, MAX_WORD } from '../../classify/language-model/features.ts'
import { learn } from '../../classify/language-model/learn.ts'
import { loadLanguageModel } from '../../classify/language-model/model.ts'
import { readSamples } from '../../classify/language-model/read-data.ts'
import { ConfigError } from '../../core/errors.ts'

const BUNDLED = join(import.meta.dirname, '..', '..', 'classify', 'language-model')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'language-model-'))
  for (const file of ['model.json', 'weights.bin']) copyFileSync(join(BUNDLED, file), join(folder, file))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('the bundled weights are whole and small', () => {
  const { family, variety } = loadLanguageModel()
  expect(family.classes).toContain('hbs')
  expect(variety.classes).toEqual(['bs', 'hr', 'sr'])
  expect(statSync(join(BUNDLED, 'weights.bin')).size).toBeLessThan(640_000)
})

test.each([
  ['one bit is wrong', (bytes: Buffer) => bytes.fill(bytes[1000]! ^ 1, 1000, 1001)],
  ['the end is missing', (bytes: Buffer) => bytes.subarray(0, 1000)],
  ['nothing is left', () => Buffer.alloc(0)],
])('weights of which %s are refused', (_, damage) => {
  const file = join(folder, 'weights.bin')
  writeFileSync(file, damage(readFileSync(file)))
  expect(() => loadLanguageModel(folder)).toThrow(ConfigError)
  expect(() => loadLanguageModel(folder)).toThrow(
    /weights.bin should have SHA-256 [0-9a-f]{64}, it has [0-9a-f]{64}/,
  )
})

test.each(['model.json', 'weights.bin'])('without %s the model is refused', file => {
  rmSync(join(folder, file))
  expect(() => loadLanguageModel(folder)).toThrow(new RegExp(`${file} cannot be read`))
})

test.each(['{}', '[]', 'not JSON', '{"sha256":"","layers":[]}'])('a description like %s is refused', text => {
  writeFileSync(join(folder, 'model.json'), text)
  expect(() => loadLanguageModel(folder)).toThrow(ConfigError)
})

test('training without its texts says what is missing', () => {
  expect(() => readSamples(folder)).toThrow(/its folder lingua is not there/)
})

test('a word has the same groups of letters every time, and a long one is cut', () => {
  const grams = { shortest: 1, longest: 4, buckets: 1024 }
  expect(bucketsOf('grad', grams)).toEqual(bucketsOf('grad', grams))
  expect(bucketsOf('a'.repeat(10_000), grams)).toEqual(bucketsOf('a'.repeat(MAX_WORD), grams))
  expect(Math.max(...bucketsOf('šećerana', grams))).toBeLessThan(1024)
})

test('learning tells two classes apart, and learns the same from the same', () => {
  const examples = [0, 1].flatMap(label =>
    Array.from({ length: 20 }, () => ({ buckets: [label, 2], label, weight: 1 })),
  )
  const options = { classes: 2, buckets: 4, epochs: 3, rate: 0.3, seed: 1 }
  const weights = learn(examples, options)
  expect(weights[0]! - weights[1]!).toBeGreaterThan(0.5)
  expect(weights[3]! - weights[2]!).toBeGreaterThan(0.5)
  expect(learn(examples, options)).toEqual(weights)
})
