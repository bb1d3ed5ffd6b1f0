/** English: agency copy about the region, and the diaspora. */
import type { Pack } from '../../pack.ts'
import { PEOPLES } from './peoples.ts'

export const enPack: Pack = {
  code: 'en',
  languages: ['en'],
  peoples: PEOPLES,
  inflections: {
    n: ['', 's', 'es', 'like'],
  },
  abbreviations: 'mr mrs ms dr prof gen st no vs e g i etc u s'.split(' '),
  joined: [],
  negators: 'not/no/never/without/none/nor/isn/aren/wasn/weren/didn',
  copulas: 'are/is/were/was/be/being/became/remain',
  oneThing: /^\S+ (?!cattle|vermin|scum)\S*[^s]$/,
  pronouns: 'they/them/these/those',
  comparisons: 'like/as',
  clauseBreaks: 'but/while/because/who/which/whose/although/though/when/if/where/and',
  contrasts: 'but/however/yet',
  notOnly: ['not/no only/just/merely'],
  refutations: [
    'not/isn/wasn ~3 true/correct/right/accurate/possible ~2 that/say/claim',
    'false/untrue/wrong/incorrect/absurd/nonsense/lie/unacceptable/impossible/misleading ~4 that/say/claim/suggest/assert/argue',
    'nobody/none ~4 say/claim/argue/pretend/suggest/assert',
    'no one ~4 say/claim/argue/pretend/suggest/assert',
    'not/cannot/never/don/can/won/didn ~1 accept/agree/believe/think/say/said/claim/claimed/argue/pretend ~2 that',
    'not/cannot ~2 say/claim/argue/pretend ~2 that',
    'whoever/anyone/those/who ~3 claim/claims/say/says/claiming/saying ~1 that ~12 lie/lies/lying/wrong/insult/insults/insulting',
  ],
  refutedAfter: ['which is not/false/untrue/wrong'],
  genocideWords: 'genocid*',
  thatWords: 'that/how',
  aboutWords: 'of/about/regarding',
  prepositions: 'in/at/on/from/for/with/against/after/before/of/to/near/about',
  speech: [
    'said/says/saying/claim*/stated/states/told/according/wrote/writes/argued/argues/added/adds/insist*/chanted/chanting/shouted/graffiti/banner/tweeted/posted/declared/repeated/repeats',
  ],
  titles:
    'president/minister/premier/chancellor/lawmaker/deputy/mp/mayor/general/colonel/commander/patriarch/bishop/archbishop/imam/mufti/father/director/spokesman/spokeswoman/spokesperson/prosecutor/judge/professor/historian/analyst/journalist/editor/columnist/leader/chief/member/adviser/advisor/ambassador/mr/mrs/ms/dr/prof/sir/senator/witness/lawyer/writer/singer/coach/chairman/chairwoman',
  notSpeakers:
    'bosnia/herzegovina/croatia/serbia/montenegro/macedonia/kosovo/albania/slovenia/bulgaria/greece/turkey/russia/europe/balkans/belgrade/zagreb/sarajevo/skopje/podgorica/pristina/tirana/ljubljana/sofia/athens/brussels/washington/moscow/london/berlin/vienna/hague/srebrenica/potocari/prijedor/vukovar/mostar/tuzla/banja/luka/niš/novi/sad/split/rijeka/tetovo/bitola/mitrovica/republika/srpska/republic/north/south/east/west/western/eastern/united/nations/european/union/nato/un/eu/city/real/fc/monday/tuesday/wednesday/thursday/friday/saturday/sunday/january/february/march/april/may/june/july/august/september/october/november/december/video/photo/live/the/a/in/on/at/facebook/twitter/instagram/god/serb/serbs/croat/croats/bosniak/bosniaks/albanian/albanians/muslim/muslims',
  firstPerson: [
    'i think/believe/know/remember/wonder/ask/admit',
    'in my ~1 opinion/view',
    'i am ~1 convinced',
  ],
  opinionSections: 'opinion column comment commentary editorial blog op'.split(' '),
  letterSections: ['letter', 'readers'],
  literalSections: [
    'sport',
    'farming',
    'agri',
    'culture',
    'film',
    'magazine',
    'entertainment',
    'health',
    'tech',
    'auto ',
    'football',
  ],
}
