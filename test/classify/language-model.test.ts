/** The weights of the language model: whole, or refused with words that help. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { evidenceReader, MAX_TEXT } from '../../classify/language-model/evidence.ts'
import { bucketsOf, MAX_WORD } from '../../classify/language-model/features.ts'
import { readFst } from '../../classify/language-model/fst.ts'
import { learn } from '../../classify/language-model/learn.ts'
import { loadLanguageModel } from '../../classify/language-model/model.ts'
import type { Layer } from '../../classify/language-model/model.ts'
import { readSamples } from '../../classify/language-model/read-data.ts'
import { writingsOf } from '../../classify/language-model/writings.ts'
import { EMPTY_DICTIONARY, parseAlternatives } from '../../classify/pattern.ts'
import { ConfigError } from '../../core/errors.ts'
import { fold } from '../../core/text.ts'

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
  expect(statSync(join(BUNDLED, 'weights.bin')).size).toBeLessThan(1_500_000)
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

test('a table of letter groups that is none is refused', () => {
  expect(() => {
    readFst(Buffer.from('no table, but long enough to be one, it says'), () => undefined)
  }).toThrow(/expected a table of the Rust crate fst/)
})

test('a table of letter groups gives back its keys and numbers', () => {
  const found: [string, bigint][] = []
  readFst(tableOf('a', 'b'), (key, value) => found.push([key, value]))
  expect(found).toEqual([
    ['a', 7n],
    ['b', 3n],
  ])
})

/** Two keys of one letter: the node in which both end is the empty one at address 0. */
function tableOf(first: string, second: string): Buffer {
  const header = Buffer.alloc(16)
  header.writeBigUInt64LE(3n)
  // A node stands backwards: outputs, targets, inputs, sizes, state with its two transitions.
  const node = Buffer.from([3, 7, 0, 0, second.charCodeAt(0), first.charCodeAt(0), 0x11, 2])
  const footer = Buffer.alloc(20)
  footer.writeBigUInt64LE(2n)
  footer.writeBigUInt64LE(BigInt(header.length + node.length - 1), 8)
  return Buffer.concat([header, node, footer])
}

test('a word has the same groups of letters every time, and a long one is cut', () => {
  const grams = { layer: 'family', bits: 10 } as const
  expect(bucketsOf('grad', grams)).toEqual(bucketsOf('grad', grams))
  expect(bucketsOf('a'.repeat(10_000), grams)).toEqual(bucketsOf('a'.repeat(MAX_WORD), grams))
  expect(Math.max(...bucketsOf('šećerana', grams))).toBeLessThan(1024)
})

const NO_RARE_WORDS = { pattern: /^nijesam$/u, suspects: ['mj', 'ć'] }

const model = loadLanguageModel()

test.each([
  ['a sentence', 'Vlada je donijela odluku da se đaci vrate u škole.'],
  ['Cyrillic', 'Љубав и џем'],
  ['one letter', 'a'],
  ['odd letters', 'ƒoo bar Ǆ'],
  ['many words', 'riječ '.repeat(300)],
  ['a word without end', 'a'.repeat(5_000)],
])('what is counted while a text is passed is what its words say one by one: %s', (_, text) => {
  const reader = evidenceReader(model, [], NO_RARE_WORDS)
  const read = text.slice(0, MAX_TEXT)
  reader.read(read)
  const words = read.toLowerCase().match(/\p{L}+/gu) ?? []
  expect(rounded(reader.families(MAX_TEXT))).toEqual(rounded(oddsOf(model.family, 'family', words)))
  const folded = words.map(word => fold(word.slice(0, MAX_WORD)))
  expect(rounded(reader.varieties(MAX_TEXT).odds)).toEqual(rounded(oddsOf(model.variety, 'variety', folded)))
})

function oddsOf(
  { biases, bits, scale, weights }: Layer,
  layer: 'family' | 'variety',
  words: readonly string[],
): number[] {
  const buckets = words.flatMap(word => bucketsOf(word, { layer, bits }))
  const last = biases.length - 1
  return biases.map((bias, at) => {
    const sum = at === last ? 0 : buckets.reduce((total, bucket) => total + weights[bucket * last + at]!, 0)
    return (sum * scale) / Math.sqrt(buckets.length) + bias
  })
}

const rounded = (odds: readonly number[]): number[] => odds.map(odd => Number(odd.toFixed(6)))

test('words of lists and rare words are counted in both scripts', () => {
  const lists = ['sedmic*/ko', 'ko/tko'].map(words => parseAlternatives(words, EMPTY_DICTIONARY))
  const reader = evidenceReader(model, lists, { pattern: /^(?:sjeme|ćup)$/u, suspects: ['je', 'ć'] })
  reader.read('Ko je sedmicama sijao sjeme, a tko koje? Сјеме и ћуп.')
  const { counts, rare } = reader.varieties(MAX_TEXT)
  expect([[...counts], rare]).toEqual([[2, 2], 3])
})

test.each([
  ['Latn', 'Vlada je donijela odluku. ЕУ'],
  ['Cyrl', 'Владата донесе одлука. EU'],
  ['mixed', 'Влада Vlada'],
  ['other', 'Η κυβέρνηση αποφάσισε, vlada'],
  ['other', '2026'],
])('the script is counted on the way: %s: %s', (script, text) => {
  expect(evidenceReader(model, [], NO_RARE_WORDS).read(text).script).toBe(script)
})

test('letters that not all who write Cyrillic have are counted', () => {
  const reader = evidenceReader(model, [], NO_RARE_WORDS)
  reader.read('Ћуп, ноќ, ёлка и щит')
  expect(reader.alphabet()).toMatchObject({ serbian: 1, macedonian: 1, foreign: 2 })
})

test('a word of two scripts is read in its own', () => {
  const reader = evidenceReader(model, [], NO_RARE_WORDS)
  const oddsOf = (text: string): number[] => {
    reader.read(text)
    return reader.families(MAX_TEXT)
  }
  expect(oddsOf('Vl\u0430da i s\u00e8')).toEqual(oddsOf('Vlada i s\u00e8'))
  expect(oddsOf('т\u0430j и с\u00e8')).toEqual(oddsOf('тај и с\u0450'))
})

test.each([
  ['hbs', 'ljubav u džepu', ['ljubav u džepu', 'ljubav u dzepu', 'љубав у џепу']],
  ['hbs', 'њен ђак', ['njen đak', 'njen djak', 'њен ђак']],
  ['mk', 'ноќ и ѕвезда', ['ноќ и ѕвезда', 'noḱ i dzvezda', 'nok i dzvezda']],
  ['sq', 'më çfarë', ['më çfarë', 'me cfare']],
] as const)('%s is learned in all ways it is written: %s', (family, text, ways) => {
  const writings = writingsOf(text.split(' '), family)
  expect(writings.map(({ words }) => words.join(' '))).toEqual(ways)
  expect(writings.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
})

test('learning tells two classes apart, and learns the same from the same', () => {
  const examples = [0, 1].flatMap(label =>
    Array.from({ length: 20 }, () => ({ buckets: Int32Array.of(label, 2), label, weight: 1 })),
  )
  const options = { classes: 2, priors: new Float32Array(8), epochs: 3, rate: 0.3, seed: 1 }
  const { weights } = learn(examples, options)
  expect(weights[0]! - weights[1]!).toBeGreaterThan(0.5)
  expect(weights[3]! - weights[2]!).toBeGreaterThan(0.5)
  expect(learn(examples, options).weights).toEqual(weights)
})
