/** Facets of a search as links, and what their values are called. */
import { html } from 'hono/html'
import type { FacetField, FacetValue } from '../core/ports.ts'
import type { WebDeps } from './deps.ts'
import { number } from './format.ts'
import type { Html } from './format.ts'
import { hasFilter, searchHref, toggled } from './search-state.ts'
import type { SearchState } from './search-state.ts'
import {
  CATEGORY,
  COUNTRY,
  LANGUAGE,
  named,
  OUTLET_KIND,
  SCRIPT,
  SEVERITY,
  spoken,
  STANCE,
  STATUS,
  VOICE,
} from './words.ts'

/** What is chosen, each with a way to take it off. */
export function chosen(deps: WebDeps, state: SearchState): Html | '' {
  if (state.filters.length === 0) return ''
  return html`<ul class="chosen" aria-label="Filters">
    ${state.filters.map(
      filter =>
        html`<li>
          <a href="${searchHref(state, { filters: toggled(state, filter) })}"
            ><span class="sub">${FACET_NAME[filter.field]}</span>
            ${valueName(deps, filter.field, filter.value)} <span aria-hidden="true">×</span
            ><span class="hidden">remove</span></a
          >
        </li>`,
    )}
    <li><a href="${searchHref(state, { filters: [] })}">Remove all</a></li>
  </ul>`
}

const FACET_NAME: Readonly<Record<FacetField, string>> = {
  category: 'Category',
  subtype: 'Kind',
  severity: 'Severity',
  target: 'About',
  event: 'Event',
  voice: 'Said by',
  stance: 'The article',
  speaker: 'Speaker',
  status: 'Decision',
  rule: 'Rule',
  field: 'Where',
  language: 'Language',
  script: 'Script',
  source: 'Outlet',
  country: 'Country',
  outletKind: 'Kind of outlet',
  section: 'Section',
}

export function facet(
  deps: WebDeps,
  state: SearchState,
  field: FacetField,
  values: readonly FacetValue[],
  isArticles: boolean,
): Html | '' {
  if (values.length === 0) return ''
  const isOpen = state.filters.some(filter => filter.field === field) || OPEN_FACETS.has(field)
  return html`<details class="facet" ${isOpen ? html` open` : ''}>
    <summary>${FACET_NAME[field]}</summary>
    <ul>
      ${values.map(({ value, flags, articles }) => {
        const isOn = hasFilter(state, { field, value })
        return html`<li>
          <a
            href="${searchHref(state, { filters: toggled(state, { field, value }) })}"
            ${isOn ? html` aria-current="true"` : ''}
            >${isOn ? html`<span aria-hidden="true">✓ </span>` : ''}${valueName(deps, field, value)}</a
          >
          <span class="n">${number(isArticles ? articles : flags)}</span>
        </li>`
      })}
    </ul>
  </details>`
}

const OPEN_FACETS: ReadonlySet<FacetField> = new Set(['category', 'status', 'language', 'target', 'source'])

const CATEGORY_NAME = Object.fromEntries(Object.entries(CATEGORY).map(([id, { name }]) => [id, name]))

function valueName(deps: WebDeps, field: FacetField, value: string): string {
  switch (field) {
    case 'category':
      return named(CATEGORY_NAME, value)
    case 'severity':
      return `${value} – ${SEVERITY[Number(value)] ?? ''}`
    case 'status':
      return named(STATUS, value)
    case 'language':
      return named(LANGUAGE, value)
    case 'country':
      return named(COUNTRY, value)
    case 'script':
      return named(SCRIPT, value)
    case 'voice':
      return named(VOICE, value)
    case 'stance':
      return named(STANCE, value)
    case 'outletKind':
      return named(OUTLET_KIND, value)
    case 'source':
      return deps.sources.find(({ id }) => id === value)?.name ?? value
    case 'event':
      return deps.events.find(({ id }) => id === value)?.name ?? value
    case 'target':
    case 'subtype':
      return spoken(value)
    default:
      return value
  }
}
