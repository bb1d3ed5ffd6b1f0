/** The closed vocabularies of the project: languages, places, what a flag may say. Definitions: docs/codebook.md. */

/** Languages we read. `hbs` is Bosnian, Croatian, Montenegrin or Serbian when the variety is undecided; `und` is anything else. */
export const LANGUAGES = ['bs', 'hr', 'sr', 'cnr', 'hbs', 'mk', 'sq', 'en', 'sl', 'und'] as const
export type Language = (typeof LANGUAGES)[number]

/** ISO 15924 codes, and `mixed` where a text has a fair share of both. */
export const SCRIPTS = ['Latn', 'Cyrl', 'mixed', 'other'] as const
export type Script = (typeof SCRIPTS)[number]

/** ISO 3166 codes of the countries watched, and `INT` for outlets of no one country. */
export const COUNTRIES = ['BA', 'RS', 'HR', 'ME', 'MK', 'XK', 'AL', 'SI', 'INT'] as const
export type Country = (typeof COUNTRIES)[number]

export const OUTLET_KINDS = [
  'public',
  'commercial',
  'tabloid',
  'agency',
  'minority',
  'church',
  'party',
  'fact-check',
  'aggregator',
] as const
export type OutletKind = (typeof OUTLET_KINDS)[number]

export const SUBTYPES = {
  dehumanization: ['animal', 'disease', 'filth', 'demon', 'object', 'subhuman', 'essence'],
  denial: [
    'outright',
    'numbers',
    'relativisation',
    'justification',
    'conspiracy',
    'qualification',
    'glorification',
  ],
  incitement: ['violence', 'repeat', 'expulsion', 'discrimination', 'condone'],
  threat: ['mirror', 'existential', 'purity', 'women', 'loyalty', 'fifth-column'],
  'identity-negation': ['nation', 'culture'],
  slur: ['ethnic', 'religious', 'war-label', 'ethnic-marking'],
} as const

export type Category = keyof typeof SUBTYPES
export type Subtype = (typeof SUBTYPES)[Category][number]
export const CATEGORIES = Object.keys(SUBTYPES) as readonly Category[]
export const ALL_SUBTYPES = Object.values(SUBTYPES).flat() as readonly Subtype[]

/** Who utters the passage. */
export const VOICES = ['outlet', 'author', 'quoted'] as const
export type Voice = (typeof VOICES)[number]

/** What the article does with it. */
export const STANCES = ['endorses', 'relays', 'contextualises', 'condemns'] as const
export type Stance = (typeof STANCES)[number]

/** Where in the article a passage stands. Offsets of a flag count from the start of that field. */
export const FIELDS = ['title', 'lead', 'text'] as const
export type Field = (typeof FIELDS)[number]

/** What a reviewer may decide about a flag. */
export const VERDICTS = [
  'confirmed',
  'reported-speech',
  'not-hate',
  'unclear',
  'duplicate',
  'out-of-scope',
] as const
export type VerdictValue = (typeof VERDICTS)[number]

/** Where a flag stands: `pending` until its first verdict. */
export const STATUSES = ['pending', ...VERDICTS] as const
export type Status = (typeof STATUSES)[number]
