/** Finds and folds the words of a text in one pass, without a string per word. What search and matching stand on. */
import {
  astralOf,
  CHARACTERS,
  characterOf,
  DIGIT,
  foldedOf,
  IGNORED,
  isMixed,
  learnCharacter,
  SCRIPTS,
  SEPARATOR,
  SHORT,
  SURROGATE,
  WORD,
} from './characters.ts'
import { foldWord } from './fold-word.ts'

/** Longest text that is read; what comes after is left alone. */
export const MAX_CHARS = 200_000

/** The words of a text as numbers. All arrays are shared: true until the next text is read. */
export interface WordScan {
  /** How many words there are. */
  readonly count: number
  /** The text as UTF-16 units, and a zero. */
  readonly units: Uint16Array
  /** Folded letters of all words, one space between two words. */
  readonly letters: Uint16Array
  /** Four numbers a word: start and end in `letters`, start and end in the text. */
  readonly spans: Int32Array
  /** 1 for each word with digits among letters, one letter three times in a row, marks or two scripts. */
  readonly odd: Uint8Array
}

// Reused from call to call: a text is at most MAX_CHARS long and rarely longer than the one before.
let units = new Uint16Array(4096)
let unitBytes = Buffer.from(units.buffer)
let letters = new Uint16Array(4096)
let spans = new Int32Array(4096)
let odd = new Uint8Array(1024)
/** Every letter fits in a byte. */
let isNarrow = true

const SPACE = 0x20
/** Letters that one character folds to at most, and the space before its word. */
const ROOM = 5
/** Shorter texts are copied faster letter by letter. */
const SHORT_TEXT = 48
/** A letter twice in a row; stands beside what the characters of a word are. */
const DOUBLE = 1 << 30

export function scanWords(text: string): WordScan {
  const length = Math.min(text.length, MAX_CHARS)
  load(text, length)
  if (letters.length < length * ROOM) letters = new Uint16Array(length * ROOM * 2)
  isNarrow = true
  let count = 0
  let to = 0
  let at = 0
  for (;;) {
    let entry = CHARACTERS[units[at]!]!
    while ((entry & (WORD | SURROGATE)) === 0) {
      if (entry === 0) learnCharacter(units[at]!)
      else if (at >= length) return { count, units, letters, spans, odd }
      else at += 1
      entry = CHARACTERS[units[at]!]!
    }
    const start = at
    const from = to === 0 ? 0 : to + 1
    let write = from
    let seen = 0
    let last = 0
    for (;;) {
      while ((entry & SHORT) !== 0) {
        const first = entry & 0xff
        const second = (entry >> 8) & 0xff
        seen |= first === last ? entry | DOUBLE : entry
        letters[write++] = last = first
        if (second !== 0) letters[write++] = last = second
        entry = CHARACTERS[units[++at]!]!
      }
      if (entry !== 0) break
      entry = learnCharacter(units[at]!)
    }
    let end = at
    let isOdd = seen >= DOUBLE && hasRun(from, write)
    if ((entry & SEPARATOR) === 0 || isMixed(seen)) {
      const word = readSlowly(text, start, from, length)
      at = word.next
      if (word.end === start) continue
      end = word.end
      write = word.to
      isOdd = word.isOdd
    } else if ((seen & DIGIT) !== 0 && (seen & SCRIPTS) !== 0) isOdd = true
    if (to > 0) letters[to] = SPACE
    to = write
    if (count * 4 + 4 > spans.length) grow()
    odd[count] = isOdd ? 1 : 0
    spans[count * 4] = from
    spans[count * 4 + 1] = to
    spans[count * 4 + 2] = start
    spans[count * 4 + 3] = end
    count += 1
  }
}

function load(text: string, length: number): void {
  if (units.length <= length) {
    units = new Uint16Array(length * 2 + 2)
    unitBytes = Buffer.from(units.buffer)
  }
  if (length < SHORT_TEXT) for (let at = 0; at < length; at += 1) units[at] = text.charCodeAt(at)
  else unitBytes.write(text, 0, length * 2, 'utf16le')
  units[length] = 0
}

function grow(): void {
  const [oldSpans, oldOdd] = [spans, odd]
  spans = new Int32Array(oldSpans.length * 2)
  spans.set(oldSpans)
  odd = new Uint8Array(oldOdd.length * 2)
  odd.set(oldOdd)
}

/** One letter three times in a row. */
function hasRun(from: number, to: number): boolean {
  for (let at = from + 2; at < to; at += 1)
    if (letters[at] === letters[at - 1] && letters[at] === letters[at - 2]) return true
  return false
}

interface SlowWord {
  /** The start where no word begins. */
  readonly end: number
  /** Where reading goes on. */
  readonly next: number
  /** End of its letters. */
  readonly to: number
  readonly isOdd: boolean
}

/**
 * A word with marks, invisible characters, rare letters or two scripts, from its beginning. Marks count only when they
 * follow a letter, invisible characters only between letters.
 */
function readSlowly(text: string, start: number, from: number, length: number): SlowWord {
  if (units[start]! >= 0xd800 && units[start]! <= 0xdfff) {
    const { entry, width } = astralAt(start)
    if ((entry & WORD) === 0) return { end: start, next: start + width, to: from, isOdd: false }
  }
  let at = start
  let end = start
  let seen = 0
  let folded = ''
  // Whether each character folds by itself, whatever stands beside it.
  let isPlain = true
  for (;;) {
    const unit = units[at]!
    const known = characterOf(unit)
    if ((known & WORD) !== 0) {
      if (end !== at) isPlain = false
      folded += foldedOf(unit)
      seen |= known
      end = ++at
    } else if ((known & IGNORED) !== 0) at += 1
    else {
      const { entry, width } = (known & SURROGATE) === 0 ? { entry: known, width: 1 } : astralAt(at)
      if ((entry & SEPARATOR) !== 0) break
      isPlain = false
      seen |= entry
      at += width
      end = at
    }
  }
  const isWhole = isPlain && !isMixed(seen)
  if (!isWhole) folded = foldWord(text.slice(start, end))
  const to = from + folded.length
  makeRoom(to + (length - end) * ROOM)
  for (let index = 0; index < folded.length; index += 1) letters[from + index] = folded.charCodeAt(index)
  isNarrow = false
  const isOdd = !isWhole || ((seen & DIGIT) !== 0 && (seen & SCRIPTS) !== 0) || hasRun(from, to)
  return { end, next: at, to, isOdd }
}

function astralAt(at: number): { readonly entry: number; readonly width: number } {
  const [high, low] = [units[at]!, units[at + 1] ?? 0]
  const isPair = high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff
  return astralOf(isPair ? (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000 : high)
}

/** Compatibility forms may be longer than what they stand for. */
function makeRoom(needed: number): void {
  if (needed < letters.length) return
  const old = letters
  letters = new Uint16Array(needed * 2)
  letters.set(old)
}

/** The folded letters of the text read last, up to a place in `letters`. */
export function lettersUpTo(end: number): string {
  // One byte a character where that is enough: nearly always, and the string is then half as large and faster to compare.
  if (!isNarrow) {
    for (let at = 0; at < end; at += 1)
      if (letters[at]! > 0xff) return Buffer.from(letters.buffer, 0, end * 2).toString('utf16le')
  }
  return Buffer.from(letters.subarray(0, end)).toString('latin1')
}
