/**
 * Which language a text is in. A small model of letter groups decides nearly always; among Bosnian, Croatian,
 * Montenegrin and Serbian telling words vote with it, and what the outlet says of itself counts, but proves nothing.
 */
import { franc } from 'franc'
import type { Language, Script } from '../core/labels.ts'
import { varietyOf } from './detect-variety.ts'
import { evidenceReader, MAX_TEXT } from './language-model/evidence.ts'
import type { Alphabet, TextRead } from './language-model/evidence.ts'
import { shares } from './language-model/shares.ts'
import type { Share } from './language-model/shares.ts'
import { languageModel } from './language-model/shipped.ts'
import { languagePack, MONTENEGRIN, VARIETIES } from './languages.ts'
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
  readonly candidates: readonly Share[]
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
    const found = varietyOf(reader.varieties(FIRST_VARIETY_LETTERS), script, confidence, options)
    const isClear = found.candidates[0]!.score >= CLEAR || letters <= FIRST_VARIETY_LETTERS
    return isClear ? found : varietyOf(reader.varieties(MAX_TEXT), script, confidence, options)
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

const FAMILIES = languageModel.family.classes.map(familyClass)
/** Classes of the model that are languages we know; all others are `und`. */
function familyClass(name: string): Language {
  return name === 'hbs' || name === 'mk' || name === 'sq' || name === 'en' || name === 'sl' ? name : 'und'
}

const reader = evidenceReader(
  languageModel,
  VARIETIES.map(({ words }) => parseAlternatives(words, EMPTY_DICTIONARY)),
  MONTENEGRIN,
)

// ---------------------------------------------------------------- the family

/** bs, hr, sr and cnr are one family: one language to everything but the variety vote. */
export function familyOf(language: Language): Language {
  return languagePack('hbs').languages.includes(language) ? 'hbs' : language
}

/** Whether the beginning of a text says at once that it is in a family. */
export function isSurelyIn(family: Language, text: string, options: DetectOptions): boolean {
  const read = reader.read(text)
  if (read.words === 0) return false
  const [first] = familyShares(reader.families(FIRST_LETTERS), read, options)
  return first!.language === family && first!.score >= CLEAR
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
