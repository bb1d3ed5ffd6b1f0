/** The Fetcher on undici: one gate to the network, with limits, politeness, robots.txt and no private address at any hop. */
import { performance } from 'node:perf_hooks'
import type { LookupFunction } from 'node:net'
import { Client, buildConnector } from 'undici'
import { reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { Capture, Clock, Fetcher, GetRequest, GetResponse } from '../core/ports.ts'
import { PrivateAddress, Refused, publicAddresses, webAddress } from './address-gate.ts'
import type { Lookup, ResolvedAddress } from './address-gate.ts'
import { ACCEPTED_ENCODINGS, decodeContent, encodingsOf } from './content-decoding.ts'
import { hostMemory } from './host-memory.ts'
import {
  Failed,
  failureOf,
  headerOf,
  isSuccess,
  locationOf,
  retryAfterOf,
  validatorsOf,
} from './http-answer.ts'
import type { Header, HttpAnswer } from './http-answer.ts'
import { HostHeld, politeness } from './politeness.ts'
import { MAX_ROBOTS_BYTES, robots } from './robots.ts'
import type { RobotsAnswer } from './robots.ts'

const MIB = 1024 * 1024
const MAX_REDIRECTS = 5
const MAX_HEADER_BYTES = 16 * 1024
/** Time one address of a host gets before the next is tried. */
const NEXT_ADDRESS_MS = 2_000

export interface FetchLimits {
  readonly connectMs: number
  readonly headersMs: number
  /** Longest silence inside a body. */
  readonly idleMs: number
  /** All hops of one request together, without the waiting in line. */
  readonly wholeMs: number
  /** Body as it comes, when it is compressed. */
  readonly compressedBytes: number
  readonly feedBytes: number
  readonly pageBytes: number
}

const LIMITS: FetchLimits = {
  connectMs: 10_000,
  headersMs: 15_000,
  idleMs: 10_000,
  wholeMs: 30_000,
  compressedBytes: 8 * MIB,
  feedBytes: 15 * MIB,
  pageBytes: 5 * MIB,
}

export interface HttpFetcherOptions {
  /** Sent with every request; its first word is the name that robots.txt knows us by. */
  readonly userAgent: string
  readonly clock: Clock
  readonly logger: Logger
  readonly limits?: Partial<FetchLimits>
  /** Between the starts of two requests to one host. */
  readonly hostGapMs?: number
  readonly hostGapAfter429Ms?: number
  /**
   * Invented hosts and where they really are. Such a host skips the resolver and the check of its address, and nothing
   * else. For the demo and for tests: the gate would refuse their 127.0.0.1.
   */
  readonly overrides?: ReadonlyMap<string, { readonly address: string; readonly port: number }>
  /** SQLite file that keeps gaps, holds and robots.txt over a restart; in memory only when absent. */
  readonly gapsPath?: string
  /** All addresses of a name; the resolver of the system unless a test says otherwise. */
  readonly lookup?: Lookup
}

/** A way through redirects: what is asked at each hop. */
interface Errand {
  readonly lane: string
  readonly headers: readonly Header[]
  readonly sizes: Sizes
  readonly signal: AbortSignal
  /** Asked before each hop. @throws when the hop may not be made. */
  permit(url: URL): Promise<Permit>
}

interface Permit {
  readonly robots?: string
  readonly gapMs?: number
}

interface Sizes {
  /** Limit of the body in clear. */
  readonly decoded: number
  readonly compressed: number
  /** Take the beginning of a body that is larger, instead of refusing it. */
  readonly cut?: boolean
}

interface Arrival {
  readonly url: URL
  readonly answer: HttpAnswer
  readonly redirects: Capture['redirects']
  readonly permit: Permit
  readonly retryAfterMs: number | undefined
}

class TooManyRedirects extends Refused {}

export function httpFetcher(options: HttpFetcherOptions): Fetcher {
  const { clock, logger, userAgent } = options
  const limits = { ...LIMITS, ...options.limits }
  const gapMs = options.hostGapMs ?? 5_000
  const gapAfter429Ms = options.hostGapAfter429Ms ?? 30_000
  const memory = hostMemory(options.gapsPath)
  const polite = politeness({ clock, memory, gapMs })
  const closing = new AbortController()
  const rules = robots({ userAgent, clock, memory, ask: askRobots })
  const busy = new Set<Promise<unknown>>()

  /** Follows redirects, each hop in its own turn and through the whole gate. */
  async function travel(start: URL, errand: Errand): Promise<Arrival> {
    const redirects: { status: number; location: string }[] = []
    const seen = new Set<string>()
    let left = limits.wholeMs
    for (let url = start; ;) {
      seen.add(url.href)
      const permit = await errand.permit(url)
      const turn = { lane: errand.lane, signal: errand.signal, gapMs: permit.gapMs ?? 0 }
      const { answer, retryAfterMs } = await polite.take(url.hostname, turn, async () => {
        const began = performance.now()
        const answer = await exchange({ method: 'GET', url, ...errand, wholeMs: left })
        left -= performance.now() - began
        return { answer, retryAfterMs: holdIfAsked(url, answer) }
      })
      const location = locationOf(answer)
      if (location === undefined) return { url, answer, redirects, permit, retryAfterMs }
      if (redirects.length === MAX_REDIRECTS)
        throw new TooManyRedirects(`more than ${MAX_REDIRECTS} redirects`)
      url = webAddress(location, url)
      redirects.push({ status: answer.status, location: url.href })
      // Without cookies the same address will redirect the same way for ever.
      if (seen.has(url.href)) throw new TooManyRedirects(`redirects go in a circle: ${url.href}`)
    }
  }

  function holdIfAsked(url: URL, { status, headers }: HttpAnswer): number | undefined {
    const asked = retryAfterOf(headers, clock.now())
    if (status === 429) return polite.hold(url.hostname, Math.max(gapAfter429Ms, asked ?? 0))
    if (status === 503 && asked !== undefined) return polite.hold(url.hostname, asked)
    return undefined
  }

  /** One request to one checked address. @throws Refused or Failed */
  async function exchange(request: {
    readonly method: 'GET' | 'POST'
    readonly url: URL
    readonly headers: readonly Header[]
    readonly sizes: Sizes
    readonly signal: AbortSignal
    readonly wholeMs: number
    readonly body?: string
  }): Promise<HttpAnswer> {
    const { url, method, sizes } = request
    const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(request.wholeMs)))
    const signal = AbortSignal.any([request.signal, timeout])
    const startedAt = clock.now()
    let client: Client | undefined
    try {
      const route = await orAborted(routeTo(url), signal)
      let address: string | undefined
      client = new Client(url.origin, {
        connect: connector(route, limits.connectMs, connected => (address = connected)),
        headersTimeout: limits.headersMs,
        bodyTimeout: limits.idleMs,
        maxHeaderSize: MAX_HEADER_BYTES,
        pipelining: 1,
        allowH2: false,
      })
      const requestHeaders: Header[] = [
        ['host', url.host],
        ['connection', 'close'],
        ['user-agent', userAgent],
        ...request.headers,
      ]
      const response = await client.request({
        method,
        path: url.pathname + url.search,
        headers: requestHeaders.flat(),
        body: request.body ?? null,
        responseHeaders: 'raw',
        signal,
      })
      // A body that is given up on reports that as an error, later, to nobody.
      response.body.on('error', () => undefined)
      const headers = pairs(response.headers as unknown as readonly string[])
      const status = response.statusCode
      const { body, cut } = isSuccess(status)
        ? await readBody(response.body, headers, sizes)
        : { body: new Uint8Array(), cut: false }
      const endedAt = clock.now()
      logger.debug({ url: url.href, status, bytes: body.length }, 'the site answered')
      return { status, headers, requestHeaders, body, cut, address, startedAt, endedAt }
    } catch (thrown) {
      if (request.signal.aborted) throw thrown
      if (timeout.aborted) {
        throw new Refused(`took longer than ${limits.wholeMs / 1_000} s in all`, { cause: thrown })
      }
      throw networkFailure(thrown, url, limits)
    } finally {
      await client?.destroy()
    }
  }

  async function routeTo(url: URL): Promise<Route> {
    const override = options.overrides?.get(url.hostname)
    if (!override) return { addresses: await publicAddresses(url.hostname, options.lookup) }
    const { address, port } = override
    return { addresses: [{ address, family: address.includes(':') ? 6 : 4 }], port }
  }

  async function askRobots(robotsUrl: URL): Promise<RobotsAnswer> {
    const errand: Errand = {
      // A lane of its own: whoever is next in line on this host cannot go before the rules are known.
      lane: 'robots.txt',
      headers: [
        ['accept', 'text/plain, */*;q=0.1'],
        ['accept-encoding', 'gzip'],
      ],
      sizes: { decoded: MAX_ROBOTS_BYTES, compressed: MAX_ROBOTS_BYTES, cut: true },
      signal: closing.signal,
      permit: async () => ({}),
    }
    try {
      return await readRobotsAnswer(await travel(robotsUrl, errand))
    } catch (thrown) {
      if (closing.signal.aborted || thrown instanceof PrivateAddress) throw thrown
      // RFC 9309 2.3.1.2: after five redirects the file may be taken as not there.
      if (thrown instanceof TooManyRedirects)
        return { outcome: 'absent', status: 310, reason: thrown.message }
      const { reason, ...more } = answerTo(thrown)
      const { status, retryAfterMs } = { status: undefined, retryAfterMs: undefined, ...more }
      return {
        outcome: 'unreachable',
        reason,
        ...(status === undefined ? {} : { status }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      }
    }
  }

  /** Asks robots.txt; an override lets the request pass whatever the answer, at half the pace, and says so. */
  async function permit(url: URL, override: string | undefined, signal: AbortSignal): Promise<Permit> {
    const { verdict, reason, crawlDelayMs = 0, ...more } = await orAborted(rules.check(url), signal)
    if (override !== undefined && verdict !== 'allowed') {
      return { robots: `${reason}; overridden: ${override}`, gapMs: Math.max(crawlDelayMs, 2 * gapMs) }
    }
    if (verdict === 'disallowed') throw new Refused(`robots.txt does not allow ${url.pathname}${url.search}`)
    if (verdict === 'unknown') throw new Failed(reason, more)
    return { robots: reason, gapMs: crawlDelayMs }
  }

  async function get(request: GetRequest, signal: AbortSignal): Promise<GetResponse> {
    const decoded = request.kind === 'feed' ? limits.feedBytes : limits.pageBytes
    const arrival = await travel(webAddress(request.url), {
      lane: request.sourceId,
      headers: getHeaders(request),
      sizes: { decoded, compressed: limits.compressedBytes },
      signal,
      permit: url => permit(url, request.robotsOverride, signal),
    })
    const { answer, url, retryAfterMs } = arrival
    const { status, headers } = answer
    if (status === 304 && (request.etag ?? request.lastModified) !== undefined) {
      return { outcome: 'unchanged', status }
    }
    // A challenge page comes with any status, 200 included.
    if (!isSuccess(status) || headerOf(headers, 'cf-mitigated') !== undefined)
      throw failureOf(answer, retryAfterMs)
    const contentType = headerOf(headers, 'content-type')
    return {
      outcome: 'fresh',
      capture: captureOf(request, arrival),
      body: await inClear(answer, decoded),
      url: url.href,
      status,
      ...(contentType === undefined ? {} : { contentType }),
      ...validatorsOf(headers),
    }
  }

  async function send(request: Parameters<Fetcher['send']>[0], signal: AbortSignal): Promise<number> {
    const url = webAddress(request.url)
    // Out of line: the owner of the address asked for these, and many owners share one host.
    const { status } = await exchange({
      method: 'POST',
      url,
      headers: Object.entries(request.headers),
      body: request.body,
      sizes: { decoded: 1, compressed: 1, cut: true },
      signal,
      wholeMs: limits.wholeMs,
    })
    return status
  }

  async function tracked<T>(work: Promise<T>): Promise<T> {
    busy.add(work)
    return work.finally(() => busy.delete(work))
  }

  const signalFor = (signal: AbortSignal | undefined): AbortSignal =>
    signal ? AbortSignal.any([closing.signal, signal]) : closing.signal

  return {
    async get(request, callerSignal) {
      const signal = signalFor(callerSignal)
      return tracked(get(request, signal)).catch((thrown: unknown) => {
        if (signal.aborted) throw thrown
        return answerTo(thrown)
      })
    },
    async send(request, callerSignal) {
      const signal = signalFor(callerSignal)
      try {
        return { status: await tracked(send(request, signal)) }
      } catch (thrown) {
        if (signal.aborted) throw thrown
        return { refused: answerTo(thrown).reason }
      }
    },
    async close() {
      closing.abort(new Error('the fetcher was closed'))
      await Promise.allSettled(busy)
      memory.close()
    },
  }
}

interface Route {
  readonly addresses: readonly ResolvedAddress[]
  /** Where it differs from the port of the address. */
  readonly port?: number
}

/**
 * Connects to one of the checked addresses and to nothing else: the name is not resolved a second time, so it cannot
 * mean something else by then. The name stays what certificate and SNI are about.
 */
function connector(
  { addresses, port }: Route,
  timeout: number,
  onConnected: (address: string | undefined) => void,
): buildConnector.connector {
  const lookup: LookupFunction = (_hostname, { all }, callback) => {
    if (all) callback(null, [...addresses])
    else callback(null, addresses[0]!.address, addresses[0]!.family)
  }
  const connect = buildConnector({
    lookup,
    timeout,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED=0 would switch it off.
    rejectUnauthorized: true,
    maxCachedSessions: 0,
    allowH2: false,
  })
  return (request, callback) => {
    connect({ ...request, port: port === undefined ? request.port : String(port) }, (error, socket) => {
      if (error) {
        callback(error, null)
        return
      }
      onConnected(socket.remoteAddress)
      callback(null, socket)
    })
  }
}

async function readBody(
  stream: AsyncIterable<Uint8Array>,
  headers: readonly Header[],
  { decoded, compressed, cut = false }: Sizes,
): Promise<{ body: Uint8Array; cut: boolean }> {
  const limit = encodingsOf(headerOf(headers, 'content-encoding')).length > 0 ? compressed : decoded
  if (!cut && Number(headerOf(headers, 'content-length')) > limit) throw tooLarge(limit)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit && !cut) throw tooLarge(limit)
    if (length > limit) break
  }
  return { body: Buffer.concat(chunks).subarray(0, limit), cut: length > limit }
}

function tooLarge(limit: number): Refused {
  return new Refused(`body is larger than ${limit} bytes`)
}

async function inClear({ body, headers }: HttpAnswer, limit: number): Promise<Uint8Array> {
  const encodings = encodingsOf(headerOf(headers, 'content-encoding'))
  return decodeContent(body, encodings, limit).catch((thrown: unknown) => {
    throw thrown instanceof Refused ? thrown : new Failed(reasonOf(thrown))
  })
}

async function readRobotsAnswer({ answer, retryAfterMs }: Arrival): Promise<RobotsAnswer> {
  const { status } = answer
  if (isSuccess(status)) {
    const text = new TextDecoder().decode(await inClear(answer, MAX_ROBOTS_BYTES))
    // Half a rule is another rule: the last line goes when the file was cut.
    return { outcome: 'found', status, text: answer.cut ? text.slice(0, text.lastIndexOf('\n') + 1) : text }
  }
  // RFC 9309 2.3.1.3: "unavailable" is 4xx; 429 is counted with the server errors.
  if (status < 500 && status !== 429) return { outcome: 'absent', status, reason: `answered ${status}` }
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  return { outcome: 'unreachable', status, reason: `it answered ${status}`, ...wait }
}

function getHeaders({ kind, etag, lastModified }: GetRequest): Header[] {
  const accept =
    kind === 'feed'
      ? 'application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5'
      : 'text/html, application/xhtml+xml;q=0.9, */*;q=0.5'
  return [
    ['accept', accept],
    ['accept-encoding', ACCEPTED_ENCODINGS],
    ...(etag === undefined ? [] : [['if-none-match', etag] as const]),
    ...(lastModified === undefined ? [] : [['if-modified-since', lastModified] as const]),
  ]
}

function captureOf(request: GetRequest, { answer, redirects, permit }: Arrival): Capture {
  return {
    url: request.url,
    sourceId: request.sourceId,
    body: answer.body,
    startedAt: answer.startedAt.toISOString(),
    endedAt: answer.endedAt.toISOString(),
    status: answer.status,
    headers: answer.headers,
    requestHeaders: answer.requestHeaders,
    redirects,
    ...(answer.address === undefined ? {} : { address: answer.address }),
    ...(permit.robots === undefined ? {} : { robots: permit.robots }),
  }
}

/** @throws what is neither the site's fault nor a rule of ours: a bug, or a full disk. */
function answerTo(thrown: unknown): GetResponse & { outcome: 'refused' | 'failed' } {
  if (thrown instanceof Refused) return { outcome: 'refused', reason: thrown.message }
  if (thrown instanceof Failed) return thrown.response
  if (thrown instanceof HostHeld) {
    return { outcome: 'failed', reason: thrown.message, retryAfterMs: thrown.waitMs }
  }
  throw thrown
}

function networkFailure(thrown: unknown, url: URL, limits: FetchLimits): Refused | Failed {
  if (thrown instanceof Refused || thrown instanceof Failed) return thrown
  switch ((thrown as { code?: unknown }).code) {
    case 'UND_ERR_HEADERS_OVERFLOW':
      return new Refused(`response headers are larger than ${MAX_HEADER_BYTES} bytes`, { cause: thrown })
    case 'UND_ERR_CONNECT_TIMEOUT':
      return new Failed(`${url.hostname} took no connection within ${limits.connectMs / 1_000} s`)
    case 'UND_ERR_HEADERS_TIMEOUT':
      return new Failed(`${url.hostname} did not answer within ${limits.headersMs / 1_000} s`)
    case 'UND_ERR_BODY_TIMEOUT':
      return new Failed(`${url.hostname} sent nothing more for ${limits.idleMs / 1_000} s`)
    default:
      return new Failed(`${url.hostname}: ${plainReason(thrown)}`)
  }
}

/** When several addresses were tried, the message is in the parts. */
function plainReason(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join('; ')
  return reasonOf(thrown)
}

function pairs(flat: readonly string[]): Header[] {
  const headers: Header[] = []
  for (let i = 0; i + 1 < flat.length; i += 2) headers.push([flat[i]!, flat[i + 1]!])
  return headers
}

/** Settles with the promise, or rejects as soon as the signal is aborted. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let abort: (() => void) | undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    if (abort) signal.removeEventListener('abort', abort)
    promise.catch(() => undefined)
  }
}
