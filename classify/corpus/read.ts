/** The corpus from its files: written and edited passages, and labels of real news. Every fault names its line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { ConfigError } from '../../core/errors.ts'
import { FIELDS, STANCES, VOICES } from '../../core/labels.ts'
import { LabelSchema, PassageSchema, type Passage } from './passage.ts'

export const ORIGINS = ['written', 'edits'] as const
export type Origin = (typeof ORIGINS)[number]

export interface CorpusPassage extends Passage {
  readonly origin: Origin
  /** The person who wrote it; the letters before the number of its id. */
  readonly hand: string
}

/** A label of real news. The text stays in its archive; `hash` says whether it is still the one that was read. */
export const RealLabelSchema = z.strictObject({
  archive: z.string(),
  /** Line of the archive, from 0. */
  row: z.int().nonnegative(),
  field: z.enum(FIELDS),
  /** The passage: UTF-16 offsets in the field, end exclusive. */
  start: z.int().nonnegative(),
  end: z.int().positive(),
  /** First 16 hexadecimal digits of the SHA-256 of the passage in UTF-8. */
  hash: z.string().regex(/^[0-9a-f]{16}$/),
  label: LabelSchema,
  /** Of a harmless passage: what kind of news it is. */
  kind: z.string().optional(),
  /** The instance: UTF-16 offsets in the field. */
  span: z.tuple([z.int().nonnegative(), z.int().positive()]).optional(),
  voice: z.enum(VOICES).optional(),
  stance: z.enum(STANCES).optional(),
  targets: z.array(z.string()).optional(),
  event: z.string().optional(),
  indirect: z.boolean().optional(),
  /** Hands that read it blind; the label is what they agreed on. */
  hands: z.array(z.string()).min(1),
  /** What each hand said first, where they differed. */
  first: z.array(LabelSchema).optional(),
  note: z.string().optional(),
})
export type RealLabel = z.infer<typeof RealLabelSchema>

/** All passages under `folder`/written and `folder`/edits, in order of file and line. */
export function readPassages(folder: string): CorpusPassage[] {
  return ORIGINS.flatMap(origin =>
    readFolder(join(folder, origin), PassageSchema).map(passage => ({
      ...passage,
      origin,
      hand: passage.id.slice(0, passage.id.indexOf('-')),
    })),
  )
}

/** @throws ConfigError that names the line. */
export function readPassageFile(path: string): Passage[] {
  return readFile(path, PassageSchema)
}

export function readRealLabels(folder: string): RealLabel[] {
  return readFolder(join(folder, 'real'), RealLabelSchema)
}

function readFolder<T>(folder: string, schema: z.ZodType<T>): T[] {
  // A kind of passage that nobody has written yet has no folder.
  const files = existsSync(folder) ? readdirSync(folder).filter(file => file.endsWith('.ndjson')) : []
  return files.sort().flatMap(file => readFile(join(folder, file), schema))
}

function readFile<T>(path: string, schema: z.ZodType<T>): T[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, at) =>
      line.trim() === '' ? [] : [parseLine(line, schema, `${basename(path)}:${at + 1}`)],
    )
}

function parseLine<T>(line: string, schema: z.ZodType<T>, where: string): T {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw new ConfigError(`${where}: expected one JSON object, ${(error as Error).message}`)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const faults = result.error.issues.map(issue => `${issue.path.join('.')} ${issue.message}`.trim())
  throw new ConfigError(`${where}: ${faults.join('; ')}`)
}
