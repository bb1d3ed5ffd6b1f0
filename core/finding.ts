/** Finding: what one version of the detector thinks of one revision of an Article. Flag: one passage, and why. */
import { z } from 'zod'
import { articleHeadSchema } from './article.ts'
import { hashId } from './hash.ts'
import { ALL_SUBTYPES, CATEGORIES, FIELDS, LANGUAGES, SCRIPTS, STANCES, VOICES } from './labels.ts'
import type { Category } from './labels.ts'
import { fold } from './text.ts'

/** What can find a passage: the rules, the model, or both of them. */
export const TIERS = ['rules', 'model', 'both'] as const

export const flagSchema = z.strictObject({
  id: z.string(),
  category: z.enum(CATEGORIES),
  subtype: z.enum(ALL_SUBTYPES),
  /** How bad, 1 (hostile framing) to 5 (incitement). */
  severity: z.number().int().min(1).max(5),
  /** How likely the passage is what the label says, 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** Confidence reached the `alert` threshold: precise enough to be sent unreviewed to those who ask for it. */
  alert: z.boolean(),
  /** Groups spoken of, for example `roma`. */
  targets: z.array(z.string()),
  /** Id in `config/events.yml`; always there on denial, except where no event is named. */
  event: z.string().optional(),
  voice: z.enum(VOICES),
  stance: z.enum(STANCES),
  speaker: z.string().optional(),
  field: z.enum(FIELDS),
  /** UTF-16 offsets of the quote in that field of the article, end exclusive. */
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
  quote: z.string(),
  sentence: z.string(),
  /** Id of the lexicon entry, or of the other tier, that made the flag. */
  rule: z.string(),
  /** What found the passage; absent on flags from before there was a model, which the rules made. */
  tier: z.enum(TIERS).optional(),
  /** The labelled passages that the model finds most alike, nearest first; `similarity` is a cosine. */
  examples: z.array(z.strictObject({ id: z.string(), similarity: z.number().min(-1).max(1) })).optional(),
  /** The reason in words, for the person who decides. */
  why: z.string(),
  /** Letters were split, swapped or replaced to escape a filter. */
  evasive: z.boolean().optional(),
  /** Indicators of the UN Framework of Analysis for Atrocity Crimes, for example `7.14`. */
  indicators: z.array(z.string()),
})
export type Flag = z.infer<typeof flagSchema>

export const madeBySchema = z.strictObject({
  /** Version of the rules engine, language detection and scoring together. */
  pipeline: z.string(),
  /** Content hash of the lexicons. */
  lexicon: z.string(),
  model: z.string().optional(),
})
export type MadeBy = z.infer<typeof madeBySchema>

export const findingSchema = z.strictObject({
  v: z.literal(1),
  article: articleHeadSchema,
  /** The words, only where something was flagged: the unflagged stay as denominators. */
  lead: z.string().optional(),
  text: z.string().optional(),
  language: z.enum(LANGUAGES),
  /** How sure the language is, 0 to 1. */
  languageConfidence: z.number().min(0).max(1),
  script: z.enum(SCRIPTS),
  /** True when at least one flag reaches the `review` threshold. */
  flagged: z.boolean(),
  flags: z.array(flagSchema),
  madeBy: madeBySchema,
  madeAt: z.iso.datetime(),
})
export type Finding = z.infer<typeof findingSchema>

/**
 * The id of a flag. It holds no offset, rule or revision, so that a verdict survives an edited article and a new
 * lexicon. `occurrence` counts equal quotes of one category in the article, from 0.
 */
export function flagId(articleId: string, category: Category, quote: string, occurrence: number): string {
  return hashId(articleId, category, fold(quote), occurrence)
}
