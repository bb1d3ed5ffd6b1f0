/**
 * Which language a text is in. A small model of letter groups decides nearly always; among Bosnian, Croatian,
 * Montenegrin and Serbian telling words vote with it, and what the outlet says of itself counts, but proves nothing.
 */
import { franc } from 'franc'
import type { Language, Script } from '../core/labels.ts'
import { latinize, scriptOf } from '../core/text.ts'
import { evidenceReader } from './language-model/evidence.ts'
import type { Evidence } from './language-model/evidence.ts'
import { loadLanguageModel } from './language-model/model.ts'
import { languagePack, MONTENEGRIN, VARIETIES } from './languages.ts'
import { Vocabulary } from './matcher.ts'
import { parseAlternatives } from './pattern.ts'

export interface DetectOptions {
  /** What the outlet or the page says; among the four varieties it decides unless the words contradict clearly. */
  readonly declared?: Language | undefined
  /** Languages the outlet writes in. */
  readonly sourceLanguages?: readonly Language[] | undefined
  /** Titles and teasers: too short and too odd for franc. */
  readonly headline?: boolean | undefined
}

export interface Detection {
  /** `und` with confidence 0 is "cannot tell"; with more, it is a language that is not read here. */
  readonly language: Language
  readonly script: Script
  /** 0 (cannot tell) to 1. */
  readonly confidence: number
  /** The same for bs, hr, sr and cnr as one: how sure it is that the text is in one of them. */
  readonly familyConfidence: number
  /** Best first; scores add up to 1. Empty when nothing speaks for any language. */
  readonly candidates: readonly { readonly language: Language; readonly score: number }[]
}

/** Longer texts tell no more. */
const SAMPLE = 1_200
const FRANC_MIN_LETTERS = 60
/** What an outlet says of itself, and of the languages it writes in, in log odds. */
const PRIOR = 1.5
const SOURCE_PRIOR = 0.75
const LATIN_MK = 2
/** Words of one text support each other, so the model is surer than it learned to be from short pieces. */
const SHARPER = 2
const FEW_WORDS = 8
/** From this share on a language is told; below, only what the outlet says or franc can tell it. */
const TOLD = 0.5
/** A language that is not read here takes more: to call hate of three words Polish would be to pass it over. */
const TOLD_FOREIGN = 0.75

export function detectLanguage(text: string, options: DetectOptions = {}): Detection {
  const sample = text.slice(0, SAMPLE)
  const script = scriptOf(sample)
  const evidence = read(sample)
  if (evidence.words === 0) return unread(sample, script)
  const families = familyShares(evidence, script, options)
  const [first] = families
  const told = first!.score >= (first!.language === 'und' ? TOLD_FOREIGN : TOLD)
  const family = told ? first!.language : asked(sample, script, evidence, options)
  const confidence = families.find(one => one.language === family)?.score ?? 0
  if (family === 'hbs') return variety(evidence, script, confidence, options)
  const familyConfidence = family ? confidence : 0
  return {
    language: family ?? 'und',
    script,
    confidence: familyConfidence,
    familyConfidence,
    candidates: families,
  }
}

/** A part of a text in one language: UTF-16 offsets, end exclusive. */
export interface Passage {
  readonly start: number
  readonly end: number
  readonly detection: Detection
}

/** Shorter paragraphs are names, captions and calls: they are in the language of the text. */
const MIN_PARAGRAPH = 60
/** A paragraph in another language than its text must be sure of it. */
const SURE = 0.9
/** Later paragraphs go with the one before them. */
const MAX_PARAGRAPHS = 1_000

/**
 * A text by the languages of its paragraphs (lines), neighbours in one language together; they cover all of it.
 * @param whole what was found of the text as a whole
 */
export function detectParagraphs(
  text: string,
  options: DetectOptions = {},
  whole: Detection = detectLanguage(text, options),
): Passage[] {
  const passages: Passage[] = []
  let start = 0
  for (let count = 0; start < text.length || count === 0; count++) {
    const next = count < MAX_PARAGRAPHS ? text.indexOf('\n', start) : -1
    const end = next < 0 ? text.length : next + 1
    const detection = paragraph(text.slice(start, end), whole)
    const before = passages.at(-1)
    if (before && familyOf(before.detection.language) === familyOf(detection.language)) {
      passages[passages.length - 1] = { ...before, end }
    } else passages.push({ start, end, detection })
    start = end
  }
  return passages
}

function paragraph(text: string, whole: Detection): Detection {
  if (text.length < MIN_PARAGRAPH) return whole
  const own = detectLanguage(text, { sourceLanguages: [whole.language], headline: true })
  const isOther = familyOf(own.language) !== familyOf(whole.language)
  return isOther && own.familyConfidence >= SURE ? own : whole
}

/** No word in Latin or Cyrillic: a language of another script, or no language at all. */
function unread(sample: string, script: Script): Detection {
  const isText = /\p{L}{2}/u.test(sample)
  return isText
    ? {
        language: 'und',
        script,
        confidence: 0.95,
        familyConfidence: 0.95,
        candidates: [{ language: 'und', score: 1 }],
      }
    : { language: 'und', script, confidence: 0, familyConfidence: 0, candidates: [] }
}

// ---------------------------------------------------------------- what words say

const model = loadLanguageModel()
const FAMILIES = model.family.classes.map(familyClass)
const VOTERS = ['bs', 'hr', 'sr', 'cnr'] as const
type Variety = (typeof VOTERS)[number]

/** Classes of the model that are languages we know; all others are `und`. */
function familyClass(name: string): Language {
  return name === 'hbs' || name === 'mk' || name === 'sq' || name === 'en' || name === 'sl' ? name : 'und'
}

const vocabulary = new Vocabulary()
const voting = new Map(
  VARIETIES.map(markers => [vocabulary.slot(parseAlternatives(markers.words, dictionary())), markers]),
)
/** One word or letter that is Montenegrin only is nearly proof. */
const MONTENEGRIN_WEIGHT = 6

function dictionary(): {
  inflections: Readonly<Record<string, readonly string[]>>
  macros: object & Record<string, string>
} {
  return { inflections: languagePack('hbs').inflections, macros: {} }
}

const read = evidenceReader(model, VOTERS.length, (word, folded, add) => {
  for (const slot of vocabulary.look(folded)) {
    const markers = voting.get(slot)
    if (!markers) continue
    for (const language of markers.speaksFor) add(VOTERS.indexOf(language as Variety), markers.weight)
  }
  if (MONTENEGRIN.test(word >= '\u0400' ? latinize(word) : word))
    add(VOTERS.indexOf('cnr'), MONTENEGRIN_WEIGHT)
})

// ---------------------------------------------------------------- the family

type Share = Detection['candidates'][number]

/** bs, hr, sr and cnr are one family: one language to everything but the variety vote. */
function familyOf(language: Language): Language {
  return languagePack('hbs').languages.includes(language) ? 'hbs' : language
}

function familyShares(
  evidence: Evidence,
  script: Script,
  { declared, sourceLanguages }: DetectOptions,
): Share[] {
  const odds = evidence.families.map(odd => odd * (evidence.words < FEW_WORDS ? 1 : SHARPER))
  const favour = (language: Language, weight: number): void => {
    const at = FAMILIES.indexOf(familyOf(language))
    if (language !== 'und' && at >= 0) odds[at]! += weight
  }
  // Macedonian is hardly ever written in Latin; its small words are those of its neighbours.
  if (script === 'Latn' && declared !== 'mk') favour('mk', -LATIN_MK)
  if (declared) favour(declared, PRIOR)
  for (const language of new Set((sourceLanguages ?? []).map(familyOf))) favour(language, SOURCE_PRIOR)
  return shares(odds, FAMILIES)
}

/** Odds as shares, those of one language together, best first. */
function shares(odds: readonly number[], languages: readonly Language[]): Share[] {
  const most = Math.max(...odds)
  const total = new Map<Language, number>()
  let sum = 0
  for (const [at, odd] of odds.entries()) {
    const power = Math.exp(odd - most)
    sum += power
    total.set(languages[at]!, (total.get(languages[at]!) ?? 0) + power)
  }
  return [...total]
    .map(([language, power]) => ({ language, score: round(power / sum) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.language < b.language ? -1 : 1))
}

const round = (value: number): number => Math.round(value * 1000) / 1000

// ---------------------------------------------------------------- franc

/** franc's codes are ISO 639-3; those not named here are languages we do not read. */
const FRANC: Readonly<Record<string, Language>> = {
  bos: 'hbs',
  hrv: 'hbs',
  srp: 'hbs',
  mkd: 'mk',
  als: 'sq',
  sqi: 'sq',
  eng: 'en',
  slv: 'sl',
}
const NEIGHBOURS = ['deu', 'tur', 'hun', 'ita', 'ron', 'pol', 'ces', 'fra', 'spa', 'rus', 'bul', 'ukr']
const ONLY = [...Object.keys(FRANC), ...NEIGHBOURS]

/** Of a text that the model left open: what the outlet says, and of a longer one what franc says. */
function asked(
  sample: string,
  script: Script,
  { letters }: Evidence,
  { declared, headline }: DetectOptions,
): Language | undefined {
  if (declared && declared !== 'und') return familyOf(declared)
  if (headline || letters < FRANC_MIN_LETTERS || script === 'other') return undefined
  const code = franc(sample, { only: ONLY })
  return code === 'und' ? undefined : (FRANC[code] ?? 'und')
}

// ---------------------------------------------------------------- the variety

/** From this share on a variety is named; below it is `hbs`. Letter groups alone must be surer: they know the subject, too. */
const VARIETY_TOLD = 0.75
const VARIETY_TOLD_BY_LETTERS = 0.9
/** The model's say beside the telling words'. */
const MODEL_WEIGHT = 0.8
/** More votes than this say no more than these: a long text is not surer than its language. */
const MOST_VOTES = 8
const VARIETY_PRIOR = 4
/** Montenegrin is a fortieth of what is written in the four, and Bosnian and Croatian are hardly written in Cyrillic. */
const RARE = 2.5

function variety(evidence: Evidence, script: Script, sure: number, options: DetectOptions): Detection {
  const shared = shares(varietyOdds(evidence, script, options), VOTERS)
  const [first] = shared
  const isWitnessed = options.declared === first!.language || votesFor(evidence, first!.language) > 0
  const told = first!.score >= (isWitnessed ? VARIETY_TOLD : VARIETY_TOLD_BY_LETTERS)
  return {
    language: told ? first!.language : 'hbs',
    script,
    confidence: told ? round(sure * first!.score) : sure,
    familyConfidence: sure,
    candidates: shared,
  }
}

/** How far the telling words put a variety before the last of the others. */
function votesFor({ votes }: Evidence, language: Language): number {
  return votes[VOTERS.indexOf(language as Variety)]! - Math.min(...votes)
}

function varietyOdds(
  { varieties, votes }: Evidence,
  script: Script,
  { declared, sourceLanguages }: DetectOptions,
): number[] {
  const { classes } = model.variety
  const cast = Math.max(...votes)
  const scale = cast > MOST_VOTES ? MOST_VOTES / cast : 1
  return VOTERS.map((language, at) => {
    // The model has learned no Montenegrin: it is nearest to Bosnian.
    const learned = varieties[classes.indexOf(language === 'cnr' ? 'bs' : language)]!
    let odds = learned * MODEL_WEIGHT + votes[at]! * scale
    if (language === 'cnr') odds -= RARE
    if (script === 'Cyrl' && (language === 'bs' || language === 'hr')) odds -= RARE
    if (declared === language) odds += VARIETY_PRIOR
    if (sourceLanguages?.includes(language)) odds += VARIETY_PRIOR / 2
    return odds
  })
}
