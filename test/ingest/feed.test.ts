/** Feeds in every state of repair: what is whole comes out, what is not is named, and nothing takes long. */
import { describe, expect, test } from 'vitest'
import { NotAFeed, parseFeed } from '../../ingest/feed.ts'
import type { ParsedFeed } from '../../ingest/feed.ts'

const url = 'https://outlet.example/rss'
const read = (text: string): Promise<ParsedFeed> => parseFeed(text, { url })

const rss = (items: string, head = ''): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel><title>Izmišljeni list</title><link>https://outlet.example/</link>${head}${items}</channel></rss>`
const entry = (n: number): string =>
  `<item><title>Naslov ${String(n)}</title><link>https://outlet.example/${String(n)}</link><guid isPermaLink="false">${String(n)}</guid>` +
  `<pubDate>Sat, 11 Jul 2026 10:0${String(n % 10)}:00 +0200</pubDate><description>Sažetak ${String(n)}</description></item>`
const many = (count: number): string => Array.from({ length: count }, (_, at) => entry(at + 1)).join('\n')

async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  try {
    return await work()
  } finally {
    expect(performance.now() - began).toBeLessThan(ms)
  }
}

describe('formats', () => {
  test('RSS 2.0 with everything an outlet puts in', async () => {
    const feed = await read(
      rss(`<item><title><![CDATA[Most &#8220;Na Rijeci&#8221; &amp; obala]]></title><link>/vijest/1?utm_source=rss</link><guid isPermaLink="false">g-1</guid>
        <pubDate>Sat, 11 Jul 2026 10:00:00 +0200</pubDate><dc:creator>Ana Anić</dc:creator><category>Kultura</category><category><![CDATA[Grad]]></category>
        <description>&lt;p&gt;Kratko.&lt;/p&gt;</description><content:encoded><![CDATA[<p>Prvi.</p><p>Drugi.</p>]]></content:encoded></item>`),
    )
    expect(feed).toEqual({
      format: 'rss',
      title: 'Izmišljeni list',
      items: [
        {
          id: 'g-1',
          url: 'https://outlet.example/vijest/1?utm_source=rss',
          title: 'Most “Na Rijeci” & obala',
          summary: 'Kratko.',
          contentHtml: '<p>Prvi.</p><p>Drugi.</p>',
          author: 'Ana Anić',
          publishedAt: '2026-07-11T08:00:00.000Z',
          publishedRaw: 'Sat, 11 Jul 2026 10:00:00 +0200',
          categories: ['Kultura', 'Grad'],
        },
      ],
      bozo: false,
      warnings: [],
    })
  })

  test('Atom, with bases within bases and XHTML in order', async () => {
    const feed =
      await read(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://outlet.example/mk/"><title type="html">Весник</title>
      <entry xml:base="svet/"><id>tag:outlet.example,2026:1</id><title type="text">Патот &amp;quot;отворен&amp;quot;</title><link rel="self" href="self.xml"/><link href="prva"/>
      <updated>2026-07-11T10:00:00</updated><author><name>Петар Петров</name></author><category term="svet" label="Свет"/>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Една <b>две</b> три.</p></div></content></entry></feed>`)
    expect(feed.format).toBe('atom')
    expect(feed.items[0]).toMatchObject({
      id: 'tag:outlet.example,2026:1',
      url: 'https://outlet.example/mk/svet/prva',
      title: 'Патот "отворен"',
      author: 'Петар Петров',
      publishedAt: '2026-07-11T08:00:00.000Z',
      categories: ['Свет'],
    })
    expect(feed.items[0]?.contentHtml).toContain('Една <b>две</b> три.')
    expect(feed.bozo).toBe(false)
  })

  test('RDF (RSS 1.0)', async () => {
    const feed =
      await read(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://outlet.example/"><title>Gazeta</title></channel>
      <item rdf:about="https://outlet.example/1"><title>Lajmi</title><link>https://outlet.example/1</link><dc:date>2026-07-11T10:00:00+02:00</dc:date></item></rdf:RDF>`)
    expect(feed).toMatchObject({
      format: 'rdf',
      title: 'Gazeta',
      items: [{ url: 'https://outlet.example/1', title: 'Lajmi', publishedAt: '2026-07-11T08:00:00.000Z' }],
    })
  })

  test('JSON Feed', async () => {
    const feed = await read(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'List',
        items: [
          {
            id: '1',
            url: '/1',
            title: 'Prvi',
            content_html: '<p>x</p>',
            date_published: '2026-07-11T10:00:00Z',
            tags: ['a'],
          },
        ],
      }),
    )
    expect(feed).toMatchObject({
      format: 'json',
      items: [
        {
          id: '1',
          url: 'https://outlet.example/1',
          title: 'Prvi',
          contentHtml: '<p>x</p>',
          categories: ['a'],
        },
      ],
    })
  })

  test('dates that cannot be stay as written, local ones are understood', async () => {
    const feed = await read(
      rss(
        ['31 feb 2026', 'субота, 11. јул 2026, 10:00 -> 12:00', 'juče']
          .map((date, n) => entry(n).replace(/<pubDate>.*?<\/pubDate>/u, `<pubDate>${date}</pubDate>`))
          .join(''),
      ),
    )
    expect(feed.items.map(item => item.publishedAt)).toEqual([
      undefined,
      '2026-07-11T08:00:00.000Z',
      undefined,
    ])
    expect(feed.items[0]?.publishedRaw).toBe('31 feb 2026')
  })
})

describe('what is no feed says so', () => {
  const others: Readonly<Record<string, [string, RegExp]>> = {
    'a web page': ['<!DOCTYPE html><html><body><h1>404</h1></body></html>', /web page/u],
    'an empty document': ['', /empty/u],
    'white space': ['\n \ufeff ', /empty/u],
    'other XML': ['<?xml version="1.0"?><catalogue><book/></catalogue>', /no such element/u],
    'a sitemap': ['<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>', /sitemap/u],
    'other JSON': ['{"error":"not found"}', /JSON/u],
    text: ['Service unavailable', /no such element/u],
  }
  for (const [name, [text, says]] of Object.entries(others)) {
    test(name, async () => {
      await expect(read(text)).rejects.toThrow(says)
      await expect(read(text)).rejects.toThrow(NotAFeed)
    })
  }
  test('a feed without entries is a feed', async () =>
    expect(await read(rss(''))).toMatchObject({ items: [], bozo: false }))
})

describe('damage', () => {
  test('cut at every byte, all complete entries come out and nothing throws but "no feed"', async () => {
    const whole = rss(many(4))
    const ends = [...whole.matchAll(/<\/item>/gu)].map(match => match.index + match[0].length)
    for (let length = 0; length < whole.length; length += 7) {
      const feed = await read(whole.slice(0, length)).catch((thrown: unknown) => thrown as Error)
      if (feed instanceof Error) {
        expect(feed).toBeInstanceOf(NotAFeed)
        expect(length).toBeLessThan(ends[0]!)
      } else {
        expect(feed.items.length, `cut at ${String(length)}`).toBe(ends.filter(end => end <= length).length)
        expect(feed.bozo).toBe(true)
      }
    }
  })

  const damaged: Readonly<Record<string, { feed: string; titles: string[] }>> = {
    'an undeclared prefix': {
      feed: rss(entry(1).replace('</item>', '<media:thumbnail url="x"/><foo:bar>y</foo:bar></item>')),
      titles: ['Naslov 1'],
    },
    'entities of HTML': {
      feed: rss(entry(1).replace('Naslov 1', 'Vijesti&nbsp;dana &mdash; &scaron;uma &bogus; &')),
      titles: ['Vijesti dana — šuma &bogus; &'],
    },
    'NUL and a mark in the middle': {
      feed: rss(entry(1).replace('Naslov', 'Nas\u0000lo\ufeffv')),
      titles: ['Naslov 1'],
    },
    'references beyond Unicode': {
      feed: rss(entry(1).replace('Naslov 1', 'a&#999999999999;b&#0;c&#xD800;d&#x110000;')),
      titles: ['a\ufffdb\ufffdc\ufffdd\ufffd'],
    },
    'an entry that is not closed': {
      feed: rss(`${entry(1).replace('</item>', '')}${entry(2)}${entry(3)}`),
      titles: ['Naslov 1', 'Naslov 2', 'Naslov 3'],
    },
    'a title that is not closed': {
      feed: rss(`${entry(1).replace('</title>', '')}${entry(2)}`),
      titles: ['Naslov 1', 'Naslov 2'],
    },
    'an element before the entries that is not closed': {
      feed: rss(many(2), '<image><url>x</url>'),
      titles: ['Naslov 1', 'Naslov 2'],
    },
    'HTML written straight into the description': {
      feed: rss(entry(1).replace('Sažetak 1', '<p>Jedan <b>dva</b> tri<br>četiri</p>')),
      titles: ['Naslov 1'],
    },
    'attributes without quotation marks': {
      feed: rss(entry(1).replace('isPermaLink="false"', 'isPermaLink=false')),
      titles: ['Naslov 1'],
    },
    'a warning of the server before it': {
      feed: `<br />\n<b>Warning</b>: mysql in <b>/srv/x.php</b><br />\n${rss(entry(1))}`,
      titles: ['Naslov 1'],
    },
    'a page after it': { feed: `${rss(entry(1))}<html><body>x</body></html>`, titles: ['Naslov 1'] },
    'no version': { feed: rss(entry(1)).replace(' version="2.0"', ''), titles: ['Naslov 1'] },
    'markup and double escapes in a title': {
      feed: rss(entry(1).replace('Naslov 1', '&lt;b&gt;Čaj&lt;/b&gt; &amp;amp; &amp;quot;med&amp;quot;')),
      titles: ['Čaj & "med"'],
    },
    '__proto__ as an element': {
      feed: rss(entry(1).replace('</item>', '<__proto__>x</__proto__></item>')),
      titles: ['Naslov 1'],
    },
    'an Atom date that is none': {
      feed: '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>1</id><title>Naslov 1</title><updated>nekad</updated></entry></feed>',
      titles: ['Naslov 1'],
    },
  }
  for (const [name, { feed, titles }] of Object.entries(damaged)) {
    test(name, async () => expect((await read(feed)).items.map(item => item.title?.trim())).toEqual(titles))
  }

  test('HTML in a description keeps the order of its words', async () => {
    const feed = await read(rss(entry(1).replace('Sažetak 1', '<p>Jedan <b>dva</b> tri</p><p>četiri</p>')))
    expect(feed.items[0]?.summary).toBe('Jedan dva tri\n\nčetiri')
  })

  test('a number for a guid stays what it is', async () => {
    const feed = await read(rss(entry(1).replace('>1</guid>', '>007</guid>').replace('Naslov 1', '1e5')))
    expect(feed.items[0]).toMatchObject({ id: '007', title: '1e5' })
  })

  test('one guid for all entries leaves them all', async () => {
    const feed = await read(rss(many(3).replace(/>\d<\/guid>/gu, '>same</guid>')))
    expect(feed.items.map(item => item.url)).toEqual(
      [1, 2, 3].map(n => `https://outlet.example/${String(n)}`),
    )
  })
})

describe('attacks', () => {
  const doctype = `<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://evil.example/p">]>`
  test('entities are not expanded, inner or outer', async () => {
    const feed = await within(1_000, () =>
      read(rss(entry(1).replace('Naslov 1', 'x &c; &x;')).replace('<rss', `${doctype}<rss`)),
    )
    expect(feed.items[0]?.title).toBe('x &c; &x;')
    expect(feed.bozo).toBe(true)
    expect(feed.warnings.join()).toContain('document type')
  })

  const refused: Readonly<Record<string, string>> = {
    '100,000 elements inside one another': rss(`<item>${'<a>'.repeat(100_000)}</item>`),
    '100,000 attributes': rss(
      `<item ${Array.from({ length: 100_000 }, (_, n) => `a${String(n)}="1"`).join(' ')}></item>`,
    ),
  }
  for (const [name, text] of Object.entries(refused)) {
    test(`${name} are refused at once`, () =>
      within(1_000, () => expect(read(text)).rejects.toThrow(/refused/u)))
  }

  test('2,000 of 100,000 entries are taken and the rest is counted', async () => {
    const feed = await within(5_000, () =>
      read(
        rss(
          '<item><title>x</title><link>https://outlet.example/x</link><pubDate>2026-07-11</pubDate></item>'.repeat(
            100_000,
          ),
        ),
      ),
    )
    expect(feed.items).toHaveLength(2_000)
    expect(feed.warnings.join()).toContain('98000 left')
  })

  test('a megabyte of guid becomes a short id', async () => {
    const feed = await within(2_000, () =>
      read(rss(entry(1).replace('>1</guid>', `>${'g'.repeat(1_000_000)}</guid>`))),
    )
    expect(feed.items[0]?.id.length).toBeLessThan(100)
  })

  for (const [name, text] of Object.entries({
    'unclosed titles': rss('<item><title>'.repeat(50_000)),
    'unclosed marked sections': rss(`<item><title>${'<![CDATA['.repeat(100_000)}`),
    'bare angles': rss(`<item><title>${'<'.repeat(300_000)}</title></item>`),
    'quotation marks that never end': rss(`<item a="${'<b c="'.repeat(50_000)}`),
    'references without end': rss(`<item><title>${'&#'.repeat(300_000)}</title></item>`),
  })) {
    test(`${name} take no time`, async () => {
      await within(2_000, () =>
        read(text).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(NotAFeed)),
      )
    })
  }
})
