/** Subscription: any search, saved, and how its owner wants to hear of new flags. Alert: one flag told to one subscription, once. */
import { z } from 'zod'

export const subscriptionSchema = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  /** Id of the account it belongs to. */
  owner: z.string(),
  name: z.string().min(1).max(200),
  /** In the language of `core/query.ts`, the same as search. */
  query: z.string().max(2_000),
  /** Every subscription has its feed; `email` adds the daily letter. */
  channel: z.enum(['atom', 'email']),
  address: z.string().optional(),
  cadence: z.enum(['daily']),
  /** Local time of the letter, `HH:MM`, and its IANA time zone. */
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 07:30'),
  timeZone: z.string(),
  /** `confirmed`: only what a person confirmed. `alert`: also unreviewed flags above the alert threshold, labelled so. */
  threshold: z.enum(['confirmed', 'alert']),
  minSeverity: z.number().int().min(1).max(5),
  /** Language of the letter. */
  language: z.enum(['en']),
  /** How much of the passage the letter shows. */
  excerpt: z.enum(['none', 'masked', 'full']),
  /** SHA-256 of the feed's token; the token itself is shown once. */
  tokenHash: z.string(),
  status: z.enum(['active', 'paused', 'deleted']),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
export type Subscription = z.infer<typeof subscriptionSchema>
