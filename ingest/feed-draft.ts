/** An entry as a parser handed it over, before anything is cleaned: the shape both parsers are brought to. */

export interface Draft {
  readonly id?: string
  /** False where the feed says that the id is no address. */
  readonly idIsLink?: boolean
  /** Addresses of the entry, the best first; perhaps relative. */
  readonly links: readonly string[]
  readonly title?: string
  /** HTML or text. */
  readonly summary?: string
  /** HTML. */
  readonly content?: string
  readonly author?: string
  readonly date?: string
  readonly categories: readonly string[]
  readonly base?: string
}

export interface DraftFeed {
  readonly title?: string | undefined
  readonly base?: string
  readonly drafts: readonly Draft[]
}

/** A node as xml2js makes it: text, or an object with `_` for its text and `$` for its attributes. */
type Node =
  | string
  | { readonly _?: string; readonly $?: Readonly<Record<string, string>>; readonly [child: string]: unknown }

const DATES = [
  'pubDate',
  'pubdate',
  'published',
  'issued',
  'dc:date',
  'dcterms:issued',
  'dcterms:created',
  'created',
  'date',
  'updated',
  'modified',
  'dcterms:modified',
]

/** The draft of one entry; `raw` answers all nodes of a name. */
export function draftOfNode(raw: (name: string) => unknown): Draft {
  const nodes = (name: string): readonly Node[] => (Array.isArray(raw(name)) ? (raw(name) as Node[]) : [])
  const text = (...names: string[]): string | undefined => firstText(names.flatMap(nodes))
  const guid = nodes('guid')[0]
  const attributes = raw('$') as Readonly<Record<string, string>> | undefined
  const encoded = text('content:encoded', 'content')
  const description = text('description', 'summary', 'dc:description')
  const about = attributes?.['rdf:about']
  return compact({
    id: text('guid', 'id') ?? about,
    idIsLink: typeof guid === 'object' && guid.$?.['isPermaLink'] === 'false' ? false : undefined,
    links: linksOf(nodes('link'), text('feedburner:origLink')),
    title: text('title', 'dc:title', 'media:title'),
    summary: description ?? text('media:description'),
    content: encoded,
    author: authorOf(nodes('author')) ?? text('dc:creator', 'author', 'itunes:author'),
    date: text(...DATES),
    categories: [...nodes('category'), ...nodes('dc:subject')].flatMap(categoryOf),
    base: attributes?.['xml:base'],
  })
}

/** Title and base of a feed that rss-parser has read. */
export function titleOfFeed(output: object): { title?: string; base?: string } {
  const raw = output as Readonly<Record<string, unknown>>
  const titles = raw['raw title']
  const title = Array.isArray(titles) ? firstText(titles as Node[]) : undefined
  const stated = title ?? (typeof raw['title'] === 'string' ? raw['title'] : undefined)
  const base = (raw['raw $'] as Readonly<Record<string, string>> | undefined)?.['xml:base']
  return { ...(stated !== undefined && { title: stated }), ...(base !== undefined && { base }) }
}

/** The draft without the fields that are not there. */
export function compact(fields: { readonly [K in keyof Draft]-?: Draft[K] | undefined }): Draft {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as Draft
}

function firstText(nodes: readonly Node[]): string | undefined {
  for (const node of nodes) {
    const text = textOf(node)
    if (text.trim() !== '') return text
  }
  return undefined
}

function textOf(node: unknown): string {
  if (typeof node === 'string') return node
  if (typeof node !== 'object' || node === null) return ''
  return typeof (node as { _?: unknown })._ === 'string' ? (node as { _: string })._ : ''
}

function linksOf(nodes: readonly Node[], original: string | undefined): string[] {
  const plain = nodes.filter(node => textOf(node).trim() !== '').map(textOf)
  const marked = nodes.flatMap(node =>
    typeof node === 'object' && node.$?.['href'] !== undefined ? [node.$] : [],
  )
  const ranked = marked.filter(link => linkRank(link) < 3).sort((a, b) => linkRank(a) - linkRank(b))
  // FeedBurner's own address counts clicks; the outlet's is the one that lasts.
  return [...(original === undefined ? [] : [original]), ...plain, ...ranked.map(link => link['href']!)]
}

function linkRank(link: Readonly<Record<string, string>>): number {
  const rel = link['rel'] ?? 'alternate'
  if (rel === 'alternate') return (link['type'] ?? 'text/html').includes('html') ? 0 : 1
  return rel === 'self' || rel === 'related' || rel === 'via' ? 2 : 3
}

function authorOf(nodes: readonly Node[]): string | undefined {
  const names = nodes.flatMap(node =>
    typeof node === 'object' && Array.isArray(node['name']) ? [textOf(node['name'][0])] : [],
  )
  return names.length === 0 ? undefined : names.join(', ')
}

function categoryOf(node: Node): string[] {
  if (typeof node === 'string') return [node]
  const name = node._ ?? node.$?.['label'] ?? node.$?.['term'] ?? ''
  return name === '' ? [] : [name]
}
