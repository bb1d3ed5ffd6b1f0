/** Genre: what kind of piece an article is, told by its section, its title and its author. Voice and doubts depend on it. */
import { fold } from '../core/text.ts'
import type { Pack } from './pack.ts'
import type { Reading } from './reading.ts'
import { isQuoted } from './speakers.ts'

export interface Genre {
  /** A column, a comment: the author speaks, not the newsroom. */
  readonly isOpinion: boolean
  /** A letter to the editor: a reader speaks, whom the outlet quotes. */
  readonly isLetter: boolean
  /** Farming, sport, culture: metaphors are mostly none there. */
  readonly isLiteral: boolean
  /** Who signed it, where that is a person. */
  readonly author?: string
}

export interface Byline {
  readonly section?: string | undefined
  readonly author?: string | undefined
  readonly title?: string | undefined
}

/** Sentences in the first person that make a signed text one that gives an opinion. */
const OWN_OPINIONS = 2

export function genreOf({ section = '', author, title = '' }: Byline, pack: Pack, text?: Reading): Genre {
  const person = author === undefined ? undefined : personIn(author)
  const label = /^([^:|–—]{3,30})\s*[:|–—]/u.exec(title)?.[1] ?? ''
  const places = [section, label].map(one => ` ${fold(one)} `)
  const isOneOf = (beginnings: readonly string[]): boolean =>
    beginnings.some(beginning => places.some(place => place.includes(` ${beginning}`)))
  const isLetter = isOneOf(pack.letterSections)
  return {
    isLetter,
    isOpinion: !isLetter && (isOneOf(pack.opinionSections) || (person !== undefined && speaksOfSelf(text))),
    isLiteral: pack.literalSections.some(beginning => places[0]!.includes(` ${beginning}`)),
    ...(person === undefined ? {} : { author: person }),
  }
}

/** A name of two to four capitalised words; newsrooms and agencies sign otherwise. */
function personIn(author: string): string | undefined {
  const name = author.trim().replace(/^(?:\p{Ll}+:?\s+){1,2}(?=\p{Lu})/u, '')
  return /^\p{Lu}[\p{L}.'’-]*\p{Ll}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*){1,3}$/u.test(name) ? name : undefined
}

function speaksOfSelf(text: Reading | undefined): boolean {
  if (!text) return false
  const own = text.hints.filter(hit => hit.hint === 'first-person' && !isQuoted(text, hit.start))
  return new Set(own.map(hit => text.sentences.of[hit.start])).size >= OWN_OPINIONS
}
