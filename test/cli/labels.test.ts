/** What reviewers decided, from the index of a data directory to passages that training and comparison read. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { marked } from '../../classify/corpus/passage.ts'
import type { ReviewedPassage } from '../../classify/corpus/from-verdict.ts'
import type { Verdict } from '../../core/decision.ts'
import type { Finding, Flag } from '../../core/finding.ts'
import type { IndexEntry } from '../../core/ports.ts'
import { classifyStage } from '../../classify/stage.ts'
import { decode, findings } from '../../core/topics.ts'
import { indexWriterOf } from '../../index/generations.ts'
import { bundledClassifier } from '../classify/bundled.ts'
import { articleOf } from '../dashboards/world.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const dir = mkdtempSync(join(tmpdir(), 'opomena-labels-'))
const data = join(dir, 'data')
afterAll(() => {
  rmSync(dir, { recursive: true, force: true })
})

const AT = '2026-07-20T10:00:00.000Z'
/** A flagged article each, and what reviewers made of it. */
const reviewed = [
  ['U Srebrenici nije bilo genocida, piše u ovom tekstu.', ['confirmed']],
  ['Govornik je vikao da u Srebrenici nije bilo genocida.', ['not-hate']],
  ['Poruka je glasila da u Srebrenici nije bilo genocida.', ['unclear']],
  ['Tvrdi se da u Srebrenici nije bilo genocida.', ['confirmed', 'not-hate']],
  ['Čuje se da u Srebrenici nije bilo genocida.', []],
] as const

beforeAll(async () => {
  const clock = { now: () => new Date(AT), sleep: async () => undefined }
  const stage = classifyStage(bundledClassifier(), clock)
  const articles = reviewed.map(([text], at) =>
    articleOf({
      ...{
        id: `labelslabelslabels0${String(at)}`,
        source: 'list',
        url: `https://list.example/${String(at)}`,
      },
      ...{ at: AT, title: 'Vijest dana', text: `Kiša je padala. ${text} Most je otvoren.` },
    }),
  )
  const handled = await stage.handle(articles, {
    signal: new AbortController().signal,
    keepAlive: async () => undefined,
  })
  const found = handled.map((answer): Finding => {
    if (answer instanceof Error) throw answer
    return decode(findings, answer[0]!.json)
  })
  const entries = articles.flatMap((article, at): IndexEntry[] => [
    { kind: 'article', article },
    { kind: 'finding', finding: found[at]! },
    ...reviewed[at]![1].map((decision, n): IndexEntry => ({
      kind: 'decision',
      decision: verdictOf(found[at]!.flags[0]!, article.id, decision, n),
    })),
  ])
  const writer = indexWriterOf(join(data, 'index'))
  for (const problem of await writer.put(entries)) if (problem) throw problem
  await writer.close()
})

function verdictOf(flag: Flag, articleId: string, decision: Verdict['decision'], by: number): Verdict {
  return {
    ...{ v: 1, kind: 'verdict', id: `${flag.id}-${String(by)}`, articleId, flagId: flag.id, decision },
    ...{ by: `person-${String(by)}`, at: AT },
  }
}

function opomena(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', OPOMENA_DATA_DIR: data }
  const child = spawn(process.execPath, ['cli/opomena.ts', ...args], { cwd: ROOT, env })
  let [out, err] = ['', '']
  child.stdout.on('data', chunk => (out += String(chunk)))
  child.stderr.on('data', chunk => (err += String(chunk)))
  child.stdin.end()
  return new Promise(resolve => {
    child.on('close', code => {
      resolve({ code, out, err })
    })
  })
}

test('verdicts come out as passages, with the flag marked, and a comparison takes them', async () => {
  const { code, out, err } = await opomena('labels', 'export')
  expect({ code, err }).toEqual({
    code: 0,
    err: '3 passages written, 1 left out (reviewers differ, or the words are gone)\n',
  })
  const passages = out
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as ReviewedPassage)
  expect(passages.map(({ label }) => label).sort()).toEqual(['borderline', 'denial/outright', 'none'])
  for (const { text, language } of passages) {
    const { text: plain, start, end } = marked(text)
    expect(plain.slice(start, end)).toBe('nije bilo genocida')
    expect(['bs', 'hr', 'hbs', 'sr']).toContain(language)
  }
  const file = join(dir, 'verdicts.ndjson')
  writeFileSync(file, out)
  const compared = await opomena('model', 'compare', 'none', 'none', '--on', file)
  expect(compared.code).toBe(0)
  expect(JSON.parse(compared.out)).toMatchObject({ texts: 3, instances: 1, harmless: 1, come: 0, go: 0 })
}, 120_000)
