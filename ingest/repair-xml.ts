/** Makes a feed well-formed, entry by entry, in one bounded pass: parsers then see all entries or none of the damage. */
import { decodeEntities } from './entities.ts'
import { attributesOf } from './html-tokens.ts'
import { escapeAll, escapeMarkup, fixReferences, tagAt } from './xml-text.ts'
import type { XmlTag } from './xml-text.ts'

/** Nesting and attributes beyond what any feed has. 100,000 of either is an attack on the parser. */
const MAX_DEPTH = 256
const MAX_ATTRIBUTES = 64
export const MAX_ENTRIES = 2_000
/** Longest content looked through for where it really ends; many that end far away would take quadratic time. */
const MAX_CONTENT = 1_000_000

export interface RepairedFeed {
  /** Well-formed, without document type, comments and processing instructions; empty when there was no feed. */
  readonly xml: string
  /** Local name of the root element, in lower case: `rss`, `feed`, `rdf`; undefined where none was found. */
  readonly root?: string
  /** `xml:base` of the root. */
  readonly base?: string
  /** Entries in `xml`. */
  readonly entries: number
  /** Entries seen but not taken, over `MAX_ENTRIES`. */
  readonly left: number
  /** What had to be put right, each once. */
  readonly notes: readonly string[]
  /** Why the feed was not taken at all. */
  readonly refused?: string
}

/** Elements whose content is text or HTML: markup inside belongs to it, not to the feed. */
const TEXTUAL = new Set([
  'title',
  'description',
  'summary',
  'content',
  'content:encoded',
  'atom:summary',
  'atom:content',
  'atom:title',
  'subtitle',
])
const ROOTS = new Set(['rss', 'feed', 'rdf'])
const ENTRIES = new Set(['item', 'entry'])
const CONTAINERS = new Set(['channel', 'rss', 'feed', 'rdf', 'items', 'entries'])

const localName = (name: string): string => name.slice(name.indexOf(':') + 1).toLowerCase()

/** Takes time in proportion to the length of the text. */
export function repairXml(text: string): RepairedFeed {
  return new Repair(text).run()
}

class Repair {
  readonly #text: string
  readonly #out: string[] = []
  readonly #stack: string[] = []
  readonly #notes = new Set<string>()
  /** Names that are never closed again: looked for once. */
  readonly #endless = new Set<string>()
  #root: string | undefined
  #base: string | undefined
  #entries = 0
  #left = 0
  /** Length of the output before the entry now open. */
  #entryFrom = -1
  #refused: string | undefined

  constructor(text: string) {
    // A mark of byte order in the middle, NUL and other controls are in no alphabet of XML.
    this.#text = text
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufeff\ufffe\uffff]/gu, '')
      .toWellFormed()
    if (this.#text.length < text.length - 1) this.#notes.add('control characters were left out')
  }

  run(): RepairedFeed {
    let at = 0
    while (at !== -1 && at < this.#text.length && this.#refused === undefined) at = this.#step(at)
    this.#finish(at === -1)
    return {
      xml: this.#refused === undefined ? this.#out.join('') : '',
      ...(this.#root !== undefined && { root: this.#root }),
      ...(this.#base !== undefined && { base: this.#base }),
      entries: this.#entries,
      left: this.#left,
      notes: [...this.#notes],
      ...(this.#refused !== undefined && { refused: this.#refused }),
    }
  }

  /** Takes the text up to the next tag, and that tag; answers where to go on, -1 when the feed is at its end. */
  #step(at: number): number {
    const text = this.#text
    const less = text.indexOf('<', at)
    if (less === -1) {
      this.#write(text.slice(at))
      return text.length
    }
    if (less > at) this.#write(text.slice(at, less))
    if (text.startsWith('<!--', less)) return this.#after('-->', less)
    if (text.startsWith('<![CDATA[', less)) return this.#cdata(less)
    if (text.startsWith('<?', less)) return this.#after('>', less)
    if (text.startsWith('<!', less)) return this.#declaration(less)
    const tag = tagAt(text, less)
    if (tag === 'none') {
      this.#note('a bare < was taken for text')
      this.#emit('&lt;')
      return less + 1
    }
    if (tag === 'cut') return text.length
    return tag.closing ? this.#close(tag) : this.#open(tag)
  }

  #after(mark: string, from: number): number {
    const end = this.#text.indexOf(mark, from)
    return end === -1 ? this.#text.length : end + mark.length
  }

  #cdata(from: number): number {
    const end = this.#text.indexOf(']]>', from)
    if (end === -1) return this.#text.length
    this.#emit(this.#text.slice(from, end + 3))
    return end + 3
  }

  #declaration(from: number): number {
    const greater = this.#after('>', from)
    const bracket = this.#text.indexOf('[', from)
    if (bracket === -1 || bracket > greater) return greater
    this.#note('a document type with entities was left out')
    const end = /\]\s*>/gu
    end.lastIndex = bracket
    const match = end.exec(this.#text)
    return match ? match.index + match[0].length : this.#text.length
  }

  #open(tag: XmlTag): number {
    const local = localName(tag.name)
    if (this.#root === undefined) {
      if (!ROOTS.has(local)) return tag.end
      this.#root = local
      this.#base = attributesOf(tag.attributes).get('xml:base')
    } else if (ENTRIES.has(local) && !this.#beginEntry()) {
      return this.#skipEntry(tag)
    }
    const attributes = this.#attributes(tag)
    if (this.#refused !== undefined) return -1
    this.#emit(`<${tag.name}${attributes}${tag.empty ? '/>' : '>'}`)
    if (tag.empty) {
      if (ENTRIES.has(local)) this.#endEntry()
      return tag.end
    }
    this.#stack.push(tag.name)
    if (this.#stack.length > MAX_DEPTH)
      this.#refused = `more than ${String(MAX_DEPTH)} elements inside one another`
    return TEXTUAL.has(tag.name.toLowerCase()) ? this.#textual(tag) : tag.end
  }

  /** Whether the entry is taken; an entry still open ends here. */
  #beginEntry(): boolean {
    const container = this.#stack.findLastIndex(name => CONTAINERS.has(localName(name)))
    if (container < this.#stack.length - 1) {
      this.#note(`<${this.#stack[container + 1]!.slice(0, 40)}> was not closed`)
      this.#popTo(container + 1)
      this.#endEntry()
    }
    if (this.#entries >= MAX_ENTRIES) return false
    this.#entryFrom = this.#out.length
    this.#entries++
    return true
  }

  #endEntry(): void {
    this.#entryFrom = -1
  }

  #skipEntry(tag: XmlTag): number {
    this.#left++
    return tag.empty ? tag.end : this.#after(`</${tag.name}`, tag.end)
  }

  /** HTML written straight into a text element becomes text; parsers would else lose the order of its words. */
  #textual(tag: XmlTag): number {
    const end = this.#contentEnd(tag)
    if (end === -1) return tag.end
    const content = this.#text.slice(tag.end, end)
    this.#emit(escapeMarkup(content))
    return end
  }

  #contentEnd(tag: XmlTag): number {
    if (this.#endless.has(tag.name)) return -1
    const end = this.#text.indexOf(`</${tag.name}`, tag.end)
    if (end === -1) {
      this.#endless.add(tag.name)
      return -1
    }
    if (end - tag.end > MAX_CONTENT) return -1
    // A title that is not closed must not swallow the entries up to the next title.
    const bare = this.#text.slice(tag.end, end).replace(/<!\[CDATA\[.*?\]\]>/gsu, '')
    return /<\/?(?:\w+:)?(?:item|entry|channel)[\s>/]/u.test(bare) ? -1 : end
  }

  #attributes(tag: XmlTag): string {
    if (tag.attributes.trim() === '') return ''
    const attributes = attributesOf(tag.attributes)
    if (attributes.size > MAX_ATTRIBUTES) {
      this.#refused = `an element with more than ${String(MAX_ATTRIBUTES)} attributes`
      return ''
    }
    let written = ''
    for (const [name, value] of attributes) {
      if (/^[A-Za-z_][\w.:-]*$/u.test(name)) written += ` ${name}="${escapeAll(decodeEntities(value))}"`
    }
    return written
  }

  #close(tag: XmlTag): number {
    const at = this.#stack.lastIndexOf(tag.name)
    if (at === -1) {
      if (this.#root !== undefined) this.#note(`</${tag.name.slice(0, 40)}> closes nothing`)
      return tag.end
    }
    if (at < this.#stack.length - 1) this.#note(`<${this.#stack.at(-1)!.slice(0, 40)}> was not closed`)
    this.#popTo(at)
    if (this.#entryFrom !== -1 && !this.#stack.some(name => ENTRIES.has(localName(name)))) this.#endEntry()
    return this.#stack.length === 0 ? -1 : tag.end
  }

  /** Closes everything from the given place of the stack on. */
  #popTo(at: number): void {
    while (this.#stack.length > at) this.#emit(`</${this.#stack.pop()!}>`)
  }

  #finish(whole: boolean): void {
    if (whole || this.#root === undefined || this.#stack.length === 0) return
    this.#note('the feed ends in the middle')
    if (this.#entryFrom !== -1) this.#dropOpenEntry()
    this.#popTo(0)
  }

  /** Half an entry is no entry; it comes whole with the next poll. */
  #dropOpenEntry(): void {
    this.#out.length = this.#entryFrom
    this.#entries--
    this.#note('the last entry is cut off and was left out')
    this.#stack.length = this.#stack.findLastIndex(name => ENTRIES.has(localName(name)))
  }

  #write(text: string): void {
    if (this.#root !== undefined) this.#emit(fixReferences(text))
  }

  #emit(text: string): void {
    if (this.#root !== undefined) this.#out.push(text)
  }

  #note(note: string): void {
    if (this.#notes.size < 10) this.#notes.add(note)
  }
}
