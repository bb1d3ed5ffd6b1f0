/** Asks robots.txt before each hop: fetches it through the same gate as everything else, and keeps to what it says. */
import type { Clock } from '../core/ports.ts'
import { PrivateAddress, Refused } from './address-gate.ts'
import { bodyInClear } from './content-decoding.ts'
import type { HostMemory } from './host-memory.ts'
import { isSuccess } from './http-answer.ts'
import { Failed, answerTo } from './http-failure.ts'
import { TooManyRedirects } from './journey.ts'
import type { Arrival, Errand, Journey, Permit } from './journey.ts'
import { MAX_ROBOTS_BYTES, robots } from './robots.ts'
import type { RobotsAnswer } from './robots.ts'

/** @throws Refused when robots.txt forbids the address, Failed when it cannot be read. */
export type RobotsGate = (url: URL, override: string | undefined) => Promise<Permit>

export function robotsGate(options: {
  readonly userAgent: string
  readonly clock: Clock
  readonly memory: HostMemory
  readonly travel: Journey
  readonly gapMs: number
  /** Aborted when the fetcher closes; one caller who gives up must not take the answer from the others. */
  readonly signal: AbortSignal
}): RobotsGate {
  const { travel, signal, gapMs } = options
  const rules = robots({ ...options, ask: url => ask(travel, url, signal) })
  return async (url, override) => {
    const { verdict, reason, crawlDelayMs = 0, ...more } = await rules.check(url)
    if (verdict === 'allowed') return { robots: reason, gapMs: crawlDelayMs }
    // Against the site's wish at least at half the pace.
    if (override !== undefined) {
      return { robots: `${reason}; overridden: ${override}`, gapMs: Math.max(crawlDelayMs, 2 * gapMs) }
    }
    if (verdict === 'unknown') throw new Failed(reason, more)
    throw new Refused(`robots.txt does not allow ${url.pathname}${url.search}`)
  }
}

async function ask(travel: Journey, url: URL, signal: AbortSignal): Promise<RobotsAnswer> {
  const errand: Errand = {
    // A lane of its own: no source's turn is used up by a file that is for all of them.
    lane: 'robots.txt',
    headers: [
      ['accept', 'text/plain, */*;q=0.1'],
      ['accept-encoding', 'gzip'],
    ],
    sizes: { decoded: MAX_ROBOTS_BYTES, compressed: MAX_ROBOTS_BYTES, cut: true },
    signal,
    permit: async () => ({}),
  }
  try {
    return await read(await travel(url, errand))
  } catch (thrown) {
    // That is about the host, not about its robots.txt, and no override may change it.
    if (signal.aborted || thrown instanceof PrivateAddress) throw thrown
    // RFC 9309 2.3.1.2: after five redirects the file may be taken as not there.
    if (thrown instanceof TooManyRedirects) return { outcome: 'absent', reason: thrown.message }
    return { ...answerTo(thrown), outcome: 'unreachable' }
  }
}

async function read({ answer, retryAfterMs }: Arrival): Promise<RobotsAnswer> {
  const { status } = answer
  if (isSuccess(status)) {
    const text = new TextDecoder().decode(await bodyInClear(answer, MAX_ROBOTS_BYTES))
    // Half a rule is another rule: the last line goes when the file was cut.
    return { outcome: 'found', text: answer.cut ? text.slice(0, text.lastIndexOf('\n') + 1) : text }
  }
  const reason = `it answered ${status}`
  // RFC 9309 2.3.1.3: "unavailable" is 4xx; 429 is counted with the server errors.
  if (status < 500 && status !== 429) return { outcome: 'absent', reason }
  return { outcome: 'unreachable', status, reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}
