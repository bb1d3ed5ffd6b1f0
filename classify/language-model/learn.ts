/** Multinomial logistic regression by AdaGrad over hashed features; the same input gives the same weights. Used by train.ts alone. */

export interface Example {
  /** Buckets of all its words, repeated ones repeated. */
  readonly buckets: readonly number[]
  readonly label: number
  readonly weight: number
}

export interface Learning {
  readonly classes: number
  readonly buckets: number
  readonly epochs: number
  readonly rate: number
  readonly seed: number
}

/** Weights by bucket, then by class. */
export function learn(examples: readonly Example[], options: Learning): Float32Array {
  const { classes, buckets, epochs, seed } = options
  const weights = new Float32Array(buckets * classes)
  const squares = new Float32Array(buckets * classes).fill(1e-6)
  const random = randomFrom(seed)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = options.rate * (1 - epoch / epochs)
    for (const example of shuffled(examples, random)) step(example, weights, squares, classes, rate)
  }
  return weights
}

function step(
  { buckets, label, weight }: Example,
  weights: Float32Array,
  squares: Float32Array,
  classes: number,
  rate: number,
): void {
  if (buckets.length === 0) return
  const scale = 1 / Math.sqrt(buckets.length)
  const odds = softmax(scores(buckets, weights, classes, scale))
  odds[label]! -= 1
  for (const bucket of buckets) {
    const row = bucket * classes
    for (let at = 0; at < classes; at++) {
      const gradient = odds[at]! * scale * weight
      squares[row + at]! += gradient * gradient
      weights[row + at]! -= (rate * gradient) / Math.sqrt(squares[row + at]!)
    }
  }
}

function scores(buckets: readonly number[], weights: Float32Array, classes: number, scale: number): number[] {
  const sums = new Array<number>(classes).fill(0)
  for (const bucket of buckets) {
    const row = bucket * classes
    for (let at = 0; at < classes; at++) sums[at]! += weights[row + at]!
  }
  return sums.map(sum => sum * scale)
}

function softmax(values: readonly number[]): number[] {
  const most = Math.max(...values)
  const powers = values.map(value => Math.exp(value - most))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map(power => power / total)
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
