/** Classifier: reads one article and says which passages are suspect, and why. Pure and synchronous. */
import { MAX_TEXT } from '../core/article.ts'
import { flagId } from '../core/finding.ts'
import type { Flag, MadeBy } from '../core/finding.ts'
import { sha256 } from '../core/hash.ts'
import type { Field, Language, OutletKind, Script } from '../core/labels.ts'
import type { AtrocityEvent, Thresholds } from '../core/reference.ts'
import { logOdds, MAX_CANDIDATES } from './candidate.ts'
import type { Candidate } from './candidate.ts'
import { judge } from './context.ts'
import type { ArticleContext } from './context.ts'
import { detectLanguage } from './detect-language.ts'
import type { Detection } from './detect-language.ts'
import { detectParagraphs } from './detect-paragraphs.ts'
import { compileEngine } from './engine.ts'
import type { Engine } from './engine.ts'
import { genreOf } from './genre.ts'
import { packCodeOf } from './languages.ts'
import type { Lexicons } from './lexicon.ts'
import { PACK_CODES } from './pack.ts'
import type { PackCode } from './pack.ts'
import { readField } from './reading.ts'
import type { Reading } from './reading.ts'
import { indicatorsOf, reasonOf } from './reasons.ts'
import type { Circumstances } from './reasons.ts'
import { relationsIn } from './relations.ts'
import { scareQuotesIn } from './scare-quotes.ts'
import { scoreField } from './score.ts'
import type { Scored } from './score.ts'
import { isEvasive } from './words.ts'

/** Version of language detection, engine and scoring together; raised when they judge differently. */
export const PIPELINE = 'rules-3'

/** Thresholds by language; `default` for those not named. */
export type LanguageThresholds = { readonly default: Thresholds } & {
  readonly [L in Language]?: Thresholds | undefined
}

export interface ClassifierOptions {
  readonly lexicons: Lexicons
  readonly events: readonly AtrocityEvent[]
  readonly thresholds: LanguageThresholds
}

export interface ClassifierInput {
  /** Article id; flag ids are made of it. */
  readonly id: string
  readonly title?: string | undefined
  readonly lead?: string | undefined
  readonly text: string
  /** Language the outlet declares: a prior, not a proof. */
  readonly declaredLanguage?: Language | undefined
  readonly section?: string | undefined
  /** As the article is signed. */
  readonly author?: string | undefined
  readonly outletKind?: OutletKind | undefined
}

export interface Classification {
  readonly language: Language
  /** 0 to 1. */
  readonly languageConfidence: number
  readonly script: Script
  readonly flagged: boolean
  /** Passages that reach the review threshold, in the order title, lead, text. */
  readonly flags: readonly Flag[]
  readonly madeBy: MadeBy
}

export interface Classifier {
  classify(input: ClassifierInput): Classification
  readonly madeBy: MadeBy
}

const MAX_SENTENCE = 1_000

/** @throws ConfigError when a term of an event is no pattern. */
export function createClassifier({ lexicons, events, thresholds }: ClassifierOptions): Classifier {
  const engines = new Map<PackCode, Engine>()
  for (const [code, lexicon] of lexicons.byCode) engines.set(code, compileEngine(lexicon, events))
  const hash = sha256(
    JSON.stringify([lexicons.hash, events.map(event => [event.id, event.adjudication, event.terms])]),
  )
  const madeBy: MadeBy = { pipeline: PIPELINE, lexicon: hash.slice(0, 16) }
  return {
    madeBy,
    classify(input) {
      const texts = fieldsOf(input)
      const detection = languageOf(input, texts)
      const { script } = detection
      const letters = texts.reduce((sum, [, text]) => sum + text.length, 0)
      const parts = byPack(input, texts, detection)
      for (const [language, confidence] of languagesToRead(detection, letters)) {
        const limits = thresholds[language] ?? thresholds.default
        const code = packCodeOf(language)
        const engine = code && engines.get(code)
        const seen = new Map<string, number>()
        const flags = engine ? flagsOf(engine, input, parts?.get(code) ?? texts, limits, seen) : []
        for (const [other, part] of parts ?? []) {
          const reader = engines.get(other)
          if (reader && other !== code) flags.push(...flagsOf(reader, input, part, limits, seen))
        }
        if (flags.length > 0) {
          return {
            language,
            languageConfidence: confidence,
            script,
            flagged: flags.length > 0,
            flags,
            madeBy,
          }
        }
      }
      const { language, confidence } = detection
      return { language, languageConfidence: confidence, script, flagged: false, flags: [], madeBy }
    },
  }
}

type FieldText = readonly [field: Field, text: string]

function fieldsOf({ title, lead, text }: ClassifierInput): FieldText[] {
  const all: (readonly [Field, string | undefined])[] = [
    ['title', title],
    ['lead', lead],
    ['text', text],
  ]
  return all.flatMap(([field, value]) =>
    value === undefined || value === '' ? [] : [[field, value.slice(0, MAX_TEXT)] as const],
  )
}

const LANGUAGE_SAMPLE = 1_200
const ENOUGH_BODY = 200

/** The body tells the language best; a short one is helped by lead and title. */
function languageOf(input: ClassifierInput, texts: readonly FieldText[]): Detection {
  const body = input.text.slice(0, LANGUAGE_SAMPLE)
  const sample =
    body.length >= ENOUGH_BODY ? body : texts.map(([, text]) => text.slice(0, LANGUAGE_SAMPLE)).join('\n')
  return detectLanguage(sample, { declared: input.declaredLanguage, headline: body.length < ENOUGH_BODY })
}

/**
 * Where the body mixes languages, the fields as each pack reads them: paragraphs of the others are blank, so that
 * places stay what they are. Undefined where it does not, which is nearly always.
 */
function byPack(
  input: ClassifierInput,
  texts: readonly FieldText[],
  detection: Detection,
): Map<PackCode, readonly FieldText[]> | undefined {
  const body = texts.find(([field]) => field === 'text')?.[1] ?? ''
  const main = packCodeOf(detection.language)
  if (main === undefined || body.length < ENOUGH_BODY || !body.includes('\n')) return undefined
  const passages = detectParagraphs(body, { declared: input.declaredLanguage }, detection)
  const codes = new Set(passages.map(passage => packCodeOf(passage.detection.language)))
  if (codes.size < 2) return undefined
  const parts = new Map<PackCode, readonly FieldText[]>()
  for (const code of new Set([main, ...codes])) {
    if (code === undefined) continue
    const own = passages
      .map(({ start, end, detection: of }) => {
        const text = body.slice(start, end)
        return packCodeOf(of.language) === code ? text : text.replace(/[^\n]/g, ' ')
      })
      .join('')
    const fields = code === main ? texts.filter(([field]) => field !== 'text') : []
    parts.set(code, [...fields, ['text', own]])
  }
  return parts
}

/** What a hit says of the language of a text that is too short to tell. */
const GUESS = 0.3

/** Surer than this, and a text is read in its language alone. */
const SURE = 0.95
/** Shorter texts are often slogans and names, which no language detection is sure of. */
const FEW_LETTERS = 120

/** The language found; where it is not sure, each of ours in turn, for a headline of three words may be hate too. */
function languagesToRead(
  { language, confidence, familyConfidence }: Detection,
  letters: number,
): readonly (readonly [Language, number])[] {
  const found = packCodeOf(language)
  const first: (readonly [Language, number])[] = found || confidence > 0 ? [[language, confidence]] : []
  if (letters > FEW_LETTERS ? familyConfidence > 0 : familyConfidence >= SURE) return first
  const others = PACK_CODES.filter(code => code !== found)
  return [...first, ...others.map(code => [code, GUESS] as const)]
}

function flagsOf(
  engine: Engine,
  input: ClassifierInput,
  texts: readonly FieldText[],
  limits: Thresholds,
  seen: Map<string, number>,
): Flag[] {
  const readings = texts.map(([field, text]) => readField(engine, field, text))
  const candidates = readings.map(reading => candidatesIn(reading).slice(0, MAX_CANDIDATES))
  if (candidates.every(some => some.length === 0)) return []
  const article = contextOf(input, engine, readings)
  const scored = candidates.flatMap(some =>
    scoreField(some.flatMap(candidate => judge(candidate, article) ?? [])),
  )
  const kept = scored.filter(one => one.confidence >= limits.review).slice(0, MAX_CANDIDATES)
  return kept.map(one => flagOf(input.id, one, limits, seen))
}

function candidatesIn(reading: Reading): Candidate[] {
  const rules = reading.rules.map(({ of: entry, start, end, at }): Candidate => ({
    reading,
    start,
    end,
    filled: at,
    category: entry.category,
    subtype: entry.subtype,
    severity: entry.severity,
    targets: entry.target === undefined ? [] : [entry.target],
    ...(entry.event === undefined ? {} : { event: entry.event }),
    entry,
    evidence: [{ tier: 'lexicon', rule: entry.id, logOdds: logOdds(entry.confidence), words: '' }],
  }))
  return [...rules, ...relationsIn(reading), ...scareQuotesIn(reading)].sort((a, b) => a.start - b.start)
}

function contextOf(input: ClassifierInput, engine: Engine, readings: readonly Reading[]): ArticleContext {
  const text = readings.find(reading => reading.field === 'text')
  return {
    ...genreOf(input, engine.pack, text),
    readings,
    names: engine.names,
    title: readings.find(reading => reading.field === 'title'),
    outletKind: input.outletKind,
  }
}

function flagOf(articleId: string, one: Scored, limits: Thresholds, seen: Map<string, number>): Flag {
  const { candidate } = one
  const { reading, category, subtype } = candidate
  const start = reading.words[one.start]!.start
  const end = reading.words[one.end - 1]!.end
  const quote = reading.text.slice(start, end)
  const first = flagId(articleId, category, quote, 0)
  const occurrence = seen.get(first) ?? 0
  seen.set(first, occurrence + 1)
  const event = candidate.event ?? one.event
  const evasive = reading.words.slice(one.start, one.end).some(word => isEvasive(reading.text, word))
  return {
    id: occurrence === 0 ? first : flagId(articleId, category, quote, occurrence),
    category,
    subtype,
    severity: one.severity,
    confidence: one.confidence,
    alert: one.confidence >= limits.alert,
    targets: [...one.targets],
    ...(event === undefined ? {} : { event }),
    voice: one.voice,
    stance: one.stance,
    ...(one.speaker === undefined ? {} : { speaker: one.speaker }),
    field: reading.field,
    start,
    end,
    quote,
    sentence: sentenceText(reading, one.start),
    rule: one.rule,
    why: whyOf(one),
    ...(evasive ? { evasive } : {}),
    indicators: indicatorsOf(category, subtype, circumstancesOf(one)),
  }
}

function circumstancesOf({ candidate: { reading }, start, evidence, targets }: Scored): Circumstances {
  const view = reading.views[reading.sentences.of[start]!]!
  return {
    court: view.hints.some(hit => hit.hint === 'court'),
    removal: evidence.some(one => one.rule === 'relation-removal'),
    group: targets.length > 0,
  }
}

function sentenceText(reading: Reading, word: number): string {
  const [first, end] = reading.sentences.bounds[reading.sentences.of[word]!]!
  const from = reading.words[first]!.start
  const at = reading.words[word]!.start
  // A sentence without end is cut around the passage.
  const start = Math.max(from, Math.min(at, at - MAX_SENTENCE / 2))
  return reading.text.slice(start, Math.min(reading.words[end - 1]!.end, start + MAX_SENTENCE)).toWellFormed()
}

/** In words of ours alone: the reason is shown where the passage itself is covered. */
function whyOf(one: Scored): string {
  const { says, innocent } = reasonOf(one.candidate.subtype)
  const more = one.evidence.flatMap(evidence => (evidence.words === '' ? [] : [evidence.words]))
  const note = one.candidate.entry?.note
  const parts = [
    `The passage ${says}`,
    ...new Set(more),
    `${VOICE_WORDS[one.voice]}, the article ${one.stance} it`,
  ]
  return `${parts.join('; ')}. Innocent if: ${note ?? innocent}.`
}

const VOICE_WORDS = {
  outlet: 'the outlet itself says so',
  author: 'the author of the piece says so',
  quoted: 'somebody is quoted',
} as const
