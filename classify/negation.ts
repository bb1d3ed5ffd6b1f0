/** What is denied: a claim within "it is not true that", or with a negation in its own gaps. */
import type { Candidate } from './candidate.ts'
import type { Hint } from './engine.ts'
import type { HintHit, Reading, SentenceView } from './reading.ts'

/** A phrase that denies a claim reaches this many words. */
const REACH = 14

/** "It is not true that X", "nobody can say that X", "X, which is not true". */
export function isRefuted(candidate: Candidate, view: SentenceView): boolean {
  return view.hints.some(
    hit =>
      (hit.hint === 'refutation' && refutes(hit, candidate, view)) ||
      (hit.hint === 'refuted-after' && hit.start >= candidate.end && hit.start - candidate.end <= 4),
  )
}

function refutes(hit: HintHit, candidate: Candidate, view: SentenceView): boolean {
  if (hit.start > candidate.start) return false
  // "Whoever says that X lies."
  if (hit.start < candidate.start && hit.end > candidate.end) return true
  // "It is not true that there was genocide" is itself a denial; only a second negation takes it back.
  if (isFilled(candidate, hit)) return hasOwnNegation(candidate, view)
  return hit.end > candidate.start || reaches(hit, candidate, view)
}

/** A negation in a gap of the passage. */
function hasOwnNegation(candidate: Candidate, view: SentenceView): boolean {
  return view.hints.some(
    hit =>
      hit.hint === 'negation' &&
      hit.start > candidate.start &&
      hit.end < candidate.end &&
      !isFilled(candidate, hit),
  )
}

/** Whether a phrase before the passage still holds where it begins: no "but", colon or semicolon between. */
export function reaches(hit: HintHit, { reading, start }: Candidate, view: SentenceView): boolean {
  if (hit.end > start) return true
  return (
    start - hit.end <= REACH &&
    !has(view, 'contrast', hit.end, start) &&
    !/[:;]/.test(textBetween(reading, hit.end - 1, start))
  )
}

/** A negation right before the passage, or in a gap of it: "do not expel Xs", "Xs are not rats". Those of the pattern itself are the claim. */
export function isNegated(candidate: Candidate, view: SentenceView): boolean {
  const { reading, start, end, filled = [start] } = candidate
  return view.hints.some(hit => {
    if (hit.hint !== 'negation' || hit.end > end || isFilled(candidate, hit) || isNotOnly(hit, view))
      return false
    const next = filled.find(word => word >= hit.end)
    return (
      next !== undefined &&
      next - hit.end <= (next === start ? 1 : 2) &&
      !/[,;:]/.test(textBetween(reading, hit.end - 1, next))
    )
  })
}

/** "Not only" denies nothing. */
export function isNotOnly(negation: HintHit, view: SentenceView): boolean {
  return view.hints.some(
    hit => hit.hint === 'not-only' && hit.start <= negation.start && negation.end <= hit.end,
  )
}

/** Whether words of a phrase are words of the entry's own pattern. */
export function isFilled({ filled }: Candidate, { start, end }: { start: number; end: number }): boolean {
  return filled?.some(word => word >= start && word < end) ?? false
}

function has(view: SentenceView, hint: Hint, from: number, to: number): boolean {
  return view.hints.some(hit => hit.hint === hint && hit.start >= from && hit.end <= to)
}

function textBetween(reading: Reading, from: number, to: number): string {
  return reading.text.slice(reading.words[from]!.end, reading.words[to]!.start)
}
