/** Which flags a subscription tells of: how many it would have told, and what its feed holds. */
import type { FlagDocument } from '../core/document.ts'
import { subscriptionQuery } from '../core/subscription-query.ts'
import type { Subscription } from '../core/subscription.ts'
import { addDays, dayOf } from '../core/time.ts'
import type { WebDeps } from './deps.ts'
import { overlayFlags } from './overlay.ts'

type Wish = Pick<Subscription, 'query' | 'threshold' | 'minSeverity'>

/** How many flags it would have told in the last days. @throws QueryError */
export async function wouldTell({ reader, clock }: WebDeps, wish: Wish, days: number): Promise<number> {
  const to = dayOf(clock.now())
  return (await reader.count({ query: subscriptionQuery(wish), from: addDays(to, 1 - days), to })).flags
}

const FEED_DAYS = 30
const FEED_FLAGS = 500
const PAGE = 250

/**
 * What its feed holds, newest first: a month back, so that a passage which is confirmed late is still told, and a
 * reader that was away for a while misses nothing.
 */
export async function feedFlags(
  { reader, clock, store }: WebDeps,
  subscription: Subscription,
): Promise<readonly FlagDocument[]> {
  const to = dayOf(clock.now())
  const search = { query: subscriptionQuery(subscription), from: addDays(to, 1 - FEED_DAYS), to }
  const flags: FlagDocument[] = []
  let cursor: string | undefined
  do {
    const page = await reader.searchFlags(search, { limit: PAGE, ...(cursor !== undefined && { cursor }) })
    flags.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined && flags.length < FEED_FLAGS)
  return overlayFlags(store.decisions, flags)
    .filter(
      ({ standing }) =>
        standing.status === 'confirmed' ||
        (subscription.threshold === 'alert' && standing.status === 'pending'),
    )
    .slice(0, FEED_FLAGS)
}
