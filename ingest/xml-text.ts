/** Tags, references and escapes of XML that may be broken in any way. */
import { decodeEntities } from './entities.ts'

export interface XmlTag {
  readonly name: string
  readonly attributes: string
  readonly closing: boolean
  readonly empty: boolean
  readonly end: number
}

const TAG = /<(\/?)([A-Za-z_][\w.:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)(\/?)>/uy

/** `cut` where the text ends inside a tag, `none` where a `<` starts no tag. */
export function tagAt(text: string, less: number): XmlTag | 'none' | 'cut' {
  if (!/[A-Za-z_/]/u.test(text[less + 1] ?? '')) return less + 1 < text.length ? 'none' : 'cut'
  TAG.lastIndex = less
  const match = TAG.exec(text)
  if (match) {
    const attributes = match[3]!
    const empty = attributes.endsWith('/')
    return {
      name: match[2]!,
      attributes: empty ? attributes.slice(0, -1) : attributes,
      closing: match[1] === '/',
      empty,
      end: TAG.lastIndex,
    }
  }
  return text.indexOf('>', less) === -1 ? 'cut' : 'none'
}

const NOT_XML = /&(?!(?:amp|lt|gt|quot|apos);)/u

/** References that XML does not know as the characters they stand for; a bare `&` as one. */
export function fixReferences(text: string): string {
  if (!NOT_XML.test(text)) return text
  return text.replace(/&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]{1,31});?|&/gu, reference =>
    /^&(?:amp|lt|gt|quot|apos);$/u.test(reference) ? reference : escapeAll(decodeEntities(reference)),
  )
}

export function escapeAll(text: string): string {
  return text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;').replace(/"/gu, '&quot;')
}

/** Content of a text element with its markup escaped; marked sections are kept. */
export function escapeMarkup(content: string): string {
  let escaped = ''
  let at = 0
  for (let open = content.indexOf('<![CDATA['); open !== -1; open = content.indexOf('<![CDATA[', at)) {
    const end = content.indexOf(']]>', open)
    if (end === -1) break
    escaped += escapeTags(content.slice(at, open)) + content.slice(open, end + 3)
    at = end + 3
  }
  return escaped + escapeTags(content.slice(at))
}

function escapeTags(text: string): string {
  if (!text.includes('<')) return fixReferences(text)
  // References inside written markup belong to it: one level more.
  return escapeAll(text.replace(/<!--.*?-->/gsu, ''))
}
