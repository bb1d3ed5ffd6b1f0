/** Bytes of a feed or page, in whatever encoding, to feed or article in one call. */
import { describe, expect, test } from 'vitest'
import { articleFromBytes, feedFromBytes } from '../../ingest/from-bytes.ts'

/** The letters of our languages in the one-byte encodings that old outlets still use. */
function encode(text: string, charset: 'windows-1250' | 'windows-1251'): Uint8Array {
  const decoder = new TextDecoder(charset)
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]))
  return Uint8Array.from(text, letter => bytes.get(letter)!)
}

const feed = (title: string, charset: string): string =>
  `<?xml version="1.0" encoding="${charset}"?><rss version="2.0"><channel><title>${title}</title><item><title>${title}</title></item></channel></rss>`

describe('feeds', () => {
  const latin = 'Žestoka oluja čupala drveće, šteta na đačkom domu'
  const cyrillic = 'Жестока олуја чупала дрвеће, штета на ђачком дому'
  test('in windows-1250', async () => {
    expect(
      (
        await feedFromBytes(encode(feed(latin, 'windows-1250'), 'windows-1250'), {
          url: 'https://a.example/rss',
        })
      ).items[0]?.title,
    ).toBe(latin)
  })
  test('in windows-1251, said by the header alone', async () => {
    const bytes = encode(feed(cyrillic, '').replace(' encoding=""', ''), 'windows-1251')
    expect(
      (
        await feedFromBytes(bytes, {
          url: 'https://a.example/rss',
          contentType: 'text/xml; charset=windows-1251',
        })
      ).items[0]?.title,
    ).toBe(cyrillic)
  })
  test('in UTF-8 that calls itself something else', async () => {
    expect(
      (await feedFromBytes(Buffer.from(feed(latin, 'iso-8859-1')), { url: 'https://a.example/rss' })).items[0]
        ?.title,
    ).toBe(latin)
  })
})

test('a page in windows-1250 with nothing but its letters to tell', () => {
  const text =
    'Gradska čistoća je objavila da će sve ulice biti očišćene do sutra uveče, što je, kažu građani, obećanje koje se čuje svake zime. '
  const article = articleFromBytes(
    encode(`<html><title>Čišćenje</title><body><p>${text.repeat(4)}</p></body></html>`, 'windows-1250'),
    { url: 'https://a.example/1' },
  )
  expect(article.title).toBe('Čišćenje')
  expect(article.text).toContain('čistoća je objavila da će sve ulice biti očišćene')
})

test('bytes that are no text in any encoding are refused with the reason', () => {
  const bytes = Uint8Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 256)
  expect(() => articleFromBytes(bytes, { url: 'https://a.example/1' })).toThrow('no text in any encoding')
})
