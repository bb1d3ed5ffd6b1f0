/** Which language a text is in. All sentences are written for these tests. */
import { describe, expect, test } from 'vitest'
import { detectLanguage } from '../../classify/detect-language.ts'

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
    'Rat dauert an, sagt der Minister nach der Sitzung.',
  ])('another language is none of ours: %s', text => {
    expect(detectLanguage(text).language).toBe('und')
  })

  test('nothing to go by is said so', () => {
    expect(detectLanguage('12345')).toEqual({
      language: 'und',
      script: 'other',
      confidence: 0,
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
