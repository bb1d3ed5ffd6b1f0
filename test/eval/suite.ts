/** The exam: behaviours, and suites of passages in pairs. Read from YAML, checked, and known by a digest. */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { ConfigError } from '../../core/errors.ts'
import { ALL_SUBTYPES, CATEGORIES, LANGUAGES, STANCES, SUBTYPES, VOICES } from '../../core/labels.ts'
import type { Category, Language, Subtype } from '../../core/labels.ts'

/** Where the project's own exam lies: `behaviours.yml`, and one file of passages a language in `suites/`. */
export const EXAM = import.meta.dirname

const label = z
  .string()
  .refine(isLabel, { error: 'expected "none" or category/subtype as in core/labels.ts' })

const behaviourSchema = z.strictObject({
  id: z.string().regex(/^[a-z-]+$/u),
  label,
  /** `direct` where a telling word stands there, `indirect` where the meaning lies elsewhere; absent on look-alikes. */
  cue: z.enum(['direct', 'indirect']).optional(),
  definition: z.string().min(1),
})
export type Behaviour = Readonly<z.infer<typeof behaviourSchema>>

const passageSchema = z.strictObject({
  id: z.string(),
  /** Two passages of one pair share their words; one must be found, the other must not. */
  pair: z.string(),
  behaviour: z.string(),
  label,
  /** The group spoken of; for the balance of the suites and for figures per group. */
  target: z.string().optional(),
  /** Categories that may be flagged as well. */
  also: z.array(z.enum(CATEGORIES)).optional(),
  event: z.string().optional(),
  voice: z.enum(VOICES).optional(),
  stance: z.enum(STANCES).optional(),
  section: z.string().optional(),
  title: z.string().optional(),
  text: z.string().min(1),
})

export type Passage = Readonly<z.infer<typeof passageSchema>> & { readonly language: Language }

export interface Exam {
  readonly behaviours: ReadonlyMap<string, Behaviour>
  readonly passages: readonly Passage[]
  /** SHA-256 of all its files, so that nobody improves a score by editing the exam unseen. */
  readonly digest: string
}

/** @throws ConfigError when a file is not there or not as it should be. */
export function loadExam(dir: string = EXAM): Exam {
  const suites = readSuites(dir)
  const behaviourFile = join(dir, 'behaviours.yml')
  const behaviourText = readText(behaviourFile)
  const behaviours = new Map(
    check(behaviourFile, z.array(behaviourSchema), behaviourText).map(one => [one.id, one]),
  )
  const passages = suites.flatMap(({ file, language, text }) =>
    check(file, z.array(passageSchema), text).map(passage => ({ ...passage, language })),
  )
  checkPassages(dir, behaviours, passages)
  const hash = createHash('sha256').update(behaviourText)
  for (const { name, text } of suites) hash.update(`\n${name}\n`).update(text)
  return { behaviours, passages, digest: hash.digest('hex') }
}

export function isPositive(passage: Passage): boolean {
  return passage.label !== 'none'
}

/** Category and subtype of a positive passage. */
export function labelOf(passage: Passage): { readonly category: Category; readonly subtype: Subtype } {
  const [category, subtype] = passage.label.split('/')
  return { category: category as Category, subtype: subtype as Subtype }
}

// ---------------------------------------------------------------- reading and checking

interface SuiteFile {
  readonly name: string
  readonly file: string
  readonly language: Language
  readonly text: string
}

/** The files of `suites/` by name. `hbs-bs.yml` is Bosnian, `mk.yml` Macedonian. */
function readSuites(dir: string): SuiteFile[] {
  const folder = join(dir, 'suites')
  let names: string[]
  try {
    names = readdirSync(folder).filter(name => name.endsWith('.yml'))
  } catch (cause) {
    throw new ConfigError(`eval: expected a folder ${folder} with one .yml file a language`, { cause })
  }
  if (names.length === 0) throw new ConfigError(`eval: expected .yml files in ${folder}, found none`)
  return names.sort().map(name => {
    const file = join(folder, name)
    const code = name.replace(/\.yml$/u, '').replace(/^hbs-/u, '')
    const language = LANGUAGES.find(known => known === code)
    if (!language)
      throw new ConfigError(`eval: ${file}: expected the name of a language (${LANGUAGES.join(' ')})`)
    return { name, file, language, text: readText(file) }
  })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError(`eval: expected to read ${file}`, { cause })
  }
}

function check<T>(file: string, schema: z.ZodType<T>, text: string): T {
  let value: unknown
  try {
    value = parse(text)
  } catch (cause) {
    throw new ConfigError(`eval: ${file}: expected YAML: ${(cause as Error).message}`, { cause })
  }
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  throw new ConfigError(`eval: ${file}: ${z.prettifyError(checked.error)}`)
}

function checkPassages(dir: string, behaviours: Exam['behaviours'], passages: readonly Passage[]): void {
  const problems: string[] = []
  const seen = new Set<string>()
  for (const passage of passages) {
    const behaviour = behaviours.get(passage.behaviour)
    if (seen.has(passage.id)) problems.push(`${passage.id}: stands twice`)
    seen.add(passage.id)
    if (!behaviour) problems.push(`${passage.id}: behaviour ${passage.behaviour} is not in behaviours.yml`)
    else if (behaviour.label !== passage.label)
      problems.push(`${passage.id}: label ${passage.label}, but ${behaviour.id} is ${behaviour.label}`)
  }
  for (const [pair, members] of Map.groupBy(passages, passage => passage.pair)) {
    if (members.length !== 2 || members.filter(isPositive).length !== 1)
      problems.push(`pair ${pair}: expected one passage with a label and one without`)
  }
  if (problems.length > 0) throw new ConfigError(`eval: ${dir}:\n  ${problems.join('\n  ')}`)
}

function isLabel(value: string): boolean {
  if (value === 'none') return true
  const [category, subtype] = value.split('/')
  const known = CATEGORIES.find(one => one === category)
  return (
    known !== undefined &&
    ALL_SUBTYPES.some(one => one === subtype && (SUBTYPES[known] as readonly string[]).includes(one))
  )
}
