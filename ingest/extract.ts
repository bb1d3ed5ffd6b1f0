/** A page as an article: what it states of itself, what its source's selectors name, and else the block that reads like one. */
import type { ExtractRules } from '../core/source.ts'
import { fold } from '../core/text.ts'
import { readPage } from './block-tree.ts'
import type { Page } from './block-tree.ts'
import { believableCanonical } from './canonical-url.ts'
import { contentText } from './content-text.ts'
import { parseDate } from './dates.ts'
import { statedArticle } from './json-ld.ts'
import { metadataOf } from './page-metadata.ts'
import { selectContent } from './select-content.ts'
import type { Selected } from './select-content.ts'

export interface Extraction {
  readonly title?: string
  /** Paragraphs apart by an empty line; empty where none was found. */
  readonly text: string
  readonly lead?: string
  readonly author?: string
  readonly section?: string
  /** ISO 8601, UTC. */
  readonly publishedAt?: string
  /** Primary language as the page states it, for example `sr`. */
  readonly language?: string
  /** Cleaned, and believable: on the same site and not its front page. */
  readonly canonicalUrl?: string
  /** Where the text is from. */
  readonly how: 'json-ld' | 'selectors' | 'content-scoring' | 'none'
  readonly warnings: readonly string[]
}

/** A stated body shorter than this is a summary. */
const MIN_BODY = 250

/** Never throws for what a page holds; takes time in proportion to its length. */
export function extractArticle(
  html: string,
  options: { readonly url: string; readonly rules?: ExtractRules },
): Extraction {
  const page = readPage(html)
  const stated = statedArticle(page.jsonLd)
  const metadata = metadataOf(page, stated)
  const selected: Selected =
    options.rules && page.refused === undefined ? selectContent(html, options.rules) : { warnings: [] }
  const { text, how } =
    page.refused === undefined
      ? textOf(page, stated?.body, selected.text)
      : ({ text: '', how: 'none' } as const)
  const warnings = [...selected.warnings]
  if (page.refused !== undefined) warnings.push(`not extracted: ${page.refused}`)
  else if (how === 'none') warnings.push('nothing on the page reads like an article')
  const title = selected.title ?? metadata.title
  const language =
    metadata.language === undefined ? undefined : /^[a-z]{2,3}/iu.exec(metadata.language)?.[0].toLowerCase()
  const canonicalUrl = believableCanonical(options.url, metadata.canonical)
  const body = withoutDateline(withoutTitle(text, title))
  return {
    ...(title !== undefined && { title }),
    text: body.text,
    ...optional('lead', metadata.lead),
    ...optional('author', selected.author ?? metadata.author),
    ...optional('section', metadata.section),
    ...optional('publishedAt', selected.publishedAt ?? metadata.publishedAt ?? body.date),
    ...optional('language', language),
    ...optional('canonicalUrl', canonicalUrl),
    how,
    warnings,
  }
}

function optional<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, string>)
}

function textOf(
  page: Page,
  body: string | undefined,
  selected: string | undefined,
): { text: string; how: Extraction['how'] } {
  // Selectors first: a person wrote them because the rest failed for this source.
  if (selected !== undefined) return { text: selected, how: 'selectors' }
  const scored = contentText(page.root)
  if (body !== undefined && body.length >= MIN_BODY && prefersBody(body, scored))
    return { text: body, how: 'json-ld' }
  return scored === '' ? { text: '', how: 'none' } : { text: scored, how: 'content-scoring' }
}

/** A stated body counts unless it is a part of what stands on the page, or the same without its paragraphs. */
function prefersBody(body: string, scored: string): boolean {
  if (body.length < 0.8 * scored.length) return false
  const alike = body.length < 1.25 * scored.length
  return !(alike && !body.includes('\n') && scored.includes('\n\n'))
}

/** Room for the names of a month and of a place; a sentence has more letters. */
const DATELINE_LETTERS = 24

/** Old templates put the date on a line of its own before the first paragraph. */
function withoutDateline(text: string): { readonly text: string; readonly date: string | undefined } {
  const [line = ''] = text.split('\n', 1)
  const rest = text.slice(line.length).trimStart()
  const letters = line.match(/\p{L}/gu)?.length ?? 0
  const date = letters <= DATELINE_LETTERS && !/^\p{Ll}/u.test(rest) ? parseDate(line) : undefined
  return { text: date === undefined ? text : rest, date }
}

/** The heading often stands at the head of the text too. */
function withoutTitle(text: string, title: string | undefined): string {
  if (title === undefined) return text
  const end = text.indexOf('\n\n')
  const first = end === -1 ? '' : text.slice(0, end)
  return first.length <= 2 * title.length + 20 && fold(first) === fold(title) ? text.slice(end + 2) : text
}
