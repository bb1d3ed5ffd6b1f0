/** Whatever text comes: a clear answer in bounded time, and spans that are true. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FLAGGED } from './codebook-sentences.ts'
import { read } from './bundled.ts'

const MEGABYTE = 1_000_000
/** CPU time, since other work on the machine must not count. The first 200,000 characters are read, the rest is left. */
const BOUND_MS = 1_500
/** Twice and more what it takes. */
const BOUND_100_KB_MS = 200
/** CPU time stretches where neighbours share the core and its caches: the fastest of a few tries is the work's own. */
const TRIES = 5

describe('bounded time', () => {
  test.each([
    ['one megabyte of a word', 'genocid '.repeat(MEGABYTE / 8)],
    ['one megabyte without a space', 'a'.repeat(MEGABYTE)],
    ['one megabyte of slurs in one sentence', 'šiptari '.repeat(MEGABYTE / 8)],
    ['one megabyte of beginnings of rules', 'nije bilo '.repeat(MEGABYTE / 10)],
    ['one megabyte of groups and metaphors', 'Srbi su štakori '.repeat(MEGABYTE / 16)],
    ['one megabyte of group names', 'Srbi Hrvati Bošnjaci Albanci '.repeat(MEGABYTE / 29)],
    ['one megabyte of speakers', 'rekao je Dodik da nije bilo genocida u Srebrenici '.repeat(MEGABYTE / 50)],
    ['one megabyte of figures', '1,5 8 000 '.repeat(MEGABYTE / 10)],
    ['one megabyte of other letters', 'αβγ ﷺ '.repeat(MEGABYTE / 6)],
    ['one megabyte of quotation marks', '„“”"«»'.repeat(MEGABYTE / 6)],
    ['one megabyte of open quotations', '„genocid '.repeat(MEGABYTE / 9)],
    ['one megabyte of single letters', 'g.e.n.o.c.i.d '.repeat(MEGABYTE / 14)],
    ['one megabyte of dashes at line begins', '– a\n'.repeat(MEGABYTE / 4)],
    ['one megabyte of colons', 'Ana: '.repeat(MEGABYTE / 5)],
    ['two hundred thousand combining marks', 'a' + '\u0301\u0316'.repeat(100_000)],
    ['emoji alone', '😀'.repeat(100_000)],
    ['lone surrogates', '\ud800'.repeat(100_000)],
    ['one megabyte of stars within words', 'a*b '.repeat(MEGABYTE / 4)],
    ['one megabyte of spaced letters', 'g e n o c i d '.repeat(MEGABYTE / 14)],
    ['one megabyte of digits within words', 'g3n0cid '.repeat(MEGABYTE / 8)],
    ['one megabyte of stretched letters', 'aaaa '.repeat(MEGABYTE / 5)],
    ['one megabyte of mixed scripts', 'gеnоcid Србi '.repeat(MEGABYTE / 13)],
  ])('%s', (_, text) => {
    let flags = 0
    expectWithin(BOUND_MS, () => {
      flags = read('bs', text, { title: text.slice(0, 2_000) }).flags.length
    })
    expect(flags).toBeLessThanOrEqual(300)
    expectWithin(BOUND_100_KB_MS, () => read('bs', text.slice(0, 100_000)))
  })
})

function expectWithin(bound: number, work: () => unknown): void {
  let fastest = Infinity
  for (let left = TRIES; left > 0 && fastest >= bound; left--) fastest = Math.min(fastest, cpuTime(work))
  expect(fastest).toBeLessThan(bound)
}

/** In milliseconds. */
function cpuTime(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

describe('a clear outcome', () => {
  test.each([
    ['nothing', ''],
    ['spaces', '   \n\t '],
    ['emoji', '😀🎉'],
    [
      'Russian',
      'Правительство России заявило, что это было необходимо для безопасности страны и всех её граждан.',
    ],
    [
      'Hungarian',
      'A kormány szerint a törvény nem változik, és a miniszter azt mondta, hogy minden rendben van.',
    ],
    [
      'Turkish',
      'Bakan, bu yıl için yeni bir plan olduğunu söyledi ve daha çok yatırım yapılacağını belirtti.',
    ],
    ['German', 'Der Minister sagte, dass die Regierung nicht zurücktreten wird und dass es keine Wahl gibt.'],
  ])('%s is no language of ours, and nothing is flagged', (_, text) => {
    expect(read(undefined, text)).toMatchObject({ language: 'und', flagged: false, flags: [] })
  })

  test('a headline too short to tell its language is read in each of ours', () => {
    expect(read(undefined, 'Šiptarski ološ')).toMatchObject({ language: 'hbs', flagged: true })
    expect(read(undefined, 'Crveni auto')).toMatchObject({ flagged: false })
  })

  test('a title alone is classified', () => {
    expect(read('bs', '', { title: 'Tzv. genocid u Srebrenici' }).flags[0]).toMatchObject({
      field: 'title',
      start: 0,
    })
  })
})

describe('spans', () => {
  const fragments = fc.constantFrom(
    ...FLAGGED.map(([, text]) => text),
    ' 😀 ',
    'č\u030c ',
    '„',
    '“',
    '\n\n',
    '. ',
    'Ǆ ',
    '\u200b',
    'да, ',
    '—',
  )

  test('every quote is the slice of its field, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fragments, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 12 }),
        parts => {
          const text = parts.join(' ')
          const title = parts[0] ?? ''
          for (const flag of read('bs', text, { title, lead: text }).flags) {
            const field = flag.field === 'title' ? title : text
            expect(flag.quote).toBe(field.slice(flag.start, flag.end))
            expect(flag.end).toBeGreaterThan(flag.start)
            expect(flag.why).not.toBe('')
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('any string is answered', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.constantFrom('bs', 'mk', 'sq', 'en', undefined),
        (text, language) => {
          expect(Array.isArray(read(language as 'bs', text, { title: text }).flags)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('equal quotes in one article get ids of their own, and the same ids again', () => {
    const once = read('bs', 'Šiptari su tu. Ne. Šiptari su tu.').flags.map(flag => flag.id)
    expect(new Set(once).size).toBe(2)
    expect(read('bs', 'Nešto novo. Šiptari su tu. Šiptari su tu.').flags.map(flag => flag.id)).toEqual(once)
  })
})
