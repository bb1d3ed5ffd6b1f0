/** docs/search.md is true: each example is read, and each finds what the page says and not what it does not. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { matches, wordsOf } from '../../core/query-match.ts'
import { FIELD_KINDS } from '../../core/query-fields.ts'
import { ARTICLE_FIELDS, FLAG_FIELDS, parseQuery } from '../../core/query.ts'
import { document } from '../documents.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/search.md'), 'utf8')
const [examplesPart = '', fieldsPart = ''] = page.split('## Fields')
const examples = [...examplesPart.matchAll(/^\| `([^`]+)` \|/gm)].map(match => match[1]!)

interface Case {
  readonly title: string
  readonly flag?: Parameters<typeof document>[0]
}
/** For each example one article that it finds and one that it does not. */
const cases: Readonly<Record<string, readonly [found: Case, missed: Case | undefined]>> = {
  presuda: [{ title: 'Одлука и пресуди' }, { title: 'Odluka' }],
  'presuda Srebrenica': [{ title: 'U Srebrenici o presudi' }, { title: 'O presudi' }],
  'sud OR tribunal': [{ title: 'Tribunal' }, { title: 'Vlada' }],
  'presuda -žalba': [{ title: 'Presude' }, { title: 'Presude i žalbe' }],
  '(sud OR tribunal) presuda': [{ title: 'Tribunal: presuda' }, { title: 'Sud' }],
  '"međunarodni sud"': [{ title: 'Међународни суд' }, { title: 'Međunarodnog suda' }],
  'presud*': [{ title: 'Presuditelj' }, { title: 'Rasprava' }],
  '*': [{ title: 'Bilo što' }, undefined],
  'category:denial': [{ title: '' }, { title: '', flag: { category: 'slur', subtype: 'ethnic' } }],
  'country:BA,RS,ME': [
    { title: '', flag: { article: { outlet: { name: 'X', country: 'ME' } } } },
    { title: '', flag: { article: { outlet: { name: 'X', country: 'HR' } } } },
  ],
  'severity:>=3': [{ title: '' }, { title: '', flag: { severity: 2 } }],
  'severity:3..5': [
    { title: '', flag: { severity: 5 } },
    { title: '', flag: { severity: 2 } },
  ],
  'day:2026-07-11': [{ title: '' }, { title: '', flag: { article: { day: '2026-07-12' } } }],
  'from:2026-07-01 to:2026-07-31': [
    { title: '', flag: { article: { day: '2026-07-31' } } },
    { title: '', flag: { article: { day: '2026-08-01' } } },
  ],
  'outlet:"Glas Kotline"': [{ title: '' }, { title: '', flag: { article: { outlet: { name: 'Glas' } } } }],
  'category:denial country:BA severity:>=3 -status:not-hate': [
    { title: '' },
    { title: '', flag: { standing: { status: 'not-hate', waitingForSecond: false, disagreement: false } } },
  ],
}

test('every example of the page is tried here', () =>
  expect([...examples].sort()).toEqual(Object.keys(cases).sort()))

describe('the example', () => {
  for (const [query, [found, missed]] of Object.entries(cases)) {
    const finds = ({ title, flag }: Case): boolean =>
      matches(parseQuery(query), document(flag), wordsOf({ title }))
    test(query, () => {
      expect(finds(found)).toBe(true)
      if (missed) expect(finds(missed)).toBe(false)
    })
  }
})

test('the page names every field, and every value that a field may have', () => {
  const named = [...fieldsPart.matchAll(/`([a-z-]+)`/gi)].map(match => match[1]!)
  for (const field of [...ARTICLE_FIELDS, ...FLAG_FIELDS, 'from', 'to']) expect(named).toContain(field)
  for (const field of [
    'language',
    'script',
    'country',
    'kind',
    'voice',
    'stance',
    'status',
    'field',
  ] as const) {
    const kind = FIELD_KINDS[field]
    expect(page).toContain(kind.kind === 'choice' ? kind.of.join(' ') : '')
  }
})

test('the ways to write that the page calls the same are the same', () => {
  const same = [
    ['presuda AND Srebrenica', 'presuda Srebrenica'],
    ['presuda NOT žalba', 'presuda -žalba'],
    ['day:2026-07-01..2026-07-31', 'from:2026-07-01 to:2026-07-31'],
    ['day:2026-07', 'from:2026-07-01 to:2026-07-31'],
    ['outlet:„Glas Kotline“', 'outlet:"Glas Kotline"'],
    ['SREĆA', 'срећа'],
  ] as const
  for (const [one, other] of same) expect(parseQuery(one)).toEqual(parseQuery(other))
})
