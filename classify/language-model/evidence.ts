/**
 * Reads a text once into letters, then adds up what the model and the telling words say of them. This is the path every
 * text takes, so it makes no string of a word and looks nothing up but in flat tables; features.ts says the same plainly.
 */
import type { Script } from '../../core/labels.ts'
import { fold, latinize, scriptByLetters, undisguised } from '../../core/text.ts'
import {
  bucketOf,
  EDGE,
  longer,
  MAX_WORD,
  SALT_2,
  SALT_3,
  SALT_4,
  SALT_5,
  SALT_BEGINNING,
} from './features.ts'
import type { LanguageModel, Layer } from './model.ts'
import { FAMILY_OFFSET, HALVES, inFours, inTwos, MAX_ADDED, VARIETY_OFFSET } from './packed.ts'
import { TellingWords } from './telling-words.ts'
import type { Word } from '../pattern.ts'

/** What the text read last says, up to the limit given, in letters. */
export interface EvidenceReader {
  /** Reads the first MAX_TEXT characters of a text. */
  read(text: string): TextRead
  /** Log odds of the classes of the family layer, up to a constant. */
  families(limit: number): number[]
  /** Letters of a text in Cyrillic that not all who write it have. */
  alphabet(): Alphabet
  varieties(limit: number): VarietyEvidence
}

export interface Alphabet {
  /** Letters looked at: the first ones. */
  readonly letters: number
  /** Of them, those that neither Serbian nor Macedonian has. */
  readonly foreign: number
  readonly serbian: number
  readonly macedonian: number
}

export interface TextRead {
  readonly words: number
  readonly letters: number
  readonly script: Script
}

export interface VarietyEvidence {
  /** Log odds of the classes of the variety layer, up to a constant. */
  readonly odds: readonly number[]
  /** How many words there were of each list; shared, true until the next text is read. */
  readonly counts: Int32Array
  /** How many words the pattern of rare words matched. */
  readonly rare: number
}

/** Longer texts tell no more, not even the variety. */
export const MAX_TEXT = 1_600
/** The family layer has this many times four classes besides its last; the loop below adds them up one by one. */
const FAMILY_FOURS = 2

// What a character is: 0 parts words, OTHER_SCRIPT does so too, UNUSUAL makes the whole text be put right first; all
// else is a lower-case letter.
const UNUSUAL = 1
const OTHER_SCRIPT = 2
const UNUSUAL_CHARACTERS =
  /[\u00ad\u0300-\u036f\u200b-\u200f\u2060\u2100-\u214f\u2460-\u24ff\ufb00-\ufb06\ufeff\uff21-\uff5a\ud835]/u
const OTHER_LETTERS = /(?!\p{Script=Latin})\p{L}/u
const LAST = 0x530
const LETTER = new Uint16Array(0x10000)
/** Folded letters: one, or two of them with the second in the high bits. */
const FOLDED = new Uint32Array(LAST)
for (let code = 0; code < 0x10000; code++) {
  const char = String.fromCharCode(code)
  if (code >= 0xd800 && code < 0xe000 ? code === 0xd835 : UNUSUAL_CHARACTERS.test(char))
    LETTER[code] = UNUSUAL
  else if (code < LAST && /[\p{Script=Latin}\p{Script=Cyrillic}]/u.test(char) && /\p{L}/u.test(char)) {
    const lower = char.toLowerCase()
    LETTER[code] = lower.length === 1 ? lower.charCodeAt(0) : code
  } else if (OTHER_LETTERS.test(char)) LETTER[code] = OTHER_SCRIPT
}
for (let code = 0; code < LAST; code++) {
  if (LETTER[code]! <= OTHER_SCRIPT) continue
  const folded = fold(String.fromCharCode(LETTER[code]!))
  FOLDED[code] = folded.charCodeAt(0) | (folded.length > 1 ? folded.charCodeAt(1) << 16 : 0)
}

const FOREIGN = 1
const SERBIAN = 2
const MACEDONIAN = 3
const ALPHABET = new Uint8Array(LAST)
for (const letter of 'йщъыьэюяёіїєґў') ALPHABET[letter.charCodeAt(0)] = FOREIGN
for (const letter of 'ђћ') ALPHABET[letter.charCodeAt(0)] = SERBIAN
for (const letter of 'ѓќѕ') ALPHABET[letter.charCodeAt(0)] = MACEDONIAN
/** So many letters tell the alphabet. */
const MAX_ALPHABET = 300

const EDGE_2 = longer(EDGE, EDGE)
const EDGE_3 = longer(EDGE_2, EDGE)
const EDGE_4 = longer(EDGE_3, EDGE)

/** Words that a pattern must tell, because folded letters do not. */
export interface RareWords {
  /** Asked of a whole word in lower-case Latin. */
  readonly pattern: RegExp
  /** Only words that hold one of these letters or pairs of letters, in lower-case Latin, are asked. */
  readonly suspects: readonly string[]
}

export function evidenceReader(
  model: LanguageModel,
  lists: readonly (readonly Word[])[],
  rare: RareWords,
): EvidenceReader {
  const telling = new TellingWords(lists)
  if (model.family.classes.length !== FAMILY_FOURS * 4 + 1 || model.variety.classes.length !== 3) {
    throw new Error('expected a model of 9 families and 3 varieties; evidence.ts adds up just as many')
  }
  const familyWeights = inFours(model.family)
  const familyShift = 32 - model.family.bits
  const varietyWeights = inTwos(model.variety)
  const varietyShift = 32 - model.variety.bits
  /** The words, an EDGE after each. */
  const letters = new Uint16Array(MAX_TEXT * 4)
  const folded = new Uint16Array(letters.length * 2)
  const counts = new Int32Array(lists.length)
  const { kinds, suspects } = suspectTable(rare.suspects)
  let length = 0

  return { read, families, alphabet, varieties }

  function read(text: string, isUsual = false): TextRead {
    let words = 0
    let count = 0
    let cyrillic = 0
    let others = 0
    let start = 0
    /** Of the word: letters in Cyrillic. */
    let own = 0
    length = 0
    const size = Math.min(text.length, MAX_TEXT)
    for (let at = 0; at <= size; at++) {
      const code = at < size ? LETTER[text.charCodeAt(at)]! : 0
      if (code > OTHER_SCRIPT) {
        // The bit of 0x400 is set in Cyrillic letters, and in no Latin one below.
        own += code >>> 10
        letters[length++] = code
        continue
      }
      if (code === UNUSUAL && !isUsual) return read(usual(text.slice(0, MAX_TEXT)), true)
      if (code === OTHER_SCRIPT) others++
      if (length === start) continue
      const found = length - start
      words++
      count += found
      cyrillic += own
      if (own !== 0 && own !== found) unmix(start)
      length = Math.min(length, start + MAX_WORD)
      letters[length++] = EDGE
      start = length
      own = 0
    }
    return { words, letters: count, script: scriptByLetters(count - cyrillic, cyrillic, others) }
  }

  /** A word of two scripts is one in disguise, or typed on two keyboards: it is read in its own script. */
  function unmix(start: number): void {
    const word = undisguised(stringOf(start, Math.min(length, start + MAX_WORD)))
    length = start
    for (let at = 0; at < word.length && at < MAX_WORD; at++) {
      const code = word.charCodeAt(at)
      if (code < LAST) letters[length++] = code
    }
  }

  function stringOf(start: number, end: number): string {
    return String.fromCharCode(...letters.subarray(start, end))
  }

  function families(limit: number): number[] {
    const table = familyWeights
    const shift = familyShift
    const sums = [0, 0, 0, 0, 0, 0, 0, 0]
    let one = EDGE
    let two = EDGE_2
    let three = EDGE_3
    let word = 0
    let added = 0
    let words = 0
    let a = 0
    let b = 0
    let c = 0
    let d = 0
    let at = 0
    for (; at < length; at++) {
      const code = letters[at]!
      const four = longer(three, code)
      three = longer(two, code)
      two = longer(one, code)
      one = code
      word = longer(word, code)
      const long = bucketOf(four, SALT_4, shift) * FAMILY_FOURS
      const middle = bucketOf(three, SALT_3, shift) * FAMILY_FOURS
      const short = bucketOf(two, SALT_2, shift) * FAMILY_FOURS
      let first = table[long]! + table[middle]! + table[short]!
      let second = table[long + 1]! + table[middle + 1]! + table[short + 1]!
      added += 3
      if (code === EDGE) {
        const whole = bucketOf(word, SALT_BEGINNING, shift) * FAMILY_FOURS
        first += table[whole]!
        second += table[whole + 1]!
        added++
        words++
        two = EDGE_2
        three = EDGE_3
        word = 0
      }
      a += first & HALVES
      b += (first >>> 8) & HALVES
      c += second & HALVES
      d += (second >>> 8) & HALVES
      if (code === EDGE && at >= limit) break
      if (added > MAX_ADDED - 4) {
        spread(sums, 0, a, b)
        spread(sums, 4, c, d)
        a = b = c = d = added = 0
      }
    }
    spread(sums, 0, a, b)
    spread(sums, 4, c, d)
    return oddsOf(model.family, sums, Math.min(at + 1, length) * 3 + words, FAMILY_OFFSET)
  }

  function alphabet(): Alphabet {
    const found = [0, 0, 0, 0]
    const size = Math.min(length, MAX_ALPHABET)
    for (let at = 0; at < size; at++) found[ALPHABET[letters[at]!]!]!++
    const [, foreign, serbian, macedonian] = found
    return { letters: size, foreign: foreign!, serbian: serbian!, macedonian: macedonian! }
  }

  function varieties(limit: number): VarietyEvidence {
    const { size, rare } = foldLetters(limit)
    const table = varietyWeights
    const shift = varietyShift
    counts.fill(0)
    let two = EDGE_2
    let three = EDGE_3
    let four = EDGE_4
    let one = EDGE
    let word = 0
    let found = 0
    let even = 0
    let odd = 0
    for (let at = 0; at < size; at++) {
      const code = folded[at]!
      const five = longer(four, code)
      four = longer(three, code)
      three = longer(two, code)
      two = longer(one, code)
      one = code
      word = longer(word, code)
      const long = table[bucketOf(five, SALT_5, shift)]!
      const middle = table[bucketOf(four, SALT_4, shift)]!
      const short = table[bucketOf(three, SALT_3, shift)]!
      const beginning = table[bucketOf(word, SALT_BEGINNING, shift)]!
      even += (long & 0xff) + (middle & 0xff) + (short & 0xff) + (beginning & 0xff)
      odd += (long >>> 8) + (middle >>> 8) + (short >>> 8) + (beginning >>> 8)
      found |= telling.listsOf(word)
      if (code !== EDGE) continue
      for (let list = 0; found !== 0; list++, found >>>= 1) counts[list]! += found & 1
      two = EDGE_2
      three = EDGE_3
      four = EDGE_4
      word = 0
    }
    return { odds: oddsOf(model.variety, [even, odd], size * 4, VARIETY_OFFSET), counts, rare }
  }

  /** Folds the letters read, and counts the rare words while they are still as written. */
  function foldLetters(limit: number): { size: number; rare: number } {
    let size = 0
    let found = 0
    let before = 0
    let start = 0
    let isSuspect = 0
    for (let at = 0; at < length; at++) {
      const code = letters[at]!
      if (code === EDGE) {
        if (isSuspect !== 0 && isRare(start, at)) found++
        isSuspect = before = 0
        start = at + 1
        folded[size++] = EDGE
        if (at >= limit) break
      } else {
        const both = FOLDED[code]!
        folded[size++] = both & 0xffff
        if (both > 0xffff) folded[size++] = both >>> 16
        const kind = kinds[code]!
        isSuspect |= suspects[before | kind]!
        before = kind << 4
      }
    }
    return { size, rare: found }
  }

  function isRare(start: number, end: number): boolean {
    return rare.pattern.test(latinize(stringOf(start, end)))
  }
}

/** The letters of `suspects` numbered from 1, in both scripts, and for each two numbers (16 times the first, plus the second) whether they are suspect. */
function suspectTable(wanted: readonly string[]): { kinds: Uint8Array; suspects: Uint8Array } {
  const kinds = new Uint8Array(LAST)
  const numbers = new Map(Array.from(new Set(wanted.join('')), (letter, at) => [letter, at + 1] as const))
  if (numbers.size > 15) throw new Error(`expected at most 15 letters in pairs, found ${numbers.size}`)
  for (let code = 0; code < LAST; code++) kinds[code] = numbers.get(latinize(String.fromCharCode(code))) ?? 0
  const suspects = new Uint8Array(256)
  for (const pair of wanted) {
    const first = numbers.get(pair.charAt(0))!
    const second = numbers.get(pair.charAt(1))
    for (let before = 0; before < 16; before++) {
      if (second === undefined) suspects[before * 16 + first] = 1
    }
    if (second !== undefined) suspects[first * 16 + second] = 1
  }
  return { kinds, suspects }
}

/** Adds the halves of what is added up of four classes, the first of which is `at`: of the first and third, of the second and fourth. */
function spread(sums: number[], at: number, even: number, odd: number): void {
  sums[at]! += even & 0xffff
  sums[at + 1]! += odd & 0xffff
  sums[at + 2]! += even >>> 16
  sums[at + 3]! += odd >>> 16
}

/** As in training: the sum of the weights by the square root of how many there were. */
function oddsOf({ biases, scale }: Layer, sums: readonly number[], added: number, offset: number): number[] {
  const unit = scale / Math.sqrt(Math.max(1, added))
  const odds: number[] = []
  const last = biases.length - 1
  for (let at = 0; at < last; at++) odds.push((sums[at]! - added * offset) * unit + biases[at]!)
  odds.push(biases[last]!)
  return odds
}

/** Accents apart from their letters, letters in fancy dress, invisible characters: rare, and put right before reading. */
function usual(text: string): string {
  return text
    .replace(/\p{Default_Ignorable_Code_Point}+/gu, '')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .normalize('NFKC')
}
