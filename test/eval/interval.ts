/** Rates and scores with intervals that hold 95 % of the time. */

/** `hits` of `of`. Rate and bounds are absent where there was nothing to count. */
export interface Rate {
  readonly hits: number
  readonly of: number
  readonly rate?: number
  readonly low?: number
  readonly high?: number
}

const Z = 1.959964

/** A share with its Wilson interval, which stays inside 0 and 1 and is honest at small counts. */
export function rateOf(hits: number, of: number): Rate {
  if (of === 0) return { hits, of }
  const share = hits / of
  const scale = 1 + Z ** 2 / of
  const centre = (share + Z ** 2 / (2 * of)) / scale
  const half = (Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))) / scale
  return { hits, of, rate: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** How one passage counts: found, missed or falsely flagged. A passage can be missed and falsely flagged at once. */
export interface Count {
  readonly found: number
  readonly missed: number
  readonly false: number
}

const ROUNDS = 1000

/** F1 of the sums, with the middle 95 % of resampled sets. The seed is fixed, so the same counts give the same figures. */
export function f1Of(counts: readonly Count[]): Estimate | undefined {
  const value = f1(counts)
  if (value === undefined) return undefined
  const random = randomFrom(20_260_701)
  const seen: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const sample = f1(counts, () => Math.floor(random() * counts.length))
    if (sample !== undefined) seen.push(sample)
  }
  seen.sort((one, other) => one - other)
  return { value, low: quantile(seen, 0.025), high: quantile(seen, 0.975) }
}

function f1(counts: readonly Count[], pick: (at: number) => number = at => at): number | undefined {
  let [found, wrong] = [0, 0]
  for (let at = 0; at < counts.length; at += 1) {
    const count = counts[pick(at)]!
    found += count.found
    wrong += count.missed + count.false
  }
  return found + wrong === 0 ? undefined : (2 * found) / (2 * found + wrong)
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0

/** Mulberry32: small, and good enough to draw samples. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
