/** Multinomial logistic regression by AdaGrad over hashed features; the same input gives the same weights. Used by train.ts alone. */

export interface Example {
  /** Buckets of all its words, repeated ones repeated. */
  readonly buckets: Int32Array
  readonly label: number
  readonly weight: number
}

export interface Learning {
  readonly classes: number
  /** Weights to begin with, by bucket, then by class; they stay below what is learned. */
  readonly priors: Float32Array
  readonly epochs: number
  readonly rate: number
  readonly seed: number
}

export interface Learned {
  /** By bucket, then by class. */
  readonly weights: Float32Array
  readonly biases: Float32Array
}

/** Before the first step, so that no step is divided by zero. */
const EPSILON = 1e-6
/** Steps smaller than this change nothing that is kept, and most are. */
const NEGLIGIBLE = 1e-3

export function learn(examples: readonly Example[], options: Learning): Learned {
  const { classes, priors, epochs, seed } = options
  const weights = Float32Array.from(priors)
  const squares = new Float32Array(weights.length).fill(EPSILON)
  const biases = new Float32Array(classes)
  const biasSquares = new Float32Array(classes).fill(EPSILON)
  const odds = new Float64Array(classes)
  const random = randomFrom(seed)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = options.rate * (1 - epoch / epochs)
    for (const { buckets, label, weight } of shuffled(examples, random)) {
      if (buckets.length === 0) continue
      const scale = 1 / Math.sqrt(buckets.length)
      odds.fill(0)
      for (const bucket of buckets) {
        for (let at = 0; at < classes; at++) odds[at]! += weights[bucket * classes + at]!
      }
      for (let at = 0; at < classes; at++) odds[at] = odds[at]! * scale + biases[at]!
      softmax(odds)
      odds[label]! -= 1
      for (let at = 0; at < classes; at++) {
        const gradient = odds[at]! * weight
        if (Math.abs(gradient) < NEGLIGIBLE) continue
        descend(biases, biasSquares, at, gradient, rate)
        for (const bucket of buckets) descend(weights, squares, bucket * classes + at, gradient * scale, rate)
      }
    }
  }
  return { weights, biases }
}

function descend(
  values: Float32Array,
  squares: Float32Array,
  at: number,
  gradient: number,
  rate: number,
): void {
  squares[at]! += gradient * gradient
  values[at]! -= (rate * gradient) / Math.sqrt(squares[at]!)
}

function softmax(values: Float64Array): void {
  let most = -Infinity
  for (const value of values) most = Math.max(most, value)
  let total = 0
  for (let at = 0; at < values.length; at++) total += values[at] = Math.exp(values[at]! - most)
  for (let at = 0; at < values.length; at++) values[at]! /= total
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items]
  for (let at = copy.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[copy[at], copy[other]] = [copy[other]!, copy[at]!]
  }
  return copy
}

/** Numbers from 0 to 1 (exclusive), the same for the same seed: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
