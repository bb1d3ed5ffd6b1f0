/** `opomena eval` in a process of its own: what it prints, and how it ends when a figure fell. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadExam } from './suite.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const dir = mkdtempSync(join(tmpdir(), 'opomena-eval-'))
const exam = join(dir, 'exam')
const floors = join(exam, 'floors.json')

/** Nothing that any detector would flag, so that recall is 0 whatever the rules are. */
const SUITE = `
- { id: en-1a, pair: en-1, behaviour: praised, label: denial/outright, text: The bridge was opened on Tuesday. }
- { id: en-1b, pair: en-1, behaviour: opened, label: none, text: The bridge will be opened on Friday. }
`
const BEHAVIOURS = `
- { id: praised, label: denial/outright, cue: indirect, definition: Stands for a passage that is missed }
- { id: opened, label: none, definition: Stands for a passage that is left alone }
`

beforeAll(() => {
  mkdirSync(join(exam, 'suites'), { recursive: true })
  writeFileSync(join(exam, 'suites', 'en.yml'), SUITE)
  writeFileSync(join(exam, 'behaviours.yml'), BEHAVIOURS)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function evaluate(...args: string[]) {
  return spawnSync(process.execPath, ['cli/opomena.ts', 'eval', ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', OPOMENA_DATA_DIR: join(dir, 'data') },
    encoding: 'utf8',
    timeout: 20_000,
  })
}

// Each call is a process that loads every lexicon: seconds on a busy machine.
describe('eval', { timeout: 60_000 }, () => {
  test('prints tables and the ids of what was missed, and no passage', () => {
    const { status, stdout } = evaluate('--suite', exam)
    expect(status).toBe(0)
    expect(stdout).toMatch(/overall +1 \+ 1 /u)
    expect(stdout).toContain('en-1a  praised  denial/outright')
    expect(stdout).not.toContain('bridge')
  })

  test('prints every figure as one JSON object', () => {
    const { stdout } = evaluate('--suite', exam, '--json')
    const report = JSON.parse(stdout) as { exam: string; figures: { overall: object }; variants: object }
    expect(report.exam).toBe(loadExam(exam).digest)
    expect(report.figures.overall).toMatchObject({ recall: { hits: 0, of: 1 }, negatives: 1 })
    expect(report.variants).toHaveProperty('sentence-after')
  })

  test('raises floors, holds them, and ends with 4 where a figure fell or the exam changed', () => {
    expect(evaluate('--suite', exam, '--raise').status).toBe(0)
    writeFileSync(floors, readFileSync(floors, 'utf8').replace('"recall": 0', '"recall": 0.5'))
    const fallen = evaluate('--suite', exam)
    expect(fallen.status).toBe(4)
    expect(fallen.stderr).toContain('overall: recall is 0, below its floor of 0.5')

    const before = readFileSync(floors, 'utf8')
    writeFileSync(join(exam, 'suites', 'en.yml'), SUITE.replace('Tuesday', 'Wednesday'))
    const other = evaluate('--suite', exam, '--raise')
    expect(other.status).toBe(4)
    expect(other.stderr).toContain('--new-exam')
    expect(readFileSync(floors, 'utf8')).toBe(before)

    expect(evaluate('--suite', exam, '--raise', '--new-exam').status).toBe(0)
    expect(readFileSync(floors, 'utf8')).toContain(loadExam(exam).digest)
  })

  test('ends with 2 where the call is wrong', () => {
    expect(evaluate('--new-exam').status).toBe(2)
    expect(evaluate('--suite', join(dir, 'nowhere')).status).toBe(2)
  })
})
