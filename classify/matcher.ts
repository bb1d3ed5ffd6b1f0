/**
 * Finds all patterns of a language in one walk over the words of a text. Words are looked up in a letter trie and
 * become numbers of the places ("slots") they can fill; patterns are a trie of slots, entered at every word that can
 * begin one. The time is linear in the text and does not grow with the number of patterns.
 *
 * Most words mean nothing to a lexicon: the trie is walked over the letters of the text itself, and no string is made
 * of a word before its beginning is that of an entry.
 */
import { LetterTrie, NONE, NOTHING } from './letter-trie.ts'
import type { Slots } from './letter-trie.ts'
import type { WordScan } from '../core/word-scan.ts'
import type { Macro, Pattern, Word } from './pattern.ts'

/** Which places of patterns a word can fill. Shared by all pattern sets of a language, so that a word is looked up once. */
export class Vocabulary {
  readonly #slots = new Map<string, number>()
  readonly #macros = new Map<Macro, number[]>()
  readonly #fills = new Map<string, number>([['', NOTHING]])
  #places: Slots[] = [NONE]
  #signatures = new Int32Array(256)
  readonly #trie = new LetterTrie(slots => this.#numberOf(slots))
  #asked = new Uint16Array(64)
  readonly #askedEnd = new Int32Array(1)
  readonly #answer = new Int32Array(1)

  /** The number of the place that any of these words can fill. */
  slot(words: readonly Word[]): number {
    const key = words.map(keyOf).sort().join('/')
    const known = this.#slots.get(key)
    if (known !== undefined) return known
    const slot = this.#slots.size
    this.#slots.set(key, slot)
    for (const word of words) {
      if (word.kind !== 'macro') this.#trie.add(word, slot)
      else this.#macros.set(word.name, [...(this.#macros.get(word.name) ?? []), slot])
    }
    return slot
  }

  /** What each word of a text can fill, as a number into `fills`: equal for words that fill the same places. */
  readAll({ letters, ends, count }: WordScan, fills: Int32Array): void {
    this.#trie.readAll(letters, ends, count, fills)
  }

  /** The same of one folded word. */
  fillOf(folded: string): number {
    if (folded.length > this.#asked.length) this.#asked = new Uint16Array(folded.length * 2)
    for (let at = 0; at < folded.length; at += 1) this.#asked[at] = folded.charCodeAt(at)
    this.#askedEnd[0] = folded.length
    this.#trie.readAll(this.#asked, this.#askedEnd, 1, this.#answer)
    return this.#answer[0]!
  }

  /** The places that a word can fill. */
  look(folded: string): Slots {
    return this.placesOf(this.fillOf(folded))
  }

  placesOf(fill: number): Slots {
    return this.#places[fill]!
  }

  /** As a word, what something found in the text can fill. */
  fillOfMacro(macro: Macro): number {
    return this.#numberOf(this.#macros.get(macro) ?? NONE)
  }

  /** One more than the last number of a fill. */
  get fillCount(): number {
    return this.#places.length
  }

  /** Two numbers a fill, a bit in each for each of its places: no bit of either in common, no place in common. */
  get signatures(): Int32Array {
    return this.#signatures
  }

  #numberOf(places: Slots): number {
    const key = places.join()
    const known = this.#fills.get(key)
    if (known !== undefined) return known
    const fill = this.#places.push(places) - 1
    this.#fills.set(key, fill)
    if (fill * 2 >= this.#signatures.length) {
      const larger = new Int32Array(fill * 4)
      larger.set(this.#signatures)
      this.#signatures = larger
    }
    for (const slot of places) {
      this.#signatures[fill * 2]! |= lowBit(slot)
      this.#signatures[fill * 2 + 1]! |= highBit(slot)
    }
    return fill
  }
}

function lowBit(slot: number): number {
  return 1 << (slot & 31)
}

function highBit(slot: number): number {
  return 1 << ((slot >> 5) & 31)
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

/** Something found before, which fills places as a word does. */
export interface Span {
  readonly fill: number
  readonly end: number
}
/** Spans by the word they begin at. */
export type Spans = readonly (readonly Span[] | undefined)[]
export const NO_SPANS: Spans = []

interface Node<T> {
  readonly edges: Edge<T>[]
  readonly ends: T[]
}

interface Edge<T> {
  readonly gap: number
  readonly next: Map<number, Node<T>>
  /** What `next` holds of a fill, for those met so far. */
  readonly entered: Map<number, readonly Node<T>[]>
  /** As the signatures of the vocabulary, of all places in `next`. */
  low: number
  high: number
  /** Whether things found before can stand here. */
  takesSpans: boolean
}

/** Steps spent from one word at most: a text made to be slow is cut short here. */
const MAX_STEPS = 2_000

/** A set of patterns that are searched for together. */
export class PatternSet<T> {
  readonly #vocabulary: Vocabulary
  readonly #root: Node<T> = { edges: [], ends: [] }
  /** What each fill enters that begins a pattern. */
  #beginnings: (readonly Node<T>[] | undefined)[] = []

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
  }

  add(pattern: Pattern, of: T): void {
    let node = this.#root
    for (const element of pattern) {
      let edge = node.edges.find(one => one.gap === element.gap)
      if (!edge) {
        edge = { gap: element.gap, next: new Map(), entered: new Map(), low: 0, high: 0, takesSpans: false }
        node.edges.push(edge)
      }
      const slot = this.#vocabulary.slot(element.of)
      let next = edge.next.get(slot)
      if (!next) {
        next = { edges: [], ends: [] }
        edge.next.set(slot, next)
        edge.low |= lowBit(slot)
        edge.high |= highBit(slot)
        edge.entered.clear()
        if (element.of.some(word => word.kind === 'macro')) edge.takesSpans = true
      }
      node = next
    }
    this.#beginnings = []
    node.ends.push(of)
  }

  /**
   * All places where a pattern stands, in order of their beginning; of several readings from one beginning, the nearest.
   * @param fills what each word can fill
   * @param allowed whether a match from one word to another (exclusive) counts; false where a sentence ends between
   */
  find(fills: Int32Array, spans: Spans, allowed: (start: number, end: number) => boolean): Match<T>[] {
    const matches: Match<T>[] = []
    const beginnings = this.#begin()
    if (beginnings.length === 0) return matches
    const { signatures } = this.#vocabulary
    const hasSpans = spans.length > 0
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
    const enter = (nodes: readonly Node<T>[], at: number, end: number): void => {
      for (const node of nodes) {
        if (steps > MAX_STEPS) return
        path.push(at)
        if (node.ends.length > 0) emit(node, end)
        for (const edge of node.edges) follow(edge, end)
        path.pop()
      }
    }
    const follow = (edge: Edge<T>, from: number): void => {
      const last = Math.min(from + edge.gap, fills.length - 1)
      steps += last - from + 1
      for (let at = from; at <= last; at += 1) {
        fit(edge, fills[at]!, at, at + 1)
        const here = hasSpans && edge.takesSpans ? spans[at] : undefined
        if (here) for (const { fill, end } of here) fit(edge, fill, at, end)
      }
    }
    const fit = (edge: Edge<T>, fill: number, at: number, end: number): void => {
      if ((signatures[fill * 2]! & edge.low) === 0 || (signatures[fill * 2 + 1]! & edge.high) === 0) return
      const nodes = this.#enteredBy(fill, edge)
      if (nodes.length > 0) enter(nodes, at, end)
    }

    for (let at = 0; at < fills.length; at += 1) {
      const nodes = beginnings[fills[at]!]
      const here = hasSpans ? spans[at] : undefined
      if (nodes === undefined && here === undefined) continue
      begun = matches.length
      steps = 0
      if (nodes) enter(nodes, at, at + 1)
      for (const span of here ?? []) enter(beginnings[span.fill] ?? [], at, span.end)
    }
    return matches
  }

  #begin(): readonly (readonly Node<T>[] | undefined)[] {
    const [first] = this.#root.edges
    if (first) {
      for (let fill = this.#beginnings.length; fill < this.#vocabulary.fillCount; fill += 1) {
        const nodes = this.#enteredBy(fill, first)
        this.#beginnings.push(nodes.length === 0 ? undefined : nodes)
      }
    }
    return this.#beginnings
  }

  #enteredBy(fill: number, { next, entered }: Edge<T>): readonly Node<T>[] {
    const known = entered.get(fill)
    if (known) return known
    const nodes = this.#vocabulary.placesOf(fill).flatMap(slot => next.get(slot) ?? [])
    entered.set(fill, nodes)
    return nodes
  }
}

/** Notes what something found fills, where it begins. */
export function addSpan(spans: (Span[] | undefined)[], start: number, end: number, fill: number): void {
  if (fill !== NOTHING) (spans[start] ??= []).push({ fill, end })
}
