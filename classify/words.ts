/** The words of a field as the matcher reads them: abbreviations joined, and words that were split or disguised put together. */
import { fold, isMixedScript } from '../core/text.ts'
import type { Token } from '../core/text.ts'
import { scanWords } from '../core/word-scan.ts'
import type { WordScan } from '../core/word-scan.ts'
import { wordIn } from './letter-trie.ts'
import { NO_FILL } from './matcher.ts'
import type { Vocabulary } from './matcher.ts'
import type { Pack } from './pack.ts'

export interface Word extends Token {
  /** Written so as to escape a filter: letters split, or replaced by digits. */
  readonly disguised?: true
}

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

/** The words of a text as the matcher reads them: where they stand, and what they can fill. */
export interface WordsRead {
  /** Two numbers a word: start and end in the text. */
  readonly spans: Int32Array
  /** What each word can fill, as the vocabulary numbers it. */
  readonly fills: Int32Array
  /** The words themselves, made when they are first asked for. */
  readonly words: () => readonly Word[]
}

// Filled anew by each text, then copied in its true length.
let spansRead = new Int32Array(2048)
let fillsRead = new Int32Array(1024)

export function readWords(text: string, pack: Pack, vocabulary: Vocabulary): WordsRead {
  const scan = scanWords(text)
  const { letters, spans, count: tokens } = scan
  if (fillsRead.length < tokens) {
    spansRead = new Int32Array(tokens * 4)
    fillsRead = new Int32Array(tokens * 2)
  }
  const changed = new Map<number, Word>()
  const isTerm = (folded: string): boolean => vocabulary.fillOf(folded) !== NO_FILL
  let count = 0
  for (let at = 0; at < tokens;) {
    const result = mayChange(scan, at) ? wordAt(text, tokensFrom(scan, at), pack, isTerm) : undefined
    spansRead[count * 2] = spans[at * 4 + 2]!
    if (result === undefined) {
      spansRead[count * 2 + 1] = spans[at * 4 + 3]!
      fillsRead[count] = vocabulary.read(letters, spans[at * 4]!, spans[at * 4 + 1]!)
      at += 1
    } else {
      const [word, taken] = result
      changed.set(count, word)
      spansRead[count * 2 + 1] = word.end
      fillsRead[count] = vocabulary.fillOf(word.folded)
      at += taken
    }
    count += 1
  }
  const places = spansRead.slice(0, count * 2)
  let made: Word[] | undefined
  return {
    spans: places,
    fills: fillsRead.slice(0, count),
    words: () =>
      (made ??= Array.from(
        { length: count },
        (_, at) => changed.get(at) ?? new PlainWord(text, places[at * 2]!, places[at * 2 + 1]!),
      )),
  }
}

/** A word as it stands in its text; folded when somebody asks. */
class PlainWord implements Word {
  readonly start: number
  readonly end: number
  readonly #text: string

  constructor(text: string, start: number, end: number) {
    this.#text = text
    this.start = start
    this.end = end
  }

  get folded(): string {
    return fold(this.#text.slice(this.start, this.end))
  }
}

/** The words of a text. @param isTerm whether a folded word means anything to the lexicon: a disguise is believed only then. */
export function wordsOf(text: string, pack: Pack, isTerm: (folded: string) => boolean): readonly Word[] {
  const scan = scanWords(text)
  const words: Word[] = []
  for (let at = 0; at < scan.count;) {
    const tokens = tokensFrom(scan, at)
    const result = mayChange(scan, at) ? wordAt(text, tokens, pack, isTerm) : undefined
    words.push(result?.[0] ?? tokens[0]!)
    at += result?.[1] ?? 1
  }
  return words
}

/** A word, and as many behind it as may be parts of it. */
function tokensFrom({ letters, spans, count }: WordScan, at: number): Token[] {
  const tokens: Token[] = []
  const last = Math.min(count, at + MAX_PARTS)
  for (let index = at; index < last; index += 1) {
    const [from, to, start, end] = spans.subarray(index * 4, index * 4 + 4) as unknown as number[]
    const before = tokens.at(-1)
    if (before && start! - before.end > (index === at + 1 ? 2 : 1)) break
    tokens.push({ folded: wordIn(letters, from!, to!), start: start!, end: end! })
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
function mayChange({ units, spans, odd, count }: WordScan, at: number): boolean {
  const from = spans[at * 4]!
  const to = spans[at * 4 + 1]!
  const end = spans[at * 4 + 3]!
  const next = spans[at * 4 + 6]!
  if (at + 1 < count && next - end <= 2) {
    const sign = units[end]!
    if (sign === STOP && (next - end === 1 || to - from <= MAX_ABBREVIATED)) return true
    if (next - end === 1) {
      if (sign !== SPACE) {
        if (IS_SPLITTER[sign] === 1) return true
      } else if (end - spans[at * 4 + 2]! === 1 && spans[at * 4 + 7]! - next === 1) return true
    }
  }
  return odd[at] === 1
}

/** The word that begins with the first of these tokens and how many it takes; undefined where the token is the word. */
function wordAt(
  text: string,
  tokens: readonly Token[],
  pack: Pack,
  isTerm: (folded: string) => boolean,
): [Word, number] | undefined {
  const token = tokens[0]!
  const next = tokens[1]
  if (next && next.start - token.end <= 2) {
    const whole = text.charAt(token.end) === '.' ? abbreviation(pack, token, next) : undefined
    if (whole !== undefined) return [{ folded: whole, start: token.start, end: next.end }, 2]
    const joined = next.start - token.end === 1 ? joinedAt(text, tokens, isTerm) : undefined
    if (joined) return joined
  }
  const word = hasDigit(token.folded) ? withoutDigits(token, isTerm) : withoutRuns(token, isTerm)
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
  isTerm: (folded: string) => boolean,
): [Word, number] | undefined {
  const first = tokens[0]!
  const sign = text.charAt(first.end)
  const second = tokens[1]!
  if (/^\d{1,3}$/.test(first.folded) && /^\d{3}$/.test(second.folded) && /[.,\s]/.test(sign)) {
    return [{ folded: first.folded + second.folded, start: first.start, end: second.end }, 2]
  }
  const letters = sign === '*' ? starred(first, second, isTerm) : SIGN_LETTERS[sign]
  if (letters !== undefined) {
    const folded = first.folded + letters + second.folded
    if (folded.length >= MIN_JOINED && isTerm(folded))
      return [{ folded, start: first.start, end: second.end, disguised: true }, 2]
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
): [Word, number] | undefined {
  for (let count = parts.length; count > (spaced ? MIN_JOINED - 1 : 1); count -= 1) {
    const row = parts.slice(0, count)
    const length = row.reduce((sum, part) => sum + part.folded.length, 0)
    if (length > MAX_DISGUISED) continue
    if (length < MIN_JOINED) return undefined
    const folded = row.map(part => part.folded).join('')
    if (!isTerm(folded)) continue
    const end = row.at(-1)!.end
    return [{ folded, start: row[0]!.start, end, ...(sign === '-' ? {} : { disguised: true }) }, count]
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

/** Whether a word was written so as to escape a filter. */
export function isEvasive(text: string, word: Word): boolean {
  if (word.disguised) return true
  const raw = text.slice(word.start, word.end)
  return /\p{Default_Ignorable_Code_Point}/u.test(raw.replaceAll('\u00ad', '')) || isMixedScript(raw)
}
