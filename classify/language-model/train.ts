/**
 * Trains the language model and writes weights.bin and model.json beside this file:
 * `node classify/language-model/train.ts DIR`. What DIR must hold stands in sources.ts; the texts stay outside the
 * repository. The same texts give the same weights.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { fold, latinize } from '../../core/text.ts'
import { bucketsOf } from './features.ts'
import type { Grams } from './features.ts'
import { FREQUENT_WORDS } from './frequent-words.ts'
import { learn, randomFrom } from './learn.ts'
import type { Example, Learning } from './learn.ts'
import { readExamples, readSamples } from './read-data.ts'
import type { Sample } from './read-data.ts'
import { FAMILIES, MODEL_VARIETIES, SOURCES } from './sources.ts'

const SEED = 20_240_711
const FAMILY_GRAMS: Grams = { shortest: 1, longest: 4, buckets: 2 ** 15 }
const VARIETY_GRAMS: Grams = { shortest: 3, longest: 6, buckets: 2 ** 16 }
/** Longest piece of a text that is learned from: a long one would teach its subject. */
const MAX_WORDS = 40
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
    pieces.map(({ words, sample }) => ({
      words,
      label: FAMILIES.indexOf(sample.family),
      // Three varieties come together in one class; it must not weigh three times.
      weight: (sample.isProse ? 2 : 1) * (sample.family === 'hbs' ? 0.5 : 1),
    })),
    FAMILY_GRAMS,
    { classes: FAMILIES.length, epochs: 5, rate: 0.3 },
  )
  const varieties = pieces.flatMap(({ words, sample }) =>
    sample.variety === undefined
      ? []
      : [
          {
            words: words.map(fold),
            label: MODEL_VARIETIES.indexOf(sample.variety),
            weight: sample.isProse ? 3 : 1,
          },
        ],
  )
  const variety = learnFrom(varieties, VARIETY_GRAMS, {
    classes: MODEL_VARIETIES.length,
    epochs: 4,
    rate: 0.2,
  })
  write(out, [
    { name: 'family', classes: FAMILIES, grams: FAMILY_GRAMS, weights: family },
    { name: 'variety', classes: MODEL_VARIETIES, grams: VARIETY_GRAMS, weights: variety },
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

/** The text whole and in headlines, as it is and as people also write it: in the other script, without diacritics. */
function piecesOf(sample: Sample, random: () => number): Piece[] {
  const words = wordsIn(sample.text)
  if (words.length < 2) return []
  const pieces: Piece[] = [{ words: words.slice(0, MAX_WORDS), sample }]
  for (let count = sample.isProse ? PROSE : 1; count > 0; count--) {
    const length = 2 + Math.floor(random() * 9)
    const from = Math.floor(random() * Math.max(1, words.length - length))
    pieces.push({ words: words.slice(from, from + length), sample })
  }
  return pieces.map(piece => ({ ...piece, words: rewritten(piece, random) }))
}

function rewritten({ words, sample }: Piece, random: () => number): readonly string[] {
  let now = words
  const ours = sample.family === 'hbs' || sample.family === 'mk'
  const toLatin = random() < (sample.family === 'mk' ? 0.12 : 0.3)
  const toPlain = random() < 0.2
  if (ours && toLatin) now = now.map(latinize)
  if (toPlain) now = now.map(word => word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'dj'))
  // Letters of Cyrillic are not made plain: й would become и.
  return /\p{Script=Cyrillic}/u.test(now[0] ?? '') ? words : now
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
  options: Pick<Learning, 'classes' | 'epochs' | 'rate'>,
): Float32Array {
  const known = new Map<string, readonly number[]>()
  const bucketsFor = (word: string): readonly number[] => {
    const buckets = known.get(word) ?? bucketsOf(word, grams)
    known.set(word, buckets)
    return buckets
  }
  const examples = labelled.map(({ words, label, weight }): Example => ({
    buckets: words.flatMap(bucketsFor),
    label,
    weight: weight ?? 1,
  }))
  return learn(examples, { ...options, buckets: grams.buckets, seed: SEED })
}

// ---------------------------------------------------------------- files

interface Layer {
  readonly name: string
  readonly classes: readonly string[]
  readonly grams: Grams
  readonly weights: Float32Array
}

function write(out: string, layers: readonly Layer[]): void {
  const packed = layers.map(({ weights }) => pack(weights))
  const bytes = Buffer.concat(packed.map(({ bytes }) => bytes))
  const description = {
    sha256: sha256(bytes),
    seed: SEED,
    layers: layers.map(({ name, classes, grams }, at) => ({
      name,
      classes,
      ...grams,
      scale: packed[at]!.scale,
    })),
    trainedOn: SOURCES.map(({ name, licence }) => ({ name, licence })),
  }
  writeFileSync(join(out, 'weights.bin'), bytes)
  writeFileSync(join(out, 'model.json'), `${JSON.stringify(description, undefined, 2)}\n`)
}

/** One byte a weight. The few largest are cut, so that the many small ones keep their differences. */
function pack(weights: Float32Array): { bytes: Buffer; scale: number } {
  const sizes = weights.map(Math.abs).sort()
  const most = sizes[Math.floor(sizes.length * 0.9995)]!
  const scale = most / 127
  const bytes = Int8Array.from(weights, weight => Math.max(-127, Math.min(127, Math.round(weight / scale))))
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
