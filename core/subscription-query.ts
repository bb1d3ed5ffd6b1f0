/** What a subscription asks for, as one query: its search, its threshold and its least severity. Letters and feeds share it. */
import { combine, fieldQuery, parseQuery } from './query.ts'
import type { Query } from './query.ts'
import type { Subscription } from './subscription.ts'

/** @throws QueryError when the search cannot be read. */
export function subscriptionQuery(
  subscription: Pick<Subscription, 'query' | 'threshold' | 'minSeverity'>,
): Query {
  const search = parseQuery(subscription.query)
  const severity: Query = {
    kind: 'field',
    field: 'severity',
    comparison: '>=',
    value: String(subscription.minSeverity),
  }
  // Words last: they cost the most to look for.
  return combine('and', [told(subscription.threshold), severity, ...(search.kind === 'all' ? [] : [search])])
}

function told(threshold: Subscription['threshold']): Query {
  const confirmed = fieldQuery('status', 'confirmed')
  if (threshold === 'confirmed') return confirmed
  const unreviewed = combine('and', [fieldQuery('status', 'pending'), fieldQuery('alert', 'true')])
  return combine('or', [confirmed, unreviewed])
}
