/** Article: one page of one outlet, at one revision. Its id is the hash of the first-seen cleaned URL. */
import { z } from 'zod'
import { LANGUAGES } from './labels.ts'
import { outletSchema } from './source.ts'

/** Longest text that travels, in UTF-16 units; the evidence keeps the whole page. */
export const MAX_TEXT = 200_000
export const MAX_TITLE = 2_000

export const evidenceRefSchema = z.strictObject({
  /** SHA-256 of the bytes as they came, 64 hexadecimal digits. */
  rawHash: z.string(),
  bytes: z.number().int().nonnegative(),
  /** HTTP status; absent for articles that were imported. */
  status: z.number().int().optional(),
  headersHash: z.string().optional(),
})
export type EvidenceRef = z.infer<typeof evidenceRefSchema>

const instant = z.iso.datetime()

/** Everything about an article but its words: what stays when the text has expired. */
export const articleHeadSchema = z.strictObject({
  id: z.string().min(1),
  sourceId: z.string().min(1),
  outlet: outletSchema,
  url: z.string(),
  /** `rel=canonical` as the page states it; believed only on the same site and never for its root. */
  canonicalUrl: z.string().optional(),
  /** min(publishedAt ?? firstSeenAt, firstSeenAt): a page cannot be from the future. */
  at: instant,
  /** Calendar day of `at` in the project's time zone. */
  day: z.iso.date(),
  title: z.string().max(MAX_TITLE),
  author: z.string().optional(),
  section: z.string().optional(),
  publishedAt: instant.optional(),
  firstSeenAt: instant,
  fetchedAt: instant,
  /** 0 for the first capture, one more for each change of title or text. */
  revision: z.number().int().nonnegative(),
  /** `hashId` of the folded title and text: equal for syndicated copies, in either script. */
  textHash: z.string(),
  /** True when the text was longer than travels. */
  truncated: z.boolean().optional(),
  evidence: evidenceRefSchema,
  declaredLanguage: z.enum(LANGUAGES).optional(),
})
export type ArticleHead = z.infer<typeof articleHeadSchema>

export const articleSchema = articleHeadSchema.extend({
  v: z.literal(1),
  lead: z.string().max(MAX_TEXT).optional(),
  /** Empty is legal: many feeds carry a title only. */
  text: z.string().max(MAX_TEXT),
})
export type Article = z.infer<typeof articleSchema>
