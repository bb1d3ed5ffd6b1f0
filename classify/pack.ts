/** Pack: what the engine must know of the grammar of one language. Words with a meaning stand in its lexicon.yml. */
import type { Language } from '../core/labels.ts'

/** Lexicons we keep. `hbs` is the common base of Bosnian, Croatian, Montenegrin and Serbian. */
export const PACK_CODES = ['hbs', 'mk', 'sq', 'en'] as const
export type PackCode = (typeof PACK_CODES)[number]

export interface Pack {
  readonly code: PackCode
  /** Languages that are read with it. */
  readonly languages: readonly Language[]
  /** A lower-case word, and its folded form, as the encoder reads it; undefined, or no function, for the folded form. */
  readonly encoderForm?: (word: string, folded: string, textIsLatin: boolean) => string | undefined
  readonly peoples: Peoples
  /** Closed sets of endings by name, for `stem~name`; the empty string is the bare stem. */
  readonly inflections: Readonly<Record<string, readonly string[]>>
  /** Words before a full stop that do not end a sentence. */
  readonly abbreviations: readonly string[]
  /** Abbreviations written with stops inside, as the folded words that come of it and the one they mean: `t.zv.` is `tzv`. */
  readonly joined: readonly (readonly [first: string, second: string, whole: string])[]
  /** The lists below are alternatives in the pattern language. */
  readonly negators: string
  /** Words that are written like a negator once marks are dropped, with the sign behind them, and are none. */
  readonly notNegators?: RegExp
  readonly copulas: string
  /** An adjective and a noun, folded, that speak of one thing and not of many: a party or an idea rather than people. */
  readonly oneThing?: RegExp
  /** Words that stand for people named before: they, these. */
  readonly pronouns: string
  /** Words of comparison: like, as. */
  readonly comparisons: string
  /** Words that open a new clause, over which a metaphor does not reach. */
  readonly clauseBreaks: string
  /** Words that set what follows against what came before: but. What was taken back before them is not taken back after. */
  readonly contrasts: string
  /** Negation that denies nothing: "not only". */
  readonly notOnly: readonly string[]
  /**
   * Phrases that deny the claim they introduce, or that stands within them: "it is not true that", "nobody can say that",
   * "whoever says that ... lies". Several patterns.
   */
  readonly refutations: readonly string[]
  /** The same behind the claim: "which is not true". */
  readonly refutedAfter: readonly string[]
  /** The legal word that only some events bear: saying that another event was none is no denial. */
  readonly genocideWords: string
  /** Words that introduce what somebody said: that. */
  readonly thatWords: string
  /** What stands between a verb and a place, not a speaker. */
  readonly prepositions: string
  /** Behind these, after a verb of speaking, stands whom it was said of: about. */
  readonly aboutWords: string
  /** Verbs and phrases that say somebody is speaking; several patterns. */
  readonly speech: readonly string[]
  /**
   * Words that stand before the name of a speaker: offices, ranks, forms of address. Places, teams and things that are
   * written like names and say nothing. Both are alternatives in the pattern language.
   */
  readonly titles: string
  readonly notSpeakers: string
  /** How a name looks that is no subject of its sentence, where the language has cases. */
  readonly oblique?: RegExp
  /** Phrases by which an author speaks of what they think themselves; several patterns. */
  readonly firstPerson: readonly string[]
  /** Beginnings of words, folded, in section names and labels of titles: of opinion, of letters, of sport and culture. */
  readonly opinionSections: readonly string[]
  readonly letterSections: readonly string[]
  readonly literalSections: readonly string[]
}

/** What the encoder reads for the name of a people, whichever it is: one name for the first that is named, another for the next. */
export interface Peoples {
  /** What a folded noun ends in, and the form that each name has then; the first that fits, the last fits all. */
  readonly nouns: readonly (readonly [ending: RegExp, forms: readonly string[]])[]
  /** Stems, of each name. */
  readonly adjectives: readonly string[]
  /** Of a folded adjective to what is written behind the stem. */
  readonly ending: (folded: string) => string
}

/** Words by which some varieties of a family show themselves, in the pattern language; used by language detection alone. */
export interface VarietyMarkers {
  readonly speaksFor: readonly Language[]
  /** What each occurrence adds to their log odds. */
  readonly weight: number
  readonly words: string
}
