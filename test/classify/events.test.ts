/** Events are known by their names in every language and case, and not by words that only look like them. */
import { describe, expect, test } from 'vitest'
import type { Language } from '../../core/labels.ts'
import { read } from './bundled.ts'

const eventOf = (language: Language, text: string): string | undefined =>
  read(language, text).flags.find(flag => flag.category === 'denial')?.event

describe('an event is known', () => {
  test.each([
    ['sq', 'Në Vishegrad nuk ka ndodhur asnjë masakër.', 'visegrad-1992'],
    ['sq', 'Nuk pati asnjë masakër në Reçak.', 'racak-1999'],
    ['sq', 'Nuk ka pasur gjenocid në Srebrenicë.', 'srebrenica-1995'],
    ['mk', 'Масакрот во Рачак е измислен.', 'racak-1999'],
    ['mk', 'Во Приедор немало злосторства.', 'prijedor-1992'],
    ['mk', 'Masakrot vo Rachak e izmislen.', 'racak-1999'],
    ['mk', 'Масакрот во Љуботен е измислен.', 'ljuboten-2001'],
    ['en', 'The Visegrad massacre was staged.', 'visegrad-1992'],
    ['en', 'The Recak massacre was staged.', 'racak-1999'],
    ['en', 'The Celebici massacre was staged.', 'celebici-1992'],
    ['bs', 'Logor Čelebići je izmišljen.', 'celebici-1992'],
    ['sr', 'Масакр у Старом Грацку је измишљен.', 'kosovo-serbs-1999-2003'],
    ['hr', 'U Oluji nije ubijen nijedan civil.', 'storm-1995'],
  ] as const)('%s: %s', (language, text, event) => {
    expect(eventOf(language, text)).toBe(event)
  })
})

describe('no event is', () => {
  test.each([
    ['the weather', 'hr', 'U oluji nije ubijen nijedan civil.'],
    ['a chair', 'hr', 'Priča o stolcu je izmišljena, masakra nije bilo.'],
    ['a shepherd dog', 'hr', 'Priča o ovčaru je izmišljena, masakra nije bilo.'],
  ] as const)('%s', (_, language, text) => {
    expect(eventOf(language, text)).toBeUndefined()
  })
})

test('where no court found genocide, saying so is no denial; denying the crime is', () => {
  expect(read('sq', 'Gjatë luftës në Kosovë nuk ka pasur gjenocid.').flags).toEqual([])
  expect(read('bs', 'U Brčkom, u logoru Luka, nije bilo genocida.').flags).toEqual([])
  expect(eventOf('sq', 'Masakra e Mejës është e sajuar.')).toBe('kosovo-1999')
})
