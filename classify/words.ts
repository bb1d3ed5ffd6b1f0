/** The words of a field as the matcher reads them: abbreviations joined, and words that were split or disguised put together. */
import { isMixedScript, tokenize } from '../core/text.ts'
import type { Token } from '../core/text.ts'
import type { Pack } from './pack.ts'

export interface Word extends Token {
  /** Written so as to escape a filter: letters split, or replaced by digits. */
  readonly disguised?: true
}

/** What splits a word in two while the eye still reads one: `gje,noc,id`, `g.e.n.o.c.i.d`. */
const SPLITTERS = `.,_*'’·•|+-`
const DIGIT_LETTERS: readonly Readonly<Record<string, string>>[] = [
  { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't' },
  { 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't' },
]
const MIN_JOINED = 5
const MAX_PARTS = 16

/** @param isTerm whether a folded word means anything to the lexicon: a disguise is believed only then. */
export function wordsOf(text: string, pack: Pack, isTerm: (folded: string) => boolean): readonly Word[] {
  const tokens = tokenize(text)
  let words: Word[] | undefined // copied only where something changes, which is rare
  let at = 0
  while (at < tokens.length) {
    const changed = wordAt(text, tokens, at, pack, isTerm)
    if (changed && !words) words = tokens.slice(0, at)
    words?.push(changed?.[0] ?? tokens[at]!)
    at += changed?.[1] ?? 1
  }
  return words ?? tokens
}

const SPACE = 0x20

/** The word that begins here and how many tokens it takes; undefined where the token is the word. */
function wordAt(
  text: string,
  tokens: readonly Token[],
  at: number,
  pack: Pack,
  isTerm: (folded: string) => boolean,
): [Word, number] | undefined {
  const token = tokens[at]!
  const next = tokens[at + 1]
  // Nearly every word is longer than this and followed by a space: decided without looking further.
  const isPlain = token.end - token.start > 3 && text.charCodeAt(token.end) === SPACE
  if (!isPlain && next && next.start - token.end <= 2) {
    const whole = text.charAt(token.end) === '.' ? abbreviation(pack, token, next) : undefined
    if (whole !== undefined) return [{ folded: whole, start: token.start, end: next.end }, 2]
    const joined = next.start - token.end === 1 ? joinedAt(text, tokens, at, isTerm) : undefined
    if (joined) return joined
  }
  if (!hasDigit(token.folded)) return undefined
  const word = withoutDigits(token, isTerm)
  return word && [word, 1]
}

function abbreviation(pack: Pack, first: Token, second: Token): string | undefined {
  return pack.joined.find(([one, two]) => one === first.folded && two === second.folded)?.[2]
}

function hasDigit(folded: string): boolean {
  for (let at = 0; at < folded.length; at += 1) {
    const code = folded.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) return true
  }
  return false
}

/** `8.000` as 8000, and parts with one sign between them as one word, if the lexicon knows it. */
function joinedAt(
  text: string,
  tokens: readonly Token[],
  at: number,
  isTerm: (folded: string) => boolean,
): [Word, number] | undefined {
  const first = tokens[at]!
  const sign = text.charAt(first.end)
  const second = tokens[at + 1]!
  if (/^\d{1,3}$/.test(first.folded) && /^\d{3}$/.test(second.folded) && /[.,\s]/.test(sign)) {
    return [{ folded: first.folded + second.folded, start: first.start, end: second.end }, 2]
  }
  const spaced = sign === ' ' && first.end - first.start === 1 && second.end - second.start === 1
  if (!spaced && !SPLITTERS.includes(sign)) return undefined
  let folded = first.folded
  let parts = 1
  for (; parts < MAX_PARTS; parts += 1) {
    const before = tokens[at + parts - 1]!
    const here = tokens[at + parts]
    if (here?.start !== before.end + 1 || text.charAt(before.end) !== sign) break
    if (spaced && here.end - here.start !== 1) break
    folded += here.folded
  }
  if (folded.length < MIN_JOINED || (spaced && parts < MIN_JOINED) || !isTerm(folded)) return undefined
  const end = tokens[at + parts - 1]!.end
  return [{ folded, start: first.start, end, ...(sign === '-' ? {} : { disguised: true }) }, parts]
}

function withoutDigits(token: Token, isTerm: (folded: string) => boolean): Word | undefined {
  if (token.folded.length < 4 || !/[a-z]/.test(token.folded)) return undefined
  for (const letters of DIGIT_LETTERS) {
    const folded = token.folded.replace(/\d/g, digit => letters[digit] ?? digit)
    if (isTerm(folded)) return { ...token, folded, disguised: true }
  }
  return undefined
}

/** Whether a word was written so as to escape a filter. */
export function isEvasive(text: string, word: Word): boolean {
  if (word.disguised) return true
  const raw = text.slice(word.start, word.end)
  return /\p{Default_Ignorable_Code_Point}/u.test(raw.replaceAll('\u00ad', '')) || isMixedScript(raw)
}
