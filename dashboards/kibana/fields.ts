/** The index as Kibana sees it: data views over its indices, and the fields that dashboards use. */
import type { Condition } from './condition.ts'

/** What a panel may do with a field: group by it, count over time, compare sizes, or say yes or no. */
export type FieldKind = 'keyword' | 'date' | 'number' | 'boolean'

/** Indices by the part of their name that follows the prefix. */
export const INDICES = ['flags', 'articles', 'sources'] as const
export type Index = (typeof INDICES)[number]

interface Field {
  readonly kind: FieldKind
  readonly in: readonly Index[]
}

const both: readonly Index[] = ['flags', 'articles']
const flag: readonly Index[] = ['flags']
const health: readonly Index[] = ['sources']

/** A test compares this table with the templates of the index. */
const table = {
  at: { kind: 'date', in: both },
  article: { kind: 'keyword', in: both },
  language: { kind: 'keyword', in: both },
  script: { kind: 'keyword', in: both },
  country: { kind: 'keyword', in: both },
  outlet: { kind: 'keyword', in: both },
  outletKind: { kind: 'keyword', in: both },
  visible: { kind: 'boolean', in: ['articles'] },
  live: { kind: 'boolean', in: flag },
  category: { kind: 'keyword', in: flag },
  subtype: { kind: 'keyword', in: flag },
  severity: { kind: 'number', in: flag },
  target: { kind: 'keyword', in: flag },
  event: { kind: 'keyword', in: flag },
  voice: { kind: 'keyword', in: flag },
  stance: { kind: 'keyword', in: flag },
  rule: { kind: 'keyword', in: flag },
  status: { kind: 'keyword', in: flag },
  second: { kind: 'boolean', in: flag },
  disagreement: { kind: 'boolean', in: flag },
  source: { kind: 'keyword', in: INDICES },
  lastOutcome: { kind: 'keyword', in: health },
  failures: { kind: 'number', in: health },
  lastPollAt: { kind: 'date', in: health },
  lastSuccessAt: { kind: 'date', in: health },
  lastItemAt: { kind: 'date', in: health },
  nextDueAt: { kind: 'date', in: health },
} as const satisfies Readonly<Record<string, Field>>
export type FieldName = keyof typeof table
export const FIELDS: Readonly<Record<FieldName, Field>> = table

/** A flag of the newest finding, in an article that was not deleted. */
export const PASSAGE: Condition = { field: 'live', is: true }
/** An article that is known and was not deleted: what rates are divided by. */
export const ARTICLE: Condition = { field: 'visible', is: true }

export interface View {
  readonly name: string
  readonly indices: readonly Index[]
  /** Absent where Kibana's choice of time does not apply. */
  readonly time?: FieldName
  /** What of it is shown at all. */
  readonly where?: Condition
}

export const VIEWS = {
  flags: { name: 'Opomena: passages', indices: ['flags'], time: 'at', where: PASSAGE },
  articles: { name: 'Opomena: articles', indices: ['articles'], time: 'at', where: ARTICLE },
  // For rates: what is counted and what it is counted against, under one choice of language, country and outlet.
  readings: {
    name: 'Opomena: passages and articles',
    indices: ['flags', 'articles'],
    time: 'at',
    where: { any: [PASSAGE, ARTICLE] },
  },
  sources: { name: 'Opomena: sources', indices: ['sources'] },
} as const satisfies Readonly<Record<string, View>>
export type ViewName = keyof typeof VIEWS
