/** News sitemaps: addresses with title and date; and the list of further sitemaps that an index of them is. */
import { decodeEntities } from './entities.ts'
import { parseDate } from './dates.ts'
import { plainLine } from './plain-text.ts'
import { walkHtml } from './html-tokens.ts'

export interface SitemapEntry {
  readonly url: string
  readonly title?: string
  readonly publishedAt?: string
}

export interface ParsedSitemap {
  readonly entries: readonly SitemapEntry[]
  /** Sitemaps that this one lists, newest first where it says. */
  readonly sitemaps: readonly string[]
  readonly warnings: readonly string[]
}

const MAX_ENTRIES = 2_000
/** An address of an archive is no news: a sitemap without dates gives its newest alone. */
const MAX_UNDATED = 200

interface Draft {
  readonly kind: 'url' | 'sitemap'
  readonly fields: Map<string, string>
}

/** @throws Error when the text is no sitemap. */
export function parseSitemap(text: string, url: string): ParsedSitemap {
  const drafts: Draft[] = []
  let open: Draft | undefined
  let field = ''
  let value = ''
  let seen = false as boolean
  let left = 0
  const end = (name: string): void => {
    if (name === field && open) {
      open.fields.set(field, (open.fields.get(field) ?? '') + value)
      field = ''
    }
    if (name !== open?.kind) return
    if (drafts.length < MAX_ENTRIES) drafts.push(open)
    else left++
    open = undefined
  }
  walkHtml(withoutSections(text), {
    open: name => {
      if (name === 'urlset' || name === 'sitemapindex') seen = true
      else if (name === 'url' || name === 'sitemap') open = { kind: name, fields: new Map() }
      else if (open && ['loc', 'lastmod', 'news:title', 'news:publication_date'].includes(name)) {
        field = name
        value = ''
      }
      return undefined
    },
    close: end,
    text: piece => {
      if (field !== '') value += piece
    },
    raw: () => undefined,
  })
  if (!seen) throw new Error(`expected a sitemap (<urlset> or <sitemapindex>) at ${url}, came something else`)
  const pages = drafts.filter(draft => draft.kind === 'url').flatMap(draft => entryOf(draft, url))
  const dated = pages.filter(page => page.publishedAt !== undefined)
  const warnings =
    left > 0
      ? [
          `the sitemap has ${String(drafts.length + left)} addresses; ${String(MAX_ENTRIES)} were taken, ${String(left)} left`,
        ]
      : []
  const sitemaps = drafts
    .filter(draft => draft.kind === 'sitemap')
    .sort(newestFirst)
    .flatMap(draft => resolve(draft, url) ?? [])
  return { entries: dated.length > 0 ? dated : pages.slice(0, MAX_UNDATED), sitemaps, warnings }
}

/** Marked sections are text here; the walker would leave them out. */
function withoutSections(text: string): string {
  return text.replace(/<!\[CDATA\[(.*?)\]\]>/gsu, (_, content: string) =>
    content.replace(/&/gu, '&amp;').replace(/</gu, '&lt;'),
  )
}

function entryOf(draft: Draft, base: string): SitemapEntry[] {
  const url = resolve(draft, base)
  if (url === undefined) return []
  const title = plainLine(draft.fields.get('news:title') ?? '')
  const publishedAt =
    parseDate(draft.fields.get('news:publication_date')) ?? parseDate(draft.fields.get('lastmod'))
  return [{ url, ...(title && { title }), ...(publishedAt !== undefined && { publishedAt }) }]
}

function resolve(draft: Draft, base: string): string | undefined {
  const url = URL.parse(decodeEntities(draft.fields.get('loc') ?? '').trim(), base)
  return url && /^https?:$/u.test(url.protocol) && draft.fields.has('loc') ? url.href : undefined
}

function newestFirst(a: Draft, b: Draft): number {
  return (b.fields.get('lastmod') ?? '').localeCompare(a.fields.get('lastmod') ?? '')
}
