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
  PAIR,
  SCRIPTS,
  SEPARATOR,
  SINGLE,
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
  /** Where each word ends in `letters`; it starts one after the end of the word before it. */
  readonly ends: Int32Array
  /** Two numbers a word: start and end in the text. */
  readonly places: Int32Array
  /** `PLAIN`, `FIGURE` or `ODD` for each word. */
  readonly kinds: Uint8Array
}

export const PLAIN = 0
/** Digits alone. */
export const FIGURE = 1
/** Digits among letters, one letter three times in a row, marks, two scripts. */
export const ODD = 2

// Reused from call to call: a text is at most MAX_CHARS long and rarely longer than the one before.
let units = new Uint16Array(0)
let unitBytes = Buffer.from(units.buffer)
let letters = new Uint16Array(0)
let ends = new Int32Array(0)
let places = new Int32Array(0)
let kinds = new Uint8Array(0)
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
  isNarrow = true
  const table = CHARACTERS
  const read = units
  let write = letters
  let count = 0
  let to = -1
  let at = 0
  for (;;) {
    let entry = table[read[at]!]!
    while ((entry & (WORD | SURROGATE)) === 0) {
      if (entry === 0) learnCharacter(read[at]!)
      else if (at >= length) return { count, units, letters, ends, places, kinds }
      else at += 1
      entry = table[read[at]!]!
    }
    const start = at
    const from = to + 1
    let seen = 0
    let last = 0
    to = from
    for (;;) {
      while ((entry & SINGLE) !== 0) {
        const letter = entry & 0xff
        seen |= entry
        if (letter === last) seen |= DOUBLE
        write[to++] = last = letter
        entry = table[read[++at]!]!
      }
      if ((entry & PAIR) !== 0) {
        seen |= entry
        if ((entry & 0xff) === last) seen |= DOUBLE
        write[to++] = entry & 0xff
        write[to++] = last = (entry >> 8) & 0xff
        entry = table[read[++at]!]!
      } else if (entry !== 0) break
      else entry = learnCharacter(read[at]!)
    }
    let end = at
    let kind = (seen & (DOUBLE | DIGIT)) === 0 ? PLAIN : kindOf(seen, from, to)
    if ((entry & SEPARATOR) === 0 || isMixed(seen)) {
      const word = readSlowly(text, start, from, length)
      write = letters
      at = word.next
      to = word.to
      end = word.end
      if (end === start) {
        to = from - 1
        continue
      }
      kind = word.kind
    }
    write[to] = SPACE
    ends[count] = to
    places[count * 2] = start
    places[count * 2 + 1] = end
    kinds[count] = kind
    count += 1
  }
}

/** The text in `units`, and room for what is read of it. */
function load(text: string, length: number): void {
  if (units.length <= length) {
    const size = length * 2 + 2
    units = new Uint16Array(size)
    unitBytes = Buffer.from(units.buffer)
    // Between two words stands at least one character.
    ends = new Int32Array(size / 2 + 1)
    places = new Int32Array(size + 2)
    kinds = new Uint8Array(size / 2 + 1)
  }
  makeRoom(length * ROOM)
  if (length < SHORT_TEXT) for (let at = 0; at < length; at += 1) units[at] = text.charCodeAt(at)
  else unitBytes.write(text, 0, length * 2, 'utf16le')
  units[length] = 0
}

function kindOf(seen: number, from: number, to: number): number {
  if ((seen & DIGIT) !== 0) return (seen & SCRIPTS) === 0 ? FIGURE : ODD
  return hasRun(from, to) ? ODD : PLAIN
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
  readonly kind: number
}

/**
 * A word with marks, invisible characters, rare letters or two scripts, from its beginning. Marks count only when they
 * follow a letter, invisible characters only between letters.
 */
function readSlowly(text: string, start: number, from: number, length: number): SlowWord {
  if (units[start]! >= 0xd800 && units[start]! <= 0xdfff) {
    const { entry, width } = astralAt(start)
    if ((entry & WORD) === 0) return { end: start, next: start + width, to: from, kind: PLAIN }
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
  return { end, next: at, to, kind: isWhole ? kindOf(seen, from, to) : ODD }
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
