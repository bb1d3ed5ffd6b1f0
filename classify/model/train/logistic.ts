/** Logistic regression of a few features by Newton's method, each coefficient held near a prior. */

export interface LogisticRow {
  readonly x: readonly number[]
  /** 1 of an instance, else 0. */
  readonly y: number
  readonly weight: number
}

export interface Prior {
  readonly mean: number
  /** Standard deviation: how far the data may take it away. */
  readonly spread: number
}

const MAX_STEPS = 50
const ENOUGH = 1e-8
/** Longest step: a first guess far off would overshoot. */
const MAX_MOVE = 4

/** @returns a coefficient for each feature; a constant is a feature that is always 1. */
export function fitLogistic(rows: readonly LogisticRow[], priors: readonly Prior[]): number[] {
  const size = priors.length
  let coefficients = priors.map(({ mean }) => mean)
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const gradient = priors.map(({ mean, spread }, at) => (coefficients[at]! - mean) / spread ** 2)
    const hessian = priors.map(({ spread }, at) =>
      Array.from({ length: size }, (_, other) => (other === at ? 1 / spread ** 2 : 0)),
    )
    for (const { x, y, weight } of rows) {
      const p = sigmoid(dot(x, coefficients))
      const slope = weight * Math.max(1e-9, p * (1 - p))
      for (let at = 0; at < size; at += 1) {
        gradient[at]! += weight * (p - y) * x[at]!
        for (let other = 0; other < size; other += 1) hessian[at]![other]! += slope * x[at]! * x[other]!
      }
    }
    const move = solve(hessian, gradient)
    const longest = Math.max(...move.map(Math.abs))
    const factor = Math.min(1, MAX_MOVE / Math.max(longest, 1e-12))
    coefficients = coefficients.map((value, at) => value - factor * move[at]!)
    if (longest < ENOUGH) break
  }
  return coefficients
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0)
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

/** Gauss with pivots: a handful of unknowns. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!])
  const size = rows.length
  for (let column = 0; column < size; column += 1) {
    let pivot = column
    for (let row = column; row < size; row += 1)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    for (let row = 0; row < size; row += 1) {
      if (row === column) continue
      const factor = rows[row]![column]! / rows[column]![column]!
      for (let at = column; at <= size; at += 1) rows[row]![at]! -= factor * rows[column]![at]!
    }
  }
  return rows.map((row, at) => row[size]! / row[at]!)
}
