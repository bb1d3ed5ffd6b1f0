/** Mail addresses by a strict grammar of our own: what it lets through has one meaning to every mail server. */

export interface MailAddress {
  readonly name: string
  readonly address: string
}

// No quoting, no comments, no groups, no letters outside ASCII: parsers differ about all of them.
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i

/** Whether a text is one plain address, `local@domain`. */
export function isMailAddress(text: string): boolean {
  const [local = '', domain = '', ...rest] = text.split('@')
  if (rest.length > 0 || text.length > 254 || local.length > 64) return false
  return LOCAL.test(local) && domain.split('.').every(label => LABEL.test(label))
}

/** Reads `name <local@domain>` or a plain address; undefined when it is neither. */
export function parseMailAddress(text: string): MailAddress | undefined {
  const [, name = '', bracketed] = /^([^<>]*)<([^<>]*)>$/.exec(text.trim()) ?? []
  const address = bracketed ?? text.trim()
  if (!isMailAddress(address) || /[\p{Cc}"\\,;:]/u.test(name)) return undefined
  return { name: name.trim(), address }
}
