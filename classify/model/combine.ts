/** One score: what the model, the rules and the place of a passage say together, as one calibrated probability. */
import { z } from 'zod'
import { ConfigError } from '../../core/errors.ts'
import { LANGUAGES } from '../../core/labels.ts'
import type { Language } from '../../core/labels.ts'
import { logOdds, probability } from '../candidate.ts'
import type { ArticleContext } from '../context.ts'
import type { Reading } from '../reading.ts'

/** What is weighed, in the order of the weights. */
export const FEATURES = [
  /** Log-odds of the most suspicious window that shows the passage, and of the next one. */
  'window',
  'second',
  /** How sure the rules are; 0 where they have nothing. */
  'rule',
  /** Cues in the sentence and its neighbours. */
  'court',
  'condemnation',
  'headline',
  /** Section of sport, culture or farming; column, comment or letter. */
  'literal',
  'opinion',
] as const
export type FeatureName = (typeof FEATURES)[number]
export type Features = Readonly<Record<FeatureName, number>>

const combinerSchema = z.strictObject({
  v: z.literal(1),
  /** The encoder whose scores it was fitted on. */
  encoder: z.string(),
  bias: z.number(),
  weights: z.strictObject(
    Object.fromEntries(FEATURES.map(name => [name, z.number()])) as Record<FeatureName, z.ZodNumber>,
  ),
  /** Added in a language; one that is not named has none. */
  offsets: z.partialRecord(z.enum(LANGUAGES), z.number()),
})
export type CombinerFacts = z.infer<typeof combinerSchema>

export interface Combiner {
  /** Log-odds that a passage is an instance, at the rate of real news. */
  logOdds(features: Features, language: Language): number
  /** Whether there was real news in this language to fit it on. */
  isCalibrated(language: Language): boolean
}

/** @throws ConfigError */
export function parseCombiner(value: unknown, encoder: string, name = 'combiner'): Combiner {
  const read = combinerSchema.safeParse(value)
  if (!read.success)
    throw new ConfigError(
      `${name}: ${z.prettifyError(read.error)}; make it again with \`opomena model calibrate\``,
    )
  const facts = read.data
  if (facts.encoder !== encoder)
    throw new ConfigError(
      `${name}: expected one fitted on the scores of ${encoder}, this one is of ${facts.encoder}; run \`opomena model calibrate\``,
    )
  return combinerOf(facts)
}

export function combinerOf({
  bias,
  weights,
  offsets,
}: Pick<CombinerFacts, 'bias' | 'weights' | 'offsets'>): Combiner {
  return {
    logOdds: (features, language) =>
      FEATURES.reduce((sum, name) => sum + weights[name] * features[name], bias) + (offsets[language] ?? 0),
    isCalibrated: language => offsets[language] !== undefined,
  }
}

/** As the rules say it: never quite certain. */
export function confidenceOfLogOdds(value: number): number {
  return Math.round(Math.min(0.99, probability(value)) * 1_000) / 1_000
}

/** What no window can add to: scores beyond are of no passage that was calibrated on. */
const MOST = 10
/** A rule of this log-odds or less counts for nothing. */
const RULE_ZERO = -2

/**
 * @param scores log-odds of the windows that show the passage, any order; at least one.
 * @param rule confidence of the rules, 0 to 1.
 * @param word any word of the passage.
 */
export function featuresOf(
  scores: readonly number[],
  rule: number | undefined,
  { reading, word }: { readonly reading: Reading; readonly word: number },
  article: ArticleContext,
): Features {
  const [window = -MOST, second = window] = scores
    .map(score => Math.max(-MOST, Math.min(MOST, score)))
    .sort((a, b) => b - a)
  const views = [-1, 0, 1].flatMap(away => reading.views[reading.sentences.of[word]! + away] ?? [])
  const has = (...hints: readonly string[]): number =>
    Number(views.some(view => view.hints.some(({ hint }) => hints.includes(hint))))
  return {
    window,
    second,
    rule: rule === undefined ? 0 : Math.max(0, logOdds(Math.min(0.99, rule)) - RULE_ZERO),
    court: has('court'),
    condemnation: has('condemnation', 'denial-report'),
    headline: Number(reading.field === 'title'),
    literal: Number(article.isLiteral),
    opinion: Number(article.isOpinion || article.isLetter),
  }
}
