/** What a lexicon can ask of a passage: where it stands, whether people are named, and what is masked about a group. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClassifier } from '../../classify/classifier.ts'
import type { Classifier } from '../../classify/classifier.ts'
import { loadLexicons } from '../../classify/lexicon.ts'
import { bundledEvents, THRESHOLDS } from './bundled.ts'

const rule = (id: string, rest: string): string => `
  - id: ${id}
    subtype: outright
    severity: 3
    confidence: 0.9
    ${rest}
`
const OVERLAY = `about: a test
exclusions:
  - id: own-mask
    pattern: "{GROUP} gonič"
denial:${rule('first', 'pattern: plavi zec\n    stands: [beginning]')}${rule('last', 'pattern: crni zec\n    stands: [end]')}${rule('asked', 'pattern: gdje ~1 zečevi\n    stands: [question]')}${rule('said', 'pattern: bijeli zec\n    stands: [quotation]')}${rule('own', 'pattern: sivi zec\n    stands: [own-words]')}${rule('used', 'pattern: zečizacija\n    stands: [not-alone]')}${rule('of-people', 'pattern: "zec ~1 {GROUP!noun}"')}${rule('with-people', 'pattern: žuti zec\n    needs: [people]')}${rule('gapped', 'pattern: crveni ~3 zec\n    needs: [group]')}${rule('lifted', 'pattern: mali ~3 zec\n    unless: [court]')}${rule('of-group', 'pattern: "{GROUP} gonič/lovac"')}
`

let folder: string
let classifier: Classifier
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-place-'))
  mkdirSync(join(folder, 'hbs'))
  writeFileSync(join(folder, 'hbs', 'lexicon.yml'), OVERLAY)
  classifier = createClassifier({
    lexicons: loadLexicons({ overlay: folder }),
    events: bundledEvents(),
    thresholds: THRESHOLDS,
  })
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const rules = (text: string): string[] =>
  classifier.classify({ id: 'a', text, declaredLanguage: 'bs' }).flags.map(flag => flag.rule)

describe('where a passage stands', () => {
  test.each([
    ['first', 'Plavi zec je došao u grad.', 'Juče je plavi zec došao u grad.'],
    ['first', 'Rekao je: „Plavi zec je došao.“', 'Rekao je da je „onaj plavi zec“ došao.'],
    ['last', 'Došao je crni zec.', 'Crni zec je došao.'],
    ['last', 'Povikao je „to je crni zec“ i otišao.', 'Povikao je „crni zec je to“ i otišao.'],
    ['asked', 'A gdje su zečevi iz sela?', 'Znamo gdje su zečevi iz sela.'],
    ['asked', 'Pitao je „gdje su zečevi?“ i otišao.', 'Rekao je „gdje su zečevi, tu smo“. Ko dolazi?'],
    ['said', 'Kazao je da je „to bijeli zec bio“ tada.', 'Kazao je da je to bijeli zec bio tada.'],
    ['own', 'To je sivi zec bio tada.', 'Kazao je da je „to sivi zec bio“ tada.'],
    ['used', 'Traje zečizacija naše zemlje.', '„Zečizacija“ je riječ iz rječnika.'],
    ['used', 'Kaže da „traje zečizacija zemlje“.', 'Objasnili su riječ „zečizacija“ juče.'],
  ])('%s: %s, not %s', (name, hit, lookAlike) => {
    expect(rules(hit)).toContain(name)
    expect(rules(lookAlike)).not.toContain(name)
  })
})

describe('who is named', () => {
  test('{GROUP!noun} is filled by people, not by an adjective', () => {
    expect(rules('To je zec Albanaca u selu.')).toContain('of-people')
    expect(rules('To je zec albanske pasmine u selu.')).not.toContain('of-people')
  })

  test('needs: [people] asks for them in the sentence', () => {
    expect(rules('Žuti zec je došao među Hrvate juče.')).toContain('with-people')
    expect(rules('Žuti zec je došao u hrvatski grad juče.')).not.toContain('with-people')
  })
})

describe('an exclusion about a group', () => {
  test('takes its words out, and no others', () => {
    expect(rules('To je srpski gonič iz sela.')).toEqual([])
    expect(rules('To je srpski lovac iz sela.')).toEqual(['of-group'])
  })
})

describe('what stands in a gap of the passage stands outside its words', () => {
  test('a group there is a group of the sentence', () => {
    expect(rules('Došao je crveni kod Hrvata zec.')).toEqual(['gapped'])
    expect(rules('Došao je crveni kod kuće zec.')).toEqual([])
  })

  test('a cue there takes it back', () => {
    expect(rules('Došao je mali po presudi zec.')).toEqual([])
    expect(rules('Došao je mali po livadi zec.')).toEqual(['lifted'])
  })
})
