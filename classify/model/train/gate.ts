/** Learns the gate from labelled instances and ordinary news: with the features of the product, by stochastic descent. */
import { sha256 } from '../../../core/hash.ts'
import { Features, normOf, parseGate, writeGate } from '../gate.ts'

export interface GateRow {
  readonly id: string
  /** Model text of a sentence that holds an instance. */
  readonly text: string
  /** How much it counts. */
  readonly weight: number
}

/** A sentence of news. */
export interface NewsSentence {
  readonly id: string
  readonly text: string
  /** The rules have something to say of it: it is read whatever the gate says. */
  readonly ofRules: boolean
  /** Somebody found an instance or a borderline case in it. */
  readonly marked: boolean
  /** Log-odds by the encoder, to report on; NaN where it was not asked. */
  readonly score: number
}

export interface GateOptions {
  readonly bits: number
  readonly epochs: number
  /** Share of the sentences of news that may be read, those of the rules among them. */
  readonly pass: number
}

export interface TrainedGate {
  readonly bytes: Uint8Array
  readonly report: GateReport
}

/** All on articles that the gate has not learnt from. */
export interface GateReport {
  readonly sentences: number
  /** Share that is read, and the share read for the rules alone. */
  readonly passed: number
  readonly passedForRules: number
  /** Of sentences that the encoder scores above some log-odds, the share that is read. */
  readonly kept: readonly { readonly above: number; readonly sentences: number; readonly share: number }[]
  /** Of sentences with a labelled instance: of passages, and of real news. */
  readonly instances: readonly { readonly of: string; readonly sentences: number; readonly share: number }[]
}

/** Log-odds that an instance counts as, and a sentence of news: nearly none of those is one, and nobody has read them all. */
const INSTANCE = 3
const NEWS = -6
const RATE = 0.5
const DECAY = 1e-7
/** One of so many articles and pairs is kept to measure on. */
const HELD_OUT = 5
/** The largest step of a weight is this quantile of them. */
const LARGEST = 0.9995
const LEVELS = [-2, -1, 0, 1, 2, 3, 4]

export function trainGate(
  news: readonly NewsSentence[],
  instances: Readonly<Record<string, readonly GateRow[]>>,
  { bits, epochs, pass }: GateOptions,
): TrainedGate {
  const harmless = news.filter(({ marked }) => !marked).map(row => ({ ...row, weight: 1, score: NEWS }))
  const found = Object.values(instances).flatMap(rows => rows.map(row => ({ ...row, score: INSTANCE })))
  const learnt = [...harmless, ...found].filter(({ id }) => !isHeld(id))
  const { weights, bias } = learn(learnt, bits, epochs)
  const { steps, scale } = quantised(weights)
  const facts = { bits, bias, scale, threshold: 0 }
  const gate = parseGate(writeGate(facts, steps))
  const held = news.filter(({ id }) => isHeld(id))
  const scores = held.map(({ text }) => gate.score(text))
  const threshold = thresholdOf(held, scores, pass)
  const reads = held.map(({ ofRules }, at) => ofRules || scores[at]! >= threshold)
  return {
    bytes: writeGate({ ...facts, threshold }, steps),
    report: {
      sentences: held.length,
      passed: shareOf(reads),
      passedForRules: shareOf(held.map(({ ofRules }, at) => ofRules && scores[at]! < threshold)),
      kept: LEVELS.map(above => {
        const high = reads.filter((_, at) => held[at]!.score > above)
        return { above, sentences: high.length, share: shareOf(high) }
      }),
      instances: Object.entries(instances).map(([of, rows]) => {
        const own = rows.filter(({ id }) => isHeld(id))
        const share = shareOf(own.map(({ text }) => gate.score(text) >= threshold))
        return { of, sentences: own.length, share }
      }),
    },
  }
}

/** What the rules ask for is read in any case; the rest may be filled with what the gate finds most suspicious. */
function thresholdOf(held: readonly NewsSentence[], scores: readonly number[], pass: number): number {
  const rest = scores.filter((_, at) => !held[at]!.ofRules).sort((a, b) => b - a)
  const room = Math.floor(held.length * pass) - (held.length - rest.length)
  const first = rest[Math.max(0, Math.min(room, rest.length - 1))] ?? 0
  // Lines that every page of an outlet repeats are many equal ones: all pass or none.
  return rest.findLast(score => score > first) ?? first + 1
}

function shareOf(all: readonly boolean[]): number {
  return all.filter(Boolean).length / Math.max(1, all.length)
}

function isHeld(id: string): boolean {
  return parseInt(sha256(groupOf(id)).slice(0, 8), 16) % HELD_OUT === 0
}

/** Sentences of one article, and passages of one pair, share words: `archive:row:field:at`, `wa-0001b`. */
function groupOf(id: string): string {
  return id.includes(':') ? id.split(':').slice(0, 2).join(':') : id.slice(0, -1)
}

function learn(
  rows: readonly (GateRow & { readonly score: number })[],
  bits: number,
  epochs: number,
): { weights: Float64Array; bias: number } {
  const features = new Features(bits)
  const weights = new Float64Array(2 ** bits)
  const squares = new Float64Array(2 ** bits).fill(1e-6)
  let [bias, biasSquares] = [0, 1e-6]
  // Drawn by a hash: the same in every run.
  const order = rows.map(({ id, text }, at) => ({ at, key: sha256(`${id} ${text.length}`) }))
  order.sort((a, b) => (a.key < b.key ? -1 : 1))
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (const { at } of order) {
      const { text, score, weight } = rows[at]!
      const count = features.read(text)
      const norm = normOf(count)
      let sum = 0
      for (let slot = 0; slot < count; slot += 1) sum += weights[features.slots[slot]!]!
      const wrong = (probability(bias + sum / norm) - probability(score)) * weight
      biasSquares += wrong * wrong
      bias -= (RATE * wrong) / Math.sqrt(biasSquares)
      const step = wrong / norm
      for (let place = 0; place < count; place += 1) {
        const slot = features.slots[place]!
        const gradient = step + DECAY * weights[slot]!
        squares[slot]! += gradient * gradient
        weights[slot]! -= (RATE * gradient) / Math.sqrt(squares[slot]!)
      }
    }
  }
  return { weights, bias }
}

function quantised(weights: Float64Array): { steps: Int8Array; scale: number } {
  const sizes = weights.map(Math.abs).sort()
  const scale = Math.max(1e-9, sizes[Math.floor(sizes.length * LARGEST)]! / 127)
  const steps = Int8Array.from(weights, weight => Math.max(-127, Math.min(127, Math.round(weight / scale))))
  return { steps, scale }
}

function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}
