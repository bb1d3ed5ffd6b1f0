/** A server of invented outlets on this machine: feeds, pages and robots.txt, told apart by the Host header. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../../core/clock.ts'
import type { Clock } from '../../core/ports.ts'
import { sourceSchema } from '../../core/source.ts'
import type { Source } from '../../core/source.ts'
import { encodeText } from './charset.ts'
import { renderFeed } from './feeds.ts'
import type { FeedItem } from './feeds.ts'
import { loadOutlets } from './outlets.ts'
import type { DemoArticle, DemoOutlet, Words } from './outlets.ts'
import { renderArticle, renderListing } from './pages.ts'
import type { PageContext } from './pages.ts'

export interface DemoServer {
  readonly port: number
  /** Where each invented host is to be found, for the fetcher's table of hosts. */
  readonly hosts: ReadonlyMap<string, { readonly address: string; readonly port: number }>
  readonly sources: readonly Source[]
  /** Articles of all outlets; of a page that robots.txt does not allow, the words of its feed are read. */
  readonly articles: number
  close(): Promise<void>
}

const ADDRESS = '127.0.0.1'
const DAY_MS = 86_400_000
const SUMMARY = 240

/** Dates of the articles count back from the moment of the start. */
export async function startDemoServer(options: { readonly clock?: Clock } = {}): Promise<DemoServer> {
  const outlets = loadOutlets()
  const sites = new Map(
    outlets.map(outlet => [outlet.host, serveOutlet(outlet, options.clock ?? systemClock)]),
  )
  const server = createServer((request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '')
    const site = sites.get(host)
    send(request, response, site ? site(new URL(request.url ?? '/', `http://${host}`).pathname) : notFound())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, ADDRESS, resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    hosts: new Map(outlets.map(outlet => [outlet.host, { address: ADDRESS, port }])),
    sources: outlets.map(sourceOf),
    articles: outlets.flatMap(outlet => outlet.articles).length,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: Buffer
  readonly cacheable?: boolean
}

type Site = (path: string) => Answer

function serveOutlet(outlet: DemoOutlet, clock: Clock): Site {
  const startedAt = clock.now().getTime()
  const firstRead = new Map<string, number>()
  const publishedAt = (article: DemoArticle): Date => new Date(startedAt - article.daysAgo * DAY_MS)
  const revisedAt = (article: DemoArticle): Date | undefined => {
    const read = firstRead.get(article.slug)
    if (article.revised === undefined || read === undefined) return undefined
    const at = read + article.revised.afterSeconds * 1_000
    return at <= clock.now().getTime() ? new Date(at) : undefined
  }
  const words = (article: DemoArticle): Words => (revisedAt(article) ? article.revised! : article.words)
  const context: PageContext = { outlet, publishedAt, words }
  const pages = new Map(outlet.articles.map(article => [new URL(article.url).pathname, article]))
  const feedPath = outlet.feeds[0] === undefined ? undefined : new URL(outlet.feeds[0]).pathname
  const listings = ['/', ...outlet.listings.map(listing => new URL(listing.url).pathname)]
  return path => {
    if (path === '/robots.txt') return robots(outlet)
    if (path === feedPath) return feed(outlet, itemsOf(context, revisedAt))
    if (listings.includes(path)) return page(outlet, renderListing(context))
    const article = pages.get(path)
    if (!article) return notFound()
    const answer = page(outlet, renderArticle(article, context))
    if (!firstRead.has(article.slug)) firstRead.set(article.slug, clock.now().getTime())
    return answer
  }
}

function itemsOf(context: PageContext, revisedAt: (article: DemoArticle) => Date | undefined): FeedItem[] {
  return context.outlet.articles
    .toSorted((a, b) => a.daysAgo - b.daysAgo)
    .map(article => {
      const { title, lead, text } = context.words(article)
      const publishedAt = context.publishedAt(article)
      return {
        url: article.url,
        title,
        summary: lead ?? shortened(text),
        section: article.section,
        author: article.author,
        publishedAt,
        updatedAt: revisedAt(article) ?? publishedAt,
      }
    })
}

function shortened(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length <= SUMMARY ? line : `${line.slice(0, line.lastIndexOf(' ', SUMMARY))} …`
}

function feed(outlet: DemoOutlet, items: readonly FeedItem[]): Answer {
  const { contentType, xml } = renderFeed(outlet, items)
  return { status: 200, contentType, body: encodeText(xml, outlet.serve.charset), cacheable: true }
}

function page(outlet: DemoOutlet, html: string): Answer {
  const { charset } = outlet.serve
  return {
    status: 200,
    // As with the feeds: one server says nothing of the character set, and the page has to.
    contentType: charset === 'windows-1251' ? 'text/html' : `text/html; charset=${charset}`,
    body: encodeText(html, charset),
  }
}

function robots(outlet: DemoOutlet): Answer {
  const { disallow } = outlet.serve
  const rules = disallow === undefined ? 'Disallow:' : `Disallow: ${disallow}`
  return { status: 200, contentType: 'text/plain', body: Buffer.from(`User-agent: *\n${rules}\n`) }
}

function notFound(): Answer {
  return { status: 404, contentType: 'text/plain', body: Buffer.from('not found\n') }
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const etag = answer.cacheable
    ? `"${createHash('sha256').update(answer.body).digest('hex').slice(0, 16)}"`
    : undefined
  if (etag !== undefined) response.setHeader('ETag', etag)
  if (etag !== undefined && request.headers['if-none-match'] === etag) {
    response.writeHead(304).end()
    return
  }
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType,
    'Content-Length': answer.body.length,
  })
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

/** What the pipeline may know of an outlet: the same as of a real one. */
function sourceOf(outlet: DemoOutlet): Source {
  const known = Object.keys(sourceSchema.shape)
  return sourceSchema.parse(Object.fromEntries(Object.entries(outlet).filter(([key]) => known.includes(key))))
}
