/** The ways people write the same words: in the other script, without diacritics. Used in training alone. */
import { LATIN } from '../../core/letters.ts'
import { latinize } from '../../core/text.ts'
import type { Family } from './sources.ts'

export interface Writing {
  readonly words: readonly string[]
  /** How much of what is written in the language is learned as written so; the shares of a text add up to 1. */
  readonly share: number
}

/** Lower-case words as they may be written; those of our languages in every way, because hate is written in every way. */
export function writingsOf(words: readonly string[], family: Family): Writing[] {
  const latin = words.map(latinize)
  const plain = latin.map(withoutMarks)
  if (family === 'hbs') {
    return [
      { words: latin, share: 0.35 },
      { words: plain, share: 0.15 },
      { words: words.map(cyrillize), share: 0.5 },
    ]
  }
  if (family === 'mk') {
    return [
      { words, share: 0.7 },
      { words: latin, share: 0.15 },
      { words: plain, share: 0.15 },
    ]
  }
  return [
    { words, share: 0.7 },
    { words: words.map(withoutMarks), share: 0.3 },
  ]
}

/** Latin without diacritics; Cyrillic keeps them, because й would become и. */
export function withoutMarks(text: string): string {
  if (/\p{Script=Cyrillic}/u.test(text)) return text
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'dj')
}

const CYRILLIC = new Map(
  Object.entries(LATIN)
    .filter(([letter]) => !'ѐѝѓќѕ'.includes(letter))
    .map(([letter, latin]) => [latin, letter]),
)

/** A Serbian, Bosnian or Croatian word in Cyrillic; words with letters that Cyrillic lacks are foreign and stay. */
export function cyrillize(word: string): string {
  if (/[qwxy]/u.test(word)) return word
  return word.replace(/dž|lj|nj|\p{Script=Latin}/gu, letter => CYRILLIC.get(letter) ?? letter)
}
