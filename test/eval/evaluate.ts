/** Puts the passages of an exam to the classifier and counts what it found, missed and flagged for nothing. */
import type { ArticleClassifier } from '../../classify/classifier.ts'
import type { Flag } from '../../core/finding.ts'
import { CATEGORIES } from '../../core/labels.ts'
import type { Category } from '../../core/labels.ts'
import { f1Of, rateOf } from './interval.ts'
import type { Count, Estimate, Rate } from './interval.ts'
import { isPositive, labelOf } from './suite.ts'
import type { Behaviour, Exam, Passage } from './suite.ts'

/** What was answered about one passage. */
export interface Outcome {
  readonly passage: Passage
  readonly behaviour: Behaviour
  /** Flags at the `review` threshold. */
  readonly flags: readonly Flag[]
}

/** Flags at `review` of each passage, read as the text of an outlet that declares the language of the suite. */
export type Ask = (passages: readonly Passage[]) => Promise<readonly (readonly Flag[])[]>

interface Thresholds {
  readonly default: { readonly review: number }
  readonly [language: string]: { readonly review: number } | undefined
}

export function asker(classifier: ArticleClassifier, thresholds: Thresholds): Ask {
  return async passages => {
    const answers = await classifier.classifyAll(
      passages.map(({ id, title, text, section, language }) => ({
        id,
        text,
        declaredLanguage: language,
        ...(title !== undefined && { title }),
        ...(section !== undefined && { section }),
      })),
    )
    return answers.map(({ language, flags }) => {
      const { review } = thresholds[language] ?? thresholds.default
      return flags.filter(flag => flag.confidence >= review)
    })
  }
}

/** @param answers in the order of the passages. */
export function outcomesOf(exam: Exam, answers: readonly (readonly Flag[])[]): Outcome[] {
  return exam.passages.map((passage, at) => ({
    passage,
    behaviour: exam.behaviours.get(passage.behaviour)!,
    flags: answers[at]!,
  }))
}

/** A positive is found when a flag of its category is there; a negative is right when nothing is flagged. */
export function isRight({ passage, flags }: Outcome): boolean {
  if (!isPositive(passage)) return flags.length === 0
  const { category } = labelOf(passage)
  return flags.some(flag => flag.category === category)
}

// ---------------------------------------------------------------- figures

export interface Scores {
  readonly positives: number
  readonly negatives: number
  readonly precision: Rate
  readonly recall: Rate
  readonly f1?: Estimate | undefined
}

export interface BehaviourScore {
  readonly label: string
  readonly cue?: Behaviour['cue']
  readonly right: Rate
  readonly languages: Readonly<Record<string, string>>
}

export interface Attributes {
  /** Of the passages flagged at all. */
  readonly category: Rate
  readonly subtype: Rate
  readonly event: Rate
  readonly voice: Rate
  readonly stance: Rate
}

export interface Figures {
  readonly overall: Scores
  /** The same where any flag counts, whatever its category. */
  readonly flagged: Readonly<Record<string, Scores>>
  readonly languages: Readonly<Record<string, Scores>>
  readonly scripts: Readonly<Record<string, Scores>>
  readonly categories: Readonly<Record<string, Scores>>
  /** Share found of passages with and without a telling word. */
  readonly cues: Readonly<Record<'direct' | 'indirect', Rate>>
  readonly cuesByLanguage: Readonly<Record<string, Readonly<Record<'direct' | 'indirect', Rate>>>>
  readonly behaviours: Readonly<Record<string, BehaviourScore>>
  /** Of the passages found: the share whose flag says the right thing. */
  readonly attributes: Attributes
  readonly attributesByLanguage: Readonly<Record<string, Attributes>>
  /** Per group spoken of: the same standard for all. */
  readonly targets: Readonly<Record<string, { readonly found: Rate; readonly falseAlarms: Rate }>>
  readonly falseAlarms: readonly FalseAlarm[]
  readonly misses: readonly Miss[]
}

/** Ids and labels only: a report repeats no hateful wording. */
export interface FalseAlarm {
  readonly id: string
  readonly behaviour: string
  readonly flags: readonly { readonly label: string; readonly rule: string }[]
}

export interface Miss {
  readonly id: string
  readonly behaviour: string
  readonly label: string
}

export function figuresOf(outcomes: readonly Outcome[]): Figures {
  const byLanguage = groupOf(outcomes, ({ passage }) => passage.language)
  return {
    overall: scoresOf(outcomes),
    flagged: {
      overall: scoresOf(outcomes, flagged),
      ...mapValues(byLanguage, ones => scoresOf(ones, flagged)),
      'without a telling word': scoresOf(outcomes.filter(isOfIndirectPair(outcomes)), flagged),
    },
    languages: mapValues(byLanguage, scoresOf),
    scripts: mapValues(
      groupOf(outcomes, ({ passage }) => scriptOf(passage.text)),
      scoresOf,
    ),
    categories: Object.fromEntries(
      CATEGORIES.map(category => [category, scoresOf(outcomes, only(category), category)]),
    ),
    cues: cuesOf(outcomes),
    cuesByLanguage: mapValues(byLanguage, cuesOf),
    behaviours: mapValues(
      groupOf(outcomes, ({ behaviour }) => behaviour.id),
      behaviourOf,
    ),
    attributes: attributesOf(outcomes),
    attributesByLanguage: mapValues(byLanguage, attributesOf),
    targets: mapValues(
      groupOf(outcomes, ({ passage }) => passage.target ?? 'no group'),
      targetOf,
    ),
    falseAlarms: outcomes.filter(outcome => countOf(outcome).false > 0).map(falseAlarmOf),
    misses: outcomes
      .filter(outcome => isPositive(outcome.passage) && !isRight(outcome))
      .map(({ passage }) => ({ id: passage.id, behaviour: passage.behaviour, label: passage.label })),
  }
}

/** The scripts of the suites: none of their passages mixes two. */
export function scriptOf(text: string): 'Latn' | 'Cyrl' {
  return /\p{Script=Cyrillic}/u.test(text) ? 'Cyrl' : 'Latn'
}

type Counter = (outcome: Outcome) => Count

function scoresOf(outcomes: readonly Outcome[], counter: Counter = countOf, category?: Category): Scores {
  const counts = outcomes.map(counter)
  const sum = (of: keyof Count): number => counts.reduce((total, count) => total + count[of], 0)
  const [found, missed, wrong] = [sum('found'), sum('missed'), sum('false')]
  const positives = outcomes.filter(
    ({ passage }) => isPositive(passage) && (!category || labelOf(passage).category === category),
  ).length
  return {
    positives,
    negatives: outcomes.length - positives,
    precision: rateOf(found, found + wrong),
    recall: rateOf(found, found + missed),
    f1: f1Of(counts),
  }
}

/** A flag on a look-alike is false, and so is one of a category that the passage does not hold. */
function countOf(outcome: Outcome): Count {
  const { passage, flags } = outcome
  const right = isRight(outcome)
  if (!isPositive(passage)) return { found: 0, missed: 0, false: right ? 0 : 1 }
  const held = heldBy(passage)
  const wrong = !right && flags.some(flag => !held.includes(flag.category))
  return { found: right ? 1 : 0, missed: right ? 0 : 1, false: wrong ? 1 : 0 }
}

function flagged({ passage, flags }: Outcome): Count {
  const [yes, no] = flags.length > 0 ? [1, 0] : [0, 1]
  return isPositive(passage) ? { found: yes, missed: no, false: 0 } : { found: 0, missed: 0, false: yes }
}

/** Passages of pairs whose instance has no telling word: its look-alikes are what it must be told from. */
function isOfIndirectPair(outcomes: readonly Outcome[]): (outcome: Outcome) => boolean {
  const pairs = new Set(
    outcomes.flatMap(({ passage, behaviour }) => (behaviour.cue === 'indirect' ? [passage.pair] : [])),
  )
  return ({ passage }) => pairs.has(passage.pair)
}

/** The same for one category against all other passages. */
function only(category: Category): Counter {
  return ({ passage, flags }) => {
    const flagged = flags.some(flag => flag.category === category)
    if (isPositive(passage) && labelOf(passage).category === category)
      return { found: flagged ? 1 : 0, missed: flagged ? 0 : 1, false: 0 }
    return { found: 0, missed: 0, false: flagged && !heldBy(passage).includes(category) ? 1 : 0 }
  }
}

function heldBy(passage: Passage): Category[] {
  return isPositive(passage) ? [labelOf(passage).category, ...(passage.also ?? [])] : []
}

function cuesOf(outcomes: readonly Outcome[]): Record<'direct' | 'indirect', Rate> {
  const rate = (cue: 'direct' | 'indirect'): Rate =>
    shareRight(outcomes.filter(({ behaviour }) => behaviour.cue === cue))
  return { direct: rate('direct'), indirect: rate('indirect') }
}

function behaviourOf(outcomes: readonly Outcome[]): BehaviourScore {
  const { label, cue } = outcomes[0]!.behaviour
  const languages = mapValues(
    groupOf(outcomes, ({ passage }) => passage.language),
    ones => `${String(ones.filter(isRight).length)}/${String(ones.length)}`,
  )
  return { label, ...(cue && { cue }), right: shareRight(outcomes), languages }
}

function attributesOf(outcomes: readonly Outcome[]): Attributes {
  const noticed = outcomes.filter(({ passage, flags }) => isPositive(passage) && flags.length > 0)
  const found = noticed.filter(isRight)
  const rate = (stated: keyof Passage, said: (flag: Flag) => unknown): Rate => {
    const asked = found.filter(({ passage }) => passage[stated] !== undefined)
    return rateOf(
      asked.filter(outcome => said(bestOf(outcome)) === outcome.passage[stated]).length,
      asked.length,
    )
  }
  return {
    category: rateOf(found.length, noticed.length),
    subtype: rate('label', flag => `${flag.category}/${flag.subtype}`),
    event: rate('event', flag => flag.event),
    voice: rate('voice', flag => flag.voice),
    stance: rate('stance', flag => flag.stance),
  }
}

/** The surest flag of the right category. */
function bestOf({ passage, flags }: Outcome): Flag {
  const { category } = labelOf(passage)
  return flags
    .filter(flag => flag.category === category)
    .reduce((best, flag) => (flag.confidence > best.confidence ? flag : best))
}

function targetOf(outcomes: readonly Outcome[]): { found: Rate; falseAlarms: Rate } {
  const lookAlikes = outcomes.filter(({ passage }) => !isPositive(passage))
  return {
    found: shareRight(outcomes.filter(({ passage }) => isPositive(passage))),
    falseAlarms: rateOf(lookAlikes.filter(outcome => !isRight(outcome)).length, lookAlikes.length),
  }
}

function falseAlarmOf({ passage, flags }: Outcome): FalseAlarm {
  return {
    id: passage.id,
    behaviour: passage.behaviour,
    flags: flags.map(flag => ({ label: `${flag.category}/${flag.subtype}`, rule: flag.rule })),
  }
}

const shareRight = (outcomes: readonly Outcome[]): Rate =>
  rateOf(outcomes.filter(isRight).length, outcomes.length)

function groupOf(outcomes: readonly Outcome[], key: (outcome: Outcome) => string): Record<string, Outcome[]> {
  return Object.fromEntries(Map.groupBy(outcomes, key))
}

function mapValues<In, Out>(
  record: Readonly<Record<string, In>>,
  to: (value: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]))
}
