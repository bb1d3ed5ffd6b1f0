/** `opomena lexicon` as a process: exit codes, and findings with file and line. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const dir = mkdtempSync(join(tmpdir(), 'opomena-lexicon-cli-'))
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

function lexicon(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', OPOMENA_DATA_DIR: join(dir, 'data') }
  const child = spawn(process.execPath, ['cli/opomena.ts', 'lexicon', ...args], { cwd: ROOT, env })
  let out = ''
  let err = ''
  child.stdout.on('data', chunk => (out += String(chunk)))
  child.stderr.on('data', chunk => (err += String(chunk)))
  child.stdin.end()
  return new Promise(resolve => {
    child.on('close', code => {
      resolve({ code, out, err })
    })
  })
}

const overlay = join(dir, 'overlay')
const articles = join(dir, 'articles.ndjson')
mkdirSync(join(overlay, 'hbs'), { recursive: true })
writeFileSync(
  join(overlay, 'hbs', 'lexicon.yml'),
  'about: a test\nslur:\n  - { id: extra, subtype: ethnic, severity: 2, confidence: 0.8, pattern: zecmani }\n',
)
writeFileSync(
  articles,
  ['Zecmani su opet došli na trg.', 'Kiša pada u gradu.', 'Zecmani, rekao je.']
    .map((text, id) => `${JSON.stringify({ id: String(id), text, lang: 'bs' })}\n`)
    .join(''),
)

test('test runs the examples of every language', async () => {
  const { code, err } = await lexicon('test')
  expect(err).toMatch(/^(\d+) of \1 examples hold/)
  expect(code).toBe(0)
})

test('diff counts by rule, and shows quotes only when asked', async () => {
  const { code, out } = await lexicon('diff', '-', overlay, '--on', articles)
  expect(code).toBe(0)
  expect(out).toMatch(/^3 articles: 0 flags before, 2 after\n/)
  expect(out).toMatch(/extra +2 +0 +0\n/)
  expect(out).not.toContain('Zecmani')
  const shown = await lexicon('diff', '-', overlay, '--on', articles, '--samples', '1')
  expect(shown.out).toContain('+ 0: Zecmani')
})

test('lint tells an entry that hits many articles, with file and line, and exits with 4', async () => {
  const { code, out } = await lexicon('lint', '--on', articles, '--overlay', overlay)
  expect(out).toContain(`${join(overlay, 'hbs', 'lexicon.yml')}:3: neutral: extra: hits 2 of 3 articles`)
  expect(code).toBe(4)
})

test('a file that is not there is a wrong call', async () => {
  const { code, err } = await lexicon('diff', '-', overlay, '--on', join(dir, 'nowhere'))
  expect(err).toContain('expected a file of articles')
  expect(code).toBe(2)
})
