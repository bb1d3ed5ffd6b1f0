/** Settings: what an operator may turn. The defaults stand here; `settings.yml` shows every one with its reason. */
import { z } from 'zod'
import { LANGUAGES } from '../core/labels.ts'
import type { Language } from '../core/labels.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

const port = z.number().int().min(0).max(65_535)
const ms = z.number().int().min(1)
const bytes = z.number().int().min(1_024)
const confidence = z.number().min(0).max(1)

const webAddress = z.url({
  protocol: /^https?$/,
  error: 'expected a web address that begins with http:// or https://',
})
const headerText = z
  .string()
  .regex(/^[\x20-\x7e]*$/, 'expected ASCII letters: it is sent in a header of HTTP')

const thresholdsSchema = z.strictObject({ review: confidence, alert: confidence })
const DEFAULT_THRESHOLDS = { review: 0.5, alert: 0.8 }
const MODEL_THRESHOLDS = { review: 0.15, alert: 0.6 }

const webSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: port.default(8585),
  publicUrl: webAddress.optional(),
})

const healthSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** Where a worker answers health and metrics; nowhere unless set. 0 takes any free port. */
  port: port.optional(),
})

export const STREAM_KINDS = ['sqlite', 'kafka'] as const
export const INDEX_KINDS = ['sqlite', 'elasticsearch'] as const
export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const

export const BROKER = /^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i
const broker = z.string().regex(BROKER, 'expected host:port of a broker, such as kafka.example:9092')

const kafkaSchema = z.strictObject({
  /** Some of the brokers; they know the others. */
  brokers: z.array(broker).min(1).default(['127.0.0.1:9092']),
  /** In front of the name of every topic and group, for those who share a broker. */
  prefix: z
    .string()
    .regex(/^[\w.-]{0,60}$/, 'expected at most 60 letters, digits, dots, hyphens or underscores')
    .default('opomena.'),
  /** Of each topic, when it is made: more workers of a stage than partitions have nothing to do. */
  partitions: z.number().int().min(1).max(1_000).default(12),
  /** Copies of each record; three, or as many as there are brokers, unless set. */
  replicas: z.number().int().min(1).max(9).optional(),
  /** How long Kafka waits for a worker that is silent, before others get what it had in hand. */
  sessionMs: z.number().int().min(1_000).max(300_000).default(45_000),
  tls: z.boolean().default(false),
  /** File with the certificate of who signed the brokers' certificates; the machine's own list unless set. */
  caFile: z.string().min(1).optional(),
  /** Used where a user is set. */
  mechanism: z.enum(SASL_MECHANISMS).default('scram-sha-512'),
})

const elasticsearchSchema = z.strictObject({
  url: webAddress
    .refine(
      url => !URL.parse(url)?.password,
      'expected an address without a password; set OPOMENA_ELASTICSEARCH_PASSWORD_FILE',
    )
    .default('http://127.0.0.1:9200'),
  /** In front of the name of every index, alias and template. */
  prefix: z
    .string()
    .regex(/^[a-z][a-z\d-]{0,59}$/, 'expected at most 60 small letters, digits and hyphens, a letter first')
    .default('opomena'),
  caFile: z.string().min(1).optional(),
})

const limitsSchema = z.strictObject({
  connectMs: ms.default(10_000),
  headersMs: ms.default(15_000),
  /** Longest silence within a body. */
  idleMs: ms.default(10_000),
  wholeMs: ms.default(30_000),
  compressedBytes: bytes.default(8 * 2 ** 20),
  /** Decompressed, like `pageBytes`. */
  feedBytes: bytes.default(15 * 2 ** 20),
  pageBytes: bytes.default(5 * 2 ** 20),
})

const ingestSchema = z.strictObject({
  contact: headerText.default(''),
  userAgent: headerText.min(1).default('Opomena/0.1 (media monitoring; {contact})'),
  hostGapMs: z
    .number()
    .int()
    .min(1_000, 'expected at least 1000: a site may be asked once a second at most')
    .default(5_000),
  hostGapAfter429Ms: z.number().int().min(5_000).default(30_000),
  /** Hosts asked at the same time; one host is only ever asked one thing at a time. */
  concurrency: z.number().int().min(1).max(256).default(16),
  limits: limitsSchema.prefault({}),
  /** Hours after the first capture at which a flagged page is looked at again. */
  recheckHours: z.array(z.number().min(0.1)).default([1, 24, 168, 720]),
})

const perLanguage = Object.fromEntries(LANGUAGES.map(code => [code, thresholdsSchema.optional()])) as Record<
  Language,
  z.ZodOptional<typeof thresholdsSchema>
>

const modelSchema = z.strictObject({
  enabled: z.boolean().default(true),
  /** On what rules and model say together. */
  thresholds: thresholdsSchema.default(MODEL_THRESHOLDS),
  /** Windows read at the same time; each takes a core and about 100 MB. */
  threads: z.number().int().min(1).max(32).default(1),
})

const classifySchema = z.strictObject({
  thresholds: z
    .strictObject({ default: thresholdsSchema.default(DEFAULT_THRESHOLDS), ...perLanguage })
    .prefault({}),
  model: modelSchema.prefault({}),
})

const alertsSchema = z.strictObject({
  mail: z.strictObject({ from: z.string().min(3).default('Opomena <opomena@localhost>') }).prefault({}),
  /** Local time of a daily letter, unless its owner chose another. */
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 07:30')
    .default('07:30'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'expected a time zone such as Europe/Sarajevo')
    .default('Europe/Sarajevo'),
})

export const settingsSchema = z
  .strictObject({
    web: webSchema.prefault({}),
    stream: z
      .strictObject({ kind: z.enum(STREAM_KINDS).default('sqlite'), kafka: kafkaSchema.prefault({}) })
      .prefault({}),
    index: z
      .strictObject({
        kind: z.enum(INDEX_KINDS).default('sqlite'),
        elasticsearch: elasticsearchSchema.prefault({}),
      })
      .prefault({}),
    health: healthSchema.prefault({}),
    ingest: ingestSchema.prefault({}),
    classify: classifySchema.prefault({}),
    retention: z.strictObject({ textDays: z.number().int().min(1).default(90) }).prefault({}),
    alerts: alertsSchema.prefault({}),
    logLevel: z.enum(LOG_LEVELS).default('info'),
  })
  .prefault({})

type Written = z.infer<typeof settingsSchema>

/** Settings in force: the file, the environment over it, and every default filled in. */
export interface Settings extends Omit<Written, 'web'> {
  readonly web: { readonly host: string; readonly port: number; readonly publicUrl: string }
}

/** What the environment may say over the file. */
export interface SettingsOverrides {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly publicUrl?: string | undefined
  readonly logLevel?: Settings['logLevel'] | undefined
  readonly model?: 'on' | 'off' | undefined
  readonly health: Overriding<Settings['health']>
  readonly stream?: Settings['stream']['kind'] | undefined
  readonly kafka: Overriding<Settings['stream']['kafka']>
  readonly index?: Settings['index']['kind'] | undefined
  readonly elasticsearch: Overriding<Settings['index']['elasticsearch']>
}

type Overriding<T> = { readonly [K in keyof T]?: T[K] | undefined }

const NO_OVERRIDES: SettingsOverrides = { health: {}, kafka: {}, elasticsearch: {} }

export function settingsInForce(written: Written, overrides = NO_OVERRIDES): Settings {
  const host = overrides.host ?? written.web.host
  const inForce = overrides.port ?? written.web.port
  const contact = written.ingest.contact === '' ? 'no contact set' : `contact: ${written.ingest.contact}`
  return {
    ...written,
    web: {
      host,
      port: inForce,
      publicUrl: overrides.publicUrl ?? written.web.publicUrl ?? `http://${host}:${inForce}`,
    },
    stream: {
      kind: overrides.stream ?? written.stream.kind,
      kafka: over(written.stream.kafka, overrides.kafka),
    },
    index: {
      kind: overrides.index ?? written.index.kind,
      elasticsearch: over(written.index.elasticsearch, overrides.elasticsearch),
    },
    health: over(written.health, overrides.health),
    ingest: { ...written.ingest, userAgent: written.ingest.userAgent.replace('{contact}', contact) },
    classify: { ...written.classify, model: modelInForce(written.classify.model, overrides.model) },
    logLevel: overrides.logLevel ?? written.logLevel,
  }
}

/** What is undefined leaves what was written. */
function over<T extends object>(written: T, overrides: Overriding<T>): T {
  const said = Object.entries(overrides).filter(([, value]) => value !== undefined)
  return { ...written, ...Object.fromEntries(said) }
}

function modelInForce(
  written: Written['classify']['model'],
  override: SettingsOverrides['model'],
): Written['classify']['model'] {
  return override === undefined ? written : { ...written, enabled: override === 'on' }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
