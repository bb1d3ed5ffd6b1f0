/** Labelled examples: passages of the corpus as the encoder sees them, to say what a passage is like. */
import { z } from 'zod'
import { ConfigError } from '../../core/errors.ts'
import { readHeaded, writeHeaded } from './headed-bytes.ts'

export interface Example {
  /** Of the passage in the corpus. */
  readonly id: string
  /** Cosine. */
  readonly similarity: number
}

export interface Examples {
  /** The most alike, nearest first. */
  nearest(vector: Float32Array, count: number): Example[]
}

const KIND = 'opomena examples 1'

const factsSchema = z.strictObject({
  encoder: z.string(),
  /** Numbers in a vector. */
  size: z.int().positive(),
  ids: z.array(z.string()).min(1),
})

/** @throws ConfigError */
export function parseExamples(file: Uint8Array, encoder: string, name = 'examples'): Examples {
  const { facts, bytes } = readHeaded(file, {
    ...{ kind: KIND, schema: factsSchema, name },
    wanted: ({ size, ids }) => size * ids.length,
  })
  if (facts.encoder !== encoder)
    throw new ConfigError(
      `${name}: expected vectors of ${encoder}, these are of ${facts.encoder}; run \`opomena model examples\``,
    )
  const { size, ids } = facts
  const lengths = ids.map((_, row) => lengthOf(bytes.subarray(row * size, (row + 1) * size)))
  return {
    nearest(vector, count) {
      const best: Example[] = []
      for (const [row, id] of ids.entries()) {
        let sum = 0
        for (let at = 0; at < size; at += 1) sum += bytes[row * size + at]! * vector[at]!
        const similarity = sum / Math.max(1e-9, lengths[row]!)
        if (best.length === count && similarity <= best.at(-1)!.similarity) continue
        best.push({ id, similarity: Math.round(Math.max(-1, Math.min(1, similarity)) * 1_000) / 1_000 })
        best.sort((a, b) => b.similarity - a.similarity)
        best.length = Math.min(best.length, count)
      }
      return best
    },
  }
}

function lengthOf(vector: Int8Array): number {
  let sum = 0
  for (const value of vector) sum += value * value
  return Math.sqrt(sum)
}

export function writeExamples(
  encoder: string,
  examples: readonly { readonly id: string; readonly vector: Float32Array }[],
): Uint8Array {
  const size = examples[0]?.vector.length ?? 0
  const bytes = new Int8Array(size * examples.length)
  examples.forEach(({ vector }, row) => {
    const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
    vector.forEach((value, at) => {
      bytes[row * size + at] = Math.round((value / largest) * 127)
    })
  })
  return writeHeaded(KIND, { encoder, size, ids: examples.map(({ id }) => id) }, bytes)
}
