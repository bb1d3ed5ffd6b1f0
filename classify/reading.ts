/** Reading: one field of an article as the engine sees it: its words, what was found in it, its sentences and quotations. */
import type { Field } from '../core/labels.ts'
import type { Engine, Hint, TermSource } from './engine.ts'
import type { Place, RuleEntry } from './entry.ts'
import { addSpan, NO_SPANS, NONE } from './matcher.ts'
import type { Match, PatternSet, Slots, Span, Spans } from './matcher.ts'
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
  readonly terms: readonly Term[]
  readonly rules: readonly Match<RuleEntry>[]
  /** From here on made on first use: most articles need none of it. */
  readonly words: readonly Word[]
  readonly sentences: Sentences
  readonly views: readonly SentenceView[]
  readonly quotations: readonly Quotation[]
  readonly hints: readonly HintHit[]
}

export function readField(engine: Engine, field: Field, text: string): Reading {
  const { vocabulary } = engine
  const { count, spans, slots: all, words } = readWords(text, engine.pack, vocabulary)
  const hot: number[] = []
  for (let at = 0; at < count; at += 1) if (all[at]!.length > 0) hot.push(at)
  const startOf = (word: number): number => spans[word * 2]!
  const endOf = (word: number): number => spans[word * 2 + 1]!

  const sentences = lazily(() => splitSentences(text, words(), engine.abbreviations))
  const withinSentence = (start: number, end: number): boolean =>
    end - start < 2 || sentences().of[start] === sentences().of[end - 1]
  /** "Mladić" is a name and "mladić" a young man: some entries count in one spelling only. */
  const isWrittenSo = ({ of, start }: Match<TermSource | RuleEntry>): boolean => {
    if (of.kind === 'event' || !of.written) return true
    const first = text.charAt(startOf(start))
    const capital = first !== first.toLowerCase()
    return of.written === 'capital' ? capital : !capital
  }

  /** "нѐ" is "us" and "не" is "not": with the mark dropped they are one word. */
  const isHomograph = (word: number): boolean =>
    engine.pack.notNegators?.test(text.slice(startOf(word), endOf(word) + 1)) ?? false

  const masked = engine.masks.find(all, beginning(engine.masks, all, hot), NO_SPANS, withinSentence)
  const slots = masked.length === 0 ? all : [...all]
  for (const mask of masked) for (const at of mask.at) slots[at] = NONE
  const found = engine.terms
    .find(slots, beginning(engine.terms, slots, hot), NO_SPANS, withinSentence)
    .filter(isWrittenSo)
    .map(match => ({ source: match.of, start: match.start, end: match.end }))
  const { terms, blank } = maskedTerms(engine, found, slots, hot, withinSentence)
  const readable = blank.size === 0 ? slots : slots.map((here, at) => (blank.has(at) ? NONE : here))
  const withinClause = (start: number, end: number): boolean =>
    withinSentence(start, end) && !/[:;]/.test(text.slice(startOf(start), endOf(end - 1)))
  const quotations = lazily(() => quotationsIn(text))
  const standsSo = (place: Place, { start, end }: Match<RuleEntry>): boolean =>
    standsAt(place, text, startOf(start), endOf(end - 1), quotations())
  const filled = spansOf(engine, terms)
  const rules = engine.rules
    .find(readable, beginning(engine.rules, readable, hot, filled), filled, withinClause)
    .filter(isWrittenSo)
    .filter(match => match.of.stands?.every(place => standsSo(place, match)) ?? true)
  const hints = lazily(() =>
    engine.hints
      .find(all, beginning(engine.hints, all, hot), NO_SPANS, withinSentence)
      .map(match => ({ hint: match.of, start: match.start, end: match.end }))
      .filter(({ hint, start }) => hint !== 'negation' || !isHomograph(start)),
  )
  const views = lazily(() => viewsOf(terms, hints(), sentences()))
  return {
    field,
    text,
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
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** The words at which a pattern of the set can begin. */
function beginning<T>(
  set: PatternSet<T>,
  slots: readonly Slots[],
  hot: readonly number[],
  spans: Spans = NO_SPANS,
): number[] {
  const { begins } = set
  const found: number[] = []
  for (const at of hot) {
    const here = slots[at]!
    let begin = spans.size > 0 && spans.has(at)
    for (let index = 0; index < here.length && !begin; index += 1) begin = begins[here[index]!] === 1
    if (begin) found.push(at)
  }
  return found
}

/** Terms without those that an exclusion with a macro takes out, and the words it takes with them. */
function maskedTerms(
  engine: Engine,
  terms: readonly Term[],
  slots: readonly Slots[],
  hot: readonly number[],
  allowed: (start: number, end: number) => boolean,
): { terms: readonly Term[]; blank: ReadonlySet<number> } {
  const blank = new Set<number>()
  if (engine.termMasks.isEmpty || terms.length === 0) return { terms, blank }
  const spans = spansOf(engine, terms)
  const begins = beginning(engine.termMasks, slots, hot, spans)
  for (const { at } of engine.termMasks.find(slots, begins, spans, allowed)) {
    for (const word of at) blank.add(word)
  }
  if (blank.size === 0) return { terms, blank }
  return { terms: terms.filter(term => !blank.has(term.start)), blank }
}

export function macrosOf(source: TermSource): readonly Macro[] {
  if (source.kind === 'target') return source.adjective ? ['GROUP'] : ['GROUP', 'GROUP!noun']
  if (source.kind === 'metaphor') return ['META']
  if (source.kind === 'person') return ['PERSON']
  if (source.kind === 'event') return ['EVENT']
  if (source.kind === 'cue') return []
  return ['SLUR', 'GROUP', 'GROUP!noun']
}

function spansOf(engine: Engine, terms: readonly Term[]): ReadonlyMap<number, readonly Span[]> {
  const spans = new Map<number, Span[]>()
  for (const { source, start, end } of terms) {
    for (const macro of macrosOf(source)) addSpan(spans, start, end, engine.vocabulary.slotsOf(macro))
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
