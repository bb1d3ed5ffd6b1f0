/** Entry: one rule of a lexicon, as its YAML file describes it. This is the format that linguists edit. */
import { z } from 'zod'
import { SUBTYPES } from '../core/labels.ts'
import type { Category, Subtype } from '../core/labels.ts'
import type { Pattern } from './pattern.ts'

/** What the words of a cue tell about the sentence around a hit. */
export const CUES = [
  // what a passage is about
  'atrocity', // genocide, massacre, camp: makes "the numbers are inflated" a matter of victims
  'name-of-crime', // genocide, massacre: doubted when it stands alone in quotation marks
  'elsewhere', // an atrocity of another part of the world
  'praise',
  'hostility', // insult or contempt: makes a doubtful group name a slur
  // relations of a metaphor to a group
  'collective', // nest of, pack of
  'breeding',
  'removal', // exterminate, clean out: as a call, not as news
  // what the article does with it
  'denial-report', // says that somebody denies, or plays down
  'condemnation',
  'court',
  'procedure', // any case before a court, any ban: a debate on whether a thing may be said
  'commemoration',
  'education',
  'fact', // says that the crime is proven
  // what takes a hit back
  'undeniable', // "nobody can deny"
  'untrue', // "it is not true that"
  'word-mention', // speaks about the word, not with it
  'as-if', // "treated as if": the view of the victim
  'warning', // "must not happen again"
  'literal', // farming, medicine, films, sport: a metaphor is none
] as const
export type Cue = (typeof CUES)[number]

/**
 * What else the sentence must hold for a doubtful entry to count; any one of the list is enough.
 * `people` is a group named as people, not by an adjective alone.
 * `atrocity-nearby` looks at the title and the two sentences before as well, and lets pass a text too short to tell.
 * `group-before` wants people named before the passage, in its sentence or in one of the two before: what "them" stands for.
 */
export const NEEDS = [
  'group',
  'people',
  'group-before',
  'slur',
  'event',
  'person',
  'meta',
  'atrocity',
  'praise',
  'hostility',
  'atrocity-nearby',
] as const
export type Need = (typeof NEEDS)[number]

/**
 * Where a passage must stand for its entry to count. A sentence within quotation marks begins and ends with them.
 * `not-alone`: not as the only words in quotation marks, where they are mentioned rather than said.
 */
export const PLACES = ['beginning', 'end', 'question', 'quotation', 'own-words', 'not-alone'] as const
export type Place = (typeof PLACES)[number]

export const PERSON_STATUSES = ['genocide', 'crimes-against-humanity', 'war-crimes', 'other'] as const

const base = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens'),
  pattern: z.union([z.string(), z.array(z.string()).min(1)]),
  /** How the first word must be written where a name and a common word look alike. */
  written: z.enum(['lower', 'capital']).optional(),
  /** Why it is here, when it is harmless, who says so. */
  note: z.string().optional(),
}
const target = z.string().regex(/^[a-z-]+$/, 'expected a group in lower-case English plural, such as roma')

/** Entries that are searched for to understand a sentence; none makes a flag by itself. */
const termSections = {
  targets: z
    .array(
      z.strictObject({
        ...base,
        target,
        /** Names the group but no people: "Serbian". A metaphor is not applied to it by a verb. */
        adjective: z.boolean().default(false),
      }),
    )
    .default([]),
  metaphors: z
    .array(
      z.strictObject({
        ...base,
        subtype: z.enum(SUBTYPES.dehumanization),
        /** Said of nobody but people: it needs no verb to be an insult. */
        peopleOnly: z.boolean().default(false),
      }),
    )
    .default([]),
  persons: z
    .array(z.strictObject({ ...base, name: z.string().min(1), status: z.enum(PERSON_STATUSES) }))
    .default([]),
  cues: z.array(z.strictObject({ ...base, cue: z.enum(CUES) })).default([]),
  exclusions: z.array(z.strictObject(base)).default([]),
}

const rule = {
  ...base,
  /** How bad, 1 to 5. */
  severity: z.number().int().min(1).max(5),
  /** How likely a hit is what the label says, 0 to 1, with nothing known but the hit itself. */
  confidence: z.number().min(0.05).max(0.99),
  target: target.optional(),
  event: z.string().optional(),
  needs: z.array(z.enum(NEEDS)).optional(),
  /** Cues in the sentence that take it back. */
  unless: z.array(z.enum(CUES)).optional(),
  /** Where it must stand; all of the list must hold. */
  stands: z.array(z.enum(PLACES)).optional(),
  /** The passage disputes the legal word alone; where no court found genocide that is no denial. */
  disputes: z.literal('qualification').optional(),
}
const rulesOf = <const S extends readonly [string, ...string[]]>(subtypes: S) =>
  z.array(z.strictObject({ ...rule, subtype: z.enum(subtypes) })).default([])

export const lexiconSchema = z.strictObject({
  about: z.string(),
  /** Lists of words used by patterns as `{NAME}`. */
  macros: z.record(z.string().regex(/^[A-Z_]+$/), z.string()).default({}),
  ...termSections,
  dehumanization: rulesOf(SUBTYPES.dehumanization),
  denial: rulesOf(SUBTYPES.denial),
  incitement: rulesOf(SUBTYPES.incitement),
  threat: rulesOf(SUBTYPES.threat),
  'identity-negation': rulesOf(SUBTYPES['identity-negation']),
  slur: rulesOf(SUBTYPES.slur),
  /** In an overlay: ids of entries that are left out. */
  remove: z.array(z.string()).default([]),
})

interface Common {
  readonly id: string
  readonly patterns: readonly Pattern[]
  /** The patterns as written. */
  readonly texts: readonly string[]
  readonly written?: 'lower' | 'capital'
  readonly note?: string
  /** File and line, for messages. */
  readonly place: string
}

export interface RuleEntry extends Common {
  readonly kind: 'rule'
  readonly category: Category
  readonly subtype: Subtype
  readonly severity: number
  readonly confidence: number
  readonly target?: string
  readonly event?: string
  readonly needs?: readonly Need[]
  readonly unless?: readonly Cue[]
  readonly stands?: readonly Place[]
  readonly disputes?: 'qualification'
}
export interface TargetEntry extends Common {
  readonly kind: 'target'
  readonly target: string
  readonly adjective: boolean
}
export interface MetaphorEntry extends Common {
  readonly kind: 'metaphor'
  readonly subtype: (typeof SUBTYPES.dehumanization)[number]
  readonly peopleOnly: boolean
}
export interface PersonEntry extends Common {
  readonly kind: 'person'
  readonly name: string
  readonly status: (typeof PERSON_STATUSES)[number]
}
export interface CueEntry extends Common {
  readonly kind: 'cue'
  readonly cue: Cue
}
export interface ExclusionEntry extends Common {
  readonly kind: 'exclusion'
}
export type Entry = RuleEntry | TargetEntry | MetaphorEntry | PersonEntry | CueEntry | ExclusionEntry
