/** Loads the language model: two tables of one-byte weights, by bucket and class. Made by train.ts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import type { Grams } from './features.ts'
import { bucketsOf } from './features.ts'

export interface Layer {
  readonly classes: readonly string[]
  readonly grams: Grams
  /** What one step of a weight is worth. */
  readonly scale: number
  readonly weights: Int8Array
}

export interface LanguageModel {
  /** Tells the languages apart; the four varieties are one class, `hbs`. */
  readonly family: Layer
  /** Tells Bosnian, Croatian and Serbian apart, in folded words. */
  readonly variety: Layer
}

const LAYER = z.object({
  name: z.string(),
  classes: z.array(z.string()).min(2),
  shortest: z.int().min(1),
  longest: z.int().max(8),
  buckets: z.int().min(1),
  scale: z.number().positive(),
})
const DESCRIPTION = z.object({ sha256: z.string(), layers: z.array(LAYER) })

/** @throws ConfigError when a file is absent, damaged, or does not belong to the other. */
export function loadLanguageModel(folder = import.meta.dirname): LanguageModel {
  const description = DESCRIPTION.safeParse(json(read(folder, 'model.json').toString('utf8')))
  if (!description.success) throw damaged(folder, 'model.json is not what train.ts writes')
  const bytes = read(folder, 'weights.bin')
  const { layers, sha256: expected } = description.data
  const came = sha256(bytes)
  if (came !== expected) throw damaged(folder, `weights.bin should have SHA-256 ${expected}, it has ${came}`)
  let at = 0
  const loaded = new Map(
    layers.map(({ name, classes, shortest, longest, buckets, scale }) => {
      const length = buckets * classes.length
      const weights = new Int8Array(bytes.buffer, bytes.byteOffset + at, length)
      at += length
      return [name, { classes, grams: { shortest, longest, buckets }, scale, weights }]
    }),
  )
  const family = loaded.get('family')
  const variety = loaded.get('variety')
  if (!family || !variety || at !== bytes.length) throw damaged(folder, 'model.json describes other weights')
  return { family, variety }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function read(folder: string, file: string): Buffer {
  try {
    return readFileSync(join(folder, file))
  } catch {
    throw damaged(folder, `${file} cannot be read`)
  }
}

function damaged(folder: string, what: string): ConfigError {
  return new ConfigError(
    `the language model in ${folder} is damaged: ${what}; restore both files from the release`,
  )
}

/** Adds what the weights say of a word to `sums`, from `at` on by class; returns how many groups of letters it had. */
export function addWord(layer: Layer, word: string, sums: Int16Array, at: number): number {
  const { weights, classes, grams } = layer
  const width = classes.length
  const buckets = bucketsOf(word, grams)
  for (const bucket of buckets) {
    const row = bucket * width
    for (let one = 0; one < width; one++) sums[at + one]! += weights[row + one]!
  }
  return buckets.length
}
