/** From hits to flags: what is one flag, what is none. */
import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../classify/classifier.ts'
import { loadLexicons } from '../../classify/lexicon.ts'
import { bundledEvents, read } from './bundled.ts'

const labels = (text: string): string[] =>
  read('bs', text).flags.map(flag => `${flag.category}/${flag.subtype}`)

describe('one passage, one flag', () => {
  test('a slur inside a graver passage is part of it', () => {
    expect(labels('Šiptarski ološ na trgu.')).toEqual(['dehumanization/filth'])
    expect(labels('Ubij šiptara, pisalo je.')).toEqual(['incitement/violence'])
  })

  test('two claims of denial in one sentence are one statement, surer than either', () => {
    const { flags } = read('bs', 'Lažni genocid, genocida nije bilo u Srebrenici.')
    expect(flags).toHaveLength(1)
    expect(flags[0]?.confidence).toBeGreaterThan(read('bs', 'Lažni genocid.').flags[0]!.confidence)
  })

  test('denial and a slur in one sentence are two', () => {
    expect(labels('Genocida nije bilo, a šiptari lažu.').sort()).toEqual(['denial/outright', 'slur/ethnic'])
  })
})

describe('what only looks like a hit', () => {
  test.each([
    ['over the end of a sentence', 'Vode nije bilo. Genocida se sjećaju danas.'],
    ['over a colon', 'Naslov o tome čega nije bilo: genocida se sjećaju danas.'],
    ['a metaphor that is denied', 'Srbi nikada nisu bili štakori.'],
    ['a metaphor in another clause', 'Srbi su otišli, a štakori su ostali u podrumu.'],
    ['a metaphor in the objects of a deed', 'Hrvati su jučer uveli virus u računarski sistem.'],
    ['an adjective of a state', 'Hrvatska je stoka izvezena u Italiju.'],
  ])('%s', (_, text) => {
    expect(labels(text)).toEqual([])
  })
})

describe('a flag explains itself', () => {
  const flag = read(
    'bs',
    'Prvo rečenica o vremenu. Petar Savić tvrdi da je srebrenički mit stvoren u inozemstvu.',
  ).flags[0]!

  test('with quote, sentence, rule, event, speaker, indicators and the innocent reading', () => {
    expect(flag).toMatchObject({
      quote: 'srebrenički mit',
      sentence: 'Petar Savić tvrdi da je srebrenički mit stvoren u inozemstvu',
      rule: 'hbs-denial-srebrenica-myth',
      event: 'srebrenica-1995',
      speaker: 'Petar Savić',
      voice: 'quoted',
      indicators: ['2.6'],
    })
    expect(flag.why).toBe(
      'The passage claims that the crime or its proof was invented; somebody is quoted, the article relays it. Innocent if: a report on a real forgery; an argued critique of a judgment.',
    )
  })

  test('with the group it is about', () => {
    expect(read('bs', 'Albanci su štakori.').flags[0]?.targets).toEqual(['albanians'])
  })
})

describe('the thresholds', () => {
  const flagsAt = (review: number, alert: number): number[] => {
    const thresholds = { default: { review: 0.5, alert: 0.8 }, bs: { review, alert } }
    const classifier = createClassifier({ lexicons: loadLexicons(), events: bundledEvents(), thresholds })
    const { flags } = classifier.classify({
      id: 'a',
      text: 'Šiptari su tu. Zovu ga posrbica.',
      declaredLanguage: 'bs',
    })
    return [flags.length, flags.filter(flag => flag.alert).length]
  }

  test('of the language decide what is shown and what may be sent', () => {
    expect(flagsAt(0.5, 0.8)).toEqual([2, 1])
    expect(flagsAt(0.8, 0.95)).toEqual([1, 0])
    expect(flagsAt(0.95, 0.99)).toEqual([0, 0])
  })
})

describe('an article that mixes languages', () => {
  const own =
    'Općinsko vijeće saopćilo je da će hiljade građana ove sedmice dobiti pomoć. Pomoć će stići i u ostala mjesta, kaže načelnica.'
  const foreign =
    'The deputy told the foreign radio that there was no genocide in Srebrenica, to outrage abroad.'

  test('is read by the rules of each, and places are those of the text', () => {
    const text = `${own}\n${own}\n${foreign}\n${own}`
    const classifier = createClassifier({
      lexicons: loadLexicons(),
      events: bundledEvents(),
      thresholds: { default: { review: 0.5, alert: 0.8 } },
    })
    const { language, flags } = classifier.classify({ id: 'a', text })
    expect(language).toBe('bs')
    expect(flags).toHaveLength(1)
    expect(text.slice(flags[0]!.start, flags[0]!.end)).toBe(flags[0]!.quote)
    expect(flags[0]!.quote).toContain('no genocide')
  })
})

describe('indicators of the UN Framework', () => {
  test.each([
    ['a picture of animals', 'Albanci su štakori.', ['7.14', '9.4']],
    [
      'a picture with a call to clean out',
      'Treba očistiti grad od Roma i Albanaca.',
      ['7.14', '9.4', '10.1'],
    ],
    ['denial', 'U Srebrenici nije bilo genocida.', ['2.6']],
    ['praise of a convicted person', 'Ratko Mladić je naš heroj.', ['2.6', '8.11']],
    ['a call for violence', 'Pobijte Srbe, pisalo je.', ['8.7', '10.1', '11.4']],
    ['a call to shut out, which is no violence', 'Ne zapošljavajte Srbe, pisalo je.', ['7.14', '8.7']],
    ['a call to expel', 'Treba protjerati Hrvate.', ['4.4', '8.7']],
    ['a nation that is denied', 'Bošnjaci su izmišljena nacija.', ['7.13', '9.2']],
    ['a slur', 'Šiptari su tu.', ['7.14']],
  ])('%s', (_, text, indicators) => {
    expect(read('bs', text).flags[0]?.indicators).toEqual(indicators)
  })
})

describe('a war label and an animal', () => {
  test('in the singular are a party or an idea, unless people are named', () => {
    expect(labels('Ustaška zmija plazi sve više, rekao je.')).not.toContain('dehumanization/animal')
    expect(labels('Govorio je o stranci i ustaškoj zmiji.')).not.toContain('dehumanization/animal')
    expect(labels('Ustaške zmije plaze gradom.')).toContain('dehumanization/animal')
    expect(labels('Ustaška stoka je opet na ulici.')).toContain('dehumanization/animal')
  })
})
