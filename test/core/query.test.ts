/** The query language: how it is read, what it refuses and where, that it round-trips, and what it finds. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matches, matchesArticle, wordsOf } from '../../core/query-match.ts'
import {
  ARTICLE_FIELDS,
  FLAG_FIELDS,
  QueryError,
  articlePart,
  combine,
  fieldQuery,
  formatQuery,
  parseQuery,
} from '../../core/query.ts'
import type { Comparison, Query, QueryField } from '../../core/query.ts'
import { document } from '../documents.ts'

const word = (stem: string): Query => ({ kind: 'word', stem })
const phrase = (...words: string[]): Query => ({ kind: 'phrase', words })
const not = (of: Query): Query => ({ kind: 'not', of })
const and = (...of: Query[]): Query => ({ kind: 'and', of })
const or = (...of: Query[]): Query => ({ kind: 'or', of })
const field = (name: QueryField, value: string, comparison: Comparison = '='): Query => ({
  kind: 'field',
  field: name,
  comparison,
  value,
})

describe('a query is read as', () => {
  const cases: readonly (readonly [string, Query])[] = [
    ['', { kind: 'all' }],
    ['  ', { kind: 'all' }],
    ['*', { kind: 'all' }],
    ['Genocida', word('genocid')],
    ['геноцида', word('genocid')],
    ['Srebrenica presuda', and(word('srebrenic'), word('presud'))],
    ['Srebrenica AND presuda', and(word('srebrenic'), word('presud'))],
    ['sud OR tribunal', or(word('sud'), word('tribunal'))],
    ['a b OR c d', or(and(word('a'), word('b')), and(word('c'), word('d')))],
    ['a (b OR c)', and(word('a'), or(word('b'), word('c')))],
    ['((a))', word('a')],
    ['a (b c)', and(word('a'), word('b'), word('c'))],
    ['NOT sud', not(word('sud'))],
    ['-sud', not(word('sud'))],
    ['sud -(a OR b)', and(word('sud'), not(or(word('a'), word('b'))))],
    ['NOT NOT a', not(not(word('a')))],
    ['or and not', and(word('or'), word('and'), word('not'))],
    ['"Međunarodni sud"', phrase('medjunarodni', 'sud')],
    ['„међународни суд“', phrase('medjunarodni', 'sud')],
    ['bosansko-hercegovački', phrase('bosansko', 'hercegovacki')],
    ["s'ka", phrase('s', 'ka')],
    ['presud*', { kind: 'prefix', prefix: 'presud' }],
    ['пресуд*', { kind: 'prefix', prefix: 'presud' }],
    ['category:denial', field('category', 'denial')],
    ['Category:DENIAL', field('category', 'denial')],
    ['country:ba', field('country', 'BA')],
    ['script:cyrl', field('script', 'Cyrl')],
    ['country:BA,RS', or(field('country', 'BA'), field('country', 'RS'))],
    ['outlet:"Glas Kotline"', field('outlet', 'glas kotline')],
    ['title:„Суд одлучио“', field('title', 'sud odlucio')],
    ['severity:>=3', field('severity', '3', '>=')],
    ['severity:3..5', and(field('severity', '3', '>='), field('severity', '5', '<='))],
    ['severity:3..', field('severity', '3', '>=')],
    ['confidence:>0.5', field('confidence', '0.5', '>')],
    ['day:2026-07-11', field('day', '2026-07-11')],
    ['day:2026-07-01..2026-07-31', and(field('day', '2026-07-01', '>='), field('day', '2026-07-31', '<='))],
    ['day:2026-02', and(field('day', '2026-02-01', '>='), field('day', '2026-02-28', '<='))],
    ['day:2026', and(field('day', '2026-01-01', '>='), field('day', '2026-12-31', '<='))],
    ['day:>2026-06', field('day', '2026-06-30', '>')],
    ['from:2026-07-01 to:2026-07', and(field('day', '2026-07-01', '>='), field('day', '2026-07-31', '<='))],
    ['-status:confirmed', not(field('status', 'confirmed'))],
    ['url:"https://x.example/a,b"', field('url', 'https://x.example/a,b')],
    ['18:30', phrase('18', '30')],
    ['1995', word('1995')],
  ]
  for (const [text, query] of cases) test(JSON.stringify(text), () => expect(parseQuery(text)).toEqual(query))
})

describe('a query that cannot be says where and what was expected', () => {
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ['category:foo', 9, /one of dehumanization, denial, .*"foo"/],
    ['severity:9', 9, /whole number from 1 to 5.*"9"/],
    ['severity:2.5', 9, /whole number/],
    ['confidence:2', 11, /number from 0 to 1/],
    ['sud language:xx', 13, /one of bs, hr, .*"xx"/],
    ['foo:bar', 0, /one of the fields language, .*"foo"/],
    ['https://x.example', 0, /quotation marks/],
    ['category:', 9, /a value after category:; got the end/],
    ['category:denial,', 16, /a value after category:/],
    ['category: denial', 9, /a value/],
    ['category:>=denial', 9, /no order/],
    ['severity:5..3', 9, /smaller value before/],
    ['severity:..', 9, /before or after/],
    ['day:2026-13-01', 4, /a day such as/],
    ['day:2026-02-30', 4, /a day such as/],
    ['day:yesterday', 4, /a day such as 2026-07-11, a month.*"yesterday"/],
    ['from:>2026-01-01', 5, /a day alone/],
    ['(a b', 4, /\) for the \( at character 1; got the end/],
    ['a)', 1, /a word, a field, AND or OR; got "\)"/],
    ['()', 1, /a word/],
    ['a OR', 4, /a word.*the end/],
    ['OR a', 0, /a word.*"OR"/],
    ['a AND', 5, /a word/],
    ['NOT', 3, /a word/],
    ['"nije bilo', 0, /closing quotation mark/],
    ['outlet:"x', 7, /closing quotation mark/],
    ['***', 0, /one letter or digit.*"\*\*\*"/],
    ['sud -', 4, /one letter or digit.*"-"/],
    ['"…"', 0, /one letter or digit/],
    ['outlet:"…"', 7, /a name with letters or digits/],
    ['a*', 0, /at least two letters/],
    ["s'k*", 0, /one word/],
    ['x'.repeat(2_001), 2_000, /at most 2000 characters; got 2001/],
    [Array.from({ length: 65 }, () => 'ab').join(' '), 192, /at most 64/],
    ['(a) '.repeat(65), 257, /at most 64/],
    ['severity:' + Array.from({ length: 65 }, () => '1').join(','), 0, /at most 64/],
    ['('.repeat(17) + 'a' + ')'.repeat(17), 16, /at most 16 levels/],
    ['NOT '.repeat(17) + 'a', 64, /at most 16 levels/],
  ]
  for (const [text, position, message] of cases) {
    test(JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text), () => {
      const thrown = thrownBy(() => parseQuery(text))
      expect(thrown).toBeInstanceOf(QueryError)
      expect((thrown as QueryError).position).toBe(position)
      expect((thrown as QueryError).message).toMatch(message)
    })
  }
  test('nothing but a QueryError is ever thrown, and what is read is found again in its text', () => {
    const parts = [
      'a',
      'b*',
      '"',
      '(',
      ')',
      'NOT ',
      '-',
      ' OR ',
      ' AND ',
      ' ',
      ':',
      ',',
      '..',
      '>=',
      'severity:',
      'day:',
      '2026',
      'č',
      '\ud800',
      '*',
    ]
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map(all => all.join('')),
    )
    fc.assert(
      fc.property(text, written => {
        const thrown = thrownBy(() => {
          const query = parseQuery(written)
          expect(parseQuery(formatQuery(query))).toEqual(query)
        })
        if (thrown) expect(thrown).toBeInstanceOf(QueryError)
      }),
      { numRuns: 2_000 },
    )
  })
})

const leaf = fc.oneof(
  fc.constantFrom('genocid', 'sud', 'or', '1995').map(word),
  fc.constant(phrase('nije', 'bilo')),
  fc.constant<Query>({ kind: 'prefix', prefix: 'pres' }),
  fc.constant<Query>({ kind: 'all' }),
  fc
    .tuple(fc.constantFrom<Comparison>('=', '>=', '<', '>', '<='), fc.integer({ min: 1, max: 5 }))
    .map(([how, value]) => field('severity', String(value), how)),
  fc.constantFrom(
    field('category', 'denial'),
    field('country', 'BA'),
    field('language', 'sr'),
    field('day', '2026-07-11', '<='),
    field('outlet', 'glas kotline'),
    field('url', 'https://x.example/?a=b, c'),
    field('rule', 'a..b'),
    field('speaker', 'neko neko'),
  ),
)
const anyQuery = fc.letrec<{ query: Query }>(tie => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    tie('query').map(not),
    fc
      .tuple(
        fc.constantFrom('and' as const, 'or' as const),
        fc.array(tie('query'), { minLength: 1, maxLength: 3 }),
      )
      .map(([kind, of]) => combine(kind, of)),
  ),
})).query

test('a query written as text is read as the same query', () => {
  fc.assert(
    fc.property(anyQuery, query => {
      expect(parseQuery(formatQuery(query))).toEqual(query)
    }),
    { numRuns: 1_000 },
  )
})

test('one value of a field makes a query, in the form in which it is compared', () => {
  expect(fieldQuery('outlet', 'Гласник "Север"')).toEqual(field('outlet', 'glasnik sever'))
  expect(() => fieldQuery('country', 'nowhere')).toThrow(QueryError)
})

const words = wordsOf({
  title: 'Sud odbio žalbu',
  lead: 'Пресуда је коначна',
  text: 'O genocidu se raspravljalo u Srebrenici.',
})
const flag = document({
  category: 'denial',
  subtype: 'outright',
  severity: 4,
  confidence: 0.75,
  targets: ['bosniaks', 'victims'],
  event: 'srebrenica-1995',
  voice: 'quoted',
  stance: 'relays',
  speaker: 'Žarko Izmišljeni',
  rule: 'hbs.Denial.7',
  field: 'text',
  alert: true,
  article: {
    sourceId: 'glas-kotline',
    title: 'Sud odbio žalbu',
    author: 'M. Đurić',
    section: 'Crna hronika',
    day: '2026-07-11',
    url: 'https://Glas.example/Vijesti/1',
    outlet: { name: 'Glas Kotline', country: 'BA', kind: 'tabloid' },
  },
  language: 'bs',
  script: 'Latn',
})

describe('a flag is found by', () => {
  const found = [
    '',
    'genocid',
    'геноциду',
    'Srebrenica',
    'SUD',
    'presuda',
    '"odbio žalbu"',
    '"presuda je konacna"',
    'rasprav*',
    'sud presuda',
    'sud OR nema',
    '-nema',
    'category:denial',
    'subtype:outright',
    'severity:4',
    'severity:>=4',
    'severity:1..4',
    'severity:<5',
    'confidence:>=0.75',
    'target:victims',
    'target:Bosniaks',
    'event:srebrenica-1995',
    'voice:quoted',
    'stance:relays',
    'speaker:"Жарко Измишљени"',
    'rule:HBS.denial.7',
    'field:text',
    'alert:true',
    'evasive:false',
    'status:pending',
    'second:true',
    'disagreement:false',
    'source:glas-kotline',
    'outlet:"glas kotline"',
    'kind:tabloid',
    'country:BA',
    'language:bs',
    'script:Latn',
    'title:žalbu',
    'title:"odbio zalbu"',
    'author:"M Djuric"',
    'section:"crna hronika"',
    'day:2026-07-11',
    'day:2026-07',
    'from:2026-07-11 to:2026-07-11',
    'day:<2026-07-12',
    'url:glas.example',
    'flagged:true',
    `id:${flag.id}`,
    `article:${flag.article.id}`,
    'country:BA,RS severity:3..5 (genocid OR "nema toga") -status:confirmed',
  ]
  for (const text of found)
    test(text === '' ? '(everything)' : text, () => expect(matches(parseQuery(text), flag, words)).toBe(true))
})

describe('a flag is not found by', () => {
  const missed = [
    'nema',
    '"žalbu odbio"',
    '"žalbu presuda"',
    '"konacna o"',
    '"zalb"',
    'nema*',
    'sud nema',
    '-genocid',
    'category:slur',
    'severity:>4',
    'severity:5',
    'confidence:<0.75',
    'target:roma',
    'event:other',
    'outlet:glas',
    'title:zalb',
    'author:djuric',
    'section:hronika',
    'day:2026-06',
    'to:2026-07-10',
    'day:>2026-07-11',
    'flagged:false',
    'evasive:true',
    'status:confirmed',
    'language:hbs',
  ]
  for (const text of missed) test(text, () => expect(matches(parseQuery(text), flag, words)).toBe(false))
})

test('a flag is found by what its reviewer corrected, not by what the machine said', () => {
  const corrected = document({
    ...flag,
    standing: {
      status: 'confirmed',
      waitingForSecond: false,
      disagreement: false,
      verdict: {
        v: 1,
        kind: 'verdict',
        id: 'd1',
        articleId: flag.article.id,
        flagId: flag.id,
        decision: 'confirmed',
        by: 'a',
        at: '2026-07-12T00:00:00.000Z',
        corrected: { category: 'threat', subtype: 'mirror', severity: 2, targets: ['roma'] },
      },
    },
  })
  expect(
    matches(
      parseQuery('category:threat subtype:mirror severity:2 target:roma event:srebrenica-1995'),
      corrected,
      words,
    ),
  ).toBe(true)
  expect(matches(parseQuery('category:denial OR severity:4 OR target:victims'), corrected, words)).toBe(false)
})

test('a flag without a value in a field is not found by it, and found by its opposite', () => {
  const silent = document()
  expect(matches(parseQuery('event:srebrenica-1995'), silent, words)).toBe(false)
  expect(matches(parseQuery('-event:srebrenica-1995 -speaker:x'), silent, words)).toBe(true)
})

describe('the denominator of a query asks of articles alone', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['category:denial', ''],
    ['country:BA category:denial', 'country:BA'],
    ['country:BA OR category:denial', ''],
    ['language:sr (country:BA OR category:denial)', 'language:sr'],
    ['NOT category:denial', ''],
    ['NOT country:BA', 'NOT country:BA'],
    ['country:BA NOT severity:5', 'country:BA'],
    // Not (in BA and a denial): an article in BA may hold flags of other kinds, so nothing is known.
    ['NOT (country:BA category:denial)', ''],
    // Not (in BA or a denial) asks that it is not in BA, whatever its flags are.
    ['NOT (country:BA OR category:denial)', 'NOT country:BA'],
    ['NOT (country:BA OR language:sr OR category:denial)', 'NOT country:BA NOT language:sr'],
    ['genocid "crna hronika" severity:>=3', 'genocid "crna hronika"'],
    ['genocid (country:BA OR language:sr)', 'genocid (country:BA OR language:sr)'],
    ['flagged:true status:pending', 'flagged:true'],
    ['NOT (NOT (country:BA severity:1))', 'country:BA'],
  ]
  for (const [query, part] of cases)
    test(query, () => expect(articlePart(parseQuery(query))).toEqual(parseQuery(part)))

  test('it names no field of flags, and holds wherever the query holds', () => {
    const named = (query: Query): readonly QueryField[] =>
      query.kind === 'field'
        ? [query.field]
        : query.kind === 'not'
          ? named(query.of)
          : 'of' in query
            ? query.of.flatMap(named)
            : []
    fc.assert(
      fc.property(anyQuery, query => {
        const part = articlePart(query)
        expect(named(part).filter(one => (FLAG_FIELDS as readonly string[]).includes(one))).toEqual([])
        if (matches(query, flag, words))
          expect(matchesArticle(query, { ...flag, flagged: true }, words)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

test('every field can be asked for', () => {
  const values: Partial<Record<QueryField, string>> = {
    severity: '3',
    confidence: '0.5',
    day: '2026-01-01',
    country: 'BA',
    script: 'Latn',
    kind: 'party',
  }
  const choices: Partial<Record<QueryField, string>> = {
    language: 'bs',
    flagged: 'true',
    category: 'slur',
    subtype: 'ethnic',
    voice: 'outlet',
    stance: 'relays',
    status: 'pending',
    field: 'title',
    evasive: 'true',
    alert: 'false',
    second: 'true',
    disagreement: 'true',
  }
  for (const name of [...ARTICLE_FIELDS, ...FLAG_FIELDS]) {
    const value = values[name] ?? choices[name] ?? 'x1'
    expect(parseQuery(`${name}:${value}`)).toEqual(field(name, value))
  }
})

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (thrown) {
    return thrown
  }
  return undefined
}
