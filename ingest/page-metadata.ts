/** Title, author, date and the like of a page, from its metadata and markup. */
import { fold } from '../core/text.ts'
import type { Block, Page } from './block-tree.ts'
import { parseDate } from './dates.ts'
import type { StatedArticle } from './json-ld.ts'
import { plainLine } from './plain-text.ts'

export interface PageMetadata {
  readonly title?: string
  readonly lead?: string
  readonly author?: string
  readonly section?: string
  /** ISO 8601, UTC. */
  readonly publishedAt?: string
  /** As stated, for example `sr-RS`. */
  readonly language?: string
  readonly canonical?: string
}

const PUBLISHED = [
  'article:published_time',
  'og:article:published_time',
  'article:published',
  'datepublished',
  'date.published',
  'published_time',
  'publish-date',
  'publishdate',
  'pubdate',
  'publication_date',
  'dc.date.issued',
  'dcterms.created',
  'dcterms.issued',
  'dc.date',
  'sailthru.date',
  'parsely-pub-date',
  'date',
  'og:published_time',
  'article.published',
  'rnews:datepublished',
]

export function metadataOf(page: Page, stated: StatedArticle | undefined): PageMetadata {
  const meta = (...names: readonly string[]): string | undefined =>
    firstOf(names.map(name => page.meta.get(name)))
  const fields = {
    title: titleOf(page, stated),
    lead: lineOf(stated?.lead) ?? lineOf(meta('og:description', 'description', 'twitter:description')),
    author: stated?.author ?? authorOf(page),
    section:
      stated?.section ?? lineOf(meta('article:section', 'og:article:section', 'articlesection', 'section')),
    publishedAt:
      firstOf([stated?.published, ...PUBLISHED.map(name => page.meta.get(name))].map(parseDate)) ??
      firstOf(page.times.slice(0, 3).map(parseDate)) ??
      dateline(page.root),
    language: stated?.language ?? page.language ?? meta('og:locale', 'content-language', 'inlanguage'),
    canonical: page.canonical ?? meta('og:url'),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function firstOf<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.find(value => value !== undefined && value !== '')
}

function lineOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : plainLine(text) || undefined
}

/** The headline as stated, else the heading of the page, else its title without the name of the outlet. */
function titleOf(page: Page, stated: StatedArticle | undefined): string | undefined {
  const site = page.meta.get('og:site_name')
  const og = lineOf(page.meta.get('og:title') ?? page.meta.get('twitter:title') ?? page.meta.get('dc.title'))
  const headings = headingsOf(page.root)
  const title = plainLine(page.title)
  const heading =
    headings.find(one => fold(title).includes(fold(one))) ?? (headings.length === 1 ? headings[0] : undefined)
  return (
    stated?.title ??
    (og === undefined ? undefined : withoutSite(og, site, heading)) ??
    heading ??
    (withoutSite(title, site, undefined) || undefined)
  )
}

/** `Headline | Outlet` without the outlet: where the page names it, or where the heading ends. */
function withoutSite(title: string, site: string | undefined, heading: string | undefined): string {
  const parts = title.split(/\s+[|»·–—-]\s+|\s*\|\s*/u)
  if (parts.length < 2) return title
  const last = parts.at(-1)!
  const cut = title.slice(0, title.lastIndexOf(last)).replace(/[\s|»·–—-]+$/u, '')
  const named = site !== undefined && (fold(last) === fold(site) || fold(site).includes(fold(last)))
  if (named || (heading !== undefined && fold(heading) === fold(cut))) return cut
  return /[|»]\s*[^|»]*$/u.test(title) && last.split(' ').length <= 4 && cut.length > 20 ? cut : title
}

function headingsOf(root: Block): string[] {
  const found: string[] = []
  const walk = (block: Block): void => {
    if (found.length > 5 || block.hint === 'hidden') return
    if (block.tag === 'h1') found.push(plainLine(textOf(block)))
    for (const child of block.content) if (typeof child !== 'string') walk(child)
  }
  walk(root)
  return found.filter(heading => heading.length > 3)
}

function textOf(block: Block): string {
  return block.content.map(piece => (typeof piece === 'string' ? piece : ` ${textOf(piece)} `)).join('')
}

/** Longest line that is nothing but a date and a name; and how many blocks below the heading it stands at most. */
const LONGEST_DATELINE = 60
const DATELINE_BLOCKS = 40

/** The date in a short line between the heading and the first paragraph: old templates state it nowhere else. */
function dateline(root: Block): string | undefined {
  let blocks = -1
  let found: string | undefined
  const walk = (block: Block): boolean => {
    if (block.hint === 'unlikely' || block.hint === 'hidden' || block.tag === 'li') return false
    if (block.tag === 'h1') blocks = 0
    else if (blocks >= 0 && block.ownText > 0) {
      const line = plainLine(block.content.filter(piece => typeof piece === 'string').join(' '))
      if (line.length <= LONGEST_DATELINE) found = parseDate(line)
      else if (block.ownText >= 200) return true
    }
    if (found !== undefined || (blocks >= 0 && ++blocks > DATELINE_BLOCKS)) return true
    return block.content.some(child => typeof child !== 'string' && walk(child))
  }
  walk(root)
  return found
}

const BY =
  /^\s*(by|piše|pise|napisao|napisala|autor(ka|i|ica)?|аутор|автор|пише|nga|autori|tekst|foto|avtor)\b\s*:?\s*/iu

function authorOf(page: Page): string | undefined {
  const stated =
    page.meta.get('author') ??
    page.meta.get('article:author') ??
    page.meta.get('dc.creator') ??
    page.meta.get('parsely-author')
  const author = stated !== undefined && !/^https?:|^@|^\d+$/u.test(stated) ? plainLine(stated) : undefined
  const byline = page.bylines
    .map(one => plainLine(one).replace(BY, ''))
    .find(one => one !== '' && one.length <= 80 && !/\d{4}/u.test(one))
  return (author ?? byline)?.slice(0, 200)
}
