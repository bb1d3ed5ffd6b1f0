/**
 * What the sentence and the article do with a passage: who speaks, what the article thinks of it, and what takes the
 * suspicion back. A passage is an instance whoever utters it; voice and stance rank it, they do not acquit.
 */
import type { OutletKind, Stance, Voice } from '../core/labels.ts'
import type { AtrocityEvent } from '../core/reference.ts'
import type { Candidate, Evidence } from './candidate.ts'
import type { EventSource, Hint } from './engine.ts'
import type { Need } from './entry.ts'
import type { Genre } from './genre.ts'
import type { NameWords } from './name-words.ts'
import { isOfAnotherSpeaker, peopleBefore } from './antecedent.ts'
import { isFilled, isNegated, isNotOnly, isRefuted, reaches } from './negation.ts'
import { macrosOf } from './reading.ts'
import type { HintHit, Reading, SentenceView, Term } from './reading.ts'
import { isQuoted, speakerBeforeColon, speakerNear } from './speakers.ts'

export interface ArticleContext extends Genre {
  readonly readings: readonly Reading[]
  readonly names: NameWords
  readonly title: Reading | undefined
  readonly outletKind: OutletKind | undefined
}

export interface Judged {
  readonly candidate: Candidate
  readonly voice: Voice
  readonly stance: Stance
  readonly speaker?: string
  readonly event?: string
  readonly targets: readonly string[]
  readonly evidence: readonly Evidence[]
}

/** A text of this many words has no room for the context that a doubtful entry asks for. */
const TOO_SHORT_TO_TELL = 4

/** The passage with voice, stance and event; undefined where the context shows that it is no instance. */
export function judge(candidate: Candidate, article: ArticleContext): Judged | undefined {
  const view = viewOf(candidate)
  const event = eventOf(candidate, view, article)
  if (!hasNeeds(candidate, view, article) || isTakenBack(candidate, view, event, article)) return undefined
  return inContext(candidate, article)
}

/** What the sentence and the article say of a passage, whatever they think of it. */
export function inContext(candidate: Candidate, article: ArticleContext): Judged {
  const view = viewOf(candidate)
  const event = eventOf(candidate, view, article)
  const { voice, speaker } = voiceOf(candidate, view, article)
  return {
    candidate,
    voice,
    stance: stanceOf(candidate, view, voice, article),
    ...(speaker === undefined ? {} : { speaker }),
    ...(event === undefined || candidate.category !== 'denial' ? {} : { event: event.id }),
    targets: targetsOf(candidate, view, article),
    evidence: [...candidate.evidence, ...doubts(candidate, view, article)],
  }
}

/** The context says that the passage is no instance; one that only lacks what its entry needs may be one. */
export function isVetoed(candidate: Candidate, article: ArticleContext): boolean {
  const view = viewOf(candidate)
  return (
    hasNeeds(candidate, view, article) &&
    isTakenBack(candidate, view, eventOf(candidate, view, article), article)
  )
}

/** A denial of the legal word alone, at a place where no court found that crime. */
export function disputesWordAlone(candidate: Candidate, article: ArticleContext): boolean {
  const view = viewOf(candidate)
  const event = eventOf(candidate, view, article)
  return event !== undefined && !isGenocide(event) && isAboutTheWord(candidate, view)
}

/** Words between "was" and the legal word: "was, as the court found, genocide" has more, and is left to the model. */
const NEAR = 3
const TAKES_BACK: readonly Hint[] = ['negation', 'refutation', 'refuted-after', 'contrast', 'untrue']

/** "It was genocide": the opposite of a denial, and written with nearly its words. */
export function affirmsGenocide({ reading, start, end }: Candidate): boolean {
  const { views, sentences } = reading
  const found = views.slice(sentences.of[start], sentences.of[end - 1]! + 1).flatMap(view => view.hints)
  const has = (...wanted: readonly Hint[]): HintHit[] => found.filter(hit => wanted.includes(hit.hint))
  if (has(...TAKES_BACK).length > 0) return false
  return has('genocide').some(
    word =>
      word.start >= start &&
      word.end <= end &&
      has('copula').some(copula => copula.end <= word.start && word.start - copula.end < NEAR),
  )
}

/** A denial needs something that is denied: an event, or an atrocity named nearby. */
export function hasSomethingDenied(candidate: Candidate, article: ArticleContext): boolean {
  return eventOf(candidate, viewOf(candidate), article) !== undefined || isAboutAtrocity(candidate, article)
}

function viewOf({ reading, start }: Candidate): SentenceView {
  return reading.views[reading.sentences.of[start]!]!
}

// ---------------------------------------------------------------- what a doubtful entry needs

function hasNeeds(candidate: Candidate, view: SentenceView, article: ArticleContext): boolean {
  const needs = candidate.entry?.needs
  return needs === undefined || needs.some(need => isThere(need, candidate, view, article))
}

function isThere(need: Need, candidate: Candidate, view: SentenceView, article: ArticleContext): boolean {
  if (need === 'atrocity' || need === 'praise' || need === 'hostility')
    return hints(view, need, candidate).length > 0
  if (need === 'atrocity-nearby') return isAboutAtrocity(candidate, article) || isTooShort(article)
  if (need === 'group-before') return groupsBefore(candidate, article).length > 0
  // Of events, one in the words of the pattern counts too: "nobody in X was killed".
  if (need === 'event') return view.terms.some(isEvent)
  const wanted = need === 'people' ? 'GROUP!noun' : need.toUpperCase()
  return view.terms.some(
    term =>
      (!touches(term, candidate) || isInGap(term, candidate)) &&
      macrosOf(term.source).some(macro => macro === wanted),
  )
}

/**
 * An atrocity is named in the sentence, in the two before or in the title: what "the numbers" are is said first. A title
 * is explained by the beginning of the text.
 */
function isAboutAtrocity({ reading, start }: Candidate, { title, readings }: ArticleContext): boolean {
  const index = reading.sentences.of[start]!
  const near = reading.views.slice(Math.max(0, index - 2), index + 1)
  const told = reading === title ? readings.flatMap(one => one.views.slice(0, 2)) : (title?.views ?? [])
  return [...near, ...told].some(view => holds(view, 'atrocity') || view.terms.some(isEvent))
}

/** The people that a passage about "them" is about; none where somebody else spoke of them. */
function groupsBefore({ reading, start, antecedent }: Candidate, article: ArticleContext): readonly Term[] {
  const people = antecedent === undefined ? peopleBefore(reading, start) : [antecedent]
  return people.filter(({ start: at }) => !isOfAnotherSpeaker(reading, at, start, article))
}

function isTooShort({ readings }: ArticleContext): boolean {
  return readings.reduce((sum, one) => sum + one.words.length, 0) <= TOO_SHORT_TO_TELL
}

/** Named in the passage, but not by the words of its pattern. */
function isInGap(term: Term, candidate: Candidate): boolean {
  return candidate.filled !== undefined && term.source !== candidate.entry && !isFilled(candidate, term)
}

function touches(one: { start: number; end: number }, other: { start: number; end: number }): boolean {
  return one.start < other.end && other.start < one.end
}

/** Hints of the sentence outside the passage, or in its gaps. */
function hints(view: SentenceView, hint: Hint, candidate: Candidate): HintHit[] {
  return view.hints.filter(
    hit =>
      hit.hint === hint &&
      !(hit.start >= candidate.start && hit.end <= candidate.end && isOfPassage(candidate, hit)),
  )
}

/** A cue in a gap of the passage stands outside it: only the words of the pattern say nothing new. */
function isOfPassage(candidate: Candidate, hit: HintHit): boolean {
  return candidate.filled === undefined || isFilled(candidate, hit)
}

// ---------------------------------------------------------------- what takes it back

function isTakenBack(
  candidate: Candidate,
  view: SentenceView,
  event: AtrocityEvent | undefined,
  article: ArticleContext,
): boolean {
  const has = (hint: Hint): boolean => hints(view, hint, candidate).length > 0
  // It may stand within: "nije istina da nije bilo" begins with the same word as the claim it denies.
  const before = (hint: Hint): boolean =>
    view.hints.some(hit => hit.hint === hint && hit.start <= candidate.start && reaches(hit, candidate, view))
  if (candidate.entry?.unless?.some(has)) return true
  if (candidate.category !== 'slur' && isRefuted(candidate, view)) return true
  switch (candidate.category) {
    case 'denial':
      if (candidate.subtype === 'glorification') return isNoHero(candidate, view)
      if (before('undeniable') || before('untrue')) return true
      if (has('elsewhere') && !view.terms.some(isEvent)) return true
      return event !== undefined && !isGenocide(event) && isAboutTheWord(candidate, view)
    case 'incitement':
      return has('warning') || isNegated(candidate, view)
    case 'slur':
      return hints(view, 'word-mention', candidate).some(hit => awayFrom(hit, candidate) <= MENTION_REACH)
    case 'dehumanization':
      if (candidate.antecedent && groupsBefore(candidate, article).length === 0) return true
      if (candidate.entry && isNegated(candidate, view)) return true
      return has('as-if') || (candidate.entry === undefined && (has('literal') || article.isLiteral))
    default:
      // "We will not survive" is the threat itself.
      return before('untrue') || (candidate.subtype !== 'existential' && isNegated(candidate, view))
  }
}

/** "The word X": the mention stands next to the word. */
const MENTION_REACH = 4

/** "He is no hero." */
function isNoHero({ start, end }: Candidate, view: SentenceView): boolean {
  return view.hints.some(
    hit => hit.hint === 'negation' && hit.start >= start - 2 && hit.end <= end && !isNotOnly(hit, view),
  )
}

function awayFrom(hit: HintHit, { start, end }: Candidate): number {
  return hit.start >= end ? hit.start - end : start - hit.end
}

/** The passage denies the legal word and no crime: "it was not genocide", "there was no genocide". */
function isAboutTheWord({ entry, subtype, start, end }: Candidate, view: SentenceView): boolean {
  if (entry?.disputes === 'qualification') return true
  if (subtype !== 'outright' && subtype !== 'qualification') return false
  const inside = view.hints.filter(hit => hit.start >= start && hit.end <= end)
  const words = inside.filter(hit => hit.hint === 'genocide')
  const crimes = inside.filter(hit => hit.hint === 'atrocity')
  return words.length > 0 && crimes.every(crime => words.some(word => word.start === crime.start))
}

function isGenocide(event: AtrocityEvent): boolean {
  return event.adjudication === 'genocide' || event.adjudication === 'historical-consensus'
}

// ---------------------------------------------------------------- event and targets

type EventTerm = Term & { readonly source: EventSource }

function isEvent(term: Term): term is EventTerm {
  return term.source.kind === 'event'
}

/** The event spoken of: in the passage, else in its sentence, else in the title, else the last one named before. */
function eventOf(
  candidate: Candidate,
  view: SentenceView,
  article: ArticleContext,
): AtrocityEvent | undefined {
  if (candidate.category !== 'denial') return undefined
  const here = view.terms.filter(isEvent)
  const inside = here.filter(term => touches(term, candidate))
  const near = inside.length > 0 ? inside : here
  // Two events in one sentence: the one that courts called genocide is the one that is denied.
  const found = near.find(term => isGenocide(term.source.event)) ?? near[0]
  if (found) return found.source.event
  const title = article.title?.terms.find(isEvent)
  if (title) return title.source.event
  return candidate.reading.terms
    .filter(isEvent)
    .filter(term => term.end <= candidate.start)
    .at(-1)?.source.event
}

function targetsOf(candidate: Candidate, view: SentenceView, article: ArticleContext): readonly string[] {
  if (candidate.targets.length > 0) return candidate.targets
  const named = view.terms.filter(term => touches(term, candidate)).flatMap(targetOfTerm)
  if (named.length > 0 || candidate.category === 'denial') return [...new Set(named)]
  const around = view.terms.flatMap(targetOfTerm)
  const pronoun = candidate.entry?.needs?.includes('group-before') ?? false
  return [
    ...new Set(
      around.length > 0 || !pronoun ? around : groupsBefore(candidate, article).flatMap(targetOfTerm),
    ),
  ]
}

function targetOfTerm({ source }: Term): string[] {
  return (source.kind === 'target' || source.kind === 'rule') && source.target !== undefined
    ? [source.target]
    : []
}

// ---------------------------------------------------------------- voice

function voiceOf(
  candidate: Candidate,
  view: SentenceView,
  article: ArticleContext,
): { voice: Voice; speaker?: string } {
  const { reading } = candidate
  const speech = hints(view, 'speech', candidate)
  const colon = speakerBeforeColon(reading, view, candidate.start, article)
  if (colon !== undefined) return { voice: 'quoted', ...(colon === true ? {} : { speaker: colon }) }
  const verb = nearest(speech, candidate)
  const speaker = verb && speakerNear(reading, view, verb, candidate, article)
  const quoted =
    isCitation(candidate, speech.length > 0) ||
    (verb !== undefined && governs(reading, view, verb, candidate))
  if (quoted) return { voice: 'quoted', ...(speaker === undefined ? {} : { speaker }) }
  const signed = article.author === undefined ? {} : { speaker: article.author }
  if (article.isLetter) return { voice: 'quoted', ...signed }
  return article.isOpinion ? { voice: 'author', ...signed } : { voice: 'outlet' }
}

function nearest(hits: readonly HintHit[], candidate: Candidate): HintHit | undefined {
  // One within the passage ("Xs are, they say, ...") only where there is no other.
  const rank = (hit: HintHit): number =>
    touches(hit, candidate) ? Number.MAX_SAFE_INTEGER : awayFrom(hit, candidate)
  return [...hits].sort((a, b) => rank(a) - rank(b))[0]
}

/** In quotation marks with more than a word or two, which would be scare quotes. */
function isCitation({ reading, start, end }: Candidate, attributed: boolean): boolean {
  const from = reading.words[start]!.start
  const to = reading.words[end - 1]!.end
  const around = reading.quotations.find(one => one.start <= from && to <= one.end)
  if (!around) return false
  const words = reading.text.slice(around.start, around.end).trim().split(/\s+/).length
  return attributed || words > 2
}

/** A verb of speaking governs what follows it behind "that", a comma or a colon, and what stands before it and a comma. */
function governs(reading: Reading, view: SentenceView, verb: HintHit, { start, end }: Candidate): boolean {
  if (isQuoted(reading, verb.start) && !isQuoted(reading, start)) return false
  if (verb.end <= start) {
    const that = view.hints.some(hit => hit.hint === 'that' && hit.start >= verb.end && hit.end <= end)
    return that || /[:,]/.test(between(reading, verb.end - 1, start)) || start - verb.end <= 2
  }
  return /[,–—-]/.test(between(reading, end - 1, verb.start)) || verb.start - end <= 2
}

function between(reading: Reading, from: number, to: number): string {
  return reading.text.slice(reading.words[from]!.end, reading.words[to]!.start)
}

// ---------------------------------------------------------------- stance

function stanceOf(candidate: Candidate, view: SentenceView, voice: Voice, article: ArticleContext): Stance {
  const near = neighbours(candidate)
  const nearby = (hint: Hint): boolean =>
    near.some(one => (one === view ? hints(view, hint, candidate).length > 0 : holds(one, hint)))
  const inTitle = (hint: Hint): boolean => article.title?.holds(hint) ?? false
  if (article.outletKind === 'fact-check' || nearby('condemnation') || inTitle('condemnation'))
    return 'condemns'
  if (nearby('denial-report') || inTitle('denial-report') || nearby('fact')) return 'contextualises'
  if (voice !== 'quoted') return 'endorses'
  const elsewhere = (hint: Hint): boolean => article.readings.some(one => one.holds(hint))
  const hasContext =
    candidate.category === 'denial' ? elsewhere('court') || elsewhere('fact') : elsewhere('condemnation')
  return hasContext ? 'contextualises' : 'relays'
}

function holds(view: SentenceView, hint: Hint): boolean {
  return view.hints.some(hit => hit.hint === hint)
}

/** The sentence, the one before and the one after. */
function neighbours({ reading, start }: Candidate): SentenceView[] {
  const index = reading.sentences.of[start]!
  return reading.views.slice(Math.max(0, index - 1), index + 2)
}

// ---------------------------------------------------------------- doubts

function isAsked({ reading }: Candidate, view: SentenceView): boolean {
  const last = reading.words[view.end - 1]!.end
  return /^\s*["“”»«]?\s*\?/.test(reading.text.slice(last, last + 4))
}

/** Reasons to be less sure that do not acquit. */
function doubts(candidate: Candidate, view: SentenceView, article: ArticleContext): Evidence[] {
  const found: Evidence[] = []
  const doubt = (rule: string, logOdds: number, words: string): void => {
    found.push({ tier: 'context', rule, logOdds, words })
  }
  const asksOnPurpose = candidate.entry?.stands?.includes('question') ?? false
  if (candidate.category === 'denial' && !asksOnPurpose && isAsked(candidate, view)) {
    doubt('question', -0.5, 'it stands in a question')
  }
  if (article.isLiteral && candidate.category === 'slur')
    doubt('section', -1, 'it stands in a section on sport, farming or culture')
  if (hints(view, 'education', candidate).length > 0 && candidate.category === 'slur') {
    doubt('education', -0.7, 'the sentence is about a book, a film or research')
  }
  return found
}
