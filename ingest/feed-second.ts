/** The second feed parser, for what the first cannot read: feedsmith. Also JSON Feed. */
import { parseFeed } from 'feedsmith'
import { compact } from './feed-draft.ts'
import type { Draft, DraftFeed } from './feed-draft.ts'

type AnyItem = Readonly<Record<string, unknown>>

/** @throws Error when it is no feed to this parser either. */
export function parseTolerantly(text: string): DraftFeed {
  const { feed } = parseFeed(text) as unknown as { feed: AnyItem }
  const items = (feed['items'] ?? feed['entries'] ?? []) as readonly AnyItem[]
  const title = stringIn(feed['title'])
  const base = stringIn(at(feed, 'xml', 'base'))
  return {
    ...(title !== undefined && { title }),
    ...(base !== undefined && { base }),
    drafts: items.map(draftOf),
  }
}

function draftOf(item: AnyItem): Draft {
  const guid = item['guid'] as AnyItem | string | undefined
  return compact({
    id: stringIn(guid) ?? stringIn(item['id']) ?? stringIn(at(item, 'rdf', 'about')),
    idIsLink: at(guid, 'isPermaLink') === false ? false : undefined,
    links: [item['link'], item['url'], ...linksOf(item), item['external_url']].flatMap(
      link => stringIn(link) ?? [],
    ),
    title: first(
      item['title'],
      at(item, 'dc', 'titles'),
      at(item, 'dc', 'title'),
      at(item, 'media', 'title'),
    ),
    summary: first(
      item['description'],
      item['summary'],
      at(item, 'dc', 'descriptions'),
      at(item, 'media', 'description'),
    ),
    content: first(
      at(item, 'content', 'encoded'),
      item['content'],
      item['content_html'],
      textAsHtml(item['content_text']),
    ),
    author: first(
      names(item['authors']),
      at(item, 'dc', 'creators'),
      at(item, 'dc', 'creator'),
      at(item, 'itunes', 'author'),
    ),
    date: first(
      item['pubDate'],
      item['published'],
      item['date_published'],
      at(item, 'dc', 'dates'),
      at(item, 'dc', 'date'),
      at(item, 'dcterms', 'issued'),
      at(item, 'dcterms', 'created'),
      item['updated'],
      item['date_modified'],
    ),
    categories: [
      ...list(item['categories']),
      ...list(item['tags']),
      ...list(at(item, 'dc', 'subjects')),
    ].flatMap(
      one =>
        stringIn(at(one, 'label')) ??
        stringIn(at(one, 'term')) ??
        stringIn(at(one, 'name')) ??
        stringIn(one) ??
        [],
    ),
    base: stringIn(at(item, 'xml', 'base')),
  })
}

function linksOf(item: AnyItem): unknown[] {
  const rank = (link: unknown): number =>
    ['alternate', undefined].includes(at(link, 'rel') as string | undefined) ? 0 : 1
  return list(item['links'])
    .filter(link => !['enclosure', 'replies', 'edit'].includes(String(at(link, 'rel'))))
    .sort((a, b) => rank(a) - rank(b))
    .map(link => at(link, 'href'))
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = (found as AnyItem)[name]
  }
  return found
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

function first(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const text = stringIn(Array.isArray(value) ? value[0] : value)
    if (text !== undefined) return text
  }
  return undefined
}

/** A string, or the one in `value` of a construct of Atom. */
function stringIn(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : at(value, 'value')
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

function names(authors: unknown): string | undefined {
  const found = list(authors).flatMap(author => stringIn(at(author, 'name')) ?? stringIn(author) ?? [])
  return found.length === 0 ? undefined : found.join(', ')
}

function textAsHtml(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  const escaped = text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;')
  return escaped
    .split(/\n{2,}/u)
    .map(paragraph => `<p>${paragraph}</p>`)
    .join('\n')
}
