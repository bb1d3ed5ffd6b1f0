/** Who speaks, what the article does with it, and what takes a suspicion back. */
import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../classify/classifier.ts'
import { loadLexicons } from '../../classify/lexicon.ts'
import { bundledEvents, read, THRESHOLDS } from './bundled.ts'

const HEADLINE = 'Petar Savić: „U Srebrenici nije bilo genocida“'
const STATEMENT =
  'Gradonačelnik Petar Savić rekao je u ponedjeljak novinarima da u Srebrenici nije bilo genocida. Na pitanja nije odgovarao.'
const REACTION =
  'Tribunal u Hagu i Međunarodni sud pravde utvrdili su genocid u više presuda. Udruženje majki kaže da ih takve riječi bole.'

describe('voice and stance', () => {
  test('a quoted denial with judgments and victims in the article is set in context', () => {
    const { flags } = read('bs', `${STATEMENT} ${REACTION}`, { title: HEADLINE })
    expect(flags.map(flag => [flag.subtype, flag.voice, flag.stance])).toEqual([
      ['outright', 'quoted', 'contextualises'],
      ['outright', 'quoted', 'contextualises'],
    ])
  })

  test('the same with the statement alone is passed on', () => {
    const { flags } = read('bs', STATEMENT, { title: HEADLINE })
    expect(flags.map(flag => [flag.voice, flag.stance])).toEqual([
      ['quoted', 'relays'],
      ['quoted', 'relays'],
    ])
  })

  test('the speaker is named in full, whichever form stands beside the verb', () => {
    const { flags } = read('bs', 'U Srebrenici nije bilo genocida, rekao je Savić.', {
      title: 'Petar Savić o prošlosti',
    })
    expect(flags[0]?.speaker).toBe('Petar Savić')
  })

  test('a place beside the verb is no speaker', () => {
    const { flags } = read('bs', 'U Srebrenici nije bilo genocida, rečeno je na skupu u Bijeljini.')
    expect(flags).toHaveLength(1)
    expect(flags[0]?.speaker).toBeUndefined()
  })

  test('a headline that states it in its own words endorses it', () => {
    const { flags } = read('sr', '', { title: 'U Srebrenici nije bilo genocida' })
    expect(flags[0]).toMatchObject({ field: 'title', voice: 'outlet', stance: 'endorses' })
  })

  test('a column speaks for its author', () => {
    const { flags } = read('sr', 'Ono što zovu genocid u Srebrenici nije bio genocid. Bila je to bitka.', {
      section: 'Kolumne',
    })
    expect(flags[0]).toMatchObject({ voice: 'author', stance: 'endorses' })
  })

  test('a condemnation beside it condemns', () => {
    const { flags } = read(
      'bs',
      'Savić je rekao da u Srebrenici nije bilo genocida. Udruženje je osudilo izjavu.',
    )
    expect(flags[0]).toMatchObject({ voice: 'quoted', stance: 'condemns' })
  })

  test('a fact-checker condemns what it quotes', () => {
    const classifier = createClassifier({
      lexicons: loadLexicons(),
      events: bundledEvents(),
      thresholds: THRESHOLDS,
    })
    const text = 'Portal je objavio naslov „U Srebrenici nije bilo genocida“. Provjerili smo.'
    const { flags } = classifier.classify({ id: 'a', text, declaredLanguage: 'bs', outletKind: 'fact-check' })
    expect(flags[0]).toMatchObject({ stance: 'condemns' })
  })

  test('a police report of a chant is an incident of the gravest kind, quoted', () => {
    const { flags } = read(
      'hr',
      'Policija istražuje navijače koji su skandirali „Ubij Srbina“ na utakmici u Splitu.',
    )
    expect(flags[0]).toMatchObject({
      category: 'incitement',
      subtype: 'violence',
      severity: 5,
      voice: 'quoted',
    })
  })
})

describe('what is no instance', () => {
  test.each([
    ['nobody can say so', 'bs', 'Niko ne može reći da nije bilo genocida u Srebrenici.'],
    ['double negation', 'bs', 'Nije istina da nije bilo genocida u Srebrenici.'],
    ['a plea in court', 'bs', 'Optuženi je negirao krivicu za genocid.'],
    [
      'a commemoration that speaks of nobody else',
      'hr',
      'U Jasenovcu je održana komemoracija za žrtve logora.',
    ],
    ['the history of a word', 'bs', 'Riječ „balija“ nekada je značila stočara, piše u rječniku.'],
    ['a law', 'bs', 'Zakon o zabrani negiranja genocida primjenjuje se godinu dana.'],
    ['denial that is only reported', 'bs', 'Ambasada je osudila negiranje genocida i veličanje zločinaca.'],
    ['denial in Albanian that is only reported', 'sq', 'Ambasada dënoi mohimin e gjenocidit në Srebrenicë.'],
    [
      'an event for which no court found genocide',
      'bs',
      'U Prijedoru nije bio genocid, utvrdio je Haški tribunal.',
    ],
    ['an atrocity elsewhere', 'bs', 'U Gazi nije bilo genocida, tvrdi izraelski ministar.'],
  ] as const)('%s', (_, language, text) => {
    expect(read(language, text).flags.map(flag => flag.rule)).toEqual([])
  })
})

describe('the event', () => {
  test('is the one in the sentence', () => {
    expect(read('hr', 'Jasenovac je bio samo radni logor.').flags[0]?.event).toBe('jasenovac')
  })

  test('is the one of the title where the sentence names none', () => {
    const { flags } = read('bs', 'Genocida nije bilo, ponovio je.', { title: 'Savić o Srebrenici' })
    expect(flags[0]?.event).toBe('srebrenica-1995')
  })

  test('with two in a sentence, is the one that courts called genocide', () => {
    const { flags } = read('bs', 'Ni u Prijedoru ni u Srebrenici nije bilo genocida.')
    expect(flags[0]?.event).toBe('srebrenica-1995')
  })
})

describe('groups are treated alike', () => {
  const GROUPS = [
    'Srbi',
    'Hrvati',
    'Bošnjaci',
    'Albanci',
    'Crnogorci',
    'Makedonci',
    'Romi',
    'Muslimani',
    'Jevreji',
  ]
  const ACCUSATIVE = [
    'Srbe',
    'Hrvate',
    'Bošnjake',
    'Albance',
    'Crnogorce',
    'Makedonce',
    'Rome',
    'Muslimane',
    'Jevreje',
  ]

  test.each([
    ['X su štakori, piše u objavi.', GROUPS],
    ['X nisu ljudi, vikao je.', GROUPS],
    ['X su kao žohari.', GROUPS],
    ['X napolje, pisalo je na zidu.', GROUPS],
    ['Treba protjerati X, rekao je.', ACCUSATIVE],
    ['Pobijte X, pisalo je.', ACCUSATIVE],
    ['X slave praznik u petak.', GROUPS],
  ])('%s', (sentence, groups) => {
    const verdicts = groups.map(group =>
      read('bs', sentence.replace('X', group)).flags.map(
        ({ category, subtype, severity, confidence, rule }) => ({
          category,
          subtype,
          severity,
          confidence,
          rule,
        }),
      ),
    )
    for (const verdict of verdicts) expect(verdict).toEqual(verdicts[0])
  })
})
