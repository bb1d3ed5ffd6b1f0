/**
 * The matcher alone, with generated lexicons of 2,000 and 20,000 stems with one set of endings, from the text of an
 * article to its hits. The matcher finds and folds every word (both scripts, diacritics, look-alikes), puts disguised
 * words together, and keeps where each stands. The rivals: one regular expression that shares beginnings, once on lower-cased
 * text, which finds less (it misses other scripts and dropped diacritics), and once on text folded as ours; and the
 * fastest Aho-Corasick of the npm registry on lower-cased text, which knows no endings and no ends of words.
 */
import AhoCorasick from 'ahocorasick'
import { hbsPack } from '../../classify/languages/hbs/pack.ts'
import { NO_SPANS, PatternSet, Vocabulary } from '../../classify/matcher.ts'
import { parsePattern } from '../../classify/pattern.ts'
import { readWords } from '../../classify/words.ts'
import { fold } from '../../core/text.ts'
import { dice, invent } from './invented-articles.ts'
import { figure, measure, ratio } from './table.ts'
import type { BenchOptions, Contender, Table } from './table.ts'

export const name = 'matcher'

const ENDINGS = hbsPack.inflections['m']!

/** Words that look like those of the language, the same every run: what the texts are made of. */
function vocabulary(count: number): string[] {
  const next = dice(11)
  const pick = (from: string): string => from.charAt(Math.floor(next() * from.length))
  const found = new Set<string>()
  while (found.size < count) {
    let word = ''
    const syllables = 2 + Math.floor(next() * 3)
    for (let at = 0; at < syllables; at += 1) word += pick('bcdfghjklmnprstvzšžč') + pick('aeiou')
    found.add(next() < 0.5 ? word : word + pick('bcdgklmnprstvz'))
  }
  return [...found]
}

/** Stems near the words of the texts: they part from one only in its last letters, as in a language with roots. */
export function stems(count: number, words: readonly string[] = vocabulary(20_000)): string[] {
  const next = dice(13)
  const found = new Set<string>()
  while (found.size < count) {
    const word = words[Math.floor(next() * words.length)]!
    const kept = word.slice(0, Math.max(3, word.length - 1 - Math.floor(next() * 2)))
    found.add(
      kept + 'bdgkmnprstvz'.charAt(Math.floor(next() * 12)) + 'aeiou'.charAt(Math.floor(next() * 5)) + 'k',
    )
  }
  return [...found]
}

/** Folds, reads and matches: what the classifier does with one field, without what comes after. */
export function ours(words: readonly string[]): (text: string) => number {
  const vocabulary = new Vocabulary()
  const set = new PatternSet<string>(vocabulary)
  for (const stem of words)
    set.add(parsePattern(`${stem}~m`, { inflections: hbsPack.inflections, macros: {} }), stem)
  return text => {
    return set.find(readWords(text, hbsPack, vocabulary).fills, NO_SPANS, () => true).length
  }
}

/** One expression that shares beginnings, on lower-cased text: the best that an expression can do. */
export function prefixTrie(
  words: readonly string[],
  read: (text: string) => string = text => text.toLowerCase(),
): (text: string) => number {
  interface Node {
    readonly next: Map<string, Node>
    ends: boolean
  }
  const root: Node = { next: new Map(), ends: false }
  for (const word of words) {
    let node = root
    for (const letter of word) {
      const known = node.next.get(letter) ?? { next: new Map<string, Node>(), ends: false }
      node.next.set(letter, known)
      node = known
    }
    node.ends = true
  }
  const endings = [...ENDINGS].sort((a, b) => b.length - a.length).join('|')
  const sourceOf = (node: Node): string => {
    const ways = [...node.next].map(([letter, after]) => letter + sourceOf(after))
    if (node.ends) ways.push(`(?:${endings})(?!\\p{L})`)
    return ways.length === 1 ? ways[0]! : `(?:${ways.join('|')})`
  }
  const expression = new RegExp(`(?<!\\p{L})${sourceOf(root)}`, 'gu')
  return text => read(text).match(expression)?.length ?? 0
}

/** Counts the stems wherever they stand: less work than ours, as endings and ends of words are not looked at. */
export function ahoCorasick(words: readonly string[]): (text: string) => number {
  const automaton = new AhoCorasick([...words])
  return text => automaton.search(text.toLowerCase()).length
}

/** Articles of words near the stems, frequent ones more often; one word in three hundred is of the lexicon. */
export function articlesWith(stems: readonly string[], count: number): string[] {
  const hits = stems.slice(0, 40).map(stem => `Danas je ${stem}ima rečeno dosta.`)
  return invent({ count, characters: 3_000, hits, words: vocabulary(20_000) })
}

export async function bench({ quick }: BenchOptions): Promise<Table> {
  const contenders: (Contender & { hits: number })[] = []
  for (const size of [2_000, 20_000]) {
    const words = stems(size)
    const texts = articlesWith(words, quick ? 40 : 300)
    for (const [name, search] of [
      [`matcher, ${figure(size)} entries`, ours(words)],
      [`prefix-trie RegExp, lower-cased, ${figure(size)} entries`, prefixTrie(words)],
      [`prefix-trie RegExp, folded, ${figure(size)} entries`, prefixTrie(words.map(fold), fold)],
      [`npm ahocorasick, lower-cased, ${figure(size)} entries`, ahoCorasick(words)],
    ] as const) {
      const contender = {
        name,
        hits: 0,
        run(): number {
          contender.hits = 0
          for (const text of texts) contender.hits += search(text)
          return texts.length
        },
      }
      contenders.push(contender)
    }
  }
  const measured = await measure(contenders, quick ? 1 : 7)
  return {
    title: 'Matcher: articles of 3,000 characters a second, one core',
    columns: ['what', 'articles/s', 'articles/CPU-s', 'hits', 'against RegExp', 'against Aho-Corasick'],
    rows: measured.map((one, at) => [
      one.name,
      figure(one.perSecond),
      figure(one.perCpuSecond),
      contenders[at]!.hits,
      ratio(one.perCpuSecond, measured[at - (at % 4) + 1]!.perCpuSecond),
      ratio(one.perCpuSecond, measured[at - (at % 4) + 3]!.perCpuSecond),
    ]),
    notes: [
      'the ratio is to the expression on lower-cased text, which folds nothing; hits beyond its own are words of which only the folded form is an entry',
      `20,000 entries cost ${(measured[0]!.perCpuSecond / measured[4]!.perCpuSecond).toFixed(2)} times what 2,000 cost`,
    ],
  }
}
