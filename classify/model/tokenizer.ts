/** Tokenizer: Unigram pieces over words that begin with a metaspace, exactly as in training. Reads model text alone. */
import { ConfigError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'

export interface Tokens {
  readonly ids: readonly number[]
  /** UTF-16 offsets in the text, end exclusive. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

export interface Tokenizer {
  readonly hash: string
  readonly size: number
  readonly bos: number
  readonly pad: number
  readonly eos: number
  readonly unk: number
  encode(text: string): Tokens
}

const HEAD = 'opomena unigram 1'
const SPECIAL = ['<s>', '<pad>', '</s>', '<unk>'] as const
const METASPACE = '▁'
/** A character that no piece covers costs this much more than the rarest piece. */
const UNKNOWN_PENALTY = 10
/** Words come back; those of a day's news fit in here. */
const MAX_REMEMBERED = 50_000

/** @throws ConfigError when the file is none of ours. */
export function parseTokenizer(text: string, name = 'tokenizer'): Tokenizer {
  const [head, ...lines] = text.trimEnd().split('\n')
  if (head !== HEAD)
    throw new ConfigError(`${name}: expected a first line "${HEAD}", found "${(head ?? '').slice(0, 40)}"`)
  const ids = new Map<string, number>()
  const scores = new Float64Array(lines.length)
  let longest = 0
  lines.forEach((line, id) => {
    const tab = line.lastIndexOf('\t')
    const score = Number(line.slice(tab + 1))
    if (tab < 1 || Number.isNaN(score))
      throw new ConfigError(`${name}:${String(id + 2)}: expected a piece, a tab and its score`)
    const piece = line.slice(0, tab)
    ids.set(piece, id)
    scores[id] = score
    longest = Math.max(longest, piece.length)
  })
  if (ids.size !== lines.length || SPECIAL.some((piece, id) => ids.get(piece) !== id))
    throw new ConfigError(`${name}: expected different pieces, the first of them ${SPECIAL.join(' ')}`)
  const pieces: Pieces = {
    ids,
    scores,
    longest,
    unknown: scores.reduce((a, b) => Math.min(a, b), 0) - UNKNOWN_PENALTY,
  }
  const known = new Map<string, Split>()
  return {
    hash: sha256(text),
    size: lines.length,
    ...{ bos: 0, pad: 1, eos: 2, unk: UNK },
    encode: words => encode(words, pieces, known),
  }
}

const UNK = 3

interface Pieces {
  readonly ids: ReadonlyMap<string, number>
  readonly scores: Float64Array
  readonly longest: number
  readonly unknown: number
}

/** Pieces of one word: two numbers each, the id and where it ends in the word. */
type Split = readonly number[]

function encode(text: string, pieces: Pieces, known: Map<string, Split>): Tokens {
  const ids: number[] = []
  const starts: number[] = []
  const ends: number[] = []
  let from = 0
  while (from < text.length) {
    const space = text.indexOf(' ', from)
    const to = space === -1 ? text.length : space
    const word = text.slice(from, to)
    let split = known.get(word)
    if (!split) {
      split = splitWord(METASPACE + word, pieces)
      if (known.size >= MAX_REMEMBERED) known.clear()
      known.set(word, split)
    }
    for (let at = 0; at < split.length; at += 2) {
      ids.push(split[at]!)
      // The metaspace before the word takes no place in the text.
      starts.push(at === 0 ? from : ends.at(-1)!)
      ends.push(from + split[at + 1]! - 1)
    }
    from = to + 1
  }
  return { ids, starts, ends }
}

/** The pieces with the best sum of scores; of equal ones the first found, shorter pieces first. */
function splitWord(word: string, { ids, scores, longest, unknown }: Pieces): Split {
  const { length } = word
  const best = new Float64Array(length + 1).fill(-Infinity)
  const from = new Int32Array(length + 1)
  const piece = new Int32Array(length + 1)
  best[0] = 0
  const offer = (start: number, end: number, id: number, score: number): void => {
    if (best[start]! + score <= best[end]!) return
    best[end] = best[start]! + score
    from[end] = start
    piece[end] = id
  }
  for (let start = 0; start < length; start += 1) {
    const last = Math.min(length, start + longest)
    let single = false
    for (let end = start + 1; end <= last; end += 1) {
      const id = ids.get(word.slice(start, end))
      if (id === undefined) continue
      offer(start, end, id, scores[id]!)
      if (end === start + 1) single = true
    }
    if (!single) offer(start, start + 1, UNK, unknown)
  }
  return backwards(from, piece, length)
}

/** Unknown characters in a row are one token. */
function backwards(from: Int32Array, piece: Int32Array, length: number): Split {
  const split: number[] = []
  for (let end = length; end > 0; end = from[end]!) {
    if (piece[end] !== UNK || split.at(-1) !== UNK) split.push(end, piece[end]!)
  }
  return split.reverse()
}
