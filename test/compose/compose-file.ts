/** docker-compose.yml as Docker would read it: merged, and with values in place of its variables. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

export const ROOT = join(import.meta.dirname, '..', '..')

const CONDITIONS = ['service_started', 'service_healthy', 'service_completed_successfully'] as const
const words = z.array(z.string())
const duration = z.string().regex(/^(\d+(h|m|s))+$/u)
const size = z.string().regex(/^\d+[mg]$/u)

/** The part of the Compose Specification that we use; anything else is a slip of the pen. */
export const serviceSchema = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  profiles: words.optional(),
  restart: z.enum(['no', 'unless-stopped']),
  init: z.boolean().optional(),
  user: z.string(),
  read_only: z.boolean().optional(),
  cap_drop: words.optional(),
  security_opt: words,
  tmpfs: words.optional(),
  pids_limit: z.number().int().optional(),
  mem_limit: size,
  stop_grace_period: duration.optional(),
  entrypoint: words.optional(),
  command: words.optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: words.optional(),
  ports: words.optional(),
  ulimits: z.record(z.string(), z.strictObject({ soft: z.number(), hard: z.number() })).optional(),
  logging: z.strictObject({ driver: z.literal('json-file'), options: z.record(z.string(), z.string()) }),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.enum(CONDITIONS) })).optional(),
  healthcheck: z
    .strictObject({
      test: words,
      interval: duration,
      timeout: duration,
      start_period: duration.optional(),
      retries: z.number().int(),
    })
    .optional(),
})

const composeSchema = z.object({
  name: z.literal('opomena'),
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.null()),
})

export type Service = z.infer<typeof serviceSchema>

export const composeText = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')

const VARIABLE = /(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}/gu

/** Each variable of the file: its default, or `undefined` where it must be given. */
export function variablesIn(text: string): Map<string, string | undefined> {
  const found = text.matchAll(VARIABLE)
  return new Map([...found].map(([, name = '', how, rest]) => [name, how === '-' ? rest : undefined]))
}

export function exampleValues(): Map<string, string> {
  const lines = readFileSync(join(ROOT, '.env.example'), 'utf8').split('\n')
  const pairs = lines.flatMap(line => /^(\w+)=(.*)$/u.exec(line)?.slice(1, 3) ?? [])
  return new Map(Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i]!, pairs[2 * i + 1]!]))
}

export function compose(): z.infer<typeof composeSchema> {
  return composeSchema.parse(filled(parse(composeText, { merge: true })))
}

/** As Docker does it: in values that have been read, not in the text. */
function filled(value: unknown): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll(
        VARIABLE,
        (_, name: string) => variablesIn(composeText).get(name) ?? `a-${name}-of-this-test`,
      )
      .replaceAll('$$', '$')
  }
  if (Array.isArray(value)) return value.map(filled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner)]))
}
