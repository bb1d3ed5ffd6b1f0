/**
 * Saved objects as NDJSON for Kibana's import (8.19, 9.1 and later): data views and searches, and the dashboards for a
 * Kibana whose Dashboards API is not there yet. Without the two versions on each object the import runs every migration
 * since 7.0 on the panels and fails.
 */
import { kql } from './condition.ts'
import type { Condition } from './condition.ts'
import { FIELDS, VIEWS } from './fields.ts'
import type { FieldName, Index, View, ViewName } from './fields.ts'
import { lensOf } from './lens.ts'
import { aboutOf, idOf } from './panels.ts'
import type { Control, Dashboard, Panel, SavedSearch, Specification } from './specification.ts'
import { CATEGORY, COUNTRY, LANGUAGE, OUTLET_KIND, SCRIPT, STANCE, STATUS, VOICE } from '../words.ts'

type Json = Readonly<Record<string, unknown>>

interface Reference {
  readonly type: string
  readonly id: string
  readonly name: string
}

export interface SavedObject {
  readonly type: 'tag' | 'index-pattern' | 'search' | 'dashboard'
  readonly id: string
  readonly coreMigrationVersion: string
  readonly typeMigrationVersion: string
  readonly attributes: Json
  readonly references: readonly Reference[]
}

/** Model versions these objects are written in; Kibana brings them up to its own. */
const VERSIONS: Readonly<Record<SavedObject['type'], string>> = {
  tag: '8.0.0',
  'index-pattern': '8.0.0',
  search: '10.5.0',
  dashboard: '10.3.0',
}

export function ndjson(objects: readonly SavedObject[]): string {
  return objects.map(one => `${JSON.stringify(one)}\n`).join('')
}

/** What the dashboards stand on, whichever way they come: one tag, the data views and the searches. */
export function foundation(of: Specification): readonly SavedObject[] {
  const views = Object.entries(VIEWS) as [ViewName, View][]
  return [
    object('tag', idOf(of), {
      name: idOf(of),
      description: 'Written by Opomena; written again, it is replaced',
      color: '#0B64DD',
    }),
    ...views.map(([name, view]) => dataView(of, name, view)),
    ...of.searches.map(search => savedSearch(of, search)),
  ]
}

export function savedDashboards(of: Specification): readonly SavedObject[] {
  return of.dashboards.map(dashboard => savedDashboard(of, dashboard))
}

function object(
  type: SavedObject['type'],
  id: string,
  attributes: Json,
  references: readonly Reference[] = [],
): SavedObject {
  return {
    type,
    id,
    coreMigrationVersion: '8.8.0',
    typeMigrationVersion: VERSIONS[type],
    attributes,
    references,
  }
}

// ---------------------------------------------------------------- data views

function dataView(of: Specification, name: ViewName, { name: title, indices, time }: View): SavedObject {
  return object('index-pattern', idOf(of, name), {
    title: indices.map(index => idOf(of, index)).join(','),
    name: title,
    ...(time && { timeFieldName: time }),
    allowNoIndex: true,
    fieldFormatMap: JSON.stringify(formats(of, indices)),
  })
}

/** Codes are shown as words, and an id of an article leads to it in Opomena. */
function formats(of: Specification, indices: readonly Index[]): Readonly<Record<string, Json>> {
  const shown = Object.entries(formatOf(of)) as [FieldName, Json][]
  return Object.fromEntries(
    shown.filter(([field]) => indices.some(index => FIELDS[field].in.includes(index))),
  )
}

function formatOf({ publicUrl }: Specification): Readonly<Partial<Record<FieldName, Json>>> {
  const names = (words: Readonly<Record<string, string>>): Json => ({
    id: 'static_lookup',
    params: {
      lookupEntries: Object.entries(words).map(([key, value]) => ({ key, value })),
      unknownKeyValue: null,
    },
  })
  return {
    article: {
      id: 'url',
      params: { type: 'a', urlTemplate: `${publicUrl}/items/{{value}}`, labelTemplate: '{{value}}' },
    },
    language: names(LANGUAGE),
    script: names(SCRIPT),
    country: names(COUNTRY),
    outletKind: names(OUTLET_KIND),
    category: names(Object.fromEntries(Object.entries(CATEGORY).map(([key, { name }]) => [key, name]))),
    voice: names(VOICE),
    stance: names(STANCE),
    status: names(STATUS),
  }
}

// ---------------------------------------------------------------- searches

function savedSearch(
  of: Specification,
  { id, title, description, view, where, columns, sort }: SavedSearch,
): SavedObject {
  const name = 'kibanaSavedObjectMeta.searchSourceJSON.index'
  const shown = [(VIEWS[view] as View).where, where].filter((one): one is Condition => one !== undefined)
  return object(
    'search',
    idOf(of, id),
    {
      title,
      description,
      columns,
      sort: [sort],
      grid: {},
      hideChart: false,
      isTextBasedQuery: false,
      timeRestore: false,
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({
          query: { query: kql({ all: shown }), language: 'kuery' },
          filter: [],
          highlightAll: true,
          indexRefName: name,
        }),
      },
    },
    [{ type: 'index-pattern', id: idOf(of, view), name }],
  )
}

// ---------------------------------------------------------------- dashboards

interface PlacedPanel {
  readonly panel: Json
  readonly references: readonly Reference[]
}

function savedDashboard(of: Specification, dashboard: Dashboard): SavedObject {
  const placed = dashboard.panels.map(panel => placedPanel(of, dashboard, panel))
  return object(
    'dashboard',
    idOf(of, dashboard.id),
    {
      title: dashboard.title,
      description: dashboard.description,
      version: 1,
      timeRestore: true,
      timeFrom: `now-${dashboard.days}d/d`,
      timeTo: 'now',
      refreshInterval: { pause: true, value: 60_000 },
      controlGroupInput: controlGroup(dashboard.controls),
      optionsJSON: JSON.stringify({
        useMargins: true,
        syncColors: true,
        syncCursor: true,
        syncTooltips: false,
        hidePanelTitles: false,
      }),
      panelsJSON: JSON.stringify(placed.map(({ panel }) => panel)),
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query: { query: '', language: 'kuery' }, filter: [] }),
      },
    },
    [
      { type: 'tag', id: idOf(of), name: `tag-ref-${idOf(of)}` },
      ...placed.flatMap(({ references }) => references),
      ...dashboard.controls.map(({ id, view }) => ({
        type: 'index-pattern',
        id: idOf(of, view),
        name: `controlGroup_${id}:optionsListDataView`,
      })),
    ],
  )
}

function placedPanel(of: Specification, dashboard: Dashboard, panel: Panel): PlacedPanel {
  const { id, title, place, chart } = panel
  const description = aboutOf(panel, dashboard)
  const at = { panelIndex: id, gridData: { ...place, i: id }, title }
  if (chart.kind === 'list') {
    const panelRefName = `panel_${id}`
    return {
      panel: { ...at, type: 'search', panelRefName, embeddableConfig: { description, enhancements: {} } },
      references: [{ type: 'search', id: idOf(of, chart.search), name: `${id}:${panelRefName}` }],
    }
  }
  if (chart.kind === 'note') {
    const embeddableConfig = { description, enhancements: {}, savedVis: note(title, chart.markdown) }
    return { panel: { ...at, type: 'visualization', embeddableConfig }, references: [] }
  }
  const attributes = lensOf(of, panel, description, chart)
  return {
    panel: { ...at, type: 'lens', embeddableConfig: { description, enhancements: {}, attributes } },
    references: attributes.references.map(one => ({ ...one, name: `${id}:${one.name}` })),
  }
}

function note(title: string, markdown: string): Json {
  return {
    title,
    description: '',
    type: 'markdown',
    params: { fontSize: 12, openLinksInNewTab: false, markdown },
    uiState: {},
    data: { aggs: [], searchSource: { query: { query: '', language: 'kuery' }, filter: [] } },
  }
}

function controlGroup(controls: readonly Control[]): Json {
  const panels = controls.map(({ id, title, field, one }, order) => [
    id,
    {
      type: 'optionsListControl',
      order,
      width: 'medium',
      grow: true,
      explicitInput: { id, fieldName: field, title, selectedOptions: [], singleSelect: one === true },
    },
  ])
  return {
    controlStyle: 'oneLine',
    chainingSystem: 'HIERARCHICAL',
    showApplySelections: false,
    ignoreParentSettingsJSON: JSON.stringify({
      ignoreFilters: false,
      ignoreQuery: false,
      ignoreTimerange: false,
      ignoreValidations: false,
    }),
    panelsJSON: JSON.stringify(Object.fromEntries(panels)),
  }
}
