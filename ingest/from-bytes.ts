/** Bytes as they came over the wire to feed or article: decoding and parsing in one call, for commands and for the parsing processes. */
import type { ExtractRules } from '../core/source.ts'
import { decodeBody } from './charset.ts'
import { extractArticle } from './extract.ts'
import type { Extraction } from './extract.ts'
import { parseFeed } from './feed.ts'
import type { ParsedFeed } from './feed.ts'
import { listingLinks } from './listing.ts'
import type { ListingLink } from './listing.ts'
import { parseSitemap } from './sitemap.ts'
import type { ParsedSitemap } from './sitemap.ts'

export interface ByteHints {
  /** Address the bytes came from; links are resolved against it. */
  readonly url: string
  /** The header `Content-Type`, whole. */
  readonly contentType?: string
  /** Character encoding to try when neither bytes nor headers tell. */
  readonly sourceCharset?: string
}

export interface PageHints extends ByteHints {
  readonly rules?: ExtractRules
}

/** @throws NotAFeed */
export async function feedFromBytes(bytes: Uint8Array, hints: ByteHints): Promise<ParsedFeed> {
  const { text, warnings } = decodeBody(bytes, { ...charsetHints(hints), kind: 'feed' })
  const feed = await parseFeed(text, hints)
  return warnings.length === 0 ? feed : { ...feed, bozo: true, warnings: [...warnings, ...feed.warnings] }
}

/** @throws Error when the bytes are no text. */
export function articleFromBytes(bytes: Uint8Array, hints: PageHints): Extraction {
  const { text, warnings } = decodeBody(bytes, { ...charsetHints(hints), kind: 'page' })
  requireText(text)
  const article = extractArticle(text, { url: hints.url, ...(hints.rules && { rules: hints.rules }) })
  return warnings.length === 0 ? article : { ...article, warnings: [...warnings, ...article.warnings] }
}

/** @throws Error when the selector cannot be used. */
export function listingFromBytes(
  bytes: Uint8Array,
  hints: ByteHints & { readonly selector: string },
): readonly ListingLink[] {
  const { text } = decodeBody(bytes, { ...charsetHints(hints), kind: 'page' })
  return listingLinks(text, hints)
}

/** @throws Error when it is no sitemap. */
export function sitemapFromBytes(bytes: Uint8Array, hints: ByteHints): ParsedSitemap {
  const { text } = decodeBody(bytes, { ...charsetHints(hints), kind: 'feed' })
  return parseSitemap(text, hints.url)
}

/** Share of characters that no text has, from which on it is none: a picture, an archive, noise. */
const UNREADABLE = 0.1

function requireText(text: string): void {
  const unreadable = text.match(/[\uFFFD\0-\x08\x0E-\x1F]/gu)?.length ?? 0
  if (unreadable > UNREADABLE * text.length)
    throw new Error('expected a page, came bytes that are no text in any encoding we know')
}

function charsetHints({ contentType, sourceCharset }: ByteHints): {
  contentType?: string
  sourceCharset?: string
} {
  return {
    ...(contentType !== undefined && { contentType }),
    ...(sourceCharset !== undefined && { sourceCharset }),
  }
}
