/**
 * Finds all patterns of a language in one walk over the words of a text. Words are looked up in a letter trie and
 * become numbers of the places ("slots") they can fill; patterns are a trie of slots, entered at every word that can
 * begin one. The time is linear in the text and does not grow with the number of patterns.
 *
 * Most words mean nothing to a lexicon: the trie is one array of numbers, walked over the letters of the text itself,
 * and no string is made of a word before its beginning is that of an entry.
 */
import { MAX_REST } from './pattern.ts'
import type { Macro, Pattern, Word } from './pattern.ts'

interface Stem {
  readonly slot: number
  readonly endings: ReadonlySet<string> | undefined
}

interface Letter {
  next: Map<number, Letter> | undefined
  stems: Stem[] | undefined
  words: number[] | undefined
}

export type Slots = readonly number[]
export const NONE: Slots = []
/** Distinct words remembered between texts; a newspaper has about this many. */
const MAX_REMEMBERED = 60_000

/** Which places of patterns a word can fill. Shared by all pattern sets of a language, so that a word is looked up once. */
export class Vocabulary {
  readonly #root: Letter = { next: undefined, stems: undefined, words: undefined }
  readonly #slots = new Map<string, number>()
  readonly #macros = new Map<Macro, number[]>()
  readonly #known = new Map<string, Slots>()
  #table: LetterTable | undefined

  /** The number of the place that any of these words can fill. */
  slot(words: readonly Word[]): number {
    const key = words.map(keyOf).sort().join('/')
    const known = this.#slots.get(key)
    if (known !== undefined) return known
    const slot = this.#slots.size
    this.#slots.set(key, slot)
    for (const word of words) this.#add(word, slot)
    this.#table = undefined
    this.#known.clear()
    return slot
  }

  /** How many places there are. */
  get size(): number {
    return this.#slots.size
  }

  /** As `look`, of the word that stands in `letters` from `start` to `end`. */
  read(letters: Uint16Array, start: number, end: number): Slots {
    const { next, classes, width, stems, words, longest } = (this.#table ??= tableOf(this.#root))
    let node = 0
    let stem = -1
    for (let at = start; at < end; at += 1) {
      node = next[node * width + classes[letters[at]!]!]!
      if (node === DEAD) {
        return stem !== -1 && end - stem <= longest ? this.look(wordIn(letters, start, end)) : NONE
      }
      if (stems[node] === 1) stem = at + 1
    }
    return (words[node] ??= this.#walk(wordIn(letters, start, end)))
  }

  /** The places that a word can fill; the answer is shared and must not be changed. */
  look(folded: string): Slots {
    const known = this.#known.get(folded)
    if (known) return known
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear()
    const slots = this.#walk(folded)
    this.#known.set(folded, slots)
    return slots
  }

  /** The places that something found in the text can fill. */
  slotsOf(macro: Macro): Slots {
    return this.#macros.get(macro) ?? NONE
  }

  #add(word: Word, slot: number): void {
    if (word.kind === 'macro') {
      this.#macros.set(word.name, [...(this.#macros.get(word.name) ?? []), slot])
      return
    }
    let letter = this.#root
    for (let i = 0; i < word.folded.length; i += 1) {
      const code = word.folded.charCodeAt(i)
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
  }

  #walk(folded: string): Slots {
    const found = new Set<number>()
    let letter: Letter | undefined = this.#root
    for (let i = 0; letter; i += 1) {
      if (letter.stems) addStems(found, letter.stems, folded, i)
      if (i === folded.length) {
        for (const slot of letter.words ?? NONE) found.add(slot)
        break
      }
      letter = letter.next?.get(folded.charCodeAt(i))
    }
    return found.size === 0 ? NONE : [...found]
  }
}

/** The letter trie as one array: from a beginning and the class of a letter to the longer beginning. */
interface LetterTable {
  readonly next: Int32Array
  /** Class of each letter; 0 for those that no entry holds. */
  readonly classes: Uint8Array
  readonly width: number
  /** 1 where a stem ends. */
  readonly stems: Uint8Array
  /** What the beginning itself can fill, filled as it is met. */
  readonly words: (Slots | undefined)[]
  /** Letters that may follow a stem at most. */
  readonly longest: number
}

/** No entry begins so: the empty beginning is never reached again. */
const DEAD = 0

function tableOf(root: Letter): LetterTable {
  const classes = new Uint8Array(0x10000)
  const nodes: Letter[] = [root]
  let width = 1
  for (let at = 0; at < nodes.length; at += 1) {
    for (const [code, letter] of nodes[at]!.next ?? []) {
      if (classes[code] === 0) {
        // A class is a byte; a lexicon of more letters than that is none of an alphabet.
        if (width > 255) throw new Error('expected entries of at most 255 different letters')
        classes[code] = width++
      }
      nodes.push(letter)
    }
  }
  const next = new Int32Array(nodes.length * width)
  const stems = new Uint8Array(nodes.length)
  let child = 0
  let longest = MAX_REST
  nodes.forEach((node, index) => {
    for (const { endings } of node.stems ?? []) {
      stems[index] = 1
      for (const ending of endings ?? []) longest = Math.max(longest, ending.length)
    }
    // Children were pushed in the same order, so that counting finds them again.
    for (const code of node.next?.keys() ?? []) next[index * width + classes[code]!] = ++child
  })
  return { next, classes, width, stems, words: new Array<Slots | undefined>(nodes.length), longest }
}

/** The word that stands in `letters`. */
export function wordIn(letters: Uint16Array, start: number, end: number): string {
  if (end - start > 64) return Buffer.from(letters.slice(start, end).buffer).toString('utf16le')
  let word = ''
  for (let at = start; at < end; at += 1) word += String.fromCharCode(letters[at]!)
  return word
}

function addStems(found: Set<number>, stems: readonly Stem[], folded: string, at: number): void {
  const rest = folded.length - at
  for (const { slot, endings } of stems) {
    if (endings ? endings.has(folded.slice(at)) : rest <= MAX_REST) found.add(slot)
  }
}

function keyOf(word: Word): string {
  if (word.kind === 'macro') return `{${word.name}}`
  if (word.kind === 'word') return word.folded
  return `${word.folded}*${word.endings ? [...word.endings].join(',') : ''}`
}

/** Where a pattern stands in a text, in words: `end` is exclusive, `at` are the words that filled its places. */
export interface Match<T> {
  readonly of: T
  readonly start: number
  readonly end: number
  readonly at: readonly number[]
}

/** Something found before, which fills the places of a macro. */
export interface Span {
  readonly slots: Slots
  readonly end: number
}
/** Spans by the word they begin at. */
export type Spans = ReadonlyMap<number, readonly Span[]>

interface Node<T> {
  readonly edges: { readonly gap: number; readonly next: Map<number, Node<T>> }[]
  readonly ends: T[]
}

/** Steps spent from one word at most: a text made to be slow is cut short here. */
const MAX_STEPS = 2_000

/** A set of patterns that are searched for together. */
export class PatternSet<T> {
  readonly #vocabulary: Vocabulary
  readonly #root: Node<T> = { edges: [], ends: [] }

  #begins: Uint8Array | undefined

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
  }

  get isEmpty(): boolean {
    return this.#root.edges.length === 0
  }

  /** 1 for each place that begins a pattern. */
  get begins(): Uint8Array {
    if (this.#begins?.length !== this.#vocabulary.size) {
      this.#begins = new Uint8Array(this.#vocabulary.size)
      for (const { next } of this.#root.edges) for (const slot of next.keys()) this.#begins[slot] = 1
    }
    return this.#begins
  }

  add(pattern: Pattern, of: T): void {
    let node = this.#root
    for (const element of pattern) {
      let edge = node.edges.find(one => one.gap === element.gap)
      if (!edge) {
        edge = { gap: element.gap, next: new Map() }
        node.edges.push(edge)
      }
      const slot = this.#vocabulary.slot(element.of)
      let next = edge.next.get(slot)
      if (!next) {
        next = { edges: [], ends: [] }
        edge.next.set(slot, next)
      }
      node = next
    }
    this.#begins = undefined
    node.ends.push(of)
  }

  /**
   * All places where a pattern stands, in order of their beginning; of several readings from one beginning, the nearest.
   * @param slots what each word can fill
   * @param hot the words that can begin a pattern, or all that can fill anything
   * @param allowed whether a match from one word to another (exclusive) counts; false where a sentence ends between
   */
  find(
    slots: readonly Slots[],
    hot: readonly number[],
    spans: Spans,
    allowed: (start: number, end: number) => boolean,
  ): Match<T>[] {
    const matches: Match<T>[] = []
    const first = this.#root.edges[0]?.next
    if (!first) return matches
    const path: number[] = []
    let begun = 0
    let steps = 0

    const emit = (node: Node<T>, end: number): void => {
      const start = path[0]!
      for (const of of node.ends) {
        let known = false
        for (let i = begun; i < matches.length && !known; i += 1) known = matches[i]!.of === of
        if (!known && allowed(start, end)) matches.push({ of, start, end, at: [...path] })
      }
    }
    const step = (next: Map<number, Node<T>>, at: number): void => {
      for (const slot of slots[at]!) enter(next.get(slot), at, at + 1)
      if (spans.size === 0) return
      for (const span of spans.get(at) ?? []) {
        for (const slot of span.slots) enter(next.get(slot), at, span.end)
      }
    }
    const enter = (node: Node<T> | undefined, at: number, end: number): void => {
      if (!node || steps > MAX_STEPS) return
      path.push(at)
      if (node.ends.length > 0) emit(node, end)
      for (const { gap, next } of node.edges) {
        const last = Math.min(end + gap, slots.length - 1)
        steps += last - end + 1
        for (let i = end; i <= last; i += 1) step(next, i)
      }
      path.pop()
    }

    for (const at of hot) {
      begun = matches.length
      steps = 0
      step(first, at)
    }
    return matches
  }
}

/** The spans of one kind of things found, by the macros they fill. */
export function addSpan(spans: Map<number, Span[]>, start: number, end: number, slots: Slots): void {
  if (slots.length === 0) return
  const here = spans.get(start)
  if (here) here.push({ slots, end })
  else spans.set(start, [{ slots, end }])
}

export const NO_SPANS: Spans = new Map()
