/** The environment variables of Opomena: all of them, and nothing else reads them. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { closest } from './closest.ts'
import { shown } from './problems.ts'
import type { Problems } from './problems.ts'
import { LOG_LEVELS } from './settings.ts'
import type { SettingsOverrides } from './settings.ts'

const VARIABLES = [
  'OPOMENA_CONFIG_DIR',
  'OPOMENA_DATA_DIR',
  'OPOMENA_LEXICON_DIR',
  'OPOMENA_LOG_LEVEL',
  'OPOMENA_PORT',
  'OPOMENA_PUBLIC_URL',
  'OPOMENA_SMTP_URL',
  'OPOMENA_SMTP_URL_FILE',
] as const
type Variable = (typeof VARIABLES)[number]

export interface Environment {
  readonly configDir: string
  readonly dataDir: string
  readonly lexiconDir: string | undefined
  /** A secret: never logged, never shown. */
  readonly smtpUrl: string | undefined
  readonly overrides: SettingsOverrides
}

export function readEnvironment(env: NodeJS.ProcessEnv, problems: Problems): Environment {
  reportUnknown(env, problems)
  // An empty variable is one that a compose file or a unit file left open.
  const get = (name: Variable): string | undefined => env[name] || undefined
  const path = (name: Variable): string | undefined =>
    get(name) === undefined ? undefined : resolve(get(name)!)
  return {
    configDir: path('OPOMENA_CONFIG_DIR') ?? fileURLToPath(new URL('.', import.meta.url)),
    dataDir: path('OPOMENA_DATA_DIR') ?? resolve('data'),
    lexiconDir: path('OPOMENA_LEXICON_DIR'),
    smtpUrl: smtpUrl(get('OPOMENA_SMTP_URL'), path('OPOMENA_SMTP_URL_FILE'), problems),
    overrides: {
      port: portOf(get('OPOMENA_PORT'), problems),
      publicUrl: addressOf(get('OPOMENA_PUBLIC_URL'), problems),
      logLevel: logLevelOf(get('OPOMENA_LOG_LEVEL'), problems),
    },
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

function portOf(text: string | undefined, problems: Problems): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  problems.add(
    undefined,
    `OPOMENA_PORT: expected a port from 0 to 65535, came ${shown(text)}; correct or unset it`,
  )
  return undefined
}

function addressOf(text: string | undefined, problems: Problems): string | undefined {
  if (text === undefined || (URL.canParse(text) && /^https?:/.test(text))) return text?.replace(/\/+$/, '')
  problems.add(
    undefined,
    `OPOMENA_PUBLIC_URL: expected a web address such as https://opomena.example, came ${shown(text)}; correct or unset it`,
  )
  return undefined
}

function logLevelOf(text: string | undefined, problems: Problems): SettingsOverrides['logLevel'] {
  const level = LOG_LEVELS.find(one => one === text)
  if (text !== undefined && level === undefined) {
    problems.add(
      undefined,
      `OPOMENA_LOG_LEVEL: expected one of ${LOG_LEVELS.join(', ')}, came ${shown(text)}; correct or unset it`,
    )
  }
  return level
}

function smtpUrl(url: string | undefined, file: string | undefined, problems: Problems): string | undefined {
  if (url !== undefined && file !== undefined) {
    problems.add(
      undefined,
      'environment: expected OPOMENA_SMTP_URL or OPOMENA_SMTP_URL_FILE, came both; unset one',
    )
    return undefined
  }
  const found = url ?? (file === undefined ? undefined : readSecret(file, problems))
  if (found === undefined || (URL.canParse(found) && /^smtps?:/.test(found))) return found
  // The value may hold a password: it is not repeated.
  problems.add(
    undefined,
    `${url === undefined ? 'OPOMENA_SMTP_URL_FILE' : 'OPOMENA_SMTP_URL'}: expected an address such as smtps://user:password@mail.example:465, came something else (not shown: it may hold a password); correct it`,
  )
  return undefined
}

function readSecret(file: string, problems: Problems): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    problems.add(
      { file },
      `OPOMENA_SMTP_URL_FILE: expected a readable file, reading failed with ${String(code)}; check the path and its permissions`,
    )
    return undefined
  }
}
