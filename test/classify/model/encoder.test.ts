/** The encoder on this machine: scores that depend on the window alone, and files that are believed only when they are whole. */
import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LABELS, scoreOf } from '../../../classify/model/encoder.ts'
import type { Encoder, Logits } from '../../../classify/model/encoder.ts'
import { openEncoder } from '../../../classify/model/encoder-pool.ts'
import { CATEGORIES } from '../../../core/labels.ts'
import { allWindows, copyOfModel, TINY } from './fixture.ts'

const text = Array.from(
  { length: 30 },
  (_, at) => `Rečenica broj ${String(at)} govori o ${'rijeci i mostu '.repeat(1 + (at % 9))}.`,
).join(' ')
const windows = allWindows('hr', text)

describe('the encoder', () => {
  let encoder: Encoder
  beforeAll(async () => {
    encoder = await openEncoder({ folder: TINY, threads: 2 })
  })
  afterAll(() => encoder.close())

  test('says of every window how suspicious it is, where, and what it would be', async () => {
    const scores = await encoder.score(windows)
    expect(scores).toHaveLength(windows.length)
    for (const { instance, span, category, categoryProbability, vector } of scores) {
      expect(Number.isFinite(instance)).toBe(true)
      expect(text.slice(span.start, span.end)).not.toBe('')
      expect(CATEGORIES).toContain(category)
      expect(categoryProbability).toBeGreaterThan(1 / CATEGORIES.length - 0.001)
      expect(Math.hypot(...vector)).toBeCloseTo(1, 3)
    }
    expect(new Set(scores.map(score => score.instance)).size).toBeGreaterThan(windows.length / 2)
  })

  test('scores a window the same whatever is asked beside it', async () => {
    const together = await encoder.score(windows)
    const alone = await Promise.all(windows.map(window => encoder.score([window])))
    expect(alone.flat()).toEqual(together)
  })

  test('has no answer to no window, and an answer to a window of unknown characters', async () => {
    expect(await encoder.score([])).toEqual([])
    expect(await encoder.score(allWindows('en', '漢字 漢字'))).toHaveLength(1)
  })

  test('carries its name and the hash of its weights', () => {
    expect(encoder.id).toMatch(/^tiny-[0-9a-f]{8}$/)
  })

  test('refuses work once it is closed', async () => {
    const closed = await openEncoder({ folder: TINY })
    await closed.close()
    await expect(closed.score(windows)).rejects.toThrow(/closed/)
  })

  test('answers or refuses what is under way when it is closed', async () => {
    const closed = await openEncoder({ folder: TINY })
    const answer = closed.score(windows).then(
      scores => scores.length,
      (error: unknown) => (error as Error).message,
    )
    await closed.close()
    expect([windows.length, 'the model was closed']).toContain(await answer)
  })
})

describe('the place of an instance', () => {
  const window = { text: '', ids: [0, 7, 8, 9, 10, 2], starts: [0, 0, 3, 6, 9, 0], ends: [0, 2, 5, 8, 11, 0] }
  const logits = (inside: readonly number[]): Logits => ({
    instance: 1,
    inside: Float32Array.from(inside),
    category: new Float32Array(6),
    subtype: new Float32Array(LABELS.subtype.length),
    voice: new Float32Array(3),
    stance: new Float32Array(4),
    vector: new Float32Array(4),
  })

  test.each([
    ['the stretch with the highest sum', [9, -1, 2, 1, -3, 9], [3, 8]],
    ['over a gap that costs less than it joins', [9, 3, -1, 3, -9, 9], [0, 8]],
    ['the best token where all are unlikely', [9, -5, -4, -1, -2, 9], [6, 8]],
  ])('is %s', (_, inside, [start, end]) => {
    expect(scoreOf(window, logits(inside)).span).toEqual({ start, end })
  })

  test('has the likeliest subtype of its category, not of all', () => {
    const said = logits([0, 1, 0, 0, 0, 0])
    said.category[CATEGORIES.indexOf('threat')] = 5
    said.subtype[0] = 9
    expect(scoreOf(window, said)).toMatchObject({ category: 'threat', subtype: 'mirror' })
  })
})

describe('a model whose files are not whole', () => {
  const damages: readonly [string, (folder: string) => Promise<unknown>, RegExp][] = [
    ['weights cut in half', cutInHalf('encoder.onnx'), /encoder\.onnx: expected the SHA-256 .* damaged/],
    ['a tokenizer cut in half', cutInHalf('tokenizer.tsv'), /tokenizer\.tsv: expected the SHA-256/],
    [
      'no weights',
      folder => rm(join(folder, 'encoder.onnx')),
      /encoder\.onnx: expected encoder\.onnx of the model/,
    ],
    ['no manifest', folder => rm(join(folder, 'encoder.json')), /encoder\.json/],
    ['a manifest that is no JSON', folder => writeFile(join(folder, 'encoder.json'), '{'), /expected JSON/],
    ['another hash', changed(/"sha256": "./u, '"sha256": "x'), /64 hexadecimal digits/],
    ['other labels', changed('"outlet"', '"paper"'), /trained for other labels/],
    ['a newer manifest', changed('"v": 1', '"v": 2'), /encoder\.json/],
    ['a name that leads elsewhere', changed('"encoder.onnx"', '"../encoder.onnx"'), /name of a file/],
  ]

  test.each(damages)('is refused: %s', async (_, damage, message) => {
    const { folder, remove } = await copyOfModel()
    await damage(folder)
    await expect(openEncoder({ folder })).rejects.toThrow(message)
    await remove()
  })

  test('whose weights are whole and no network is refused too', async () => {
    const { folder, remove } = await copyOfModel()
    await writeFile(join(folder, 'encoder.onnx'), 'no network')
    const { sha256 } = await import('../../../core/hash.ts')
    const manifest = JSON.parse(readFileSync(join(folder, 'encoder.json'), 'utf8')) as {
      weights: { sha256: string }
    }
    manifest.weights.sha256 = sha256('no network')
    await writeFile(join(folder, 'encoder.json'), JSON.stringify(manifest))
    await expect(openEncoder({ folder })).rejects.toThrow(/encoder\.onnx/)
    await remove()
  })
})

function cutInHalf(name: string): (folder: string) => Promise<void> {
  return async folder => {
    const bytes = await readFile(join(folder, name))
    await writeFile(join(folder, name), bytes.subarray(0, bytes.length / 2))
  }
}

function changed(from: string | RegExp, to: string): (folder: string) => Promise<void> {
  return async folder => {
    const path = join(folder, 'encoder.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to))
  }
}
