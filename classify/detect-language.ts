/**
 * Which language a text is in. Letters and frequent words decide nearly always; franc is asked about longer texts that
 * they leave open; among Bosnian, Croatian, Montenegrin and Serbian telling words vote, and the outlet's own word counts.
 */
import { franc } from 'franc'
import type { Language, Script } from '../core/labels.ts'
import { scriptOf, tokenize } from '../core/text.ts'
import type { Token } from '../core/text.ts'
import { languagePack, MARKERS, VARIETIES } from './languages.ts'
import { Vocabulary } from './matcher.ts'
import type { Markers } from './pack.ts'
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
  readonly language: Language
  readonly script: Script
  /** 0 (cannot tell) to 1. */
  readonly confidence: number
  /** Best first; scores add up to 1. Empty when nothing speaks for any language. */
  readonly candidates: readonly { readonly language: Language; readonly score: number }[]
}

/** Longer texts tell no more. */
const SAMPLE = 1_200
const FRANC_MIN_LETTERS = 60
/** What an outlet says of itself weighs like this many frequent words. */
const PRIOR = 1.5
const SOURCE_PRIOR = 0.75

export function detectLanguage(text: string, options: DetectOptions = {}): Detection {
  const sample = text.slice(0, SAMPLE)
  const script = scriptOf(sample)
  if (isForeignCyrillic(sample))
    return { language: 'und', script, confidence: 0.95, candidates: [{ language: 'und', score: 1 }] }
  const tokens = tokenize(sample)
  const scores = familyScores(sample, script, tokens, options)
  const first = leader(scores) ?? asked(sample, script, options)
  if (first === undefined) return { language: 'und', script, confidence: 0, candidates: [] }
  if (first === 'hbs') return variety(scores, script, tokens, options)
  return { language: first, script, confidence: shareOf(scores, first), candidates: ranked(scores) }
}

/** bs, hr, sr and cnr are one family: one language to everything but the variety vote. */
function familyOf(language: Language): Language {
  return languagePack('hbs').languages.includes(language) ? 'hbs' : language
}

// ---------------------------------------------------------------- the family

type Scores = Map<Language, number>

const vocabulary = new Vocabulary()
const familySlots = slotsFor(MARKERS)
const varietySlots = slotsFor(VARIETIES)

function slotsFor(markers: readonly Markers[]): Map<number, Language> {
  const dictionary = { inflections: languagePack('hbs').inflections, macros: {} }
  // A slot of its own for each list, also where two lists are of the same language.
  return new Map(
    markers.map(({ language, words }) => [vocabulary.slot(parseAlternatives(words, dictionary)), language]),
  )
}

function familyScores(
  sample: string,
  script: Script,
  tokens: readonly Token[],
  options: DetectOptions,
): Scores {
  const bySlot = count(tokens, familySlots)
  const scores: Scores = new Map()
  // Several lists are `und`, one for each language we do not read: the best of them speaks for it.
  for (const [slot, hits] of bySlot) {
    const language = familySlots.get(slot)!
    scores.set(language, Math.max(scores.get(language) ?? 0, hits))
  }
  // Words that tell the four varieties apart tell the family from others too.
  add(scores, 'hbs', Math.max(0, ...count(tokens, varietySlots).values()) / 2)
  // Macedonian in Latin is rare, and shares its small words with the neighbours.
  if (script === 'Latn') scores.set('mk', (scores.get('mk') ?? 0) * 0.8)
  // The lists of languages we do not read hold the short words of all Slavic and Romance ones: they need a clear lead.
  scores.set('und', (scores.get('und') ?? 0) * 0.75)
  addLetters(scores, sample, script, tokens.length)
  if (options.declared && options.declared !== 'und') add(scores, familyOf(options.declared), PRIOR)
  for (const language of new Set((options.sourceLanguages ?? []).map(familyOf)))
    add(scores, language, SOURCE_PRIOR)
  return scores
}

function count(tokens: readonly Token[], slots: ReadonlyMap<number, Language>): Map<number, number> {
  const hits = new Map<number, number>()
  for (const { folded } of tokens) {
    for (const slot of vocabulary.look(folded)) if (slots.has(slot)) hits.set(slot, (hits.get(slot) ?? 0) + 1)
  }
  return hits
}

function add(scores: Scores, language: Language, weight: number): void {
  scores.set(language, (scores.get(language) ?? 0) + weight)
}

/** Russian, Bulgarian, Ukrainian: letters that neither Serbian nor Macedonian has, and hardly any that only those have. */
function isForeignCyrillic(sample: string): boolean {
  const foreign = sample.match(/[ъщыэюяйіїєґьЪЩЫЭЮЯЙІЇЄҐЬ]/gu)?.length ?? 0
  const ours = sample.match(/[јљњџђћѓќѕЈЉЊЏЂЋЃЌЅ]/gu)?.length ?? 0
  return foreign >= 2 && ours < foreign / 4
}

/** Letters that only one language has. A single one may be a name; several are proof. */
function addLetters(scores: Scores, sample: string, script: Script, words: number): void {
  const weigh = (language: Language, letters: RegExp): void => {
    const found = sample.match(letters)?.length ?? 0
    if (found > 0) add(scores, language, Math.min(found, Math.max(2, words / 4)))
  }
  if (script === 'Cyrl' || script === 'mixed') {
    weigh('mk', /[ѓќѕЃЌЅ]/gu)
    weigh('hbs', /[ђћЂЋ]/gu)
    // Letters of Vuk's alphabet, which Macedonian shares and Bulgarian and Russian do not have.
    weigh('hbs', /[јљњџЈЉЊЏ]/gu)
    weigh('mk', /[јљњџЈЉЊЏ]/gu)
  }
  if (script === 'Latn' || script === 'mixed') {
    weigh('sq', /[ëËçÇ]/gu)
    weigh('hbs', /[ćđĆĐ]/gu)
    weigh('hbs', /[čšžČŠŽ]/gu)
    weigh('sl', /[čšžČŠŽ]/gu)
    weigh('und', /[äößüÄÖÜőűğışİŞąęłńůřěñãõøå]/gu)
  }
}

/** How far ahead the first must be, in frequent words. */
const LEAD = 0.5

function leader(scores: Scores): Language | undefined {
  const [first, second] = ranked(scores)
  if (!first) return undefined
  const lead = (scores.get(first.language) ?? 0) - (second ? (scores.get(second.language) ?? 0) : 0)
  return lead >= LEAD ? first.language : undefined
}

function ranked(scores: Scores): { language: Language; score: number }[] {
  const total = [...scores.values()].reduce((sum, score) => sum + score, 0)
  return [...scores]
    .filter(([, score]) => score > 0)
    .map(([language, score]) => ({ language, score: round(score / total) }))
    .sort((a, b) => b.score - a.score || (a.language < b.language ? -1 : 1))
}

/** Share of the first against all others, doubted when it rests on few words. */
function shareOf(scores: Scores, language: Language): number {
  const mine = scores.get(language) ?? 0
  const others = Math.max(0, ...[...scores].filter(([other]) => other !== language).map(([, score]) => score))
  return round((mine + 0.5) / (mine + others + 1.5))
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

/** What franc says of a text that words and letters left open; for short ones what the outlet says. */
function asked(sample: string, script: Script, { declared, headline }: DetectOptions): Language | undefined {
  const letters = sample.match(/\p{L}/gu)?.length ?? 0
  if (letters === 0) return undefined
  if (declared && declared !== 'und') return familyOf(declared)
  if (headline || letters < FRANC_MIN_LETTERS || script === 'other') return undefined
  const code = franc(sample, { only: ONLY })
  return code === 'und' ? undefined : (FRANC[code] ?? 'und')
}

// ---------------------------------------------------------------- the variety

/** Telling words that a variety needs more than the next, to be named; less is `hbs`. */
const VARIETY_LEAD = 2
/** The outlet's own word weighs so much among the varieties: only a clear majority of words contradicts it. */
const VARIETY_PRIOR = 4

function variety(
  family: Scores,
  script: Script,
  tokens: readonly Token[],
  options: DetectOptions,
): Detection {
  const votes: Scores = new Map()
  for (const [slot, hits] of count(tokens, varietySlots)) votes.set(varietySlots.get(slot)!, hits)
  const declared =
    options.declared && options.declared !== 'hbs' && familyOf(options.declared) === 'hbs'
      ? options.declared
      : undefined
  if (declared) add(votes, declared, VARIETY_PRIOR)
  for (const language of options.sourceLanguages ?? []) {
    if (language !== 'hbs' && familyOf(language) === 'hbs') add(votes, language, VARIETY_PRIOR / 2)
  }
  // Croatian is not written in Cyrillic today.
  if (script === 'Cyrl') votes.delete('hr')
  const sure = shareOf(family, 'hbs')
  const [first, second] = ranked(votes)
  if (!first)
    return { language: 'hbs', script, confidence: sure, candidates: [{ language: 'hbs', score: 1 }] }
  const lead = (votes.get(first.language) ?? 0) - (second ? (votes.get(second.language) ?? 0) : 0)
  if (lead < VARIETY_LEAD) return { language: 'hbs', script, confidence: sure, candidates: ranked(votes) }
  return {
    language: first.language,
    script,
    confidence: round(sure * shareOf(votes, first.language)),
    candidates: ranked(votes),
  }
}
