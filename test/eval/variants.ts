/**
 * The same passage written another way: in the other script, without diacritics, with look-alike letters, between
 * harmless sentences, with neutral words replaced by others, about
 * other groups. The verdict on it must stay.
 */
import { packCodeOf } from '../../classify/languages.ts'
import type { Flag } from '../../core/finding.ts'
import type { Language } from '../../core/labels.ts'
import { CYRILLIC_LOOKALIKES, LATIN, LATIN_LOOKALIKES } from '../../core/letters.ts'
import { scriptOf } from './evaluate.ts'
import type { Ask } from './evaluate.ts'
import { swapGroups } from './group-swap.ts'
import { rateOf } from './interval.ts'
import type { Rate } from './interval.ts'
import { jatSwitched } from './jat.ts'
import type { Passage } from './suite.ts'
import { withSynonyms } from './synonyms.ts'

export interface Variant {
  readonly name: string
  /** The passage written the other way; `undefined` where that way does not exist for it. */
  readonly of: (passage: Passage) => Passage | undefined
}

const BCMS: readonly Language[] = ['bs', 'hr', 'sr', 'cnr']
const isBcms = ({ language }: Passage): boolean => BCMS.includes(language)

export const VARIANTS: readonly Variant[] = [
  { name: 'script-bcms', of: onlyIf(isBcms, words(otherScript)) },
  { name: 'script-mk', of: onlyIf(({ language }) => language === 'mk', words(toLatin)) },
  { name: 'no-diacritics-bcms', of: onlyIf(isBcms, words(withoutDiacritics)) },
  { name: 'no-diacritics-sq', of: onlyIf(({ language }) => language === 'sq', words(withoutDiacritics)) },
  { name: 'look-alikes', of: words(withLookAlikes) },
  { name: 'jat', of: onlyIf(isBcms, words(jatSwitched)) },
  { name: 'synonyms', of: passage => words(text => withSynonyms(text, passage.language))(passage) },
  {
    name: 'groups',
    // What belongs to an event belongs to its groups.
    of: onlyIf(
      ({ event, label }) => event === undefined && !label.startsWith('denial/'),
      passage => words(text => swapGroups(text, packCodeOf(passage.language)!, 1))(passage),
    ),
  },
  { name: 'quotation-marks', of: words(straightQuotes) },
  { name: 'sentence-before', of: passage => ({ ...passage, text: `${harmless(passage)} ${passage.text}` }) },
  { name: 'sentence-after', of: passage => ({ ...passage, text: `${passage.text} ${harmless(passage)}` }) },
]

export interface VariantScore {
  readonly same: Rate
  /** Ids of the passages whose verdict changed. */
  readonly changed: readonly string[]
}

/** How often the set of labels stays when a passage is written another way. */
export async function stabilityOf(
  passages: readonly Passage[],
  ask: Ask,
): Promise<Record<string, VariantScore>> {
  const before = await verdictsOf(passages, ask)
  const scores: Record<string, VariantScore> = {}
  for (const { name, of } of VARIANTS) {
    const written = passages.flatMap(passage => of(passage) ?? [])
    const after = await verdictsOf(written, ask)
    const changed = written.filter(({ id }) => after.get(id) !== before.get(id))
    const same = rateOf(written.length - changed.length, written.length)
    scores[name] = { same, changed: changed.map(passage => passage.id) }
  }
  return scores
}

async function verdictsOf(passages: readonly Passage[], ask: Ask): Promise<Map<string, string>> {
  const answers = await ask(passages)
  return new Map(passages.map(({ id }, at) => [id, verdictOf(answers[at]!)]))
}

function verdictOf(flags: readonly Flag[]): string {
  return [...new Set(flags.map(flag => `${flag.category}/${flag.subtype}`))].sort().join(' ')
}

// ---------------------------------------------------------------- ways to write

/** A variant of every word of a passage; a passage that it does not change has none. */
function words(write: (text: string) => string): Variant['of'] {
  return passage => {
    const { title, section, text } = passage
    const other: Passage = {
      ...passage,
      text: write(text),
      ...(title !== undefined && { title: write(title) }),
      ...(section !== undefined && { section: write(section) }),
    }
    return other.text === text && other.title === title ? undefined : other
  }
}

function onlyIf(holds: (passage: Passage) => boolean, of: Variant['of']): Variant['of'] {
  return passage => (holds(passage) ? of(passage) : undefined)
}

/** Letters of Serbian and Montenegrin Cyrillic; the Macedonian ones have no place in a Latin text of ours. */
const CYRILLIC: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(LATIN)
      .filter(([letter]) => !/[ѓќѕѐѝ]/u.test(letter))
      .map(([letter, latin]) => [latin, letter]),
  ),
  ś: 'с\u0301',
}

function otherScript(text: string): string {
  return scriptOf(text) === 'Cyrl' ? toLatin(text) : toCyrillic(text)
}

function toLatin(text: string): string {
  return text.replaceAll('с\u0301', 'ś').replaceAll(/\p{Script=Cyrillic}/gu, (letter, at: number) => {
    const latin = LATIN[letter.toLowerCase()] ?? letter
    if (letter === letter.toLowerCase()) return latin
    const next = text[at + 1] ?? ''
    return /\p{Lu}/u.test(next) ? latin.toUpperCase() : latin.slice(0, 1).toUpperCase() + latin.slice(1)
  })
}

/** Words with letters that Cyrillic does not have stay as they are: they are foreign names. */
function toCyrillic(text: string): string {
  return text.replaceAll(/\p{L}+/gu, word => (/[qwxy]/iu.test(word) ? word : wordToCyrillic(word)))
}

function wordToCyrillic(word: string): string {
  return word.replaceAll(/dž|lj|nj|\p{Script=Latin}/giu, letter => {
    const cyrillic = CYRILLIC[letter.toLowerCase()]
    if (cyrillic === undefined) return letter
    return letter === letter.toLowerCase() ? cyrillic : cyrillic.toUpperCase()
  })
}

/** As typed on a foreign keyboard. Cyrillic has nothing to drop. */
function withoutDiacritics(text: string): string {
  if (scriptOf(text) === 'Cyrl') return text
  return text
    .replaceAll('đ', 'dj')
    .replaceAll('Đ', 'Dj')
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
}

/** Letters of the other script that look the same, keyed by what they stand for. */
const LOOK_LIKE = {
  Latn: letterPairs(LATIN_LOOKALIKES, /\p{Script=Cyrillic}/u),
  Cyrl: letterPairs(CYRILLIC_LOOKALIKES, /\p{Script=Latin}/u),
}

function letterPairs(table: Readonly<Record<string, string>>, script: RegExp): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table)
      .filter(([lookAlike]) => script.test(lookAlike))
      .map(([lookAlike, meant]) => [meant, lookAlike]),
  )
}

/** One letter swapped in every word of four letters and more, never the first: what somebody does to escape a filter. */
function withLookAlikes(text: string): string {
  const table = LOOK_LIKE[scriptOf(text)]
  return text.replaceAll(/\p{L}{4,}/gu, word => {
    const at = Array.from(word).findIndex((letter, index) => index > 0 && table.has(letter))
    return at < 0 ? word : word.slice(0, at) + table.get(word[at]!)! + word.slice(at + 1)
  })
}

function straightQuotes(text: string): string {
  return text.replaceAll(/[„“”«»]/gu, '"')
}

const HARMLESS: Readonly<Partial<Record<Language, string>>> = {
  bs: 'Sutra će u većini krajeva biti pretežno sunčano, uz slab vjetar.',
  hr: 'Sutra će u većini krajeva biti pretežno sunčano, uz slab vjetar.',
  sr: 'Sutra će u većini krajeva biti pretežno sunčano, uz slab vetar.',
  cnr: 'Sjutra će u većini krajeva biti pretežno sunčano, uz slab vjetar.',
  mk: 'Утре во поголемиот дел од земјата ќе биде сончево, со слаб ветер.',
  sq: 'Nesër në pjesën më të madhe të vendit pritet diell, me erë të lehtë.',
  en: 'Tomorrow will be mostly sunny in most parts of the country, with a light wind.',
}

function harmless({ language, text }: Passage): string {
  const sentence = HARMLESS[language] ?? ''
  return isBcms({ language } as Passage) && scriptOf(text) === 'Cyrl' ? toCyrillic(sentence) : sentence
}
