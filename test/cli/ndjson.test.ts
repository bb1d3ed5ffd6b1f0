import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { linesOf } from '../../cli/ndjson.ts'

async function read(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  const lines: string[] = []
  for await (const line of linesOf(Readable.from(chunks))) lines.push(line)
  return lines
}

describe('lines of a stream', () => {
  const cases: readonly {
    readonly name: string
    readonly chunks: (string | Uint8Array)[]
    readonly lines: string[]
  }[] = [
    { name: 'end at line feeds', chunks: ['a\nb\n'], lines: ['a', 'b'] },
    { name: 'may lack the last line feed', chunks: ['a\nb'], lines: ['a', 'b'] },
    { name: 'may be cut anywhere', chunks: ['{"a"', ':1}\n{"b":', '2}\n'], lines: ['{"a":1}', '{"b":2}'] },
    { name: 'may end as on Windows', chunks: ['a\r\nb\r\n'], lines: ['a', 'b'] },
    {
      name: 'may hold U+2028, which is no line end in JSON',
      chunks: ['{"t":"a\u2028b"}\nc\n'],
      lines: ['{"t":"a\u2028b"}', 'c'],
    },
    {
      name: 'may be cut inside a letter',
      chunks: [Buffer.from('š\n').subarray(0, 1), Buffer.from('š\n').subarray(1)],
      lines: ['š'],
    },
    { name: 'may be none', chunks: [], lines: [] },
  ]
  for (const { name, chunks, lines } of cases) {
    test(name, async () => expect(await read(...chunks)).toEqual(lines))
  }
})
