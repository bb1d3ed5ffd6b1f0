/**
 * Which places the words and stems of a lexicon fill: a trie over letters in two numbers a beginning (a double array),
 * small enough for the processor's cache with tens of thousands of entries, and walked over the letters of a text
 * themselves. Most words mean nothing to a lexicon: no string is made of a word before its beginning is that of an entry.
 */
import { MAX_REST } from './pattern.ts'
import type { Word } from './pattern.ts'

/** Numbers of the places that a word can fill. */
export type Slots = readonly number[]
export const NONE: Slots = []

type Written = Exclude<Word, { readonly kind: 'macro' }>

interface Letter {
  next: Map<number, Letter> | undefined
  /** Stems that end here; without endings of its own a stem takes any few letters. */
  stems: { readonly slot: number; readonly endings: ReadonlySet<string> | undefined }[] | undefined
  words: number[] | undefined
}

/** The number of a word that fills no place. */
export const NOTHING = 0
const UNKNOWN = -1

/** A trie whose answers are numbered by whoever made it. */
export class LetterTrie {
  readonly #root: Letter = { next: undefined, stems: undefined, words: undefined }
  /** From 1; `NOTHING` of no slots. */
  readonly #numberOf: (slots: Slots) => number
  #table: Table | undefined

  constructor(numberOf: (slots: Slots) => number) {
    this.#numberOf = numberOf
  }

  add(word: Written, slot: number): void {
    let letter = this.#root
    for (let at = 0; at < word.folded.length; at += 1) {
      const code = word.folded.charCodeAt(at)
      letter.next ??= new Map()
      let next = letter.next.get(code)
      if (!next) {
        next = { next: undefined, stems: undefined, words: undefined }
        letter.next.set(code, next)
      }
      letter = next
    }
    if (word.kind === 'word') (letter.words ??= []).push(slot)
    else (letter.stems ??= []).push({ slot, endings: word.endings })
    this.#table = undefined
  }

  /** The number of what each word can fill into `numbers`; a word in `letters` starts one after the end of the one before. */
  readAll(letters: Uint16Array, ends: Int32Array, count: number, numbers: Int32Array): void {
    const { cells, longest, whole, rests } = (this.#table ??= tableOf(this.#root))
    const first = cells[ROOT * 2]! >> 1
    let start = 0
    for (let word = 0; word < count; word += 1) {
      const end = ends[word]!
      let node = ROOT
      let offset = first
      let stem = 0
      let stemEnd = 0
      let at = start
      for (; at < end; at += 1) {
        const child = offset + letters[at]!
        if (cells[child * 2 + 1] !== node) break
        node = child
        const cell = cells[child * 2]!
        offset = cell >> 1
        if ((cell & 1) === 1) {
          stem = child
          stemEnd = at + 1
        }
      }
      if (at === end) numbers[word] = whole[node]! - 1
      else if (stem === 0 || end - stemEnd > longest) numbers[word] = NOTHING
      else numbers[word] = rests.get(stem, letters, stemEnd, end)
      if (numbers[word] === UNKNOWN) {
        const number = this.#numberOf(this.#walk(wordIn(letters, start, end)))
        numbers[word] = number
        if (at === end) whole[node] = number + 1
        else rests.set(stem, letters, stemEnd, end, number)
      }
      start = end + 1
    }
  }

  #walk(folded: string): Slots {
    const found = new Set<number>()
    let letter: Letter | undefined = this.#root
    for (let at = 0; letter; at += 1) {
      for (const { slot, endings } of letter.stems ?? []) {
        if (endings ? endings.has(folded.slice(at)) : folded.length - at <= MAX_REST) found.add(slot)
      }
      if (at === folded.length) {
        for (const slot of letter.words ?? NONE) found.add(slot)
        break
      }
      letter = letter.next?.get(folded.charCodeAt(at))
    }
    return [...found]
  }
}

/** The word that stands in `letters`. */
export function wordIn(letters: Uint16Array, start: number, end: number): string {
  if (end - start > 64) return Buffer.from(letters.slice(start, end).buffer).toString('utf16le')
  let word = ''
  for (let at = start; at < end; at += 1) word += String.fromCharCode(letters[at]!)
  return word
}

// ---------------------------------------------------------------- the double array

interface Table {
  /**
   * For each beginning `b`: at 2b twice the offset of its children (and 1 more where a stem ends), at 2b + 1 its parent.
   * The child by a letter stands at the offset plus that letter, if its parent is `b`.
   */
  readonly cells: Int32Array
  /** Letters that may follow a stem at most. */
  readonly longest: number
  /** One more than the number of each beginning that is a word; 0 where nobody asked. */
  readonly whole: Int32Array
  readonly rests: Rests
}

const ROOT = 1
/** More than there are letters, so that no step from a beginning leaves the array. */
const LETTERS = 0x10000
/** A stretch of cells as full as this is not searched again for room. */
const FULL = 0.95

function tableOf(root: Letter): Table {
  let cells = new Int32Array(4 * LETTERS)
  cells[ROOT * 2 + 1] = -1
  let longest = MAX_REST
  // Where a child may stand at the earliest.
  let free = ROOT + 1
  const pending: (readonly [letter: Letter, at: number])[] = [[root, ROOT]]
  for (const [letter, at] of pending) {
    const codes = [...(letter.next?.keys() ?? [])].sort((a, b) => a - b)
    const offset = codes.length === 0 ? 0 : roomFor(codes)
    for (const code of codes) {
      cells[(offset + code) * 2 + 1] = at
      pending.push([letter.next!.get(code)!, offset + code])
    }
    cells[at * 2] = offset * 2 + (letter.stems ? 1 : 0)
    for (const { endings } of letter.stems ?? []) {
      for (const ending of endings ?? []) longest = Math.max(longest, ending.length)
    }
  }
  return { cells, longest, whole: new Int32Array(cells.length / 2), rests: new Rests() }

  /** The least offset at which all letters find a free cell. */
  function roomFor(codes: readonly number[]): number {
    const first = codes[0]!
    const begin = Math.max(free, first + 1)
    let taken = 0
    for (let at = begin; ; at += 1) {
      if ((at + 2 * LETTERS) * 2 > cells.length) cells = enlarged(cells)
      if (cells[at * 2 + 1] !== 0) {
        taken += 1
        continue
      }
      if (!codes.every(code => cells[(at - first + code) * 2 + 1] === 0)) continue
      if (taken >= FULL * (at - begin + 1)) free = at
      return at - first
    }
  }
}

function enlarged(cells: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(cells.length * 2)
  larger.set(cells)
  return larger
}

// ---------------------------------------------------------------- inflected words met lately

/** Remembered rests: a power of two, well above the inflected words of a lexicon that a newspaper holds. */
const ROWS = 32_768
/** Letters of a rest that are remembered, four to a number of the key. */
const REMEMBERED = 8

/** The numbers of stems with a rest behind them. The letters are the key, so that nothing is mistaken; the latest stays. */
class Rests {
  readonly #rows = new Int32Array(ROWS * 4)

  get(stem: number, letters: Uint16Array, from: number, to: number): number {
    if (to - from > REMEMBERED) return UNKNOWN
    const one = packed(letters, from, Math.min(to, from + 4))
    const two = packed(letters, from + 4, to)
    const row = rowOf(stem, one, two)
    const rows = this.#rows
    return rows[row] === stem && rows[row + 1] === one && rows[row + 2] === two ? rows[row + 3]! : UNKNOWN
  }

  set(stem: number, letters: Uint16Array, from: number, to: number, number: number): void {
    if (to - from > REMEMBERED) return
    const one = packed(letters, from, Math.min(to, from + 4))
    const two = packed(letters, from + 4, to)
    if (one !== UNPACKED && two !== UNPACKED) this.#rows.set([stem, one, two, number], rowOf(stem, one, two))
  }
}

/** A letter of more than a byte is in no row. */
const UNPACKED = -1

function packed(letters: Uint16Array, from: number, to: number): number {
  let key = 0
  let seen = 0
  for (let at = from; at < to; at += 1) {
    const letter = letters[at]!
    key = (key << 8) | letter
    seen |= letter
  }
  return seen > 0xff ? UNPACKED : key
}

function rowOf(stem: number, one: number, two: number): number {
  let hash = Math.imul(stem ^ Math.imul(one, 0x9e3779b1) ^ Math.imul(two, 0x85ebca6b), 0xc2b2ae35)
  hash ^= hash >>> 15
  return (hash & (ROWS - 1)) * 4
}
