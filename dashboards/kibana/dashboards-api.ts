/**
 * The dashboards as JSON of Kibana's Dashboards API (9.5 and later): `PUT /api/dashboards/{id}`. Kibana checks it
 * against a strict schema, so that nothing stands here which it does not name.
 */
import { kql } from './condition.ts'
import { VIEWS } from './fields.ts'
import type { View, ViewName } from './fields.ts'
import { formulaOf } from './formula.ts'
import {
  aboutOf,
  barsOf,
  idOf,
  MARK_COLOR,
  markLayers,
  queryOf,
  RATE_DECIMALS,
  ROWS_A_PAGE,
} from './panels.ts'
import type {
  Chart,
  Control,
  Dashboard,
  Measure,
  Panel,
  Specification,
  Terms,
  TimeLayer,
} from './specification.ts'

type Json = Readonly<Record<string, unknown>>

export interface DashboardBody {
  readonly id: string
  readonly body: Json
}

export function dashboardBodies(of: Specification): readonly DashboardBody[] {
  return of.dashboards.map(dashboard => ({
    id: idOf(of, dashboard.id),
    body: {
      title: dashboard.title,
      description: dashboard.description,
      time_range: { from: `now-${dashboard.days}d/d`, to: 'now' },
      refresh_interval: { pause: true, value: 60_000 },
      tags: [idOf(of)],
      pinned_panels: dashboard.controls.map(control => controlOf(of, control)),
      panels: dashboard.panels.map(panel => panelOf(of, dashboard, panel)),
    },
  }))
}

function controlOf(of: Specification, { title, view, field, one }: Control): Json {
  return {
    type: 'options_list_control',
    width: 'medium',
    grow: true,
    config: { title, data_view_id: idOf(of, view), field_name: field, single_select: one === true },
  }
}

function panelOf(of: Specification, dashboard: Dashboard, panel: Panel): Json {
  const { id, title, place, chart } = panel
  const words = { title, description: aboutOf(panel, dashboard) }
  const at = { id, grid: place }
  if (chart.kind === 'list') {
    return { ...at, type: 'discover_session', config: { ...words, ref_id: idOf(of, chart.search) } }
  }
  if (chart.kind === 'note') return { ...at, type: 'markdown', config: { ...words, content: chart.markdown } }
  const query = { language: 'kql', expression: queryOf(chart) }
  return { ...at, type: 'vis', config: { ...words, query, ...chartOf(of, chart) } }
}

function chartOf(of: Specification, chart: Exclude<Chart, { kind: 'list' | 'note' }>): Json {
  switch (chart.kind) {
    case 'number':
      return {
        type: 'metric',
        data_source: sourceOf(of, chart.view),
        metrics: [
          { type: 'primary', ...measureOf(chart.value) },
          { type: 'secondary', ...measureOf(chart.outOf) },
        ],
      }
    case 'time':
      return {
        type: 'xy',
        layers: [
          ...chart.layers.map(layer => layerOf(of, layer)),
          ...(chart.marked ? marksOf(of, chart.layers[0]!.view) : []),
        ],
      }
    case 'bars':
      return {
        type: 'xy',
        layers: [
          {
            type: barsOf(chart),
            data_source: sourceOf(of, chart.view),
            x: termsOf(chart.by),
            y: [measureOf(chart.measure)],
            ...(chart.split && { breakdown_by: termsOf(chart.split) }),
          },
        ],
      }
    case 'heat':
      return {
        type: 'heatmap',
        data_source: sourceOf(of, chart.view),
        metric: measureOf(chart.measure),
        x: chart.across === 'time' ? timeOf(chart.view) : termsOf(chart.across),
        y: termsOf(chart.down),
      }
    case 'table':
      return {
        type: 'data_table',
        data_source: sourceOf(of, chart.view),
        metrics: chart.measures.map(measureOf),
        rows: chart.by.map(termsOf),
        styling: {
          paging: ROWS_A_PAGE,
          sort_by: { column_type: 'metric', index: chart.sortedBy, direction: 'desc' },
        },
      }
  }
}

function layerOf(of: Specification, { view, shape, split, measure, isDenominator }: TimeLayer): Json {
  return {
    type: shape,
    data_source: sourceOf(of, view),
    x: timeOf(view),
    y: [{ ...measureOf(measure), ...(isDenominator && { axis: 'y2' }) }],
    ...(split && { breakdown_by: termsOf(split) }),
  }
}

function marksOf(of: Specification, view: ViewName): readonly Json[] {
  return markLayers(of).map(marks => ({
    type: 'annotations',
    data_source: sourceOf(of, view),
    ignore_global_filters: true,
    events: marks.map(({ at, name }) => ({
      type: 'point',
      timestamp: at,
      label: name,
      icon: 'circle',
      color: { type: 'static', color: MARK_COLOR },
      line: { stroke_width: 1, stroke_dash: 'dashed' },
    })),
  }))
}

function sourceOf(of: Specification, view: ViewName): Json {
  return { type: 'data_view_reference', ref_id: idOf(of, view) }
}

function timeOf(view: ViewName): Json {
  return { operation: 'date_histogram', field: (VIEWS[view] as View).time }
}

function termsOf({ label, field, most }: Terms): Json {
  const rank_by = { type: 'metric', metric_index: 0, direction: 'desc' }
  return { operation: 'terms', label, fields: [field], limit: most, rank_by }
}

function measureOf(measure: Measure): Json {
  const { label } = measure
  if (measure.kind === 'rate') {
    const format = { type: 'number', decimals: RATE_DECIMALS }
    return { operation: 'formula', label, formula: formulaOf(measure), format }
  }
  const filter = measure.where && { filter: { language: 'kql', expression: kql(measure.where) } }
  if (measure.kind === 'count') return { operation: 'count', label, ...filter }
  return { operation: 'unique_count', label, field: measure.field, ...filter }
}
