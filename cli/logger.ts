/** The one logger: JSON lines on stderr. It is handed to every part, never imported by one. */
import { pino } from 'pino'
import type { Logger } from '../core/logger.ts'

/** Fields that must never reach a log line, whatever object carries them. */
const SECRET = [
  'password',
  'token',
  'cookie',
  'authorization',
  'address',
  'to',
  'smtpUrl',
  'text',
  'quote',
  'sentence',
  'title',
  'lead',
]

export function createLogger(options: { readonly level: string; readonly part: string }): Logger {
  return pino(
    {
      level: options.level,
      base: { part: options.part },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET.flatMap(field => [field, `*.${field}`]), censor: '[not logged]' },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
