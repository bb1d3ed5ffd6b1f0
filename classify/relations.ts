/**
 * Metaphors in relation to a group. A word for vermin, disease or filth says nothing by itself; it becomes
 * dehumanization when the sentence applies it to a group: by a verb of being, a comparison, as its attribute, as the
 * nest or pack it comes from, by breeding, or by a call to clean it out.
 */
import type { Subtype } from '../core/labels.ts'
import { isPeople, peopleBefore } from './antecedent.ts'
import { logOdds, MAX_CANDIDATES, probability } from './candidate.ts'
import type { Candidate } from './candidate.ts'
import type { Hint } from './engine.ts'
import type { CueEntry, MetaphorEntry, RuleEntry, TargetEntry } from './entry.ts'
import type { Reading, SentenceView, Term } from './reading.ts'
import { isQuoted } from './speakers.ts'

type GroupTerm = Term & { readonly source: TargetEntry | RuleEntry }
type DeedTerm = Term & { readonly source: CueEntry }
type MetaphorTerm = Term & { readonly source: MetaphorEntry }

/** A metaphor reaches this many words. */
const REACH = 5
const SEVERITY: Readonly<Record<MetaphorEntry['subtype'], number>> = {
  animal: 3,
  disease: 3,
  filth: 3,
  demon: 3,
  object: 2,
  subhuman: 4,
  essence: 3,
}

export function relationsIn(reading: Reading): Candidate[] {
  // Most articles name groups; few hold anything that could be said against them.
  const pictures = reading.terms.filter(term => isMetaphor(term) || isDeed(term))
  if (pictures.length === 0 || !reading.terms.some(isGroup)) return []
  const found: Candidate[] = []
  for (const index of new Set(pictures.map(term => reading.sentences.of[term.start]!))) {
    found.push(...relationsOf(reading, reading.views[index]!))
    if (found.length >= MAX_CANDIDATES) break
  }
  return found
}

function relationsOf(reading: Reading, view: SentenceView): Candidate[] {
  const groups = view.terms.filter(isGroup)
  const found: Candidate[] = groups.some(isPeople) ? [] : ofThem(reading, view)
  for (const group of groups) {
    for (const term of view.terms) {
      const relation = isMetaphor(term)
        ? (relationOf(reading, view, group, term) ?? attributedTo(reading, view, group, term))
        : isDeed(term)
          ? deedRelation(reading, view, group, term)
          : undefined
      if (relation) found.push(candidateOf(reading, group, term, relation))
    }
  }
  return found
}

/** Relations that hold between a pronoun and a metaphor. */
const OF_PRONOUNS: readonly Relation['name'][] = ['copula', 'comparison', 'apposition']
/** "They" may be others than the people named last. */
const PRONOUN_COSTS = 0.4

/** "The Xs came. They are rats.": the metaphor is applied to a pronoun, and people stand before it. */
function ofThem(reading: Reading, view: SentenceView): Candidate[] {
  const pronouns = view.hints.filter(hit => hit.hint === 'pronoun')
  const metaphors = view.terms.filter(isMetaphor)
  return pronouns.flatMap(({ start, end }) => {
    const antecedent = peopleBefore(reading, start).at(-1)
    if (!antecedent || !isGroup(antecedent) || isLiteralThere(reading, antecedent)) return []
    const them = { source: antecedent.source, start, end }
    return metaphors.flatMap(metaphor => {
      const relation = relationOf(reading, view, them, metaphor)
      if (!relation || !OF_PRONOUNS.includes(relation.name)) return []
      const confidence = probability(logOdds(relation.confidence) - PRONOUN_COSTS)
      return [{ ...candidateOf(reading, them, metaphor, { ...relation, confidence }), antecedent }]
    })
  })
}

/** Real animals or illness beside the people: "they" may be those. */
function isLiteralThere(reading: Reading, { start }: Term): boolean {
  const view = reading.views[reading.sentences.of[start]!]!
  return view.hints.some(hit => hit.hint === 'literal') || view.terms.some(isMetaphor)
}

/** What a metaphor makes of a group, in words of ours: reasons are shown where passages are covered. */
const LIKENESS: Readonly<Partial<Record<Subtype, string>>> = {
  animal: 'animals',
  disease: 'a disease',
  filth: 'dirt or waste',
  demon: 'demons or monsters',
  object: 'a mass or a thing',
  subhuman: 'less than people',
}

interface Relation {
  readonly name:
    | 'copula'
    | 'comparison'
    | 'attribute'
    | 'apposition'
    | 'attribution'
    | 'collective'
    | 'breeding'
    | 'removal'
  readonly subtype: Subtype
  readonly severity: number
  readonly confidence: number
  readonly words: string
}

function relationOf(
  reading: Reading,
  view: SentenceView,
  group: GroupTerm,
  metaphor: MetaphorTerm,
): Relation | undefined {
  if (overlap(group, metaphor)) return undefined
  const [before, after] = group.start < metaphor.start ? [group, metaphor] : [metaphor, group]
  const gap = after.start - before.end
  if (gap > REACH || within(view, before.end, after.start, ['negation'])) return undefined
  const { subtype, peopleOnly } = metaphor.source
  const severity = SEVERITY[subtype]
  const hateful = group.source.kind === 'rule'
  const of = { subtype, severity }
  const said = LIKENESS[subtype] ?? subtype
  // "Xs are like rats", "rats like Xs": the word of comparison stands right before what is compared with.
  const like = view.hints.find(
    hit => hit.hint === 'comparison' && hit.start >= before.end && hit.end <= after.start,
  )
  if (like && gap <= 3 && after.start - like.end <= 1 && (before === group || gap === 1)) {
    return {
      ...of,
      name: 'comparison',
      confidence: peopleOnly || hateful ? 0.85 : 0.6,
      words: `the group is compared with ${said}`,
    }
  }
  if (like || within(view, before.end, after.start, ['clause-break'])) return undefined
  if (isCopula(reading, view, before, after)) {
    const confidence = peopleOnly || hateful ? 0.9 : before === group ? 0.75 : 0.55
    return { ...of, name: 'copula', confidence, words: `the group is said to be ${said}` }
  }
  if (gap > 0 || breaks(reading, before.end - 1, after.start)) return undefined
  if (hateful && !peopleOnly && isOneThing(reading, view, before, after)) return undefined
  if (hateful)
    return {
      ...of,
      name: 'attribute',
      // A snake may be a party or an idea; scum is always people.
      confidence: peopleOnly ? 0.92 : 0.72,
      words: `a hostile name for the group stands with ${said}`,
    }
  if (peopleOnly)
    return { ...of, name: 'apposition', confidence: 0.7, words: `the group's name stands with ${said}` }
  return undefined
}

/** "The Ustasha snake" is a party or an idea, where the sentence names no people. */
function isOneThing(reading: Reading, view: SentenceView, before: Term, after: Term): boolean {
  if (before.source.kind !== 'rule' || before.source.subtype !== 'war-label') return false
  const folded = reading.words.slice(before.start, after.end).map(word => word.folded)
  return (
    (reading.pack.oneThing?.test(folded.join(' ')) ?? false) &&
    !view.terms.some(term => term !== before && isPeople(term))
  )
}

/** "Scum", he said of the Xs: the metaphor is quoted, and the words around the quotation say of whom. */
function attributedTo(
  reading: Reading,
  view: SentenceView,
  group: GroupTerm,
  metaphor: MetaphorTerm,
): Relation | undefined {
  if (isAdjective(group) || isQuoted(reading, group.start) || !isQuoted(reading, metaphor.start))
    return undefined
  if (!view.hints.some(hit => hit.hint === 'about' && hit.end === group.start)) return undefined
  const speech = view.hints.some(
    hit =>
      hit.hint === 'speech' &&
      hit.end < group.start &&
      group.start - hit.end <= 3 &&
      !isQuoted(reading, hit.start),
  )
  const negated = view.hints.some(
    hit =>
      hit.hint === 'negation' && (isQuoted(reading, hit.start) || Math.abs(hit.start - group.start) <= 4),
  )
  if (!speech || negated) return undefined
  const { subtype, peopleOnly } = metaphor.source
  return {
    name: 'attribution',
    subtype,
    severity: SEVERITY[subtype],
    confidence: peopleOnly || group.source.kind === 'rule' ? 0.75 : 0.62,
    words: `somebody said of the group that it is ${LIKENESS[subtype] ?? subtype}`,
  }
}

/** Verbs and nouns that need no metaphor: breeding, calls to clean out, nest of, pack of. */
function deedRelation(
  reading: Reading,
  view: SentenceView,
  group: GroupTerm,
  { start, end, source: { cue } }: DeedTerm,
): Relation | undefined {
  const gap = start >= group.end ? start - group.end : group.start - end
  if (gap < 0) return undefined
  const [from, to] = start >= group.end ? [group.end, start] : [end, group.start]
  if (within(view, from, to, ['negation', 'clause-break']) || breaks(reading, from - 1, to)) return undefined
  const hateful = group.source.kind === 'rule'
  if (isAdjective(group)) return undefined
  if (cue === 'collective' && end <= group.start && gap <= 1) {
    return {
      name: 'collective',
      subtype: 'animal',
      severity: 3,
      confidence: hateful ? 0.9 : 0.8,
      words: 'the group is said to live in nests or packs, as animals do',
    }
  }
  if (cue === 'breeding' && gap <= 2) {
    return {
      name: 'breeding',
      subtype: 'animal',
      severity: 3,
      confidence: hateful ? 0.9 : 0.75,
      words: 'the group is said to breed, as animals do',
    }
  }
  if (cue === 'removal' && end <= group.start && gap <= 2) {
    return {
      name: 'removal',
      subtype: 'filth',
      severity: 4,
      confidence: 0.85,
      words: 'a call to remove the group, as one removes vermin or dirt',
    }
  }
  return undefined
}

function candidateOf(
  reading: Reading,
  group: GroupTerm,
  other: { readonly start: number; readonly end: number },
  relation: Relation,
): Candidate {
  const { name, subtype, severity, confidence, words } = relation
  return {
    reading,
    start: Math.min(group.start, other.start),
    end: Math.max(group.end, other.end),
    category: 'dehumanization',
    subtype,
    severity,
    targets: targetOf(group),
    evidence: [{ tier: 'relation', rule: `relation-${name}`, logOdds: logOdds(confidence), words }],
  }
}

export function targetOf(term: GroupTerm): string[] {
  return term.source.target === undefined ? [] : [term.source.target]
}

export function isGroup(term: Term): term is GroupTerm {
  return term.source.kind === 'target' || term.source.kind === 'rule'
}
function isDeed(term: Term): term is DeedTerm {
  return term.source.kind === 'cue'
}
function isMetaphor(term: Term): term is MetaphorTerm {
  return term.source.kind === 'metaphor'
}

function overlap(a: Term, b: Term): boolean {
  return a.start < b.end && b.start < a.end
}

function within(view: SentenceView, from: number, to: number, hints: readonly Hint[]): boolean {
  return view.hints.some(hit => hit.start >= from && hit.end <= to && hints.includes(hit.hint))
}

/** A verb of being between the two, and nothing that ends the clause. */
function isCopula(reading: Reading, view: SentenceView, before: Term, after: Term): boolean {
  if (isAdjective(before) || isAdjective(after)) return false
  const verb = view.hints.findLast(
    hit => hit.hint === 'copula' && hit.start >= before.end && hit.end <= after.start,
  )
  return verb !== undefined && after.start - verb.end <= 1 && !breaks(reading, before.end - 1, after.start)
}

function isAdjective({ source }: Term): boolean {
  return source.kind === 'target' && source.adjective
}

/** Punctuation that ends a clause between two words. */
function breaks(reading: Reading, from: number, to: number): boolean {
  const between = reading.text.slice(reading.words[from]!.end, reading.words[to]!.start)
  return /[,;:()–—]/.test(between)
}
