/** Which language a text is in. All sentences are written for these tests. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { detectLanguage } from '../../classify/detect-language.ts'
import { detectParagraphs } from '../../classify/detect-paragraphs.ts'

describe('the language', () => {
  test.each([
    [
      'hr',
      'Latn',
      'Tko je kriv za požar u tvornici, pita se tjednik, a glasnogovornik županije kaže da će izvješće biti gotovo tijekom kolovoza.',
    ],
    [
      'bs',
      'Latn',
      'Općinsko vijeće je saopćilo da će hiljadu uposlenika kantona ove sedmice dobiti platu, a lahko je moguće i više.',
    ],
    [
      'sr',
      'Latn',
      'Predsednik opštine saopštio je da će deca uvek imati mesto u školi i da je reč o hiljadu evra.',
    ],
    [
      'sr',
      'Cyrl',
      'Председник општине саопштио је да ће деца увек имати место у школи и да је реч о хиљаду евра.',
    ],
    [
      'cnr',
      'Latn',
      'Nijesam vidio đe su đevojke otišle, kaže predsjednik opštine, i ne zna hoće li sjutra doći.',
    ],
    [
      'mk',
      'Cyrl',
      'Министерот вели дека градот ќе добие нов мост до крајот на годината и дека парите се обезбедени.',
    ],
    [
      'mk',
      'Latn',
      'Ministerot veli deka gradot ke dobie nov most do krajot na godinata i deka parite se obezbedeni.',
    ],
    [
      'sq',
      'Latn',
      'Kryeministri tha se qeveria do të miratojë ligjin e ri dhe se nuk ka asnjë vonesë për këtë vit.',
    ],
    [
      'sq',
      'Latn',
      'Kryeministri tha se qeveria do te miratoje ligjin e ri dhe se nuk ka asnje vonese per kete vit.',
    ],
    [
      'en',
      'Latn',
      'The prime minister said that the government would adopt the law before the end of the year.',
    ],
    [
      'sl',
      'Latn',
      'Predsednik vlade je povedal, da bo zakon sprejet že letos in da ni razloga za skrb, ker so vsi pogoji izpolnjeni.',
    ],
  ])('%s %s: %s', (language, script, text) => {
    expect(detectLanguage(text)).toMatchObject({ language, script })
  })

  test('a sentence that any of the four could have written is undecided', () => {
    expect(detectLanguage('Danas je na trgu bilo mnogo ljudi i svi su pjevali.').language).toBe('hbs')
  })

  test.each([
    'Не знаем что будет завтра, но все говорят об этом.',
    'Това е новината, която всички чакаха от седмица.',
    'Врачи предупреждают, что вакцин на зиму не хватит.',
    'Rat dauert an, sagt der Minister nach der Sitzung.',
  ])('another language is none of ours: %s', text => {
    expect(detectLanguage(text).language).toBe('und')
  })

  test.each([
    ['hbs', 'Nož, žica, pod u hodniku', 'Нож, жица, под у ходнику'],
    ['hbs', 'Od komšija se treba čuvati kao od zmija.', 'Од комшија се треба чувати као од змија.'],
    ['mk', 'Вели дека се се надева на победа.', 'Veli deka se se nadeva na pobeda.'],
    ['sq', 'Vetëm disa qindra veta erdhën në shesh.', 'Vetem disa qindra veta erdhen ne shesh.'],
  ])('a short one is the same in other letters: %s: %s', (language, one, other) => {
    for (const text of [one, other]) expect(familyOf(detectLanguage(text).language)).toBe(language)
  })

  test('nothing to go by is said so', () => {
    expect(detectLanguage('12345')).toEqual({
      language: 'und',
      script: 'other',
      confidence: 0,
      familyConfidence: 0,
      candidates: [],
    })
  })
})

describe('what the outlet says', () => {
  test('decides among the four where the words do not', () => {
    expect(detectLanguage('Danas je na trgu bilo mnogo ljudi.', { declared: 'bs' }).language).toBe('bs')
  })

  test('gives way where the words contradict clearly', () => {
    const text =
      'Predsednik opštine saopštio je da će deca uvek imati mesto, a vest je preneo dnevnik u nedelju posle sednice.'
    expect(detectLanguage(text, { declared: 'hr' }).language).toBe('sr')
  })

  test('does not turn another language into one of ours', () => {
    expect(
      detectLanguage('Der Minister sagte, dass die Regierung nicht zurücktreten wird.', { declared: 'hr' })
        .language,
    ).toBe('und')
  })

  test('scores add up to one', () => {
    const { candidates } = detectLanguage('Министерот вели дека градот ќе добие нов мост.')
    expect(candidates.reduce((sum, one) => sum + one.score, 0)).toBeCloseTo(1, 2)
  })
})

const FIXTURE = parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'languages.yml'), 'utf8'),
) as Readonly<Record<string, readonly string[]>>
const FAMILY = new Set(['bs', 'hr', 'sr', 'cnr', 'hbs'])
const familyOf = (language: string): string => (FAMILY.has(language) ? 'hbs' : language)

describe('of our own sentences and headlines', () => {
  const all = Object.entries(FIXTURE).flatMap(([language, texts]) => texts.map(text => ({ language, text })))
  const told = all.filter(({ language }) => language !== 'none')
  const answers = told.map(({ language, text }) => ({ language, text, found: detectLanguage(text).language }))

  test('at least 99 in 100 are told from other languages', () => {
    const wrong = answers.filter(({ language, found }) => familyOf(language) !== familyOf(found))
    expect(wrong.length / answers.length, JSON.stringify(wrong)).toBeLessThanOrEqual(0.01)
  })

  test('at least 88 in 100 of the named varieties are right, and at least half are named', () => {
    const named = answers.filter(({ language, found }) => FAMILY.has(language) && found !== 'hbs')
    const right = named.filter(({ language, found }) => language === found)
    expect(right.length / named.length).toBeGreaterThanOrEqual(0.88)
    expect(named.length / answers.filter(({ language }) => FAMILY.has(language)).length).toBeGreaterThan(0.5)
  })

  test('Montenegrin is recognised where it shows itself', () => {
    const found = (FIXTURE['cnr'] ?? []).map(text => detectLanguage(text).language)
    expect(found.filter(language => language === 'cnr').length).toBeGreaterThanOrEqual(52)
  })

  test.each(FIXTURE['none'] ?? [])('no language is told of %s', text => {
    expect(detectLanguage(text)).toMatchObject({ language: 'und', confidence: 0 })
  })

  test('a text found once is found again, whatever was read between', () => {
    const first = all.map(({ text }) => detectLanguage(text))
    const again = [...all].reverse().map(({ text }) => detectLanguage(text))
    expect(again.reverse()).toEqual(first)
  })
})

describe('a sentence with words of another language', () => {
  test.each([
    ['hbs', 'Na konferenciji je predstavljen projekt Smart City Dashboard, kaže gradonačelnik.'],
    ['hbs', 'Njihov novi album Greatest Hits Live in Concert izlazi u petak.'],
    ['mk', 'Филмот The Last Bridge Home ќе биде прикажан вечер во градското кино.'],
    ['sq', 'Kompania Green Energy Solutions do të ndërtojë një park të ri me erë në veri të vendit.'],
    ['en', 'The newspaper Jutarnje vijesti said its reporters had been turned away at the border.'],
    ['sl', 'Skupina Black Mountain Trio bo jutri nastopila na odru mestnega gledališča.'],
  ])('is in that of its grammar: %s: %s', (language, text) => {
    expect(familyOf(detectLanguage(text).language)).toBe(language)
  })
})

describe('an article that mixes languages', () => {
  const ENGLISH = 'The embassy said in a statement that the talks would go on until a solution was found.'
  const BOSNIAN =
    'Općinsko vijeće saopćilo je da će hiljade građana ove sedmice dobiti pomoć, kaže načelnica.'
  const ALBANIAN = 'Kryeministri tha se qeveria do të miratojë ligjin e ri dhe se nuk ka asnjë vonesë.'

  test('is parted by its paragraphs, and the parts cover all of it', () => {
    const text = `${BOSNIAN}\n${BOSNIAN}\n${ENGLISH}\n${ALBANIAN}\n${BOSNIAN}`
    const passages = detectParagraphs(text)
    expect(passages.map(({ detection }) => familyOf(detection.language))).toEqual(['hbs', 'en', 'sq', 'hbs'])
    expect(passages.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text)
  })

  test('short paragraphs are in the language of the text', () => {
    expect(detectParagraphs(`${BOSNIAN}\nThe New York Times\n${BOSNIAN}`)).toHaveLength(1)
  })

  test.each(['', '\n', 'a', '\n'.repeat(50_000), 'a\n'.repeat(50_000)])(
    'a text of lines has an end',
    text => {
      expect(detectParagraphs(text).at(-1)?.end).toBe(text.length)
    },
  )
})

describe('texts made to be slow or odd', () => {
  const combining = '\u0301'.repeat(200_000)
  test.each([
    ['200,000 combining marks', `a${combining}`],
    ['marks on every letter', 'a\u0301\u0302\u0303'.repeat(20_000)],
    ['a word of 1,000,000 letters', 'a'.repeat(1_000_000)],
    ['200,000 different words', Array.from({ length: 200_000 }, (_, at) => at.toString(36)).join(' ')],
    ['lone surrogates', '\ud83d'.repeat(100_000)],
    ['invisible characters', '\u200b'.repeat(100_000)],
    ['letters in fancy dress', '\ud835\udc00'.repeat(50_000)],
  ])('%s', (_, text) => {
    const begin = performance.now()
    detectLanguage(text)
    expect(performance.now() - begin).toBeLessThan(100)
  })

  test('accents apart from their letters, soft hyphens and look-alikes change nothing', () => {
    const text = 'Vlada je u četvrtak prihvatila prijedlog županije da se škole grade brže nego lani.'
    const { language } = detectLanguage(text)
    for (const other of [
      text.normalize('NFD'),
      text.replaceAll('l', 'l\u00ad'),
      text.replace('Vlada', 'Vl\u0430da'),
    ]) {
      expect(detectLanguage(other).language).toBe(language)
    }
  })
})
