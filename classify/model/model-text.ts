/**
 * Model text: how the encoder reads a field. One way to write each word, whatever script, diacritics, capitals or
 * look-alike letters it was written in: folded Latin (Ekavian where there are two pronunciations), and Cyrillic for Macedonian. Training reads the same.
 */
import { scriptOf, undisguised } from '../../core/text.ts'
import { languagePack } from '../languages.ts'
import type { PackCode } from '../pack.ts'
import type { Word } from '../words.ts'

/** Signs that are kept between words, as the encoder sees them. All others are a space. */
const SIGNS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from('.,:;!?()%&/+', sign => [sign, sign])),
  ...Object.fromEntries(Array.from('"„“”‟»«', sign => [sign, '"'])),
  ...Object.fromEntries(Array.from(`'’‘‚‛‹›\``, sign => [sign, "'"])),
  ...Object.fromEntries(Array.from('-–—−‐‑', sign => [sign, '-'])),
  '…': '...',
}
/** Longer words are data, not language. */
const MAX_WORD = 40
/** Markers are characters of a private area: no text has them, because only letters, digits and signs are kept. */
export const FIRST_MARKER = 0xe000
const DIRT = /[^\p{Ll}\p{Lo}\p{Nd}\p{Nl}]|[\u{e000}-\u{f8ff}]|[\u{10000}-\u{10ffff}]/gu

export interface ModelText {
  readonly text: string
  /** For each character of `text` where it stands in the field: UTF-16 offsets, end exclusive. A word is one place. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

export interface Stretch {
  /** Words of the field, end exclusive. */
  readonly words: readonly Word[]
  readonly first: number
  readonly end: number
  /** The stretch in the field: the words and the signs around them. */
  readonly from: number
  readonly to: number
}

/**
 * @param markerBefore the marker that stands before a word, by its number.
 * @param instead what is written instead of a word, by its number.
 */
export function modelText(
  field: string,
  { words, first, end, from, to }: Stretch,
  write: (raw: string, folded: string) => string,
  markerBefore: ReadonlyMap<number, string>,
  instead: ReadonlyMap<number, string>,
): ModelText {
  const parts = new Writer(field)
  let at = from
  for (let index = first; index < end; index += 1) {
    const word = words[index]!
    parts.signs(at, word.start)
    const marker = markerBefore.get(index)
    if (marker !== undefined) parts.marker(marker, word.start)
    parts.word(instead.get(index) ?? write(field.slice(word.start, word.end), word.folded), word)
    at = word.end
  }
  parts.signs(at, to)
  return parts.done()
}

class Writer {
  readonly #field: string
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  #text = ''

  constructor(field: string) {
    this.#field = field
  }

  /** What stands between two words: signs, and one space where there is any other thing. */
  signs(from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const sign = SIGNS[this.#field.charAt(at)] ?? ' '
      if (sign === ' ' ? this.#endsIn(' ') || this.#text === '' : this.#endsIn(sign.repeat(3))) continue
      this.#put(sign === '...' && this.#endsIn('.') ? '' : sign, at, at + 1)
    }
  }

  marker(marker: string, at: number): void {
    if (this.#text !== '' && !this.#endsIn(' ')) this.#put(' ', at, at)
    this.#put(`${marker} `, at, at)
  }

  word(written: string, { start, end }: { readonly start: number; readonly end: number }): void {
    this.#put(written.replace(DIRT, '').slice(0, MAX_WORD), start, end)
  }

  done(): ModelText {
    const text = this.#text.trimEnd()
    return { text, starts: this.#starts.slice(0, text.length), ends: this.#ends.slice(0, text.length) }
  }

  #endsIn(sign: string): boolean {
    return this.#text.endsWith(sign)
  }

  #put(written: string, start: number, end: number): void {
    this.#text += written
    for (let count = 0; count < written.length; count += 1) {
      this.#starts.push(start)
      this.#ends.push(end)
    }
  }
}

/** How words of a field are written for the encoder. */
export function writerOf(code: PackCode, field: string): (raw: string, folded: string) => string {
  const { encoderForm } = languagePack(code)
  if (!encoderForm) return (_, folded) => folded
  const isLatin = scriptOf(field) === 'Latn'
  return (raw, folded) => encoderForm(undisguised(raw).toLowerCase(), folded, isLatin) ?? folded
}
