/**
 * The normaliser: one folded form for every way to write a word of our languages (script, diacritics, case, look-alike
 * and invisible characters), with a way back to the original text. Matching, search and ids all use it.
 */
import type { Script } from './labels.ts'
import { lightStem } from './light-stem.ts'
import { characterOf, CYRILLIC_SCRIPT, DIGIT, LATIN_SCRIPT, WORD } from './characters.ts'
import { isMixedWord, undisguised } from './fold-word.ts'
import { LATIN } from './letters.ts'
import { lettersUpTo, MAX_CHARS, scanWords } from './word-scan.ts'
import type { WordScan } from './word-scan.ts'

export { lightStem, undisguised }

/** A word of a text: its folded form, and where it stands in the original (UTF-16 offsets, end exclusive). */
export interface Token {
  readonly folded: string
  readonly start: number
  readonly end: number
}

/** Longest word the index keeps: longer ones are data, not language. */
const MAX_SEARCH_WORD = 64

/** The words of a text in folded form, in order. The raw slice of each folds to its folded form. */
export function tokenize(text: string): Token[] {
  const scan = scanWords(text)
  const folded = foldedText(scan)
  const { count, ends, places } = scan
  return Array.from({ length: count }, (_, word) => ({
    folded: folded.slice(word === 0 ? 0 : ends[word - 1]! + 1, ends[word]),
    start: places[word * 2]!,
    end: places[word * 2 + 1]!,
  }))
}

/** A text as its folded words (letters and digits only) with single spaces between: equal for all ways to write the same words. */
export function fold(text: string): string {
  return foldedText(scanWords(text))
}

function foldedText({ count, ends }: WordScan): string {
  return count === 0 ? '' : lettersUpTo(ends[count - 1]!)
}

/** The words of a text as the index keeps them, one of each per word: folded, and folded to their light stem. */
export function searchTokens(text: string): { exact: string[]; stem: string[] } {
  const folded = fold(text)
  const exact = folded === '' ? [] : folded.split(' ').map(searchWord)
  return { exact, stem: exact.map(lightStem) }
}

/** A folded word as long as the index keeps it. */
export function searchWord(folded: string): string {
  return folded.length > MAX_SEARCH_WORD ? folded.slice(0, MAX_SEARCH_WORD).toWellFormed() : folded
}

// ---------------------------------------------------------------- scripts

/** Whether a word mixes scripts, as words do that were disguised with look-alike letters. */
export function isMixedScript(word: string): boolean {
  return isMixedWord(word.slice(0, MAX_CHARS))
}

/** From this share of its letters on, a second script makes a text `mixed`; names and addresses stay below. */
const FAIR_SHARE = 0.2

/** The script of a text by the share of its letters; `other` when most letters are neither Latin nor Cyrillic, or none. */
export function scriptOf(text: string): Script {
  let latin = 0
  let cyrillic = 0
  let other = 0
  const length = Math.min(text.length, MAX_CHARS)
  for (let at = 0; at < length; at++) {
    const entry = characterOf(text.charCodeAt(at))
    if ((entry & LATIN_SCRIPT) !== 0) latin++
    else if ((entry & CYRILLIC_SCRIPT) !== 0) cyrillic++
    else if ((entry & WORD) !== 0 && (entry & DIGIT) === 0) other++
  }
  return scriptByLetters(latin, cyrillic, other)
}

/** The script of a text with so many letters of each. */
export function scriptByLetters(latin: number, cyrillic: number, other: number): Script {
  if (latin + cyrillic <= other) return 'other'
  const share = cyrillic / (latin + cyrillic)
  return share < FAIR_SHARE ? 'Latn' : share > 1 - FAIR_SHARE ? 'Cyrl' : 'mixed'
}

/** A text with its Cyrillic written in Latin, diacritics and case kept (`Њ` in a word of capitals becomes `NJ`). */
export function latinize(text: string): string {
  return text.replace(/[\u0400-\u045f]/g, (char, at: number) => {
    const lower = char.toLowerCase()
    const latin = LATIN[lower]
    if (latin === undefined || char === lower) return latin ?? char
    const next = text.charAt(at + 1)
    const shouting = next !== next.toLowerCase() || (!/\p{Ll}/u.test(next) && isUpper(text.charAt(at - 1)))
    return shouting ? latin.toUpperCase() : latin.charAt(0).toUpperCase() + latin.slice(1)
  })
}

function isUpper(char: string): boolean {
  return char !== char.toLowerCase()
}
