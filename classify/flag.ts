/** From a scored passage to a flag: its place, its sentence, and its reason in words. */
import { flagId } from '../core/finding.ts'
import type { Flag } from '../core/finding.ts'
import type { Thresholds } from '../core/reference.ts'
import type { Reading } from './reading.ts'
import { indicatorsOf, reasonOf } from './reasons.ts'
import type { Circumstances } from './reasons.ts'
import type { Scored } from './score.ts'
import { isEvasive } from './words.ts'

const MAX_SENTENCE = 1_000

export function flagOf(articleId: string, one: Scored, limits: Thresholds, seen: Map<string, number>): Flag {
  const { candidate } = one
  const { reading, category, subtype } = candidate
  const start = reading.words[one.start]!.start
  const end = reading.words[one.end - 1]!.end
  const quote = reading.text.slice(start, end)
  const first = flagId(articleId, category, quote, 0)
  const occurrence = seen.get(first) ?? 0
  seen.set(first, occurrence + 1)
  const event = candidate.event ?? one.event
  const evasive = reading.words.slice(one.start, one.end).some(word => isEvasive(reading.text, word))
  return {
    id: occurrence === 0 ? first : flagId(articleId, category, quote, occurrence),
    category,
    subtype,
    severity: one.severity,
    confidence: one.confidence,
    alert: one.confidence >= limits.alert,
    targets: [...one.targets],
    ...(event === undefined ? {} : { event }),
    voice: one.voice,
    stance: one.stance,
    ...(one.speaker === undefined ? {} : { speaker: one.speaker }),
    field: reading.field,
    start,
    end,
    quote,
    sentence: sentenceText(reading, one.start),
    rule: one.rule,
    ...(one.tier === undefined ? {} : { tier: one.tier }),
    ...(one.examples === undefined ? {} : { examples: [...one.examples] }),
    why: whyOf(one),
    ...(evasive ? { evasive } : {}),
    indicators: indicatorsOf(category, subtype, circumstancesOf(one)),
  }
}

function circumstancesOf({ candidate: { reading }, start, evidence, targets }: Scored): Circumstances {
  const view = reading.views[reading.sentences.of[start]!]!
  return {
    court: view.hints.some(hit => hit.hint === 'court'),
    removal: evidence.some(one => one.rule === 'relation-removal'),
    group: targets.length > 0,
  }
}

function sentenceText(reading: Reading, word: number): string {
  const [first, end] = reading.sentences.bounds[reading.sentences.of[word]!]!
  const from = reading.words[first]!.start
  const at = reading.words[word]!.start
  // A sentence without end is cut around the passage.
  const start = Math.max(from, Math.min(at, at - MAX_SENTENCE / 2))
  return reading.text.slice(start, Math.min(reading.words[end - 1]!.end, start + MAX_SENTENCE)).toWellFormed()
}

/** In words of ours alone: the reason is shown where the passage itself is covered. */
function whyOf(one: Scored): string {
  const { says, innocent } = reasonOf(one.candidate.subtype)
  const more = one.evidence.flatMap(evidence => (evidence.words === '' ? [] : [evidence.words]))
  const note = one.candidate.entry?.note
  const parts = [
    `The passage ${says}`,
    ...new Set(more),
    `${VOICE_WORDS[one.voice]}, the article ${one.stance} it`,
  ]
  return `${parts.join('; ')}. Innocent if: ${note ?? innocent}.`
}

const VOICE_WORDS = {
  outlet: 'the outlet itself says so',
  author: 'the author of the piece says so',
  quoted: 'somebody is quoted',
} as const
