/** Texts made of the patterns of an entry, one for each of its words: what the entry must find if it can find anything. */
import type { Engine } from './engine.ts'
import type { Entry, Place } from './entry.ts'
import type { Lexicon } from './lexicon.ts'
import type { Macro, Pattern, Word } from './pattern.ts'
import type { AtrocityEvent } from '../core/reference.ts'
import { parsePattern } from './pattern.ts'

export interface Instance {
  readonly text: string
  /** Word of the first place where the alternatives differ, for messages. */
  readonly words: readonly string[]
}

/** A word for each macro that is filled by what was found in a text. */
export type Samples = Readonly<Partial<Record<Macro, string>>>

export function samplesOf(lexicon: Lexicon, events: readonly AtrocityEvent[]): Samples {
  const first = (wanted: (entry: Entry) => boolean): string | undefined => {
    const entry = lexicon.entries.find(wanted)
    return entry && instancesOf(entry, {})[0]?.text
  }
  const group = first(entry => entry.kind === 'target' && !entry.adjective && entry.written === undefined)
  const slur = first(
    entry => entry.kind === 'rule' && entry.category === 'slur' && entry.written === undefined,
  )
  const person = first(entry => entry.kind === 'person')
  const meta = first(entry => entry.kind === 'metaphor')
  const term = events[0]?.terms[0]
  const event = term === undefined ? undefined : textOf(parsePattern(term), 0, {})
  return {
    ...(group !== undefined && { GROUP: group, 'GROUP!noun': group }),
    ...(slur !== undefined && { SLUR: slur }),
    ...(person !== undefined && { PERSON: person }),
    ...(meta !== undefined && { META: meta }),
    ...(event !== undefined && { EVENT: event }),
  }
}

/** Every alternative of every place stands in one of them at least. */
export function instancesOf(entry: Entry, samples: Samples): Instance[] {
  const { patterns, written } = entry
  const places = entry.kind === 'rule' ? (entry.stands ?? []) : []
  return patterns.flatMap(pattern => {
    const most = Math.max(...pattern.map(element => element.of.length))
    return Array.from({ length: most }, (_, turn): Instance[] => {
      const text = textOf(pattern, turn, samples)
      if (text === undefined) return []
      const shown = written === 'capital' ? text.charAt(0).toUpperCase() + text.slice(1) : text
      const changing = pattern.filter(element => element.of.length === most)
      const words = changing.map(({ of }) => wordOf(of[turn % of.length]!, samples) ?? '')
      return [{ text: placed(shown, places), words }]
    }).flat()
  })
}

/** The text where the entry wants it to stand. */
function placed(text: string, places: readonly Place[]): string {
  const asked = places.includes('question') ? `${text}?` : text
  return places.includes('quotation') ? `"${asked}"` : asked
}

function textOf(pattern: Pattern, turn: number, samples: Samples): string | undefined {
  const words = pattern.map(({ of }) => wordOf(of[turn % of.length]!, samples))
  return words.includes(undefined) ? undefined : words.join(' ')
}

function wordOf(word: Word, samples: Samples): string | undefined {
  if (word.kind === 'macro') return samples[word.name]
  if (word.kind === 'word' || !word.endings) return word.folded
  const [ending] = [...word.endings].sort((a, b) => a.length - b.length)
  return word.folded + (ending ?? '')
}

/** Words of grammar, which carry no meaning of their own. */
export function functionWords(engine: Engine): ReadonlySet<string> {
  const { negators, copulas, prepositions, thatWords } = engine.pack
  const lists = [negators, copulas, prepositions, thatWords]
  return new Set(lists.flatMap(list => [...wordsOfList(engine, list)]))
}

/** The whole words of a list of a pack. */
export function wordsOfList({ pack }: Engine, list: string): ReadonlySet<string> {
  const elements = parsePattern(list, { inflections: pack.inflections, macros: {} })
  return new Set(
    elements.flatMap(({ of }) => of.flatMap(word => (word.kind === 'word' ? [word.folded] : []))),
  )
}
