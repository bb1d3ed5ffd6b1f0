/** The gate: learns what the encoder would find suspicious, lets little through, and is a small file that is checked. */
import { describe, expect, test } from 'vitest'
import { Features, parseGate, writeGate } from '../../../classify/model/gate.ts'
import { trainGate } from '../../../classify/model/train/gate.ts'
import type { GateRow, NewsSentence } from '../../../classify/model/train/gate.ts'

const words = [
  'kisa',
  'most',
  'rijeka',
  'skola',
  'trava',
  'sud',
  'put',
  'grad',
  'vlada',
  'cijena',
  'voda',
  'zid',
]
const ordinary = (at: number): string =>
  Array.from({ length: 9 }, (_, word) => words[(at * 7 + word * word * 3 + (at >> 3)) % words.length]).join(
    ' ',
  )

const hateful = (at: number): string => `${ordinary(at)} treba ih protjerati`

/** One sentence in fifty is like the passages; nobody has marked it. */
const news: NewsSentence[] = Array.from({ length: 4_000 }, (_, at) => {
  const suspicious = at % 50 === 0
  return {
    id: `a.jsonl.gz:${String(at)}:2:0`,
    text: suspicious ? hateful(at) : ordinary(at),
    ...{ ofRules: at % 400 === 1, marked: false, score: suspicious ? 4 : -6 },
  }
})
const passages: GateRow[] = Array.from({ length: 400 }, (_, at) => ({
  ...{ id: `wa-${String(at).padStart(4, '0')}a`, text: hateful(at * 3 + 1), weight: 1 },
}))
const options = { bits: 12, epochs: 3, pass: 0.025 }

describe('a trained gate', () => {
  const { bytes, report } = trainGate(news, { passages }, options)
  const gate = parseGate(bytes)

  test('passes what is like the passages, on articles it has not seen', () => {
    expect(report.sentences).toBeGreaterThan(500)
    expect(report.kept.find(({ above }) => above === 0)).toMatchObject({ share: 1 })
  })

  test('lets no more through than it may, with those of the rules', () => {
    expect(report.passed).toBeLessThanOrEqual(options.pass + 0.002)
    expect(report.passedForRules).toBeGreaterThan(0)
  })

  test('knows a word by its beginning', () => {
    expect(gate.score(`${ordinary(1)} protjeranih`)).toBeGreaterThan(gate.score(`${ordinary(1)} stolica`))
  })

  test('is the same in every run', () => {
    expect(Buffer.from(trainGate(news, { passages }, options).bytes).equals(bytes)).toBe(true)
  })

  test('does not take a sentence for ordinary in which somebody found an instance', () => {
    const phrase = 'kisa nikad nisu ni postojali'
    const rare = (marked: boolean): NewsSentence[] =>
      Array.from({ length: 60 }, (_, at) => ({
        ...{ id: `b.jsonl.gz:${String(at)}:2:0`, text: phrase, ofRules: false, marked, score: NaN },
      }))
    const scoreWith = (marked: boolean): number =>
      parseGate(trainGate([...news, ...rare(marked)], { passages }, options).bytes).score(phrase)
    expect(scoreWith(true)).toBeGreaterThan(scoreWith(false))
  })
})

describe('the features of a text', () => {
  const slots = (text: string): number[] => {
    const features = new Features(16)
    return [...features.slots.subarray(0, features.read(text))]
  }

  test('are its words, their pairs and their beginnings; a marker and a sign are words', () => {
    expect(slots('a b')).toHaveLength(4)
    expect(slots('rijeka')).toHaveLength(3)
    expect(slots('\ue000 srbi')).toHaveLength(4)
    expect(slots('srbi?')).toHaveLength(4)
    expect(slots('')).toEqual([])
  })

  test('depend on the order of the words', () => {
    expect(new Set(slots('jedan dva'))).not.toEqual(new Set(slots('dva jedan')))
  })

  test('of a text without end are bounded', () => {
    expect(slots('rijec '.repeat(100_000)).length).toBeLessThan(5_000)
  })
})

describe('a file of a gate', () => {
  const whole = writeGate({ bits: 8, bias: 0, scale: 1, threshold: 0 }, new Int8Array(256).fill(1))

  test('comes back as it was written', () => {
    expect(parseGate(whole).score('a b')).toBeCloseTo(2)
  })

  test.each([
    [
      'cut in half',
      whole.subarray(0, whole.length / 2),
      /gate: expected 256 bytes after its head, found \d+/,
    ],
    ['of another kind', Buffer.from('opomena examples 1\n{}\n'), /expected a first line "opomena gate 1"/],
    ['without facts', Buffer.from('opomena gate 1\nx\n'), /expected a second line of JSON/],
    [
      'of another size',
      Buffer.from('opomena gate 1\n{"bits":40,"bias":0,"scale":1,"threshold":0}\n'),
      /bits/,
    ],
    ['of nothing', new Uint8Array(), /expected a first line/],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => parseGate(bytes)).toThrow(message)
  })
})
