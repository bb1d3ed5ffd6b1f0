/** Markers: what the rules know of the words of a text, told to the encoder as words of its own before them. */
import { ADJUDICATIONS } from '../../core/reference.ts'
import { MAX_REST, parsePattern } from '../pattern.ts'
import type { Pattern } from '../pattern.ts'
import type { Reading, Term } from '../reading.ts'
import { ACQUITTED } from './acquitted.ts'
import { FIRST_MARKER } from './model-text.ts'

/** An event comes with how far courts have gone; a number of the list is that of its character. */
export const MARKERS = [
  'GROUP',
  ...ADJUDICATIONS.map(adjudication => `EVENT ${adjudication}` as const),
  'CONVICTED',
  'HONOURED',
  'ACQUITTED',
] as const
export type Marker = (typeof MARKERS)[number]

export function markerCharacter(marker: Marker): string {
  return String.fromCharCode(FIRST_MARKER + MARKERS.indexOf(marker))
}

/** For words `first` to `end`: the character to stand before each that begins something known, the longest of several. */
export function markersIn(
  { words, terms }: Pick<Reading, 'words' | 'terms'>,
  first: number,
  end: number,
): ReadonlyMap<number, string> {
  const longest = new Map<number, { readonly end: number; readonly marker: Marker }>()
  for (const term of terms) {
    if (term.start < first || term.start >= end) continue
    const marker = markerOf(term)
    if (marker && term.end > (longest.get(term.start)?.end ?? 0))
      longest.set(term.start, { end: term.end, marker })
  }
  const found = new Map([...longest].map(([at, { marker }]) => [at, markerCharacter(marker)]))
  // Folded once: each word is the first of many patterns.
  const folded = words.slice(first, end).map(word => word.folded)
  for (let at = 0; at < folded.length; at += 1) {
    if (ACQUITTED_PATTERNS.some(pattern => standsAt(folded, at, pattern)))
      found.set(first + at, markerCharacter('ACQUITTED'))
  }
  return found
}

function markerOf({ source }: Term): Marker | undefined {
  if (source.kind === 'event') return `EVENT ${source.event.adjudication}`
  if (source.kind === 'person') return source.status === 'other' ? 'HONOURED' : 'CONVICTED'
  if (source.kind === 'target' || source.kind === 'rule') return 'GROUP'
  return undefined
}

const ACQUITTED_PATTERNS: readonly Pattern[] = ACQUITTED.map(({ pattern }) => parsePattern(pattern))

function standsAt(folded: readonly string[], at: number, pattern: Pattern): boolean {
  return pattern.every(({ of }, offset) => {
    const word = folded[at + offset]
    return (
      word !== undefined &&
      of.some(
        one =>
          one.kind === 'stem' && word.startsWith(one.folded) && word.length <= one.folded.length + MAX_REST,
      )
    )
  })
}
