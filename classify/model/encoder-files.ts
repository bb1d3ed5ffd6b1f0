/**
 * The files of a model, believed only when their hashes are right: its manifest, weights and tokenizer; and what makes
 * a detector of an encoder, the gate, the combiner and the examples, which are made after it.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { ConfigError, reasonOf } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { parseCombiner } from './combine.ts'
import type { Combiner } from './combine.ts'
import { LABELS } from './encoder.ts'
import { parseExamples } from './examples.ts'
import type { Examples } from './examples.ts'
import { parseGate } from './gate.ts'
import type { Gate } from './gate.ts'
import { markerCharacter, MARKERS } from './markers.ts'
import { parseTokenizer } from './tokenizer.ts'
import type { Tokenizer } from './tokenizer.ts'
import { MAX_TOKENS } from './window.ts'

const fileSchema = z.strictObject({
  file: z.string().regex(/^[\w.-]+$/, 'expected the name of a file beside the manifest'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
})

const manifestSchema = z.strictObject({
  v: z.literal(1),
  id: z.string().min(1),
  weights: fileSchema,
  tokenizer: fileSchema,
  layers: z.int().positive(),
  maxTokens: z.literal(MAX_TOKENS),
  /** How the tokenizer of training splits the lines of the tests. */
  tokens: z.strictObject({ lines: z.int().positive(), sha256: z.string() }),
  labels: z.strictObject({
    category: z.array(z.string()),
    subtype: z.array(z.string()),
    voice: z.array(z.string()),
    stance: z.array(z.string()),
  }),
  gate: fileSchema.optional(),
  combiner: fileSchema.optional(),
  examples: fileSchema.optional(),
})
type Manifest = z.infer<typeof manifestSchema>

/** What is made after the encoder, and the command that makes it. */
export const MADE_AFTER = { gate: 'gate.bin', combiner: 'combiner.json', examples: 'examples.bin' } as const
export type MadeAfter = keyof typeof MADE_AFTER
const COMMANDS: Readonly<Record<MadeAfter, string>> = {
  gate: 'opomena model gate',
  combiner: 'opomena model calibrate',
  examples: 'opomena model examples',
}

export interface EncoderFiles {
  /** Name and beginning of the hash of the weights. */
  readonly id: string
  /** Path of the ONNX file. */
  readonly weights: string
  readonly tokenizer: Tokenizer
}

/** Folder of the model that the project ships. */
export const SHIPPED = join(import.meta.dirname, 'weights')
export const MANIFEST = 'encoder.json'

/** Made after the encoder, and read with it. */
export interface DetectorFiles {
  /** Changes when one of them does: they decide as the weights do. */
  readonly id: string
  readonly gate: Gate
  readonly combiner: Combiner
  readonly examples: Examples
}

/** @throws ConfigError that names the file, what was expected, what came, and what to do. */
export async function readEncoderFiles(folder: string): Promise<EncoderFiles> {
  const path = join(folder, MANIFEST)
  const { id, weights, tokenizer, labels } = await readManifest(folder)
  if (JSON.stringify(labels) !== JSON.stringify(LABELS))
    throw new ConfigError(`${path}: the model was trained for other labels than these; train it again`)
  await hashedBytes(join(folder, weights.file), weights.sha256)
  const pieces = await hashedBytes(join(folder, tokenizer.file), tokenizer.sha256)
  const known = parseTokenizer(pieces.toString('utf8'), tokenizer.file)
  if (known.encode(MARKERS.map(markerCharacter).join(' ')).ids.includes(known.unk))
    throw new ConfigError(`${path}: the model was trained for other markers than these; train it again`)
  return { id: encoderId({ id, weights }), weights: join(folder, weights.file), tokenizer: known }
}

/** @throws ConfigError when one of them is not there, or was made for another encoder. */
export async function readDetectorFiles(folder: string): Promise<DetectorFiles> {
  const manifest = await readManifest(folder)
  const encoder = encoderId(manifest)
  const read = async (part: MadeAfter): Promise<Buffer> => {
    const entry = manifest[part]
    if (entry) return hashedBytes(join(folder, entry.file), entry.sha256)
    throw new ConfigError(
      `${join(folder, MANIFEST)}: the model has no ${part} yet; make it with \`${COMMANDS[part]}\``,
    )
  }
  const [gate, combiner, examples] = [await read('gate'), await read('combiner'), await read('examples')]
  const path = (part: MadeAfter): string => join(folder, MADE_AFTER[part])
  return {
    id: sha256(Buffer.concat([gate, combiner, examples])).slice(0, 4),
    gate: parseGate(gate, path('gate')),
    combiner: parseCombiner(jsonOf(path('combiner'), combiner), encoder, path('combiner')),
    examples: parseExamples(examples, encoder, path('examples')),
  }
}

/** Writes a part of the model beside the others and its hash into the manifest. */
export async function addToModel(folder: string, part: MadeAfter, bytes: Uint8Array): Promise<void> {
  const manifest = await readManifest(folder)
  await writeFile(join(folder, MADE_AFTER[part]), bytes)
  const entry = { file: MADE_AFTER[part], sha256: sha256(bytes) }
  await writeFile(join(folder, MANIFEST), `${JSON.stringify({ ...manifest, [part]: entry }, undefined, 2)}\n`)
}

function encoderId({ id, weights }: Pick<Manifest, 'id' | 'weights'>): string {
  return `${id}-${weights.sha256.slice(0, 8)}`
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST)
  const manifest = manifestSchema.safeParse(jsonOf(path, await bytesOf(path)))
  if (manifest.success) return manifest.data
  throw new ConfigError(`${path}: ${z.prettifyError(manifest.error)}; expected what the export wrote`)
}

async function hashedBytes(path: string, expected: string): Promise<Buffer> {
  const bytes = await bytesOf(path)
  const found = sha256(bytes)
  if (found === expected) return bytes
  throw new ConfigError(
    `${path}: expected the SHA-256 ${expected.slice(0, 12)}…, found ${found.slice(0, 12)}… in ${String(bytes.length)} bytes: ` +
      `the file is damaged or of another version than ${MANIFEST}; fetch both again`,
  )
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new ConfigError(
      `${path}: expected ${basename(path)} of the model, ${reasonOf(cause)}; fetch it again`,
      {
        cause,
      },
    )
  }
}

function jsonOf(path: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new ConfigError(`${path}: expected JSON (${reasonOf(cause)}); fetch it again`, { cause })
  }
}
