/** Pages of links and sitemaps: which addresses of articles they give. */
import { describe, expect, test } from 'vitest'
import { listingLinks } from '../../ingest/listing.ts'
import { parseSitemap } from '../../ingest/sitemap.ts'

const url = 'https://outlet.example/vijesti/'

describe('a listing', () => {
  const page = `<base href="https://outlet.example/arhiv/"><div class="l"><a href="1?utm_source=x"><img src="x"></a><a href="1">Prva   <b>vijest</b></a></div>
    <div class="l"><h3><a href="/2#top" title="Druga &amp; treća">…</a></h3></div><div class="l"><a href="https://other.example/3">Tuđa</a></div>
    <div class="l"><a href="javascript:x()">x</a></div><a href="/impressum">Impressum</a>`
  test('gives each article once, in order, on its own site, with the words of its link', () => {
    expect(listingLinks(page, { url, selector: '.l a' })).toEqual([
      { url: 'https://outlet.example/arhiv/1', title: 'Prva vijest' },
      { url: 'https://outlet.example/2', title: 'Druga & treća' },
    ])
  })
  test('takes a selector of what holds the links', () => {
    expect(listingLinks(page, { url, selector: 'h3' })).toHaveLength(1)
  })
  test('where the selector finds nothing gives nothing', () =>
    expect(listingLinks(page, { url, selector: '.gone a' })).toEqual([]))
  test('that would make a hostile DOM is refused', () => {
    expect(() => listingLinks('<b>'.repeat(10_000), { url, selector: 'a' })).toThrow(/refused/u)
  })
})

describe('a sitemap', () => {
  test('of news gives addresses, titles and dates', () => {
    const { entries } = parseSitemap(
      `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
      <url><loc>https://outlet.example/1?a=1&amp;b=2</loc><news:news><news:publication><news:name>List</news:name></news:publication>
      <news:publication_date>2026-07-11T10:00:00+02:00</news:publication_date><news:title><![CDATA[Prva & druga]]></news:title></news:news></url>
      <url><loc> /2 </loc><lastmod>2026-07-10</lastmod></url><url><loc>ftp://outlet.example/3</loc></url></urlset>`,
      url,
    )
    expect(entries).toEqual([
      {
        url: 'https://outlet.example/1?a=1&b=2',
        title: 'Prva & druga',
        publishedAt: '2026-07-11T08:00:00.000Z',
      },
      { url: 'https://outlet.example/2', publishedAt: '2026-07-09T22:00:00.000Z' },
    ])
  })
  test('that is an index gives the sitemaps, newest first', () => {
    const index =
      '<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2026-01-01</lastmod></sitemap><sitemap><loc>/b.xml</loc><lastmod>2026-07-01</lastmod></sitemap></sitemapindex>'
    expect(parseSitemap(index, url).sitemaps).toEqual([
      'https://outlet.example/b.xml',
      'https://outlet.example/a.xml',
    ])
  })
  test('of 100,000 addresses gives 2,000 and counts the rest', () => {
    const found = parseSitemap(
      `<urlset>${'<url><loc>/1</loc><lastmod>2026-07-01</lastmod></url>'.repeat(100_000)}</urlset>`,
      url,
    )
    expect(found.entries).toHaveLength(2_000)
    expect(found.warnings.join()).toContain('98000 left')
  })
  test('that is something else says so', () =>
    expect(() => parseSitemap('<html></html>', url)).toThrow(/expected a sitemap/u))
})
