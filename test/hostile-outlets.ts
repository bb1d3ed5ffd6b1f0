/** Outlets that serve what no outlet should, each beside one sound article, and what must become of it. */
import type { Fate, PollOutcome } from '../core/observation.ts'
import { sourceSchema } from '../core/source.ts'
import type { Source } from '../core/source.ts'
import { pageOf, story } from './ingest/invented-outlet.ts'
import { site } from './ingest/hostile-server.ts'
import type { Route, Site } from './ingest/hostile-server.ts'

export interface HostileOutlet {
  readonly id: string
  /** Completes "an outlet with …". */
  readonly what: string
  /** The bad feed; without one the bad items stand in the sound feed. */
  readonly feed?: Route
  readonly items?: readonly Entry[]
  /** By path; `port` is where all outlets are served. */
  readonly pages?: (port: number) => Readonly<Record<string, Route>>
  readonly expected: Expected
}

export interface Expected {
  /** Of the look that meets the bad thing. */
  readonly outcome: PollOutcome
  readonly reason?: RegExp
  readonly warning?: RegExp
  /** Of the bad items alone, with the reason of those that failed. */
  readonly fates?: Partial<Record<Fate, number>>
  readonly itemReason?: RegExp
  /** Text of each bad item that was published, by its title. */
  readonly texts?: Readonly<Record<string, string | RegExp>>
}

interface Entry {
  /** A path of the outlet, or a whole address. */
  readonly link: string
  readonly title?: string
  readonly summary?: string
}

const OWN_WORDS = 'Ovo piše u samom feedu, jer stranice nema.'
const MIB = 1024 * 1024

const bytes =
  (body: Uint8Array | string, type: string): Route =>
  response =>
    response.writeHead(200, { 'Content-Type': type }).end(body)
const html = (body: Uint8Array | string): Route => bytes(body, 'text/html; charset=utf-8')
const xml = (body: Uint8Array | string): Route => bytes(body, 'application/rss+xml; charset=utf-8')
const moved =
  (location: string): Route =>
  response =>
    response.writeHead(302, { Location: location }).end()

/** Text in no encoding. */
export const NOISE = Uint8Array.from({ length: 20_000 }, (_, at) => (at * at * 37 + at * 91 + 17) % 256)

/** What the server sent of the page without measure. */
export const sent = { bytes: 0 }

/** 50 MB of a page that goes on and on, as fast as the reader takes it. */
const fiftyMegabytes: Route = response => {
  const piece = Buffer.alloc(64 * 1024, '<p>Redak koji se ponavlja, sa zarezom, i ne prestaje.</p>\n')
  response.writeHead(200, { 'Content-Type': 'text/html' })
  const more = (): void => {
    while (sent.bytes < 50 * MIB && !response.destroyed) {
      sent.bytes += piece.length
      if (!response.write(piece)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}

export const HOSTILE_OUTLETS: readonly HostileOutlet[] = [
  {
    id: 'web-stranica',
    what: 'a feed that is a web page',
    feed: html('<!DOCTYPE html><html><body><h1>Održavanje u toku</h1></body></html>'),
    expected: { outcome: 'failed', reason: /came a web page \(HTML\)/u },
  },
  {
    id: 'prazno',
    what: 'a feed without a byte',
    feed: xml(''),
    expected: { outcome: 'failed', reason: /came an empty document/u },
  },
  {
    id: 'bez-vijesti',
    what: 'a feed without items',
    feed: xml('<rss version="2.0"><channel><title>Bez vijesti</title></channel></rss>'),
    expected: { outcome: 'fresh', fates: {} },
  },
  {
    id: 'prekinuto',
    what: 'truncated XML',
    feed: xml(
      '<rss version="2.0"><channel><item><title>Cijela vijest</title><link>/cijela</link></item><item><title>Polovična vij',
    ),
    expected: {
      outcome: 'fresh',
      warning: /ends in the middle/u,
      fates: { published: 1 },
      texts: { 'Cijela vijest': '' },
    },
  },
  {
    id: 'sum',
    what: 'a feed of undecodable bytes',
    feed: xml(NOISE),
    expected: { outcome: 'failed', reason: /expected RSS, Atom, RDF or JSON Feed/u },
  },
  {
    id: 'sum-na-stranici',
    what: 'a page of undecodable bytes',
    items: [{ link: '/sum', title: 'Šum umjesto vijesti', summary: OWN_WORDS }],
    pages: () => ({ '/sum': html(NOISE) }),
    expected: {
      outcome: 'fresh',
      warning: /no text in any encoding/u,
      fates: { published: 1 },
      texts: { 'Šum umjesto vijesti': OWN_WORDS },
    },
  },
  {
    id: 'bez-mjere',
    what: 'a page of 50 MB',
    items: [{ link: '/golemo', title: 'Golema stranica', summary: OWN_WORDS }],
    pages: () => ({ '/golemo': fiftyMegabytes }),
    expected: {
      outcome: 'fresh',
      warning: /larger than/u,
      fates: { published: 1 },
      texts: { 'Golema stranica': OWN_WORDS },
    },
  },
  {
    id: 'krug',
    what: 'a feed that is a redirect loop',
    feed: moved('/los-feed'),
    expected: { outcome: 'refused', reason: /redirect/u },
  },
  {
    id: 'krug-na-stranici',
    what: 'a page that is a redirect loop',
    items: [{ link: '/tamo', title: 'Tamo i nazad', summary: OWN_WORDS }],
    pages: () => ({ '/tamo': moved('/ovamo'), '/ovamo': moved('/tamo') }),
    expected: {
      outcome: 'fresh',
      warning: /redirect/u,
      fates: { published: 1 },
      texts: { 'Tamo i nazad': OWN_WORDS },
    },
  },
  {
    id: 'unutra',
    what: 'links into our own machine and network',
    items: [
      { link: 'http://127.0.0.1:PORT/tajna', title: 'Adresa petlje', summary: OWN_WORDS },
      { link: 'http://0x7f000001:PORT/tajna', title: 'Adresa petlje drugačije', summary: OWN_WORDS },
      { link: 'http://localhost:PORT/tajna', title: 'Ime petlje', summary: OWN_WORDS },
      { link: 'http://[::1]:PORT/tajna', title: 'Šesta verzija', summary: OWN_WORDS },
      { link: 'http://169.254.169.254/latest/meta-data', title: 'Oblak', summary: OWN_WORDS },
      { link: '/preusmjereno', title: 'Preusmjereno unutra', summary: OWN_WORDS },
    ],
    pages: port => ({ '/preusmjereno': moved(`http://127.0.0.1:${String(port)}/tajna`) }),
    expected: {
      outcome: 'fresh',
      warning: /not a public address|no address|not fetched/u,
      // Two ways to write one address.
      fates: { published: 5, unchanged: 1 },
      texts: { 'Adresa petlje': OWN_WORDS, 'Preusmjereno unutra': OWN_WORDS, Oblak: OWN_WORDS },
    },
  },
  {
    id: 'samo-naslov',
    what: 'an article with a title only',
    items: [{ link: '/naslov', title: 'U Srebrenici nije bilo genocida, tvrdi načelnik' }],
    pages: () => ({ '/naslov': html('<html><body><form>Prijavite se</form></body></html>') }),
    expected: {
      outcome: 'fresh',
      fates: { published: 1 },
      texts: { 'U Srebrenici nije bilo genocida, tvrdi načelnik': '' },
    },
  },
  {
    id: 'bez-rijeci',
    what: 'an article with neither title nor text',
    items: [{ link: '/nista' }],
    pages: () => ({ '/nista': html('<html><body></body></html>') }),
    expected: { outcome: 'fresh', fates: { failed: 1 }, itemReason: /neither a title nor a text/u },
  },
  {
    id: 'bez-kraja',
    what: 'a text of 1 MB',
    items: [{ link: '/dugo', title: 'Duga priča' }],
    pages: () => ({
      '/dugo': html(
        pageOf('Duga priča', `${story('početak')}\n\n${'Riječ po riječ, bez kraja. '.repeat(40_000)}`),
      ),
    }),
    expected: {
      outcome: 'fresh',
      fates: { published: 1 },
      texts: { 'Duga priča': /^Odlomak 1 o temi početak/u },
    },
  },
]

export function soundTitle(outlet: HostileOutlet): string {
  return `Zdrava vijest lista ${outlet.id}`
}

export const hostOf = (outlet: HostileOutlet): string => `${outlet.id}.example`

export function sourceOf(outlet: HostileOutlet): Source {
  const home = `http://${hostOf(outlet)}`
  return sourceSchema.parse({
    id: outlet.id,
    name: outlet.id,
    homepage: home,
    country: 'BA',
    languages: ['bs'],
    scripts: ['Latn'],
    kind: 'commercial',
    feeds: [...(outlet.feed ? [`${home}/los-feed`] : []), `${home}/rss`],
  })
}

/** All of them on one port of this machine, and a secret that nobody may ask for. */
export async function serveHostileOutlets(): Promise<Site> {
  const routes: Record<string, Route> = { '/tajna': html('<p>Ovo je tajna ove mašine.</p>') }
  const server = await site(routes)
  for (const outlet of HOSTILE_OUTLETS) Object.assign(routes, routesOf(outlet, server.port))
  return server
}

function routesOf(outlet: HostileOutlet, port: number): Record<string, Route> {
  const sound = { link: '/zdravo', title: soundTitle(outlet) }
  const pages = {
    ...outlet.pages?.(port),
    ...(outlet.feed && { '/los-feed': outlet.feed }),
    // Bad items first: what comes after them must come through.
    '/rss': xml(feedOf([...(outlet.items ?? []), sound]).replaceAll('PORT', String(port))),
    '/zdravo': html(pageOf(sound.title, story(outlet.id))),
  }
  return Object.fromEntries(Object.entries(pages).map(([path, route]) => [`${hostOf(outlet)}${path}`, route]))
}

function feedOf(entries: readonly Entry[]): string {
  const items = entries.map(
    ({ link, title, summary }) =>
      `<item><link>${link}</link>${title === undefined ? '' : `<title>${title}</title>`}${summary === undefined ? '' : `<description>${summary}</description>`}</item>`,
  )
  return `<rss version="2.0"><channel><title>Feed</title>${items.join('')}</channel></rss>`
}
