/** What is looked at of a source, and the items in what came. */
import type { GetResponse } from '../core/ports.ts'
import type { Source } from '../core/source.ts'
import type { Parsed, Parser } from './parse-pool.ts'
import type { Item } from './words.ts'

export type Target =
  | { readonly kind: 'feed' | 'sitemap'; readonly url: string }
  | { readonly kind: 'listing'; readonly url: string; readonly selector: string }

export function targetsOf(source: Source): readonly Target[] {
  return [
    ...source.feeds.map(url => ({ kind: 'feed', url }) as const),
    ...source.listings.map(listing => ({ kind: 'listing', ...listing }) as const),
    ...source.sitemaps.map(url => ({ kind: 'sitemap', url }) as const),
  ]
}

export interface Found {
  readonly items: readonly Item[]
  readonly warnings: readonly string[]
}

/** A sitemap lists an outlet's whole past; what is older than this is no news. */
const SITEMAP_DAYS = 7

export async function itemsOf(
  source: Source,
  target: Target,
  answer: Extract<GetResponse, { outcome: 'fresh' }>,
  { parser, now }: { readonly parser: Parser; readonly now: Date },
): Promise<Parsed<Found>> {
  const hints = {
    url: answer.url,
    ...(answer.contentType !== undefined && { contentType: answer.contentType }),
    ...(source.charset !== undefined && { sourceCharset: source.charset }),
  }
  if (target.kind === 'feed') {
    const feed = await parser.feed(answer.body, hints)
    return feed.ok ? { ok: true, value: feed.value } : feed
  }
  if (target.kind === 'listing') {
    const links = await parser.listing(answer.body, { ...hints, selector: target.selector })
    return links.ok ? { ok: true, value: fromLinks(links.value, target.selector) } : links
  }
  const sitemap = await parser.sitemap(answer.body, hints)
  return sitemap.ok ? { ok: true, value: fromSitemap(sitemap.value, now) } : sitemap
}

function fromLinks(
  links: readonly { readonly url: string; readonly title?: string }[],
  selector: string,
): Found {
  const items = links.map(link => ({ id: link.url, looseTitle: true, ...link }))
  return {
    items,
    warnings:
      items.length === 0 ? [`the selector of the listing found no links: ${selector.slice(0, 100)}`] : [],
  }
}

type SitemapLike = {
  readonly entries: readonly {
    readonly url: string
    readonly title?: string
    readonly publishedAt?: string
  }[]
  readonly sitemaps: readonly string[]
  readonly warnings: readonly string[]
}

function fromSitemap({ entries, sitemaps, warnings }: SitemapLike, now: Date): Found {
  const oldest = new Date(now.getTime() - SITEMAP_DAYS * 86_400_000).toISOString()
  const news = entries.filter(entry => entry.publishedAt === undefined || entry.publishedAt >= oldest)
  const notes = [...warnings]
  if (news.length < entries.length)
    notes.push(
      `${String(entries.length - news.length)} addresses of the sitemap are older than ${String(SITEMAP_DAYS)} days and were not taken`,
    )
  if (sitemaps.length > 0)
    notes.push(
      `this is an index of ${String(sitemaps.length)} sitemaps; list the one of news itself, for example ${sitemaps[0]!.slice(0, 150)}`,
    )
  return {
    items: news.map(entry => ({ id: entry.url, looseTitle: entry.title === undefined, ...entry })),
    warnings: notes,
  }
}
