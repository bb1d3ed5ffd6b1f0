/**
 * Gate: which windows are worth the encoder's time. A linear model over hashed words, pairs of words and beginnings of
 * words, markers among them; it takes microseconds where the encoder takes milliseconds.
 */
import { z } from 'zod'
import { readHeaded, writeHeaded } from './headed-bytes.ts'

export interface Gate {
  /** Log-odds, roughly, that the encoder would find a window suspicious. */
  score(text: string): number
  /** Windows from here on are read. */
  readonly threshold: number
}

const KIND = 'opomena gate 1'

const factsSchema = z.strictObject({
  /** The table has two to this power weights. */
  bits: z.int().min(8).max(20),
  bias: z.number(),
  /** Of one step of a weight. */
  scale: z.number().positive(),
  threshold: z.number(),
})
type GateFacts = z.infer<typeof factsSchema>

/** @throws ConfigError when the bytes are no gate. */
export function parseGate(file: Uint8Array, name = 'gate'): Gate {
  const wanted = ({ bits }: GateFacts): number => 2 ** bits
  const { facts, bytes: weights } = readHeaded(file, { kind: KIND, schema: factsSchema, wanted, name })
  const { bits, bias, scale, threshold } = facts
  const features = new Features(bits)
  return {
    threshold,
    score(text) {
      const count = features.read(text)
      let sum = 0
      for (let at = 0; at < count; at += 1) sum += weights[features.slots[at]!]!
      return bias + (sum * scale) / normOf(count)
    },
  }
}

export function writeGate(facts: GateFacts, weights: Int8Array): Uint8Array {
  return writeHeaded(KIND, facts, weights)
}

/** A long window is not more suspicious for its length. */
export function normOf(count: number): number {
  return Math.sqrt(Math.max(1, count))
}

const SPACE = 32
const FNV = 0x01000193
const OFFSET = 0x811c9dc5
/** Letters of the beginning that stands for a word and its forms. */
const STEM = 5
/** A window has far fewer. */
const MAX_FEATURES = 2_048

/** The features of a text, as places in the table of weights. Training reads with the same. */
export class Features {
  /** Filled anew by each text. */
  readonly slots = new Int32Array(MAX_FEATURES)
  readonly #mask: number
  #count = 0

  constructor(bits: number) {
    this.#mask = 2 ** bits - 1
  }

  /** @returns how many `slots` are of this text. */
  read(text: string): number {
    this.#count = 0
    let before = OFFSET
    for (let at = 0; at < text.length; at += 1) {
      if (text.charCodeAt(at) === SPACE) continue
      let word = OFFSET
      const from = at
      for (; at < text.length; at += 1) {
        const code = text.charCodeAt(at)
        if (code === SPACE || (isSign(code) && at > from)) break
        word = Math.imul(word ^ code, FNV)
        if (at - from === STEM - 1) this.#add(word, STEM_SALT)
        if (isSign(code)) {
          at += 1
          break
        }
      }
      at -= 1
      this.#add(word, 0)
      this.#add(Math.imul(before, PAIR) ^ word, PAIR_SALT)
      before = word
    }
    return this.#count
  }

  #add(hash: number, salt: number): void {
    if (this.#count >= MAX_FEATURES) return
    let mixed = hash ^ salt
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    this.slots[this.#count] = (mixed ^ (mixed >>> 16)) & this.#mask
    this.#count += 1
  }
}

const PAIR = 0x9e3779b1 | 0
const STEM_SALT = 0x5bd1e995
const PAIR_SALT = 0x27d4eb2f

/** Model text has letters, digits, markers and these: each is a word of its own. */
function isSign(code: number): boolean {
  return code < 0x30 || (code > 0x39 && code < 0x41)
}
