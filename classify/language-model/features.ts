/**
 * What the language model sees of one word: its letter groups and the word itself, hashed into buckets. Nothing looks
 * beyond the word, so that a word counts the same wherever it stands and its counts can be remembered.
 */

/** Longer words are cut: they are addresses and hostile input, not language. */
export const MAX_WORD = 32

/** Stands before and after a word, so that beginnings and endings are groups of their own. */
const EDGE = 0x20

export interface Grams {
  /** Shortest and longest group of letters, edges included. */
  readonly shortest: number
  readonly longest: number
  /** A power of two. */
  readonly buckets: number
}

/** The buckets of a word's letter groups and of the word itself, which stands last; in the order of the letters. */
export function bucketsOf(word: string, { shortest, longest, buckets }: Grams): number[] {
  const length = Math.min(word.length, MAX_WORD)
  const found: number[] = []
  const codeAt = (at: number): number => (at < 0 || at >= length ? EDGE : word.charCodeAt(at))
  for (let start = -1; start <= length; start++) {
    let hash = SEED
    for (let size = 1; size <= longest && start + size <= length + 1; size++) {
      hash = step(hash, codeAt(start + size - 1))
      if (size >= shortest && !(size === 1 && codeAt(start) === EDGE)) found.push(bucket(hash, size, buckets))
    }
  }
  let whole = SEED
  for (let at = 0; at < length; at++) whole = step(whole, codeAt(at))
  found.push(bucket(whole, WHOLE, buckets))
  return found
}

// FNV-1a, with the avalanche of MurmurHash3 because the low bits of FNV alone are poor.
const SEED = 0x811c9dc5
const WHOLE = 99

function step(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193)
}

function bucket(hash: number, size: number, buckets: number): number {
  let mixed = hash ^ Math.imul(size, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) & (buckets - 1)
}
