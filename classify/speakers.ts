/** Who is quoted: the name beside the verb of speaking, completed from the fuller form elsewhere in the article. */
import { JaroWinklerDistance } from 'natural/lib/natural/distance/index.js'
import type { Reading, SentenceView } from './reading.ts'
import type { Word } from './words.ts'

/** A name stands this many words from the verb at most. */
const REACH = 5
/** Same name in another case or script: Dodik, Dodika, Додику. Below, other people begin. */
const SAME_NAME = 0.93
const MAX_NAME = 4

interface Name {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The speaker named in a sentence near the word `verb`, outside the passage; undefined when none is. */
export function speakerNear(
  reading: Reading,
  view: SentenceView,
  verb: number,
  passage: { readonly start: number; readonly end: number },
  article: readonly Reading[],
): string | undefined {
  let best: Name | undefined
  let distance = REACH + 1
  for (const name of namesIn(reading, view.first, view.end)) {
    if (name.start < passage.end && passage.start < name.end) continue
    if (
      isQuoted(reading, name.start) ||
      isPlace(view, name, verb) ||
      view.terms.some(term => term.start < name.end && name.start < term.end)
    )
      continue
    const away = name.start > verb ? name.start - verb : verb - name.end + 1
    if (away < distance) [best, distance] = [name, away]
  }
  return best && completed(best, article)
}

/** Behind a preposition stands a place or an object, not who speaks; nor is the verb itself a name. */
function isPlace(view: SentenceView, name: Name, verb: number): boolean {
  const from = Math.min(name.start - 1, verb)
  return view.hints.some(
    hit =>
      (hit.hint === 'preposition' && hit.start >= from && hit.end <= name.start) ||
      (hit.hint === 'speech' && hit.start < name.end && name.start < hit.end),
  )
}

/**
 * "Dodik: ...", "Skandalozna izjava Dodika: ..." A colon before the passage, with a name in front of it. In a title it
 * reaches over sentences. The answer is the name where it stands alone before the colon, `true` where it does not.
 */
export function speakerBeforeColon(
  reading: Reading,
  view: SentenceView,
  passageStart: number,
): string | true | undefined {
  const from = reading.field === 'title' ? 0 : reading.words[view.first]!.start
  const before = reading.text.slice(from, reading.words[passageStart]!.start)
  const colon = /^(.{3,160}):\s[^:]*$/s.exec(before)?.[1]
  // Shouted words at the beginning are the kind of item: VIDEO, FOTO.
  const words = colon?.replace(/^(?:\p{Lu}{3,}[ /|]+)+(?=\p{Lu}\p{Ll})/u, '')
  if (words === undefined || !/(?:^|\s)\p{Lu}\p{Ll}/u.test(words)) return undefined
  return /^\p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*){0,3}$/u.test(words) ? words : true
}

function namesIn(reading: Reading, first: number, end: number): Name[] {
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
    // One capitalised word at the beginning of a sentence is just its beginning, unless the rest of a name follows.
    if (last - at > 1 || at > view0(reading, at))
      names.push({ text: textOf(reading, at, last), start: at, end: last })
    at = last
  }
  return names
}

function view0(reading: Reading, word: number): number {
  return reading.sentences.bounds[reading.sentences.of[word]!]![0]
}

function joins(reading: Reading, at: number): boolean {
  return /^\.? $/.test(reading.text.slice(reading.words[at - 1]!.end, reading.words[at]!.start))
}

/** Capital first letter and not a shouted word. */
function isCapital(reading: Reading, word: Word): boolean {
  const text = reading.text.slice(word.start, word.end)
  return /^\p{Lu}(?:\p{Ll}|$)/u.test(text)
}

function textOf(reading: Reading, start: number, end: number): string {
  return reading.text.slice(reading.words[start]!.start, reading.words[end - 1]!.end)
}

export function isQuoted(reading: Reading, word: number): boolean {
  const at = reading.words[word]!.start
  return reading.quotations.some(quotation => quotation.start <= at && at < quotation.end)
}

/** A surname alone as the full name that the article gives elsewhere. */
function completed(name: Name, article: readonly Reading[]): string {
  if (name.end - name.start > 1) return name.text
  for (const reading of article) {
    for (const other of namesIn(reading, 0, Math.min(reading.words.length, 400))) {
      const words = other.text.split(' ')
      if (words.length < 2 || words.length > 3) continue
      const surname = words.at(-1) ?? ''
      if (JaroWinklerDistance(surname, name.text) >= SAME_NAME) return other.text
    }
  }
  return name.text
}
