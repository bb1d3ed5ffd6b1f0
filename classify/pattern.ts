/**
 * The pattern language of lexicons and of `config/events.yml`, for people who do not program:
 * `word`, `stem*` (at most six more letters), `stem~endings` (a closed set of the language's pack), `a/b` (either),
 * `~n` (up to n words between), `{NAME}` (a macro). Both sides are folded, so script and diacritics do not matter.
 */
import { fold } from '../core/text.ts'

export type Word =
  | { readonly kind: 'word'; readonly folded: string }
  | { readonly kind: 'stem'; readonly folded: string; readonly endings?: ReadonlySet<string> }
  | { readonly kind: 'macro'; readonly name: Macro }

/** One place of a pattern: any of these words, at most `gap` words after the place before it. */
export interface Element {
  readonly gap: number
  readonly of: readonly Word[]
}
export type Pattern = readonly Element[]

/**
 * Macros filled by what was found in the text. All others are lists of words in a lexicon. `{GROUP!noun}` is a group as
 * people: "Serbs", not "Serbian".
 */
export const MACROS = ['GROUP', 'GROUP!noun', 'SLUR', 'EVENT', 'PERSON', 'META'] as const
export type Macro = (typeof MACROS)[number]

/** Letters that may follow `stem*`. */
export const MAX_REST = 6
const MAX_GAP = 12
const MAX_ELEMENTS = 8

export interface Dictionary {
  readonly inflections: Readonly<Record<string, readonly string[]>>
  /** Macros of the lexicon: name to its alternatives, as written. */
  readonly macros: Readonly<Record<string, string>>
}

export const EMPTY_DICTIONARY: Dictionary = { inflections: {}, macros: {} }

/** @throws Error that says what was expected and what came; the reader of the file adds where. */
export function parsePattern(text: string, dictionary: Dictionary = EMPTY_DICTIONARY): Pattern {
  const elements: Element[] = []
  let gap: number | undefined
  for (const part of text.trim().split(/\s+/u)) {
    if (part === '') throw new Error('expected a pattern such as "genocid* ~2 srebrenic*", found nothing')
    const spacer = /^~(\d+)$/u.exec(part)
    if (spacer) {
      if (gap !== undefined || elements.length === 0)
        throw new Error(`expected a word before and after "${part}"`)
      gap = Number(spacer[1])
      if (gap > MAX_GAP) throw new Error(`expected a gap of at most ${MAX_GAP} words, found "${part}"`)
      continue
    }
    elements.push({ gap: gap ?? 0, of: parseAlternatives(part, dictionary) })
    gap = undefined
  }
  if (gap !== undefined) throw new Error('expected a word after the last gap')
  if (elements.length > MAX_ELEMENTS)
    throw new Error(`expected at most ${MAX_ELEMENTS} places, found ${elements.length}`)
  return elements
}

/** The words of `a/b/c`, macros replaced by their words. */
export function parseAlternatives(
  text: string,
  dictionary: Dictionary,
  within: readonly string[] = [],
): Word[] {
  return text.split('/').flatMap(part => parseWord(part.trim(), dictionary, within))
}

function parseWord(part: string, dictionary: Dictionary, within: readonly string[]): readonly Word[] {
  if (part === '') throw new Error('expected a word between the strokes of "a/b", found nothing')
  const macro = /^\{([A-Z_]+(?:!noun)?)\}$/u.exec(part)
  if (macro) return parseMacro(macro[1]!, dictionary, within)
  const [, written, star, ending] = /^([\p{L}\p{N}\p{M}]+)(?:(\*)|~([a-z-]+))?$/u.exec(part) ?? []
  if (written === undefined) {
    throw new Error(`expected a word, stem*, stem~endings or {MACRO}, found "${part}"`)
  }
  if (star) return spellings(written).map(folded => ({ kind: 'stem', folded: longEnough(folded, part) }))
  if (ending === undefined) return spellings(written).map(folded => ({ kind: 'word', folded }))
  const endings = dictionary.inflections[ending]
  if (!endings)
    throw new Error(`unknown endings "~${ending}"; known: ${Object.keys(dictionary.inflections).join(', ')}`)
  const folded = new Set(endings.map(one => fold(one)))
  return spellings(written).map(stem => ({ kind: 'stem', folded: stem, endings: folded }))
}

function parseMacro(name: string, dictionary: Dictionary, within: readonly string[]): readonly Word[] {
  if ((MACROS as readonly string[]).includes(name)) return [{ kind: 'macro', name: name as Macro }]
  if (within.includes(name))
    throw new Error(`macro {${name}} contains itself: ${[...within, name].join(' > ')}`)
  const known = parsedMacros(dictionary)
  const parsed = known.get(name)
  if (parsed) return parsed
  const text = dictionary.macros[name]
  if (text === undefined) {
    throw new Error(
      `unknown macro {${name}}; known: ${[...MACROS, ...Object.keys(dictionary.macros)].join(', ')}`,
    )
  }
  const words = parseAlternatives(text, dictionary, [...within, name])
  known.set(name, words)
  return words
}

/** Hundreds of patterns share a macro: it is parsed once. */
const PARSED = new WeakMap<Dictionary, Map<string, readonly Word[]>>()

function parsedMacros(dictionary: Dictionary): Map<string, readonly Word[]> {
  const known = PARSED.get(dictionary) ?? new Map<string, readonly Word[]>()
  PARSED.set(dictionary, known)
  return known
}

/** A stem of one or two letters would hit half the dictionary. */
function longEnough(folded: string, part: string): string {
  if (folded.length < 3) throw new Error(`expected at least three letters before the star, found "${part}"`)
  return folded
}

/** Macedonian typed in plain Latin writes these otherwise than folded Cyrillic does: dusha, luge, kuka. */
const TYPED: Readonly<Record<string, string>> = { ш: 'sh', ч: 'ch', ж: 'zh', џ: 'dzh' }
const TYPED_HARD: Readonly<Record<string, string>> = { ѓ: 'g', ќ: 'k' }

/** The folded word; where it has đ, which people also type as plain d, or ш, typed as sh, that spelling too. */
function spellings(written: string): string[] {
  const letters = written.normalize('NFC')
  const folded = fold(letters)
  if (folded === '' || folded.includes(' ')) throw new Error(`expected one word, found "${written}"`)
  const ways = [folded]
  if (/[đĐђЂ]/u.test(letters)) ways.push(fold(letters.replace(/[đĐђЂ]/gu, 'd')))
  // Most words have none of these letters, and folding is most of the time it takes to read a lexicon.
  if (/[шчжџѓќ]/iu.test(letters))
    ways.push(...[TYPED, TYPED_HARD, { ...TYPED, ...TYPED_HARD }].map(one => typed(letters, one)))
  return [...new Set(ways)]
}

/** Folded in pieces: beside Latin letters fold would read у, х or с as their Latin doubles. */
function typed(written: string, letters: Readonly<Record<string, string>>): string {
  return Array.from(
    written.toLowerCase().matchAll(/[шчжџѓќ]|[^шчжџѓќ]+/gu),
    ([part]) => letters[part] ?? fold(part),
  ).join('')
}
