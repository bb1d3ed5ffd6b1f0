/** The lint of lexicons finds each kind of mistake, with file and line, and finds none in those we ship. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClassifier } from '../../classify/classifier.ts'
import { examplesOf, failureOf } from '../../classify/lexicon-examples.ts'
import { CHECKS, lintLexicons, neutralSentences } from '../../classify/lexicon-lint.ts'
import type { LintFinding } from '../../classify/lexicon-lint.ts'
import { loadLexicons } from '../../classify/lexicon.ts'
import { lexiconDiff } from '../../classify/lexicon-diff.ts'
import { PACK_CODES } from '../../classify/pack.ts'
import { bundledClassifier, bundledEvents, THRESHOLDS } from './bundled.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'opomena-lint-'))
  for (const code of [...PACK_CODES, 'any']) mkdirSync(join(directory, code))
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

const rule = (id: string, pattern: string, more = ''): string =>
  `  - { id: ${id}, subtype: ethnic, severity: 2, confidence: 0.8, pattern: ${JSON.stringify(pattern)}${more} }\n`

interface Files {
  readonly lexicon: string
  readonly examples?: string
  readonly neutral?: string
}

function lint({ lexicon, examples = '', neutral = '' }: Files): LintFinding[] {
  for (const code of [...PACK_CODES, 'any'])
    writeFileSync(join(directory, code, 'lexicon.yml'), 'about: a test\n')
  writeFileSync(join(directory, 'hbs', 'lexicon.yml'), `about: a test\n${lexicon}`)
  writeFileSync(join(directory, 'hbs', 'examples.yml'), examples)
  writeFileSync(join(directory, 'hbs', 'neutral.txt'), neutral)
  const lexicons = loadLexicons({ directory })
  const events = bundledEvents()
  const classifier = createClassifier({ lexicons, events, thresholds: THRESHOLDS })
  return lintLexicons({ lexicons, events, classifier, directory })
}

const found = (files: Files): string[] =>
  lint(files)
    .filter(({ check }) => check !== 'example')
    .map(({ check, place, entry }) => `${check} ${place.slice(place.lastIndexOf('/') + 1)} ${entry}`)

describe('a mistake is found', () => {
  test.each<[name: string, lexicon: string, expected: string[]]>([
    [
      'the same words twice',
      `slur:\n${rule('a', 'zecmani/vukmani')}${rule('b', 'vukmani/zecmani')}`,
      ['duplicate lexicon.yml:4 b', 'shadowed lexicon.yml:3 a', 'shadowed lexicon.yml:4 b'],
    ],
    ['twice after folding', `slur:\n${rule('a', 'šećmani/secmani')}`, ['duplicate lexicon.yml:3 a']],
    [
      'a word that a stem beside it finds',
      `slur:\n${rule('a', 'zecman*/zecmani')}`,
      ['duplicate lexicon.yml:3 a'],
    ],
    ['a stem too short to stand alone', `slur:\n${rule('a', 'zec*')}`, ['short lexicon.yml:3 a']],
    [
      'a phrase between strokes',
      `slur:\n${rule('a', 'zecmani/nisu vukmani/lisjaci')}`,
      ['phrase lexicon.yml:3 a'],
    ],
    [
      'words that an exclusion takes away',
      `exclusions:\n  - { id: mask, pattern: zecmani }\nslur:\n${rule('a', 'zecmani')}`,
      ['never lexicon.yml:5 a'],
    ],
    [
      'an entry of which another finds all',
      `slur:\n${rule('a', 'zecman*')}${rule('b', 'zecmani ~1 trče')}${rule('c', 'zecmani')}`,
      ['shadowed lexicon.yml:5 c'],
    ],
  ])('%s', (_, lexicon, expected) => {
    expect(found({ lexicon })).toEqual(expected)
  })

  test('a hit on neutral text, with the line of the sentence', () => {
    const files = {
      lexicon: `slur:\n${rule('a', 'zecmani')}`,
      neutral: '# Praznici\nKiša pada.\nZecmani su došli.\n',
    }
    expect(found(files)).toEqual(['neutral lexicon.yml:3 a'])
    expect(lint(files).find(one => one.check === 'neutral')?.message).toMatch(/neutral\.txt:3$/)
  })

  test('fewer examples than two, or no counter-example', () => {
    const lexicon = `slur:\n${rule('a', 'zecmani')}`
    const one = "flag:\n  - { text: 'Opet zecmani.', label: slur/ethnic }\n"
    const two = `${one}  - { text: 'Зецмани су ту.', label: slur/ethnic }\n`
    const other = `${one}  - { text: 'Zecmani su tu.', label: slur/religious }\n`
    const asked = (text: string): string[] => lint({ lexicon, examples: text }).map(found => found.message)
    const tooFew = (count: number): string =>
      `expected 2 examples in examples.yml that it finds, found ${count}`
    const noCounter = 'no counter-example in examples.yml holds a word of it'
    expect(asked('')).toEqual([tooFew(0), noCounter])
    expect(asked(one)).toEqual([tooFew(1), noCounter])
    expect(asked(other)).toEqual([tooFew(1), noCounter])
    expect(asked(two)).toEqual([noCounter])
    expect(asked(`${two}clean:\n  - Riječ „zecmani“ je uvreda.\n`)).toEqual([])
  })

  test('but a good entry has none', () => {
    expect(found({ lexicon: `slur:\n${rule('a', 'zecman~m')}${rule('b', 'vukmani ~1 trče')}` })).toEqual([])
  })
})

describe('the lexicons we ship', () => {
  const findings = lintLexicons({
    lexicons: loadLexicons(),
    events: bundledEvents(),
    classifier: bundledClassifier(),
  })

  test.each(CHECKS)('hold nothing that the lint finds: %s', check => {
    expect(findings.filter(one => one.check === check)).toEqual([])
  })

  test.each(PACK_CODES)('the neutral sample of %s is large enough to say so', code => {
    const sentences = neutralSentences(code)
    expect(new Set(sentences.map(one => one.text)).size).toBe(sentences.length)
    expect(sentences.length).toBeGreaterThanOrEqual(200)
  })

  test('pass their examples', () => {
    const classifier = bundledClassifier()
    const examples = PACK_CODES.flatMap(code => examplesOf(code))
    expect(examples.flatMap(example => failureOf(classifier, example) ?? [])).toEqual([])
  })
})

test('an example that fails says where, what was expected and what came', () => {
  const classifier = bundledClassifier()
  const place = 'examples.yml:3'
  expect(failureOf(classifier, { code: 'hbs', text: 'Kiša pada.', label: 'slur/ethnic', place })).toBe(
    'examples.yml:3: expected slur/ethnic, came no flag',
  )
  expect(failureOf(classifier, { code: 'hbs', text: 'Šiptari su tu.', label: undefined, place })).toBe(
    'examples.yml:3: expected no flag, came slur/ethnic by hbs-slur-siptar',
  )
})

test('a diff tells by rule what comes, goes, and is judged otherwise, with samples and no more', () => {
  const overlay = join(directory, 'overlay')
  mkdirSync(join(overlay, 'hbs'), { recursive: true })
  writeFileSync(
    join(overlay, 'hbs', 'lexicon.yml'),
    `about: a test\nremove: [hbs-slur-siptar]\nslur:\n${rule('new', 'zecmani')}`,
  )
  const options = { events: bundledEvents(), thresholds: THRESHOLDS }
  const after = createClassifier({ lexicons: loadLexicons({ overlay }), ...options })
  const diff = lexiconDiff({ before: bundledClassifier(), after, samples: 1 })
  for (const [id, text] of [
    ['1', 'Šiptari su tu.'],
    ['2', 'Zecmani su tu.'],
    ['3', 'Zecmani, opet.'],
    ['4', 'Kiša pada.'],
  ] as const)
    diff.add({ id, text, declaredLanguage: 'bs' })
  expect(diff.result()).toEqual({
    articles: 4,
    flagsBefore: 1,
    flagsAfter: 2,
    rules: [
      {
        rule: 'new',
        come: 2,
        gone: 0,
        changed: 0,
        samples: { come: [{ article: '2', quote: 'Zecmani' }], gone: [] },
      },
      {
        rule: 'hbs-slur-siptar',
        come: 0,
        gone: 1,
        changed: 0,
        samples: { come: [], gone: [{ article: '1', quote: 'Šiptari' }] },
      },
    ],
  })
})
