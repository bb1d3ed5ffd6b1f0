/** Articles a second through the whole classifier, beside franc and one regular expression of the same lexicon. */
import { franc } from 'franc'
import { bundledClassifier, bundledEvents } from '../classify/bundled.ts'
import { loadLexicons } from '../../classify/lexicon.ts'
import type { Pattern, Word } from '../../classify/pattern.ts'
import { parsePattern } from '../../classify/pattern.ts'
import { invent, STANDARD_HITS } from './invented-articles.ts'
import { figure, measure, ratio } from './table.ts'
import type { BenchOptions, Table } from './table.ts'

export const name = 'classify'

/** What most would build: the language by franc, the lexicon as one alternation on lower-cased text. */
function franciscan(): (text: string) => number {
  const words = new Set<string>()
  for (const lexicon of loadLexicons().byCode.values()) {
    for (const entry of lexicon.entries) for (const pattern of entry.patterns) addTo(words, pattern)
  }
  for (const event of bundledEvents()) for (const term of event.terms) addTo(words, parsePattern(term))
  const longestFirst = [...words].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  const alternation = new RegExp(`(?<!\\p{L})(?:${longestFirst.join('|')})(?!\\p{L})`, 'gu')
  return text => {
    const language = franc(text, { only: ['bos', 'hrv', 'srp', 'mkd', 'als', 'eng', 'slv'] })
    let hits = language === 'und' ? 0 : 1
    hits += text.toLowerCase().match(alternation)?.length ?? 0
    return hits
  }
}

/** The first word of each pattern: what an alternation would have to look for. */
function addTo(words: Set<string>, pattern: Pattern): void {
  for (const word of pattern[0]?.of ?? []) if (word.kind !== 'macro') words.add(sourceOf(word))
}

function sourceOf(word: Word & { folded: string }): string {
  if (word.kind === 'word') return word.folded
  if (!('endings' in word)) return `${word.folded}\\p{L}{0,6}`
  return `${word.folded}(?:${[...(word.endings ?? [])].sort((a, b) => b.length - a.length).join('|')})`
}

export async function bench({ quick }: BenchOptions): Promise<Table> {
  const articles = invent({ count: quick ? 40 : 400, characters: 3_000, hits: STANDARD_HITS })
  const before = process.memoryUsage().heapUsed
  const classifier = bundledClassifier()
  const megabytes = (process.memoryUsage().heapUsed - before) / 1e6
  const peer = franciscan()
  let flags = 0
  const [ours, theirs] = await measure(
    [
      {
        name: 'classifier',
        run() {
          flags = 0
          articles.forEach((text, at) => {
            flags += classifier.classify({ id: String(at), text, declaredLanguage: 'bs' }).flags.length
          })
          return articles.length
        },
      },
      {
        name: 'franc + one alternation',
        run() {
          for (const text of articles) peer(text)
          return articles.length
        },
      },
    ],
    quick ? 1 : 7,
  )
  return {
    title: 'Classify: articles of 3,000 characters a second, one core',
    columns: ['what', 'articles/s', 'articles/CPU-s', 'ratio'],
    rows: [ours!, theirs!].map(one => [
      one.name,
      figure(one.perSecond),
      figure(one.perCpuSecond),
      ratio(one.perCpuSecond, theirs!.perCpuSecond),
    ]),
    notes: [
      `the classifier finds language, relations, context and score; the peer finds words only, in one script`,
      `${flags} flags in ${articles.length} invented articles; compiled lexicons take about ${megabytes.toFixed(0)} MB`,
    ],
  }
}
