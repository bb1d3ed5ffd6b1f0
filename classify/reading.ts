/** Reading: one field of an article as the engine sees it: its words, what was found in it, its sentences and quotations. */
import type { Field } from '../core/labels.ts'
import type { Engine, Hint, TermSource } from './engine.ts'
import type { Place, RuleEntry } from './entry.ts'
import { NOTHING } from './letter-trie.ts'
import { addSpan, NO_SPANS } from './matcher.ts'
import type { Match, Span, Spans } from './matcher.ts'
import type { Pack } from './pack.ts'
import type { Macro } from './pattern.ts'
import { standsAt } from './place.ts'
import { quotationsIn, splitSentences } from './sentences.ts'
import type { Quotation, Sentences } from './sentences.ts'
import { readWords } from './words.ts'
import type { Word } from './words.ts'

/** Something found that a rule or a relation may be about; `start` and `end` count words. */
export interface Term {
  readonly source: TermSource
  readonly start: number
  readonly end: number
}

export interface HintHit {
  readonly hint: Hint
  readonly start: number
  readonly end: number
}

export interface Reading {
  readonly field: Field
  readonly text: string
  readonly pack: Pack
  readonly terms: readonly Term[]
  readonly rules: readonly Match<RuleEntry>[]
  /** From here on made on first use: most articles need none of it. */
  readonly words: readonly Word[]
  readonly sentences: Sentences
  readonly views: readonly SentenceView[]
  readonly quotations: readonly Quotation[]
  readonly hints: readonly HintHit[]
  /** Whether a hint stands anywhere in the field. */
  readonly holds: (hint: Hint) => boolean
}

export function readField(engine: Engine, field: Field, text: string): Reading {
  const { vocabulary } = engine
  const { places, fills, words } = readWords(text, engine.pack, vocabulary)
  const startOf = (word: number): number => places[word * 2]!
  const endOf = (word: number): number => places[word * 2 + 1]!

  const sentences = lazily(() => splitSentences(text, words(), engine.abbreviations))
  const withinSentence = (start: number, end: number): boolean =>
    end - start < 2 || sentences().of[start] === sentences().of[end - 1]
  /** "Mladić" is a name and "mladić" a young man: some entries count in one spelling only. */
  const isWrittenSo = ({ of, start }: Match<TermSource | RuleEntry>): boolean => {
    if (!of.written) return true
    const first = text.charAt(startOf(start))
    const capital = first !== first.toLowerCase()
    return of.written === 'capital' ? capital : !capital
  }

  /** "нѐ" is "us" and "не" is "not": with the mark dropped they are one word. */
  const isHomograph = (word: number): boolean =>
    engine.pack.notNegators?.test(text.slice(startOf(word), endOf(word) + 1)) ?? false

  const masked = without(fills, engine.masks.find(fills, NO_SPANS, withinSentence))
  const found = engine.terms
    .find(masked, NO_SPANS, withinSentence)
    .filter(isWrittenSo)
    .map(match => ({ source: match.of, start: match.start, end: match.end }))
  const filled = spansOf(engine, found)
  const readable = without(masked, engine.termMasks.find(masked, filled, withinSentence))
  const terms = readable === masked ? found : found.filter(term => readable[term.start] !== NOTHING)
  const withinClause = (start: number, end: number): boolean =>
    withinSentence(start, end) && !/[:;]/.test(text.slice(startOf(start), endOf(end - 1)))
  const quotations = lazily(() => quotationsIn(text))
  const standsSo = (place: Place, { start, end }: Match<RuleEntry>): boolean =>
    standsAt(place, text, startOf(start), endOf(end - 1), quotations())
  const rules = engine.rules
    .find(readable, terms === found ? filled : spansOf(engine, terms), withinClause)
    .filter(isWrittenSo)
    .filter(match => match.of.stands?.every(place => standsSo(place, match)) ?? true)
  const hints = lazily(() =>
    engine.hints
      .find(fills, NO_SPANS, withinSentence)
      .map(match => ({ hint: match.of, start: match.start, end: match.end }))
      .filter(({ hint, start }) => hint !== 'negation' || !isHomograph(start)),
  )
  const hintsHeld = lazily(() => new Set(hints().map(hit => hit.hint)))
  const views = lazily(() => viewsOf(terms, hints(), sentences()))
  return {
    field,
    text,
    pack: engine.pack,
    get words() {
      return words()
    },
    terms,
    rules,
    get sentences() {
      return sentences()
    },
    get views() {
      return views()
    },
    get quotations() {
      return quotations()
    },
    get hints() {
      return hints()
    },
    holds: hint => hintsHeld().has(hint),
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** Words that an exclusion takes out fill nothing. */
function without(fills: Int32Array, exclusions: readonly Match<unknown>[]): Int32Array {
  if (exclusions.length === 0) return fills
  const left = fills.slice()
  for (const { at } of exclusions) for (const word of at) left[word] = NOTHING
  return left
}

export function macrosOf(source: TermSource): readonly Macro[] {
  if (source.kind === 'target') return source.adjective ? ['GROUP'] : ['GROUP', 'GROUP!noun']
  if (source.kind === 'metaphor') return ['META']
  if (source.kind === 'person') return ['PERSON']
  if (source.kind === 'event') return ['EVENT']
  if (source.kind === 'cue') return []
  return ['SLUR', 'GROUP', 'GROUP!noun']
}

function spansOf(engine: Engine, terms: readonly Term[]): Spans {
  const spans: (Span[] | undefined)[] = []
  for (const { source, start, end } of terms) {
    for (const macro of macrosOf(source)) addSpan(spans, start, end, engine.vocabulary.fillOfMacro(macro))
  }
  return spans
}

/** What stands in one sentence. */
export interface SentenceView {
  readonly first: number
  /** Exclusive. */
  readonly end: number
  readonly terms: readonly Term[]
  readonly hints: readonly HintHit[]
}

function viewsOf(
  terms: readonly Term[],
  hints: readonly HintHit[],
  { of, bounds }: Sentences,
): readonly SentenceView[] {
  const views = bounds.map(([first, end]) => ({ first, end, terms: [] as Term[], hints: [] as HintHit[] }))
  for (const term of terms) views[of[term.start]!]!.terms.push(term)
  for (const hit of hints) views[of[hit.start]!]!.hints.push(hit)
  return views
}
