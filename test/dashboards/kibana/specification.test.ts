/** What the dashboards say of the index must be true of the index, and every chart must say what it is out of. */
import { describe, expect, test } from 'vitest'
import { CATEGORIES, STATUSES } from '../../../core/labels.ts'
import { fieldsOf as fieldsOfCondition } from '../../../dashboards/kibana/condition.ts'
import type { Condition } from '../../../dashboards/kibana/condition.ts'
import { FIELDS, INDICES, VIEWS } from '../../../dashboards/kibana/fields.ts'
import type { FieldName, View, ViewName } from '../../../dashboards/kibana/fields.ts'
import { idOf } from '../../../dashboards/kibana/panels.ts'
import type {
  Chart,
  Dashboard,
  Measure,
  Panel,
  SavedSearch,
} from '../../../dashboards/kibana/specification.ts'
import { fieldsOf, namesOf } from '../../../index/elasticsearch-mapping.ts'
import { specification } from './installation.ts'

const { dashboards, searches } = specification
const names = Object.keys(FIELDS) as FieldName[]

const KIND_OF_TYPE: Readonly<Record<string, string>> = {
  keyword: 'keyword',
  date: 'date',
  byte: 'number',
  integer: 'number',
  long: 'number',
  double: 'number',
  boolean: 'boolean',
}

describe('the fields of the dashboards', () => {
  for (const name of names) {
    test(`${name} is in the index, of its kind, and can be counted by`, () => {
      for (const index of FIELDS[name].in) {
        const field = fieldsOf(index)[name]
        expect(field, `${name} in ${index}`).toBeDefined()
        expect(KIND_OF_TYPE[field?.type ?? ''], `${name} in ${index}`).toBe(FIELDS[name].kind)
        expect(field?.['doc_values'], `${name} in ${index}`).not.toBe(false)
        expect(field?.['index'], `${name} in ${index}`).not.toBe(false)
      }
    })
  }

  test('a field is said to be in every index that has it', () => {
    const wrong = names.flatMap(name =>
      INDICES.filter(index => name in fieldsOf(index) !== FIELDS[name].in.includes(index)).map(
        index => `${name} in ${index}`,
      ),
    )
    expect(wrong).toEqual([])
  })

  test('a data view reads the aliases that the index keeps', () => {
    const known = namesOf('opomena')
    expect(INDICES.map(index => idOf(specification, index))).toEqual(INDICES.map(index => known.alias(index)))
  })

  test('what tells passages from articles is in one of their indices alone', () => {
    expect(FIELDS.live.in).toEqual(['flags'])
    expect(FIELDS.visible.in).toEqual(['articles'])
  })
})

// ---------------------------------------------------------------- panels

const view = (name: ViewName): View => VIEWS[name]

/** Whether each index of the view has the field, or for conditions and measures: one of them. */
function hasAll(name: ViewName, field: FieldName): boolean {
  return view(name).indices.every(index => FIELDS[field].in.includes(index))
}
function hasOne(name: ViewName, field: FieldName): boolean {
  return view(name).indices.some(index => FIELDS[field].in.includes(index))
}

function faultsOfCondition(condition: Condition): string[] {
  if ('not' in condition) return faultsOfCondition(condition.not)
  if ('all' in condition) return condition.all.flatMap(faultsOfCondition)
  if ('any' in condition) return condition.any.flatMap(faultsOfCondition)
  const { field } = condition
  const { kind } = FIELDS[field]
  if ('is' in condition) {
    const fits = typeof condition.is === 'boolean' ? kind === 'boolean' : kind === 'keyword'
    const known: readonly string[] | undefined =
      field === 'status' ? STATUSES : field === 'category' ? CATEGORIES : undefined
    const isKnown = known === undefined || known.includes(String(condition.is))
    return fits && isKnown ? [] : [`${field} is ${String(condition.is)}`]
  }
  if ('oneOf' in condition) return kind === 'keyword' ? [] : [`${field} is one of several`]
  if ('atLeast' in condition) return kind === 'number' ? [] : [`${field} is at least`]
  if ('before' in condition) return kind === 'date' ? [] : [`${field} is before`]
  return []
}

function faultsOfMeasure(name: ViewName, measure: Measure): string[] {
  const conditions =
    measure.kind === 'rate' ? [measure.count, measure.of] : measure.where ? [measure.where] : []
  const fields = [
    ...conditions.flatMap(fieldsOfCondition),
    ...(measure.kind === 'distinct' ? [measure.field] : []),
  ]
  // Where two kinds of documents are counted together, a number must say of which it is.
  const isMixed = view(name).indices.length > 1 && conditions.length === 0
  return [
    ...conditions.flatMap(faultsOfCondition),
    ...fields.filter(field => !hasOne(name, field)).map(field => `${field} is not in ${name}`),
    ...(isMixed ? [`${measure.label} counts everything in ${name}`] : []),
  ]
}

function partsOf(chart: Chart): {
  readonly measures: readonly (readonly [ViewName, Measure])[]
  readonly terms: readonly (readonly [ViewName, FieldName])[]
  readonly timed: readonly ViewName[]
} {
  switch (chart.kind) {
    case 'number':
      return {
        measures: [
          [chart.view, chart.value],
          [chart.view, chart.outOf],
        ],
        terms: [],
        timed: [],
      }
    case 'time':
      return {
        measures: chart.layers.map(layer => [layer.view, layer.measure] as const),
        terms: chart.layers.flatMap(({ view, split }) => (split ? [[view, split.field] as const] : [])),
        timed: chart.layers.map(layer => layer.view),
      }
    case 'table':
      return {
        measures: chart.measures.map(one => [chart.view, one] as const),
        terms: chart.by.map(({ field }) => [chart.view, field] as const),
        timed: [],
      }
    case 'bars':
      return {
        measures: [[chart.view, chart.measure]],
        terms: [chart.by, ...(chart.split ? [chart.split] : [])].map(
          ({ field }) => [chart.view, field] as const,
        ),
        timed: [],
      }
    case 'heat':
      return {
        measures: [[chart.view, chart.measure]],
        terms: [chart.down, ...(chart.across === 'time' ? [] : [chart.across])].map(
          ({ field }) => [chart.view, field] as const,
        ),
        timed: chart.across === 'time' ? [chart.view] : [],
      }
    case 'list':
    case 'note':
      return { measures: [], terms: [], timed: [] }
  }
}

function faultsOfPanel({ id, chart }: Panel): string[] {
  const { measures, terms, timed } = partsOf(chart)
  return [
    ...measures.flatMap(([name, measure]) => faultsOfMeasure(name, measure)),
    ...terms.filter(([name, field]) => !hasAll(name, field)).map(([, field]) => `no ${field}`),
    ...terms
      .filter(([, field]) => FIELDS[field].kind === 'date')
      .map(([, field]) => `${field} is no value to group by`),
    ...timed.filter(name => view(name).time === undefined).map(name => `${name} has no time`),
  ].map(fault => `${id}: ${fault}`)
}

for (const dashboard of dashboards) {
  describe(dashboard.title, () => {
    test('reads fields that its views have, each for what it is', () => {
      expect(dashboard.panels.flatMap(faultsOfPanel)).toEqual([])
    })

    test('orders rows and bars by a count: Kibana cannot order by a formula', () => {
      const first = dashboard.panels.flatMap(({ chart }) =>
        chart.kind === 'table'
          ? [chart.measures[0]!.kind]
          : chart.kind === 'bars'
            ? [chart.measure.kind]
            : [],
      )
      expect(new Set(first)).toEqual(new Set(first.length > 0 ? ['count'] : []))
    })

    test('says of every chart what it is out of', () => {
      expect(dashboard.panels.filter(panel => !saysOutOf(dashboard, panel)).map(({ id }) => id)).toEqual([])
    })

    test('filters by what every index behind its panels has', () => {
      const read = new Set(dashboard.panels.flatMap(({ chart }) => viewsRead(chart)))
      const wrong = dashboard.controls.flatMap(({ field }) =>
        [...read].filter(name => !hasAll(name, field)).map(name => `${field} in ${name}`),
      )
      expect(wrong).toEqual([])
      for (const { view, field } of dashboard.controls) {
        expect(hasAll(view, field) && FIELDS[field].kind === 'keyword', field).toBe(true)
      }
    })

    test('has panels of their own names that do not overlap and leave no row empty', () => {
      const ids = dashboard.panels.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(layoutFaults(dashboard.panels)).toEqual([])
    })
  })
}

function viewsRead(chart: Chart): readonly ViewName[] {
  if (chart.kind === 'list') return [searchOf(chart.search)!.view]
  return partsOf(chart).measures.map(([name]) => name)
}

const searchOf = (id: string): SavedSearch | undefined => searches.find(one => one.id === id)

/** A number has it beside it, a chart over time draws it, a rate table has its column, the others name their tile. */
function saysOutOf({ panels }: Dashboard, { chart, outOf, title }: Panel): boolean {
  const tile = panels.find(({ id }) => id === outOf)
  if (outOf !== undefined && tile?.chart.kind !== 'number') return false
  switch (chart.kind) {
    case 'number':
      return true
    case 'time':
      return chart.layers.some(({ isDenominator }) => isDenominator) && /right axis/u.test(title)
    case 'table':
      return chart.measures.filter(({ kind }) => kind === 'count').length >= 2
    case 'note':
      return true
    default:
      return tile !== undefined
  }
}

function layoutFaults(panels: readonly Panel[]): string[] {
  const faults: string[] = []
  const taken = new Map<string, string>()
  let bottom = 0
  for (const { id, place } of panels) {
    if (place.x < 0 || place.y < 0 || place.w < 1 || place.h < 1) faults.push(`${id} has no size`)
    if (place.x + place.w > 48) faults.push(`${id} is wider than the grid`)
    bottom = Math.max(bottom, place.y + place.h)
    for (let x = place.x; x < place.x + place.w; x += 1) {
      for (let y = place.y; y < place.y + place.h; y += 1) {
        const other = taken.get(`${x} ${y}`)
        if (other !== undefined) faults.push(`${id} lies on ${other}`)
        taken.set(`${x} ${y}`, id)
      }
    }
  }
  for (let y = 0; y < bottom; y += 1) if (!taken.has(`0 ${y}`)) faults.push(`row ${y} is empty`)
  return [...new Set(faults)]
}

describe('the saved searches', () => {
  for (const search of searches) {
    test(`${search.title} shows and sorts by fields of its view, and no words`, () => {
      const { view: name, columns, where, sort } = search
      expect([...columns, sort[0]].filter(field => !hasAll(name, field))).toEqual([])
      expect(where ? faultsOfCondition(where) : []).toEqual([])
      expect((where ? fieldsOfCondition(where) : []).filter(field => !hasAll(name, field))).toEqual([])
    })
  }

  test('those that dashboards show are there, each id once', () => {
    const shown = dashboards.flatMap(({ panels }) =>
      panels.flatMap(({ chart }) => (chart.kind === 'list' ? [chart.search] : [])),
    )
    expect(shown.filter(id => !searchOf(id))).toEqual([])
    expect(new Set(searches.map(({ id }) => id)).size).toBe(searches.length)
  })

  test('quotes, headlines and names of speakers stay in Opomena, where they are covered', () => {
    for (const word of ['quote', 'sentence', 'why', 'headline', 'speaker', 'author']) {
      expect(names).not.toContain(word)
    }
  })
})

describe('the checks of this file', () => {
  test('find a field that is elsewhere, a wrong use and a number of two kinds', () => {
    const chart: Chart = {
      kind: 'bars',
      view: 'readings',
      by: { label: 'Category', field: 'category', most: 5 },
      measure: { kind: 'count', label: 'All' },
    }
    const panel: Panel = { id: 'x', title: 'X', about: '', place: { x: 0, y: 0, w: 1, h: 1 }, chart }
    expect(faultsOfPanel(panel)).toEqual(['x: All counts everything in readings', 'x: no category'])
    expect(faultsOfCondition({ field: 'severity', is: 'grave' })).toEqual(['severity is grave'])
    expect(faultsOfCondition({ field: 'status', is: 'confirm' })).toEqual(['status is confirm'])
    expect(saysOutOf(dashboards[0]!, panel)).toBe(false)
    expect(layoutFaults([panel, { ...panel, id: 'y' }])).toEqual(['y lies on x'])
  })
})
