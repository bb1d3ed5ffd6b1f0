/** Lists of telling words and stems as one table of hashes, asked after each letter of a word whether a list knows it so far. */
import type { Word } from '../pattern.ts'
import { EDGE, hashOf, longer } from './features.ts'

/** A power of two, at least four times the words there are, so that nearly every question is answered at once. */
const ROWS = 16_384
/** Lists are bits of a number. */
const MAX_LISTS = 30

export class TellingWords {
  readonly #hashes = new Int32Array(ROWS)
  readonly #lists = new Int32Array(ROWS)

  constructor(lists: readonly (readonly Word[])[]) {
    if (lists.length > MAX_LISTS)
      throw new Error(`expected at most ${MAX_LISTS} lists, found ${lists.length}`)
    for (const [list, words] of lists.entries()) {
      for (const word of words) {
        if (word.kind === 'macro') continue
        const hash = hashOf(word.folded)
        // A word is known at its end, a stem as soon as it is complete.
        this.#add(word.kind === 'word' ? longer(hash, EDGE) : hash, 1 << list)
      }
    }
  }

  /** The lists, as bits, that hold the stem with this hash or, where it ends with EDGE, the word. */
  listsOf(hash: number): number {
    let row = Math.imul(hash, 0x9e3779b1) >>> 18
    while (this.#lists[row] !== 0) {
      if (this.#hashes[row] === hash) return this.#lists[row]!
      row = (row + 1) & (ROWS - 1)
    }
    return 0
  }

  #add(hash: number, lists: number): void {
    let row = Math.imul(hash, 0x9e3779b1) >>> 18
    while (this.#lists[row] !== 0 && this.#hashes[row] !== hash) row = (row + 1) & (ROWS - 1)
    this.#hashes[row] = hash
    this.#lists[row]! |= lists
  }
}
