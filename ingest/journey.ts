/** Follows redirects by hand: each hop through the whole gate, in its own turn of the host's line. */
import type { Capture, Clock } from '../core/ports.ts'
import { Refused, webAddress } from './address-gate.ts'
import { locationOf, retryAfterOf } from './http-answer.ts'
import type { Header, HttpAnswer } from './http-answer.ts'
import type { Politeness } from './politeness.ts'

const MAX_REDIRECTS = 5

/** One request to one checked address, no redirect followed. @throws Refused or Failed */
export type Exchange = (request: ExchangeRequest) => Promise<HttpAnswer>

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: readonly Header[]
  readonly body?: string
  readonly sizes: Sizes
  readonly signal: AbortSignal
  readonly wholeMs: number
}

export interface Sizes {
  /** Limit of the body in clear. */
  readonly decoded: number
  readonly compressed: number
  /** Take the beginning of a body that is larger, instead of refusing it. */
  readonly cut?: boolean
}

/** What is asked for at each hop. */
export interface Errand {
  readonly lane: string
  readonly headers: readonly Header[]
  readonly sizes: Sizes
  readonly signal: AbortSignal
  /** Asked before each hop. @throws when the hop may not be made. */
  permit(url: URL): Promise<Permit>
}

export interface Permit {
  /** Decision of robots.txt, for the evidence. */
  readonly robots?: string
  readonly gapMs?: number
}

export interface Arrival {
  readonly url: URL
  readonly answer: HttpAnswer
  readonly redirects: Capture['redirects']
  readonly permit: Permit
  /** The site asked us to wait; its host is held for so long. */
  readonly retryAfterMs: number | undefined
}

export type Journey = (start: URL, errand: Errand) => Promise<Arrival>

export class TooManyRedirects extends Refused {}

export function journey(options: {
  readonly exchange: Exchange
  readonly polite: Politeness
  readonly clock: Clock
  readonly wholeMs: number
  readonly gapAfter429Ms: number
}): Journey {
  const { exchange, polite, clock, gapAfter429Ms } = options

  function holdIfAsked(host: string, { status, headers }: HttpAnswer): number | undefined {
    const asked = retryAfterOf(headers, clock.now())
    if (status === 429) return polite.hold(host, Math.max(gapAfter429Ms, asked ?? 0))
    return status === 503 && asked !== undefined ? polite.hold(host, asked) : undefined
  }

  return async (start, errand) => {
    const redirects: { status: number; location: string }[] = []
    const seen = new Set<string>()
    let left = options.wholeMs
    for (let url = start; ;) {
      seen.add(url.href)
      const permit = await errand.permit(url)
      const turn = { lane: errand.lane, signal: errand.signal, gapMs: permit.gapMs ?? 0 }
      const { answer, retryAfterMs } = await polite.take(url.hostname, turn, async () => {
        const began = performance.now()
        const answer = await exchange({ ...errand, method: 'GET', url, wholeMs: left })
        left -= performance.now() - began
        return { answer, retryAfterMs: holdIfAsked(url.hostname, answer) }
      })
      const location = locationOf(answer)
      if (location === undefined) return { url, answer, redirects, permit, retryAfterMs }
      if (redirects.length === MAX_REDIRECTS) {
        throw new TooManyRedirects(`more than ${MAX_REDIRECTS} redirects`)
      }
      url = webAddress(location, url)
      redirects.push({ status: answer.status, location: url.href })
      // Without cookies the same address will redirect the same way for ever.
      if (seen.has(url.href)) throw new TooManyRedirects(`redirects go in a circle: ${url.href}`)
    }
  }
}
