/** From evidence to two numbers, how bad and how likely; and from overlapping passages to one flag. */
import type { Flag } from '../core/finding.ts'
import { probability } from './candidate.ts'
import type { Evidence } from './candidate.ts'
import type { Judged } from './context.ts'

/** A second, different reason adds this much; more reasons of one kind add nothing. */
const SECOND_REASON = 0.4
const MAX_EXTRA = 1.2
/** Passages of one category this many words apart in one sentence are one statement. */
const SAME_STATEMENT = 6

export interface Scored extends Judged {
  readonly start: number
  readonly end: number
  readonly severity: number
  readonly confidence: number
  readonly rule: string
  readonly tier?: Flag['tier']
  /** Labelled passages that are most alike. */
  readonly examples?: Flag['examples']
}

/** Probability of summed log-odds, never quite certain. */
export function confidenceOf(evidence: readonly Evidence[]): number {
  const sum = evidence.reduce((total, one) => total + one.logOdds, 0)
  return Math.round(Math.min(0.99, probability(sum)) * 1000) / 1000
}

/** The flags of one field: passages that overlap or belong together are merged, slurs inside a graver passage absorbed. */
export function scoreField(judged: readonly Judged[]): Scored[] {
  const sorted = judged.map(scored).sort((a, b) => a.start - b.start || b.end - a.end)
  const merged: Scored[] = []
  for (const one of sorted) {
    const at = merged.findLastIndex(other => belongTogether(other, one))
    if (at === -1) merged.push(one)
    else merged[at] = together(merged[at]!, one)
  }
  return merged.filter(one => one.candidate.category !== 'slur' || !merged.some(other => absorbs(other, one)))
}

function scored(judged: Judged): Scored {
  const { start, end, severity } = judged.candidate
  return {
    ...judged,
    start,
    end,
    severity,
    confidence: confidenceOf(judged.evidence),
    rule: judged.evidence[0]!.rule,
  }
}

function belongTogether(a: Scored, b: Scored): boolean {
  if (a.candidate.category !== b.candidate.category) return false
  if (b.start < a.end && a.start < b.end) return true
  const { of } = a.candidate.reading.sentences
  return a.candidate.category === 'denial' && of[a.start] === of[b.start] && b.start - a.end <= SAME_STATEMENT
}

/** The likelier of the two leads; the other's reasons strengthen it. */
function together(a: Scored, b: Scored): Scored {
  const [first, second] = b.confidence > a.confidence ? [b, a] : [a, b]
  const rules = new Set(first.evidence.map(one => one.rule))
  const extra = second.evidence
    .filter(one => one.logOdds > 0 && !rules.has(one.rule))
    .map(one => ({ ...one, logOdds: SECOND_REASON }))
  const added = first.evidence.filter(
    one => one !== first.evidence[0] && one.logOdds === SECOND_REASON,
  ).length
  const room = Math.max(0, Math.floor(MAX_EXTRA / SECOND_REASON) - added)
  const evidence = [...first.evidence, ...extra.slice(0, room)]
  return {
    ...first,
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    severity: Math.max(a.severity, b.severity),
    targets: [...new Set([...first.targets, ...second.targets])],
    evidence,
    confidence: confidenceOf(evidence),
  }
}

function absorbs(other: Scored, slur: Scored): boolean {
  return other.candidate.category !== 'slur' && other.start <= slur.start && slur.end <= other.end
}
