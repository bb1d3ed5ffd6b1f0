/** The same passage about other people, in the same forms. */
import { expect, test } from 'vitest'
import { swapGroups } from './group-swap.ts'

test.each([
  ['hbs', 'Srbi i srpski političari, rekao je Srbima.', 'Hrvati i hrvatski političari, rekao je Hrvatima.'],
  ['mk', 'Албанците и албанската партија.', 'Србите и српската партија.'],
  ['en', 'Serbs and the Serbian army.', 'Croats and the Croatian army.'],
  ['sq', 'Serbët dhe politika e tyre.', 'Boshnjakët dhe politika e tyre.'],
  ['hbs', 'Kiša je padala cijelu noć.', 'Kiša je padala cijelu noć.'],
] as const)('in %s: %s', (code, text, swapped) => {
  expect(swapGroups(text, code, 1)).toBe(swapped)
})
