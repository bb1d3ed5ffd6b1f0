/** A page as a tree of its block elements, made in one pass without a DOM; links, hints and metadata noted on the way. */
import { decodeEntities } from './entities.ts'
import { attributesOf, walkHtml } from './html-tokens.ts'
import { blockHint } from './block-hints.ts'
import type { Hint } from './block-hints.ts'
import { BLOCKS } from './plain-text.ts'

/** Beyond these a page is an attack on the parser, not an article. */
export const MAX_DEPTH = 256
export const MAX_NODES = 200_000
export const MAX_ATTRIBUTES = 512

export interface Block {
  readonly tag: string
  readonly parent: Block | undefined
  /** Text and blocks in their order. Text may hold line breaks of `<br>`. */
  readonly content: (string | Block)[]
  readonly hint: Hint
  /** Class and id, in lower case. */
  readonly label: string
  /** Length of the text standing in this block itself, and of the part of it inside links. */
  ownText: number
  ownLinks: number
  /** Numbers of links in this block itself. */
  anchors: number
}

export interface Page {
  readonly root: Block
  /** `<title>`. */
  readonly title: string
  /** Content of `<meta>` by name, property or itemprop in lower case; the first of each counts. */
  readonly meta: ReadonlyMap<string, string>
  readonly canonical?: string
  readonly alternates: readonly { readonly href: string; readonly type: string; readonly title?: string }[]
  readonly language?: string
  readonly jsonLd: readonly string[]
  /** `datetime` of `<time>`, in order. */
  readonly times: readonly string[]
  /** Bylines by their markup (`rel=author`, `itemprop=author`, class byline), in order. */
  readonly bylines: readonly string[]
  /** Why the rest of the page was not read. */
  readonly refused?: string
}

/** Elements that close an open one of the same kind by standing after it. */
const CLOSES: Readonly<Record<string, ReadonlySet<string>>> = {
  li: new Set(['li']),
  dt: new Set(['dt', 'dd']),
  dd: new Set(['dt', 'dd']),
  tr: new Set(['tr', 'td', 'th']),
  td: new Set(['td', 'th']),
  th: new Set(['td', 'th']),
}
const SCOPES = new Set(['ul', 'ol', 'dl', 'table', 'menu'])
/** Empty elements: they hold nothing and are never closed. */
const VOID = new Set([
  'hr',
  'img',
  'br',
  'input',
  'meta',
  'link',
  'wbr',
  'source',
  'embed',
  'area',
  'col',
  'base',
  'track',
  'param',
])

/** Reads the page. A hostile one is refused with its reason, and what was read of it stays. */
export function readPage(html: string): Page {
  const reader = new PageReader()
  walkHtml(html, reader)
  return reader.page()
}

class PageReader {
  readonly #root: Block = newBlock('html', undefined, '', 'none')
  readonly #meta = new Map<string, string>()
  readonly #alternates: { href: string; type: string; title?: string }[] = []
  readonly #jsonLd: string[] = []
  readonly #times: string[] = []
  readonly #bylines: string[] = []
  #title: string | undefined
  #canonical: string | undefined
  #language: string | undefined
  #refused: string | undefined
  #block = this.#root
  #depth = 0
  #nodes = 0
  /** Open elements that are no blocks, counted by name: their closing tags must not close blocks. */
  #links = 0
  /** Name of the open element whose text is a byline, and the text so far. */
  #byline: { readonly tag: string; text: string } | undefined

  page(): Page {
    return {
      root: this.#root,
      title: this.#title ?? '',
      meta: this.#meta,
      ...(this.#canonical !== undefined && { canonical: this.#canonical }),
      alternates: this.#alternates,
      ...(this.#language !== undefined && { language: this.#language }),
      jsonLd: this.#jsonLd,
      times: this.#times,
      bylines: this.#bylines,
      ...(this.#refused !== undefined && { refused: this.#refused }),
    }
  }

  open(name: string, attributes: string): 'stop' | undefined {
    if (++this.#nodes > MAX_NODES) return this.#refuse(`more than ${String(MAX_NODES)} elements`)
    // Counting is exact only where there may be too many.
    if (attributes.length > 2 * MAX_ATTRIBUTES && attributesOf(attributes).size > MAX_ATTRIBUTES) {
      return this.#refuse(`an element with more than ${String(MAX_ATTRIBUTES)} attributes`)
    }
    if (BLOCKS.has(name)) return this.#openBlock(name, attributes)
    this.#openInline(name, attributes)
    return undefined
  }

  close(name: string): void {
    if (this.#byline?.tag === name) this.#endByline()
    if (name === 'a') this.#links = 0
    if (!BLOCKS.has(name)) return
    if (name === 'html' || name === 'body') return
    for (let block: Block | undefined = this.#block; block && block !== this.#root; block = block.parent) {
      if (block.tag === name) {
        this.#leave(block)
        return
      }
      if (
        SCOPES.has(block.tag) &&
        name !== 'table' &&
        !SCOPES.has(name) &&
        name !== 'div' &&
        name !== 'section' &&
        name !== 'article'
      )
        return
    }
  }

  text(text: string): void {
    const clean = decodeEntities(text.replace(/\s+/gu, ' '))
    if (clean === '') return
    if (this.#byline) this.#byline.text += clean
    append(this.#block, clean)
    if (clean === ' ') return
    this.#block.ownText += clean.length
    if (this.#links > 0) this.#block.ownLinks += clean.length
  }

  raw(name: string, attributes: string, content: string): void {
    if (name === 'title') this.#title ??= decodeEntities(content)
    else if (name === 'script' && /ld\+json/iu.test(attributes)) this.#jsonLd.push(content)
  }

  #refuse(reason: string): 'stop' {
    this.#refused = reason
    return 'stop'
  }

  #openBlock(name: string, written: string): 'stop' | undefined {
    const attributes = attributesOf(written)
    if (name === 'html') this.#language ??= attributes.get('lang') ?? attributes.get('xml:lang')
    if (name === 'html' || name === 'body') return undefined
    this.#closeImplied(name)
    if (VOID.has(name)) {
      append(this.#block, '\n\n')
      return undefined
    }
    const label = `${attributes.get('class') ?? ''} ${attributes.get('id') ?? ''}`.toLowerCase().slice(0, 300)
    const block = newBlock(name, this.#block, label, blockHint(name, label, attributes))
    this.#block.content.push(block)
    this.#block = block
    if (++this.#depth > MAX_DEPTH)
      return this.#refuse(`more than ${String(MAX_DEPTH)} elements inside one another`)
    this.#links = 0
    this.#beginByline(name, label, attributes)
    return undefined
  }

  #openInline(name: string, written: string): void {
    if (name === 'br') append(this.#block, '\n')
    else if (name === 'a') this.#openLink(written)
    else if (name === 'meta') this.#readMeta(attributesOf(written))
    else if (name === 'link') this.#readLink(attributesOf(written))
    else if (name === 'time') this.#readTime(written)
    else if (name === 'span' || name === 'em' || name === 'strong' || name === 'b')
      this.#openSpan(name, written)
  }

  #openLink(written: string): void {
    const attributes = attributesOf(written)
    if (attributes.has('href')) {
      this.#links = 1
      this.#block.anchors++
    }
    this.#beginByline('a', (attributes.get('class') ?? '').toLowerCase(), attributes)
  }

  #openSpan(name: string, written: string): void {
    if (!/author|byline|autor/iu.test(written)) return
    const attributes = attributesOf(written)
    this.#beginByline(
      name,
      `${attributes.get('class') ?? ''} ${attributes.get('id') ?? ''}`.toLowerCase(),
      attributes,
    )
  }

  #readTime(written: string): void {
    const datetime = attributesOf(written).get('datetime')
    if (datetime !== undefined && this.#times.length < 20) this.#times.push(datetime)
  }

  #readMeta(attributes: ReadonlyMap<string, string>): void {
    const content = decodeEntities(attributes.get('content') ?? '').trim()
    if (content === '') return
    for (const key of ['property', 'name', 'itemprop', 'http-equiv']) {
      const name = attributes.get(key)?.toLowerCase()
      if (name !== undefined && !this.#meta.has(name)) this.#meta.set(name, content)
    }
  }

  #readLink(attributes: ReadonlyMap<string, string>): void {
    const rel = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/u)
    const href = decodeEntities(attributes.get('href') ?? '')
    if (href === '') return
    if (rel.includes('canonical')) this.#canonical ??= href
    if (!rel.includes('alternate') || this.#alternates.length >= 50) return
    const title = attributes.get('title')
    this.#alternates.push({ href, type: attributes.get('type') ?? '', ...(title !== undefined && { title }) })
  }

  #beginByline(tag: string, label: string, attributes: ReadonlyMap<string, string>): void {
    if (this.#byline || this.#bylines.length >= 10) return
    const marked =
      attributes.get('rel')?.toLowerCase() === 'author' || /author/iu.test(attributes.get('itemprop') ?? '')
    if (marked || /(^|[\s_-])(byline|author|autor|autori|p-author)([\s_-]|$|name)/u.test(label))
      this.#byline = { tag, text: '' }
  }

  #endByline(): void {
    const text = this.#byline?.text.replace(/\s+/gu, ' ').trim() ?? ''
    this.#byline = undefined
    if (text !== '' && text.length <= 100) this.#bylines.push(text)
  }

  #closeImplied(name: string): void {
    if (this.#block.tag === 'p' || (/^h[1-6]$/u.test(name) && /^h[1-6]$/u.test(this.#block.tag))) {
      this.#leave(this.#block)
      return
    }
    const closes = CLOSES[name]
    if (!closes) return
    for (
      let block: Block | undefined = this.#block;
      block && block !== this.#root && !SCOPES.has(block.tag);
      block = block.parent
    ) {
      if (closes.has(block.tag)) {
        this.#leave(block)
        return
      }
    }
  }

  /** Goes back to the parent of an open block. */
  #leave(block: Block): void {
    while (this.#block !== block && this.#block.parent) {
      this.#block = this.#block.parent
      this.#depth--
    }
    this.#block = block.parent ?? this.#root
    this.#depth--
    this.#links = 0
  }
}

function newBlock(tag: string, parent: Block | undefined, label: string, hint: Hint): Block {
  return { tag, parent, content: [], hint, label, ownText: 0, ownLinks: 0, anchors: 0 }
}

function append(block: Block, text: string): void {
  const last = block.content.length - 1
  const before = block.content[last]
  if (typeof before === 'string') block.content[last] = before + text
  else block.content.push(text)
}
