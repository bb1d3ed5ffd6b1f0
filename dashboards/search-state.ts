/** A search as the address of a page holds it: words, filters, days. Links, forms and subscriptions are made from it. */
import { z } from 'zod'
import { ARTICLE_FACETS, FLAG_FACETS } from '../core/ports.ts'
import type { FacetField, Search } from '../core/ports.ts'
import { combine, fieldQuery, formatQuery, parseQuery } from '../core/query.ts'
import type { Query, QueryField } from '../core/query.ts'
import { isDay } from '../core/query-fields.ts'
import { many } from './forms.ts'

export interface Filter {
  readonly field: FacetField
  readonly value: string
}

export interface SearchState {
  readonly q: string
  readonly filters: readonly Filter[]
  readonly from: string | undefined
  readonly to: string | undefined
  readonly mode: 'flags' | 'articles'
  readonly order: 'newest' | 'oldest'
  readonly cursor?: string | undefined
}

const FACETS: readonly string[] = [...ARTICLE_FACETS, ...FLAG_FACETS]

/** The day of a form or link; empty is none. Anything else that is no day is dropped: the page shows what it used. */
const day = z
  .string()
  .optional()
  .transform(text => (text !== undefined && isDay(text) ? text : undefined))

export const searchSchema = z
  .object({
    q: z.string().max(2_000).default(''),
    f: many(z.string().max(300)).transform(all => all.flatMap(filterOf)),
    from: day,
    to: day,
    mode: z.enum(['flags', 'articles']).catch('flags'),
    order: z.enum(['newest', 'oldest']).catch('newest'),
    cursor: z.string().max(500).optional(),
  })
  .transform(({ f, ...rest }): SearchState => ({ ...rest, filters: f }))

function filterOf(text: string): Filter[] {
  const at = text.indexOf(':')
  const field = text.slice(0, Math.max(0, at))
  const value = text.slice(at + 1)
  return FACETS.includes(field) && value !== '' ? [{ field: field as FacetField, value }] : []
}

/** The address of a search; a change starts from the first page again. */
export function searchHref(state: Partial<SearchState>, change: Partial<SearchState> = {}): string {
  const { q, filters = [], from, to, mode, order, cursor } = { ...state, cursor: undefined, ...change }
  const params = new URLSearchParams()
  if (q) params.set('q', q)
  for (const { field, value } of filters) params.append('f', `${field}:${value}`)
  if (from) params.set('from', from)
  if (to) params.set('to', to)
  if (mode === 'articles') params.set('mode', mode)
  if (order === 'oldest') params.set('order', order)
  if (cursor) params.set('cursor', cursor)
  const text = params.toString()
  return text === '' ? '/search' : `/search?${text}`
}

export function hasFilter(state: SearchState, { field, value }: Filter): boolean {
  return state.filters.some(one => one.field === field && one.value === value)
}

export function toggled(state: SearchState, filter: Filter): readonly Filter[] {
  const without = state.filters.filter(one => one.field !== filter.field || one.value !== filter.value)
  return without.length < state.filters.length ? without : [...without, filter]
}

/** @throws QueryError */
export function searchOf(state: SearchState): Search {
  return { query: queryOf(state), ...(state.from && { from: state.from }), ...(state.to && { to: state.to }) }
}

/** The words and filters as one text of the query language, for a subscription. @throws QueryError */
export function queryText(state: SearchState): string {
  const filters = formatQuery(filtersQuery(state.filters))
  const words = state.q.trim()
  if (filters === '' || words === '') return words || filters
  return `${parseQuery(words).kind === 'or' ? `(${words})` : words} ${filters}`
}

/** @throws QueryError */
function queryOf(state: SearchState): Query {
  return both(parseQuery(state.q), filtersQuery(state.filters))
}

export function both(...queries: readonly Query[]): Query {
  return combine(
    'and',
    queries.filter(query => query.kind !== 'all'),
  )
}

/** Values of one field are alternatives; different fields must all hold. */
export function filtersQuery(filters: readonly Filter[]): Query {
  const byField = Map.groupBy(filters, ({ field }) => field)
  return both(
    ...[...byField].map(([field, values]) =>
      combine(
        'or',
        values.map(({ value }) => fieldQuery(queryField(field), value)),
      ),
    ),
  )
}

export function fieldIs(field: QueryField, value: string): Query {
  return { kind: 'field', field, comparison: '=', value }
}

function queryField(field: FacetField): QueryField {
  return field === 'outletKind' ? 'kind' : field
}
