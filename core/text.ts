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
  const { spans } = scanWords(text)
  const folded = textOf(lastOf(spans))
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
  return textOf(lastOf(scanWords(text).spans))
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

/** The words of a text as numbers: what a matcher reads without a string per word. */
export interface WordScan {
  /** Folded letters of all words, one space between two words. Shared: true until the next text is read. */
  readonly letters: Uint16Array
  /** Four numbers a word: start and end in `letters`, start and end in the text. */
  readonly spans: Int32Array
  /** 1 for each word with a digit, or with one letter three times in a row. Shared, too. */
  readonly odd: Uint8Array
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
/** The folded form where it is one letter, as nearly always; 0 elsewhere. */
const FOLDED_LETTER = new Uint16Array(0x10000)
const ASTRAL = new Map<number, { readonly class: number; readonly folded: string }>()
const IS_MIXED = Uint8Array.from({ length: SCRIPTS_MASK + 1 }, (_, scripts) => (MIXED.has(scripts) ? 1 : 0))

// Reused from call to call; a text is at most MAX_CHARS long and rarely grows.
let out = new Uint16Array(4096)
let found = new Int32Array(4096)
let odd = new Uint8Array(1024)
/** Every letter of `out` fits in a byte. */
let isNarrow = true

const SPACE = 0x20
const NINE = 0x39
/** Letters that one character folds to at most. */
const MOST_FOLDED = 4

/** Finds and folds the words of a text in one pass, without a string per word. */
export function scanWords(text: string): WordScan {
  const length = Math.min(text.length, MAX_CHARS)
  // Room for the folded letters and a space before each word.
  let letters = out.length > length * (MOST_FOLDED + 1) ? out : grown(length * (MOST_FOLDED + 1))
  let spans = 0
  let written = 0
  let seen = 0
  let at = 0
  while (at < length) {
    let code = text.charCodeAt(at)
    let kind = CLASSES[code]! || classify(code)
    if (kind < WORD) {
      at++
      continue
    }
    if (kind === SURROGATE) {
      const [astral, width] = classifyAstral(text, at, length)
      if (astral < WORD) {
        at += width
        continue
      }
    }
    const start = at
    const from = written === 0 ? 0 : written + 1
    let to = from
    let end = at
    let scripts = 0
    // Whether each character folds by itself, whatever stands beside it.
    let isPlain = true
    let isOdd = 0
    // To the end of the word; marks count only when they follow a letter, invisible characters only between letters.
    for (;;) {
      if (kind >= WORD && kind !== SURROGATE) {
        if (end !== at) isPlain = false
        const letter = FOLDED_LETTER[code]!
        if (letter !== 0) {
          letters[to++] = letter
          seen |= letter
          if (letter <= NINE || (letter === letters[to - 2] && letter === letters[to - 3])) isOdd = 1
        } else {
          to = write(FOLDED[code]!, to)
          seen |= 0x100
        }
        scripts |= kind
        end = ++at
      } else if (kind === IGNORED) at++
      else {
        let width = 1
        if (kind === SURROGATE) [kind, width] = classifyAstral(text, at, length)
        if (kind === SEPARATOR) break
        isPlain = false
        scripts |= kind
        at += width
        end = at
      }
      if (at >= length) break
      code = text.charCodeAt(at)
      kind = CLASSES[code]! || classify(code)
      if (kind === SEPARATOR) break
    }
    if (written > 0) letters[written] = SPACE
    if (!isPlain || IS_MIXED[scripts & SCRIPTS_MASK] === 1) {
      const word = foldWord(text.slice(start, end))
      // Compatibility forms may be longer than what they stand for.
      const needed = from + word.length + (length - end) * (MOST_FOLDED + 1)
      if (needed >= letters.length) letters = grown(needed)
      to = write(word, from)
      seen |= 0x100
      isOdd = 1
    }
    written = to
    if (spans + 4 > found.length) {
      found = enlarged(found, new Int32Array(found.length * 2))
      odd = enlarged(odd, new Uint8Array(found.length / 4))
    }
    odd[spans >> 2] = isOdd
    found[spans++] = from
    found[spans++] = to
    found[spans++] = start
    found[spans++] = end
  }
  isNarrow = seen < 0x100
  return { letters, spans: found.slice(0, spans), odd }
}

function grown(size: number): Uint16Array<ArrayBuffer> {
  return (out = enlarged(out, new Uint16Array((size + 1) * 2)))
}

function enlarged<A extends Uint8Array | Uint16Array | Int32Array>(array: A, larger: A): A {
  larger.set(array)
  return larger
}

function write(word: string, to: number): number {
  for (let at = 0; at < word.length; at++) out[to++] = word.charCodeAt(at)
  return to
}

function lastOf(spans: Int32Array): number {
  return spans.length === 0 ? 0 : spans[spans.length - 3]!
}

/** The letters of the text read last. */
function textOf(length: number): string {
  // One byte a character where that is enough: nearly always, and the string is then half as large and faster to compare.
  if (!isNarrow) {
    for (let at = 0; at < length; at++) {
      if (out[at]! > 0xff) return Buffer.from(out.buffer, 0, length * 2).toString('utf16le')
    }
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
  if (folded.length === 1) FOLDED_LETTER[code] = folded.charCodeAt(0)
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
