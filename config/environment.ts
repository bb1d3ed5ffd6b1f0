/** The environment variables of Opomena: all of them, and nothing else reads them. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { closest } from './closest.ts'
import { asking } from './environment-values.ts'
import type { Asking } from './environment-values.ts'
import type { Problems } from './problems.ts'
import { INDEX_KINDS, LOG_LEVELS, SASL_MECHANISMS, STREAM_KINDS } from './settings.ts'
import type { SettingsOverrides } from './settings.ts'

export const VARIABLES = [
  'OPOMENA_CONFIG_DIR',
  'OPOMENA_DATA_DIR',
  'OPOMENA_ELASTICSEARCH_API_KEY',
  'OPOMENA_ELASTICSEARCH_API_KEY_FILE',
  'OPOMENA_ELASTICSEARCH_CA_FILE',
  'OPOMENA_ELASTICSEARCH_PASSWORD',
  'OPOMENA_ELASTICSEARCH_PASSWORD_FILE',
  'OPOMENA_ELASTICSEARCH_PREFIX',
  'OPOMENA_ELASTICSEARCH_URL',
  'OPOMENA_ELASTICSEARCH_USER',
  'OPOMENA_HEALTH_HOST',
  'OPOMENA_HEALTH_PORT',
  'OPOMENA_HOST',
  'OPOMENA_INDEX',
  'OPOMENA_KAFKA_BROKERS',
  'OPOMENA_KAFKA_CA_FILE',
  'OPOMENA_KAFKA_MECHANISM',
  'OPOMENA_KAFKA_PARTITIONS',
  'OPOMENA_KAFKA_PASSWORD',
  'OPOMENA_KAFKA_PASSWORD_FILE',
  'OPOMENA_KAFKA_PREFIX',
  'OPOMENA_KAFKA_REPLICAS',
  'OPOMENA_KAFKA_TLS',
  'OPOMENA_KAFKA_USER',
  'OPOMENA_KIBANA_URL',
  'OPOMENA_LEXICON_DIR',
  'OPOMENA_LOG_LEVEL',
  'OPOMENA_MODEL',
  'OPOMENA_PORT',
  'OPOMENA_PUBLIC_URL',
  'OPOMENA_SMTP_URL',
  'OPOMENA_SMTP_URL_FILE',
  'OPOMENA_STREAM',
] as const
export type Variable = (typeof VARIABLES)[number]

export interface Login {
  readonly user: string
  readonly password: string
}

/** Those with a password or a key in them are never logged, never shown. */
export interface Environment {
  readonly configDir: string
  readonly dataDir: string
  readonly lexiconDir: string | undefined
  readonly smtpUrl: string | undefined
  readonly kafkaLogin: Login | undefined
  readonly elasticsearchLogin: Login | { readonly apiKey: string } | undefined
  readonly kibanaUrl: string | undefined
  readonly overrides: SettingsOverrides
}

export function readEnvironment(env: NodeJS.ProcessEnv, problems: Problems): Environment {
  reportUnknown(env, problems)
  const ask = asking(env, problems)
  return {
    configDir: ask.path('OPOMENA_CONFIG_DIR') ?? fileURLToPath(new URL('.', import.meta.url)),
    dataDir: ask.path('OPOMENA_DATA_DIR') ?? resolve('data'),
    lexiconDir: ask.path('OPOMENA_LEXICON_DIR'),
    smtpUrl: smtpUrl(ask, problems),
    kafkaLogin: login(ask, 'OPOMENA_KAFKA', problems),
    elasticsearchLogin: elasticsearchLogin(ask, problems),
    kibanaUrl: ask.address('OPOMENA_KIBANA_URL'),
    overrides: overrides(ask),
  }
}

function reportUnknown(env: NodeJS.ProcessEnv, problems: Problems): void {
  const known: readonly string[] = VARIABLES
  for (const name of Object.keys(env)) {
    if (!name.startsWith('OPOMENA_') || known.includes(name)) continue
    const near = closest(name, known)
    problems.add(
      undefined,
      `environment: expected one of ${known.join(', ')}, came ${name}; ` +
        (near === undefined ? 'unset it' : `did you mean ${near}?`),
    )
  }
}

function overrides(ask: Asking): SettingsOverrides {
  return {
    host: ask.text('OPOMENA_HOST'),
    port: ask.port('OPOMENA_PORT'),
    publicUrl: ask.address('OPOMENA_PUBLIC_URL'),
    logLevel: ask.oneOf('OPOMENA_LOG_LEVEL', LOG_LEVELS),
    model: ask.oneOf('OPOMENA_MODEL', ['on', 'off']),
    health: { host: ask.text('OPOMENA_HEALTH_HOST'), port: ask.port('OPOMENA_HEALTH_PORT') },
    stream: ask.oneOf('OPOMENA_STREAM', STREAM_KINDS),
    kafka: {
      brokers: ask.brokers('OPOMENA_KAFKA_BROKERS'),
      prefix: ask.name('OPOMENA_KAFKA_PREFIX', /^[\w.-]{1,60}$/),
      partitions: ask.count('OPOMENA_KAFKA_PARTITIONS', 1_000),
      replicas: ask.count('OPOMENA_KAFKA_REPLICAS', 9),
      tls: ask.yesOrNo('OPOMENA_KAFKA_TLS'),
      caFile: ask.path('OPOMENA_KAFKA_CA_FILE'),
      mechanism: ask.oneOf('OPOMENA_KAFKA_MECHANISM', SASL_MECHANISMS),
    },
    index: ask.oneOf('OPOMENA_INDEX', INDEX_KINDS),
    elasticsearch: {
      url: ask.address('OPOMENA_ELASTICSEARCH_URL'),
      prefix: ask.name('OPOMENA_ELASTICSEARCH_PREFIX', /^[a-z][a-z\d-]{0,59}$/),
      caFile: ask.path('OPOMENA_ELASTICSEARCH_CA_FILE'),
    },
  }
}

/** The value may hold a password: it is not repeated. */
function smtpUrl(ask: Asking, problems: Problems): string | undefined {
  const found = ask.secret('OPOMENA_SMTP_URL')
  if (found === undefined || (URL.canParse(found) && /^smtps?:/.test(found))) return found
  problems.add(
    undefined,
    'OPOMENA_SMTP_URL: expected an address such as smtps://user:password@mail.example:465, came something else (not shown: it may hold a password); correct it',
  )
  return undefined
}

function login(
  ask: Asking,
  of: 'OPOMENA_KAFKA' | 'OPOMENA_ELASTICSEARCH',
  problems: Problems,
): Login | undefined {
  const user = ask.text(`${of}_USER`)
  const password = ask.secret(`${of}_PASSWORD`)
  if (user !== undefined && password !== undefined) return { user, password }
  if (user === password) return undefined // Neither is set.
  const [has, lacks] = user === undefined ? ['PASSWORD', 'USER'] : ['USER', 'PASSWORD']
  problems.add(
    undefined,
    `environment: expected ${of}_USER and ${of}_PASSWORD (or _PASSWORD_FILE) together, came ${of}_${has} alone; set ${of}_${lacks} or unset the other`,
  )
  return undefined
}

function elasticsearchLogin(ask: Asking, problems: Problems): Environment['elasticsearchLogin'] {
  const named = login(ask, 'OPOMENA_ELASTICSEARCH', problems)
  const apiKey = ask.secret('OPOMENA_ELASTICSEARCH_API_KEY')
  if (apiKey === undefined) return named
  if (named === undefined) return { apiKey }
  problems.add(
    undefined,
    'environment: expected OPOMENA_ELASTICSEARCH_API_KEY or OPOMENA_ELASTICSEARCH_USER, came both; unset one',
  )
  return undefined
}
