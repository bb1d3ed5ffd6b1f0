/**
 * Trains the language model and writes weights.bin and model.json beside this file:
 * `node classify/language-model/train.ts DIR`. What DIR must hold stands in sources.ts; the texts stay outside the
 * repository. The same texts give the same weights; it takes a few minutes and 3 GB of memory.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { fold } from '../../core/text.ts'
import { bucketsOf } from './features.ts'
import type { Grams } from './features.ts'
import { FREQUENT_WORDS } from './frequent-words.ts'
import { learn, randomFrom } from './learn.ts'
import type { Example, Learned, Learning } from './learn.ts'
import { FAMILY_MOST, VARIETY_MOST } from './packed.ts'
import { familyPriors, varietyPriors } from './priors.ts'
import { readExamples, readSamples } from './read-data.ts'
import type { Sample } from './read-data.ts'
import { FAMILIES, MODEL_VARIETIES, SOURCES } from './sources.ts'
import { writingsOf } from './writings.ts'

const SEED = 20_240_711
const FAMILY_GRAMS: Grams = { layer: 'family', bits: 15 }
const VARIETY_GRAMS: Grams = { layer: 'variety', bits: 17 }
/** What the tables of letter groups say counts this much: they count each letter several times. */
const FAMILY_PRIOR = 0.1
const VARIETY_PRIOR = 1.5
/** How often a language comes in the texts says little of how often it comes in the news: its bias counts half. */
const FAMILY_BIAS = 0.5
/** Longest piece of a text that is learned from: a long one would teach its subject. */
const MAX_WORDS = 24
/** Share of the weights that are kept whole. */
const KEPT = 0.9995
/** Prose of people is scarce and is what we read; strings of programs are plenty. */
const PROSE = 4

interface Piece {
  readonly words: readonly string[]
  readonly sample: Sample
}

export function train(folder: string, out: string): void {
  const random = randomFrom(SEED)
  const samples = [...readSamples(folder), ...readExamples(), ...wordSamples(random)]
  const pieces = samples.flatMap(sample => piecesOf(sample, random))
  const family = learnFrom(
    pieces.flatMap(({ words, sample }) =>
      writingsOf(words, sample.family).map(({ words, share }) => ({
        words,
        label: FAMILIES.indexOf(sample.family),
        // Three varieties come together in one class; it must not weigh three times.
        weight: share * (sample.isProse ? 2 : 1) * (sample.family === 'hbs' ? 0.5 : 1),
      })),
    ),
    FAMILY_GRAMS,
    times(familyPriors(folder, FAMILY_GRAMS), FAMILY_PRIOR),
    { classes: FAMILIES.length, epochs: 3, rate: 0.3 },
  )
  const varieties = balanced(
    pieces.flatMap(({ words, sample }) =>
      sample.variety === undefined
        ? []
        : [
            {
              words: words.map(fold),
              label: MODEL_VARIETIES.indexOf(sample.variety),
              weight: sample.isProse ? 3 : 1,
            },
          ],
    ),
  )
  const variety = learnFrom(
    varieties,
    VARIETY_GRAMS,
    times(varietyPriors(folder, VARIETY_GRAMS), VARIETY_PRIOR),
    { classes: MODEL_VARIETIES.length, epochs: 4, rate: 0.05 },
  )
  write(out, [
    {
      name: 'family',
      classes: FAMILIES,
      grams: FAMILY_GRAMS,
      most: FAMILY_MOST,
      weights: family.weights,
      biases: times(family.biases, FAMILY_BIAS),
    },
    { name: 'variety', classes: MODEL_VARIETIES, grams: VARIETY_GRAMS, most: VARIETY_MOST, ...variety },
  ])
}

// ---------------------------------------------------------------- pieces

/** Groups of frequent words, as many of each language, in no order. */
function wordSamples(random: () => number): Sample[] {
  return FREQUENT_WORDS.flatMap(([family, list]) => {
    const words = list.split(' ')
    return Array.from({ length: 1_000 }, (): Sample => {
      const text = Array.from({ length: 4 }, () => words[Math.floor(random() * words.length)]!).join(' ')
      return { text, family, isProse: false }
    })
  })
}

/** The text whole and in headlines. */
function piecesOf(sample: Sample, random: () => number): Piece[] {
  const words = wordsIn(sample.text)
  if (words.length < 2) return []
  const pieces: Piece[] = [{ words: words.slice(0, MAX_WORDS), sample }]
  for (let count = sample.isProse ? PROSE : 1; count > 0; count--) {
    const length = 2 + Math.floor(random() * 7)
    const from = Math.floor(random() * Math.max(1, words.length - length))
    pieces.push({ words: words.slice(from, from + length), sample })
  }
  return pieces
}

function wordsIn(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  )
}

// ---------------------------------------------------------------- learning

interface Labelled {
  readonly words: readonly string[]
  readonly label: number
  readonly weight?: number
}

function learnFrom(
  labelled: readonly Labelled[],
  grams: Grams,
  priors: Float32Array,
  options: Pick<Learning, 'classes' | 'epochs' | 'rate'>,
): Learned {
  const known = new Map<string, readonly number[]>()
  const bucketsFor = (word: string): readonly number[] => {
    const buckets = known.get(word) ?? bucketsOf(word, grams)
    known.set(word, buckets)
    return buckets
  }
  const examples = labelled.map(({ words, label, weight }): Example => ({
    buckets: Int32Array.from(words.flatMap(bucketsFor)),
    label,
    weight: weight ?? 1,
  }))
  return learn(examples, { ...options, priors, seed: SEED })
}

/** Each class as heavy as the others together are on average, however many texts there are of it. */
function balanced<T extends { readonly label: number; readonly weight: number }>(
  examples: readonly T[],
): T[] {
  const totals: number[] = []
  for (const { label, weight } of examples) totals[label] = (totals[label] ?? 0) + weight
  const mean = totals.reduce((sum, one) => sum + one, 0) / totals.length
  return examples.map(one => ({ ...one, weight: (one.weight * mean) / totals[one.label]! }))
}

function times(values: Float32Array, by: number): Float32Array {
  return values.map(value => value * by)
}

// ---------------------------------------------------------------- files

interface Layer {
  readonly name: string
  readonly classes: readonly string[]
  readonly grams: Grams
  /** A weight is kept as a whole number up to this. */
  readonly most: number
  readonly weights: Float32Array
  readonly biases: Float32Array
}

function write(out: string, layers: readonly Layer[]): void {
  const packed = layers.map(pack)
  const bytes = Buffer.concat(packed.map(({ bytes }) => bytes))
  const description = {
    sha256: sha256(bytes),
    seed: SEED,
    layers: layers.map(({ name, classes, grams, biases }, at) => ({
      name,
      classes,
      bits: grams.bits,
      scale: packed[at]!.scale,
      biases: [...biases].map(bias => Math.round((bias - biases.at(-1)!) * 1000) / 1000),
    })),
    trainedOn: SOURCES.map(({ name, licence }) => ({ name, licence })),
  }
  writeFileSync(join(out, 'weights.bin'), bytes)
  writeFileSync(join(out, 'model.json'), `${JSON.stringify(description, undefined, 2)}\n`)
}

/**
 * One byte a weight, the last class taken from the others. The few largest are cut, so that the many small ones keep
 * their differences.
 */
function pack({ weights: all, classes, most }: Layer): { bytes: Buffer; scale: number } {
  const width = classes.length
  const weights = all
    .map((weight, at) => weight - all[at - (at % width) + width - 1]!)
    .filter((_, at) => at % width < width - 1)
  const sizes = weights.map(Math.abs).sort()
  const scale = sizes[Math.floor(sizes.length * KEPT)]! / most
  const bytes = Int8Array.from(weights, weight => Math.max(-most, Math.min(most, Math.round(weight / scale))))
  return { bytes: Buffer.from(bytes.buffer), scale }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.argv[2]
  if (folder === undefined) {
    process.stderr.write('expected the folder with the texts: node classify/language-model/train.ts DIR\n')
    process.exit(2)
  }
  try {
    train(folder, import.meta.dirname)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}
