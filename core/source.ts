/** Source: an outlet we watch, as `config/sources.yml` describes it. */
import { z } from 'zod'
import { COUNTRIES, LANGUAGES, OUTLET_KINDS } from './labels.ts'

const webAddress = z.url({
  protocol: /^https?$/,
  error: 'expected a web address that begins with http:// or https://',
})

const listingSchema = z.strictObject({
  url: webAddress,
  /** CSS selector of the links to articles on the page. */
  selector: z.string().min(1),
})

const extractSchema = z.strictObject({
  title: z.string().optional(),
  text: z.string().optional(),
  author: z.string().optional(),
  published: z.string().optional(),
  remove: z.array(z.string()).optional(),
})

export const sourceSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens'),
  name: z.string().min(1),
  homepage: webAddress,
  country: z.enum(COUNTRIES),
  languages: z.array(z.enum(LANGUAGES)).min(1),
  scripts: z.array(z.enum(['Latn', 'Cyrl'])).min(1),
  kind: z.enum(OUTLET_KINDS),
  feeds: z.array(webAddress).default([]),
  sitemaps: z.array(webAddress).default([]),
  listings: z.array(listingSchema).default([]),
  extract: extractSchema.optional(),
  /** Character encoding to try when neither bytes nor headers tell, for example `windows-1250`. */
  charset: z.string().optional(),
  /** Cron expression in UTC: when the source may be looked at. */
  schedule: z.string().default('*/15 * * * *'),
  /** Reach of the outlet, 1 (small) to 1.5 (mass audience); orders the review queue. */
  weight: z.number().min(1).max(1.5).default(1),
  enabled: z.boolean().default(true),
  /** First day of watching, `YYYY-MM-DD`. */
  since: z.iso.date().optional(),
  /** Fetch against robots.txt; says why, and is recorded with every capture. */
  robotsOverride: z.string().min(10).optional(),
  remark: z.string().optional(),
})

export type Source = z.infer<typeof sourceSchema>
export type ExtractRules = z.infer<typeof extractSchema>

/** What an article copies from its source, so that a record explains itself years later. */
export const outletSchema = z.strictObject({
  name: z.string(),
  country: z.enum(COUNTRIES).optional(),
  kind: z.enum(OUTLET_KINDS).optional(),
})
export type Outlet = z.infer<typeof outletSchema>
