/** Words that were split or disguised to escape a filter, and abbreviations written with stops: put together again. */
import type { Token } from '../core/text.ts'
import { FIGURE, ODD } from '../core/word-scan.ts'
import type { WordScan } from '../core/word-scan.ts'
import { wordIn } from './letter-trie.ts'
import type { Pack } from './pack.ts'
import type { Word } from './words.ts'

/** What splits a word in two while the eye still reads one: `gje,noc,id`, `g.e.n.o.c.i.d`. */
const SPLITTERS = `.,_*'’·•|+-/\\~=#^`
/** Signs that are read as a letter. */
const SIGN_LETTERS: Readonly<Record<string, string>> = {
  '@': 'a',
  $: 's',
  '!': 'i',
  '¡': 'i',
  '€': 'e',
  '£': 'l',
}
const DIGIT_LETTERS: readonly Readonly<Record<string, string>>[] = [
  { 0: 'o', 1: 'i', 2: 'z', 3: 'e', 4: 'a', 5: 's', 6: 'g', 7: 't', 8: 'b', 9: 'g' },
  { 0: 'o', 1: 'l', 2: 'z', 3: 'e', 4: 'a', 5: 's', 6: 'b', 7: 't', 8: 'b', 9: 'g' },
]
const MIN_JOINED = 5
const MAX_PARTS = 16
/** Longer ones are data, not words. */
const MAX_DISGUISED = 40

/** A word of a text before any are put together. */
export function tokenAt({ letters, ends, places }: WordScan, at: number): Token {
  return {
    folded: wordIn(letters, at === 0 ? 0 : ends[at - 1]! + 1, ends[at]!),
    start: places[at * 2]!,
    end: places[at * 2 + 1]!,
  }
}

/** A word, and as many behind it as may be parts of it. */
function tokensFrom(scan: WordScan, at: number): Token[] {
  const tokens = [tokenAt(scan, at)]
  const last = Math.min(scan.count, at + MAX_PARTS)
  for (let next = at + 1; next < last; next += 1) {
    if (scan.places[next * 2]! - scan.places[next * 2 - 1]! > (next === at + 1 ? 2 : 1)) break
    tokens.push(tokenAt(scan, next))
  }
  return tokens
}

const SPACE = 0x20
const STOP = 0x2e
/** Letters before the first stop of an abbreviation. */
const MAX_ABBREVIATED = 5
const IS_SPLITTER = new Uint8Array(0x10000)
for (const sign of SPLITTERS + Object.keys(SIGN_LETTERS).join('')) IS_SPLITTER[sign.charCodeAt(0)] = 1

/** Whether a word may be an abbreviation or a disguise: decided by signs and digits alone, as most words are neither. */
export function mayChange(scan: WordScan, at: number, pack: Pack): boolean {
  const { units, places, kinds, count } = scan
  if (kinds[at] === ODD) return true
  if (at + 1 >= count) return false
  const end = places[at * 2 + 1]!
  const gap = places[at * 2 + 2]! - end
  if (gap > 2) return false
  const sign = units[end]!
  if (gap === 2) return sign === STOP && mayAbbreviate(scan, at, pack)
  if (sign !== SPACE && IS_SPLITTER[sign] === 1) return true
  // "8 000", and letters spaced out.
  if (kinds[at] === FIGURE && kinds[at + 1] === FIGURE) return true
  return sign === SPACE && end - places[at * 2]! === 1 && places[at * 2 + 3]! - end === 2
}

function mayAbbreviate(scan: WordScan, at: number, { joined }: Pack): boolean {
  const from = at === 0 ? 0 : scan.ends[at - 1]! + 1
  if (scan.ends[at]! - from > MAX_ABBREVIATED) return false
  const word = wordIn(scan.letters, from, scan.ends[at]!)
  return joined.some(([first]) => first === word)
}

interface Change {
  readonly word: Word
  /** How many words of the text it takes. */
  readonly tokens: number
}

/** The word that begins with the word `at` of a text, where it is not that word itself. */
export function wordAt(
  text: string,
  scan: WordScan,
  at: number,
  pack: Pack,
  isTerm: (folded: string) => boolean,
): Change | undefined {
  const tokens = tokensFrom(scan, at)
  const [token, next] = tokens as [Token, Token?]
  if (next) {
    const whole = text.charAt(token.end) === '.' ? abbreviation(pack, token, next) : undefined
    if (whole !== undefined) return { word: { folded: whole, start: token.start, end: next.end }, tokens: 2 }
    const joined = next.start - token.end === 1 ? joinedAt(text, tokens, isTerm) : undefined
    if (joined) return joined
  }
  const word = hasDigit(token.folded) ? withoutDigits(token, isTerm) : withoutRuns(token, isTerm)
  return word && { word, tokens: 1 }
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
  isTerm: (folded: string) => boolean,
): Change | undefined {
  const first = tokens[0]!
  const sign = text.charAt(first.end)
  const second = tokens[1]!
  if (/^\d{1,3}$/.test(first.folded) && /^\d{3}$/.test(second.folded) && /[.,\s]/.test(sign)) {
    return { word: { folded: first.folded + second.folded, start: first.start, end: second.end }, tokens: 2 }
  }
  const letters = sign === '*' ? starred(first, second, isTerm) : SIGN_LETTERS[sign]
  if (letters !== undefined) {
    const folded = first.folded + letters + second.folded
    if (folded.length >= MIN_JOINED && isTerm(folded))
      return { word: { folded, start: first.start, end: second.end, disguised: true }, tokens: 2 }
  }
  const spaced = sign === ' ' && first.end - first.start === 1 && second.end - second.start === 1
  if (!spaced && !SPLITTERS.includes(sign)) return undefined
  return longestOf(partsOf(text, tokens, sign, spaced), spaced, sign, isTerm)
}

/** The tokens that stand in a row with one sign between them. */
function partsOf(text: string, tokens: readonly Token[], sign: string, spaced: boolean): readonly Token[] {
  let parts = 1
  for (; parts < MAX_PARTS; parts += 1) {
    const before = tokens[parts - 1]!
    const here = tokens[parts]
    if (here?.start !== before.end + 1 || text.charAt(before.end) !== sign) break
    if (spaced && here.end - here.start !== 1) break
  }
  return tokens.slice(0, parts)
}

/** The longest row that is a word of the lexicon: a letter behind it may be a word of its own. */
function longestOf(
  parts: readonly Token[],
  spaced: boolean,
  sign: string,
  isTerm: (folded: string) => boolean,
): Change | undefined {
  for (let count = parts.length; count > (spaced ? MIN_JOINED - 1 : 1); count -= 1) {
    const row = parts.slice(0, count)
    const length = row.reduce((sum, part) => sum + part.folded.length, 0)
    if (length > MAX_DISGUISED) continue
    if (length < MIN_JOINED) return undefined
    const folded = row.map(part => part.folded).join('')
    if (!isTerm(folded)) continue
    const end = row.at(-1)!.end
    const word = { folded, start: row[0]!.start, end }
    return { word: sign === '-' ? word : { ...word, disguised: true }, tokens: count }
  }
  return undefined
}

/** The one letter that can stand for the star in `a*b`; with several choices nothing is guessed. */
function starred(first: Token, second: Token, isTerm: (folded: string) => boolean): string | undefined {
  if (first.folded.length + second.folded.length + 1 < MIN_JOINED) return undefined
  const fitting = LETTERS.filter(letter => isTerm(first.folded + letter + second.folded))
  return fitting.length === 1 ? fitting[0] : undefined
}

const LETTERS = 'a b c d e f g h i j k l m n o p q r s t u v w x y z'.split(' ')

/** `šiiiptari`: stretched, and a word of the lexicon only without that. */
function withoutRuns(token: Token, isTerm: (folded: string) => boolean): Word | undefined {
  if (token.folded.length > MAX_DISGUISED || isTerm(token.folded)) return undefined
  const folded = token.folded.replace(/(\p{L})\1{2,}/gu, '$1')
  return folded.length < token.folded.length && folded.length >= MIN_JOINED && isTerm(folded)
    ? { folded, start: token.start, end: token.end, disguised: true }
    : undefined
}

function withoutDigits(token: Token, isTerm: (folded: string) => boolean): Word | undefined {
  if (token.folded.length < 4 || token.folded.length > MAX_DISGUISED || !/[a-z]/.test(token.folded))
    return undefined
  for (const letters of DIGIT_LETTERS) {
    const folded = token.folded.replace(/\d/g, digit => letters[digit] ?? digit)
    if (isTerm(folded)) return { ...token, folded, disguised: true }
  }
  return undefined
}
