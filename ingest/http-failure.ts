/** Turns what went wrong on the way into the answer that the one who asked gets. */
import { reasonOf } from '../core/errors.ts'
import type { GetResponse } from '../core/ports.ts'
import { Refused } from './address-gate.ts'
import { MAX_HEADER_BYTES } from './fetch-limits.ts'
import type { FetchLimits } from './fetch-limits.ts'
import { headerOf } from './http-answer.ts'
import type { HttpAnswer } from './http-answer.ts'
import { HostHeld } from './politeness.ts'

type FailedResponse = GetResponse & { outcome: 'failed' }

/** The site said no, or did not answer. The message is the reason a person reads. */
export class Failed extends Error {
  override readonly name = 'Failed'
  readonly response: FailedResponse

  constructor(reason: string, more: Omit<FailedResponse, 'outcome' | 'reason'> = {}) {
    super(reason)
    this.response = { outcome: 'failed', reason, ...more }
  }
}

/** @throws what is neither the site's fault nor a rule of ours: a bug, or a full disk. */
export function answerTo(thrown: unknown): GetResponse & { outcome: 'refused' | 'failed' } {
  if (thrown instanceof Refused) return { outcome: 'refused', reason: thrown.message }
  if (thrown instanceof Failed) return thrown.response
  if (thrown instanceof HostHeld) {
    return { outcome: 'failed', reason: thrown.message, retryAfterMs: thrown.waitMs }
  }
  throw thrown
}

/** A page that wants to see a person; it comes with any status, 200 included. */
export function isChallenge({ headers }: HttpAnswer): boolean {
  return headerOf(headers, 'cf-mitigated')?.trim().toLowerCase() === 'challenge'
}

/** Why an answer that is neither success, 304 nor redirect is a failure. */
export function failureOf(answer: HttpAnswer, retryAfterMs: number | undefined): Failed {
  const { status } = answer
  if (isChallenge(answer)) {
    return new Failed('the site lets no robots in (a challenge page)', { status, permanent: 'blocked' })
  }
  if (status === 410) return new Failed('gone for good (410)', { status, permanent: 'gone' })
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  if (status === 429) return new Failed('too many requests (429)', { status, ...wait })
  if (status === 304)
    return new Failed('answered 304 (unchanged) although nothing was known of it', { status })
  if (status >= 300 && status < 400) return new Failed(`redirect (${status}) that leads nowhere`, { status })
  return new Failed(`the site answered ${status}`, { status, ...wait })
}

/** What undici, the sockets or the resolver threw, in words. */
export function networkFailure(thrown: unknown, host: string, limits: FetchLimits): Refused | Failed {
  if (thrown instanceof Refused || thrown instanceof Failed) return thrown
  const seconds = (ms: number): string => `${ms / 1_000} s`
  switch ((thrown as { code?: unknown }).code) {
    case 'UND_ERR_HEADERS_OVERFLOW':
      return new Refused(`response headers are larger than ${MAX_HEADER_BYTES} bytes`, { cause: thrown })
    case 'UND_ERR_CONNECT_TIMEOUT':
      return new Failed(`${host} took no connection within ${seconds(limits.connectMs)}`)
    case 'UND_ERR_HEADERS_TIMEOUT':
      return new Failed(`${host} did not answer within ${seconds(limits.headersMs)}`)
    case 'UND_ERR_BODY_TIMEOUT':
      return new Failed(`${host} sent nothing more for ${seconds(limits.idleMs)}`)
    default:
      return new Failed(`${host}: ${plainReason(thrown)}`)
  }
}

/** When several addresses were tried, the message is in the parts. */
function plainReason(thrown: unknown): string {
  return thrown instanceof AggregateError ? thrown.errors.map(reasonOf).join('; ') : reasonOf(thrown)
}
