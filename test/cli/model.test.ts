/** `opomena model` as a process: the files that training reads, and labels that do not fit their archive. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../core/hash.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const TOKENIZER = join(ROOT, 'test', 'fixtures', 'model', 'tokenizer.tsv')
const dir = mkdtempSync(join(tmpdir(), 'opomena-model-cli-'))
const corpus = join(dir, 'corpus')
const archives = join(dir, 'archives')
const out = join(dir, 'out')
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

function model(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', OPOMENA_DATA_DIR: join(dir, 'data') }
  const child = spawn(process.execPath, ['cli/opomena.ts', 'model', ...args], { cwd: ROOT, env })
  let printed = ''
  let err = ''
  child.stdout.on('data', chunk => (printed += String(chunk)))
  child.stderr.on('data', chunk => (err += String(chunk)))
  child.stdin.end()
  return new Promise(resolve => {
    child.on('close', code => {
      resolve({ code, out: printed, err })
    })
  })
}

const windows = (): ReturnType<typeof model> =>
  model('windows', '--tokenizer', TOKENIZER, '--corpus', corpus, '--archives', archives, '--out', out)

const read = (name: string): Record<string, unknown>[] =>
  readFileSync(join(out, name), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Record<string, unknown>)

const lines = (values: readonly object[]): string =>
  values.map(value => `${JSON.stringify(value)}\n`).join('')

const text =
  'Kiša je padala cijelu noć nad dolinom rijeke. Vijećnici su usvojili odluku o vodovodu i putu. Most je otvoren.'
const first = text.indexOf('.') + 1
const label = {
  ...{ archive: 'a.jsonl.gz', row: 1, field: 'text', start: 0, end: first, label: 'none', hands: ['r1'] },
  hash: sha256(text.slice(0, first)).slice(0, 16),
}

beforeAll(() => {
  for (const folder of [join(corpus, 'written'), join(corpus, 'real'), archives])
    mkdirSync(folder, { recursive: true })
  const article = { title: 'Vrijeme', text, lang: 'bs' }
  const rows = [
    { ...article, part: 'A' },
    { ...article, part: 'A', text },
    { ...article, part: 'B', text: 'Zatvoreni dio ne smije u učenje ni pod kojim uslovom.' },
  ]
  writeFileSync(join(archives, 'a.jsonl.gz'), gzipSync(lines(rows)))
  writeFileSync(
    join(corpus, 'written', 't1.ndjson'),
    lines([
      {
        ...{ id: 't1-0001b', language: 'bs', genre: 'agency', behaviour: 'x-test', label: 'none' },
        text: 'Načelnik je rekao da ⟦su radovi na putu završeni⟧ prije roka.',
      },
    ]),
  )
})

test('windows writes what training reads, part A alone, and leaves out what was labelled', async () => {
  writeFileSync(join(corpus, 'real', 'r1.ndjson'), lines([label]))
  const { code, out: printed, err } = await windows()
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(JSON.parse(printed)).toMatchObject({ real: read('real.ndjson').length })
  expect(read('corpus.ndjson').map(row => row['form'])).toContain('planted')
  expect(read('real.ndjson')[0]).toMatchObject({ id: 'a.jsonl.gz:1:text:0', part: 'A', label: 'none' })
  const background = read('background.ndjson')
  expect(background.length).toBeGreaterThan(0)
  expect(background.every(row => String(row['id']).startsWith('a.jsonl.gz:0:'))).toBe(true)
})

test.each([
  ['a row that the archive has not', { ...label, row: 9 }, /a\.jsonl\.gz:9: a label is of this row/],
  ['a text that has changed', { ...label, hash: '0123456789abcdef' }, /a\.jsonl\.gz:1:text:0: .*another/],
  ['a label of ours that is none', { ...label, label: 'denial/other' }, /r1\.ndjson:1: label/],
])('windows refuses labels of %s', async (_, wrong, message) => {
  writeFileSync(join(corpus, 'real', 'r1.ndjson'), lines([wrong]))
  const { code, err } = await windows()
  expect(err).toMatch(message)
  expect(code).toBe(2)
})

test('texts prints what the encoder would read, without the marks of the corpus', async () => {
  const file = join(dir, 'more.txt')
  writeFileSync(file, 'Градот доби нова библиотека.\n')
  const { code, out: printed } = await model('texts', '--corpus', corpus, '--text', `mk=${file}`)
  expect(code).toBe(0)
  expect(
    printed
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as unknown),
  ).toEqual([
    { language: 'bs', text: 'nacelnik je rekao da su radovi na putu zavrseni pre roka.' },
    { language: 'mk', text: 'градот доби нова библиотека.' },
  ])
})

test('texts refuses a source that is no language=file', async () => {
  const { code, err } = await model('texts', '--text', 'more.txt')
  expect(err).toMatch(/expected --text language=file, found "more\.txt"/)
  expect(code).toBe(2)
})
