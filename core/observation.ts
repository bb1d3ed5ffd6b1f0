/** Observation: one look at a source and the fate of each item seen, without any content. */
import { z } from 'zod'

/** What became of an item: every item seen has exactly one fate. */
export const FATES = ['published', 'revised', 'unchanged', 'duplicate', 'refused', 'failed'] as const
export type Fate = (typeof FATES)[number]

export const POLL_OUTCOMES = ['fresh', 'unchanged', 'refused', 'failed'] as const
export type PollOutcome = (typeof POLL_OUTCOMES)[number]

const count = z.number().int().nonnegative()

export const observationSchema = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  sourceId: z.string(),
  at: z.iso.datetime(),
  /** What was looked at: a feed, listing or sitemap address, `import`, or the address of a page looked at again. */
  of: z.string(),
  kind: z.enum(['feed', 'listing', 'sitemap', 'import', 'recheck']),
  outcome: z.enum(POLL_OUTCOMES),
  status: z.number().int().optional(),
  bytes: count.optional(),
  durationMs: count.optional(),
  /** Items seen; equals the sum of `fates`. */
  seen: count,
  fates: z.strictObject(Object.fromEntries(FATES.map(fate => [fate, count])) as Record<Fate, typeof count>),
  /** Items with a fate other than `unchanged`, by article id. */
  items: z.array(
    z.strictObject({ id: z.string(), fate: z.enum(FATES), reason: z.string().max(300).optional() }),
  ),
  /** The feed was not well-formed, or entries were lost: what the parser said. */
  warnings: z.array(z.string().max(300)),
  /** Why it failed or was refused, for a person. */
  reason: z.string().max(500).optional(),
  nextDueAt: z.iso.datetime().optional(),
})
export type Observation = z.infer<typeof observationSchema>
