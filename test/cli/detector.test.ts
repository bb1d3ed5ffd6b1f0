/** The classifier in force: with a whole model, with one that cannot be used, and with none. */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MANIFEST } from '../../classify/model/encoder-files.ts'
import { openDetector } from '../../cli/detector.ts'
import { compare } from '../../cli/model-compare.ts'
import type { Change } from '../../cli/model-compare.ts'
import { loadConfig } from '../../config/config.ts'
import { silentLogger } from '../../core/logger.ts'
import { tinyDetector } from '../classify/model/tiny-detector.ts'

const ROOT = join(import.meta.dirname, '..', '..')
let folder: string
let remove: () => Promise<void>
beforeAll(async () => {
  ;({ folder, remove } = await tinyDetector())
})
afterAll(() => remove())

const article = {
  id: 'a',
  text: 'U Srebrenici nije bilo genocida. Most je otvoren.',
  declaredLanguage: 'bs',
} as const

async function opened(
  weights: string,
  env: Record<string, string> = {},
): Promise<{ model: string | undefined; flagged: boolean; warnings: string[] }> {
  const warnings: string[] = []
  const logger = {
    ...silentLogger,
    warn: (fields: object, message: string) => void warnings.push(`${message}: ${JSON.stringify(fields)}`),
  }
  const detector = await openDetector({ config: loadConfig({ env }), logger, weights })
  try {
    const [answer] = await detector.classifyAll([article])
    return { model: answer!.madeBy.model, flagged: answer!.flagged, warnings }
  } finally {
    await detector.close()
  }
}

describe('a model', () => {
  test('that is whole is used, and every answer says so', async () => {
    const { model, warnings } = await opened(folder)
    expect(model).toMatch(/^tiny-[0-9a-f]{8}-[0-9a-f]{4}$/)
    expect(warnings).toEqual([])
  })

  test('that is turned off is not opened', async () => {
    expect(await opened(folder, { OPOMENA_MODEL: 'off' })).toEqual({
      ...{ model: undefined, flagged: true, warnings: [] },
    })
  })

  const damages: readonly [string, (of: string) => void, RegExp][] = [
    [
      'whose weights are cut in half',
      of => truncateSync(join(of, 'encoder.onnx'), 50_000),
      /encoder\.onnx.*damaged/,
    ],
    ['whose gate is cut in half', of => truncateSync(join(of, 'gate.bin'), 100), /gate\.bin.*damaged/],
    ['without a manifest', of => rmSync(join(of, MANIFEST)), /encoder\.json.*fetch it again/],
    ['without examples', of => rmSync(join(of, 'examples.bin')), /examples\.bin.*fetch it again/],
    [
      'that was never calibrated',
      of => rewrite(of, manifest => delete manifest['combiner']),
      /no combiner yet; make it with `opomena model calibrate`/,
    ],
    [
      'whose hash is another',
      of => rewrite(of, manifest => ((manifest['combiner'] as { sha256: string }).sha256 = '0'.repeat(64))),
      /combiner\.json: expected the SHA-256 0000/,
    ],
  ]
  test.each(damages)(
    '%s leaves the rules at work, with one warning that says what to do',
    async (_, damage, says) => {
      const copy = await tinyDetector()
      damage(copy.folder)
      const { model, flagged, warnings } = await opened(copy.folder)
      await copy.remove()
      expect({ model, flagged }).toEqual({ model: undefined, flagged: true })
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toMatch(says)
      expect(warnings[0]).toContain('OPOMENA_MODEL=off')
    },
  )
})

function rewrite(of: string, change: (manifest: Record<string, unknown>) => unknown): void {
  const path = join(of, MANIFEST)
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  change(manifest)
  writeFileSync(path, JSON.stringify(manifest))
}

describe('a comparison', () => {
  test('counts what comes and what goes, and tells each', async () => {
    const config = loadConfig({ env: {} })
    const rules = await openDetector({ config, logger: silentLogger, weights: 'none' })
    const silent = {
      ...rules,
      classifyAll: (inputs: readonly unknown[]) =>
        rules.classifyAll(inputs.map(() => ({ id: 'x', text: '' }))),
    }
    const texts = [
      { input: article, isInstance: true },
      { input: { ...article, id: 'b', text: 'Most je otvoren.' }, isInstance: false },
      { input: { ...article, id: 'c' } },
    ]
    const changes: Change[] = []
    const tell = (change: Change): Promise<void> => Promise.resolve(void changes.push(change))
    expect(await compare(rules, silent, texts, tell)).toMatchObject({
      ...{ texts: 3, instances: 1, harmless: 1, come: 0, go: 2, moved: 0 },
      a: { flagged: 2, flags: 2, found: 1, falseAlarms: 0 },
      b: { flagged: 0, flags: 0, found: 0, falseAlarms: 0 },
    })
    expect(changes.map(({ change, id }) => `${change} ${id}`)).toEqual(['goes a', 'goes c'])
    expect(await compare(silent, rules, texts, tell)).toMatchObject({ come: 2, go: 0 })
    await rules.close()
  })
})

/** Each starts two processes that compile every lexicon. */
const SLOW = 60_000

describe('the command', () => {
  const opomena = (
    args: readonly string[],
    input: string,
  ): Promise<{ code: number | null; out: string; err: string }> => {
    const env = { PATH: process.env['PATH'], NO_COLOR: '1', OPOMENA_DATA_DIR: join(folder, 'data') }
    const child = spawn(process.execPath, ['cli/opomena.ts', ...args], { cwd: ROOT, env })
    let [out, err] = ['', '']
    child.stdout.on('data', chunk => (out += String(chunk)))
    child.stderr.on('data', chunk => (err += String(chunk)))
    child.stdin.end(input)
    return new Promise(resolve => {
      child.on('close', code => {
        resolve({ code, out, err })
      })
    })
  }
  const line = `${JSON.stringify({ id: 'a', text: article.text, lang: 'bs' })}\n`
  const madeBy = (out: string): { model?: string } =>
    (JSON.parse(out) as { madeBy: { model?: string } }).madeBy

  test(
    'classify uses the model it is told to, and none with --no-model',
    async () => {
      const withModel = await opomena(['classify', '--weights', folder], line)
      expect(withModel.code).toBe(0)
      expect(madeBy(withModel.out).model).toMatch(/^tiny-/)
      const without = await opomena(['classify', '--no-model'], line)
      expect(without).toMatchObject({ code: 0 })
      expect(madeBy(without.out).model).toBeUndefined()
    },
    SLOW,
  )

  test(
    'model compare says what is wrong with a line of its file, and with a model',
    async () => {
      const file = join(folder, 'texts.ndjson')
      writeFileSync(file, `${line}{"id":"b"}\n`)
      const wrong = await opomena(['model', 'compare', 'none', 'none', '--on', file], '')
      expect(wrong.code).toBe(2)
      expect(wrong.err).toMatch(/texts\.ndjson:2: expected \{id, text/)
      const missing = await opomena(['model', 'compare', 'none', join(folder, 'nowhere'), '--on', file], '')
      expect(missing).toMatchObject({
        code: 2,
        err: expect.stringMatching(/nowhere.*encoder\.json/) as string,
      })
    },
    SLOW,
  )
})
