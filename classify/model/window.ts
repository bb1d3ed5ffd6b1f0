/** Window: what the encoder sees of a field at one sentence: that sentence, and of its neighbours what still fits. */
import type { PackCode } from '../pack.ts'
import type { Reading } from '../reading.ts'
import { groupNames } from './group-names.ts'
import { markersIn } from './markers.ts'
import { modelText, writerOf } from './model-text.ts'
import type { ModelText } from './model-text.ts'
import type { Tokenizer, Tokens } from './tokenizer.ts'

/** With the two tokens that open and close it. Twice as many cost more than twice the time. */
export const MAX_TOKENS = 96

export interface Window {
  /** Model text; words are whole. */
  readonly text: string
  /** With the opening and the closing token. */
  readonly ids: readonly number[]
  /** For each id where it stands in the field: UTF-16 offsets, end exclusive; the two outer ones are empty. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

export interface Windows {
  /** Number of sentences. */
  readonly count: number
  /** Of a sentence; several where it is longer than a window, none where it has no words. */
  at(sentence: number): readonly Window[]
  /** Model text of the sentence alone. */
  own(sentence: number): string
}

type Windowed = Pick<Reading, 'text' | 'words' | 'terms' | 'sentences'>

export function windowsOf(reading: Windowed, code: PackCode, tokenizer: Tokenizer): Windows {
  const { text, words, sentences } = reading
  const { bounds } = sentences
  const write = writerOf(code, text)
  const namesFor = groupNames(reading, code)
  const textAt = (index: number, names: Names): ModelText => {
    const [first, end] = bounds[index]!
    const stretch = { words, first, end, from: cutBefore(reading, index), to: cutBefore(reading, index + 1) }
    return modelText(text, stretch, write, markersIn(reading, first, end), names)
  }
  const pieceAt = (index: number, names: Names): Piece =>
    bounds[index] ? pieceOf(textAt(index, names), tokenizer) : NOTHING
  return {
    count: bounds.length,
    own: sentence => textAt(sentence, namesFor([sentence])).text,
    at(sentence) {
      const names = namesFor([sentence, sentence - 1, sentence + 1])
      const own = pieceAt(sentence, names)
      const room = MAX_TOKENS - 2
      const { length } = own.tokens.ids
      if (length === 0) return []
      if (length > room) return cutInWindows(own, room).map(part => windowOf([part], tokenizer))
      const before = pieceAt(sentence - 1, names)
      const after = pieceAt(sentence + 1, names)
      const left = room - length
      const tail = tailOf(before, Math.max(left >> 1, left - after.tokens.ids.length))
      const head = headOf(after, left - tail.tokens.ids.length)
      return [windowOf([tail, own, head], tokenizer)]
    },
  }
}

type Names = ReadonlyMap<number, string>

/** A stretch of model text with its tokens. */
interface Piece {
  readonly model: ModelText
  readonly tokens: Tokens
}

const NOTHING: Piece = {
  model: { text: '', starts: [], ends: [] },
  tokens: { ids: [], starts: [], ends: [] },
}

function pieceOf(model: ModelText, tokenizer: Tokenizer): Piece {
  return { model, tokens: tokenizer.encode(model.text) }
}

/** Where the signs that close a sentence end and those that open the next begin. */
function cutBefore({ text, words, sentences: { bounds } }: Windowed, sentence: number): number {
  const first = bounds[sentence]?.[0]
  if (first === undefined) return text.length
  if (first === 0) return 0
  const { end } = words[first - 1]!
  const { start } = words[first]!
  const space = text.slice(end, start).search(/\s\S*$/u)
  return space === -1 ? start : end + space
}

/** Within a word each piece begins where the one before ends; between two words there is a space. */
function opensWord({ tokens: { starts, ends } }: Piece, at: number): boolean {
  return at === 0 || starts[at]! > ends[at - 1]!
}

/** As many whole words from its end as fit. */
function tailOf(piece: Piece, room: number): Piece {
  const { length } = piece.tokens.ids
  let from = Math.max(0, length - room)
  while (from < length && !opensWord(piece, from)) from += 1
  return slice(piece, from, length)
}

/** As many whole words from its beginning as fit. */
function headOf(piece: Piece, room: number): Piece {
  let to = Math.min(piece.tokens.ids.length, room)
  while (to > 0 && to < piece.tokens.ids.length && !opensWord(piece, to)) to -= 1
  return slice(piece, 0, to)
}

/** Windows over a long sentence; each begins in the middle of the one before. */
function cutInWindows(piece: Piece, room: number): Piece[] {
  const { length } = piece.tokens.ids
  const parts: Piece[] = []
  for (let from = 0; from < length;) {
    const rest = slice(piece, from, length)
    const part = headOf(rest, room)
    // One word of signs without a space may be longer than a window.
    const taken = part.tokens.ids.length === 0 ? slice(rest, 0, room) : part
    parts.push(taken)
    if (from + taken.tokens.ids.length >= length) break
    let next = from + Math.max(1, taken.tokens.ids.length >> 1)
    while (next < from + taken.tokens.ids.length && !opensWord(piece, next)) next += 1
    from = next
  }
  return parts
}

function slice({ model, tokens }: Piece, from: number, to: number): Piece {
  if (from >= to) return NOTHING
  const start = tokens.starts[from]!
  const end = tokens.ends[to - 1]!
  const moved = (places: readonly number[]): number[] => places.slice(from, to).map(place => place - start)
  return {
    model: {
      text: model.text.slice(start, end),
      starts: model.starts.slice(start, end),
      ends: model.ends.slice(start, end),
    },
    tokens: { ids: tokens.ids.slice(from, to), starts: moved(tokens.starts), ends: moved(tokens.ends) },
  }
}

function windowOf(pieces: readonly Piece[], { bos, eos }: Tokenizer): Window {
  const ids = [bos]
  const starts = [0]
  const ends = [0]
  for (const { model, tokens } of pieces) {
    tokens.ids.forEach((id, at) => {
      const from = tokens.starts[at]!
      const to = Math.max(tokens.ends[at]!, from + 1)
      ids.push(id)
      starts.push(model.starts[from] ?? 0)
      ends.push(model.ends[Math.min(to, model.ends.length) - 1] ?? 0)
    })
  }
  ids.push(eos)
  starts.push(0)
  ends.push(0)
  const text = pieces.flatMap(({ model }) => (model.text === '' ? [] : [model.text])).join(' ')
  return { text, ids, starts, ends }
}
