/** What each character is to a reader of words: part of one or not, of which script, and its folded form. */
import { PLAIN } from './letters.ts'

// An entry of the table: below, the folded form where it is one or two letters of a byte each; above, what it is.
export const SEPARATOR = 1 << 16
/** Invisible: dropped wherever it stands, and it does not end a word. */
export const IGNORED = 1 << 17
/** A combining mark: it belongs to the word before it. */
export const MARK = 1 << 18
/** Half of a character beyond the first 65,536. */
export const SURROGATE = 1 << 19
export const WORD = 1 << 20
/** Part of a word that folds to the one letter in the entry, or to the two there. */
export const SINGLE = 1 << 21
export const PAIR = 1 << 22
export const DIGIT = 1 << 23
/** Two of these in one word make it a mixed one. */
export const LATIN_SCRIPT = 1 << 24
export const CYRILLIC_SCRIPT = 1 << 25
export const GREEK_SCRIPT = 1 << 26
export const SCRIPTS = LATIN_SCRIPT | CYRILLIC_SCRIPT | GREEK_SCRIPT

/** Filled as characters are met, so that nothing is paid for the 60,000 that no article of ours holds; 0 until then. */
export const CHARACTERS = new Int32Array(0x10000)
/** Folded forms that are longer, or of letters beyond a byte. */
const LONG = new Map<number, string>()
const ASTRAL = new Map<number, number>()

/** Whether letters of these scripts in one word make it a mixed one. */
export function isMixed(scripts: number): boolean {
  const found = scripts & SCRIPTS
  return (found & (found - 1)) !== 0
}

/** The entry of a UTF-16 unit. */
export function characterOf(unit: number): number {
  return CHARACTERS[unit]! || learnCharacter(unit)
}

export function learnCharacter(unit: number): number {
  if (unit >= 0xd800 && unit <= 0xdfff) return (CHARACTERS[unit] = SURROGATE)
  const char = String.fromCharCode(unit)
  const folded = foldCharacter(char)
  let entry = kindOf(char, folded)
  if (entry & WORD) {
    if (/^[\0-\xff]$/.test(folded)) entry |= SINGLE | folded.charCodeAt(0)
    else if (/^[\0-\xff]{2}$/.test(folded)) entry |= PAIR | folded.charCodeAt(0) | (folded.charCodeAt(1) << 8)
    else LONG.set(unit, folded)
    if (/^\d$/.test(folded)) entry |= DIGIT
  }
  return (CHARACTERS[unit] = entry)
}

/** The folded form of a UTF-16 unit, whatever stands around it. */
export function foldedOf(unit: number): string {
  const entry = characterOf(unit)
  if ((entry & SINGLE) !== 0) return String.fromCharCode(entry & 0xff)
  if ((entry & PAIR) !== 0) return String.fromCharCode(entry & 0xff, (entry >> 8) & 0xff)
  return LONG.get(unit) ?? foldCharacter(String.fromCharCode(unit))
}

/** What a character is of which a text holds the first half; half of a pair alone parts words. */
export function astralOf(codePoint: number): { readonly entry: number; readonly width: number } {
  if (codePoint < 0x10000) return { entry: SEPARATOR, width: 1 }
  let entry = ASTRAL.get(codePoint)
  if (entry === undefined) {
    const char = String.fromCodePoint(codePoint)
    entry = kindOf(char, foldCharacter(char))
    ASTRAL.set(codePoint, entry)
  }
  return { entry, width: 2 }
}

const IGNORABLE = /^\p{Default_Ignorable_Code_Point}$/u
const COMBINING = /^\p{M}$/u
/** Letters and digits; no superscripts (footnotes) and no modifier letters (apostrophes). */
export const LETTERS_AND_DIGITS = /^[\p{Ll}\p{Lo}\p{Nd}\p{Nl}]+$/u
const WORD_CHARACTER = /^[\p{L}\p{Nd}\p{Nl}]$/u
const ENCLOSED_LETTER = /^\p{So}$/u

function kindOf(char: string, folded: string): number {
  if (IGNORABLE.test(char)) return IGNORED
  if (COMBINING.test(char)) return MARK
  const isWord = WORD_CHARACTER.test(char) || (ENCLOSED_LETTER.test(char) && folded.length === 1)
  return isWord && LETTERS_AND_DIGITS.test(folded)
    ? WORD | scriptOfCharacter(char.normalize('NFKC'))
    : SEPARATOR
}

/** The script of a character, if it is one of the three that are mixed up. */
export function scriptOfCharacter(char: string): number {
  if (/\p{Script=Latin}/u.test(char)) return LATIN_SCRIPT
  if (/\p{Script=Greek}/u.test(char)) return GREEK_SCRIPT
  // Only letters that become Latin: a folded word then never looks mixed again.
  return /\p{Script=Cyrillic}/u.test(char) && /^[\0-\u{24f}]+$/u.test(foldCharacter(char))
    ? CYRILLIC_SCRIPT
    : 0
}

/** The folded form of one character, whatever stands around it. */
export function foldCharacter(char: string): string {
  let folded = ''
  for (const one of char.normalize('NFKC').toLowerCase()) folded += PLAIN[one] ?? withoutMarks(one)
  return folded
}

function withoutMarks(char: string): string {
  if (char < '\u0080') return char
  let bare = ''
  for (const one of char.normalize('NFD')) if (!COMBINING.test(one)) bare += PLAIN[one] ?? one
  return bare.normalize('NFC')
}
