/**
 * Group names: what the encoder reads instead of the name of a people. What is an instance against one group is one
 * against any, so it sees who is named first, second and third, and in which form, never which people it is. Slurs stay
 * as they are, and so do migrants: to send some of them back is policy, to send a people away is a crime.
 */
import type { PackCode } from '../pack.ts'
import type { Reading, Term } from '../reading.ts'

const KEPT: ReadonlySet<string> = new Set(['migrants'])

interface Names {
  /** What a folded noun ends in, and the form that each name has then; the first that fits, the last fits all. */
  readonly nouns: readonly (readonly [ending: RegExp, forms: readonly string[]])[]
  /** Of each name. */
  readonly adjectives: readonly string[]
  /** Of a folded adjective to what is written after its stem. */
  readonly ending: (folded: string) => string
}

const MK_ENDINGS: Readonly<Record<string, string>> = {
  ...{ i: 'и', a: 'а', o: 'о', ite: 'ите', ata: 'ата', oto: 'ото', iot: 'иот', iov: 'иот' },
}

const NAMES: Readonly<Record<PackCode, Names>> = {
  hbs: {
    nouns: [
      [/ima$/, ['srbima', 'hrvatima', 'bugarima', 'grcima']],
      [/i$/, ['srbi', 'hrvati', 'bugari', 'grci']],
      [/e$/, ['srbe', 'hrvate', 'bugare', 'grke']],
      [/a$/, ['srba', 'hrvata', 'bugara', 'grka']],
      [/u$/, ['srbinu', 'hrvatu', 'bugarinu', 'grku']],
      [/\w{3}[oe]m$/, ['srbinom', 'hrvatom', 'bugarinom', 'grkom']],
      [/$/, ['srbin', 'hrvat', 'bugarin', 'grk']],
    ],
    adjectives: ['srpsk', 'hrvatsk', 'bugarsk', 'grck'],
    ending: folded => /(?:[sc]k|vn)(\w*)$/.exec(folded)?.[1] ?? 'i',
  },
  mk: {
    nouns: [
      [/ite$/, ['србите', 'хрватите', 'бугарите', 'грците']],
      [/i$/, ['срби', 'хрвати', 'бугари', 'грци']],
      [/ot$/, ['србинот', 'хрватот', 'бугаринот', 'гркот']],
      [/ka$/, ['србинка', 'хрватка', 'бугарка', 'гркинка']],
      [/kata$/, ['србинката', 'хрватката', 'бугарката', 'гркинката']],
      [/$/, ['србин', 'хрват', 'бугарин', 'грк']],
    ],
    adjectives: ['српск', 'хрватск', 'бугарск', 'грчк'],
    ending: folded => MK_ENDINGS[/[sc]h?k(\w*)$/.exec(folded)?.[1] ?? 'i'] ?? 'и',
  },
  sq: {
    nouns: [
      [/et$/, ['serbet', 'kroatet', 'bullgaret', 'greket']],
      [/ve$/, ['serbeve', 'kroateve', 'bullgareve', 'grekeve']],
      [/n$/, ['serbin', 'kroatin', 'bullgarin', 'grekun']],
      [/t$/, ['serbit', 'kroatit', 'bullgarit', 'grekut']],
      [/[iu]$/, ['serbi', 'kroati', 'bullgari', 'greku']],
      [/[ea]$/, ['serbe', 'kroate', 'bullgare', 'greke']],
      [/$/, ['serb', 'kroat', 'bullgar', 'grek']],
    ],
    // They are the nouns.
    adjectives: [],
    ending: () => '',
  },
  en: {
    nouns: [
      [/[sai]$/, ['serbs', 'croats', 'bulgarians', 'greeks']],
      [/$/, ['serb', 'croat', 'bulgarian', 'greek']],
    ],
    // Of some peoples both are one word, so of all.
    adjectives: ['serb', 'croat', 'bulgarian', 'greek'],
    ending: () => '',
  },
}

/**
 * Of words that name a group, by their number: the name that is written instead. Groups are told apart by the order in
 * which they are named, in the first of the sentences before all others; the fourth name is that of all further ones.
 */
export function groupNames(
  { terms, words, sentences }: Pick<Reading, 'terms' | 'words' | 'sentences'>,
  code: PackCode,
): (order: readonly number[]) => ReadonlyMap<number, string> {
  const bySentence = Map.groupBy(terms.filter(namesOneWord), term => sentences.of[term.start]!)
  return order => {
    const places = new Map<string, number>()
    const written = new Map<number, string>()
    for (const sentence of order) {
      for (const { source, start } of bySentence.get(sentence) ?? []) {
        const place = places.get(source.target) ?? places.size
        places.set(source.target, place)
        written.set(start, nameFor(NAMES[code], words[start]!.folded, source.adjective, place))
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
  { nouns, adjectives, ending }: Names,
  folded: string,
  adjective: boolean,
  place: number,
): string {
  const at = Math.min(place, LAST)
  if (adjective) return adjectives[at]! + ending(folded)
  return nouns.find(([fits]) => fits.test(folded))![1][at]!
}

const LAST = 3
