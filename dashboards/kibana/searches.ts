/** Saved searches: lists to begin from in Discover. They show labels and ids, never the words: those are read in Opomena. */
import type { Condition } from './condition.ts'
import type { FieldName } from './fields.ts'
import { CONFIRMED, PENDING } from './measures.ts'
import { IN_TROUBLE } from './source-health.ts'
import type { SavedSearch } from './specification.ts'

const GRAVE = 4

const LABELS: readonly FieldName[] = [
  'article',
  'outlet',
  'language',
  'category',
  'subtype',
  'severity',
  'target',
  'event',
  'voice',
  'stance',
  'status',
]
const HEALTH: readonly FieldName[] = [
  'source',
  'lastOutcome',
  'failures',
  'lastPollAt',
  'lastSuccessAt',
  'lastItemAt',
  'nextDueAt',
]

function passages(id: string, title: string, description: string, where?: Condition): SavedSearch {
  return {
    id,
    title: `Opomena: ${title}`,
    description,
    view: 'flags',
    columns: LABELS,
    sort: ['at', 'desc'],
    ...(where && { where }),
  }
}

export const searches: readonly SavedSearch[] = [
  passages('passages', 'flagged passages', 'Every passage that is flagged now.'),
  passages('pending', 'pending passages', 'Nobody has looked yet.', PENDING),
  passages('grave', 'grave and pending', 'Severity 4 or 5, and nobody has looked yet.', {
    all: [PENDING, { field: 'severity', atLeast: GRAVE }],
  }),
  passages('second', 'waiting for a second reviewer', 'Decided once; the gravest need two.', {
    field: 'second',
    is: true,
  }),
  passages('disagreements', 'reviewers differ', 'Two reviewers said different things.', {
    field: 'disagreement',
    is: true,
  }),
  passages('confirmed', 'confirmed passages', 'What a reviewer confirmed.', CONFIRMED),
  passages(
    'denial',
    'denial of an established event',
    'Denial that names an event courts or historians established.',
    {
      all: [
        { field: 'category', is: 'denial' },
        { field: 'event', exists: true },
      ],
    },
  ),
  {
    id: 'sources',
    title: 'Opomena: all sources',
    description: 'Every source ever asked, the longest silent first.',
    view: 'sources',
    columns: HEALTH,
    sort: ['lastItemAt', 'asc'],
  },
  {
    id: 'sources-in-trouble',
    title: 'Opomena: sources that fail or are silent',
    description: 'Three failures since the last success, or no new article for two days.',
    view: 'sources',
    where: IN_TROUBLE,
    columns: HEALTH,
    sort: ['failures', 'desc'],
  },
]
