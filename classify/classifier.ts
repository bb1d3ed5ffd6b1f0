/** Classifier: reads one article by the rules and says which passages are suspect, and why. Pure and synchronous. */
import type { Flag, MadeBy } from '../core/finding.ts'
import { sha256 } from '../core/hash.ts'
import type { Language, Script } from '../core/labels.ts'
import type { AtrocityEvent, Thresholds } from '../core/reference.ts'
import { byPack, fieldsOf, languageOf, languagesToRead } from './article-texts.ts'
import type { ClassifierInput, FieldText } from './article-texts.ts'
import { MAX_CANDIDATES } from './candidate.ts'
import type { Candidate } from './candidate.ts'
import { candidatesIn } from './candidates-in.ts'
import { judge } from './context.ts'
import type { ArticleContext } from './context.ts'
import { compileEngine } from './engine.ts'
import type { Engine } from './engine.ts'
import { flagOf } from './flag.ts'
import { genreOf } from './genre.ts'
import { packCodeOf } from './languages.ts'
import type { Lexicons } from './lexicon.ts'
import type { PackCode } from './pack.ts'
import { readField } from './reading.ts'
import type { Reading } from './reading.ts'
import { scoreField } from './score.ts'
import type { Scored } from './score.ts'

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

/** What classifies many articles at once, by whatever means. */
export interface ArticleClassifier {
  /** In order. */
  classifyAll(inputs: readonly ClassifierInput[]): Promise<readonly Classification[]>
  readonly madeBy: MadeBy
}

export interface Classifier extends ArticleClassifier {
  classify(input: ClassifierInput): Classification
  /** The same article before anything is decided. */
  read(input: ClassifierInput): ArticleRead
}

/** An article in the language in which the rules find something, or else in its own. */
export interface ArticleRead {
  readonly language: Language
  readonly languageConfidence: number
  readonly script: Script
  /** Several where it mixes languages; none in a language that no lexicon reads. */
  readonly parts: readonly PartRead[]
}

export interface PartRead {
  readonly code: PackCode
  readonly readings: readonly Reading[]
  /** What the rules believe to some degree, in the order of the fields. */
  readonly scored: readonly Scored[]
  /** What the context took back, or what lacks the context it needs. */
  readonly dropped: readonly Candidate[]
  /** Made when it is first asked for. */
  readonly article: () => ArticleContext
}

/** @throws ConfigError when a term of an event is no pattern. */
export function createClassifier({ lexicons, events, thresholds }: ClassifierOptions): Classifier {
  const engines = new Map<PackCode, Engine>()
  for (const [code, lexicon] of lexicons.byCode) engines.set(code, compileEngine(lexicon, events))
  const hash = sha256(
    JSON.stringify([lexicons.hash, events.map(event => [event.id, event.adjudication, event.terms])]),
  )
  const madeBy: MadeBy = { pipeline: PIPELINE, lexicon: hash.slice(0, 16) }
  const limitsOf = (language: Language): Thresholds => thresholds[language] ?? thresholds.default
  const read = (input: ClassifierInput): ArticleRead => readArticle(engines, input, limitsOf)
  const classify = (input: ClassifierInput): Classification => {
    const article = read(input)
    const { language, languageConfidence, script, parts } = article
    const limits = limitsOf(language)
    const seen = new Map<string, number>()
    const flags = parts.flatMap(({ scored }) =>
      reaching(scored, limits).map(one => flagOf(input.id, one, limits, seen)),
    )
    return { language, languageConfidence, script, flagged: flags.length > 0, flags, madeBy }
  }
  return { madeBy, read, classify, classifyAll: inputs => Promise.resolve(inputs.map(classify)) }
}

function reaching(scored: readonly Scored[], limits: Thresholds): Scored[] {
  return scored.filter(one => one.confidence >= limits.review).slice(0, MAX_CANDIDATES)
}

function readArticle(
  engines: ReadonlyMap<PackCode, Engine>,
  input: ClassifierInput,
  limitsOf: (language: Language) => Thresholds,
): ArticleRead {
  const texts = fieldsOf(input)
  const detection = languageOf(input, texts)
  const { script, language, confidence } = detection
  const letters = texts.reduce((sum, [, text]) => sum + text.length, 0)
  const mixed = byPack(input, texts, detection)
  let own: readonly PartRead[] | undefined
  for (const [tried, sure] of languagesToRead(detection, letters)) {
    const code = packCodeOf(tried)
    const fields = new Map(mixed)
    if (code && !mixed?.has(code)) fields.set(code, texts)
    // The language itself first, then those of other paragraphs.
    const codes = [...fields.keys()].sort((a, b) => Number(b === code) - Number(a === code))
    const parts = codes.flatMap(one => {
      const engine = engines.get(one)
      return engine ? [readPart(engine, one, input, fields.get(one)!)] : []
    })
    own ??= parts
    const limits = limitsOf(tried)
    if (parts.some(({ scored }) => scored.some(one => one.confidence >= limits.review)))
      return { language: tried, languageConfidence: sure, script, parts }
  }
  return { language, languageConfidence: confidence, script, parts: own ?? [] }
}

function readPart(
  engine: Engine,
  code: PackCode,
  input: ClassifierInput,
  texts: readonly FieldText[],
): PartRead {
  const readings = texts.map(([field, text]) => readField(engine, field, text))
  const candidates = readings.map(reading => candidatesIn(reading))
  let context: ArticleContext | undefined
  const article = (): ArticleContext => (context ??= contextOf(input, engine, readings))
  const dropped: Candidate[] = []
  const scored = candidates.flatMap(some =>
    scoreField(
      some.flatMap(candidate => {
        const judged = judge(candidate, article())
        if (!judged) dropped.push(candidate)
        return judged ?? []
      }),
    ),
  )
  return { code, readings, scored, dropped, article }
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
