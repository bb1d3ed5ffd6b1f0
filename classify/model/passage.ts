/** From the marked span of a window to a passage: its words, its labels, and what the article says of it. */
import { inContext } from '../context.ts'
import type { ArticleContext, Judged } from '../context.ts'
import type { Candidate } from '../candidate.ts'
import type { Reading, SentenceView } from '../reading.ts'
import type { WindowScore } from './encoder.ts'
import { SEVERITY } from './severity.ts'
import type { Window } from './window.ts'

/** The rule of a flag that the model made alone. */
export const MODEL_RULE = 'model'

export interface Words {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/** The whole words of a stretch of a field; undefined where it has none. */
export function wordsIn({ words }: Reading, start: number, end: number): Words | undefined {
  const first = words.findIndex(word => word.end > start)
  if (first === -1) return undefined
  let last = first
  while (last < words.length && words[last]!.start < end) last += 1
  return last > first ? { start: first, end: last } : undefined
}

/** The sentence that holds most of the words. */
export function sentenceOf({ sentences }: Reading, { start, end }: Words): number {
  return sentences.of[(start + end - 1) >> 1]!
}

/** Less of a passage in a window, and the window says nothing of it; as in training. */
const ENOUGH = 0.7

export function shows({ starts, ends }: Window, start: number, end: number): boolean {
  const covered = Math.min(end, ends.at(-2)!) - Math.max(start, starts[1]!)
  return covered >= (end - start) * ENOUGH
}

/** The passage as a candidate like those of the rules, with the likeliest labels. */
export function candidateOf(reading: Reading, { start, end }: Words, said: WindowScore): Candidate {
  const { category, subtype } = said
  return {
    ...{ reading, start, end, category, subtype, severity: SEVERITY[subtype], targets: [] },
    // No word of it is one of a pattern: all cues in it count.
    filled: [],
    evidence: [],
  }
}

/** Voice and stance by the model, where the rules do not know better: they see quotation marks, names and genres. */
export function judgedByModel(candidate: Candidate, said: WindowScore, article: ArticleContext): Judged {
  const placed = inContext(candidate, article)
  const voice = placed.voice === 'outlet' ? said.voice : placed.voice
  const stance = placed.stance === 'condemns' ? placed.stance : said.stance
  const targets = placed.targets.length > 0 ? placed.targets : targetsNearby(candidate)
  return { ...placed, voice, stance, targets, evidence: [] }
}

/** Groups named in the sentence before and behind, where the passage itself says "they". */
function targetsNearby({ reading, start, category }: Candidate): readonly string[] {
  if (category === 'denial') return []
  const sentence = reading.sentences.of[start]!
  const views = [sentence - 1, sentence + 1].flatMap(at => reading.views[at] ?? [])
  return [...new Set(views.flatMap(targetsIn))]
}

function targetsIn({ terms }: SentenceView): string[] {
  return terms.flatMap(({ source }) => (source.kind === 'target' ? [source.target] : []))
}
