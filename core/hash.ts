/** Deterministic ids, so that every stage is safe to repeat. */
import { createHash } from 'node:crypto'

/** SHA-256 of bytes or UTF-8 text, 64 hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/**
 * An id made of its parts: the first 20 hexadecimal digits (80 bits) of the SHA-256 of the JSON array of the parts.
 * 80 bits keep the chance of one collision among 10 million ids below 1 in 10^10.
 */
export function hashId(...parts: readonly (string | number)[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 20)
}
