/**
 * The normaliser: one folded form for every way to write a word of our languages (script, diacritics, case, look-alike
 * and invisible characters), with a way back to the original text. Matching, search and ids all use it.
 */
import type { Script } from './labels.ts'
import { lightStem } from './light-stem.ts'
import { CYRILLIC_LOOKALIKES, LATIN, LATIN_LOOKALIKES, PLAIN } from './letters.ts'

export { lightStem }

/** A word of a text: its folded form, and where it stands in the original (UTF-16 offsets, end exclusive). */
export interface Token {
  readonly folded: string
  readonly start: number
  readonly end: number
}

/** Longest text that is read; what comes after is left alone. */
const MAX_CHARS = 200_000
/** Longest word the index keeps: longer ones are data, not language. */
const MAX_SEARCH_WORD = 64

/** The words of a text in folded form, in order. The raw slice of each folds to its folded form. */
export function tokenize(text: string): Token[] {
  const { folded, spans } = normalize(text)
  const tokens: Token[] = []
  for (let at = 0; at < spans.length; at += 4) {
    tokens.push({
      folded: folded.slice(spans[at], spans[at + 1]),
      start: spans[at + 2]!,
      end: spans[at + 3]!,
    })
  }
  return tokens
}

/** A text as its folded words (letters and digits only) with single spaces between: equal for all ways to write the same words. */
export function fold(text: string): string {
  return normalize(text).folded
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

// ---------------------------------------------------------------- one pass over a text

interface Normalized {
  /** Folded words with single spaces between. */
  readonly folded: string
  /** Four numbers a word: start and end in `folded`, start and end in the text. */
  readonly spans: readonly number[]
}

// What a character is. A class below WORD never begins a word.
const SEPARATOR = 1
/** Invisible: dropped wherever it stands, and it does not end a word. */
const IGNORED = 2
/** A combining mark: it belongs to the word before it. */
const MARK = 3
const WORD = 4
// Added to WORD: two of them in one word make it a mixed one.
const LATIN_SCRIPT = 8
const CYRILLIC_SCRIPT = 16
const GREEK_SCRIPT = 32
/** Half of a character beyond the first 65,536. */
const SURROGATE = 255
const SCRIPTS_MASK = LATIN_SCRIPT | CYRILLIC_SCRIPT | GREEK_SCRIPT
const MIXED = new Set([
  LATIN_SCRIPT | CYRILLIC_SCRIPT,
  LATIN_SCRIPT | GREEK_SCRIPT,
  CYRILLIC_SCRIPT | GREEK_SCRIPT,
  SCRIPTS_MASK,
])

// Filled as characters are met, so that nothing is paid for the 60,000 that no article of ours holds.
const CLASSES = new Uint8Array(0x10000)
const FOLDED: string[] = new Array<string>(0x10000)
const ASTRAL = new Map<number, { readonly class: number; readonly folded: string }>()

// Reused from call to call; a text is at most MAX_CHARS long and rarely grows.
let out = new Uint16Array(4096)

function normalize(text: string): Normalized {
  const length = Math.min(text.length, MAX_CHARS)
  const spans: number[] = []
  let written = 0
  let at = 0
  while (at < length) {
    let width = 1
    let kind = CLASSES[text.charCodeAt(at)]! || classify(text.charCodeAt(at))
    if (kind === SURROGATE) [kind, width] = classifyAstral(text, at, length)
    if (kind < WORD) {
      at += width
      continue
    }
    const start = at
    let end = at
    let scripts = 0
    // Characters that fold by themselves, whatever stands beside them.
    let plain = 0
    // To the end of the word; marks count only when they follow a letter, invisible characters only between letters.
    for (; at < length; at += width) {
      const code = text.charCodeAt(at)
      width = 1
      kind = CLASSES[code]! || classify(code)
      if (kind === SURROGATE) [kind, width] = classifyAstral(text, at, length)
      else if (kind >= WORD) plain++
      if (kind === SEPARATOR) break
      if (kind === IGNORED) continue
      scripts |= kind & SCRIPTS_MASK
      end = at + width
    }
    const from = written === 0 ? 0 : written + 1
    const simple = plain === end - start && !MIXED.has(scripts)
    const word = simple ? '' : foldWord(text.slice(start, end))
    // A letter folds to four at most; a word that took the long way has its length already.
    reserve(from + 1 + (simple ? (end - start) * 4 : word.length))
    if (written > 0) out[written] = SPACE
    written = simple ? writePlain(text, start, end, from) : write(word, from)
    spans.push(from, written, start, end)
  }
  return { folded: textOf(written), spans }
}

const SPACE = 0x20

function reserve(size: number): void {
  if (size <= out.length) return
  const larger = new Uint16Array(size * 2)
  larger.set(out)
  out = larger
}

function writePlain(text: string, start: number, end: number, to: number): number {
  for (let at = start; at < end; at++) {
    const folded = FOLDED[text.charCodeAt(at)]!
    out[to++] = folded.charCodeAt(0)
    for (let next = 1; next < folded.length; next++) out[to++] = folded.charCodeAt(next)
  }
  return to
}

function write(word: string, to: number): number {
  for (let at = 0; at < word.length; at++) out[to++] = word.charCodeAt(at)
  return to
}

function textOf(length: number): string {
  // One byte a character where that is enough: nearly always, and the string is then half as large and faster to compare.
  for (let at = 0; at < length; at++) {
    if (out[at]! > 0xff) return Buffer.from(out.buffer, 0, length * 2).toString('utf16le')
  }
  return Buffer.from(out.subarray(0, length)).toString('latin1')
}

// ---------------------------------------------------------------- one character

const IGNORABLE = /^\p{Default_Ignorable_Code_Point}$/u
const COMBINING = /^\p{M}$/u
/** Letters and digits; no superscripts (footnotes) and no modifier letters (apostrophes). */
const LETTERS_AND_DIGITS = /^[\p{Ll}\p{Lo}\p{Nd}\p{Nl}]+$/u
const WORD_CHARACTER = /^[\p{L}\p{Nd}\p{Nl}]$/u
const ENCLOSED_LETTER = /^\p{So}$/u

function classify(code: number): number {
  if (code >= 0xd800 && code <= 0xdfff) return (CLASSES[code] = SURROGATE)
  const char = String.fromCharCode(code)
  const folded = foldCharacter(char)
  FOLDED[code] = folded
  return (CLASSES[code] = classOf(char, folded))
}

/** Class and width of the character at a surrogate; half of a pair is no character. */
function classifyAstral(text: string, at: number, length: number): [number, number] {
  const code = text.codePointAt(at)!
  if (code < 0x10000 || at + 2 > length) return [SEPARATOR, 1]
  let known = ASTRAL.get(code)
  if (!known) {
    const char = String.fromCodePoint(code)
    const folded = foldCharacter(char)
    known = { class: classOf(char, folded), folded }
    ASTRAL.set(code, known)
  }
  return [known.class, 2]
}

function classOf(char: string, folded: string): number {
  if (IGNORABLE.test(char)) return IGNORED
  if (COMBINING.test(char)) return MARK
  const isWord = WORD_CHARACTER.test(char) || (ENCLOSED_LETTER.test(char) && folded.length === 1)
  return isWord && LETTERS_AND_DIGITS.test(folded) ? WORD | scriptBit(char.normalize('NFKC')) : SEPARATOR
}

/** The script of a character, if it is one of the three that are mixed up. */
function scriptBit(char: string): number {
  if (/\p{Script=Latin}/u.test(char)) return LATIN_SCRIPT
  if (/\p{Script=Greek}/u.test(char)) return GREEK_SCRIPT
  // Only letters that become Latin: a folded word then never looks mixed again.
  return /\p{Script=Cyrillic}/u.test(char) && /^[\0-\u{24f}]+$/u.test(foldCharacter(char))
    ? CYRILLIC_SCRIPT
    : 0
}

/** The folded form of one character, whatever stands around it. */
function foldCharacter(char: string): string {
  let folded = ''
  for (const one of char.normalize('NFKC').toLowerCase()) {
    folded += PLAIN[one] ?? withoutMarks(one)
  }
  return folded
}

function withoutMarks(char: string): string {
  if (char < '\u0080') return char
  let bare = ''
  for (const one of char.normalize('NFD')) if (!COMBINING.test(one)) bare += PLAIN[one] ?? one
  return bare.normalize('NFC')
}

// ---------------------------------------------------------------- one word, the long way

/**
 * The folded form of a word with marks, invisible characters, or letters of two scripts.
 * Invisible characters go first, so that a joiner cannot part a letter from its accent. Runs of marks are cut to 30
 * (the Stream-Safe Text Format of UAX #15) before any normalisation, which is quadratic in them.
 */
function foldWord(word: string): string {
  const composed = compose(word)
  const lookalikes = lookalikesFor(composed)
  let folded = ''
  for (const char of composed) folded += foldedOf(lookalikes[char] ?? greekBase(char, lookalikes))
  const letters = LETTERS_AND_DIGITS.test(folded)
    ? folded
    : folded.replace(/[^\p{Ll}\p{Lo}\p{Nd}\p{Nl}]/gu, '')
  // Parts of Korean syllables that a mark held apart.
  return letters.normalize('NFC')
}

/** Accents are common in Greek; a look-alike hides under them too. */
function greekBase(char: string, lookalikes: Readonly<Record<string, string>>): string {
  return scriptBitOf(char) === GREEK_SCRIPT ? (lookalikes[char.normalize('NFD').charAt(0)] ?? char) : char
}

function compose(word: string): string {
  return word
    .replace(/\p{Default_Ignorable_Code_Point}+/gu, '')
    .replace(/(\p{M}{30})\p{M}+/gu, '$1')
    .toWellFormed()
    .normalize('NFKC')
}

/**
 * The look-alikes to replace in a word of two scripts. The script with more letters that only it has wins, because a
 * disguised word keeps those; then the one with more letters at all, then Latin. Greek never wins: among letters of
 * our languages it is always a disguise.
 */
function lookalikesFor(word: string): Readonly<Record<string, string>> {
  let latin = 0
  let cyrillic = 0
  // A letter that only one script has outweighs all that look like another's.
  const sure = word.length + 1
  for (const char of word) {
    const script = scriptBitOf(char)
    // No Latin word of our languages has è or ì: beside Cyrillic they are Cyrillic.
    if (script === LATIN_SCRIPT && !/[èì]/iu.test(char)) latin += char in CYRILLIC_LOOKALIKES ? 1 : sure
    if (script === CYRILLIC_SCRIPT) cyrillic += char in LATIN_LOOKALIKES ? 1 : sure
  }
  if (latin === 0 && cyrillic === 0) return NOTHING
  return latin >= cyrillic ? LATIN_LOOKALIKES : CYRILLIC_LOOKALIKES
}

const NOTHING: Readonly<Record<string, string>> = {}

function scriptBitOf(char: string): number {
  if (char.length > 1) return scriptBit(char)
  const code = char.charCodeAt(0)
  return (CLASSES[code]! || classify(code)) & SCRIPTS_MASK
}

function foldedOf(char: string): string {
  if (char.length > 1) return foldCharacter(char)
  const code = char.charCodeAt(0)
  if (CLASSES[code] === 0) classify(code)
  return FOLDED[code] ?? ''
}

// ---------------------------------------------------------------- scripts

/** Whether a word mixes scripts, as words do that were disguised with look-alike letters. */
export function isMixedScript(word: string): boolean {
  let scripts = 0
  for (const char of compose(word.slice(0, MAX_CHARS))) scripts |= scriptBitOf(char)
  return MIXED.has(scripts)
}

/** From this share of its letters on, a second script makes a text `mixed`; names and addresses stay below. */
const FAIR_SHARE = 0.2

/** The script of a text by the share of its letters; `other` when most letters are neither Latin nor Cyrillic, or none. */
export function scriptOf(text: string): Script {
  let latin = 0
  let cyrillic = 0
  let other = 0
  for (let at = 0; at < Math.min(text.length, MAX_CHARS); at++) {
    const code = text.charCodeAt(at)
    const kind = CLASSES[code]! || classify(code)
    if (kind === SURROGATE || kind < WORD || (code >= 0x30 && code <= 0x39)) continue
    if (kind & LATIN_SCRIPT) latin++
    else if (kind & CYRILLIC_SCRIPT) cyrillic++
    else other++
  }
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
