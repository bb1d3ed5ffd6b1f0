/** Talking to Elasticsearch: one narrow call, what its failures mean, and how long to be patient. */
import { ConfigError, RetryLater } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Without a slash before it; names in it are escaped. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly body?: object
  /** Newline-delimited JSON, in place of a body. */
  readonly lines?: string
}

/** What a server says: only what an error is called is looked at here. */
export interface Body {
  readonly error?: { readonly type?: string; readonly reason?: string } | string
  readonly [name: string]: unknown
}

export interface Answered {
  readonly status: number
  readonly body: Body
}

/**
 * Sends one request, once. Answers of any status are answers.
 * @throws RetryLater when nobody answered in time or the answer broke off; ConfigError when it is no Elasticsearch.
 */
export type Send = (asked: Asked) => Promise<Answered>

/** What one asks with: the request, and what the waiting goes by. */
export interface Server {
  readonly send: Send
  readonly clock: Clock
  /** The address without login, for messages. */
  readonly url: string
  /** How long a request is tried again before its fate is "later", in milliseconds. */
  readonly patienceMs: number
}

export const WHAT = 'Elasticsearch'

/** The body of an answer of 200; undefined for 404 where that is an answer too. @throws RetryLater, ConfigError */
export async function ask<T>(server: Server, asked: Asked): Promise<T> {
  const answered = await patiently(server, asked)
  if (answered.status < 300) return answered.body as T
  throw fateOf(server, asked, answered)
}

/** As `ask`; undefined when what is asked for is not there. */
export async function askFor<T>(server: Server, asked: Asked): Promise<T | undefined> {
  const answered = await patiently(server, asked)
  if (answered.status === 404 && typeOf(answered.body) !== 'index_not_found_exception') return undefined
  if (answered.status < 300) return answered.body as T
  throw fateOf(server, asked, answered)
}

/** Tries again for a while where the answer is "not now". */
export async function patiently(server: Server, asked: Asked): Promise<Answered> {
  const pause = pausing(server)
  for (;;) {
    try {
      const answered = await server.send(asked)
      if (!isForLater(answered) || !(await pause())) return answered
    } catch (thrown) {
      if (!(thrown instanceof RetryLater) || !(await pause())) throw thrown
    }
  }
}

/** Queue full, a breaker, a block of a full disk, or a node that is just not there. */
export function isForLater({ status, body }: Answered): boolean {
  return status === 429 || status >= 500 || typeOf(body) === 'cluster_block_exception'
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 4_000

/** Waits, each time longer, with jitter; answers false once the patience is at its end. */
export function pausing({ clock, patienceMs }: Pick<Server, 'clock' | 'patienceMs'>): () => Promise<boolean> {
  const end = clock.now().getTime() + patienceMs
  let ms = FIRST_PAUSE_MS
  return async () => {
    if (clock.now().getTime() + ms > end) return false
    await clock.sleep(ms * (0.5 + Math.random() / 2))
    ms = Math.min(ms * 2, LONGEST_PAUSE_MS)
    return true
  }
}

/** What becomes of the work when a request was answered so. */
export function fateOf(server: Pick<Server, 'url'>, asked: Pick<Asked, 'path'>, answered: Answered): Error {
  const { status, body } = answered
  const said = `${WHAT} at ${server.url} answered ${String(status)} to ${asked.path}: ${reasonIn(body)}`
  if (isForLater(answered)) return new RetryLater(said)
  if (status === 401 || status === 403) return new ConfigError(deniedLine(server.url, status, body))
  if (typeOf(body) === 'index_not_found_exception')
    return new ConfigError(`${said}; run opomena es apply for an empty index, or opomena rebuild`)
  return new Error(said)
}

export function deniedLine(url: string, status: number, body: Body): string {
  return status === 401
    ? `${WHAT} at ${url} does not know who asks (401): set OPOMENA_ELASTICSEARCH_USER with OPOMENA_ELASTICSEARCH_PASSWORD_FILE, or OPOMENA_ELASTICSEARCH_API_KEY_FILE`
    : `${WHAT} at ${url} does not let this user do it (403: ${reasonIn(body)}); give its role the privileges of docs/operate.md`
}

export function typeOf(body: Body): string | undefined {
  return typeof body.error === 'object' ? body.error.type : undefined
}

/** What a server says of an error, on one line and no longer than a line. */
export function reasonIn(body: Body): string {
  const { error } = body
  const said =
    typeof error === 'object'
      ? `${error.type ?? 'error'}: ${error.reason ?? ''}`
      : (error ?? JSON.stringify(body))
  // What stands in the field may be words of an article: they are not for logs.
  return said
    .replace(/ ?Preview of field's value.*/s, '')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
}

/** A name as part of a path. */
export function escaped(name: string): string {
  return encodeURIComponent(name)
}
