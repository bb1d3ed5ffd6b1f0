/** The letter: what it says, what it must never say, and how stories are joined. */
import { describe, expect, test } from 'vitest'
import type { Correction } from '../../alerts/digest.ts'
import { digestLetter, messageIdOf } from '../../alerts/digest.ts'
import { storiesOf } from '../../alerts/stories.ts'
import { mask, printable } from '../../alerts/wording.ts'
import type { ArticleHead } from '../../core/article.ts'
import type { FlagDocument } from '../../core/document.ts'
import type { Standing } from '../../core/decision.ts'
import type { Letter } from '../../core/ports.ts'
import type { Subscription } from '../../core/subscription.ts'
import { unsubscribeToken } from '../../core/unsubscribe.ts'
import { document } from '../documents.ts'
import { PUBLIC_URL, subscription } from './samples.ts'

const confirmed: Standing = { status: 'confirmed', waitingForSecond: false, disagreement: false }

/** A confirmed flag in an article and an outlet of its own. */
function flag(
  name: string,
  changes: Partial<Omit<FlagDocument, 'article'>> & { readonly article?: Partial<ArticleHead> } = {},
): FlagDocument {
  const { article, ...rest } = changes
  return document({
    id: `flag-${name}`,
    quote: `izmišljen navod ${name}`,
    sentence: `Rekao je: izmišljen navod ${name}, i otišao.`,
    standing: confirmed,
    article: {
      id: `article-${name}`,
      sourceId: name,
      outlet: { name: `Glas ${name}`, country: 'BA' },
      ...article,
    },
    ...rest,
  })
}

function letter(
  flags: readonly FlagDocument[],
  changes: Partial<Subscription> = {},
  corrections: readonly Correction[] = [],
): Letter {
  return digestLetter({
    subscription: subscription(changes),
    day: '2026-07-11',
    flags,
    corrections,
    publicUrl: PUBLIC_URL,
  })
}

describe('the subject counts and names labels and countries', () => {
  const cases: readonly (readonly [string, Letter, string])[] = [
    ['one', letter([flag('a')]), '1 new confirmed flag: denial; BA'],
    [
      'several',
      letter([
        flag('a'),
        flag('b'),
        flag('c', {
          category: 'threat',
          subtype: 'mirror',
          article: { outlet: { name: 'X', country: 'RS' } },
        }),
      ]),
      '3 new confirmed flags: denial, threat; BA, RS',
    ],
    ['unreviewed', letter([document()]), '1 new flag not yet reviewed: denial; BA'],
    [
      'some unreviewed',
      letter([flag('a'), flag('b', { standing: document().standing })]),
      '2 new flags, 1 not yet reviewed: denial; BA',
    ],
    [
      'corrections alone',
      letter([], {}, [{ document: flag('a'), was: 'confirmed', status: 'not-hate' }]),
      '1 correction',
    ],
    ['nothing', letter([]), 'Still watching, nothing new'],
  ]
  for (const [name, { subject }, expected] of cases) test(name, () => expect(subject).toBe(expected))
})

test('no quote, no search and no name of a subscription ever gets into the subject', () => {
  const hostile = letter([flag('a', { quote: 'GRDNA', sentence: 'GRDNA' })], {
    name: 'GRDNA\r\nBcc: x@y.example',
    query: 'GRDNA',
  })
  expect(hostile.subject).toBe('1 new confirmed flag: denial; BA')
})

test('an entry says what, how grave, about what, who says it, where and when, and links to the item behind sign-in', () => {
  const { text } = letter([
    flag('a', {
      subtype: 'numbers',
      severity: 4,
      event: 'srebrenica-1995',
      voice: 'quoted',
      stance: 'relays',
    }),
  ])
  expect(text).toContain('* denial/numbers, severity 4 of 5, srebrenica-1995, quoted, relays')
  expect(text).toContain('  Glas a (BA), 2026-07-11')
  expect(text).toContain(`  ${PUBLIC_URL}/items/article-a#flag-a`)
})

test('the page it was found on is never linked', () => {
  const { text, html } = letter([flag('a', { article: { url: 'https://hateful.example/1' } })], {
    excerpt: 'full',
  })
  expect(text + html!).not.toContain('hateful.example')
})

describe('the excerpt', () => {
  const one = flag('a')
  test('is masked unless said otherwise', () => {
    const { text, html } = letter([one])
    expect(text).toContain('"Rekao je: i******** n**** a, i otišao."')
    expect(text + html!).not.toContain('izmišljen')
  })
  test('masks other passages of the story too', () => {
    const other = flag('b', { quote: 'Rekao je', article: { textHash: one.article.textHash } })
    expect(letter([one, other]).text).toContain('"R**** j*: i******** n**** a, i otišao."')
  })
  test('is left out where the reader wants none', () => {
    const { text, html } = letter([one], { excerpt: 'none' })
    expect(text + html!).not.toMatch(/Rekao|izmišljen|\*\*/)
  })
  test('is open only where the reader wants it', () => {
    expect(letter([one], { excerpt: 'full' }).text).toContain('"Rekao je: izmišljen navod a, i otišao."')
  })
  test('of a long sentence is the part around the passage', () => {
    const long = flag('a', { sentence: `${'riječ '.repeat(200)}izmišljen navod a${' riječ'.repeat(200)}` })
    const line = letter([long])
      .text.split('\n')
      .find(each => each.includes('i********'))!
    expect(line.length).toBeLessThan(260)
    expect(line).toMatch(/"….*…"/)
  })
  test('masks letters of every script, as many as there were', () => {
    expect(mask('Žute čarape, 3 Њ!')).toBe('Ž*** č*****, 3 Њ!')
    expect(mask('𝐚𝐛')).toBe('𝐚**')
  })
})

describe('what nobody has reviewed', () => {
  const { text, html } = letter([document({ ...flag('a'), standing: document().standing }), flag('b')])
  test('says so plainly', () => {
    expect(text.match(/NOT YET REVIEWED/g)).toHaveLength(1)
    expect(html).toContain('<strong>NOT YET REVIEWED')
  })
  test('comes after what was confirmed', () =>
    expect(text.indexOf('flag-b')).toBeLessThan(text.indexOf('flag-a')))
})

describe('one story', () => {
  test('is a text in several outlets', () => {
    const flags = ['a', 'b', 'c'].map(name => flag(name, { article: { textHash: 'same' } }))
    const { text, subject } = letter(flags)
    expect(text).toContain('Glas a (BA) and 2 other outlets')
    expect(text.match(/items\//g)).toHaveLength(1)
    expect(subject).toMatch(/^3 new/)
  })
  test('is a quote in several texts, in either script', () => {
    const flags = [flag('a', { quote: 'Žute čarape' }), flag('b', { quote: 'жуте чарапе' })]
    expect(storiesOf(flags)).toHaveLength(1)
  })
  test('is joined by a third that has the text of one and the quote of another', () => {
    const flags = [
      flag('a', { article: { textHash: 't' } }),
      flag('b', { quote: 'isti navod' }),
      flag('c', { quote: 'isti navod', article: { textHash: 't' } }),
    ]
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      expect(storiesOf(order.map(at => flags[at]!)).map(story => story.flags.length)).toEqual([3])
    }
  })
  test('is not two texts with nothing in common', () =>
    expect(storiesOf([flag('a'), flag('b')])).toHaveLength(2))
  test('names further kinds of passages in it', () => {
    const { text } = letter([
      flag('a', { severity: 5 }),
      flag('b', {
        category: 'slur',
        subtype: 'ethnic',
        article: { id: 'article-a', textHash: flag('a').article.textHash },
      }),
    ])
    expect(text).toContain('1 more passage in the same story')
  })
  test('counts further passages of the same kind in it', () => {
    const { textHash } = flag('a').article
    const { text } = letter([
      flag('a', { quote: 'prvi navod' }),
      flag('b', { quote: 'drugi navod', article: { id: 'article-a', textHash } }),
      flag('c', { quote: 'други навод', article: { textHash } }),
    ])
    expect(text).toContain('1 more passage in the same story')
  })
  test('the gravest is first, and what does not fit is counted', () => {
    const many = Array.from({ length: 60 }, (_, at) => flag(`n${at}`, { severity: at === 59 ? 5 : 2 }))
    const { text } = letter(many)
    expect(text).toContain('and 10 more stories')
    expect(text.indexOf('flag-n59')).toBeLessThan(text.indexOf('flag-n1'))
  })
})

test('corrections say what was told and how it stands now', () => {
  const { text } = letter([flag('b')], {}, [
    { document: flag('a'), was: 'confirmed', status: 'not-hate' },
    { was: 'pending', status: 'withdrawn' },
  ])
  expect(text).toContain('Corrections: told earlier, judged otherwise since')
  expect(text).toContain('told as confirmed, now not hate speech')
  expect(text).toContain('deleted on request')
})

test('what pages and people wrote is text in the HTML, on one line in the text', () => {
  const { html, text } = letter(
    [
      flag('a', {
        sentence: '<script>alert(1)</script> "&\' izmišljen navod a',
        article: { outlet: { name: '<img src=x onerror=1>\r\n.\r\n' } },
      }),
    ],
    { name: '<b>x</b>\r\n\u202eevil', excerpt: 'full' },
  )
  expect(html).not.toMatch(/<(script|img|b)\b/)
  expect(html).toContain('&lt;script&gt;')
  expect(html).not.toMatch(/src="|style=|http-equiv/)
  expect(text).toContain('"<b>x</b> evil"')
  expect(printable('a\u0000b\u2028c\u2066d')).toBe('a b c d')
})

test('every letter says how to stop, with a token that only the web can check', () => {
  const sent = letter([flag('a')])
  const url = `${PUBLIC_URL}/u/${unsubscribeToken('sub-1', 'a'.repeat(64))}`
  expect(sent.unsubscribeUrl).toBe(url)
  expect(sent.text).toContain(url)
  expect(sent.text + sent.html!).not.toContain('ana@coalition.example')
})

test('the id of a letter is made of subscription and day', () => {
  expect(messageIdOf('sub-1', '2026-07-11', PUBLIC_URL)).toBe('<opomena.sub-1.2026-07-11@opomena.example>')
  expect(messageIdOf('a>b\r\nc', '2026-07-11', 'http://127.0.0.1:8080')).toBe(
    '<opomena.a-b-c.2026-07-11@127.0.0.1>',
  )
  expect(letter([flag('a')]).messageId).toBe(letter([flag('b')]).messageId)
})
