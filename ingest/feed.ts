/** Feed text as items: RSS, Atom, RDF and JSON Feed. `rss-parser` first, a second parser where it fails; no entry is lost silently. */
import RssParser from 'rss-parser'
import { parseDate } from './dates.ts'
import { hashId } from '../core/hash.ts'
import { reasonOf } from '../core/errors.ts'
import { parseTolerantly } from './feed-second.ts'
import { draftOfNode, titleOfFeed } from './feed-draft.ts'
import type { Draft, DraftFeed } from './feed-draft.ts'
import { plainLine, plainText } from './plain-text.ts'
import { MAX_ENTRIES, repairXml } from './repair-xml.ts'
import type { RepairedFeed } from './repair-xml.ts'

export type FeedFormat = 'rss' | 'atom' | 'rdf' | 'json'

export interface FeedItem {
  /** Guid as the feed gives it; else made of link, or of title and date. */
  readonly id: string
  readonly url?: string
  /** Plain text, one line. */
  readonly title?: string
  /** Plain text. */
  readonly summary?: string
  readonly contentHtml?: string
  readonly author?: string
  /** ISO 8601, UTC; absent when the date given is none. */
  readonly publishedAt?: string
  readonly publishedRaw?: string
  readonly categories: readonly string[]
}

export interface ParsedFeed {
  readonly format: FeedFormat
  readonly title?: string
  readonly items: readonly FeedItem[]
  /** The feed broke the rules of its format; what could be read was. */
  readonly bozo: boolean
  readonly warnings: readonly string[]
}

/** Why the text is no feed. Nothing was lost: there was nothing to read. */
export class NotAFeed extends Error {
  override readonly name = 'NotAFeed'
}

/** Longest guid kept as it is. */
const MAX_ID = 1_000
const RAW_NODES: readonly string[] = [
  '$',
  'title',
  'link',
  'guid',
  'id',
  'description',
  'summary',
  'content',
  'content:encoded',
  'category',
  'author',
  'dc:creator',
  'dc:subject',
  'dc:date',
  'dc:title',
  'dc:description',
  'pubDate',
  'pubdate',
  'published',
  'updated',
  'issued',
  'modified',
  'created',
  'date',
  'dcterms:created',
  'dcterms:issued',
  'dcterms:modified',
  'itunes:author',
  'media:title',
  'media:description',
  'feedburner:origLink',
]

/**
 * The items of a feed, in its order, at most 2,000.
 * @throws NotAFeed when the text is empty, a web page, or refused as an attack; the message says what came.
 */
export async function parseFeed(
  text: string,
  hints: { readonly url: string; readonly contentType?: string },
): Promise<ParsedFeed> {
  const start = text.replace(/^[\s\ufeff]+/u, '')
  if (start === '') throw new NotAFeed('expected a feed, came an empty document')
  if (start.startsWith('{')) return parseJsonFeed(start, hints.url)
  const repaired = repairXml(start)
  if (repaired.refused !== undefined) throw new NotAFeed(`the feed was refused: ${repaired.refused}`)
  if (repaired.root === undefined) throw new NotAFeed(whatCame(start))
  const notes = [...repaired.notes]
  const parsed = await bothParsers(repaired, notes)
  if (repaired.left > 0) {
    notes.push(
      `the feed has ${String(repaired.entries + repaired.left)} entries; ${String(MAX_ENTRIES)} were taken, ${String(repaired.left)} left`,
    )
  }
  const base = baseOf(parsed.feed, repaired.base, hints.url)
  const items = parsed.feed.drafts.map(draft => itemOf(draft, base))
  if (items.length < repaired.entries) {
    notes.push(`the feed has ${String(repaired.entries)} entries; ${String(items.length)} could be read`)
  }
  const title = parsed.feed.title === undefined ? '' : plainLine(parsed.feed.title)
  return {
    format: formatOf(repaired.root),
    ...(title && { title }),
    items,
    bozo: notes.length > 0,
    warnings: notes,
  }
}

function whatCame(start: string): string {
  const head = start.slice(0, 2_000)
  if (/<!doctype html|<html[\s>]|<body[\s>]/iu.test(head)) return 'expected a feed, came a web page (HTML)'
  if (/<(urlset|sitemapindex)[\s>]/iu.test(head))
    return 'expected a feed, came a sitemap; list it under `sitemaps`'
  return 'expected RSS, Atom, RDF or JSON Feed; no such element was found'
}

function formatOf(root: string): FeedFormat {
  return root === 'feed' ? 'atom' : root === 'rdf' ? 'rdf' : 'rss'
}

/** What the parser that saw most made of the feed; equal ones: the first, its gaps filled from the second. */
async function bothParsers(repaired: RepairedFeed, notes: string[]): Promise<{ feed: DraftFeed }> {
  const first = await firstParser(repaired.xml, notes)
  if (first && first.drafts.length >= repaired.entries && first.drafts.every(complete)) return { feed: first }
  const second = secondParser(repaired.xml, notes, first === undefined)
  if (!first || !second) return { feed: first ?? second ?? { drafts: [] } }
  if (second.drafts.length > first.drafts.length)
    return { feed: { ...second, title: second.title ?? first.title } }
  if (second.drafts.length < first.drafts.length) return { feed: first }
  const drafts = first.drafts.map((draft, at) => ({ ...second.drafts[at]!, ...withoutGaps(draft) }))
  return { feed: { ...first, title: first.title ?? second.title, drafts } }
}

const complete = (draft: Draft): boolean =>
  draft.title !== undefined && draft.links.length > 0 && draft.date !== undefined

function withoutGaps(draft: Draft): Partial<Draft> {
  const known = Object.entries(draft).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(known)
}

async function firstParser(xml: string, notes: string[]): Promise<DraftFeed | undefined> {
  const keep = RAW_NODES.map(
    name => [name, `raw ${name}`, { keepArray: true }] as (string | { keepArray: boolean })[],
  )
  const parser = new RssParser<Record<string, unknown>, Record<string, unknown>>({
    defaultRSS: 2,
    customFields: {
      item: keep,
      feed: [
        ['$', 'raw $', { keepArray: true }],
        ['title', 'raw title', { keepArray: true }],
      ] as never,
    },
  })
  try {
    const output = await parser.parseString(xml)
    const drafts = output.items.map(item => draftOfNode(name => item[`raw ${name}`]))
    return { ...titleOfFeed(output), drafts }
  } catch (thrown) {
    notes.push(`the first parser failed: ${reasonOf(thrown).replace(/\s+/gu, ' ').slice(0, 120)}`)
    return undefined
  }
}

function secondParser(xml: string, notes: string[], needed: boolean): DraftFeed | undefined {
  try {
    return parseTolerantly(xml)
  } catch (thrown) {
    if (needed) notes.push(`the second parser failed: ${reasonOf(thrown).slice(0, 120)}`)
    return undefined
  }
}

function parseJsonFeed(text: string, url: string): ParsedFeed {
  let feed: DraftFeed
  try {
    feed = parseTolerantly(text)
  } catch (thrown) {
    throw new NotAFeed(`expected a feed, came JSON that is no JSON Feed: ${reasonOf(thrown).slice(0, 120)}`)
  }
  const taken = feed.drafts.slice(0, MAX_ENTRIES)
  const left = feed.drafts.length - taken.length
  const warnings =
    left > 0
      ? [
          `the feed has ${String(feed.drafts.length)} entries; ${String(MAX_ENTRIES)} were taken, ${String(left)} left`,
        ]
      : []
  const title = feed.title === undefined ? '' : plainLine(feed.title)
  return {
    format: 'json',
    ...(title && { title }),
    items: taken.map(draft => itemOf(draft, url)),
    bozo: left > 0,
    warnings,
  }
}

function baseOf(feed: DraftFeed, rootBase: string | undefined, url: string): string {
  const stated = rootBase ?? feed.base
  const base = stated === undefined ? url : resolve(stated, url)
  return base ?? url
}

function itemOf(draft: Draft, feedBase: string): FeedItem {
  const base = draft.base === undefined ? feedBase : (resolve(draft.base, feedBase) ?? feedBase)
  const url = linkOf(draft, base)
  const title = plainLine(draft.title ?? '')
  const summary = plainText(draft.summary ?? '')
  const publishedAt = parseDate(draft.date)
  const author = plainLine(draft.author ?? '')
  return {
    id: idOf(draft, url, title),
    ...(url !== undefined && { url }),
    ...(title && { title }),
    ...(summary && { summary }),
    ...(draft.content?.trim() && { contentHtml: draft.content.trim() }),
    ...(author && { author }),
    ...(publishedAt !== undefined && { publishedAt }),
    ...(draft.date !== undefined && { publishedRaw: draft.date.slice(0, 200) }),
    categories: [...new Set(draft.categories.map(plainLine).filter(category => category !== ''))],
  }
}

function linkOf(draft: Draft, base: string): string | undefined {
  for (const link of draft.links) {
    const url = resolve(link.trim(), base)
    if (url !== undefined) return url
  }
  if (draft.id !== undefined && draft.idIsLink !== false && /^https?:\/\//iu.test(draft.id.trim()))
    return resolve(draft.id.trim(), base)
  return undefined
}

function idOf(draft: Draft, url: string | undefined, title: string): string {
  const given = draft.id?.trim()
  if (given !== undefined && given !== '') return given.length > MAX_ID ? hashId(given) : given
  return url ?? hashId(title, draft.date ?? '')
}

function resolve(address: string, base: string): string | undefined {
  if (address === '') return undefined
  const url = URL.parse(address, base)
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined
}
