/** Character references of HTML and XML as text. */
import { Parser } from 'htmlparser2'

const REFERENCE = /&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]{1,31}));?/gu
const known = new Map<string, string>()

/** Text with its references decoded; what names no character becomes U+FFFD, what is no reference stays. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(REFERENCE, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named(whole)
    return numeric(decimal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(decimal, 10))
  })
}

/** The character of a number; U+FFFD where there is none. Windows-1252 for 128 to 159, as browsers read them. */
export function numeric(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd'
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252[code - 0x80]!
  return String.fromCodePoint(code)
}

const WINDOWS_1252 = new TextDecoder('windows-1252').decode(
  Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at),
)

/** Names are looked up in the table of htmlparser2, once each; bounded, because pages may invent as many as they like. */
function named(reference: string): string {
  const found = known.get(reference)
  if (found !== undefined) return found
  let decoded = ''
  const parser = new Parser({ ontext: text => void (decoded += text) })
  parser.end(reference)
  if (known.size < 4_000) known.set(reference, decoded)
  return decoded
}
