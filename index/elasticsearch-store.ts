/** The search index on Elasticsearch: the client, and what is built on it. Documents and queries are in the files beside it. */
import { readFileSync } from 'node:fs'
import { Client, errors } from '@elastic/elasticsearch'
import { ConfigError, RetryLater, reasonOf } from '../core/errors.ts'
import { systemClock } from '../core/clock.ts'
import type { Clock } from '../core/ports.ts'
import { noElasticsearch, requireFields, requireVersion } from './elasticsearch-check.ts'
import { homeOn } from './elasticsearch-home.ts'
import type { ElasticsearchHome } from './elasticsearch-home.ts'
import { namesOf } from './elasticsearch-mapping.ts'
import { WHAT, typeOf } from './elasticsearch-send.ts'
import type { Answered, Asked, Body, Server } from './elasticsearch-send.ts'

export interface ElasticsearchOptions {
  readonly url: string
  /** In front of the name of every index, alias and template. */
  readonly prefix: string
  readonly login?:
    { readonly user: string; readonly password: string } | { readonly apiKey: string } | undefined
  /** File with the certificate of who signed the server's; the machine's own list unless given. */
  readonly caFile?: string | undefined
  readonly clock?: Clock
  /** Longest wait for an answer, in milliseconds. */
  readonly requestMs?: number
  /** How long a request is tried again before the work is for later, in milliseconds. */
  readonly patienceMs?: number
  /** Primary shards of each index that is made. */
  readonly shards?: number
}

const REQUEST_MS = 20_000
/** Short enough that a place in the log is not lost meanwhile; the stage tries again after it, for ever. */
const PATIENCE_MS = 5_000

/** @throws ConfigError when the certificate cannot be read. Nothing is asked of the server yet. */
export function elasticsearchHome(options: ElasticsearchOptions): ElasticsearchHome {
  const { server, close } = connect(options)
  const { prefix, shards } = options
  return homeOn({ server, names: namesOf(prefix), ...(shards !== undefined && { shards }) }, close)
}

/**
 * For `doctor` and for starting: that it is there, lets us in, is new enough, and has indices that fit.
 * Answers what was found, in words.
 * @throws ConfigError with one line that says what to do.
 */
export function checkElasticsearch(options: ElasticsearchOptions): Promise<string> {
  return atOnce(options, async (home, server) => {
    const version = await requireVersion(server)
    const generation = await home.first()
    await requireFields(server, namesOf(options.prefix), generation)
    return `${WHAT} ${version} at ${server.url}, generation ${generation}`
  })
}

/**
 * Puts templates, settings and the first indices in place; answers what it changed, nothing where all is there.
 * @throws ConfigError with one line that says what to do.
 */
export function applyElasticsearch(options: ElasticsearchOptions): Promise<readonly string[]> {
  return atOnce(options, async (home, server) => {
    await requireVersion(server)
    return home.apply()
  })
}

/** Without patience: somebody waits for what is wrong, and to try again is up to them. */
async function atOnce<T>(
  options: ElasticsearchOptions,
  work: (home: ElasticsearchHome, server: Server) => Promise<T>,
): Promise<T> {
  const { server, close } = connect({ ...options, patienceMs: options.patienceMs ?? 0 })
  const { prefix, shards } = options
  const home = homeOn({ server, names: namesOf(prefix), ...(shards !== undefined && { shards }) }, close)
  try {
    return await work(home, server)
  } catch (thrown) {
    if (!(thrown instanceof RetryLater)) throw thrown
    const tls = server.url.startsWith('http:') && HUNG_UP.test(thrown.message)
    const hint = tls ? 'if it speaks TLS, write https:// in' : 'start it, or correct'
    throw new ConfigError(`${thrown.message}; ${hint} OPOMENA_ELASTICSEARCH_URL (index.elasticsearch.url)`, {
      cause: thrown,
    })
  } finally {
    await home.close()
  }
}

// ---------------------------------------------------------------- client

function connect(options: ElasticsearchOptions): {
  readonly server: Server
  readonly close: () => Promise<void>
} {
  const { clock = systemClock, patienceMs = PATIENCE_MS } = options
  const url = shownUrl(options.url)
  const client = new Client({
    node: options.url,
    ...authOf(options),
    ...(options.caFile !== undefined && { tls: { ca: readCa(options.caFile) } }),
    requestTimeout: options.requestMs ?? REQUEST_MS,
    // Ours to decide, item by item.
    maxRetries: 0,
  })
  const send = async (asked: Asked): Promise<Answered> => {
    const { method, path, query, body, lines } = asked
    try {
      const { statusCode, body: said } = await client.transport.request<Body | string>(
        {
          method,
          path: `/${path}`,
          ...(query && { querystring: query }),
          ...(body && { body }),
          ...(lines !== undefined && { bulkBody: lines }),
        },
        { meta: true },
      )
      return { status: statusCode, body: bodyOf(said) }
    } catch (thrown) {
      return answerIn(thrown, url)
    }
  }
  return { server: { send, clock, url, patienceMs }, close: () => client.close() }
}

function authOf({ login }: ElasticsearchOptions): object {
  if (login === undefined) return {}
  return { auth: 'apiKey' in login ? login : { username: login.user, password: login.password } }
}

function readCa(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new ConfigError(
      `${WHAT}: expected a certificate in ${file}, the system says "${reasonOf(cause)}"; correct OPOMENA_ELASTICSEARCH_CA_FILE`,
      { cause },
    )
  }
}

/** An address may hold a password. */
function shownUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url
}

function bodyOf(said: unknown): Body {
  if (typeof said === 'object' && said !== null) return said as Body
  return { error: { type: 'unreadable', reason: String(said).slice(0, 200) } }
}

/** What the client threw: an answer of another status, or why there was none. */
function answerIn(thrown: unknown, url: string): Answered {
  if (thrown instanceof errors.ResponseError) {
    const status = thrown.statusCode ?? 0
    const body = bodyOf(thrown.body)
    if (status === 406 || status === 415 || typeOf(body) === 'media_type_header_exception')
      throw noElasticsearch(url, 'an older one or OpenSearch: it does not read what this client writes')
    return { status, body }
  }
  if (thrown instanceof errors.ProductNotSupportedError)
    throw noElasticsearch(
      url,
      'OpenSearch, an older Elasticsearch or something else: it does not say that it is one',
    )
  const reason = reasonOf(thrown)
  if (TLS_FAULT.test(reason)) throw tlsFault(url, reason)
  throw new RetryLater(`${WHAT} at ${url} does not answer: ${onOneLine(reason)}`, { cause: thrown })
}

const TLS_FAULT = /\bSSL\b|\bTLS\b|certificate|altnames|EPROTO/i
/** How a server that expects TLS ends a connection without it. */
const HUNG_UP = /other side closed|socket hang up|ECONNRESET|Parse Error|terminated/i

function tlsFault(url: string, reason: string): ConfigError {
  const hint = /wrong version number|packet length/i.test(reason)
    ? 'it does not speak TLS there: write http:// in OPOMENA_ELASTICSEARCH_URL (index.elasticsearch.url), or give it a certificate'
    : 'set OPOMENA_ELASTICSEARCH_CA_FILE to the certificate of who signed its own, and ask it by the name that stands there'
  return new ConfigError(`${WHAT} at ${url}: the secure connection failed (${onOneLine(reason)}); ${hint}`)
}

function onOneLine(reason: string): string {
  return reason.replace(/\s+/g, ' ').trim().slice(0, 200)
}
