/** Renders an outlet's feed in the formats that real outlets use, the faulty one included. */
import type { DemoOutlet } from './outlets.ts'

export interface FeedItem {
  readonly url: string
  readonly title: string
  readonly summary: string
  readonly section: string | undefined
  readonly author: string | undefined
  readonly publishedAt: Date
  readonly updatedAt: Date
}

export interface RenderedFeed {
  readonly contentType: string
  readonly xml: string
}

export function renderFeed(outlet: DemoOutlet, items: readonly FeedItem[]): RenderedFeed {
  return FORMATS[outlet.serve.feed ?? 'rss'](outlet, items)
}

const NOTE = 'Demonstration of Opomena: this outlet and its stories are invented.'

const FORMATS = { rss, atom, rdf, broken }

function rss(outlet: DemoOutlet, items: readonly FeedItem[]): RenderedFeed {
  const { charset } = outlet.serve
  const entries = items.map(
    item => `    <item>
      <title>${escapeXml(item.title)}</title>
      <link>${item.url}</link>
      <guid isPermaLink="true">${item.url}</guid>
      <description><![CDATA[<p>${escapeXml(item.summary)}</p>]]></description>${optional('category', item.section)}${optional('dc:creator', item.author)}
      <pubDate>${item.publishedAt.toUTCString()}</pubDate>
    </item>`,
  )
  return {
    // A header that is silent about the character set leaves it to the declaration, as many servers do.
    contentType: charset === 'windows-1251' ? 'text/xml' : `application/rss+xml; charset=${charset}`,
    xml: `<?xml version="1.0" encoding="${charset}"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>${escapeXml(outlet.name)}</title>
    <link>${outlet.homepage}</link>
    <description>${NOTE}</description>
    <language>${outlet.languages[0]!}</language>
${entries.join('\n')}
  </channel>
</rss>
`,
  }
}

function atom(outlet: DemoOutlet, items: readonly FeedItem[]): RenderedFeed {
  const entries = items.map(
    item => `  <entry>
    <id>${item.url}</id>
    <title type="text">${escapeXml(item.title)}</title>
    <link rel="alternate" type="text/html" href="${item.url}"/>
    <published>${item.publishedAt.toISOString()}</published>
    <updated>${item.updatedAt.toISOString()}</updated>
    <author><name>${escapeXml(item.author ?? outlet.name)}</name></author>
    <summary type="html">${escapeXml(`<p>${escapeXml(item.summary)}</p>`)}</summary>
  </entry>`,
  )
  return {
    contentType: 'application/atom+xml',
    xml: `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${outlet.languages[0]!}">
  <id>${outlet.homepage}/</id>
  <title>${escapeXml(outlet.name)}</title>
  <subtitle>${NOTE}</subtitle>
  <link rel="self" href="${outlet.feeds[0]!}"/>
  <updated>${(items[0]?.updatedAt ?? new Date(0)).toISOString()}</updated>
${entries.join('\n')}
</feed>
`,
  }
}

function rdf(outlet: DemoOutlet, items: readonly FeedItem[]): RenderedFeed {
  const entries = items.map(
    item => `  <item rdf:about="${item.url}">
    <title>${escapeXml(item.title)}</title>
    <link>${item.url}</link>
    <description>${escapeXml(item.summary)}</description>
    <dc:date>${item.publishedAt.toISOString()}</dc:date>${optional('dc:creator', item.author)}
  </item>`,
  )
  return {
    contentType: 'application/rdf+xml; charset=utf-8',
    xml: `<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="${outlet.homepage}">
    <title>${escapeXml(outlet.name)}</title>
    <link>${outlet.homepage}</link>
    <description>${NOTE}</description>
    <items><rdf:Seq>${items.map(item => `<rdf:li rdf:resource="${item.url}"/>`).join('')}</rdf:Seq></items>
  </channel>
${entries.join('\n')}
</rdf:RDF>
`,
  }
}

/** Blank lines before the declaration, bare ampersands, entities of HTML, and no end: what a tolerant reader must bear. */
function broken(outlet: DemoOutlet, items: readonly FeedItem[]): RenderedFeed {
  const { contentType, xml } = rss(outlet, items)
  const faulty = xml
    .replaceAll('&amp;', '&')
    .replaceAll(/<title>([^<]*?)ë/g, '<title>$1&euml;')
    .replace(`<description>${NOTE}`, `<description>Politik&euml; & kultur&euml;&nbsp;- ${NOTE}`)
    .replace(/\s*<\/channel>\s*<\/rss>\s*$/, '\n')
  return { contentType, xml: `\n\n${faulty}` }
}

function optional(element: string, value: string | undefined): string {
  return value === undefined ? '' : `\n      <${element}>${escapeXml(value)}</${element}>`
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
