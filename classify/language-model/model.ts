/** Loads the language model: two tables of one-byte weights, by bucket and class. Made by train.ts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'

export interface Layer {
  readonly classes: readonly string[]
  /** The number of buckets is 2 to the power of this. */
  readonly bits: number
  /** What one step of a weight is worth. */
  readonly scale: number
  /** Log odds of each class whatever is read. */
  readonly biases: readonly number[]
  /** By bucket, then by class; how far it is above the last class, which has none itself. */
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
  bits: z.int().min(1).max(24),
  scale: z.number().positive(),
  biases: z.array(z.number()),
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
    layers.map(({ name, classes, bits, scale, biases }) => {
      const length = 2 ** bits * (classes.length - 1)
      const weights = new Int8Array(bytes.buffer, bytes.byteOffset + at, length)
      at += length
      return [name, { classes, bits, scale, biases, weights }]
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
