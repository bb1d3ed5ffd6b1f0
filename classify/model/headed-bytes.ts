/** A file of bytes with a head: a line that names its kind, a line of JSON, and the rest. */
import { z } from 'zod'
import { ConfigError, reasonOf } from '../../core/errors.ts'

const NEWLINE = 10

export function writeHeaded(kind: string, facts: unknown, bytes: Int8Array): Uint8Array {
  const head = new TextEncoder().encode(`${kind}\n${JSON.stringify(facts)}\n`)
  const whole = new Uint8Array(head.length + bytes.length)
  whole.set(head)
  whole.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), head.length)
  return whole
}

/**
 * @param wanted how many bytes must follow.
 * @throws ConfigError that names the file and what was expected.
 */
export function readHeaded<T>(
  file: Uint8Array,
  {
    kind,
    schema,
    wanted,
    name,
  }: { kind: string; schema: z.ZodType<T>; wanted: (facts: T) => number; name: string },
): { facts: T; bytes: Int8Array } {
  const first = file.indexOf(NEWLINE)
  const second = file.indexOf(NEWLINE, first + 1)
  const decoder = new TextDecoder()
  const head = decoder.decode(file.subarray(0, Math.max(0, Math.min(first, 100))))
  if (head !== kind)
    throw new ConfigError(`${name}: expected a first line "${kind}", found "${head.slice(0, 40)}"`)
  const facts = schema.safeParse(
    jsonOf(decoder.decode(file.subarray(first + 1, Math.max(first + 1, second))), name),
  )
  if (!facts.success) throw new ConfigError(`${name}: ${z.prettifyError(facts.error)}; make it again`)
  const bytes = file.slice(second + 1)
  const count = wanted(facts.data)
  if (bytes.length !== count)
    throw new ConfigError(
      `${name}: expected ${String(count)} bytes after its head, found ${String(bytes.length)}; make it again`,
    )
  return { facts: facts.data, bytes: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) }
}

function jsonOf(json: string, name: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new ConfigError(`${name}: expected a second line of JSON (${reasonOf(cause)}); make it again`, {
      cause,
    })
  }
}
