/** The Fetcher on undici: one gate to the network, with limits, politeness, robots.txt and no private address at any hop. */
import type { LookupFunction } from 'node:net'
import { Client, buildConnector } from 'undici'
import type { Logger } from '../core/logger.ts'
import type { Capture, Clock, Fetcher, GetRequest, GetResponse } from '../core/ports.ts'
import { Refused, publicAddresses, webAddress } from './address-gate.ts'
import type { Lookup, ResolvedAddress } from './address-gate.ts'
import { ACCEPTED_ENCODINGS, bodyInClear, encodingsOf } from './content-decoding.ts'
import { FETCH_LIMITS, MAX_HEADER_BYTES, NEXT_ADDRESS_MS } from './fetch-limits.ts'
import type { FetchLimits } from './fetch-limits.ts'
import { hostMemory } from './host-memory.ts'
import { headerOf, isSuccess, validatorsOf } from './http-answer.ts'
import type { Header, HttpAnswer } from './http-answer.ts'
import { answerTo, failureOf, isChallenge, networkFailure } from './http-failure.ts'
import { journey } from './journey.ts'
import type { Arrival, Exchange, ExchangeRequest, Sizes } from './journey.ts'
import { politeness } from './politeness.ts'
import { robotsGate } from './robots-gate.ts'

const GAP_MS = 5_000
const GAP_AFTER_429_MS = 30_000

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

export function httpFetcher(options: HttpFetcherOptions): Fetcher {
  const {
    clock,
    userAgent,
    hostGapMs: gapMs = GAP_MS,
    hostGapAfter429Ms: gapAfter429Ms = GAP_AFTER_429_MS,
  } = options
  const limits = { ...FETCH_LIMITS, ...options.limits }
  const memory = hostMemory(options.gapsPath)
  const closing = new AbortController()
  const exchange = exchanger({ ...options, limits })
  const polite = politeness({ clock, memory, gapMs })
  const travel = journey({ exchange, polite, clock, wholeMs: limits.wholeMs, gapAfter429Ms })
  const permit = robotsGate({ userAgent, clock, memory, travel, gapMs, signal: closing.signal })
  const busy = new Set<Promise<unknown>>()

  async function get(request: GetRequest, signal: AbortSignal): Promise<GetResponse> {
    const decoded = request.kind === 'feed' ? limits.feedBytes : limits.pageBytes
    const arrival = await travel(webAddress(request.url), {
      lane: request.sourceId,
      headers: getHeaders(request),
      sizes: { decoded, compressed: limits.compressedBytes },
      signal,
      permit: url => orAborted(permit(url, request.robotsOverride), signal),
    })
    const { answer, url, retryAfterMs } = arrival
    const { status, headers } = answer
    if (status === 304 && (request.etag ?? request.lastModified) !== undefined) {
      return { outcome: 'unchanged', status }
    }
    if (!isSuccess(status) || isChallenge(answer)) throw failureOf(answer, retryAfterMs)
    const contentType = headerOf(headers, 'content-type')
    return {
      outcome: 'fresh',
      capture: captureOf(request, arrival),
      body: await bodyInClear(answer, decoded),
      url: url.href,
      status,
      ...(contentType === undefined ? {} : { contentType }),
      ...validatorsOf(headers),
    }
  }

  async function send(
    request: Parameters<Fetcher['send']>[0],
    signal: AbortSignal,
  ): Promise<{ status: number }> {
    // Out of line: the owner of the address asked for these, and many owners share one host.
    const { status } = await exchange({
      method: 'POST',
      url: webAddress(request.url),
      headers: Object.entries(request.headers),
      body: request.body,
      sizes: { decoded: 1, compressed: 1, cut: true },
      signal,
      wholeMs: limits.wholeMs,
    })
    return { status }
  }

  /** Does the work unless it is given up; what the site or our rules did to it becomes an answer. */
  async function answered<T, U>(
    work: (signal: AbortSignal) => Promise<T>,
    otherwise: (answer: ReturnType<typeof answerTo>) => U,
    callerSignal: AbortSignal | undefined,
  ): Promise<T | U> {
    const signal = AbortSignal.any([closing.signal, ...(callerSignal ? [callerSignal] : [])])
    const working = work(signal)
    busy.add(working)
    try {
      return await working
    } catch (thrown) {
      if (signal.aborted) throw thrown
      return otherwise(answerTo(thrown))
    } finally {
      busy.delete(working)
    }
  }

  return {
    get: (request, signal) =>
      answered(
        own => get(request, own),
        answer => answer,
        signal,
      ),
    send: (request, signal) =>
      answered(
        own => send(request, own),
        ({ reason }) => ({ refused: reason }),
        signal,
      ),
    async close() {
      closing.abort(new Error('the fetcher was closed'))
      await Promise.allSettled(busy)
      memory.close()
    },
  }
}

/** A connection of its own for each request: with seconds between two requests to a host there is none to keep. */
function exchanger(options: HttpFetcherOptions & { readonly limits: FetchLimits }): Exchange {
  const { limits, clock } = options

  async function routeTo(url: URL): Promise<Route> {
    const override = options.overrides?.get(url.hostname)
    if (!override) return { addresses: await publicAddresses(url.hostname, options.lookup) }
    const { address, port } = override
    return { addresses: [{ address, family: address.includes(':') ? 6 : 4 }], port }
  }

  async function ask(request: ExchangeRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { url, method, sizes } = request
    const startedAt = clock.now()
    const route = await orAborted(routeTo(url), signal)
    let address: string | undefined
    const client = new Client(url.origin, {
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
      ['user-agent', options.userAgent],
      ...request.headers,
    ]
    try {
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
      const head = {
        status: response.statusCode,
        headers: pairs(response.headers as unknown as readonly string[]),
      }
      const { body, cut } = isSuccess(head.status)
        ? await readBody(response.body, head, sizes)
        : { body: new Uint8Array(), cut: false }
      return { ...head, requestHeaders, body, cut, address, startedAt, endedAt: clock.now() }
    } finally {
      await client.destroy()
    }
  }

  return async request => {
    const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(request.wholeMs)))
    try {
      const answer = await ask(request, AbortSignal.any([request.signal, timeout]))
      const { status, body } = answer
      options.logger.debug({ url: request.url.href, status, bytes: body.length }, 'the site answered')
      return answer
    } catch (thrown) {
      if (request.signal.aborted) throw thrown
      if (timeout.aborted) {
        throw new Refused(`took longer than ${limits.wholeMs / 1_000} s in all`, { cause: thrown })
      }
      throw networkFailure(thrown, request.url.hostname, limits)
    }
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
  head: Pick<HttpAnswer, 'headers'>,
  { decoded, compressed, cut = false }: Sizes,
): Promise<{ body: Uint8Array; cut: boolean }> {
  const limit = encodingsOf(head).length > 0 ? compressed : decoded
  const tooLarge = (): Refused => new Refused(`body is larger than ${limit} bytes`)
  if (!cut && Number(headerOf(head.headers, 'content-length')) > limit) throw tooLarge()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit && !cut) throw tooLarge()
    if (length > limit) break
  }
  return { body: Buffer.concat(chunks).subarray(0, limit), cut: length > limit }
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
    headers: withoutCookies(answer.headers),
    requestHeaders: answer.requestHeaders,
    redirects,
    ...(answer.address === undefined ? {} : { address: answer.address }),
    ...(permit.robots === undefined ? {} : { robots: permit.robots }),
  }
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

/** A cookie tells who was served, not what: its value is not kept, that it was set is. */
function withoutCookies(headers: readonly Header[]): Header[] {
  return headers.map(([name, value]) => [name, name.toLowerCase() === 'set-cookie' ? '(not kept)' : value])
}
