/** Engine: one language made ready to match. Compiled once at start from its pack, its lexicon and the events. */
import type { AtrocityEvent } from '../core/reference.ts'
import { ConfigError, reasonOf } from '../core/errors.ts'
import type {
  Cue,
  CueEntry,
  Entry,
  ExclusionEntry,
  MetaphorEntry,
  PersonEntry,
  RuleEntry,
  TargetEntry,
} from './entry.ts'
import type { Lexicon } from './lexicon.ts'
import { languagePack } from './languages.ts'
import { PatternSet, Vocabulary } from './matcher.ts'
import { nameWords } from './name-words.ts'
import type { NameWords } from './name-words.ts'
import type { Pack } from './pack.ts'
import { parsePattern } from './pattern.ts'

/** A term of an event; `written` as for entries. */
export interface EventSource {
  readonly kind: 'event'
  readonly id: string
  readonly event: AtrocityEvent
  readonly written?: 'capital'
}

/** What a term found in a text can be. A slur is a rule and a term: it makes a flag, and names a group. */
export type TermSource = TargetEntry | MetaphorEntry | PersonEntry | RuleEntry | CueEntry | EventSource

/** Grammar that the relations look at. */
export type Grammar =
  | 'negation'
  | 'not-only'
  | 'refutation'
  | 'refuted-after'
  | 'contrast'
  | 'genocide'
  | 'pronoun'
  | 'copula'
  | 'comparison'
  | 'clause-break'
  | 'that'
  | 'about'
  | 'preposition'
  | 'speech'
  | 'first-person'
export type Hint = Cue | Grammar

export interface Engine {
  readonly pack: Pack
  readonly vocabulary: Vocabulary
  readonly masks: PatternSet<ExclusionEntry>
  /** Exclusions about what was found: `{GROUP}` and the like in their patterns. */
  readonly termMasks: PatternSet<ExclusionEntry>
  readonly terms: PatternSet<TermSource>
  readonly rules: PatternSet<RuleEntry>
  readonly hints: PatternSet<Hint>
  readonly abbreviations: ReadonlySet<string>
  readonly names: NameWords
}

/** @throws ConfigError when a term of an event is no pattern. */
export function compileEngine(lexicon: Lexicon, events: readonly AtrocityEvent[]): Engine {
  const pack = languagePack(lexicon.code)
  const vocabulary = new Vocabulary()
  const engine: Engine = {
    pack,
    vocabulary,
    masks: new PatternSet(vocabulary),
    termMasks: new PatternSet(vocabulary),
    terms: new PatternSet(vocabulary),
    rules: new PatternSet(vocabulary),
    hints: new PatternSet(vocabulary),
    abbreviations: new Set(pack.abbreviations.flatMap(word => vocabularyForm(word))),
    names: nameWords(pack),
  }
  for (const entry of lexicon.entries) addEntry(engine, entry)
  for (const event of events) addEvent(engine, event)
  addGrammar(engine)
  return engine
}

function vocabularyForm(word: string): string[] {
  return parsePattern(word).flatMap(element =>
    element.of.map(one => (one.kind === 'macro' ? '' : one.folded)),
  )
}

function addEntry(engine: Engine, entry: Entry): void {
  for (const pattern of entry.patterns) {
    const named = pattern.every(element => element.of.every(word => word.kind !== 'macro'))
    if (entry.kind === 'exclusion') (named ? engine.masks : engine.termMasks).add(pattern, entry)
    else if (entry.kind === 'cue' && !isDeed(entry)) engine.hints.add(pattern, entry.cue)
    else if (entry.kind === 'rule') engine.rules.add(pattern, entry)
    else engine.terms.add(pattern, entry)
    if (entry.kind === 'rule' && entry.category === 'slur' && named) engine.terms.add(pattern, entry)
  }
}

/** Nest of, breeding, clean out: said of a group they are relations, so they are looked for with the groups. */
function isDeed({ cue }: CueEntry): boolean {
  return cue === 'collective' || cue === 'breeding' || cue === 'removal'
}

function addEvent(engine: Engine, event: AtrocityEvent): void {
  for (const term of event.terms) {
    try {
      engine.terms.add(parsePattern(term), {
        kind: 'event',
        id: event.id,
        event,
        // "Oluja" is an operation and "oluja" a storm.
        ...(/^\p{Lu}/u.test(term) && { written: 'capital' as const }),
      })
    } catch (cause) {
      throw new ConfigError(`event ${event.id}: term "${term}": ${reasonOf(cause)}`, { cause })
    }
  }
}

function addGrammar({ pack, hints }: Engine): void {
  const dictionary = { inflections: pack.inflections, macros: {} }
  const add = (hint: Hint, text: string): void => hints.add(parsePattern(text, dictionary), hint)
  add('negation', pack.negators)
  add('pronoun', pack.pronouns)
  add('copula', pack.copulas)
  add('comparison', pack.comparisons)
  add('clause-break', pack.clauseBreaks)
  add('contrast', pack.contrasts)
  add('genocide', pack.genocideWords)
  add('that', pack.thatWords)
  add('about', pack.aboutWords)
  add('preposition', pack.prepositions)
  for (const pattern of pack.notOnly) add('not-only', pattern)
  for (const pattern of pack.refutations) add('refutation', pattern)
  for (const pattern of pack.refutedAfter) add('refuted-after', pattern)
  for (const pattern of pack.firstPerson) add('first-person', pattern)
  for (const pattern of pack.speech) add('speech', pattern)
}
