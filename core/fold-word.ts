/** The folded form of a word that letter by letter would fold wrongly: one with marks, or with letters of two scripts. */
import {
  characterOf,
  CYRILLIC_SCRIPT,
  foldCharacter,
  foldedOf,
  GREEK_SCRIPT,
  isMixed,
  LATIN_SCRIPT,
  LETTERS_AND_DIGITS,
  scriptOfCharacter,
  SCRIPTS,
} from './characters.ts'
import { CYRILLIC_LOOKALIKES, LATIN_LOOKALIKES } from './letters.ts'

type Letters = Readonly<Record<string, string>>
const NOTHING: Letters = {}

export function foldWord(word: string): string {
  let folded = ''
  for (const char of undisguised(word)) folded += foldedForm(char)
  const letters = LETTERS_AND_DIGITS.test(folded)
    ? folded
    : folded.replace(/[^\p{Ll}\p{Lo}\p{Nd}\p{Nl}]/gu, '')
  // Parts of Korean syllables that a mark held apart.
  return letters.normalize('NFC')
}

/** A word in its own script and case: look-alike letters of other scripts put right, invisible characters gone. */
export function undisguised(word: string): string {
  const composed = compose(word)
  const lookalikes = lookalikesFor(composed)
  let own = ''
  for (const char of composed) own += lookalikes[char] ?? greekBase(char, lookalikes)
  return own
}

/** Macedonian ѐ and ѝ as a Latin keyboard gives them: beside Cyrillic they are Cyrillic, as no Latin word of ours has them. */
const TYPED_IN_LATIN = /[èì]/iu

/** Whether a word mixes scripts, as words do that were disguised with look-alike letters. */
export function isMixedWord(word: string): boolean {
  let scripts = 0
  let typed = 0
  for (const char of compose(word)) {
    if (TYPED_IN_LATIN.test(char)) typed = LATIN_SCRIPT
    else scripts |= scriptOfLetter(char)
  }
  return isMixed((scripts & CYRILLIC_SCRIPT) === 0 ? scripts | typed : scripts)
}

/**
 * Invisible characters go first, so that a joiner cannot part a letter from its accent. Runs of marks are cut to 30
 * (the Stream-Safe Text Format of UAX #15) before any normalisation, which is quadratic in them.
 */
function compose(word: string): string {
  return word
    .replace(/\p{Default_Ignorable_Code_Point}+/gu, '')
    .replace(/(\p{M}{30})\p{M}+/gu, '$1')
    .toWellFormed()
    .normalize('NFKC')
}

/** Accents are common in Greek; a look-alike hides under them too. */
function greekBase(char: string, lookalikes: Letters): string {
  return scriptOfLetter(char) === GREEK_SCRIPT ? (lookalikes[char.normalize('NFD').charAt(0)] ?? char) : char
}

/**
 * The look-alikes to replace in a word of two scripts. The script with more letters that only it has wins, because a
 * disguised word keeps those; then the one with more letters at all, then Latin. Greek never wins: among letters of
 * our languages it is always a disguise.
 */
function lookalikesFor(word: string): Letters {
  let latin = 0
  let cyrillic = 0
  let typed = 0
  // A letter that only one script has outweighs all that look like another's.
  const sure = word.length + 1
  for (const char of word) {
    const script = scriptOfLetter(char)
    if (TYPED_IN_LATIN.test(char)) typed += sure
    else if (script === LATIN_SCRIPT) latin += char in CYRILLIC_LOOKALIKES ? 1 : sure
    if (script === CYRILLIC_SCRIPT) cyrillic += char in LATIN_LOOKALIKES ? 1 : sure
  }
  if (cyrillic === 0) latin += typed
  if (latin === 0 && cyrillic === 0) return NOTHING
  return latin >= cyrillic ? LATIN_LOOKALIKES : CYRILLIC_LOOKALIKES
}

function scriptOfLetter(char: string): number {
  return char.length > 1 ? scriptOfCharacter(char) : characterOf(char.charCodeAt(0)) & SCRIPTS
}

function foldedForm(char: string): string {
  return char.length > 1 ? foldCharacter(char) : foldedOf(char.charCodeAt(0))
}
