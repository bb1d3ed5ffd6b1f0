/** What an encoder says of training windows: it is shown their text, as it was shown the product's. */
import type { Encoder } from '../encoder.ts'
import type { Tokenizer } from '../tokenizer.ts'
import type { Window } from '../window.ts'

/** The window of a line of windows; its places are those of its text, not of the article. */
export function windowOfText(text: string, tokenizer: Tokenizer): Window {
  const { ids, starts, ends } = tokenizer.encode(text)
  return {
    text,
    ids: [tokenizer.bos, ...ids, tokenizer.eos],
    starts: [0, ...starts, 0],
    ends: [0, ...ends, 0],
  }
}

const CHUNK = 64

/** Log-odds of each text, in order. */
export async function* scoresOf<T extends { readonly text: string }>(
  rows: AsyncIterable<T> | Iterable<T>,
  encoder: Encoder,
): AsyncGenerator<T & { readonly score: number }> {
  let chunk: T[] = []
  const answer = async (): Promise<(T & { score: number })[]> => {
    const windows = chunk.map(({ text }) => windowOfText(text, encoder.tokenizer))
    const scores = await encoder.score(windows)
    return chunk.map((row, at) => ({ ...row, score: scores[at]!.instance }))
  }
  for await (const row of rows) {
    chunk.push(row)
    if (chunk.length < CHUNK) continue
    yield* await answer()
    chunk = []
  }
  if (chunk.length > 0) yield* await answer()
}
