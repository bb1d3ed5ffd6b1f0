/** Turns bytes of feeds and pages into text, whatever they call themselves. */
import { standings } from './letter-statistics.ts'
import type { Standing } from './letter-statistics.ts'

export interface DecodingHints {
  /** The HTTP header, whole. */
  readonly contentType?: string
  /** What the source is set to. */
  readonly sourceCharset?: string
  readonly kind: 'feed' | 'page'
}

export interface Decoded {
  readonly text: string
  /** Name by the WHATWG encoding standard, for example `windows-1250`. */
  readonly charset: string
  /** What told: a mark, the bytes, the header, the declaration, the source's setting or the letters. */
  readonly reason: string
  readonly warnings: readonly string[]
}

/** How far a declaration may lie: browsers look at the first 1,024 bytes; real pages put scripts before it. */
const DECLARATION_BYTES = 4_096
/** A declared encoding loses against the letters when they are e^8 times likelier in another. */
const DOUBT = 8
/** Below this a pair of letters is noise in every encoding we know; sound text is around -2. */
const NOISE = -6
/** Noise can be told from text by this many words. */
const MIN_NOISE_BYTES = 16

/** Always answers; what cannot be decoded becomes U+FFFD with a warning. */
export function decodeBody(bytes: Uint8Array, hints: DecodingHints): Decoded {
  const labels = declaredLabels(bytes, hints)
  const found = byMark(bytes) ?? byWidth(bytes) ?? byUtf8(bytes)
  if (found) return finish(bytes, found, contradicted(labels, found))
  return byLabelOrLetters(bytes, labels)
}

interface Finding {
  readonly charset: string
  readonly reason: string
}

interface Label {
  /** undefined when nobody knows an encoding of this name. */
  readonly charset: string | undefined
  readonly name: string
  readonly from: 'HTTP header' | 'declaration' | 'source setting'
}

function byMark(bytes: Uint8Array): Finding | undefined {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return { charset: 'utf-8', reason: 'byte order mark' }
  if (a === 0xff && b === 0xfe) return { charset: 'utf-16le', reason: 'byte order mark' }
  if (a === 0xfe && b === 0xff) return { charset: 'utf-16be', reason: 'byte order mark' }
  return undefined
}

/** UTF-16 without a mark: every other byte is the page of the alphabet, 0 to 4 in Latin and Cyrillic. */
function byWidth(bytes: Uint8Array): Finding | undefined {
  const pairs = Math.min(bytes.length, DECLARATION_BYTES) >> 1
  if (pairs < 2) return undefined
  const low = [0, 0]
  for (let i = 0; i < pairs * 2; i++) if (bytes[i]! <= 4) low[i % 2]! += 1
  const [even, odd] = low as [number, number]
  if (even > pairs * 0.8 && odd < pairs * 0.2) return { charset: 'utf-16be', reason: 'bytes in pairs' }
  if (odd > pairs * 0.8 && even < pairs * 0.2) return { charset: 'utf-16le', reason: 'bytes in pairs' }
  return undefined
}

/**
 * UTF-8 betrays itself: other encodings hardly ever form its sequences by chance. So a single broken character, or an
 * end that was cut, does not make it something else.
 */
function byUtf8(bytes: Uint8Array): Finding | undefined {
  const utf8 = { charset: 'utf-8', reason: 'the bytes are UTF-8' }
  if (!bytes.some(byte => byte >= 0x80)) return { charset: 'utf-8', reason: 'only ASCII bytes' }
  if (decodes(bytes, 'utf-8')) return utf8
  const text = decodeLossy(bytes, 'utf-8')
  const broken = count(text, /\uFFFD/g)
  const whole = count(text, /[^\x00-\x7F\uFFFD]/gu)
  return whole >= 3 && broken <= 1 + whole / 10
    ? { ...utf8, reason: 'the bytes are UTF-8 with errors' }
    : undefined
}

function byLabelOrLetters(bytes: Uint8Array, labels: readonly Label[]): Decoded {
  const ranking = standings(bytes)
  const warnings: string[] = []
  for (const label of labels) {
    const doubt = doubtOf(label, bytes, ranking)
    if (doubt === undefined) return finish(bytes, { charset: label.charset!, reason: label.from }, warnings)
    warnings.push(doubt)
  }
  const [best] = ranking
  if (!best || isNoise(best, bytes)) {
    return finish(bytes, { charset: 'utf-8', reason: 'no encoding fits' }, warnings)
  }
  return finish(bytes, { charset: best.charset, reason: 'letter statistics' }, warnings)
}

/** Why a label cannot be right; undefined when it can. */
function doubtOf(
  { charset, name, from }: Label,
  bytes: Uint8Array,
  ranking: readonly Standing[],
): string | undefined {
  if (charset === undefined) return `${from} names an encoding that is unknown: ${name}`
  const declared = ranking.find(one => one.charset === charset)
  const best = ranking[0]
  if (declared && best && best.score - declared.score > DOUBT) {
    return `${from} says ${name}, the letters say ${best.charset}`
  }
  // UTF-8 and UTF-16 would have been seen in the bytes; what else we cannot rank is believed as far as it decodes.
  if (charset.startsWith('utf-') || (!declared && !decodes(bytes, charset)))
    return `${from} says ${name}, the bytes are not`
  return undefined
}

function isNoise(best: Standing, bytes: Uint8Array): boolean {
  return best.perPair < NOISE && bytes.length >= MIN_NOISE_BYTES
}

function contradicted(labels: readonly Label[], { charset, reason }: Finding): string[] {
  if (reason === 'only ASCII bytes') return []
  return labels
    .filter(label => label.charset !== charset && !(label.charset === 'utf-16le' && charset === 'utf-16be'))
    .map(({ from, name }) => `${from} says ${name}, the bytes are ${charset}`)
}

function finish(bytes: Uint8Array, { charset, reason }: Finding, warnings: readonly string[]): Decoded {
  const decoded = decodeLossy(bytes, charset)
  // The controls 0x80-0x9F stand where a single-byte encoding has no character.
  const text = charset.startsWith('utf-') ? decoded : decoded.replace(/[\x80-\x9F]/g, '\uFFFD')
  const lost = count(text, /\uFFFD/g)
  return {
    text,
    charset,
    reason,
    warnings: lost === 0 ? warnings : [...warnings, `undecodable bytes: ${lost}`],
  }
}

function declaredLabels(bytes: Uint8Array, hints: DecodingHints): Label[] {
  const head = Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1')
  const xml = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']/.exec(head)?.[1]
  const meta =
    hints.kind === 'page'
      ? /<meta\s[^>]{0,400}?charset\s*=\s*["']?\s*([^\s"'/>;]{1,40})/i.exec(head)?.[1]
      : undefined
  const header = /;\s*charset\s*=\s*["']?\s*([^\s"';,]{1,40})/i.exec(hints.contentType ?? '')?.[1]
  return [
    ...label(header, 'HTTP header'),
    ...label(meta ?? xml, 'declaration'),
    ...label(hints.sourceCharset, 'source setting'),
  ]
}

function label(name: string | undefined, from: Label['from']): Label[] {
  return name === undefined ? [] : [{ name, from, charset: charsetNamed(name) }]
}

function charsetNamed(name: string): string | undefined {
  try {
    return new TextDecoder(name).encoding
  } catch {
    return undefined
  }
}

function decodes(bytes: Uint8Array, charset: string): boolean {
  try {
    new TextDecoder(charset, { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function decodeLossy(bytes: Uint8Array, charset: string): string {
  return new TextDecoder(charset).decode(bytes)
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
