/** The exam itself: even, whole and in pairs, so that its figures mean something. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../config/config.ts'
import { CATEGORIES } from '../../core/labels.ts'
import type { Language } from '../../core/labels.ts'
import { fold } from '../../core/text.ts'
import { scriptOf } from './evaluate.ts'
import { EXAM, isPositive, labelOf, loadExam } from './suite.ts'

const exam = loadExam()
const positives = exam.passages.filter(isPositive)
const share = (part: number, whole: number): number => part / whole

describe('the suites', () => {
  const least: Partial<Record<Language, number>> = {
    bs: 60,
    hr: 60,
    sr: 80,
    cnr: 40,
    mk: 100,
    sq: 100,
    en: 60,
  }
  for (const [language, count] of Object.entries(least))
    test(`hold at least ${String(count)} passages in ${language}`, () => {
      expect(exam.passages.filter(passage => passage.language === language).length).toBeGreaterThanOrEqual(
        count,
      )
    })

  test('show each behaviour at least once, and at least 40 of them', () => {
    const shown = new Set(exam.passages.map(passage => passage.behaviour))
    expect([...exam.behaviours.keys()].filter(id => !shown.has(id))).toEqual([])
    expect(exam.behaviours.size).toBeGreaterThanOrEqual(40)
  })

  test('write every second Serbian passage in Cyrillic', () => {
    const serbian = exam.passages.filter(passage => passage.language === 'sr')
    const cyrillic = serbian.filter(passage => scriptOf(passage.text) === 'Cyrl')
    expect(share(cyrillic.length, serbian.length)).toBe(0.5)
  })

  test('have no telling word in about a third of what must be found', () => {
    const indirect = positives.filter(passage => exam.behaviours.get(passage.behaviour)!.cue === 'indirect')
    expect(share(indirect.length, positives.length)).toBeGreaterThan(0.3)
    expect(share(indirect.length, positives.length)).toBeLessThan(0.4)
  })

  test('hold every category in every language', () => {
    for (const [language, ones] of Map.groupBy(positives, passage => passage.language))
      expect(new Set(ones.map(one => labelOf(one).category)), language).toEqual(new Set(CATEGORIES))
  })

  test('speak of all groups, of none in more than a third, and of each in look-alikes too', () => {
    const count = (target: string): number => positives.filter(passage => passage.target === target).length
    for (const target of ['bosniaks', 'serbs', 'albanians', 'roma', 'croats', 'macedonians']) {
      expect(count(target), target).toBeGreaterThanOrEqual(20)
      expect(share(count(target), positives.length), target).toBeLessThan(1 / 3)
    }
    for (const target of ['montenegrins', 'muslims', 'jews'])
      expect(count(target), target).toBeGreaterThanOrEqual(8)
    const spokenOf = new Set(
      exam.passages.filter(passage => !isPositive(passage)).map(({ target }) => target),
    )
    for (const { target } of positives) expect(spokenOf, target).toContain(target)
  })

  test('name events that the project knows, and say of each positive who speaks and how', () => {
    const known = new Set(loadConfig({ env: {} }).events.map(event => event.id))
    for (const { id, event, voice, stance } of positives) {
      if (event !== undefined) expect(known, id).toContain(event)
      expect([voice, stance], id).not.toContain(undefined)
    }
  })

  test('say nothing twice', () => {
    const texts = exam.passages.map(passage => fold(`${passage.title ?? ''} ${passage.text}`))
    expect(new Set(texts).size).toBe(texts.length)
  })
})

describe('an exam that is not as it should be', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'opomena-exam-'))
    cpSync(join(EXAM, 'behaviours.yml'), join(dir, 'behaviours.yml'))
    cpSync(join(EXAM, 'suites'), join(dir, 'suites'), { recursive: true })
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const edit = (name: string, change: (text: string) => string): void => {
    const file = join(dir, name)
    writeFileSync(file, change(readFileSync(file, 'utf8')))
  }

  test('is known by its digest when one letter changes', () => {
    expect(loadExam(dir).digest).toBe(exam.digest)
    edit('suites/mk.yml', text => `${text}# \n`)
    expect(loadExam(dir).digest).not.toBe(exam.digest)
  })

  const wrongs: readonly [string, string, (text: string) => string, RegExp][] = [
    [
      'a label that is none',
      'suites/en.yml',
      text => text.replace('denial/outright', 'denial/animal'),
      /en\.yml.*label/su,
    ],
    [
      'a behaviour that is not listed',
      'suites/en.yml',
      text => text.replace('court-report', 'day-dream'),
      /day-dream/u,
    ],
    [
      'a passage without its pair',
      'suites/en.yml',
      text => text.replace('pair: en-01', 'pair: en-99'),
      /pair en-99/u,
    ],
    [
      'an id that stands twice',
      'suites/en.yml',
      text => text.replace('id: en-01b', 'id: en-01a'),
      /en-01a: stands twice/u,
    ],
    ['no YAML', 'behaviours.yml', () => '- [', /behaviours\.yml: expected YAML/u],
  ]
  for (const [name, file, change, said] of wrongs)
    test(`is refused for ${name}`, () => {
      edit(file, change)
      expect(() => loadExam(dir)).toThrow(said)
    })

  test('is refused where there is none', () => {
    expect(() => loadExam(join(dir, 'nowhere'))).toThrow(/expected a folder/u)
  })
})
