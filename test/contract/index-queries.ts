/** The golden set: questions of every kind that an index store must answer as the predicate of core/query.ts does. */
import { lightStem } from '../../core/light-stem.ts'
import type { Search } from '../../core/ports.ts'
import type { Comparison, Query, QueryField } from '../../core/query.ts'
import { fold } from '../../core/text.ts'

export const all: Query = { kind: 'all' }
export const word = (written: string): Query => ({ kind: 'word', stem: lightStem(fold(written)) })
export const phrase = (written: string): Query => ({ kind: 'phrase', words: fold(written).split(' ') })
export const prefix = (written: string): Query => ({ kind: 'prefix', prefix: fold(written) })
export const and = (...of: Query[]): Query => ({ kind: 'and', of })
export const or = (...of: Query[]): Query => ({ kind: 'or', of })
export const not = (of: Query): Query => ({ kind: 'not', of })
export const field = (name: QueryField, value: string, comparison: Comparison = '='): Query => ({
  kind: 'field',
  field: name,
  comparison,
  value,
})

const between = (query: Query, from?: string, to?: string): Search => ({
  query,
  ...(from && { from }),
  ...(to && { to }),
})

/** Name, and the question. */
export const GOLDEN: Readonly<Record<string, Search>> = {
  everything: between(all),
  'everything from a day': between(all, '2026-04-20'),
  'everything to a day': between(all, undefined, '2026-04-05'),
  'everything on one day': between(all, '2026-04-10', '2026-04-10'),
  'everything before the first day': between(all, '2020-01-01', '2020-12-31'),
  'the clocks going forward': between(all, '2026-03-28', '2026-03-30'),

  'a word in Latin script': between(word('genocid')),
  'the same in Cyrillic script': between(word('геноцид')),
  'the same in another case': between(word('Genocida')),
  'a word with diacritics': between(word('sreća')),
  'a word without them': between(word('sreca')),
  'a word in Cyrillic script': between(word('среќа')),
  'an Albanian word': between(word('dëshmitar')),
  'an English word': between(word('memory')),
  'a word with đ': between(word('Đurđevak')),
  'a word nobody wrote': between(word('zzyzx')),
  'a word within days': between(word('presuda'), '2026-04-01', '2026-04-30'),
  'two words': between(and(word('presuda'), word('žrtve'))),
  'one of two words': between(or(word('presuda'), word('bread'))),
  'a word and not another': between(and(word('tribunal'), not(word('presuda')))),
  'neither of two words': between(not(or(word('tribunal'), word('presuda')))),
  'all but a word': between(not(word('tribunal'))),
  'three words and a choice': between(and(or(word('sud'), word('tribunal')), word('prava'))),

  'a phrase': between(phrase('prava ljudskih')),
  'a phrase in the other script': between(phrase('права људских')),
  'a phrase of three': between(phrase('tribunal prava ljudskih')),
  'a phrase that nobody wrote': between(phrase('bread presuda')),
  'a phrase of one word, exactly so': between(phrase('genocidu')),
  'a phrase and a word': between(and(phrase('prava ljudskih'), word('presuda'))),
  'a phrase or a word': between(or(phrase('prava ljudskih'), word('kruh'))),
  'not a phrase': between(not(phrase('prava ljudskih'))),
  'a beginning': between(prefix('presud')),
  'a beginning in Cyrillic script': between(prefix('геноц')),
  'a beginning and a phrase': between(and(prefix('gen'), phrase('prava ljudskih'))),
  'two beginnings': between(and(prefix('trib'), prefix('sud'))),

  'a language': between(field('language', 'sr')),
  'a script': between(field('script', 'Cyrl')),
  'a source': between(field('source', 'luka-danas')),
  'a source nobody has': between(field('source', 'no-such-outlet')),
  'a country': between(field('country', 'BA')),
  'one of two countries': between(or(field('country', 'BA'), field('country', 'XK'))),
  'not a country': between(not(field('country', 'BA'))),
  'a kind of outlet': between(field('kind', 'tabloid')),
  'an outlet by name': between(field('outlet', fold('Ravnica Đurđevak'))),
  'a section in either script': between(field('section', fold('Društvo'))),
  'not a section': between(not(field('section', fold('Politika')))),
  'an author in either script': between(field('author', fold('Ђорђе Пример'))),
  'not an author': between(not(field('author', fold('Đorđe Primjer')))),
  'a word of the title': between(field('title', 'presuda')),
  'words in a row in the title': between(field('title', 'prava ljudskih')),
  'a part of the address': between(field('url', '.example/vijesti/1')),
  'a part of the address in lower case': between(field('url', 'članak')),
  'a day': between(field('day', '2026-04-10')),
  'days after one': between(field('day', '2026-05-01', '>')),
  'days up to one': between(field('day', '2026-04-01', '<=')),
  flagged: between(field('flagged', 'true')),
  'not flagged': between(field('flagged', 'false')),

  'a category': between(field('category', 'denial')),
  'a category as corrected': between(field('category', 'slur')),
  'a subtype': between(field('subtype', 'animal')),
  'grave ones': between(field('severity', '4', '>=')),
  'light ones': between(field('severity', '3', '<')),
  'sure ones': between(field('confidence', '0.5', '>')),
  'a confidence': between(field('confidence', '0.29', '>=')),
  'a target': between(field('target', 'roma')),
  'not a target': between(not(field('target', 'roma'))),
  'two targets': between(and(field('target', 'roma'), field('target', 'serbs'))),
  'an event': between(field('event', 'srebrenica-1995')),
  'not an event': between(not(field('event', 'srebrenica-1995'))),
  'a voice and a stance': between(and(field('voice', 'quoted'), field('stance', 'condemns'))),
  'a speaker in either script': between(field('speaker', fold('Zoran Izmišljeni'))),
  pending: between(field('status', 'pending')),
  confirmed: between(field('status', 'confirmed')),
  'not pending': between(not(field('status', 'pending'))),
  'waiting for a second': between(field('second', 'true')),
  'two who differ': between(field('disagreement', 'true')),
  evasive: between(field('evasive', 'true')),
  'fit to be sent': between(field('alert', 'true')),
  'in the title': between(field('field', 'title')),
  'a rule': between(field('rule', 'denial-0')),

  'a word, a country and a category': between(
    and(word('presuda'), field('country', 'BA'), field('category', 'denial')),
  ),
  'a word or a category': between(or(word('presuda'), field('category', 'denial'))),
  'a country and a word or a grave flag': between(
    and(field('country', 'RS'), or(word('presuda'), field('severity', '4', '>='))),
  ),
  'not both of two': between(not(and(field('country', 'BA'), field('category', 'denial')))),
  'neither of a country and a word': between(not(or(field('country', 'BA'), word('presuda')))),
  'everything at once': between(
    and(
      or(word('presuda'), phrase('prava ljudskih'), prefix('trib')),
      not(field('country', 'HR')),
      field('day', '2026-04-01', '>='),
      field('flagged', 'true'),
    ),
    '2026-03-25',
    '2026-05-20',
  ),
}

/** What a person may type, and what a rude one may: no store may trip over it. */
export const ODD: readonly Query[] = [
  word('"'),
  { kind: 'word', stem: 'presuda" OR "x' },
  { kind: 'word', stem: 'a\0b' },
  { kind: 'word', stem: '' },
  { kind: 'word', stem: 'x*' },
  { kind: 'phrase', words: ['title', ':', 'x'] },
  { kind: 'phrase', words: ['NEAR(a', 'b)'] },
  { kind: 'phrase', words: [')', ';', 'DROP', 'TABLE', 'flags'] },
  { kind: 'prefix', prefix: '(' },
  { kind: 'prefix', prefix: '*' },
  field('source', "x' OR '1'='1"),
  field('url', '%_\\'),
  field('title', '" : x'),
  and(),
  or(),
  not(not(all)),
  and(...Array.from({ length: 60 }, (_, i) => word(`riječ${i}`))),
]
