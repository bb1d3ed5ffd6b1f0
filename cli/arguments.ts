/** What the values of options must look like. A wrong one is a usage error before anything is done. */
import { InvalidArgumentError } from 'commander'
import { COUNTRIES } from '../core/labels.ts'

const LAST_PORT = 65_535

export function portNumber(value: string): number {
  const port = Number(value)
  if (/^\d+$/u.test(value) && port <= LAST_PORT) return port
  throw new InvalidArgumentError(`expected a port from 0 to ${String(LAST_PORT)}`)
}

export function webAddress(value: string): string {
  if (/^https?:\/\//iu.test(value) && URL.canParse(value)) return value
  throw new InvalidArgumentError('expected a web address that begins with http:// or https://')
}

export function countryCode(value: string): string {
  const code = COUNTRIES.find(country => country === value.toUpperCase())
  if (code) return code
  throw new InvalidArgumentError(`expected one of ${COUNTRIES.join(', ')}`)
}
