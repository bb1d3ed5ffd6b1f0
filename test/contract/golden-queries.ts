/** The golden set: what people type into the search box, each feature of the query language in it, for comparing stores. */
import type { FacetField, Search } from '../../core/ports.ts'
import { parseQuery } from '../../core/query.ts'
import type { Interval } from '../../core/time.ts'

/** Text of the query, and the days when it is asked within some. */
type Asked = string | readonly [text: string, from: string, to: string]

const WORDS: readonly Asked[] = [
  '',
  'presuda',
  'пресуда',
  'PRESUDE',
  'genocid',
  'геноцидот',
  'sreca',
  'срећа',
  'Ђурђевак',
  'Djurdjevak',
  'këshill',
  'komune',
  'genocide denial',
  'presuda žrtve',
  'presuda OR bread OR хлеб',
  'tribunal -presuda',
  'NOT tribunal',
  '-(tribunal OR presuda)',
  '(sud OR tribunal) prava',
  '(sud OR (tribunal prava)) -kruh',
  ['presuda', '2026-04-01', '2026-04-30'],
  ['-presuda', '2026-05-01', '2026-05-03'],
]

const PHRASES: readonly Asked[] = [
  '"prava ljudskih"',
  '„права људских”',
  '"tribunal prava ljudskih"',
  '"genocidu"',
  '"prava ljudskih" presuda',
  '-"prava ljudskih"',
  '"prava ljudskih" OR "human rights"',
  'ljudskih-prava',
  ['"sudija tribunal"', '2026-04-10', '2026-05-10'],
]

const PREFIXES: readonly Asked[] = [
  'presud*',
  'геноц*',
  'gen* -genocid',
  'trib* sud*',
  'xba*',
  'kry* OR gjyq*',
  ['sv*', '2026-03-28', '2026-03-30'],
]

const ARTICLE_FIELDS: readonly Asked[] = [
  'language:sr',
  'language:sr,mk,und',
  'script:Cyrl presuda',
  'source:luka-danas',
  'source:LUKA-DANAS',
  'country:BA,XK',
  '-country:BA',
  'kind:tabloid,party',
  'outlet:"Ravnica Đurđevak"',
  'section:društvo',
  '-section:politika',
  'author:"Đorđe Primjer"',
  'title:presuda',
  'title:"prava ljudskih" -country:RS',
  'url:vijesti/12',
  'url:"članak" kind:public',
  'day:2026-04-10',
  'day:2026-04',
  'day:2026-04-05..2026-04-09',
  'day:..2026-03-25',
  'day:>2026-05-20',
  'from:2026-04-10 to:2026-04-20 presuda',
  'flagged:true country:ME',
  'flagged:false tribunal',
]

const FLAG_FIELDS: readonly Asked[] = [
  'category:denial',
  'category:denial,slur -language:hr',
  'subtype:animal',
  'severity:>=4',
  'severity:2..3 language:mk',
  'severity:5 OR confidence:>0.95',
  'confidence:0.29',
  'confidence:<=0.1',
  'target:roma,serbs',
  'target:roma -target:serbs',
  'event:srebrenica-1995 voice:quoted',
  '-event:srebrenica-1995 category:denial',
  'voice:outlet stance:endorses',
  'speaker:"Зоран Измишљени"',
  'status:confirmed',
  '-status:pending',
  'rule:denial-0',
  'field:title',
  'evasive:true',
  'alert:false severity:1',
  'second:true',
  'disagreement:true',
]

const TOGETHER: readonly Asked[] = [
  'presuda country:BA category:denial',
  'presuda OR category:denial',
  'country:RS (presuda OR severity:>=4)',
  '-(country:BA category:denial)',
  '("prava ljudskih" OR trib*) -country:HR flagged:true day:>=2026-04-01',
  ['(genocid OR genocide) -status:not-hate (target:bosniaks OR event:*-1995)', '2026-04-01', '2026-05-28'],
  'status:pending severity:>=4 -speaker:"Ana Nepostojeća" žrtv*',
]

/** Name of a question, and the question. */
export const GOLDEN_QUERIES: readonly (readonly [string, Search])[] = [
  ...WORDS,
  ...PHRASES,
  ...PREFIXES,
  ...ARTICLE_FIELDS,
  ...FLAG_FIELDS,
  ...TOGETHER,
].map(asked => {
  const [text, from, to] = typeof asked === 'string' ? [asked] : asked
  const days = from === undefined || to === undefined ? {} : { from, to }
  return [
    `${text === '' ? 'everything' : text}${from === undefined ? '' : ` from ${from}`}`,
    { query: parseQuery(text), ...days },
  ]
})

/** How the same counts are split over time. */
export const GOLDEN_TIMELINES: readonly (readonly [Interval, FacetField | undefined])[] = [
  ['day', undefined],
  ['week', 'category'],
  ['week', 'source'],
  ['month', 'severity'],
  ['month', 'speaker'],
]
