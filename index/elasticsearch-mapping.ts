/** The indices of Elasticsearch: what they are called, what their documents hold, and the templates that say so. */

/** Raised when a document is written otherwise: indices of another schema are built anew, not changed. */
export const SCHEMA = 1

/** What there is an index of. Texts stand by month, and in one index for good where something was flagged. */
export const PARTS = ['articles', 'flags', 'texts', 'sources'] as const
export type Part = (typeof PARTS)[number]

/** The place of texts that do not expire. */
export const KEPT = 'kept'

export interface Names {
  readonly prefix: string
  /** The alias of a part of the generation in use: what Kibana reads. */
  alias(part: Part): string
  /** The index of a part of a generation; texts have one a place. */
  index(part: Exclude<Part, 'texts'>, generation: string): string
  texts(generation: string, place: string): string
  /** Every index of texts of a generation. */
  allTexts(generation: string): string
  /** What belongs to no generation: settings and locks. */
  readonly state: string
  template(part: Part | 'state' | 'facts'): string
}

export function namesOf(prefix: string): Names {
  const alias = (part: Part): string => `${prefix}-${part}`
  return {
    prefix,
    alias,
    index: (part, generation) => `${alias(part)}-${generation}`,
    texts: (generation, place) => `${alias('texts')}-${generation}-${place}`,
    allTexts: generation => `${alias('texts')}-${generation}-*`,
    state: `${prefix}-state`,
    template: part => `${prefix}-${part}`,
  }
}

// ---------------------------------------------------------------- fields

export interface Field {
  readonly type?: string
  readonly properties?: Fields
  readonly [setting: string]: unknown
}
export type Fields = Readonly<Record<string, Field>>

/** A term has at most 32,766 bytes; a longer value is kept and not found. */
const LONGEST = 8_191

const keyword: Field = { type: 'keyword', ignore_above: LONGEST }
/** As queries compare it: never counted, so that it needs no column. */
const compared: Field = { ...keyword, doc_values: false }
/** To look at: neither found nor counted. */
const shown: Field = { type: 'keyword', index: false, doc_values: false, ignore_above: LONGEST }
const instant: Field = { type: 'date' }
const day: Field = { type: 'date', format: 'strict_date' }
const yesOrNo: Field = { type: 'boolean' }
/** JSON in a string: only we read it, and no character of it can disturb anybody. */
const json: Field = { type: 'object', enabled: false }
/** Our own folded words with single spaces between: nothing is left to analyse. */
const folded: Field = { type: 'text', analyzer: 'whitespace', norms: false }
const stems: Field = { ...folded, index_options: 'docs' }

/** What every document says of its article. Names are those of facets; `is` holds what queries compare. */
const FACTS: Fields = {
  at: instant,
  day,
  id: keyword,
  article: keyword,
  language: keyword,
  script: keyword,
  source: keyword,
  country: keyword,
  outlet: keyword,
  outletKind: keyword,
  section: keyword,
  author: keyword,
  flagged: yesOrNo,
  url: shown,
  headline: shown,
  /** Words of its own title. */
  title: folded,
  /** Words of the article as it is now. */
  words: { properties: { title: folded, lead: folded, text: folded, stems } },
  is: {
    properties: {
      article: compared,
      source: compared,
      outlet: compared,
      section: compared,
      author: compared,
      url: compared,
    },
  },
}

const ARTICLE: Fields = {
  /** `head`: the article without its words, or `text`: the article with them, in an index of texts. */
  part: keyword,
  /** Known and not deleted. */
  visible: yesOrNo,
  deleted: yesOrNo,
  /** Day on which its words were fetched; absent where there are none. */
  fetched: day,
  /** Flags that count. */
  flags: { type: 'integer' },
  head: json,
  record: json,
}

const TEXT: Fields = {
  part: keyword,
  fetched: day,
  head: json,
  raw: json,
}

const FLAG: Fields = {
  category: keyword,
  subtype: keyword,
  severity: { type: 'byte' },
  confidence: { type: 'double' },
  alert: yesOrNo,
  target: keyword,
  event: keyword,
  voice: keyword,
  stance: keyword,
  speaker: keyword,
  rule: keyword,
  field: keyword,
  evasive: yesOrNo,
  status: keyword,
  second: yesOrNo,
  disagreement: yesOrNo,
  decidedAt: instant,
  madeAt: instant,
  /** Of the newest finding, and the article is not deleted: what is found and counted. */
  live: yesOrNo,
  retired: yesOrNo,
  quote: shown,
  sentence: shown,
  why: shown,
  document: json,
  is: { properties: { id: compared, event: compared, speaker: compared, rule: compared, target: compared } },
}

const SOURCE: Fields = {
  source: keyword,
  lastPollAt: instant,
  lastOutcome: keyword,
  lastReason: shown,
  lastSuccessAt: instant,
  lastItemAt: instant,
  nextDueAt: instant,
  failures: { type: 'integer' },
  record: json,
}

const STATE: Fields = { value: json }

const OWN: Readonly<Record<Part | 'state', Fields>> = {
  articles: ARTICLE,
  texts: TEXT,
  flags: FLAG,
  sources: SOURCE,
  state: STATE,
}

function hasFacts(part: Part | 'state'): boolean {
  return part === 'articles' || part === 'texts' || part === 'flags'
}

/** Every field of a part, as its indices have them. */
export function fieldsOf(part: Part | 'state'): Fields {
  if (!hasFacts(part)) return OWN[part]
  const is = { properties: { ...FACTS['is']!.properties, ...OWN[part]['is']?.properties } }
  return { ...FACTS, ...OWN[part], is }
}

// ---------------------------------------------------------------- templates

export interface IndexOptions {
  /** Primary shards of each index; copies follow the number of nodes. */
  readonly shards?: number
}

const PRIORITY = 500

/** Path and body of every template, in the order in which they are put. */
export function templatesOf(
  names: Names,
  { shards = 1 }: IndexOptions = {},
): readonly { readonly path: string; readonly body: object }[] {
  const _meta = { managed_by: 'opomena', schema: SCHEMA }
  const facts = {
    path: `_component_template/${names.template('facts')}`,
    body: { version: SCHEMA, _meta, template: { mappings: { properties: FACTS } } },
  }
  const parts = [...PARTS, 'state' as const].map(part => ({
    path: `_index_template/${names.template(part)}`,
    body: {
      index_patterns: [part === 'state' ? names.state : `${names.alias(part)}-*`],
      priority: PRIORITY,
      version: SCHEMA,
      // A stray write must not make an index: who deletes one gets an error, not a new one with nothing in it.
      allow_auto_create: false,
      composed_of: hasFacts(part) ? [names.template('facts')] : [],
      _meta,
      template: { settings: settingsOf(part, shards), mappings: mappingsOf(part) },
    },
  }))
  return [facts, ...parts]
}

function settingsOf(part: Part | 'state', shards: number): object {
  return {
    number_of_shards: part === 'sources' || part === 'state' ? 1 : shards,
    auto_expand_replicas: '0-1',
    // For how long a deletion is remembered: a late write of an older version does not bring the document back.
    gc_deletes: '10m',
    ...(part === 'texts' && { codec: 'best_compression' }),
  }
}

function mappingsOf(part: Part | 'state'): object {
  return {
    dynamic: 'strict',
    _meta: { managed_by: 'opomena', schema: SCHEMA },
    // Words are made again from the text whenever a document is written.
    ...(hasFacts(part) && { _source: { excludes: ['words.*'] } }),
    properties: OWN[part],
  }
}
