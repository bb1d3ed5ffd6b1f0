/** Claims that are denied where they stand: nobody says them, and claims that only look so. */
import { describe, expect, test } from 'vitest'
import type { Language } from '../../core/labels.ts'
import { read } from './bundled.ts'

const labels = (language: Language, text: string): string[] =>
  read(language, text).flags.map(flag => flag.category)

describe('what is denied is not flagged', () => {
  test.each([
    ['bs', 'Nije istina da nije bilo genocida u Srebrenici.'],
    ['hr', 'Nitko ne može reći da se genocid u Srebrenici nije dogodio.'],
    ['sr', 'Погрешно је говорити да геноцида у Сребреници није било.'],
    ['cnr', 'Ne slažem se s tvrdnjom da u Srebrenici nije bilo genocida.'],
    ['bs', 'Ko kaže da u Srebrenici nije bilo genocida, laže.'],
    ['hr', 'Tko kaže da je Ratko Mladić heroj, vrijeđa žrtve.'],
    ['bs', 'Nikada nisam rekao da u Srebrenici nije bilo genocida.'],
    ['mk', 'Не е точно дека немало геноцид во Сребреница.'],
    ['mk', 'Погрешно е да се тврди дека во Сребреница немаше геноцид.'],
    ['mk', 'Кој вели дека во Сребреница немаше геноцид лаже.'],
    ['sq', 'Është gënjeshtër se nuk ka pasur gjenocid në Srebrenicë.'],
    ['sq', 'Askush nuk mund të thotë se nuk ka pasur gjenocid në Srebrenicë.'],
    ['en', 'Nobody can say that there was no genocide in Srebrenica.'],
    ['en', 'It would be wrong to say the Srebrenica genocide never happened.'],
    ['en', 'They said there was no genocide in Srebrenica, which is not true.'],
    ['hr', 'Nitko ne smije reći da su Srbi štakori.'],
    ['mk', 'Не е точно дека Албанците се стаорци.'],
    ['sq', 'Nuk është e vërtetë se serbët janë minj.'],
    ['en', 'Nobody should say that Albanians are rats.'],
    ['en', 'Albanians are not rats.'],
    ['bs', 'Nije tačno da su Bošnjaci izmišljena nacija.'],
    ['bs', 'Ne treba protjerati Srbe.'],
    ['en', 'Do not kill Serbs, the priest begged the crowd.'],
  ] as const)('%s: %s', (language, text) => {
    expect(labels(language, text)).toEqual([])
  })
})

describe('what only looks denied is flagged', () => {
  test.each([
    ['bs', 'Nema sumnje da u Srebrenici nije bilo genocida.', 'denial'],
    ['bs', 'Istina je da u Srebrenici nije bilo genocida.', 'denial'],
    ['bs', 'Nije istina da je u Srebrenici bio genocid.', 'denial'],
    ['hr', 'Nije istina da smo krivi, ali u Srebrenici nije bilo genocida.', 'denial'],
    ['mk', 'Нема сомнеж дека во Сребреница немаше геноцид.', 'denial'],
    ['sq', 'E vërteta është se nuk ka pasur gjenocid në Srebrenicë.', 'denial'],
    ['sq', 'Nuk ka dyshim se nuk ka pasur gjenocid në Srebrenicë.', 'denial'],
    ['en', 'There is no doubt that there was no genocide in Srebrenica.', 'denial'],
    ['en', 'It is not true that we are guilty, but there was no genocide in Srebrenica.', 'denial'],
    ['bs', 'Ratko Mladić nije samo heroj nego i legenda.', 'denial'],
    ['mk', 'Тие нѐ мразат, Албанците се стаорци.', 'dehumanization'],
    ['en', 'We do not want war, Albanians are rats.', 'dehumanization'],
    ['bs', 'Ne kupujte od Srba.', 'incitement'],
  ] as const)('%s: %s', (language, text, category) => {
    expect(labels(language, text)).toContain(category)
  })
})

test('the Macedonian "us", written нѐ, is no "not"', () => {
  expect(labels('mk', 'Албанците нѐ се стаорци.')).toEqual(['dehumanization'])
  expect(labels('mk', 'Албанците нè се стаорци.')).toEqual(['dehumanization'])
  expect(labels('mk', 'Албанците не се стаорци.')).toEqual([])
})
