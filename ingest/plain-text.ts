/** Markup as plain text: what a reader would see of a fragment of HTML, paragraphs apart. */
import { decodeEntities } from './entities.ts'
import { walkHtml } from './html-tokens.ts'

/** Elements that stand on lines of their own. */
export const BLOCKS = new Set([
  'html',
  'body',
  'p',
  'div',
  'section',
  'article',
  'main',
  'header',
  'footer',
  'nav',
  'aside',
  'ul',
  'ol',
  'li',
  'dl',
  'dt',
  'dd',
  'table',
  'caption',
  'thead',
  'tbody',
  'tfoot',
  'tr',
  'td',
  'th',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'pre',
  'figure',
  'figcaption',
  'form',
  'fieldset',
  'address',
  'hr',
  'center',
  'details',
  'summary',
  'dialog',
  'hgroup',
  'menu',
  'search',
  'picture',
])

/** The text of a fragment of HTML. Text that holds no markup comes back with its references decoded. */
export function plainText(html: string): string {
  if (!html.includes('<')) return tidy(decodeEntities(html))
  let text = ''
  walkHtml(html, {
    open: name => {
      if (name === 'br') text += '\n'
      else if (BLOCKS.has(name)) text += '\n\n'
      return undefined
    },
    close: name => {
      if (BLOCKS.has(name)) text += '\n\n'
    },
    text: piece => {
      text += decodeEntities(piece.replace(/\s+/gu, ' '))
    },
    raw: () => undefined,
  })
  return tidy(text)
}

/** One line of plain text, for titles and names: markup and references of either level gone. */
export function plainLine(text: string): string {
  const once = decodeEntities(text)
  // Outlets escape titles twice: "&amp;quot;" is a quotation mark to everybody but the standard.
  const twice = decodeEntities(once.replace(/<\/?[a-zA-Z][^<>]*>|<!--.*?-->/gsu, ' '))
  return twice.replace(NOT_SHOWN, '').replace(/\s+/gu, ' ').trim()
}

/** Control characters and broken surrogates; they carry nothing, and JSON takes six bytes for each. */
const NOT_SHOWN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/gu

/** Paragraphs apart by one empty line, no space at ends, nothing that is not shown. */
export function tidy(text: string): string {
  return text
    .replace(NOT_SHOWN, '')
    .replace(/\r\n?/gu, '\n')
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/gu, '\n')
    .replace(/\n{2,}/gu, '\n\n')
    .trim()
    .toWellFormed()
}
