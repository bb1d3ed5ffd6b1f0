/**
 * What is wrong in lexicons though they can be read: entries that repeat each other, that can never match, that hit
 * neutral text, or that nobody has shown to work. One finding a line, with file and line of the entry.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AtrocityEvent } from '../core/reference.ts'
import type { Classifier } from './classifier.ts'
import { compileEngine } from './engine.ts'
import type { Engine } from './engine.ts'
import type { Entry, RuleEntry } from './entry.ts'
import { BUNDLED } from './lexicon.ts'
import type { Lexicon, Lexicons } from './lexicon.ts'
import { examplesOf } from './lexicon-examples.ts'
import { functionWords, instancesOf, samplesOf, wordsOfList } from './lexicon-instances.ts'
import type { Samples } from './lexicon-instances.ts'
import { MAX_REST } from './pattern.ts'
import type { Pattern, Word } from './pattern.ts'
import type { PackCode } from './pack.ts'
import { readField } from './reading.ts'

export const CHECKS = [
  'duplicate', // the same words twice
  'short', // a stem so short that it hits other words
  'phrase', // two words where one stroke holds one: `a/not b/c`
  'never', // no text can be found by it
  'shadowed', // another entry finds all of it
  'example', // fewer examples than two, or no counter-example
  'neutral', // hits neutral text
] as const
export type Check = (typeof CHECKS)[number]

export interface LintFinding {
  readonly check: Check
  /** File and line. */
  readonly place: string
  readonly entry: string
  readonly message: string
}

export interface LintOptions {
  readonly lexicons: Lexicons
  readonly events: readonly AtrocityEvent[]
  /** With the thresholds in use: a hit below them is none. */
  readonly classifier: Classifier
  /** Where examples and neutral sentences stand beside the lexicons; the bundled folder unless told. */
  readonly directory?: string
}

export function lintLexicons({ lexicons, events, classifier, directory }: LintOptions): LintFinding[] {
  const findings: LintFinding[] = []
  for (const [code, lexicon] of lexicons.byCode) {
    const engine = compileEngine(lexicon, events)
    const samples = samplesOf(lexicon, events)
    findings.push(
      ...duplicates(lexicon),
      ...shortStems(lexicon),
      ...brokenPhrases(lexicon, engine),
      ...neverMatching(lexicon, engine, samples),
      ...withoutExamples(code, lexicon, engine, directory),
      ...hitsOnNeutral(code, lexicon, classifier, directory),
    )
  }
  // Entries of every language are met once in each.
  return [...new Map(findings.map(one => [`${one.place} ${one.entry} ${one.message}`, one])).values()]
}

const finding = (check: Check, { place, id }: Entry, message: string): LintFinding => ({
  check,
  place,
  entry: id,
  message,
})

// ---------------------------------------------------------------- repeated

/** Patterns that stand in two entries of one role, and words of one place that another word of it covers. */
function duplicates({ entries }: Lexicon): LintFinding[] {
  const found: LintFinding[] = []
  const known = new Map<string, Entry>()
  for (const entry of entries) {
    entry.patterns.forEach((pattern, at) => {
      const key = `${roleOf(entry)} ${keyOfPattern(pattern)}`
      const before = known.get(key)
      if (before) {
        found.push(
          finding(
            'duplicate',
            entry,
            `pattern "${entry.texts[at]!}" stands in ${before.id} (${before.place}) too`,
          ),
        )
      } else known.set(key, entry)
      found.push(...coveredWords(entry, entry.texts[at]!, pattern))
    })
  }
  return found
}

/** Two entries of different roles may hold the same words: a slur that is a cue of hostility too. */
function roleOf(entry: Entry): string {
  const written = entry.written ?? ''
  if (entry.kind === 'rule') return `${entry.category} ${written}`
  if (entry.kind === 'cue') return `cue ${entry.cue} ${written}`
  return `${entry.kind} ${written}`
}

function keyOfPattern(pattern: Pattern): string {
  return pattern.map(({ gap, of }) => `~${gap} ${of.map(keyOfWord).sort().join('/')}`).join(' ')
}

function keyOfWord(word: Word): string {
  if (word.kind === 'macro') return `{${word.name}}`
  if (word.kind === 'word') return word.folded
  return `${word.folded}${word.endings ? `~${[...word.endings].sort().join(',')}` : '*'}`
}

function coveredWords(entry: Entry, text: string, pattern: Pattern): LintFinding[] {
  return pattern.flatMap(({ of }) =>
    of.flatMap((word, at) => {
      const by = of.findIndex((other, index) => index !== at && covers(other, word))
      // Of two equal ones the second is told.
      if (by === -1 || (covers(word, of[by]!) && by > at)) return []
      const message = `pattern "${text}": "${shown(word)}" is found by "${shown(of[by]!)}" already`
      return [finding('duplicate', entry, message)]
    }),
  )
}

function shown(word: Word): string {
  if (word.kind === 'macro') return `{${word.name}}`
  if (word.kind === 'word') return word.folded
  return word.endings ? `${word.folded}~` : `${word.folded}*`
}

/** Whether `other` fills every place that `word` fills. */
function covers(other: Word, word: Word): boolean {
  if (other.kind === 'macro' || word.kind === 'macro') {
    return other.kind === 'macro' && word.kind === 'macro' && other.name === word.name
  }
  const forms = formsOf(word)
  return forms === undefined ? keyOfWord(other) === keyOfWord(word) : forms.every(form => fills(other, form))
}

function formsOf(word: Word): string[] | undefined {
  if (word.kind === 'macro') return undefined
  if (word.kind === 'word') return [word.folded]
  return word.endings && [...word.endings].map(ending => word.folded + ending)
}

function fills(word: Word, form: string): boolean {
  if (word.kind === 'macro') return false
  if (word.kind === 'word') return word.folded === form
  if (!form.startsWith(word.folded)) return false
  const rest = form.slice(word.folded.length)
  return word.endings ? word.endings.has(rest) : rest.length <= MAX_REST
}

// ---------------------------------------------------------------- too short, or torn

/** A stem alone needs this many letters before its star; beside other words one less. */
const MIN_ALONE = 4

function shortStems({ entries }: Lexicon): LintFinding[] {
  return entries.flatMap(entry =>
    entry.patterns.flatMap((pattern, at) => {
      const only = pattern.length === 1 ? pattern[0] : undefined
      return (only?.of ?? []).flatMap(word => {
        if (word.kind !== 'stem' || word.endings || word.folded.length >= MIN_ALONE) return []
        const message = `pattern "${entry.texts[at]!}": "${shown(word)}" alone hits many words; write its endings`
        return [finding('short', entry, message)]
      })
    }),
  )
}

/** `a/not b/c` reads as two places, `a/not` and `b/c`: nearly always "not b" was meant to be one of the choices. */
function brokenPhrases({ entries }: Lexicon, engine: Engine): LintFinding[] {
  const grammar = wordsOfList(engine, engine.pack.negators)
  const isGrammar = (word: Word): boolean => word.kind === 'word' && grammar.has(word.folded)
  return entries.flatMap(entry =>
    entry.patterns.flatMap((pattern, at) =>
      pattern.flatMap(({ gap, of }, place) => {
        const before = pattern[place - 1]?.of ?? []
        const torn =
          gap === 0 &&
          mixes(before, isGrammar, before.length - 1) &&
          of.length > 1 &&
          !of.some(isGrammar) &&
          !before.every(isGrammar)
        if (!torn) return []
        const message = `pattern "${entry.texts[at]!}": "${shown(before.at(-1)!)} ${shown(of[0]!)}" is no choice of one place; give it a pattern of its own`
        return [finding('phrase', entry, message)]
      }),
    ),
  )
}

/** Content words with one word of grammar, at this place. */
function mixes(words: readonly Word[], isGrammar: (word: Word) => boolean, at: number): boolean {
  return words.length > 1 && words.every((word, index) => isGrammar(word) === (index === at))
}

// ---------------------------------------------------------------- never, or never alone

/** Each choice of each place is tried on a text made of the entry's own words. */
function neverMatching(lexicon: Lexicon, engine: Engine, samples: Samples): LintFinding[] {
  return lexicon.entries.flatMap(entry => {
    const instances = instancesOf(entry, samples)
    if (instances.length === 0) return []
    const missed: string[] = []
    let shadows: Set<RuleEntry> | undefined
    for (const { text } of instances) {
      const { found, others } = findIn(engine, entry, text)
      if (!found) missed.push(text)
      if (entry.kind !== 'rule') continue
      shadows = new Set(others.filter(other => (shadows?.has(other) ?? true) && shadow(other, entry)))
    }
    const findings: LintFinding[] = []
    if (missed.length > 0) {
      const all = missed.length === instances.length ? 'never matches' : 'never matches in part'
      findings.push(
        finding('never', entry, `${all}: "${missed[0]!}" is read as something else; see exclusions`),
      )
    }
    const [by] = shadows ?? []
    if (by && missed.length === 0) {
      findings.push(
        finding('shadowed', entry, `all of it is found by ${by.id} (${by.place}) with the same label`),
      )
    }
    return findings
  })
}

interface Found {
  readonly found: boolean
  /** Rules that find the same words. */
  readonly others: readonly RuleEntry[]
}

function findIn(engine: Engine, entry: Entry, text: string): Found {
  if (entry.kind === 'exclusion') return { found: true, others: [] }
  const reading = readField(engine, 'text', text)
  if (entry.kind !== 'rule') {
    const found =
      reading.terms.some(term => term.source === entry) ||
      (entry.kind === 'cue' && reading.hints.some(hit => hit.hint === entry.cue))
    return { found, others: [] }
  }
  const own = reading.rules.filter(match => match.of === entry)
  const others = reading.rules.filter(
    ({ of, start, end }) => of !== entry && own.some(one => start <= one.start && one.end <= end),
  )
  return { found: own.length > 0, others: others.map(match => match.of) }
}

/** Whether `other` gives the same flag, as sure or surer, and asks for no more. */
function shadow(other: RuleEntry, entry: RuleEntry): boolean {
  return (
    other.category === entry.category &&
    other.subtype === entry.subtype &&
    other.confidence >= entry.confidence &&
    other.severity >= entry.severity &&
    (other.needs === undefined || (entry.needs?.every(need => other.needs!.includes(need)) ?? false)) &&
    (other.unless ?? []).every(cue => entry.unless?.includes(cue) ?? false) &&
    (other.disputes === undefined || other.disputes === entry.disputes) &&
    (other.target === entry.target || other.target === undefined)
  )
}

// ---------------------------------------------------------------- shown to work

/** One sentence may fit a rule by chance, and says nothing of a second variety or script. */
const MIN_EXAMPLES = 2

/** A rule needs sentences that it flags, and one that holds a word of it and is not flagged. */
function withoutExamples(
  code: PackCode,
  { entries }: Lexicon,
  engine: Engine,
  directory: string | undefined,
): LintFinding[] {
  const examples = examplesOf(code, directory)
  const hits = new Map<Entry, number>()
  const clean = new Set<string>()
  for (const { text, label } of examples) {
    const reading = readField(engine, 'text', text)
    if (label === undefined) for (const word of reading.words) clean.add(word.folded)
    else {
      const rules = reading.rules.filter(({ of }) => `${of.category}/${of.subtype}` === label)
      for (const rule of new Set(rules.map(({ of }) => of))) hits.set(rule, (hits.get(rule) ?? 0) + 1)
    }
  }
  const grammar = functionWords(engine)
  return entries.flatMap(entry => {
    if (entry.kind !== 'rule') return []
    const words = entry.patterns.flatMap(pattern => pattern.flatMap(({ of }) => of))
    const telling = words.filter(word => !(word.kind === 'word' && grammar.has(word.folded)))
    const nearMiss = [...clean].some(form => telling.some(word => fills(word, form)))
    const count = hits.get(entry) ?? 0
    const tooFew = `expected ${MIN_EXAMPLES} examples in examples.yml that it finds, found ${count}`
    return [
      ...(count >= MIN_EXAMPLES ? [] : [finding('example', entry, tooFew)]),
      ...(nearMiss
        ? []
        : [finding('example', entry, 'no counter-example in examples.yml holds a word of it')]),
    ]
  })
}

function hitsOnNeutral(
  code: PackCode,
  { entries }: Lexicon,
  classifier: Classifier,
  directory: string | undefined,
): LintFinding[] {
  const byId = new Map(entries.map(entry => [entry.id, entry]))
  return neutralSentences(code, directory).flatMap(({ text, place }) => {
    const { flags } = classifier.classify({ id: 'neutral', text, declaredLanguage: code })
    return flags.map(flag => {
      const entry = byId.get(flag.rule)
      const message = `hits the neutral sentence at ${place}`
      return { check: 'neutral' as const, place: entry?.place ?? place, entry: flag.rule, message }
    })
  })
}

/** One sentence a line; lines that begin with # are headings. */
export function neutralSentences(
  code: PackCode,
  directory: string = BUNDLED,
): { readonly text: string; readonly place: string }[] {
  const file = join(directory, code, 'neutral.txt')
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at) =>
      line.trim() === '' || line.startsWith('#') ? [] : [{ text: line.trim(), place: `${file}:${at + 1}` }],
    )
}
