/** Pages as articles: the words of the article and nothing else, and no page that stops the rest. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { extractArticle } from '../../ingest/extract.ts'
import { isBoilerplate } from '../../ingest/boilerplate.ts'
import { plainText } from '../../ingest/plain-text.ts'

const page = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures/pages', name), 'utf8')
const paragraph = (n: number): string =>
  `<p>Ovo je odlomak broj ${String(n)} izmišljenog članka, dovoljno dugačak da ga niko ne bi smatrao natpisom, sa zarezima, i sa tačkom na kraju.</p>`
const article = Array.from({ length: 5 }, (_, n) => paragraph(n)).join('\n')

describe('a portal with all that portals have', () => {
  const found = extractArticle(page('portal-bs.html'), {
    url: 'https://portal-javor.example/lokalno/novi-most-donja-lipa?utm_source=rss',
  })
  test('gives what it says of itself', () => {
    expect(found).toMatchObject({
      title: 'Otvoren novi pješački most u Donjoj Lipi',
      lead: 'Most povezuje dvije obale nakon jedanaest godina čekanja.',
      author: 'Lejla Izmišljena',
      section: 'Lokalno',
      publishedAt: '2026-05-04T07:30:00.000Z',
      language: 'bs',
      canonicalUrl: 'https://portal-javor.example/lokalno/novi-most-donja-lipa',
      how: 'content-scoring',
      warnings: [],
    })
  })
  test('gives its paragraphs in order, apart', () => {
    const paragraphs = found.text.split('\n\n')
    expect(paragraphs.map(one => one.split(' ').slice(0, 3).join(' '))).toEqual([
      'Stanovnici Donje Lipe',
      'Radovi su počeli',
      '„Djeca sada u',
      'Nadamo se da',
      'Naredne sedmice slijedi',
      '(Portal Javor)',
    ])
  })
  for (const clutter of [
    'kolačiće',
    'Naslovna',
    'Pročitajte još',
    'Skela',
    'Facebook',
    'Tagovi',
    'Svaka čast',
    'Komentari',
    'Najčitanije',
    'pridržana',
    'Skriveni',
    'nije članak',
    'Otvoren novi',
  ]) {
    test(`leaves out "${clutter}"`, () => expect(found.text).not.toContain(clutter))
  }
})

test('a body stated in JSON-LD counts when it is whole', () => {
  const found = extractArticle(page('vesnik-mk.html'), { url: 'https://vesnik.example/1' })
  expect(found).toMatchObject({
    how: 'json-ld',
    title: 'Библиотеката доби нова читална',
    author: 'Марко Измислен',
    section: 'Култура',
    language: 'mk',
    publishedAt: '2026-05-05T06:00:00.000Z',
  })
  expect(found.text.split('\n\n')).toHaveLength(3)
})

test('a body stated in JSON-LD does not count when it is the beginning of what stands on the page', () => {
  const stated = `<script type="application/ld+json">${JSON.stringify({ '@type': 'NewsArticle', articleBody: plainText(article).slice(0, 300) })}</script>`
  const found = extractArticle(`<head>${stated}</head><body><div class="text">${article}</div></body>`, {
    url: 'https://a.example/1',
  })
  expect(found.how).toBe('content-scoring')
  expect(found.text.split('\n\n')).toHaveLength(5)
})

test('JSON-LD with raw line ends and a comma too many is read', () => {
  const found = extractArticle(
    `<script type="application/ld+json">{"@type":["NewsArticle"],"headline":"Naslov\nu dva reda","author":{"name":"Ana"},}</script><body>${article}</body>`,
    { url: 'https://a.example/1' },
  )
  expect(found).toMatchObject({ title: 'Naslov u dva reda', author: 'Ana' })
})

test('a page of tables and line breaks is read', () => {
  const found = extractArticle(page('gazeta-sq.html'), { url: 'https://gazeta.example/1' })
  expect(found.title).toBe('Tregu i fermerëve u hap përsëri')
  expect(found.text).toContain('në qytet u hap të shtunën')
  expect(found.text).toContain('hapësirë e mbuluar')
  expect(found.text).not.toContain('Ballina')
  expect(found.text).not.toContain('Lajmi i dytë')
})

test('a date that stands in a line below the heading alone is read, one in a sentence is not', () => {
  const dated = (line: string): string | undefined =>
    extractArticle(`<body><h1>Naslov</h1><div>${line}</div><div>${article}</div></body>`, {
      url: 'https://a.example/1',
    }).publishedAt
  expect(dated('Ana Anić | 28. decembar 2018. u 08:51')).toBe('2018-12-28T07:51:00.000Z')
  expect(
    dated(
      `Tog 28. decembra 2018. u 08:51 ${'niko nije slutio šta slijedi, a bilo je već vedro. '.repeat(5)}`,
    ),
  ).toBeUndefined()
})

test('a line of its own with nothing but the date, before the first paragraph, is the date and no text', () => {
  const found = (first: string): { text: string; publishedAt?: string } =>
    extractArticle(
      `<title>Naslov</title><table><tr><td><h2>Naslov</h2>${first}<br><br>${article}</td></tr></table>`,
      {
        url: 'https://a.example/1',
      },
    )
  for (const line of [
    '<i>11. 7. 2026. 10:00</i>',
    'Objavljeno: 11. srpnja 2026. u 10:00',
    '11.07.2026 10:00h',
  ])
    expect(found(line)).toMatchObject({
      text: found('').text,
      publishedAt: '2026-07-11T08:00:00.000Z',
    })
  const sentence = 'Godine 1995. i 11. jula 1995. počelo je ono o čemu se i danas govori.'
  expect(found(sentence).text).toContain(sentence)
})

describe('selectors of a source', () => {
  const html = `<body><h1 class="t">Naslov &amp; kraj</h1><div class="x">${article}<p class="ad">Kupite sada</p></div><span class="d">11. srpnja 2026. 10:00</span><i class="a">Ivo</i></body>`
  test('come first', () => {
    const rules = { title: 'h1.t', text: '.x p', author: '.a', published: '.d', remove: ['.ad'] }
    const found = extractArticle(html, { url: 'https://a.example/1', rules })
    expect(found).toMatchObject({
      how: 'selectors',
      title: 'Naslov & kraj',
      author: 'Ivo',
      publishedAt: '2026-07-11T08:00:00.000Z',
      warnings: [],
    })
    expect(found.text.split('\n\n')).toHaveLength(5)
  })
  test('that find nothing are a warning, and the rest is used', () => {
    const found = extractArticle(html, { url: 'https://a.example/1', rules: { text: '.gone' } })
    expect(found).toMatchObject({
      how: 'content-scoring',
      warnings: ['the selector for text found nothing: .gone'],
    })
  })
  test('that are no selectors are a warning', () => {
    expect(
      extractArticle(html, { url: 'https://a.example/1', rules: { text: 'p[[' } }).warnings.join(),
    ).toContain('cannot be used')
  })
})

describe('the article is found', () => {
  const wrapped: Readonly<Record<string, string>> = {
    'under a class that says comments, when all prose is there': `<div class="comments-and-text">${article}</div>`,
    'cut into sections': Array.from(
      { length: 4 },
      (_, n) => `<section><div class="part">${paragraph(n)}${paragraph(n + 10)}</div></section>`,
    ).join(''),
    'without closing tags': article.replaceAll('</p>', ''),
    'beside a longer hidden list': `<div class="content">${article}</div><div style="display: none">${article.repeat(5).replaceAll('odlomak', 'skriveni')}</div>`,
    'in spans between breaks': `<div id="text">${article.replaceAll('<p>', '<span>').replaceAll('</p>', '</span><br><br>')}</div>`,
  }
  for (const [name, body] of Object.entries(wrapped)) {
    test(name, () => {
      const { text } = extractArticle(`<html><body><nav><a href="/">x</a></nav>${body}</body></html>`, {
        url: 'https://a.example/1',
      })
      expect(text.match(/Ovo je odlomak/gu)?.length).toBe((body.match(/Ovo je odlomak/gu) ?? []).length)
      expect(text).not.toContain('skriveni')
    })
  }
})

test('a page without an article gives none, with a warning', () => {
  const found = extractArticle(
    '<html><title>Prijava</title><body><form><input name="u"><button>Prijava</button></form></body></html>',
    { url: 'https://a.example/1' },
  )
  expect(found).toMatchObject({ text: '', how: 'none', title: 'Prijava' })
  expect(found.warnings).toHaveLength(1)
})

describe('boxes that point elsewhere', () => {
  for (const line of [
    'Pročitajte još: Skela vozila posljednji put',
    'Прочитајте још: Скела возила последњи пут',
    'Прочитајте и: Киното се враќа',
    'Lexo edhe: Mjalti i malit',
    'READ ALSO: The bridge',
    'Pročitajte i:',
  ]) {
    test(`"${line}" is one`, () => expect(isBoilerplate(line, 0)).toBe(true))
  }
  for (const line of [
    'Pročitajte pažljivo uputstvo prije upotrebe, jer se greške teško ispravljaju.',
    'Reklama je izazvala polemiku u cijeloj regiji.',
    'Povezani smo rijekom, kažu mještani sa obje obale.',
  ]) {
    test(`"${line.slice(0, 30)}…" is prose`, () => expect(isBoilerplate(line, 0)).toBe(false))
  }
})

describe('hostile pages are bounded', () => {
  const hostile: Readonly<Record<string, [string, boolean]>> = {
    '50,000 div inside one another': ['<div>'.repeat(50_000) + article, true],
    '50,000 attributes': [
      `<div ${Array.from({ length: 50_000 }, (_, n) => `a${String(n)}=1`).join(' ')}>${article}`,
      true,
    ],
    '250,000 elements': [`<body>${'<i></i>'.repeat(250_000)}${article}`, true],
    '20,000 open b': ['<b>'.repeat(20_000) + article, false],
    '500,000 references': [`<p>${'&amp;'.repeat(500_000)}</p>`, false],
    'a line of 5 MB': [`<p>${'a'.repeat(5_000_000)}</p>`, false],
    '100,000 scripts that never end': ['<script>'.repeat(100_000), false],
    '100,000 buttons that never end': ['<button>'.repeat(100_000), false],
    '300,000 bare angles': [`<p>${'<'.repeat(300_000)}`, false],
    'quotation marks that never end': [`<a href="${"<a href='".repeat(100_000)}`, false],
    '100,000 comments that never end': ['<!--'.repeat(100_000), false],
    '1 MB without spaces in a title': [`<title>${'x'.repeat(1_000_000)}</title>${article}`, false],
  }
  for (const [name, [html, refused]] of Object.entries(hostile)) {
    test(name, () => {
      const began = performance.now()
      const found = extractArticle(html, { url: 'https://a.example/1', rules: { text: 'p' } })
      expect(performance.now() - began).toBeLessThan(3_000)
      if (refused)
        expect(found).toMatchObject({
          how: 'none',
          text: '',
          warnings: [expect.stringContaining('not extracted')],
        })
    })
  }
})
