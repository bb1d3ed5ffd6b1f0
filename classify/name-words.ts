/** Words around and within names: titles that announce a speaker, and places and teams that are none. */
import { fold } from '../core/text.ts'
import type { Pack } from './pack.ts'
import { MAX_REST, parseAlternatives } from './pattern.ts'
import type { Word } from './pattern.ts'

/** Asked for speakers alone, so kept apart from the vocabulary that every word of every text is looked up in. */
export interface NameWords {
  isTitle(word: string): boolean
  isNotSpeaker(word: string): boolean
  /** In a case that no subject of a sentence has. */
  isOblique(word: string): boolean
}

/** Words remembered: one article asks for the same few again and again. */
const MAX_KNOWN = 10_000

export function nameWords(pack: Pack): NameWords {
  const dictionary = { inflections: pack.inflections, macros: {} }
  const isIn = (list: string): ((word: string) => boolean) => {
    const words = parseAlternatives(list, dictionary)
    const whole = new Set(words.flatMap(word => (word.kind === 'word' ? [word.folded] : [])))
    const stems = words.filter(word => word.kind === 'stem')
    const known = new Map<string, boolean>()
    return word => {
      let isKnown = known.get(word)
      if (isKnown === undefined) {
        const folded = fold(word)
        isKnown = whole.has(folded) || stems.some(stem => isFormOf(stem, folded))
        if (known.size >= MAX_KNOWN) known.clear()
        known.set(word, isKnown)
      }
      return isKnown
    }
  }
  return {
    isTitle: isIn(pack.titles),
    isNotSpeaker: isIn(pack.notSpeakers),
    isOblique: word => pack.oblique?.test(word) ?? false,
  }
}

function isFormOf(stem: Extract<Word, { kind: 'stem' }>, folded: string): boolean {
  if (!folded.startsWith(stem.folded)) return false
  const rest = folded.slice(stem.folded.length)
  return stem.endings ? stem.endings.has(rest) : rest.length <= MAX_REST
}
