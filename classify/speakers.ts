/** Who is quoted: the name beside the verb of speaking, completed from the fuller form elsewhere in the article. */
import { JaroWinklerDistance } from 'natural/lib/natural/distance/index.js'
import { fold } from '../core/text.ts'
import type { NameWords } from './name-words.ts'
import type { HintHit, Reading, SentenceView } from './reading.ts'
import type { Word } from './words.ts'

/** A name stands this many words from the verb at most; one with its office before it, further. */
const REACH = 5
const REACH_WITH_TITLE = 14
/** A name in another case is rather somebody spoken of; one with an office rather the speaker. In words of distance. */
const OBLIQUE_COSTS = 6
const TITLE_GAINS = 6
/** Words between an office and the name at most: "predsjednik Bosne i Hercegovine X". */
const TITLE_GAP = 3
/** Same name in another case or script: Dodik, Dodika, Додику. Below, other people begin. */
const SAME_NAME = 0.93
const SAME_FIRST_NAME = 0.85
const MAX_NAME = 4
/** Words of a field that are searched for the full name. */
const SEARCHED = 400

interface Name {
  readonly words: readonly string[]
  readonly start: number
  readonly end: number
}

export interface Naming {
  readonly names: NameWords
  readonly readings: readonly Reading[]
}

/** The speaker named in a sentence near a verb of speaking, outside the passage; undefined when none is. */
export function speakerNear(
  reading: Reading,
  view: SentenceView,
  verb: HintHit,
  passage: { readonly start: number; readonly end: number },
  naming: Naming,
): string | undefined {
  let best: Name | undefined
  let least = Infinity
  for (const raw of namesIn(reading, view.first, view.end)) {
    const name = personIn(reading, raw, naming)
    if (
      !name ||
      touches(name, passage) ||
      isQuoted(reading, name.start) ||
      isNoSpeaker(view, name, verb.start)
    )
      continue
    const away = name.start > verb.start ? name.start - verb.end + 1 : verb.start - name.end + 1
    const titled = hasTitle(reading, name, naming.names)
    if (away > (titled ? REACH_WITH_TITLE : REACH)) continue
    const oblique = isOblique(name, naming.names)
    // "za Anu govori": the object, unless it is behind the word of speaking ("riječima Ane") or an office.
    if (oblique && !titled && name.start < verb.start) continue
    const cost = away + (oblique ? OBLIQUE_COSTS : 0) - (titled ? TITLE_GAINS : 0)
    if (cost < least) [best, least] = [name, cost]
  }
  return best && completed(best, naming)
}

/** Behind a preposition stands a place or an object, not who speaks; nor is the verb itself a name, or a group. */
function isNoSpeaker(view: SentenceView, name: Name, verb: number): boolean {
  const from = Math.min(name.start - 1, verb)
  return (
    view.terms.some(term => touches(term, name)) ||
    view.hints.some(
      hit =>
        (hit.hint === 'preposition' && hit.start >= from && hit.end <= name.start) ||
        (hit.hint === 'speech' && touches(hit, name)),
    )
  )
}

function touches(one: { start: number; end: number }, other: { start: number; end: number }): boolean {
  return one.start < other.end && other.start < one.end
}

/**
 * "Dodik: ...", "Skandalozna izjava Dodika: ..." A colon before the passage, with a name in front of it. In a title it
 * reaches over sentences. The answer is the name where it stands alone before the colon, `true` where it does not.
 */
export function speakerBeforeColon(
  reading: Reading,
  view: SentenceView,
  passageStart: number,
  naming: Naming,
): string | true | undefined {
  const first = reading.field === 'title' ? 0 : view.first
  const from = reading.words[first]!.start
  const before = reading.text.slice(from, reading.words[passageStart]!.start)
  const colon = /^(.{3,160}):\s[^:]*$/s.exec(before)?.[1]
  // Shouted words at the beginning are the kind of item: VIDEO, FOTO.
  const words = colon?.replace(/^(?:\p{Lu}{3,}[ /|]+)+(?=\p{Lu}\p{Ll})/u, '')
  if (words === undefined || !/(?:^|\s)\p{Lu}\p{Ll}/u.test(words)) return undefined
  const end = reading.words.findIndex(word => word.start >= from + colon!.length)
  if (end - first <= FEW_WORDS && !speaksBefore(reading, first, end, naming)) return undefined
  return /^\p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*){0,3}$/u.test(words)
    ? withoutTitle(words, naming.names)
    : true
}

/** With more words before the colon there is more than the place that the headline is about. */
const FEW_WORDS = 3

/** Somebody is named before the colon, or said to speak: "Srebrenica: ..." is a headline about a place. */
function speaksBefore(reading: Reading, first: number, end: number, naming: Naming): boolean {
  if (reading.hints.some(hit => hit.hint === 'speech' && hit.start >= first && hit.end <= end)) return true
  if (reading.words.slice(first, end).some(word => naming.names.isTitle(word.folded))) return true
  const isTerm = (name: Name): boolean => reading.terms.some(term => touches(term, name))
  return namesIn(reading, first, end, true).some(raw => {
    const name = personIn(reading, raw, naming, true)
    return name !== undefined && !isTerm(name)
  })
}

function withoutTitle(name: string, names: NameWords): string {
  const words = name.split(' ')
  const from = words.findIndex(word => !names.isTitle(word))
  return words.slice(Math.max(0, from)).join(' ')
}

function namesIn(reading: Reading, first: number, end: number, atBeginning = false): Name[] {
  const names: Name[] = []
  for (let at = first; at < end;) {
    let last = at
    while (
      last < end &&
      last - at < MAX_NAME &&
      isCapital(reading, reading.words[last]!) &&
      (last === at || joins(reading, last))
    )
      last += 1
    if (last === at) {
      at += 1
      continue
    }
    const begins = at === beginningOf(reading, at)
    // One capitalised word at the beginning of a sentence is just its beginning, unless it is a name elsewhere.
    if (last - at > 1 || !begins || atBeginning || isNameElsewhere(reading, at))
      names.push({ words: textsOf(reading, at, last), start: at, end: last })
    at = last
  }
  return names
}

function beginningOf(reading: Reading, word: number): number {
  return reading.sentences.bounds[reading.sentences.of[word]!]![0]
}

/** The same capitalised word within another sentence of the field. */
function isNameElsewhere(reading: Reading, at: number): boolean {
  const { folded } = reading.words[at]!
  return reading.words
    .slice(0, SEARCHED)
    .some(
      (word, index) =>
        index !== at &&
        word.folded === folded &&
        isCapital(reading, word) &&
        index !== beginningOf(reading, index),
    )
}

/** A name without what stands before and behind it that is no part of it; undefined when nothing is left. */
function personIn(
  reading: Reading,
  { start, end }: Name,
  { names }: Naming,
  alone = false,
): Name | undefined {
  const text = (at: number): string => textsOf(reading, at, at + 1)[0]!
  let first = start
  let last = end
  while (first < last && (names.isNotSpeaker(text(first)) || names.isTitle(text(first)))) first += 1
  while (last > first && names.isNotSpeaker(text(last - 1))) last -= 1
  // "gradonačelnik Trilja Ivan Bugarin": a place the list does not know.
  if (last - first > 2 && hasTitle(reading, { start: first }, names)) first = last - 2
  if (first === last) return undefined
  // What is left of a longer name that was no name: "Brdo - Brijuni", "Sydney United".
  if (last - first === 1 && end - start > 1 && last < end && !alone) return undefined
  return { words: textsOf(reading, first, last), start: first, end: last }
}

/** An office or form of address shortly before the name, with nothing but words between. */
function hasTitle(reading: Reading, { start }: { readonly start: number }, names: NameWords): boolean {
  for (let at = start - 1; at >= Math.max(0, start - 1 - TITLE_GAP); at -= 1) {
    if (!/^[.\s]*$/.test(reading.text.slice(reading.words[at]!.end, reading.words[at + 1]!.start)))
      return false
    if (names.isTitle(reading.words[at]!.folded)) return true
  }
  return false
}

function isOblique({ words }: Name, names: NameWords): boolean {
  return names.isOblique(words[0]!) || names.isOblique(words.at(-1)!)
}

function joins(reading: Reading, at: number): boolean {
  const { of } = reading.sentences
  return (
    of[at] === of[at - 1] &&
    /^\.? $/.test(reading.text.slice(reading.words[at - 1]!.end, reading.words[at]!.start))
  )
}

/** Capital first letter and not a shouted word. */
function isCapital(reading: Reading, word: Word): boolean {
  return /^\p{Lu}(?:\p{Ll}|$)/u.test(reading.text.slice(word.start, word.end))
}

function textsOf(reading: Reading, start: number, end: number): string[] {
  return reading.words.slice(start, end).map(word => reading.text.slice(word.start, word.end))
}

export function isQuoted(reading: Reading, word: number): boolean {
  const at = reading.words[word]!.start
  return reading.quotations.some(quotation => quotation.start <= at && at < quotation.end)
}

/** A surname alone, or a name in another case, as the full name that the article gives elsewhere. */
function completed(name: Name, naming: Naming): string {
  const oblique = isOblique(name, naming.names)
  if (name.words.length > 1 && !oblique) return name.words.join(' ')
  for (const reading of naming.readings) {
    for (const other of fullNamesIn(reading, naming)) {
      if (oblique && isOblique(other, naming.names)) continue
      if (isSame(name, other)) return other.words.join(' ')
    }
  }
  return name.words.join(' ')
}

/** Asked for by each passage of an article. */
const fullNames = new WeakMap<Reading, readonly Name[]>()

function fullNamesIn(reading: Reading, naming: Naming): readonly Name[] {
  const known = fullNames.get(reading)
  if (known) return known
  const found = namesIn(reading, 0, Math.min(reading.words.length, SEARCHED))
    .flatMap(raw => personIn(reading, raw, naming) ?? [])
    .filter(({ words }) => words.length === 2 || words.length === 3)
  fullNames.set(reading, found)
  return found
}

function isSame(name: Name, other: Name): boolean {
  const alike = (a: string, b: string): number => JaroWinklerDistance(fold(a), fold(b))
  const surname = alike(name.words.at(-1)!, other.words.at(-1)!) >= SAME_NAME
  if (name.words.length === 1) return surname
  return surname && alike(name.words[0]!, other.words[0]!) >= SAME_FIRST_NAME
}
