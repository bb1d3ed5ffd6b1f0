/** Who is named as the speaker, and in whose voice an opinion or a letter speaks. */
import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../classify/classifier.ts'
import type { ClassifierInput } from '../../classify/article-texts.ts'
import { loadLexicons } from '../../classify/lexicon.ts'
import type { Flag } from '../../core/finding.ts'
import type { Language } from '../../core/labels.ts'
import { bundledEvents, THRESHOLDS } from './bundled.ts'

const classifier = createClassifier({
  lexicons: loadLexicons(),
  events: bundledEvents(),
  thresholds: THRESHOLDS,
})
const flagOf = (input: Omit<ClassifierInput, 'id'>): Flag | undefined =>
  classifier.classify({ id: 'a', ...input }).flags.at(-1)
const speaker = (declaredLanguage: Language, text: string, title?: string): string | undefined =>
  flagOf({ declaredLanguage, text, title })?.speaker

describe('the speaker is', () => {
  test.each([
    [
      'a name beside the verb',
      'bs',
      'Petar Savić je rekao da u Srebrenici nije bilo genocida.',
      'Petar Savić',
    ],
    [
      'far from the verb, with an office',
      'bs',
      'Predsjednik Hrvatske Petar Savić je tokom sastanka učesnika procesa u Tesliću rekao da u Srebrenici nije bilo genocida.',
      'Petar Savić',
    ],
    [
      'without the town of the office',
      'hr',
      'Gradonačelnik Borja Petar Savić poručio je da u Srebrenici nije bilo genocida.',
      'Petar Savić',
    ],
    [
      'not a person who is spoken of',
      'sr',
      'Petar Savić je za Anu Kovač rekao da zna kako u Srebrenici nije bilo genocida.',
      'Petar Savić',
    ],
    [
      'in the case of its subject',
      'bs',
      'Petar Savić je došao. Po riječima Petra Savića, u Srebrenici nije bilo genocida.',
      'Petar Savić',
    ],
    [
      'a surname, completed',
      'sr',
      'Стигао је и Петар Савић. У Сребреници није било геноцида, рекао је Савић.',
      'Петар Савић',
    ],
    [
      'a surname at the beginning',
      'sr',
      'Stigao je i Petar Savić. Savić je rekao da u Srebrenici nije bilo genocida.',
      'Petar Savić',
    ],
    [
      'behind an office',
      'mk',
      'Министерот Петар Савески изјави дека во Сребреница немаше геноцид.',
      'Петар Савески',
    ],
    [
      'behind a form of address',
      'sq',
      'Nuk ka pasur gjenocid në Srebrenicë, tha znj. Arta Krasniqi për median.',
      'Arta Krasniqi',
    ],
    ['in English', 'en', 'There was no genocide in Srebrenica, said mayor Petar Savic.', 'Petar Savic'],
  ] as const)('%s', (_, language, text, name) => {
    expect(speaker(language, text)).toBe(name)
  })

  test('an office alone, before a colon', () => {
    const flag = flagOf({
      declaredLanguage: 'sq',
      text: '',
      title: 'Ministri: Nuk ka pasur gjenocid në Srebrenicë',
    })
    expect([flag?.voice, flag?.speaker]).toEqual(['quoted', 'Ministri'])
  })

  test('before a colon, without the office', () => {
    expect(speaker('bs', '', 'Ministar Savić: U Srebrenici nije bilo genocida')).toBe('Savić')
  })
})

describe('no speaker is', () => {
  test.each([
    ['a town', 'bs', 'Na skupu koji je Brčko ugostilo rečeno je da u Srebrenici nije bilo genocida.'],
    ['a stadium', 'hr', 'Poljud je uzvikivao da u Srebrenici nije bilo genocida.'],
    ['a team', 'hr', 'Navijači kluba Borja United skandirali su da u Srebrenici nije bilo genocida.'],
    ['the object of the verb', 'sr', 'Anu Kovač tvrdi da je čuo da u Srebrenici nije bilo genocida.'],
    ['a country', 'en', 'In remarks that Serbia reported, he said there was no genocide in Srebrenica.'],
    ['a day', 'en', 'He said on Monday there was no genocide in Srebrenica.'],
  ] as const)('%s', (_, language, text) => {
    const flag = flagOf({ declaredLanguage: language, text })
    expect([flag?.voice, flag?.speaker]).toEqual(['quoted', undefined])
  })

  test('a place before a colon', () => {
    const flag = flagOf({ declaredLanguage: 'bs', text: '', title: 'Srebrenica: Genocida nije bilo' })
    expect([flag?.voice, flag?.speaker]).toEqual(['outlet', undefined])
  })
})

const OPINION = 'Ono što zovu genocid u Srebrenici nije bio genocid. Bila je to bitka.'
const FIRST_PERSON = `Mislim da je dosta. ${OPINION} Znam da će mi zamjeriti.`

describe('an opinion speaks', () => {
  test.each([
    ['for its author, in a column', { section: 'Kolumne', author: 'Petar Savić' }, 'author', 'Petar Savić'],
    [
      'for its author, by the label of its title',
      { title: 'Kolumna: Dosta', author: 'Petar Savić' },
      'author',
      'Petar Savić',
    ],
    ['for an author unknown', { section: 'Stav' }, 'author', undefined],
    [
      'for its reader, in a letter',
      { section: 'Pisma čitalaca', author: 'Petar Savić' },
      'quoted',
      'Petar Savić',
    ],
    ['for the outlet, in news', { section: 'Nastava', author: 'Petar Savić' }, 'outlet', undefined],
  ] as const)('%s', (_, more, voice, name) => {
    const flag = flagOf({ declaredLanguage: 'bs', text: OPINION, ...more })
    expect([flag?.voice, flag?.speaker]).toEqual([voice, name])
  })

  test('for the person who signed a text in the first person; a newsroom signs as the outlet', () => {
    const voiceOf = (author: string): string | undefined =>
      flagOf({ declaredLanguage: 'bs', text: FIRST_PERSON, author })?.voice
    expect(voiceOf('Petar Savić')).toBe('author')
    expect(voiceOf('Redakcija portala')).toBe('outlet')
  })
})

test('an abbreviation in Albanian ends no sentence', () => {
  const flag = flagOf({
    declaredLanguage: 'sq',
    text: 'Nuk ka pasur gjenocid, tha z. Krasniqi. Askush nuk foli.',
  })
  expect(flag?.sentence).toBe('Nuk ka pasur gjenocid, tha z. Krasniqi')
})
