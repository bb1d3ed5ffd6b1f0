/** From the scores of windows to flags: rules and model together decide on each passage once. */
import type { Thresholds } from '../../core/reference.ts'
import type { Language } from '../../core/labels.ts'
import type { PartRead } from '../classifier.ts'
import type { Candidate } from '../candidate.ts'
import { affirmsGenocide, disputesWordAlone, hasSomethingDenied, isVetoed } from '../context.ts'
import type { ArticleContext } from '../context.ts'
import type { Hint } from '../engine.ts'
import type { Reading } from '../reading.ts'
import type { Scored } from '../score.ts'
import { confidenceOfLogOdds, featuresOf } from './combine.ts'
import type { Combiner } from './combine.ts'
import type { WindowScore } from './encoder.ts'
import type { Examples } from './examples.ts'
import { candidateOf, judgedByModel, MODEL_RULE, sentenceOf, shows, wordsIn } from './passage.ts'
import type { Words } from './passage.ts'
import type { Suspect } from './suspects.ts'

/** A window that the encoder has read. */
export interface Read extends Suspect {
  readonly said: WindowScore
}

export interface Judge {
  readonly combiner: Combiner
  readonly examples: Examples
  readonly language: Language
  /** From here on a passage is flagged. */
  readonly review: number
  /** Of the rules alone, for passages that no window was read of. */
  readonly rulesAlone: Thresholds
}

const EXAMPLES = 3

/** Passages that reach the threshold, in the order of the text. */
export function decide(part: PartRead, read: readonly Read[], judge: Judge): Scored[] {
  return part.readings.flatMap(reading => {
    const own = read.filter(one => one.reading === reading)
    const ofRules = part.scored.filter(one => one.candidate.reading === reading)
    if (own.length === 0) return ofRules.filter(one => one.confidence >= judge.rulesAlone.review)
    const both = ofRules.map(one => withModel(one, own, part.article(), judge))
    const flagged = both.filter(one => one.confidence >= one.review).map(one => one.scored)
    const more = foundByModel(part, reading, own, judge).filter(one => !both.some(of => isSame(of, one)))
    return [...flagged, ...more].sort((a, b) => a.start - b.start)
  })
}

// ---------------------------------------------------------------- what the rules found

interface Weighed {
  readonly scored: Scored
  readonly confidence: number
  readonly review: number
  /** The rules alone would flag it, so its labels are theirs. */
  readonly leads: boolean
}

function withModel(one: Scored, read: readonly Read[], article: ArticleContext, judge: Judge): Weighed {
  const { reading } = one.candidate
  const leads = one.confidence >= judge.rulesAlone.review
  const seen = showing(read, charactersOf(reading, one))
  const [best] = seen
  if (!best)
    return {
      scored: { ...one, tier: 'rules' },
      confidence: one.confidence,
      review: judge.rulesAlone.review,
      leads,
    }
  const scores = seen.map(({ said }) => said.instance)
  const confidence = confidenceIn(scores, one.confidence, { reading, word: one.start }, article, judge)
  const agrees = best.said.instance > 0
  const words = agrees ? 'the model finds it suspicious too' : 'the model finds little in it'
  const scored: Scored = {
    ...one,
    confidence,
    tier: agrees ? 'both' : 'rules',
    evidence: [...one.evidence, { tier: 'model', rule: MODEL_RULE, logOdds: best.said.instance, words }],
    examples: judge.examples.nearest(best.said.vector, EXAMPLES),
  }
  return { scored, confidence, review: judge.review, leads }
}

/** One passage, one flag: the same words, or the same thing said in the same sentence. */
function isSame({ scored, leads, confidence, review }: Weighed, of: Scored): boolean {
  if (!leads && confidence < review) return false
  const overlaps = scored.start < of.end && of.start < scored.end
  const sentences = of.candidate.reading.sentences.of
  return (
    overlaps ||
    (sentences[scored.start] === sentences[of.start] && scored.candidate.category === of.candidate.category)
  )
}

// ---------------------------------------------------------------- what the model found

function foundByModel(part: PartRead, reading: Reading, read: readonly Read[], judge: Judge): Scored[] {
  const vetoed = part.dropped.filter(one => one.reading === reading && isVetoed(one, part.article()))
  const found: Scored[] = []
  for (const one of [...read].sort((a, b) => b.said.instance - a.said.instance)) {
    const words = wordsIn(reading, one.said.span.start, one.said.span.end)
    if (!words || found.some(other => overlaps(other, words) || inOneSentence(reading, other, words)))
      continue
    const scored = scoredByModel(one, words, read, part, judge)
    if (scored && !isQuiet(scored, one.said.instance, vetoed, part.article())) found.push(scored)
  }
  return found
}

function scoredByModel(
  { reading, said }: Read,
  words: Words,
  read: readonly Read[],
  part: PartRead,
  judge: Judge,
): Scored | undefined {
  const article = part.article()
  // Another window that shows these words too may be suspicious for others that it shows.
  const rest = showing(read, charactersOf(reading, words))
    .filter(one => one.said !== said)
    .map(one => Math.min(one.said.instance, said.instance))
  const sentence = sentenceOf(reading, words)
  const word = reading.sentences.bounds[sentence]![0]
  const weak = part.scored.filter(one => one.candidate.reading === reading && overlaps(one, words))
  const rule = weak.length > 0 ? Math.max(...weak.map(one => one.confidence)) : undefined
  const confidence = confidenceIn([said.instance, ...rest], rule, { reading, word }, article, judge)
  if (confidence < judge.review) return undefined
  const judged = judgedByModel(candidateOf(reading, words, said), said, article)
  return {
    ...judged,
    ...{ start: words.start, end: words.end, severity: judged.candidate.severity, confidence },
    rule: MODEL_RULE,
    tier: weak.length > 0 ? 'both' : 'model',
    evidence: [
      { tier: 'model', rule: MODEL_RULE, logOdds: said.instance, words: 'the model reads it so' },
      ...cuesAround(reading, sentence, weak),
    ],
    examples: judge.examples.nearest(said.vector, EXAMPLES),
  }
}

/** Log-odds from which a passage stands though the rules know of nobody it could be about: not every name is listed. */
const CLEAR = 4

/** What the rules hold against it: a context that took the same back, or nothing that could be denied. */
function isQuiet(
  { candidate, targets }: Scored,
  score: number,
  vetoed: readonly Candidate[],
  article: ArticleContext,
): boolean {
  const { reading, category } = candidate
  const taken = vetoed.some(
    one => overlaps(one, candidate) || (one.category === category && inOneSentence(reading, one, candidate)),
  )
  if (taken) return true
  // Speech against a group, where no group is named: a storm, a recipe, a horoscope.
  if (category !== 'denial') return targets.length === 0 && score < CLEAR
  if (disputesWordAlone(candidate, article) || affirmsGenocide(candidate)) return true
  return candidate.subtype !== 'glorification' && score < CLEAR && !hasSomethingDenied(candidate, article)
}

const CUE_WORDS: Readonly<Partial<Record<Hint, string>>> = {
  court: 'a court is spoken of',
  condemnation: 'it is condemned nearby',
  'denial-report': 'denial is spoken of as such',
  negation: 'something is negated',
}

function cuesAround(reading: Reading, sentence: number, weak: readonly Scored[]): Scored['evidence'] {
  const { hints, terms } = reading.views[sentence]!
  const words = [
    weak.length > 0 ? 'a rule alone was not sure enough' : '',
    terms.some(term => term.source.kind === 'target' || term.source.kind === 'rule')
      ? 'a group is named'
      : '',
    terms.some(term => term.source.kind === 'event') ? 'an event is named' : '',
    terms.some(term => term.source.kind === 'person') ? 'a convicted or honoured person is named' : '',
    ...new Set(hints.map(({ hint }) => CUE_WORDS[hint] ?? '')),
  ]
  return words.flatMap(one => (one === '' ? [] : [{ tier: 'context', rule: 'cue', logOdds: 0, words: one }]))
}

// ---------------------------------------------------------------- both

function confidenceIn(
  scores: readonly number[],
  rule: number | undefined,
  place: { readonly reading: Reading; readonly word: number },
  article: ArticleContext,
  { combiner, language }: Judge,
): number {
  return confidenceOfLogOdds(combiner.logOdds(featuresOf(scores, rule, place, article), language))
}

/** Windows that show a passage, the most suspicious first. */
function showing(read: readonly Read[], [start, end]: readonly [number, number]): Read[] {
  return read.filter(one => shows(one.window, start, end)).sort((a, b) => b.said.instance - a.said.instance)
}

function charactersOf({ words }: Reading, { start, end }: Words): [number, number] {
  return [words[start]!.start, words[end - 1]!.end]
}

function overlaps(one: Words, other: Words): boolean {
  return one.start < other.end && other.start < one.end
}

function inOneSentence(reading: Reading, one: Words, other: Words): boolean {
  return sentenceOf(reading, one) === sentenceOf(reading, other)
}
