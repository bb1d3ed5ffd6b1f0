/** The gate: learns what the encoder would find suspicious, lets little through, and is a small file that is checked. */
import { describe, expect, test } from 'vitest'
import { Features, parseGate, writeGate } from '../../../classify/model/gate.ts'
import { trainGate } from '../../../classify/model/train/gate.ts'
import type { NewsSentence } from '../../../classify/model/train/gate.ts'

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

/** One sentence in fifty holds the words that the encoder does not like. */
const news: NewsSentence[] = Array.from({ length: 4_000 }, (_, at) => {
  const suspicious = at % 50 === 0
  return {
    id: `a.jsonl.gz:${String(at)}:2:0`,
    text: suspicious ? `${ordinary(at)} treba ih protjerati` : ordinary(at),
    ofRules: at % 400 === 1,
    score: suspicious ? 4 : -6,
  }
})
const options = { bits: 12, epochs: 3, pass: 0.025 }

describe('a trained gate', () => {
  const { bytes, report } = trainGate(news, {}, options)
  const gate = parseGate(bytes)

  test('passes what the encoder would call suspicious, on articles it has not seen', () => {
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
    expect(Buffer.from(trainGate(news, {}, options).bytes).equals(bytes)).toBe(true)
  })

  test('learns from instances that no encoder has scored', () => {
    const rows = Array.from({ length: 40 }, (_, at) => ({
      ...{ id: `wa-${String(at).padStart(4, '0')}a`, text: `${ordinary(at)} nikad nisu ni postojali` },
      ...{ score: 3, weight: 4 },
    }))
    const taught = parseGate(trainGate(news, { passages: rows }, options).bytes)
    const text = 'kisa nikad nisu ni postojali'
    expect(taught.score(text)).toBeGreaterThanOrEqual(taught.threshold)
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
