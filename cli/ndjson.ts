/** NDJSON on standard input and output: one object a line, in order, with back-pressure. */
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

/** Longest line taken, in UTF-16 units: an article of 1 MB with room for its escapes. */
export const MAX_LINE = 8_000_000

/**
 * The lines of a stream, without their ends. Splits at `\n` alone: readline also splits at U+2028, which real articles
 * contain. A line over `MAX_LINE` is handed over cut, which no longer parses, so that its number is reported.
 */
export async function* linesOf(input: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk as Uint8Array, { stream: true })
    let from = 0
    for (let at = rest.indexOf('\n', from); at !== -1; at = rest.indexOf('\n', from)) {
      yield trimEnd(rest.slice(from, at))
      from = at + 1
    }
    rest = rest.slice(from)
    if (rest.length > MAX_LINE) rest = rest.slice(0, MAX_LINE)
  }
  if (rest !== '') yield trimEnd(rest)
}

const trimEnd = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

/** Writes one object as a line; resolves when the stream can take more. */
export async function writeLine(output: Writable, value: unknown): Promise<void> {
  if (!output.write(`${JSON.stringify(value)}\n`)) await once(output, 'drain')
}
