/**
 * Whether the corpus gives its labels away: classifiers that must fail. Logistic regression (AdaGrad) on hashed features,
 * cross-validated so that all of a pair stands on one side; what it reports is the area under the ROC curve.
 */
import { marked, isInstance, pairOf, type Passage } from './passage.ts'

const BUCKETS = 1 << 18
const FOLDS = 5
const EPOCHS = 6
const RATE = 0.3
const SHRINK = 1e-5

type Features = ReadonlyMap<number, number>

/** Sees how long a passage is and which signs stand in it, no word. */
export function surfaceAuc(passages: readonly Passage[]): number {
  return crossValidated(passages, surfaceOf)
}

/** Sees the words around the marked stretch, not the stretch. */
export function surroundingsAuc(passages: readonly Passage[]): number {
  return crossValidated(passages, passage => {
    const { text, start, end } = marked(passage.text)
    return ngramsOf(text.slice(0, start) + ' \u0001 ' + text.slice(end))
  })
}

/** Sees everything; says how hard the corpus is for n-grams, and that the method could find a leak. */
export function wholeAuc(passages: readonly Passage[]): number {
  return crossValidated(passages, passage => ngramsOf(marked(passage.text).text))
}

function crossValidated(passages: readonly Passage[], featuresOf: (passage: Passage) => Features): number {
  const rows = passages
    .filter(passage => passage.label !== 'borderline')
    .map(passage => ({
      features: featuresOf(passage),
      positive: isInstance(passage),
      fold: hash(pairOf(passage)) % FOLDS,
    }))
  const scored = Array.from({ length: FOLDS }, (_, fold) => {
    const model = train(rows.filter(row => row.fold !== fold))
    return rows.filter(row => row.fold === fold).map(row => ({ ...row, score: margin(model, row.features) }))
  })
  // Within folds, as the margins of two models are not on one scale.
  const areas = scored.filter(rows => rows.some(row => row.positive) && rows.some(row => !row.positive))
  return areas.reduce((sum, rows) => sum + areaUnderCurve(rows), 0) / areas.length
}

interface Row {
  readonly features: Features
  readonly positive: boolean
}

function train(rows: readonly Row[]): Float64Array {
  const weights = new Float64Array(BUCKETS + 1)
  const squares = new Float64Array(BUCKETS + 1).fill(1e-3)
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    for (const at of shuffled(rows.length, epoch)) {
      const { features, positive } = rows[at]!
      const error = (positive ? 1 : 0) - 1 / (1 + Math.exp(-margin(weights, features)))
      for (const [bucket, value] of features) {
        const step = error * value - SHRINK * weights[bucket]!
        squares[bucket] = squares[bucket]! + step * step
        weights[bucket] = weights[bucket]! + (RATE * step) / Math.sqrt(squares[bucket])
      }
    }
  }
  return weights
}

function margin(weights: Float64Array, features: Features): number {
  let sum = 0
  for (const [bucket, value] of features) sum += weights[bucket]! * value
  return sum
}

/** Probability that an instance stands above a harmless passage. */
function areaUnderCurve(rows: readonly { score: number; positive: boolean }[]): number {
  const sorted = rows.toSorted((a, b) => a.score - b.score)
  let rankSum = 0
  for (let at = 0; at < sorted.length;) {
    let end = at
    while (end < sorted.length && sorted[end]!.score === sorted[at]!.score) end += 1
    const rank = (at + 1 + end) / 2
    for (; at < end; at += 1) if (sorted[at]!.positive) rankSum += rank
  }
  const positives = rows.filter(row => row.positive).length
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (rows.length - positives))
}

const SIGNS = [
  /,/g,
  /[.…]/g,
  /\?/g,
  /!/g,
  /[„“”"«»'’‘]/g,
  /[-–—]/g,
  /[:;]/g,
  /\d/g,
  /[()]/g,
  /\p{Lu}/gu,
  /\s/g,
]

function surfaceOf(passage: Passage): Features {
  const { text } = marked(passage.text)
  const features = new Map([
    [0, 1],
    [1, Math.log(text.length) - 5],
    [2, text.length / 250 - 1],
  ])
  SIGNS.forEach((sign, at) => {
    const count = text.match(sign)?.length ?? 0
    features.set(3 + 2 * at, Math.min(count, 1))
    features.set(4 + 2 * at, (10 * count) / text.length)
  })
  return features
}

/** Words and character 3- to 5-grams, each once, of unit length. */
function ngramsOf(text: string): Features {
  const buckets = new Set<number>()
  const plain = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')
  for (const word of plain.match(/[\p{L}\p{N}\u0001]+/gu) ?? []) {
    buckets.add(1 + (hash(`w${word}`) % BUCKETS))
    const padded = `<${word}>`
    for (let size = 3; size <= 5; size += 1)
      for (let at = 0; at + size <= padded.length; at += 1)
        buckets.add(1 + (hash(padded.slice(at, at + size)) % BUCKETS))
  }
  const value = 1 / Math.sqrt(buckets.size + 1)
  return new Map([[0, value], ...[...buckets].map(bucket => [bucket, value] as const)])
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}

/** 0 to `length` - 1 in an order that depends on the seed alone. */
function shuffled(length: number, seed: number): number[] {
  return Array.from({ length }, (_, at) => at).sort((a, b) => hash(`${seed} ${a}`) - hash(`${seed} ${b}`))
}
