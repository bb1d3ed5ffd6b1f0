/** The files of a model: its manifest, weights and tokenizer, believed only when their hashes are right. */
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { ConfigError, reasonOf } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { LABELS } from './encoder.ts'
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
})

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

/** @throws ConfigError that names the file, what was expected, what came, and what to do. */
export async function readEncoderFiles(folder: string): Promise<EncoderFiles> {
  const path = join(folder, MANIFEST)
  const manifest = manifestSchema.safeParse(jsonOf(path, await bytesOf(path)))
  if (!manifest.success)
    throw new ConfigError(`${path}: ${z.prettifyError(manifest.error)}; expected what the export wrote`)
  const { id, weights, tokenizer, labels } = manifest.data
  if (JSON.stringify(labels) !== JSON.stringify(LABELS))
    throw new ConfigError(`${path}: the model was trained for other labels than these; train it again`)
  await hashedBytes(join(folder, weights.file), weights.sha256)
  const pieces = await hashedBytes(join(folder, tokenizer.file), tokenizer.sha256)
  const known = parseTokenizer(pieces.toString('utf8'), tokenizer.file)
  if (known.encode(MARKERS.map(markerCharacter).join(' ')).ids.includes(known.unk))
    throw new ConfigError(`${path}: the model was trained for other markers than these; train it again`)
  return {
    id: `${id}-${weights.sha256.slice(0, 8)}`,
    weights: join(folder, weights.file),
    tokenizer: known,
  }
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
