/** An outlet in memory for tests of ingest: its pages, what was asked of it, and everything ingest needs around it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '../../core/hash.ts'
import type { Article } from '../../core/article.ts'
import type { Observation } from '../../core/observation.ts'
import type { EventLog, EvidenceStore, Fetcher, GetRequest, GetResponse } from '../../core/ports.ts'
import { sourceSchema } from '../../core/source.ts'
import type { Source } from '../../core/source.ts'
import type { Message } from '../../core/stage.ts'
import {
  articleFromBytes,
  feedFromBytes,
  listingFromBytes,
  sitemapFromBytes,
} from '../../ingest/from-bytes.ts'
import { openIngestStore } from '../../ingest/ingest-store.ts'
import type { IngestStore } from '../../ingest/ingest-store.ts'
import type { Parsed, Parser } from '../../ingest/parse-pool.ts'
import { sqliteEvidenceStore } from '../../ingest/sqlite-evidence.ts'
import { keepingLogger, testClock } from '../fakes.ts'
import type { TestClock } from '../fakes.ts'

export interface InventedPage {
  readonly body?: string
  readonly etag?: string
  readonly contentType?: string
  /** Address after redirects. */
  readonly movedTo?: string
  /** Anything but a page: what the fetcher answers instead. */
  readonly instead?: Exclude<GetResponse, { outcome: 'fresh' }>
}

export interface InventedOutlet extends Fetcher {
  readonly pages: Map<string, InventedPage>
  readonly asked: GetRequest[]
  /** Called before each answer. */
  before?: (request: GetRequest) => void | Promise<void>
}

export function inventedOutlet(pages: Readonly<Record<string, InventedPage | string>> = {}): InventedOutlet {
  const outlet: InventedOutlet = {
    pages: new Map(
      Object.entries(pages).map(([url, page]) => [url, typeof page === 'string' ? { body: page } : page]),
    ),
    asked: [],
    async get(request) {
      outlet.asked.push(request)
      await outlet.before?.(request)
      return answer(request, outlet.pages.get(request.url))
    },
    send: () => Promise.resolve({ refused: 'not in tests' }),
    close: () => Promise.resolve(),
  }
  return outlet
}

function answer(request: GetRequest, page: InventedPage | undefined): GetResponse {
  if (!page) return { outcome: 'failed', reason: 'the site answered 404', status: 404 }
  if (page.instead) return page.instead
  if (page.etag !== undefined && page.etag === request.etag) return { outcome: 'unchanged', status: 304 }
  const body = Buffer.from(page.body ?? '')
  const capture = {
    url: request.url,
    sourceId: request.sourceId,
    body,
    startedAt: '2026-07-11T08:00:00.000Z',
    endedAt: '2026-07-11T08:00:00.000Z',
    status: 200,
    headers: [],
    requestHeaders: [],
    redirects: [],
  }
  return {
    outcome: 'fresh',
    capture,
    body,
    url: page.movedTo ?? request.url,
    status: 200,
    ...(page.etag !== undefined && { etag: page.etag }),
    ...(page.contentType !== undefined && { contentType: page.contentType }),
  }
}

/** The parsers in this process: what the pool adds is tested with the pool. */
export const parser: Parser = {
  feed: (bytes, hints) => parsed(() => feedFromBytes(bytes, hints)),
  page: (bytes, hints) => parsed(() => articleFromBytes(bytes, hints)),
  listing: (bytes, hints) => parsed(() => listingFromBytes(bytes, hints)),
  sitemap: (bytes, hints) => parsed(() => sitemapFromBytes(bytes, hints)),
  close: () => Promise.resolve(),
}

async function parsed<T>(work: () => T | Promise<T>): Promise<Parsed<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (thrown) {
    return { ok: false, reason: (thrown as Error).message }
  }
}

export interface Bench {
  readonly outlet: InventedOutlet
  readonly clock: TestClock
  readonly store: IngestStore
  readonly evidence: EvidenceStore
  readonly logger: ReturnType<typeof keepingLogger>
  readonly parser: Parser
  readonly fetcher: Fetcher
  readonly log: EventLog
  /** What was published since asked last. */
  published(): Promise<{
    readonly articles: readonly Article[]
    readonly observations: readonly Observation[]
  }>
  /** Closes the store and opens it again, as after a kill. */
  reopened(): Bench
  close(): Promise<void>
}

export function bench(
  outlet: InventedOutlet,
  clock = testClock(),
  dir = mkdtempSync(join(tmpdir(), 'opomena-ingest-')),
): Bench {
  const store = openIngestStore({ path: join(dir, 'ingest.db') })
  const evidence = sqliteEvidenceStore({ dir: join(dir, 'evidence'), clock })
  const messages: Message[] = []
  const log = {
    publish: (more: readonly Message[]) => Promise.resolve(void messages.push(...more)),
  } as unknown as EventLog
  const close = async (): Promise<void> => {
    store.close()
    await evidence.close()
  }
  return {
    outlet,
    clock,
    store,
    evidence,
    parser,
    fetcher: outlet,
    log,
    logger: keepingLogger(),
    async published() {
      while ((await store.outbox.relayOnce(log)) > 0);
      const all = messages.splice(0)
      const of = (topic: string): unknown[] =>
        all.filter(one => one.topic.name === topic).map(one => JSON.parse(one.json) as unknown)
      return { articles: of('articles') as Article[], observations: of('observations') as Observation[] }
    },
    reopened() {
      store.close()
      void evidence.close()
      return bench(outlet, clock, dir)
    },
    async close() {
      await close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export const HOME = 'https://javor.example'
export const FEED = `${HOME}/rss`

export function source(fields: Partial<Record<keyof Source, unknown>> = {}): Source {
  return sourceSchema.parse({
    id: 'javor',
    name: 'Portal Javor',
    homepage: HOME,
    country: 'BA',
    languages: ['bs'],
    scripts: ['Latn'],
    kind: 'commercial',
    feeds: [FEED],
    ...fields,
  })
}

export interface Entry {
  readonly slug: string
  readonly title?: string
  readonly summary?: string
  readonly date?: string
}

export function feedOf(...entries: readonly Entry[]): string {
  const items = entries.map(
    ({ slug, title, summary, date = 'Sat, 11 Jul 2026 09:00:00 +0200' }) =>
      `<item>${title === undefined ? '' : `<title>${title}</title>`}<link>${HOME}/${slug}</link><pubDate>${date}</pubDate>${summary === undefined ? '' : `<description>${summary}</description>`}</item>`,
  )
  return `<rss version="2.0"><channel><title>Portal Javor</title>${items.join('')}</channel></rss>`
}

export function story(about: string): string {
  return Array.from(
    { length: 4 },
    (_, n) =>
      `Odlomak ${String(n + 1)} o temi ${about}, dovoljno dug, sa zarezom, da ga niko ne bi smatrao natpisom ili vezom.`,
  ).join('\n\n')
}

export function pageOf(title: string, text: string, head = ''): string {
  const paragraphs = text
    .split('\n\n')
    .map(paragraph => `<p>${paragraph}</p>`)
    .join('')
  return `<!DOCTYPE html><html lang="bs"><head><title>${title}</title>${head}</head><body><main><h1>${title}</h1><div class="text">${paragraphs}</div></main></body></html>`
}

export const hashOfBody = (body: string): string => sha256(Buffer.from(body))
