/** Passages as text on a page: marked, in their language, and covered until the reader reveals them. */
import { html } from 'hono/html'
import type { FlagDocument } from '../core/document.ts'
import type { Field, Language, Script } from '../core/labels.ts'
import { labelsOf } from '../core/query-fields.ts'
import { latinize } from '../core/text.ts'
import type { Html } from './format.ts'
import { CATEGORY, FIELD, SEVERITY, spoken } from './words.ts'

/** What a quoted text is written in, for the `lang` attribute (BCP 47). */
export function langOf(language: Language | undefined, script: Script | undefined): string {
  if (language === undefined || language === 'und') return 'und'
  const code = language === 'hbs' ? 'sh' : language
  const writing = script === 'Cyrl' || script === 'Latn' ? script : undefined
  // Languages with one script need none said.
  return writing && ['bs', 'sr', 'cnr', 'hbs'].includes(language) ? `${code}-${writing}` : code
}

/** A flag in neutral words, so that many are decided without reading the worst. */
export function neutral(flag: FlagDocument): string {
  const { category, subtype, severity, targets, event } = labelsOf(flag)
  const about = [...targets, ...(event ? [event] : [])].map(spoken).join(', ')
  return `${CATEGORY[category].name}, ${spoken(subtype).toLowerCase()}${about ? ` (${about})` : ''}, severity ${severity} – ${SEVERITY[severity]}, in the ${FIELD[flag.field]}`
}

/** The sentence of a flag with the passage marked, behind a cover. */
export function coveredSentence(flag: FlagDocument, { open }: { readonly open: boolean }): Html {
  const at = flag.sentence.indexOf(flag.quote)
  const before = at < 0 ? '' : flag.sentence.slice(0, at)
  const after = at < 0 ? '' : flag.sentence.slice(at + flag.quote.length)
  return html`<details class="cover block" data-cover${open ? html` open` : ''}>
    <summary>
      <span class="cover-closed">Passage covered: show it</span
      ><span class="cover-open">Cover the passage</span>
    </summary>
    <blockquote lang="${langOf(flag.language, flag.script)}">
      <p>${before}<mark>${flag.quote}</mark>${after}</p>
    </blockquote>
  </details>`
}

/** A headline as a link, or covered. */
export function headline(
  { article, language, script }: FlagDocument,
  href: string,
  isCovered: boolean,
): Html {
  if (isCovered) return html`<a href="${href}">Headline covered</a>`
  const title = article.title === '' ? 'Without headline' : article.title
  return html`<a href="${href}" lang="${langOf(language, script)}">${title}</a>`
}

export interface Numbered {
  readonly flag: FlagDocument
  readonly number: number
}

/** Passages of one field, in order of place, that still fit the text; a number each. */
export function passagesIn(flags: readonly Numbered[], field: Field, text: string): Numbered[] {
  return flags
    .filter(
      ({ flag }) => flag.field === field && !flag.retired && flag.end <= text.length && flag.start < flag.end,
    )
    .sort((a, b) => a.flag.start - b.flag.start || b.flag.end - a.flag.end)
}

interface Piece {
  readonly text: string
  /** Flags whose passage covers the piece. */
  readonly of: readonly Numbered[]
}

/** Cuts a text at the edges of its passages; passages that overlap share pieces. */
export function piecesOf(text: string, passages: readonly Numbered[], from = 0): Piece[] {
  const inside = (at: number): boolean => at > from && at < from + text.length
  const edges = new Set(passages.flatMap(({ flag }) => [flag.start, flag.end]).filter(inside))
  const cuts = [from, ...[...edges].sort((a, b) => a - b), from + text.length]
  return cuts.slice(0, -1).map((start, at) => {
    const end = cuts[at + 1]!
    return {
      text: text.slice(start - from, end - from),
      of: passages.filter(({ flag }) => flag.start < end && flag.end > start),
    }
  })
}

export interface ShowOptions {
  readonly open: boolean
  /** Show Cyrillic in Latin letters. */
  readonly latin: boolean
}

/** A text with its passages as numbered marks behind covers. `from` is where the text begins in its field. */
export function markedText(
  text: string,
  passages: readonly Numbered[],
  from: number,
  show: ShowOptions,
): Html {
  const written = (piece: string): string => (show.latin ? latinize(piece) : piece)
  const seen = new Set<string>()
  return html`${piecesOf(text, passages, from).map(piece => {
    if (piece.of.length === 0) return written(piece.text)
    const numbers = piece.of.map(({ number }) => number).join(', ')
    // The anchor stands once, at the first piece of each passage.
    const fresh = piece.of.filter(({ flag }) => !seen.has(flag.id))
    for (const { flag } of fresh) seen.add(flag.id)
    const anchors = fresh.map(({ number }) => html`<span id="s-${number}"></span>`)
    const ids = piece.of.map(({ flag }) => flag.id).join(' ')
    const category = CATEGORY[piece.of[0]!.flag.category].letter
    // A space more would be a letter more in the text.
    // prettier-ignore
    return html`${anchors}<details class="cover" data-cover data-of="${ids}"${show.open ? html` open` : ''}><summary><span class="cover-closed">passage ${numbers} covered</span><span class="cover-open">${numbers}</span></summary><mark class="${category}">${written(piece.text)}</mark></details>`
  })}`
}

/** Paragraphs with the place where each begins. */
export function paragraphsOf(text: string): { readonly text: string; readonly from: number }[] {
  return [...text.matchAll(/[^\n]+/gu)]
    .map(match => ({ text: match[0], from: match.index }))
    .filter(({ text: line }) => line.trim() !== '')
}

/** Only web addresses become links: anything else could run as a program. */
export function webAddress(address: string): string | undefined {
  const url = URL.parse(address)
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined
}

/** The address of the original, which opens at the sentence where the browser can (a text fragment). */
export function originalHref(address: string, quote?: string): string | undefined {
  const href = webAddress(address)
  if (href === undefined || quote === undefined) return href
  const words = quote.split(/\s+/u).slice(0, 8).join(' ')
  // A hyphen has a meaning in text fragments.
  return `${href.split('#')[0]!}#:~:text=${encodeURIComponent(words).replaceAll('-', '%2D')}`
}
