/** What both emitters need of a panel: its id, its words, its condition, its marks. */
import { kql } from './condition.ts'
import type { Condition } from './condition.ts'
import { VIEWS } from './fields.ts'
import type { View, ViewName } from './fields.ts'
import type { Chart, Dashboard, Mark, Panel, Specification } from './specification.ts'

/** Grey: a mark explains a day and is no alarm. */
export const MARK_COLOR = '#69707D'
/** Kibana takes at most so many marks in one layer. */
const MARKS_IN_LAYER = 100

/** Ids are names: what is written again replaces what was written before. */
export function idOf({ prefix }: Pick<Specification, 'prefix'>, name?: string): string {
  return name === undefined ? prefix : `${prefix}-${name}`
}

/** The views a chart reads, each once. */
export function viewsOf(chart: Chart): readonly ViewName[] {
  if (chart.kind === 'time') return [...new Set(chart.layers.map(({ view }) => view))]
  return 'view' in chart ? [chart.view] : []
}

/** What of its views a chart shows; empty where it shows everything. */
export function queryOf(chart: Chart): string {
  const conditions = viewsOf(chart)
    .map(name => (VIEWS[name] as View).where)
    .filter((one): one is Condition => one !== undefined)
  return conditions.length === 0 ? '' : kql(conditions.length === 1 ? conditions[0]! : { any: conditions })
}

/** The sentences behind the title: what to know, and what it is out of. */
export function aboutOf({ about, outOf, chart }: Panel, dashboard: Dashboard): string {
  if (chart.kind === 'number') return `${about} The small number is what it is out of.`
  const tile = dashboard.panels.find(({ id }) => id === outOf)
  return tile ? `${about} Out of the number in “${tile.title}”.` : about
}

/** Layers of marks, small enough for Kibana. */
export function markLayers({ marks }: Specification): readonly (readonly Mark[])[] {
  return Array.from({ length: Math.ceil(marks.length / MARKS_IN_LAYER) }, (_, at) =>
    marks.slice(at * MARKS_IN_LAYER, (at + 1) * MARKS_IN_LAYER),
  )
}

export const RATE_DECIMALS = 2
export const ROWS_A_PAGE = 20

/** The shape of bars: stacked where they are split. */
export function barsOf({
  split,
}: Chart & { readonly kind: 'bars' }): 'bar_horizontal' | 'bar_horizontal_stacked' {
  return split ? 'bar_horizontal_stacked' : 'bar_horizontal'
}
