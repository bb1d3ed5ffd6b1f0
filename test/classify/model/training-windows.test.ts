/** What training reads is what the product would show the encoder, with its label in the right place. */
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../config/config.ts'
import type { CorpusPassage, RealLabel } from '../../../classify/corpus/read.ts'
import { loadLexicons } from '../../../classify/lexicon.ts'
import { Lowest } from '../../../classify/model/train/lowest.ts'
import { corpusWindows, realWindows, trainingReader } from '../../../classify/model/train/training-windows.ts'
import type { TrainingWindow } from '../../../classify/model/train/training-windows.ts'
import { Unlabelled } from '../../../classify/model/train/unlabelled.ts'
import { sha256 } from '../../../core/hash.ts'
import { tokenizer } from './fixture.ts'

const reader = trainingReader(loadLexicons(), loadConfig({ env: {} }).events, tokenizer)

const passage = (more: Partial<CorpusPassage>): CorpusPassage => ({
  id: 't1-0001a',
  language: 'hr',
  genre: 'column',
  behaviour: 'threat-hinted',
  text: 'Gradonačelnik je govorio dugo. Srbi će, rekao je, ⟦opet doći po sve što imamo⟧. Publika je šutjela.',
  label: 'threat/mirror',
  voice: 'quoted',
  stance: 'relays',
  targets: ['serbs'],
  indirect: true,
  origin: 'written',
  hand: 't1',
  ...more,
})
const nowhere = (): undefined => undefined

/** The model text of the marked tokens. */
function markedText({ text, span }: TrainingWindow): string {
  const { starts, ends } = tokenizer.encode(text)
  return text.slice(starts[span![0] - 1], ends[span![1] - 2])
}

describe('a passage of the corpus', () => {
  test('becomes windows whose span is what was marked, in each of its forms', () => {
    const planted = (): readonly [string, string] => [
      'Jučer je padala kiša nad gradom.',
      'Sutra će biti sunčano.',
    ]
    const windows = [...corpusWindows(reader, [passage({})], planted)]
    expect(new Set(windows.map(window => window.form))).toEqual(new Set(['plain', 'planted']))
    for (const window of windows) expect(markedText(window)).toMatch(/^opet doci po sve sto imamo/)
    expect(
      windows.filter(window => window.form === 'planted').some(({ text }) => text.includes('kisa')),
    ).toBe(true)
  })

  test('carries what training needs to split and to learn', () => {
    const [window] = [...corpusWindows(reader, [passage({})], nowhere)]
    expect(window).toMatchObject({
      ...{ id: 't1-0001a', pair: 't1-0001', hand: 't1', behaviour: 'threat-hinted', language: 'hr' },
      ...{ label: 'threat/mirror', voice: 'quoted', stance: 'relays', indirect: true, origin: 'written' },
    })
    expect(window!.tokens).toBe(tokenizer.encode(window!.text).ids.length + 2)
  })
})

describe('a label of real news', () => {
  const text = 'Prva rečenica je kratka. Druga kaže da ih treba sve otjerati preko rijeke. Treća je zadnja.'
  const start = text.indexOf('treba')
  const end = text.indexOf('. Treća')
  const label: RealLabel = {
    ...{
      archive: 'a.jsonl.gz',
      row: 7,
      field: 'text',
      start: 25,
      end,
      hash: sha256(text.slice(25, end)).slice(0, 16),
    },
    ...{
      label: 'incitement/expulsion',
      span: [start, end],
      voice: 'quoted',
      stance: 'relays',
      hands: ['r1'],
    },
  }
  const article = { text, language: 'hr', part: 'A' } as const

  test('becomes windows with the instance marked', () => {
    const windows = realWindows(reader, label, article)
    expect(windows.length).toBeGreaterThan(0)
    for (const window of windows) expect(markedText(window)).toMatch(/^treba sve oterati preko reke/)
    expect(windows[0]).toMatchObject({ id: 'a.jsonl.gz:7:text:25', origin: 'real', part: 'A' })
  })

  test('is refused where the text has changed', () => {
    const changed = { ...article, text: text.replace('Druga', 'Drugi') }
    expect(() => realWindows(reader, label, changed)).toThrow(/a\.jsonl\.gz:7:text:25: .*another/)
  })
})

describe('unlabelled news', () => {
  const sentence = (at: number): string => `Rečenica broj ${String(at)} govori o rijeci koja teče kroz grad.`

  test('gives the same windows in whatever order it comes, and none twice', () => {
    const ids = Array.from({ length: 40 }, (_, at) => at)
    const drawn = (order: readonly number[]): string[] => {
      const unlabelled = new Unlabelled(reader, 10)
      for (const at of order) unlabelled.take(`a:${String(at % 20)}`, 'hr', [sentence(at % 20)])
      return unlabelled.windows().map(window => window.text)
    }
    expect(drawn(ids)).toEqual(drawn([...ids].reverse()))
    expect(new Set(drawn(ids)).size).toBe(10)
  })

  test('gives a pair of passages the same neighbours, of their language alone', () => {
    const unlabelled = new Unlabelled(reader, 10)
    for (let at = 0; at < 9; at += 1)
      unlabelled.take(`a:${String(at)}`, 'hr', [`${sentence(at)} ${sentence(at + 50)}`])
    expect(unlabelled.neighbours('hbs', 't1-0001')).toEqual(unlabelled.neighbours('hbs', 't1-0001'))
    expect(unlabelled.neighbours('mk', 't1-0001')).toBeUndefined()
  })
})

test('the lowest of a stream are kept, however long it is', () => {
  const lowest = new Lowest<number>(3)
  for (let at = 0; at < 5_000; at += 1)
    lowest.offer(String((at * 7_919) % 5_000).padStart(5, '0'), (at * 7_919) % 5_000)
  expect(lowest.values()).toEqual([0, 1, 2])
})
