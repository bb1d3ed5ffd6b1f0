/** What is wrong in a lexicon is said with file, line, entry, what was expected and what came. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClassifier } from '../../classify/classifier.ts'
import { loadLexicons, readLexicon } from '../../classify/lexicon.ts'
import { EMPTY_DICTIONARY } from '../../classify/pattern.ts'
import { ConfigError } from '../../core/errors.ts'
import { bundledEvents, THRESHOLDS } from './bundled.ts'

const dictionary = { ...EMPTY_DICTIONARY, inflections: { m: ['', 'a', 'u'] } }

function complaint(yaml: string): string {
  try {
    readLexicon('my.yml', yaml, dictionary)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('the lexicon was accepted')
}

const slur = (rest: string): string => `about: a test
slur:
  - id: one
    subtype: ethnic
    severity: 2
    confidence: 0.8
    ${rest}
`

describe('a broken lexicon', () => {
  test.each([
    ['no YAML', 'about: a\nslur: [\n', /^my\.yml:\d+: not YAML/],
    ['an unknown section', 'about: a\nslurs: []\n', /^my\.yml:\d+: .*slurs/],
    ['an unknown key', slur('pattern: zec\n    colour: red'), /^my\.yml:3: entry one: .*colour/],
    [
      'a subtype of another category',
      slur('pattern: zec').replace('ethnic', 'outright'),
      /^my\.yml:4: entry one, subtype: .*found "outright"/,
    ],
    [
      'severity out of range',
      slur('pattern: zec').replace('severity: 2', 'severity: 9'),
      /^my\.yml:5: entry one, severity: .*found 9/,
    ],
    [
      'an empty pattern',
      slur("pattern: ''"),
      /^my\.yml:3: entry one: pattern "": expected a pattern .*found nothing/,
    ],
    ['a stem too short', slur('pattern: ze*'), /entry one: pattern "ze\*": expected at least three letters/],
    ['a gap at the end', slur('pattern: zec ~2'), /expected a word after the last gap/],
    ['a gap too wide', slur('pattern: zec ~40 vuk'), /at most 12 words, found "~40"/],
    [
      'a regular expression',
      slur('pattern: ze[cč]'),
      /expected a word, stem\*, stem~endings or \{MACRO\}, found "ze\[cč\]"/,
    ],
    ['unknown endings', slur('pattern: zec~x'), /unknown endings "~x"; known: m/],
    ['an unknown macro', slur('pattern: "{ZEC}"'), /unknown macro \{ZEC\}; known: GROUP/],
    [
      'a macro within itself',
      `about: a\nmacros:\n  A: zec/{B}\n  B: vuk/{A}\n`,
      /^my\.yml:3: macro A: macro \{A\} contains itself: A > B > A/,
    ],
    [
      'an id used twice',
      slur('pattern: zec') + slur('pattern: vuk').split('\n').slice(2).join('\n'),
      /^my\.yml:8: entry one: this id is taken by the entry at my\.yml:3/,
    ],
    [
      'a group in a term',
      'about: a\ncues:\n  - { id: one, cue: praise, pattern: "{GROUP}" }\n',
      /^my\.yml:3: entry one: expected words alone/,
    ],
  ])('%s', (_, yaml, message) => {
    expect(complaint(yaml)).toMatch(message)
  })
})

describe('the overlay directory', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'opomena-lexicon-'))
    mkdirSync(join(directory, 'hbs'))
  })
  afterEach(() => {
    rmSync(directory, { recursive: true })
  })

  const flagsWith = (yaml: string, text: string): { rules: string[]; lexicon: string } => {
    writeFileSync(join(directory, 'hbs', 'lexicon.yml'), yaml)
    const lexicons = loadLexicons({ overlay: directory })
    const classifier = createClassifier({ lexicons, events: bundledEvents(), thresholds: THRESHOLDS })
    const { flags, madeBy } = classifier.classify({ id: 'a', text, declaredLanguage: 'bs' })
    return { rules: flags.map(flag => flag.rule), lexicon: madeBy.lexicon }
  }

  test('adds entries', () => {
    expect(flagsWith(slur('pattern: zecmani'), 'Opet su došli zecmani.').rules).toEqual(['one'])
  })

  test('replaces the entry of the same id', () => {
    const yaml = slur('pattern: zecmani').replace('id: one', 'id: hbs-slur-siptar')
    expect(flagsWith(yaml, 'Šiptari su ovdje.').rules).toEqual([])
  })

  test('removes entries, and may use the macros of the lexicon it lies over', () => {
    expect(flagsWith('about: a\nremove: [hbs-slur-siptar]\n', 'Šiptari su ovdje.').rules).toEqual([])
    expect(flagsWith(slur('pattern: zecmani ~1 {GENOCIDE}'), 'To su zecmani genocida.').rules).toEqual([
      'one',
    ])
  })

  test('changes the hash that every flag carries', () => {
    const { lexicon } = flagsWith(slur('pattern: zecmani'), '')
    expect(lexicon).not.toBe(
      createClassifier({ lexicons: loadLexicons(), events: bundledEvents(), thresholds: THRESHOLDS }).madeBy
        .lexicon,
    )
  })

  test('that is not there is an error of configuration', () => {
    expect(() => loadLexicons({ overlay: join(directory, 'nowhere') })).toThrow(
      /expected a folder with private lexicon entries/,
    )
  })
})
