/** Columns of a layer of Lens: what it groups by and what it counts. */
import { kql } from './condition.ts'
import type { Condition } from './condition.ts'
import { FIELDS, VIEWS } from './fields.ts'
import type { View, ViewName } from './fields.ts'
import { formulaOf, syntaxTree } from './formula.ts'
import type { Rate } from './formula.ts'
import { RATE_DECIMALS } from './panels.ts'
import type { Measure, Terms } from './specification.ts'

type Json = Readonly<Record<string, unknown>>
/** By id, in the order of the layer. */
export type Columns = Readonly<Record<string, Json>>

/** The values most passages or articles have, ordered by another column. */
export function termsColumn({ label, field, most }: Terms, orderedBy: string): Json {
  return {
    label,
    customLabel: true,
    dataType: FIELDS[field].kind === 'number' ? 'number' : 'string',
    operationType: 'terms',
    scale: 'ordinal',
    sourceField: field,
    isBucketed: true,
    params: {
      size: most,
      orderBy: { type: 'column', columnId: orderedBy },
      orderDirection: 'desc',
      otherBucket: false,
      missingBucket: false,
      parentFormat: { id: 'terms' },
      include: [],
      exclude: [],
      includeIsRegex: false,
      excludeIsRegex: false,
    },
  }
}

export function timeColumn(view: ViewName): Json {
  return {
    label: 'Time',
    customLabel: true,
    dataType: 'date',
    operationType: 'date_histogram',
    scale: 'interval',
    sourceField: (VIEWS[view] as View).time,
    isBucketed: true,
    params: { interval: 'auto', includeEmptyRows: true, dropPartials: false },
  }
}

const numeric = { dataType: 'number', isBucketed: false, scale: 'ratio', customLabel: true } as const
const filtered = (where: Condition | undefined): Json =>
  where ? { filter: { query: kql(where), language: 'kuery' } } : {}

/** One column, or for a rate the four that Lens makes of a formula. */
export function measureColumns(id: string, measure: Measure): Columns {
  if (measure.kind === 'rate') return rateColumns(id, measure)
  const { label, where } = measure
  const what =
    measure.kind === 'count'
      ? { operationType: 'count', sourceField: '___records___' }
      : { operationType: 'unique_count', sourceField: measure.field }
  return { [id]: { ...numeric, label, ...what, ...filtered(where), params: { emptyAsNull: false } } }
}

function rateColumns(id: string, rate: Rate): Columns {
  const counted = `${id}X0`
  const against = `${id}X1`
  const math = `${id}X2`
  const label = `Part of ${rate.label}`
  const count = {
    ...numeric,
    label,
    operationType: 'count',
    sourceField: '___records___',
    params: { emptyAsNull: false },
  }
  return {
    [id]: {
      ...numeric,
      label: rate.label,
      operationType: 'formula',
      params: {
        formula: formulaOf(rate),
        isFormulaBroken: false,
        format: { id: 'number', params: { decimals: RATE_DECIMALS } },
      },
      references: [math],
    },
    [counted]: { ...count, ...filtered(rate.count) },
    [against]: { ...count, ...filtered(rate.of) },
    [math]: {
      ...numeric,
      label,
      operationType: 'math',
      params: { tinymathAst: syntaxTree(rate, counted, against) },
      references: [counted, against],
    },
  }
}
