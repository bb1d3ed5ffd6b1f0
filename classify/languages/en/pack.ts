/** English: agency copy about the region, and the diaspora. */
import type { Pack } from '../../pack.ts'

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
