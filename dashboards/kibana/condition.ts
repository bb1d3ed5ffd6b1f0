/** Conditions of panels and searches as data, so that their fields can be checked, and as KQL, which Kibana reads. */
import type { FieldName } from './fields.ts'

export type Condition =
  | { readonly field: FieldName; readonly is: string | boolean }
  | { readonly field: FieldName; readonly oneOf: readonly string[] }
  | { readonly field: FieldName; readonly exists: true }
  | { readonly field: FieldName; readonly atLeast: number }
  /** Date mathematics of Elasticsearch, for example `now-48h`. */
  | { readonly field: FieldName; readonly before: string }
  | { readonly not: Condition }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }

export function kql(condition: Condition): string {
  if ('not' in condition) return `not ${within(condition.not)}`
  if ('all' in condition) return condition.all.map(within).join(' and ')
  if ('any' in condition) return condition.any.map(within).join(' or ')
  const { field } = condition
  if ('is' in condition) return `${field}: ${valueOf(condition.is)}`
  if ('oneOf' in condition) return `${field}: (${condition.oneOf.map(valueOf).join(' or ')})`
  if ('exists' in condition) return `${field}: *`
  if ('atLeast' in condition) return `${field} >= ${condition.atLeast}`
  return `${field} < ${valueOf(condition.before)}`
}

/** Every field a condition speaks of. */
export function fieldsOf(condition: Condition): readonly FieldName[] {
  if ('not' in condition) return fieldsOf(condition.not)
  if ('all' in condition) return condition.all.flatMap(fieldsOf)
  if ('any' in condition) return condition.any.flatMap(fieldsOf)
  return [condition.field]
}

function within(condition: Condition): string {
  const isOneTerm = !('not' in condition || 'all' in condition || 'any' in condition)
  return isOneTerm ? kql(condition) : `(${kql(condition)})`
}

function valueOf(value: string | boolean): string {
  return typeof value === 'boolean' ? String(value) : `"${value.replace(/["\\]/gu, '\\$&')}"`
}
