/**
 * Group names: what the encoder reads instead of the name of a people. What is an instance against one group is one
 * against any, so it sees who is named first, second and third, and in which form, never which people it is. Slurs stay
 * as they are, and so do migrants: to send some of them back is policy, to send a people away is a crime.
 */
import { languagePack } from '../languages.ts'
import type { PackCode, Peoples } from '../pack.ts'
import type { Reading, Term } from '../reading.ts'

const KEPT: ReadonlySet<string> = new Set(['migrants'])

/**
 * Of words that name a group, by their number: the name that is written instead. Groups are told apart by the order in
 * which they are named, in the first of the sentences before all others; the fourth name is that of all further ones.
 */
export function groupNames(
  { terms, words, sentences }: Pick<Reading, 'terms' | 'words' | 'sentences'>,
  code: PackCode,
): (order: readonly number[]) => ReadonlyMap<number, string> {
  const { peoples } = languagePack(code)
  const bySentence = Map.groupBy(terms.filter(namesOneWord), term => sentences.of[term.start]!)
  return order => {
    const places = new Map<string, number>()
    const written = new Map<number, string>()
    for (const sentence of order) {
      for (const { source, start } of bySentence.get(sentence) ?? []) {
        const place = places.get(source.target) ?? places.size
        places.set(source.target, place)
        written.set(start, nameFor(peoples, words[start]!.folded, source.adjective, place))
      }
    }
    return written
  }
}

type NamingTerm = Term & { readonly source: Extract<Term['source'], { readonly kind: 'target' }> }

function namesOneWord(term: Term): term is NamingTerm {
  const { source, start, end } = term
  return source.kind === 'target' && end - start === 1 && !KEPT.has(source.target)
}

function nameFor(
  { nouns, adjectives, ending }: Peoples,
  folded: string,
  adjective: boolean,
  place: number,
): string {
  const at = Math.min(place, LAST)
  if (adjective) return adjectives[at]! + ending(folded)
  return nouns.find(([fits]) => fits.test(folded))![1][at]!
}

const LAST = 3
