/** What a chart asks of Elasticsearch, as Kibana would: its conditions and its groups as Query DSL. */
import type { Condition } from '../../../dashboards/kibana/condition.ts'
import { VIEWS } from '../../../dashboards/kibana/fields.ts'
import type { Index, View, ViewName } from '../../../dashboards/kibana/fields.ts'
import { viewsOf } from '../../../dashboards/kibana/panels.ts'
import type { Chart, Measure, Specification, Terms } from '../../../dashboards/kibana/specification.ts'

export interface ChartRequest {
  readonly indices: readonly Index[]
  readonly body: object
}

/** Undefined for a chart that asks nothing. A chart over time asks for its first layer. */
export function requestOf(chart: Chart, { searches }: Specification): ChartRequest | undefined {
  if (chart.kind === 'note') return undefined
  if (chart.kind === 'list') {
    const search = searches.find(({ id }) => id === chart.search)!
    return request(
      [search.view],
      search.where,
      {},
      { size: 10, sort: [{ [search.sort[0]]: search.sort[1] }] },
    )
  }
  return request(viewsOf(chart), undefined, aggregations(chart))
}

const view = (name: ViewName): View => VIEWS[name]

function request(
  views: readonly ViewName[],
  where: Condition | undefined,
  aggs: object,
  more: object = { size: 0 },
): ChartRequest {
  const shown = views.map(name => view(name).where).filter(one => one !== undefined)
  const filter = [...(shown.length > 0 ? [dsl({ any: shown })] : []), ...(where ? [dsl(where)] : [])]
  const indices = [...new Set(views.flatMap(name => view(name).indices))]
  return { indices, body: { track_total_hits: true, query: { bool: { filter } }, aggs, ...more } }
}

function aggregations(chart: Exclude<Chart, { kind: 'list' | 'note' }>): object {
  switch (chart.kind) {
    case 'number':
      return { ...measured('value', chart.value), ...measured('outOf', chart.outOf) }
    case 'time': {
      const [{ view: name, measure, split }] = [chart.layers[0]!]
      return overTime(name, split ? terms(split, [measure]) : measured('measure-0', measure))
    }
    case 'bars':
      return terms(chart.by, [chart.measure], chart.split && terms(chart.split, [chart.measure], {}, 'split'))
    case 'table':
      return chart.by.reduceRight<object>((inner, by) => terms(by, chart.measures, inner), {})
    case 'heat': {
      const down = terms(chart.down, [chart.measure], {}, 'down')
      return chart.across === 'time' ? overTime(chart.view, down) : terms(chart.across, [chart.measure], down)
    }
  }
}

function overTime(name: ViewName, aggs: object): object {
  return { by: { date_histogram: { field: view(name).time, calendar_interval: 'day' }, aggs } }
}

function terms(
  { field, most }: Terms,
  measures: readonly Measure[],
  inner: object = {},
  name = 'by',
): object {
  const aggs = Object.assign(
    {},
    inner,
    ...measures.map((one, at) => measured(`measure-${at}`, one)),
  ) as object
  return { [name]: { terms: { field, size: most, order: { 'measure-0': 'desc' } }, aggs } }
}

/** A rate asks for what it divides. */
function measured(name: string, measure: Measure): object {
  if (measure.kind === 'rate') {
    return { [name]: { filter: dsl(measure.count) }, [`${name}-of`]: { filter: dsl(measure.of) } }
  }
  const filter = measure.where ? dsl(measure.where) : { match_all: {} }
  if (measure.kind === 'count') return { [name]: { filter } }
  return { [name]: { filter, aggs: { distinct: { cardinality: { field: measure.field } } } } }
}

/** A condition as Kibana reads its KQL. */
function dsl(condition: Condition): object {
  if ('not' in condition) return { bool: { must_not: dsl(condition.not) } }
  if ('all' in condition) return { bool: { filter: condition.all.map(dsl) } }
  if ('any' in condition) return { bool: { should: condition.any.map(dsl), minimum_should_match: 1 } }
  const { field } = condition
  if ('is' in condition) return { term: { [field]: condition.is } }
  if ('oneOf' in condition) return { terms: { [field]: condition.oneOf } }
  if ('exists' in condition) return { exists: { field } }
  if ('atLeast' in condition) return { range: { [field]: { gte: condition.atLeast } } }
  return { range: { [field]: { lt: condition.before } } }
}
