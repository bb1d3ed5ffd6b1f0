/** The demo's outlets: each serves its feed and pages as real outlets of its kind do, and says that it is invented. */
import { request } from 'node:http'
import { load } from 'cheerio/slim'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadOutlets } from '../../cli/demo/outlets.ts'
import type { DemoArticle, DemoOutlet } from '../../cli/demo/outlets.ts'
import { startDemoServer } from '../../cli/demo/server.ts'
import type { DemoServer } from '../../cli/demo/server.ts'
import { CATEGORIES } from '../../core/labels.ts'
import type { Clock } from '../../core/ports.ts'
import { fold } from '../../core/text.ts'

const START = new Date('2026-03-10T12:00:00Z')
let now = START
const clock: Clock = { now: () => now, sleep: () => Promise.resolve() }

const outlets = loadOutlets()
const articles = outlets.flatMap(outlet => outlet.articles.map(article => ({ outlet, article })))
let server: DemoServer
beforeAll(async () => {
  server = await startDemoServer({ clock })
})
afterAll(() => server.close())

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: server.port, path: pathname, headers: { host: hostname, ...headers } },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        )
      },
    )
    asked.once('error', reject).end()
  })
}

/** By the header, then by what the document declares. */
function decoded({ headers, body }: Answer): string {
  const header = /charset=([\w-]+)/.exec(String(headers['content-type']))?.[1]
  const declared = /(?:encoding|charset)="([\w-]+)"/.exec(body.toString('latin1'))?.[1]
  return new TextDecoder(header ?? declared ?? 'utf-8', { fatal: true }).decode(body)
}

const page = async (article: DemoArticle) => load(decoded(await get(article.url)))
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

describe('the set', () => {
  test('has at least 10 outlets and 80 articles, in all seven languages and both scripts', () => {
    expect(outlets.length).toBeGreaterThanOrEqual(10)
    expect(articles.length).toBeGreaterThanOrEqual(80)
    expect(new Set(outlets.flatMap(outlet => outlet.languages))).toEqual(
      new Set(['bs', 'hr', 'sr', 'cnr', 'mk', 'sq', 'en']),
    )
    expect(new Set(outlets.flatMap(outlet => outlet.scripts))).toEqual(new Set(['Latn', 'Cyrl']))
  })

  test('has passages of every category, and at least as many articles without any', () => {
    const expected = articles.flatMap(({ article }) => article.expect)
    expect(new Set(expected.map(one => one.category))).toEqual(new Set(CATEGORIES))
    const flagged = articles.filter(({ article }) => article.expect.length > 0).length
    expect(articles.length - flagged).toBeGreaterThanOrEqual(flagged)
  })

  test('uses hosts that cannot exist, and an address once', () => {
    for (const { host } of outlets) expect(host).toMatch(/\.example$/)
    expect(new Set(articles.map(({ article }) => article.url)).size).toBe(articles.length)
  })

  test('has an agency text reprinted three times, in the other script too', () => {
    const copies = articles.filter(({ article }) => article.copyOf !== undefined)
    const original = outlets[0]!.articles.find(article => copies[0]!.article.copyOf!.endsWith(article.slug))!
    expect(copies).toHaveLength(3)
    for (const { article } of copies) expect(fold(article.words.text)).toBe(fold(original.words.text))
    expect(copies.map(({ article }) => /[а-ш]/.test(article.words.text))).toContain(true)
  })

  test('is what the server tells the pipeline', () => {
    expect(server.sources.map(source => source.id)).toEqual(outlets.map(outlet => outlet.id))
    expect(server.sources[0]).not.toHaveProperty('serve')
    expect([...server.hosts.keys()]).toEqual(outlets.map(outlet => outlet.host))
    expect(server.hosts.get(outlets[0]!.host)).toEqual({ address: '127.0.0.1', port: server.port })
    expect(server.articles).toBe(articles.length)
  })
})

const ITEMS: Readonly<Record<string, RegExp>> = {
  rss: /<item>/g,
  broken: /<item>/g,
  atom: /<entry>/g,
  rdf: /<item rdf:about/g,
}
const ROOTS: Readonly<Record<string, string>> = {
  rss: '<rss version="2.0"',
  broken: '<rss version="2.0"',
  atom: '<feed xmlns="http://www.w3.org/2005/Atom"',
  rdf: '<rdf:RDF',
}

describe('feeds', () => {
  const withFeed = outlets.filter(outlet => outlet.serve.feed !== undefined)

  test('come in all formats and in both old character sets', () => {
    expect(new Set(withFeed.map(outlet => outlet.serve.feed))).toEqual(
      new Set(['rss', 'atom', 'rdf', 'broken']),
    )
    expect(new Set(withFeed.map(outlet => outlet.serve.charset))).toEqual(
      new Set(['utf-8', 'windows-1250', 'windows-1251']),
    )
  })

  for (const outlet of withFeed) {
    test(`${outlet.id}: ${outlet.serve.feed!} in ${outlet.serve.charset} lists every article`, async () => {
      const answer = await get(outlet.feeds[0]!)
      const xml = decoded(answer)
      expect(answer.status).toBe(200)
      expect(xml).toContain(ROOTS[outlet.serve.feed!])
      expect(xml.match(ITEMS[outlet.serve.feed!]!)).toHaveLength(outlet.articles.length)
      for (const article of outlet.articles) expect(xml).toContain(article.url)
      expect(xml).toContain('invented')
    })

    test(`${outlet.id}: an unchanged feed is not sent again`, async () => {
      const first = await get(outlet.feeds[0]!)
      const again = await get(outlet.feeds[0]!, { 'if-none-match': String(first.headers.etag) })
      expect([again.status, again.body.length]).toEqual([304, 0])
      expect((await get(outlet.feeds[0]!, { 'if-none-match': '"other"' })).status).toBe(200)
    })
  }

  test('count the dates back from the start', async () => {
    const { article, outlet } = articles.find(one => one.article.slug === 'industrijska-proizvodnja-raste')!
    const xml = decoded(await get(outlet.feeds[0]!))
    const item = xml.split('<item>').find(part => part.includes(article.url))!
    expect(item).toContain(`<pubDate>${new Date(START.getTime() - 4.3 * 86_400_000).toUTCString()}</pubDate>`)
  })

  test('one is faulty as real ones are, and still has its titles', async () => {
    const faulty = withFeed.find(outlet => outlet.serve.feed === 'broken')!
    const xml = decoded(await get(faulty.feeds[0]!))
    expect(xml).toMatch(/^\s+<\?xml/)
    expect(xml).toMatch(/ & /)
    expect(xml).not.toContain('</rss>')
    expect(xml).toContain('Vjelja e ullirit')
  })
})

describe('pages', () => {
  for (const outlet of outlets) {
    test(`${outlet.id}: every page has the whole text, and says that it is invented`, async () => {
      for (const article of outlet.articles) {
        const $ = await page(article)
        const body = plain($('body').text())
        for (const paragraph of article.words.text.trim().split(/\n\s*\n/))
          expect(body).toContain(plain(paragraph))
        expect(plain($('h1, h2').first().text())).toBe(article.words.title)
        expect($('.notice').text()).toContain('invented')
      }
    })
  }

  test('come with JSON-LD, with meta elements only, and with neither', async () => {
    const first = (kind: DemoOutlet['serve']['page']): DemoArticle =>
      outlets.find(outlet => outlet.serve.page === kind)!.articles[0]!
    const seen = []
    for (const kind of ['json-ld', 'meta', 'table'] as const) {
      const $ = await page(first(kind))
      seen.push([
        $('script[type="application/ld+json"]').length,
        $('meta[property="article:published_time"]').length,
      ])
    }
    expect(seen).toEqual([
      [1, 1],
      [0, 1],
      [0, 0],
    ])
  })

  test('have boxes and comments around the text', async () => {
    const { article } = articles.find(one => one.article.comments.length > 0)!
    const $ = await page(article)
    expect($('.related a').length).toBeGreaterThan(2)
    expect($('.comment')).toHaveLength(article.comments.length)
  })

  test('of the outlet without a feed are found by its selector', async () => {
    const outlet = outlets.find(one => one.feeds.length === 0)!
    const { url, selector } = outlet.listings[0]!
    const $ = load(decoded(await get(url)))
    const links = $(selector)
      .toArray()
      .map(link => new URL($(link).attr('href')!, url).href)
    expect(links).toEqual(outlet.articles.map(article => article.url))
  })

  test('that do not exist are not found, and neither is an unknown host', async () => {
    expect((await get('http://sedam-vrela.example/nothing')).status).toBe(404)
    expect((await get('http://elsewhere.example/')).status).toBe(404)
  })
})

test('robots.txt closes one path of one outlet', async () => {
  const closed = []
  for (const outlet of outlets) {
    const rules = (await get(`${outlet.homepage}/robots.txt`)).body.toString()
    if (/Disallow: \//.test(rules)) closed.push(outlet.id)
  }
  expect(closed).toEqual(['sedam-vrela'])
})

test('an article is edited some seconds after it was first read, and the feed says so', async () => {
  const { article, outlet } = articles.find(one => one.article.revised !== undefined)!
  const title = async (): Promise<string> => plain((await page(article))('h1').text())
  const before = await get(outlet.feeds[0]!)
  expect(await title()).toBe(article.words.title)
  now = new Date(START.getTime() + 60_000)
  expect(await title()).toBe(article.revised!.title)
  const after = await get(outlet.feeds[0]!, { 'if-none-match': String(before.headers.etag) })
  expect(after.status).toBe(200)
  expect(decoded(after)).toContain(article.revised!.title)
})
