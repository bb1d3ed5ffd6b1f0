/** Addresses: what is cleaned away, what makes another article, and which canonical address is believed. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { articleId, believableCanonical, cleanUrl } from '../../ingest/canonical-url.ts'

const cleaned: Readonly<Record<string, string>> = {
  'HTTPS://Www.Outlet.Example:443/Vijest?utm_source=rss&id=7#komentari':
    'https://www.outlet.example/Vijest?id=7',
  'http://outlet.example:80/a?fbclid=x': 'http://outlet.example/a',
  'http://outlet.example/a?gclid=1&mc_cid=2&igshid=3': 'http://outlet.example/a',
  'http://outlet.example/a?ref=rss&source=facebook': 'http://outlet.example/a',
  'http://outlet.example/a?source=izvor-7': 'http://outlet.example/a?source=izvor-7',
  'http://user:secret@outlet.example/a': 'http://outlet.example/a',
  'http://outlet.example./a;jsessionid=12?': 'http://outlet.example/a',
  'http://outlet.example/%c5%a1ume': 'http://outlet.example/%C5%A1ume',
  ' http://outlet.example/šume ': 'http://outlet.example/%C5%A1ume',
  'http://outlet.example/a#!/vijest/7': 'http://outlet.example/a#!/vijest/7',
}
for (const [written, clean] of Object.entries(cleaned)) {
  test(`${written} is ${clean}`, () => expect(cleanUrl(written)).toBe(clean))
}

for (const other of ['javascript:alert(1)', 'mailto:a@b.example', 'file:///etc/passwd', 'no address', '']) {
  test(`${JSON.stringify(other)} is no web address`, () => expect(cleanUrl(other)).toBeUndefined())
}

test('relative addresses are resolved', () => {
  expect(cleanUrl('../b?utm_medium=x', 'https://outlet.example/a/c')).toBe('https://outlet.example/b')
})

test('cleaning twice changes nothing', () => {
  const parameter = fc
    .tuple(
      fc.constantFrom('utm_source', 'id', 'ref', 'p', 'fbclid', 'q%2f', 'š', ''),
      fc.constantFrom('rss', '1', 'a%3db', '', 'Đ'),
    )
    .map(pair => pair.join('='))
  const address = fc
    .tuple(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.array(parameter, { maxLength: 4 }),
    )
    .map(
      ([url, parameters]) => `${url.split('#')[0]!}${url.includes('?') ? '&' : '?'}${parameters.join('&')}`,
    )
  fc.assert(
    fc.property(fc.oneof(address, fc.webUrl({ withFragments: true })), url => {
      const once = cleanUrl(url)
      if (once === undefined) return
      expect(cleanUrl(once)).toBe(once)
      expect(articleId(once)).toMatch(/^[0-9a-f]{20}$/)
    }),
  )
})

describe('one article is known by all the ways to link it', () => {
  const id = articleId('https://www.outlet.example/vijest/7')
  for (const same of [
    'http://outlet.example/vijest/7',
    'https://m.outlet.example/vijest/7/',
    'https://amp.outlet.example/vijest/7',
  ]) {
    test(same, () => expect(articleId(same)).toBe(id))
  }
  for (const other of [
    'https://outlet.example/vijest/8',
    'https://outlet.example/vijest/7?page=2',
    'https://sport.outlet.example/vijest/7',
  ]) {
    test(`not by ${other}`, () => expect(articleId(other)).not.toBe(id))
  }
})

describe('a canonical address', () => {
  const page = 'https://outlet.example/vijesti/potres-7?amp=1'
  const believed: Readonly<Record<string, string | undefined>> = {
    'https://outlet.example/vijesti/potres-7': 'https://outlet.example/vijesti/potres-7',
    '/vijesti/potres-7': 'https://outlet.example/vijesti/potres-7',
    'https://www.outlet.example/vijesti/potres-7': 'https://www.outlet.example/vijesti/potres-7',
    'https://outlet.example/': undefined,
    'https://outlet.example': undefined,
    'https://outlet.example/index.php': undefined,
    'https://outlet.example/lat': undefined,
    'https://other.example/vijesti/potres-7': undefined,
    'https://notoutlet.example/vijesti/potres-7': undefined,
    'javascript:void(0)': undefined,
    '': undefined,
  }
  for (const [canonical, answer] of Object.entries(believed)) {
    test(`${JSON.stringify(canonical)} is ${answer === undefined ? 'not believed' : 'believed'}`, () => {
      expect(believableCanonical(page, canonical)).toBe(answer)
    })
  }
})
