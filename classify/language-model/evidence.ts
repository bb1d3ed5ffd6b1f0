/**
 * Reads a text once and adds up what its words say. What a word says does not depend on its neighbours, so the words
 * met lately are remembered, found again by a hash that is made while their letters are passed.
 */
import { fold, isMixedScript } from '../../core/text.ts'
import { MAX_WORD } from './features.ts'
import { addWord } from './model.ts'
import type { LanguageModel } from './model.ts'

export interface Evidence {
  /** Log odds of each class of the model's layers, up to a constant. */
  readonly families: readonly number[]
  readonly varieties: readonly number[]
  /** What the telling words said, summed by their number. */
  readonly votes: readonly number[]
  readonly words: number
  readonly letters: number
}

/** What a word votes for, by number, from its letters as written (lower case) and folded. */
export type Votes = (word: string, folded: string, add: (vote: number, weight: number) => void) => void

// Tables for the scripts we read; letters of others part words, and nothing is said of them.
const CYRILLIC = 0x400
const LAST = 0x530
const IS_LETTER = new Uint8Array(LAST)
const LOWER = new Uint16Array(LAST)
for (let code = 0; code < LAST; code++) {
  const char = String.fromCharCode(code)
  const lower = char.toLowerCase()
  IS_LETTER[code] = /[\p{Script=Latin}\p{Script=Cyrillic}]/u.test(char) && /\p{L}/u.test(char) ? 1 : 0
  LOWER[code] = lower.length === 1 ? lower.charCodeAt(0) : code
}

/** Accents apart from their letters, letters in fancy dress, invisible characters: rare, and put right before reading. */
const UNUSUAL =
  /[\u00ad\u0300-\u036f\u200b-\u200f\u2060\u2100-\u214f\u2460-\u24ff\ufb00-\ufb06\ufeff\uff21-\uff5a\ud835]/u

/** Words remembered: a power of two, well above what a newspaper has, because two of one row drive each other out; 6 MB. */
const ROWS = 131_072
/** Votes are kept in hundredths. */
const CENT = 100

export function evidenceReader(
  model: LanguageModel,
  voters: number,
  votesOf: Votes,
): (sample: string) => Evidence {
  const families = model.family.classes.length
  const varieties = model.variety.classes.length
  // A row: sums by family, by variety, votes, then the two counts of letter groups.
  const varietyAt = families
  const votesAt = varietyAt + varieties
  const countsAt = votesAt + voters
  const width = countsAt + 2
  const rows = new Int16Array(ROWS * width)
  const keys = new Uint32Array(ROWS * 2)
  const sums = new Int32Array(width)

  const learnWord = (at: number, raw: string): void => {
    rows.fill(0, at, at + width)
    const lower = raw.slice(0, MAX_WORD).toLowerCase()
    const folded = fold(lower)
    // A word of two scripts is one in disguise, or typed on two keyboards: only its folded form says anything.
    const readable = mayBeMixed(raw) && isMixedScript(raw) ? folded : lower
    rows[at + countsAt] = addWord(model.family, readable, rows, at)
    rows[at + countsAt + 1] = addWord(model.variety, folded, rows, at + varietyAt)
    votesOf(lower, folded, (vote, weight) => {
      rows[at + votesAt + vote]! += Math.round(weight * CENT)
    })
  }

  return text => {
    const sample = UNUSUAL.test(text) ? usual(text) : text
    sums.fill(0)
    let words = 0
    let letters = 0
    let start = -1
    let one = 0
    let two = 0
    for (let at = 0; at <= sample.length; at++) {
      const code = at < sample.length ? sample.charCodeAt(at) : 0
      if (code < LAST && IS_LETTER[code] === 1) {
        if (start < 0) {
          start = at
          one = 0x811c9dc5
          two = 0x2545f491
        }
        const lower = LOWER[code]!
        one = Math.imul(one ^ lower, 0x01000193)
        two = Math.imul(two + lower, 0x9e3779b1) ^ (two >>> 15)
        continue
      }
      if (start < 0) continue
      const row = ((one ^ (one >>> 15) ^ two) >>> 0) & (ROWS - 1)
      const from = row * width
      // Zero marks an empty row; both halves being zero by chance only costs the memory.
      if (keys[row * 2] !== one >>> 0 || keys[row * 2 + 1] !== two >>> 0 || rows[from + countsAt + 1] === 0) {
        keys[row * 2] = one >>> 0
        keys[row * 2 + 1] = two >>> 0
        learnWord(from, sample.slice(start, at))
      }
      for (let number = 0; number < width; number++) sums[number]! += rows[from + number]!
      words++
      letters += at - start
      start = -1
    }
    return {
      families: odds(model.family.scale, 0, families, sums[countsAt]!),
      varieties: odds(model.variety.scale, varietyAt, varieties, sums[countsAt + 1]!),
      votes: Array.from(sums.subarray(votesAt, countsAt), vote => vote / CENT),
      words,
      letters,
    }
  }

  /** As in training: the sum of the weights by the square root of how many there were. */
  function odds(scale: number, from: number, count: number, groups: number): number[] {
    const unit = scale / Math.sqrt(Math.max(1, groups))
    return Array.from(sums.subarray(from, from + count), sum => sum * unit)
  }
}

/** Cheap and nearly always false: letters before and after the first of Cyrillic. */
function mayBeMixed(word: string): boolean {
  const isCyrillic = word.charCodeAt(0) >= CYRILLIC
  for (let at = 1; at < word.length; at++) if (word.charCodeAt(at) >= CYRILLIC !== isCyrillic) return true
  return false
}

function usual(text: string): string {
  return text
    .replace(/\p{Default_Ignorable_Code_Point}+/gu, '')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .normalize('NFKC')
}
