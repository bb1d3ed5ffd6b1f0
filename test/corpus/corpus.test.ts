/** The corpus keeps its promises: sound lines, balanced classes, and no way to guess a label from the outside. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { surfaceAuc, surroundingsAuc, wholeAuc } from '../../classify/corpus/audit.ts'
import { isInstance, marked, PassageSchema, pairOf, type Passage } from '../../classify/corpus/passage.ts'
import { ORIGINS, readPassages } from '../../classify/corpus/read.ts'

const corpus = readPassages('classify/corpus')
/** Ten seconds for 10,000 passages on a machine of its own. */
const AUDIT_MS = 120_000
const eventIds = new Set(idsOf('config/events.yml'))

test('no id and no text stands twice', () => {
  expect(repeated(corpus.map(passage => passage.id))).toEqual([])
  expect(repeated(corpus.map(passage => marked(passage.text).text))).toEqual([])
})

test('every event is one of the list', () => {
  expect(
    corpus.filter(({ event }) => event !== undefined && !eventIds.has(event)).map(({ id }) => id),
  ).toEqual([])
})

test.each(ORIGINS)('%s: instances and harmless passages are balanced in every hand and language', origin => {
  const uneven = groupsOf(corpus.filter(passage => passage.origin === origin))
    .map(([name, passages]) => [name, shareOf(passages, isInstance)] as const)
    .filter(([, share]) => share < 0.45 || share > 0.55)
  expect(uneven).toEqual([])
})

test('all of a pair or set is in one language', () => {
  const languages = Map.groupBy(corpus, pairOf)
  const mixed = [...languages].filter(([, all]) => new Set(all.map(({ language }) => language)).size > 1)
  expect(mixed.map(([pair]) => pair)).toEqual([])
})

test('half of the instances are indirect', () => {
  expect(shareOf(corpus.filter(isInstance), passage => passage.indirect === true)).toBeGreaterThan(0.45)
})

test('length and punctuation do not give the label away', () => {
  expect(surfaceAuc(corpus)).toBeLessThan(0.55)
})

test(
  'what stands around the marked words does not give the label away',
  () => {
    expect(surroundingsAuc(corpus)).toBeLessThan(0.6)
  },
  AUDIT_MS,
)

test(
  'an audit finds what is there to be found',
  () => {
    const leaking = corpus.slice(0, 800).map(passage => ({
      ...passage,
      text: isInstance(passage) ? `${passage.text} Zašto!?` : passage.text,
    }))
    expect(surfaceAuc(leaking)).toBeGreaterThan(0.9)
    expect(surroundingsAuc(leaking)).toBeGreaterThan(0.9)
    expect(wholeAuc(corpus)).toBeGreaterThan(0.6)
  },
  AUDIT_MS,
)

const line = (change: object): object => ({
  id: 'x1-0001a',
  language: 'bs',
  genre: 'agency',
  behaviour: 'denial-mentioned',
  text: 'Načelnik je ⟦negirao genocid⟧, kaže udruženje.',
  label: 'none',
  ...change,
})

test.each([
  ['a harmless passage', line({}), undefined],
  ['no marked words', line({ text: 'Načelnik je negirao genocid.' }), /exactly one stretch/],
  ['two marked stretches', line({ text: 'Načelnik ⟦je⟧ ⟦negirao⟧ genocid.' }), /exactly one stretch/],
  ['marks the wrong way round', line({ text: 'Načelnik ⟧je negirao⟦ genocid.' }), /exactly one stretch/],
  ['an unknown label', line({ label: 'denial/loud' }), /label/],
  [
    'an instance without its voice',
    line({ label: 'slur/ethnic', stance: 'relays', indirect: false }),
    /voice/,
  ],
  [
    'a denial without its event',
    line({ label: 'denial/outright', voice: 'quoted', stance: 'relays', indirect: true }),
    /event/,
  ],
])('%s', (_, value, fault) => {
  const { success, error } = PassageSchema.safeParse(value)
  expect(success).toBe(fault === undefined)
  if (fault) expect(String(error?.message)).toMatch(fault)
})

function idsOf(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^- id: (\S+)/gm)].map(match => match[1]!)
}

function repeated(values: readonly string[]): string[] {
  return values.filter((value, at) => values.indexOf(value) !== at)
}

function groupsOf(passages: readonly (Passage & { hand: string })[]): [string, Passage[]][] {
  return [
    ...Map.groupBy<string, Passage>(passages, passage => `language ${passage.language}`),
    ...Map.groupBy(passages, passage => `hand ${passage.hand}`),
  ]
}

function shareOf(passages: readonly Passage[], test: (passage: Passage) => boolean): number {
  return passages.filter(test).length / passages.length
}
