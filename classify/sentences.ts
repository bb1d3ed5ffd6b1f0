/** Where sentences end and what stands in quotation marks. */
import type { Word } from './words.ts'

export interface Sentences {
  /** The number of the sentence that each word stands in. */
  readonly of: Int32Array
  /** First and last word (exclusive) of each sentence. */
  readonly bounds: readonly (readonly [first: number, end: number])[]
}

/** No sentence is longer; a text without full stops is cut, so that work on a sentence stays bounded. */
const MAX_SENTENCE = 250

export function splitSentences(
  text: string,
  words: readonly Word[],
  abbreviations: ReadonlySet<string>,
): Sentences {
  const of = new Int32Array(words.length)
  const bounds: [number, number][] = []
  let first = 0
  for (let at = 0; at < words.length; at += 1) {
    of[at] = bounds.length
    const next = words[at + 1]
    if (!next || at - first >= MAX_SENTENCE || endsSentence(text, words[at]!, next, abbreviations)) {
      bounds.push([first, at + 1])
      first = at + 1
    }
  }
  return { of, bounds }
}

function endsSentence(text: string, word: Word, next: Word, abbreviations: ReadonlySet<string>): boolean {
  const gap = next.start - word.end
  if (gap === 1) {
    const sign = text.charAt(word.end)
    // A line may be broken within a sentence; a new one begins in upper case or with a figure.
    if (sign === '\n') return !isLower(text, next.start)
    // "demokratik.Sikurse": a page lost its space. Not in addresses and initials, where both sides are written alike.
    return (
      sign === '.' && word.end - word.start > 2 && isLower(text, word.end - 1) && isUpper(text, next.start)
    )
  }
  const between = text.slice(word.end, next.start)
  if (/\n\s*\n/.test(between)) return true
  if (between.includes('\n')) return /[.!?…]/.test(between) || startsSentence(text, between, next)
  if (/[!?…]/.test(between)) return startsSentence(text, between, next)
  const stop = between.indexOf('.')
  if (stop === -1) return false
  if (between.includes('..')) return startsSentence(text, between, next)
  // "tzv. genocid", "M. Dodik", "11. jula": a full stop that ends an abbreviation, an initial or an ordinal.
  if (stop === 0 && (abbreviations.has(word.folded) || word.folded.length === 1)) return false
  if (stop === 0 && /^\d{1,2}$/.test(word.folded)) return false
  return startsSentence(text, between, next)
}

function isLower(text: string, at: number): boolean {
  return text.charAt(at) !== text.charAt(at).toUpperCase()
}

function isUpper(text: string, at: number): boolean {
  return text.charAt(at) !== text.charAt(at).toLowerCase()
}

function startsSentence(text: string, between: string, next: Word): boolean {
  if (!/\s/.test(between)) return false
  const first = text.slice(next.start, next.start + 2)
  return first.toLowerCase() !== first || /^\d/.test(first) || /["„“”»«–-]/.test(between)
}

/** A stretch in quotation marks, the marks left out; UTF-16 offsets, end exclusive. */
export interface Quotation {
  readonly start: number
  readonly end: number
}

const CLOSERS: Readonly<Record<string, string>> = {
  '„': '“”"„',
  '“': '”“"',
  '”': '”"',
  '»': '«»',
  '«': '»',
  '"': '"”“',
  '‚': "‘’'",
  '‘': '’‘',
  "'": "'",
  '’': '’',
  '‹': '›',
  '›': '‹',
}
/** Signs that are apostrophes too: they open a quotation only after a space. */
const APOSTROPHES = new Set(["'", '’', '‘'])
const MAX_QUOTATION = 1_500
const MARKS = /["„“”»«‚‘’'‹›]/g

/** Quotations in order, not nested; one that is never closed is none. A paragraph that opens with a dash is speech. */
export function quotationsIn(text: string): Quotation[] {
  const found: Quotation[] = []
  // How far each mark was searched for its end in vain: a text of open quotations is read once, not once a mark.
  const searched = new Map<string, number>()
  MARKS.lastIndex = 0
  for (let match = MARKS.exec(text); match; match = MARKS.exec(text)) {
    const open = match.index
    const mark = match[0]
    if (!opensQuotation(text, open, mark)) continue
    const close = closeOf(text, open, mark, searched)
    if (close === -1) continue
    found.push({ start: open + 1, end: close })
    MARKS.lastIndex = close + 1
  }
  for (const match of text.matchAll(/(?:^|\n)[ \t]*[–—-][ \t]+([^\n]{3,1500})/g)) {
    const start = match.index + match[0].length - match[1]!.length
    const end = start + (/[,.!?]? [–—-] /.exec(match[1]!)?.index ?? match[1]!.length)
    found.push({ start, end })
  }
  return found
}

function opensQuotation(text: string, at: number, mark: string): boolean {
  const before = text.charAt(at - 1)
  const after = text.charAt(at + 1)
  if (after === '' || /\s/.test(after)) return false
  if (APOSTROPHES.has(mark)) return before === '' || /[\s([:]/.test(before)
  return !/[\p{L}\p{N}]/u.test(before)
}

function closeOf(text: string, open: number, mark: string, searched: Map<string, number>): number {
  const closers = CLOSERS[mark] ?? mark
  const last = Math.min(text.length, open + MAX_QUOTATION)
  for (let at = Math.max(open + 1, searched.get(mark) ?? 0); at < last; at += 1) {
    const char = text.charAt(at)
    if (char === '\n' && text.charAt(at + 1) === '\n') {
      searched.set(mark, at)
      return -1
    }
    if (!closers.includes(char)) continue
    if (APOSTROPHES.has(char) && /[\p{L}\p{N}]/u.test(text.charAt(at + 1))) continue
    // “ both opens and closes; after a space it opens another.
    if (/\s/.test(text.charAt(at - 1)) && /[\p{L}\p{N}]/u.test(text.charAt(at + 1))) continue
    return at
  }
  searched.set(mark, Math.max(last, searched.get(mark) ?? 0))
  return -1
}
