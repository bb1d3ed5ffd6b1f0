/** The conditions of a search, and where to look: for flags, and for the articles that they are divided by. */
import type { Search } from '../core/ports.ts'
import { articlePart } from '../core/query.ts'
import { ask } from './elasticsearch-send.ts'
import type { Server } from './elasticsearch-send.ts'
import type { Names } from './elasticsearch-mapping.ts'
import { asksWords, conditionOf, daysWithin, every, except, some } from './elasticsearch-query.ts'
import type { Asked, Dsl } from './elasticsearch-query.ts'
import { escaped } from './elasticsearch-send.ts'

/** What is read: one generation, as its texts are kept today. */
export interface Reading {
  readonly server: Server
  readonly names: Names
  readonly generation: string
  /** Texts of unflagged articles that were fetched before this day are gone; empty where none are. */
  readonly expiredBefore: () => Promise<string>
}

export interface Place {
  readonly indices: readonly string[]
  readonly condition: Dsl
}

export async function placeOf(reading: Reading, asked: Asked, search: Search): Promise<Place> {
  return asked === 'flags' ? flagPlace(reading, search) : articlePlace(reading, search)
}

function flagPlace({ names, generation }: Reading, search: Search): Place {
  return {
    indices: [names.index('flags', generation)],
    condition: every([{ term: { live: true } }, ...daysWithin(search), conditionOf(search.query, 'flags')]),
  }
}

/**
 * Articles that meet the article part of a search. Where words are asked for, an article stands for itself in the index
 * of its text while it has one, and else in the index of articles: never in both, so that it counts once.
 */
async function articlePlace(reading: Reading, search: Search): Promise<Place> {
  const { names, generation } = reading
  const query = articlePart(search.query)
  const asked = [...daysWithin(search), conditionOf(query, 'articles')]
  const heads = names.index('articles', generation)
  const visible = { term: { visible: true } }
  if (!asksWords(query)) return { indices: [heads], condition: every([visible, ...asked]) }
  const inText = hasText(await reading.expiredBefore())
  const itself = some([every([{ term: { part: 'text' } }, inText]), every([visible, except(inText)])])
  return { indices: [heads, names.allTexts(generation)], condition: every([itself, ...asked]) }
}

/** Texts that have expired may still stand there for a moment: they do not count from the day on. */
function hasText(expiredBefore: string): Dsl {
  const kept = some([{ term: { flagged: true } }, { range: { fetched: { gte: expiredBefore } } }])
  return every([{ exists: { field: 'fetched' } }, ...(expiredBefore === '' ? [] : [kept])])
}

// ---------------------------------------------------------------- asking

export interface Hits<T> {
  readonly total?: { readonly value: number }
  readonly hits: readonly {
    readonly _id: string
    readonly _source: T
    readonly sort: readonly (number | string)[]
  }[]
}

export interface Found<T> {
  readonly hits: Hits<T>
  readonly aggregations?: Readonly<Record<string, unknown>>
}

export function searchIn<T = unknown>(
  server: Server,
  { indices, condition }: Place,
  body: object,
): Promise<Found<T>> {
  return ask<Found<T>>(server, {
    method: 'POST',
    path: `${indices.map(escaped).join(',')}/_search`,
    // Half an answer would be a wrong count.
    query: { allow_partial_search_results: false, ignore_unavailable: false },
    body: { query: condition, ...body },
  })
}

export interface Bucket {
  readonly key: string | number
  readonly key_as_string?: string
  readonly doc_count: number
  readonly [name: string]: unknown
}

export function bucketsOf(aggregation: unknown): readonly Bucket[] {
  return (aggregation as { readonly buckets: readonly Bucket[] }).buckets
}
