/**
 * Which language a text is in. A small model of letter groups decides nearly always; among Bosnian, Croatian,
 * Montenegrin and Serbian telling words vote with it, and what the outlet says of itself counts, but proves nothing.
 */
import { franc } from 'franc'
import type { Language, Script } from '../core/labels.ts'
import { evidenceReader, MAX_TEXT } from './language-model/evidence.ts'
import type { Alphabet, TextRead, VarietyEvidence } from './language-model/evidence.ts'
import { loadLanguageModel } from './language-model/model.ts'
import { languagePack, MONTENEGRIN, VARIETIES } from './languages.ts'
import type { VarietyMarkers } from './pack.ts'
import { EMPTY_DICTIONARY, parseAlternatives } from './pattern.ts'

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

/** Letters that tell a language; a longer text is read on only while it is open. */
const FIRST_LETTERS = 100
/** The variety takes more of them. */
const FIRST_VARIETY_LETTERS = 500
/** Characters that hold as many letters; the rest of a text is read only where they leave something open. */
const BEGINNING = 600
const CLEAR = 0.99
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
  if (text.length > BEGINNING) {
    const found = detect(text.slice(0, BEGINNING), options)
    if (found.familyConfidence >= CLEAR && (found.candidates[0]?.score ?? 0) >= CLEAR) return found
  }
  return detect(text, options)
}

function detect(text: string, options: DetectOptions): Detection {
  const read = reader.read(text)
  const { letters, script } = read
  if (read.words === 0) return unread(text, script)
  let families = familyShares(reader.families(FIRST_LETTERS), read, options)
  if (families[0]!.score < CLEAR && letters > FIRST_LETTERS) {
    families = familyShares(reader.families(MAX_TEXT), read, options)
  }
  const first = families[0]!
  const told = first.score >= (first.language === 'und' ? TOLD_FOREIGN : TOLD)
  const family = told ? first.language : asked(text, read, options)
  const confidence = families.find(one => one.language === family)?.score ?? 0
  if (family === 'hbs') {
    const found = variety(reader.varieties(FIRST_VARIETY_LETTERS), script, confidence, options)
    const isClear = found.candidates[0]!.score >= CLEAR || letters <= FIRST_VARIETY_LETTERS
    return isClear ? found : variety(reader.varieties(MAX_TEXT), script, confidence, options)
  }
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
/** Characters that hold FIRST_LETTERS, nearly always. */
const PARAGRAPH_START = 160
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
  const options = { sourceLanguages: [whole.language], headline: true }
  const family = familyOf(whole.language)
  // Nearly every paragraph says at once that it is in the language of its text, and nothing more is asked of it.
  const read = reader.read(text.length > PARAGRAPH_START ? text.slice(0, PARAGRAPH_START) : text)
  if (read.words > 0) {
    const [first] = familyShares(reader.families(FIRST_LETTERS), read, options)
    if (first!.language === family && first!.score >= CLEAR) return whole
  }
  const own = detectLanguage(text, options)
  return familyOf(own.language) !== family && own.familyConfidence >= SURE ? own : whole
}

/** No word in Latin or Cyrillic: a language of another script, or no language at all. */
function unread(text: string, script: Script): Detection {
  const isText = /\p{L}{2}/u.test(text.slice(0, MAX_TEXT))
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

/** One word or letter that is Montenegrin only is nearly proof. */
const MONTENEGRIN_WEIGHT = 6
const LISTS = [
  ...VARIETIES,
  {
    speaksFor: ['cnr'],
    weight: MONTENEGRIN_WEIGHT,
    words: 'nijesam/nijesi/nijesmo/nijeste/nijesu/sjutra*/izije*',
  },
] as const satisfies readonly VarietyMarkers[]
/** What one word of each list adds to each variety. */
const WEIGHTS = LISTS.map(({ speaksFor, weight }) =>
  VOTERS.map(language => ((speaksFor as readonly Language[]).includes(language) ? weight : 0)),
)

const reader = evidenceReader(
  model,
  LISTS.map(({ words }) => parseAlternatives(words, EMPTY_DICTIONARY)),
  { pattern: MONTENEGRIN, suspects: ['ś', 'ź', 'đe', 'će'] },
)

// ---------------------------------------------------------------- the family

type Share = Detection['candidates'][number]

/** bs, hr, sr and cnr are one family: one language to everything but the variety vote. */
function familyOf(language: Language): Language {
  return languagePack('hbs').languages.includes(language) ? 'hbs' : language
}

function familyShares(
  odds: number[],
  { words, script }: TextRead,
  { declared, sourceLanguages }: DetectOptions,
): Share[] {
  if (words >= FEW_WORDS) for (let at = 0; at < odds.length; at++) odds[at]! *= SHARPER
  // Macedonian is hardly ever written in Latin; its small words are those of its neighbours.
  if (script === 'Latn' && declared !== 'mk') odds[MACEDONIAN]! -= LATIN_MK
  if (script !== 'Latn') spell(odds, reader.alphabet())
  if (declared) favour(odds, declared, PRIOR)
  if (sourceLanguages) {
    for (const language of new Set(sourceLanguages.map(familyOf))) favour(odds, language, SOURCE_PRIOR)
  }
  return shares(odds, FAMILIES)
}

const HBS = FAMILIES.indexOf('hbs')
const MACEDONIAN = FAMILIES.indexOf('mk')
/** A letter that a language does not have speaks against it, up to so many of them: there are foreign names. */
const STRANGE_LETTER = 2
const MOST_STRANGE = 3
/** Russian, Bulgarian and Ukrainian have letters of their own; what a letter without any speaks against them. */
const FAMILIAR_LETTER = 0.025
const MOST_FAMILIAR = 2

/** What the alphabet of a Cyrillic text says: it parts languages surer than groups of letters do. */
function spell(odds: number[], { letters, foreign, serbian, macedonian }: Alphabet): void {
  odds[HBS]! -= STRANGE_LETTER * Math.min(MOST_STRANGE, foreign + macedonian)
  odds[MACEDONIAN]! -= STRANGE_LETTER * Math.min(MOST_STRANGE, foreign + serbian)
  if (foreign > 0) return
  const familiar = Math.min(MOST_FAMILIAR, FAMILIAR_LETTER * letters)
  for (let at = 0; at < odds.length; at++) if (FAMILIES[at] === 'und') odds[at]! -= familiar
}

function favour(odds: number[], language: Language, weight: number): void {
  const at = FAMILIES.indexOf(familyOf(language))
  if (language !== 'und' && at >= 0) odds[at]! += weight
}

/** Odds as shares, those of one language together, best first. */
function shares(odds: readonly number[], languages: readonly Language[]): Share[] {
  let best = 0
  for (let at = 1; at < odds.length; at++) if (odds[at]! > odds[best]!) best = at
  const most = odds[best]!
  const found: { language: Language; score: number }[] = [{ language: languages[best]!, score: 1 }]
  let sum = 1
  for (let at = 0; at < odds.length; at++) {
    if (at === best || odds[at]! - most < LEAST) continue
    const power = Math.exp(odds[at]! - most)
    sum += power
    const known = found.find(one => one.language === languages[at])
    if (known) known.score += power
    else found.push({ language: languages[at]!, score: power })
  }
  if (found.length === 1) found[0]!.score = 1
  else {
    for (const one of found) one.score = round(one.score / sum)
    found.sort((a, b) => b.score - a.score || (a.language < b.language ? -1 : 1))
  }
  return found
}

const round = (value: number): number => Math.round(value * 1000) / 1000
/** Log odds against the best; shares below a thousandth are not told. */
const LEAST = -7

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
  text: string,
  { script, letters }: TextRead,
  { declared, headline }: DetectOptions,
): Language | undefined {
  if (declared && declared !== 'und') return familyOf(declared)
  if (headline || letters < FRANC_MIN_LETTERS || script === 'other') return undefined
  const code = franc(text.slice(0, MAX_TEXT), { only: ONLY })
  return code === 'und' ? undefined : (FRANC[code] ?? 'und')
}

// ---------------------------------------------------------------- the variety

/** From this share on a variety is named; below it is `hbs`. Letter groups alone must be surer: they know the subject, too. */
const VARIETY_TOLD = 0.75
const VARIETY_TOLD_BY_LETTERS = 0.9
/** The model's say beside the telling words'. More would name more varieties, and more of them wrongly. */
const MODEL_WEIGHT = 1.1
/** More votes than this say no more than these: a long text is not surer than its language. */
const MOST_VOTES = 8
const VARIETY_PRIOR = 5.5
const VARIETY_SOURCE_PRIOR = 2
/** Montenegrin is a fortieth of what is written in the four, and Bosnian and Croatian are hardly written in Cyrillic. */
const RARE = 2.5

function variety(evidence: VarietyEvidence, script: Script, sure: number, options: DetectOptions): Detection {
  const votes = votesOf(evidence)
  const shared = shares(varietyOdds(evidence, votes, script, options), VOTERS)
  const first = shared[0]!
  const told =
    first.score >= VARIETY_TOLD_BY_LETTERS ||
    (first.score >= VARIETY_TOLD &&
      (options.declared === first.language || isVotedFor(votes, first.language)))
  return {
    language: told ? first.language : 'hbs',
    script,
    confidence: told ? round(sure * first.score) : sure,
    familyConfidence: sure,
    candidates: shared,
  }
}

/** What the telling words say of each variety. */
function votesOf({ counts, rare }: VarietyEvidence): number[] {
  const votes = [0, 0, 0, rare * MONTENEGRIN_WEIGHT]
  for (let list = 0; list < counts.length; list++) {
    const count = counts[list]!
    if (count === 0) continue
    const weights = WEIGHTS[list]!
    for (let at = 0; at < votes.length; at++) votes[at]! += count * weights[at]!
  }
  return votes
}

/** Whether the telling words put a variety before the last of the others. */
function isVotedFor(votes: readonly number[], language: Language): boolean {
  return votes[VOTERS.indexOf(language as Variety)]! > Math.min(...votes)
}

function varietyOdds(
  { odds: learned }: VarietyEvidence,
  votes: readonly number[],
  script: Script,
  { declared, sourceLanguages }: DetectOptions,
): number[] {
  let cast = 0
  for (const vote of votes) if (vote > cast) cast = vote
  const scale = cast > MOST_VOTES ? MOST_VOTES / cast : 1
  const odds: number[] = []
  for (let at = 0; at < VOTERS.length; at++) {
    const language = VOTERS[at]!
    let one = learned[LEARNED[at]!]! * MODEL_WEIGHT + votes[at]! * scale
    if (language === 'cnr') one -= RARE
    if (script === 'Cyrl' && (language === 'bs' || language === 'hr')) one -= RARE
    if (declared === language) one += VARIETY_PRIOR
    if (sourceLanguages?.includes(language)) one += VARIETY_SOURCE_PRIOR
    odds.push(one)
  }
  return odds
}

/** The model has learned no Montenegrin: it is nearest to Bosnian. */
const LEARNED = VOTERS.map(language => model.variety.classes.indexOf(language === 'cnr' ? 'bs' : language))
