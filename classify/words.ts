/** The words of a field as the matcher reads them: abbreviations joined, and words that were split or disguised put together. */
import { fold, isMixedScript } from '../core/text.ts'
import type { Token } from '../core/text.ts'
import { scanWords } from '../core/word-scan.ts'
import { mayChange, tokenAt, wordAt } from './disguises.ts'
import { NOTHING } from './letter-trie.ts'
import type { Vocabulary } from './matcher.ts'
import type { Pack } from './pack.ts'

export interface Word extends Token {
  /** Written so as to escape a filter: letters split, or replaced by digits. */
  readonly disguised?: true
}

/** The words of a text as the matcher reads them: where they stand, and what they can fill. */
export interface WordsRead {
  /** Two numbers a word: start and end in the text. */
  readonly places: Int32Array
  /** What each word can fill, as the vocabulary numbers it. */
  readonly fills: Int32Array
  /** The words themselves, made when they are first asked for. */
  readonly words: () => readonly Word[]
}

/** Filled anew by each text: what the words fill before any are put together. */
let tokenFills = new Int32Array(1024)

export function readWords(text: string, pack: Pack, vocabulary: Vocabulary): WordsRead {
  const scan = scanWords(text)
  if (tokenFills.length < scan.count) tokenFills = new Int32Array(scan.count * 2)
  vocabulary.readAll(scan, tokenFills)
  const isTerm = (folded: string): boolean => vocabulary.fillOf(folded) !== NOTHING
  const places = scan.places.slice(0, scan.count * 2)
  const fills = tokenFills.slice(0, scan.count)
  const changed = new Map<number, Word>()
  let count = 0
  for (let at = 0; at < scan.count; count += 1) {
    const change = mayChange(scan, at, pack) ? wordAt(text, scan, at, pack, isTerm) : undefined
    if (change) {
      changed.set(count, change.word)
      places[count * 2] = change.word.start
      places[count * 2 + 1] = change.word.end
      fills[count] = vocabulary.fillOf(change.word.folded)
    } else if (count < at) {
      places[count * 2] = scan.places[at * 2]!
      places[count * 2 + 1] = scan.places[at * 2 + 1]!
      fills[count] = tokenFills[at]!
    }
    at += change?.tokens ?? 1
  }
  let made: Word[] | undefined
  return {
    places,
    fills: fills.subarray(0, count),
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
    const change = mayChange(scan, at, pack) ? wordAt(text, scan, at, pack, isTerm) : undefined
    words.push(change?.word ?? tokenAt(scan, at))
    at += change?.tokens ?? 1
  }
  return words
}

/** Whether a word was written so as to escape a filter. */
export function isEvasive(text: string, word: Word): boolean {
  if (word.disguised) return true
  const raw = text.slice(word.start, word.end)
  return /\p{Default_Ignorable_Code_Point}/u.test(raw.replaceAll('\u00ad', '')) || isMixedScript(raw)
}
