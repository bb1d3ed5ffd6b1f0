/** Walks HTML from one `<` to the next without building anything: tags, text, and the content of raw elements, in order. */

export interface HtmlHandler {
  /** Name in lower case; attributes as written. Answer `stop` to end the walk. */
  open(name: string, attributes: string): 'stop' | undefined
  close(name: string): void
  /** Text as written, its entities not yet decoded. */
  text(text: string): void
  /** An element whose content is no markup for us, whole. */
  raw(name: string, attributes: string, content: string): void
}

/** Content of these is not read as markup, by the HTML standard or because no word of an article stands there. */
const RAW = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'iframe',
  'noscript',
  'noembed',
  'noframes',
  'xmp',
  'svg',
  'template',
  'button',
  'select',
  'video',
  'audio',
  'object',
  'canvas',
  'map',
  'math',
])

const LESS = 60
const GREATER = 62
const SLASH = 47
const EXCLAMATION = 33
const QUESTION = 63
const QUOTE = 34
const APOSTROPHE = 39
const EQUALS = 61

/** Walks the document once; takes time in proportion to its length whatever it holds. */
export function walkHtml(html: string, handler: HtmlHandler): void {
  const lower = new RawEnds(html)
  let at = 0
  while (at < html.length) {
    const less = html.indexOf('<', at)
    if (less === -1) {
      handler.text(html.slice(at))
      return
    }
    if (!startsTag(html, less)) {
      handler.text(html.slice(at, less + 1))
      at = less + 1
      continue
    }
    if (less > at) handler.text(html.slice(at, less))
    at = tagAt(html, less, lower, handler)
    if (at === -1) return
  }
}

function startsTag(html: string, less: number): boolean {
  const next = html.charCodeAt(less + 1)
  return next === SLASH || next === EXCLAMATION || next === QUESTION || isLetter(next)
}

/** Handles the tag at `less`; answers where to go on, or -1 to stop. */
function tagAt(html: string, less: number, ends: RawEnds, handler: HtmlHandler): number {
  const next = html.charCodeAt(less + 1)
  if (next === EXCLAMATION || next === QUESTION) return afterDeclaration(html, less)
  const closing = next === SLASH
  const nameStart = closing ? less + 2 : less + 1
  if (closing && !isLetter(html.charCodeAt(nameStart))) return endOf(html, '>', nameStart)
  let nameEnd = nameStart
  while (nameEnd < html.length && !endsName(html.charCodeAt(nameEnd))) nameEnd++
  const name = html.slice(nameStart, nameEnd).toLowerCase()
  const end = tagEnd(html, nameEnd)
  if (closing) {
    handler.close(name)
    return end
  }
  const attributes = html.slice(nameEnd, end - 1)
  if (!RAW.has(name)) return handler.open(name, attributes) === 'stop' ? -1 : end
  const close = attributes.endsWith('/') && name === 'svg' ? end : ends.of(name, end)
  // It never ends: a tag like any other.
  if (close === -1) return handler.open(name, attributes) === 'stop' ? -1 : end
  handler.raw(name, attributes, html.slice(end, close))
  return close === end ? end : endOf(html, '>', close)
}

function afterDeclaration(html: string, less: number): number {
  if (html.startsWith('<!--', less)) return endOf(html, '-->', less + 4)
  if (html.startsWith('<![CDATA[', less)) return endOf(html, ']]>', less + 9)
  return endOf(html, '>', less + 2)
}

function endOf(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from)
  return at === -1 ? html.length : at + mark.length
}

/** Just past the `>` that ends a tag; one inside a quoted value of an attribute does not. */
function tagEnd(html: string, from: number): number {
  let quote = 0
  let afterEquals = false
  for (let at = from; at < html.length; at++) {
    const code = html.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === GREATER) {
      return at + 1
    } else if ((code === QUOTE || code === APOSTROPHE) && afterEquals) {
      quote = code
      afterEquals = false
    } else if (code === EQUALS) {
      afterEquals = true
    } else if (code > 32) {
      afterEquals = false
    }
  }
  return html.length
}

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)

const endsName = (code: number): boolean => code <= 32 || code === SLASH || code === GREATER || code === LESS

/** Where raw elements end. Remembers the names that never end, or a page full of them takes quadratic time. */
class RawEnds {
  readonly #html: string
  readonly #endless = new Set<string>()

  constructor(html: string) {
    this.#html = html
  }

  of(name: string, from: number): number {
    if (this.#endless.has(name)) return -1
    const pattern = closingTag(name)
    pattern.lastIndex = from
    const match = pattern.exec(this.#html)
    if (match) return match.index
    this.#endless.add(name)
    return name === 'script' || name === 'style' ? this.#html.length : -1
  }
}

const closingTags = new Map<string, RegExp>()

function closingTag(name: string): RegExp {
  let pattern = closingTags.get(name)
  if (!pattern) closingTags.set(name, (pattern = new RegExp(`</${name}[\\s>/]`, 'giu')))
  return pattern
}

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>`]+)))?/gu

/** The attributes of a tag, names in lower case, entities not yet decoded; the first of equal names counts. */
export function attributesOf(written: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const match of written.matchAll(ATTRIBUTE)) {
    const name = match[1]!.toLowerCase()
    if (!attributes.has(name)) attributes.set(name, match[2] ?? match[3] ?? match[4] ?? '')
  }
  return attributes
}
