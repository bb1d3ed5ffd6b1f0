/** Encoder: the port of the model, and what its numbers mean. */
import { CATEGORIES, STANCES, SUBTYPES, VOICES } from '../../core/labels.ts'
import type { Category, Stance, Subtype, Voice } from '../../core/labels.ts'
import type { Tokenizer } from './tokenizer.ts'
import type { Window } from './window.ts'

export interface WindowScore {
  /** Log-odds that the window holds an instance, at the rate of the training data; not calibrated. */
  readonly instance: number
  /** Where, if it does: UTF-16 offsets in the field, end exclusive. */
  readonly span: { readonly start: number; readonly end: number }
  /** The labels below are of the instance, if there is one; probabilities from 0 to 1. */
  readonly category: Category
  readonly categoryProbability: number
  readonly subtype: Subtype
  readonly voice: Voice
  readonly voiceProbability: number
  readonly stance: Stance
  readonly stanceProbability: number
  /** Of unit length: the closer two windows, the more alike to the model. */
  readonly vector: Float32Array
}

export interface Encoder {
  /** Name and beginning of the hash of its weights. */
  readonly id: string
  readonly tokenizer: Tokenizer
  /** In order; each window is scored alone, whatever is asked beside it. Rejects when the encoder was closed. */
  score(windows: readonly Window[]): Promise<readonly WindowScore[]>
  close(): Promise<void>
}

/** The order of the numbers of the model; its manifest must say the same. */
export const LABELS = {
  category: CATEGORIES,
  subtype: CATEGORIES.flatMap(category => SUBTYPES[category].map(subtype => `${category}/${subtype}`)),
  voice: VOICES,
  stance: STANCES,
} as const

/** What the network says of one window: logits, one of `inside` for each token. */
export interface Logits {
  readonly instance: number
  readonly inside: Float32Array
  readonly category: Float32Array
  readonly subtype: Float32Array
  readonly voice: Float32Array
  readonly stance: Float32Array
  readonly vector: Float32Array
}

export function scoreOf(window: Window, logits: Logits): WindowScore {
  const [category, categoryProbability] = likeliest(CATEGORIES, logits.category)
  const [voice, voiceProbability] = likeliest(VOICES, logits.voice)
  const [stance, stanceProbability] = likeliest(STANCES, logits.stance)
  return {
    instance: logits.instance,
    span: spanOf(window, logits.inside),
    ...{ category, categoryProbability, subtype: subtypeOf(category, logits.subtype) },
    ...{ voice, voiceProbability, stance, stanceProbability },
    vector: logits.vector,
  }
}

function likeliest<T>(labels: readonly T[], logits: Float32Array): [T, number] {
  const best = logits.indexOf(Math.max(...logits))
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - logits[best]!), 0)
  return [labels[best]!, 1 / sum]
}

function subtypeOf(category: Category, logits: Float32Array): Subtype {
  const first = LABELS.subtype.indexOf(`${category}/${SUBTYPES[category][0]}`)
  const of: readonly Subtype[] = SUBTYPES[category]
  return likeliest(of, logits.subarray(first, first + of.length))[0]
}

/** The stretch of tokens with the highest sum; the best token where all are below zero. */
function spanOf({ ids, starts, ends }: Window, inside: Float32Array): { start: number; end: number } {
  let best = { sum: -Infinity, from: 1, to: 1 }
  let from = 1
  let sum = 0
  // The first and the last token stand for no text.
  for (let at = 1; at < ids.length - 1; at += 1) {
    if (sum <= 0) [sum, from] = [0, at]
    sum += inside[at]!
    if (sum > best.sum) best = { sum, from, to: at }
  }
  return { start: starts[best.from]!, end: ends[best.to]! }
}
