/** English: agency copy about the region, and the diaspora. */
import type { Markers, Pack } from '../../pack.ts'

export const enPack: Pack = {
  code: 'en',
  languages: ['en'],
  inflections: {
    n: ['', 's', 'es', 'like'],
  },
  abbreviations: 'mr mrs ms dr prof gen st no vs e g i etc u s'.split(' '),
  joined: [],
  negators: 'not/no/never/without/none/nor/isn/aren/wasn/weren/didn',
  copulas: 'are/is/were/was/be/being/became/remain',
  comparisons: 'like/as',
  clauseBreaks: 'but/while/because/who/which/whose/although/though/when/if/where/and',
  thatWords: 'that/how',
  prepositions: 'in/at/on/from/for/with/against/after/before/of/to/near/about',
  speech: [
    'said/says/saying/claim*/stated/states/told/according/wrote/writes/argued/argues/added/adds/insist*/chanted/chanting/shouted/graffiti/banner/tweeted/posted/declared/repeated/repeats',
  ],
  opinionSections: ['opinion', 'column', 'comment', 'editorial', 'blog', 'op-ed'],
}

export const enMarkers: Markers = {
  language: 'en',
  words:
    'the/of/and/to/in/is/was/were/are/that/for/with/as/by/on/at/from/it/his/her/its/their/they/he/she/be/been/has/have/had/not/but/which/who/this/these/those/an/or/would/will/can/said/says/after/before/about/between/into/over/there/no/never/what/when/where/more/than/also/all/other/people/against/a/out/our/we/you/must/should',
}
