/** How a flag is told: a neutral line without its words, and, where wanted, a masked excerpt. */
import type { FlagDocument } from '../core/document.ts'
import { labelsOf } from '../core/query-fields.ts'
import type { Subscription } from '../core/subscription.ts'
import type { Phrases } from './phrases.ts'

const MAX_EXCERPT = 240

/** What kind of passage it is, of what or whom, who says it: `denial/outright, severity 4 of 5, srebrenica-1995, quoted, relays`. */
export function describe(document: FlagDocument, phrases: Phrases): string {
  const { category, subtype, severity, event, targets, voice, stance } = labelsOf(document)
  const about = event === undefined ? targets.join(' + ') : event
  return [`${category}/${subtype}`, phrases.severity(severity), about, voice, stance]
    .filter(part => part !== '')
    .join(', ')
}

/** `Glas Kotline (BA)`. */
export function outletOf(document: FlagDocument): string {
  const { name, country } = document.article.outlet
  return printable(country === undefined ? name : `${name} (${country})`)
}

/** The sentence as the subscription wants it: not at all, with the passages masked, or as it is. */
export function excerptOf(
  document: FlagDocument,
  passages: readonly string[],
  wanted: Subscription['excerpt'],
): string | undefined {
  if (wanted === 'none') return undefined
  const sentence = document.sentence.includes(document.quote) ? document.sentence : document.quote
  const shown = wanted === 'full' ? sentence : maskAll(sentence, [document.quote, ...passages])
  return around(printable(shown), printable(shown.slice(0, sentence.indexOf(document.quote))).length)
}

/** Longest first: a passage within another must not leave the rest of it open. */
function maskAll(sentence: string, passages: readonly string[]): string {
  return passages
    .filter(passage => passage !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((shown, passage) => shown.replaceAll(passage, mask(passage)), sentence)
}

/** A word is its first letter and stars, as long as it was: `b****`. */
export function mask(passage: string): string {
  return passage.replace(/[\p{L}\p{M}\p{N}]+/gu, word => {
    const first = String.fromCodePoint(word.codePointAt(0)!)
    return first + '*'.repeat(word.length - first.length)
  })
}

function around(text: string, at: number): string {
  if (text.length <= MAX_EXCERPT) return text
  const start = Math.max(0, Math.min(at - MAX_EXCERPT / 4, text.length - MAX_EXCERPT))
  const end = start + MAX_EXCERPT
  return `${start > 0 ? '…' : ''}${text.slice(start, end).toWellFormed()}${end < text.length ? '…' : ''}`
}

/** One line that stays where it is put: no line ends, no control characters, nothing that turns the direction of writing. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** The page of the flag, behind sign-in; never the page it was found on. */
export function itemUrl(document: FlagDocument, publicUrl: string): string {
  return `${publicUrl}/items/${encodeURIComponent(document.article.id)}#${encodeURIComponent(document.id)}`
}
