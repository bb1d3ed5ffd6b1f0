/** The order in which an article shows its flags and decisions. */
import type { Decision } from '../core/decision.ts'
import type { FlagDocument } from '../core/document.ts'
import { FIELDS } from '../core/labels.ts'

export function byPlace(a: FlagDocument, b: FlagDocument): number {
  const field = FIELDS.indexOf(a.field) - FIELDS.indexOf(b.field)
  return field || a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1)
}

export function byTime(a: Decision, b: Decision): number {
  return Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1)
}
