/** Fits the combiner on passages of real news, and says how far its figures can be believed. */
import { sha256 } from '../../../core/hash.ts'
import type { Language } from '../../../core/labels.ts'
import { FEATURES } from '../combine.ts'
import type { CombinerFacts, FeatureName, Features } from '../combine.ts'
import { dot, fitLogistic, sigmoid } from './logistic.ts'
import type { LogisticRow, Prior } from './logistic.ts'

export interface CalibrationRow {
  /** Article: its passages stay together. */
  readonly group: string
  readonly language: Language
  readonly features: Features
  readonly isInstance: boolean
  /** How many sentences of real news it stands for. */
  readonly weight: number
  /** Decided by a reviewer on a flag. */
  readonly isVerdict?: boolean
  /** Written for the corpus, not found in news: it shapes the fit and is left out of the report. */
  readonly isWritten?: boolean
}

export interface CalibrationReport {
  readonly passages: number
  readonly instances: number
  /** All on articles that the combiner was not fitted on. 1: as sure as it may be; less: too sure. */
  readonly slope: number
  /** Share of the uncertainty taken away, against always saying the base rate. */
  readonly skill: number
  readonly reliability: readonly Bin[]
  readonly thresholds: readonly AtThreshold[]
  readonly languages: Readonly<
    Record<string, { readonly passages: number; readonly instances: number; readonly offset: number }>
  >
}
interface Bin {
  readonly from: number
  readonly to: number
  readonly passages: number
  /** Mean of what was said, and share of instances: both by weight. */
  readonly said: number
  readonly found: number
}
interface AtThreshold {
  readonly threshold: number
  readonly recall: number
  readonly falsePerThousand: number
}

/** Where a weight begins: the model's word counts as it is, the rest must be shown by the data. */
const PRIORS: Readonly<Record<FeatureName, Prior>> = {
  window: { mean: 0.8, spread: 0.3 },
  second: { mean: 0.2, spread: 0.2 },
  rule: { mean: 0.5, spread: 0.3 },
  court: { mean: 0, spread: 0.2 },
  condemnation: { mean: 0, spread: 0.2 },
  headline: { mean: 0, spread: 0.2 },
  literal: { mean: 0, spread: 0.2 },
  opinion: { mean: 0, spread: 0.2 },
}
const BIAS: Prior = { mean: -4, spread: 10 }
/** A language stays where all are until reviewers have decided on so many of its flags. */
const FREED_AT = 50
const HELD_NEAR = 0.3
const FREED = 2
const FOLDS = 5
const BINS = [0, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1]
const THRESHOLDS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]

type Fitted = Pick<CombinerFacts, 'bias' | 'weights' | 'offsets'>

/** @param items articles that the weights of the rows add up to. */
export function calibrate(
  all: readonly CalibrationRow[],
  items: number,
): { readonly combiner: Fitted; readonly report: CalibrationReport } {
  const combiner = fit(all)
  const saidOfAll = heldOut(all)
  const rows = all.filter(row => !row.isWritten)
  const said = saidOfAll.filter((_, at) => !all[at]!.isWritten)
  const languages = Object.fromEntries(
    [...Map.groupBy(rows, row => row.language)].map(([language, own]) => [
      language,
      {
        passages: own.length,
        instances: own.filter(row => row.isInstance).length,
        offset: combiner.offsets[language] ?? 0,
      },
    ]),
  )
  return {
    combiner,
    report: {
      passages: rows.length,
      instances: rows.filter(row => row.isInstance).length,
      slope: slopeOf(rows, said),
      skill: skillOf(rows, said),
      reliability: reliabilityOf(rows, said),
      thresholds: THRESHOLDS.map(threshold => atThreshold(rows, said, threshold, items)),
      languages,
    },
  }
}

function fit(rows: readonly CalibrationRow[]): Fitted {
  const priors = [BIAS, ...FEATURES.map(name => PRIORS[name])]
  const [bias, ...weights] = fitLogistic(rows.map(rowOf), priors)
  const found = Object.fromEntries(FEATURES.map((name, at) => [name, weights[at]!])) as Record<
    FeatureName,
    number
  >
  return { bias: bias!, weights: found, offsets: offsetsOf(rows, [bias!, ...weights]) }
}

function rowOf({ features, isInstance, weight }: CalibrationRow): LogisticRow {
  return { x: [1, ...FEATURES.map(name => features[name])], y: Number(isInstance), weight }
}

/** What is left over in a language, held near zero. */
function offsetsOf(rows: readonly CalibrationRow[], coefficients: readonly number[]): Fitted['offsets'] {
  const offsets: Partial<Record<Language, number>> = {}
  const real = rows.filter(row => !row.isWritten)
  for (const [language, own] of Map.groupBy(real, row => row.language)) {
    const freed = own.filter(row => row.isVerdict).length >= FREED_AT
    const shifted = own.map(row => {
      const { x, y, weight } = rowOf(row)
      return { x: [1, dot(x, coefficients)], y, weight }
    })
    const [offset] = fitLogistic(shifted, [
      { mean: 0, spread: freed ? FREED : HELD_NEAR },
      { mean: 1, spread: 1e-6 },
    ])
    offsets[language] = Math.round(offset! * 1_000) / 1_000
  }
  return offsets
}

/** Of each row what a combiner says that was fitted without its article. */
function heldOut(rows: readonly CalibrationRow[]): number[] {
  const foldOf = ({ group }: CalibrationRow): number => parseInt(sha256(group).slice(0, 8), 16) % FOLDS
  const fitted = Array.from({ length: FOLDS }, (_, fold) => fit(rows.filter(row => foldOf(row) !== fold)))
  return rows.map(row => {
    const { bias, weights, offsets } = fitted[foldOf(row)]!
    return dot(rowOf(row).x, [bias, ...FEATURES.map(name => weights[name])]) + (offsets[row.language] ?? 0)
  })
}

function slopeOf(rows: readonly CalibrationRow[], said: readonly number[]): number {
  const x = rows.map((row, at): LogisticRow => ({
    x: [1, said[at]!],
    y: Number(row.isInstance),
    weight: row.weight,
  }))
  return fitLogistic(x, [
    { mean: 0, spread: 10 },
    { mean: 1, spread: 10 },
  ])[1]!
}

function skillOf(rows: readonly CalibrationRow[], said: readonly number[]): number {
  const all = sum(rows.map(row => row.weight))
  const base = sum(rows.map(row => (row.isInstance ? row.weight : 0))) / all
  const loss = (p: (at: number) => number): number =>
    sum(rows.map((row, at) => -row.weight * Math.log(Math.max(1e-9, row.isInstance ? p(at) : 1 - p(at)))))
  return 1 - loss(at => sigmoid(said[at]!)) / loss(() => base)
}

function reliabilityOf(rows: readonly CalibrationRow[], said: readonly number[]): Bin[] {
  return BINS.slice(0, -1).map((from, bin) => {
    const to = BINS[bin + 1]!
    const places = rows.flatMap((_, at) => {
      const p = sigmoid(said[at]!)
      return p >= from && (p < to || to === 1) ? [at] : []
    })
    const weight = sum(places.map(at => rows[at]!.weight))
    const mean = (of: (at: number) => number): number =>
      sum(places.map(at => rows[at]!.weight * of(at))) / Math.max(1e-9, weight)
    return {
      ...{ from, to, passages: places.length },
      said: mean(at => sigmoid(said[at]!)),
      found: mean(at => Number(rows[at]!.isInstance)),
    }
  })
}

function atThreshold(
  rows: readonly CalibrationRow[],
  said: readonly number[],
  threshold: number,
  items: number,
): AtThreshold {
  const flagged = rows.filter((_, at) => sigmoid(said[at]!) >= threshold)
  const weightOf = (of: readonly CalibrationRow[], isInstance: boolean): number =>
    sum(of.flatMap(row => (row.isInstance === isInstance ? [row.weight] : [])))
  return {
    threshold,
    recall: weightOf(flagged, true) / Math.max(1e-9, weightOf(rows, true)),
    falsePerThousand: (weightOf(flagged, false) / items) * 1_000,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
