/** The tokenizer splits as that of training does. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MANIFEST, SHIPPED } from '../../../classify/model/encoder-files.ts'
import { parseTokenizer } from '../../../classify/model/tokenizer.ts'
import { sha256 } from '../../../core/hash.ts'
import { TINY, tokenizer } from './fixture.ts'
import { tokenizerLines } from './tokenizer-lines.ts'

const file = readFileSync(join(TINY, 'tokenizer.tsv'), 'utf8')
/** The tiny one, and the shipped one from the day it is there. */
const models = [TINY, SHIPPED].filter(folder => existsSync(join(folder, MANIFEST)))

describe('the tokenizer', () => {
  test.each(models)('of %s splits 10,000 lines of all languages exactly as in training', folder => {
    const { tokens } = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as {
      tokens: { lines: number; sha256: string }
    }
    const own = parseTokenizer(readFileSync(join(folder, 'tokenizer.tsv'), 'utf8'))
    const ids = tokenizerLines(tokens.lines).map(line => own.encode(line).ids.join(' '))
    expect(tokens.lines).toBe(10_000)
    expect(sha256(ids.join('\n'))).toBe(tokens.sha256)
  })

  test('says where each piece stands, without gaps within a word', () => {
    const text = 'na godisnjici, (rekao) "put"'
    const { ids, starts, ends } = tokenizer.encode(text)
    expect(starts).toHaveLength(ids.length)
    const rebuilt = ids.map((_, at) => text.slice(starts[at], ends[at])).join('')
    expect(rebuilt).toBe(text.replaceAll(' ', ''))
  })

  test('makes one token of unknown characters in a row', () => {
    const { ids } = tokenizer.encode('漢字漢字')
    expect(ids.filter(id => id === tokenizer.unk)).toHaveLength(1)
  })

  test('never fails, and covers every text from its first character to its last', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), raw => {
        const text = raw.trim().replace(/\s+/gu, ' ')
        const { starts, ends } = tokenizer.encode(text)
        for (let at = 1; at < starts.length; at += 1) expect(starts[at]).toBeGreaterThanOrEqual(ends[at - 1]!)
        if (text !== '') expect(ends.at(-1)).toBe(text.length)
      }),
    )
  })

  test('takes a word of 200,000 letters in bounded time', () => {
    const before = process.cpuUsage()
    tokenizer.encode('a'.repeat(200_000))
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000)
  })

  test.each([
    ['another head', file.replace('opomena', 'other'), /first line/],
    ['a line without a score', `${file}piece\n`, /:\d+: expected a piece, a tab and its score/],
    ['a piece twice', `${file}${file.split('\n').at(-2)!}\n`, /different pieces/],
    ['nothing', '', /first line/],
  ])('refuses a file with %s', (_, text, message) => {
    expect(() => parseTokenizer(text)).toThrow(message)
  })
})
