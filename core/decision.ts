/** Decision: what a person decided. Decisions are a set, never compacted over one another; the standing of a flag follows from the set. */
import { z } from 'zod'
import { ALL_SUBTYPES, CATEGORIES, STANCES, VERDICTS, VOICES } from './labels.ts'
import type { Status, VerdictValue } from './labels.ts'

const base = {
  v: z.literal(1),
  id: z.string(),
  /** The article decided upon, which is also what keeps decisions in order. */
  articleId: z.string(),
  /** Id of the account, never a name. */
  by: z.string(),
  at: z.iso.datetime(),
  note: z.string().max(4_000).optional(),
}

const correctedSchema = z.strictObject({
  category: z.enum(CATEGORIES).optional(),
  subtype: z.enum(ALL_SUBTYPES).optional(),
  severity: z.number().int().min(1).max(5).optional(),
  targets: z.array(z.string()).optional(),
  event: z.string().optional(),
  voice: z.enum(VOICES).optional(),
  stance: z.enum(STANCES).optional(),
})

/** Answers to the six-part threshold test of the Rabat Plan of Action: 0 absent, 1 some, 2 strong. */
const rabatSchema = z.strictObject({
  context: z.number().int().min(0).max(2),
  speaker: z.number().int().min(0).max(2),
  intent: z.number().int().min(0).max(2),
  content: z.number().int().min(0).max(2),
  extent: z.number().int().min(0).max(2),
  likelihood: z.number().int().min(0).max(2),
})

const verdictSchema = z.strictObject({
  ...base,
  kind: z.literal('verdict'),
  flagId: z.string(),
  decision: z.enum(VERDICTS),
  corrected: correctedSchema.optional(),
  rabat: rabatSchema.optional(),
  /** The reviewer asks for a second pair of eyes. */
  askSecond: z.boolean().optional(),
  /** The decision by the same person that this one replaces. */
  previous: z.string().optional(),
})
const undoSchema = z.strictObject({ ...base, kind: z.literal('undo'), flagId: z.string(), of: z.string() })
const mergeSchema = z.strictObject({
  ...base,
  kind: z.literal('merge'),
  incidentId: z.string(),
  flagIds: z.array(z.string()).min(1),
})
const splitSchema = z.strictObject({
  ...base,
  kind: z.literal('split'),
  incidentId: z.string(),
  flagIds: z.array(z.string()).min(1),
})
const ruleNoteSchema = z.strictObject({
  ...base,
  kind: z.literal('rule-note'),
  flagId: z.string(),
  rule: z.string(),
})
/** Every adapter obeys: text, quotes and evidence of the article go, its id and the fact stay. */
const deleteSchema = z.strictObject({ ...base, kind: z.literal('delete'), reason: z.string().min(1) })

export const decisionSchema = z.discriminatedUnion('kind', [
  verdictSchema,
  undoSchema,
  mergeSchema,
  splitSchema,
  ruleNoteSchema,
  deleteSchema,
])
export type Decision = z.infer<typeof decisionSchema>
export type Verdict = z.infer<typeof verdictSchema>

/** What the decisions about one flag add up to. */
export interface Standing {
  readonly status: Status
  /** The verdict that counts; absent while pending. */
  readonly verdict?: Verdict
  /** Counts already, and a second reviewer is still to look. */
  readonly waitingForSecond: boolean
  /** Two reviewers differ. */
  readonly disagreement: boolean
}

const GRAVE = 4
const SECOND_SHARE = 0.1

/** Whether two people must look at a flag: the gravest, one in ten by its id, and whenever somebody asks. */
export function needsSecond(flagId: string, severity: number, asked: boolean): boolean {
  return asked || severity >= GRAVE || Number.parseInt(flagId.slice(0, 6), 16) / 0x1000000 < SECOND_SHARE
}

/**
 * The standing of a flag. A pure function of the set of its decisions: any order and any repeat give the same answer.
 * Each reviewer's latest verdict that was not undone is theirs; the latest of all counts.
 */
export function standingOf(flagId: string, severity: number, decisions: Iterable<Decision>): Standing {
  const undone = new Set<string>()
  const verdicts = new Map<string, Verdict>()
  for (const decision of decisions) {
    if (decision.kind === 'undo' && decision.flagId === flagId) undone.add(decision.of)
    if (decision.kind === 'verdict' && decision.flagId === flagId) verdicts.set(decision.id, decision)
  }
  const ordered = [...verdicts.values()].filter(verdict => !undone.has(verdict.id)).sort(byTime)
  const latest = new Map<string, Verdict>()
  for (const verdict of ordered) latest.set(verdict.by, verdict)
  const verdict = ordered.at(-1)
  if (!verdict) return { status: 'pending', waitingForSecond: false, disagreement: false }
  const values = new Set<VerdictValue>([...latest.values()].map(one => one.decision))
  const asked = [...latest.values()].some(one => one.askSecond)
  return {
    status: verdict.decision,
    verdict,
    waitingForSecond: latest.size < 2 && needsSecond(flagId, verdict.corrected?.severity ?? severity, asked),
    disagreement: values.size > 1,
  }
}

function byTime(a: Verdict, b: Verdict): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
