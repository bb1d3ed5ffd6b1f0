/** Reads an HTTP answer: what its status and headers mean for the one who asked. */
import { MAX_HOLD } from './politeness.ts'

export type Header = readonly [name: string, value: string]

/** One request and its answer, without redirects followed. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: readonly Header[]
  readonly requestHeaders: readonly Header[]
  /** As it came over the wire; empty for statuses whose body nobody needs. */
  readonly body: Uint8Array
  /** True when only the beginning of the body was wanted, and there was more. */
  readonly cut: boolean
  readonly address: string | undefined
  readonly startedAt: Date
  readonly endedAt: Date
}

export function headerOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

/** Where a redirect leads, as the server wrote it. */
export function locationOf({ status, headers }: HttpAnswer): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined
  const location = headerOf(headers, 'location')
  return location === undefined ? undefined : fromUtf8(location)
}

/** Header bytes arrive one character a byte; addresses in them are often plain UTF-8. */
function fromUtf8(header: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'))
  } catch {
    return header
  }
}

/** Milliseconds the site asks us to wait, between 0 and a day; undefined when it asks for nothing it can mean. */
export function retryAfterOf(headers: readonly Header[], now: Date): number | undefined {
  const value = headerOf(headers, 'retry-after')?.trim() ?? ''
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1_000, MAX_HOLD)
  const date = /^[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now.getTime()), MAX_HOLD)
}

/** The marks for the next conditional request; none when the page says that it is stale at once. */
export function validatorsOf(headers: readonly Header[]): { etag?: string; lastModified?: string } {
  if (headerOf(headers, 'expires')?.trim() === '0') return {}
  const etag = headerOf(headers, 'etag')
  const lastModified = headerOf(headers, 'last-modified')
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  }
}
