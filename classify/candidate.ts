/** Candidate: a passage that may become a flag, and what speaks for and against it. */
import type { Category, Subtype } from '../core/labels.ts'
import type { RuleEntry } from './entry.ts'
import type { Reading, Term } from './reading.ts'

/**
 * One reason to believe or doubt. Tiers are weighed alike, so that another one (a model) joins without a change of
 * shape: what counts is the log-odds they add.
 */
export interface Evidence {
  readonly tier: 'lexicon' | 'relation' | 'context' | 'model'
  /** Id of the entry or relation. */
  readonly rule: string
  /** Added to the log-odds; negative for doubts. */
  readonly logOdds: number
  /** For the person who decides; empty where it says nothing new. */
  readonly words: string
}

export interface Candidate {
  readonly reading: Reading
  /** Words, end exclusive; all in one sentence. */
  readonly start: number
  readonly end: number
  /** The words that fill the places of the entry's pattern; those between stand in its gaps. */
  readonly filled?: readonly number[]
  /** The group named before, of which a pronoun in the passage speaks. */
  readonly antecedent?: Term
  readonly category: Category
  readonly subtype: Subtype
  readonly severity: number
  readonly targets: readonly string[]
  readonly event?: string
  readonly entry?: RuleEntry
  readonly evidence: readonly Evidence[]
}

export function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability))
}

export function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}

/** Passages of one field are capped, and flags of one article: a page made to flood the queue shows in its first hundreds. */
export const MAX_CANDIDATES = 300
