/** One Kibana: its version, the import of saved objects, the Dashboards API; and what is wrong, in a line that says what to do. */
import { z } from 'zod'
import { ConfigError, reasonOf, RetryLater } from '../../core/errors.ts'
import type { Answer, Ask, Asked } from './http.ts'

export interface KibanaAddress {
  readonly url: string
  /** A space of Kibana; the default one unless given. */
  readonly space?: string
  readonly login?: { readonly user: string; readonly password: string } | { readonly apiKey: string }
}

export interface Kibana {
  /** Undefined while it is not ready. @throws RetryLater when nobody answers, ConfigError when waiting will not help. */
  version(): Promise<string | undefined>
  /** Objects that are there are replaced. @throws when Kibana refuses any of them. */
  importObjects(ndjson: string): Promise<void>
  putDashboard(id: string, body: object): Promise<void>
}

const LOGIN =
  'set OPOMENA_ELASTICSEARCH_USER and OPOMENA_ELASTICSEARCH_PASSWORD_FILE, or OPOMENA_ELASTICSEARCH_API_KEY_FILE'

export function kibanaAt(address: KibanaAddress, ask: Ask): Kibana {
  const url = address.url.replace(/\/+$/u, '')
  const inSpace = address.space === undefined ? url : `${url}/s/${encodeURIComponent(address.space)}`
  const send = async (asked: Pick<Asked, 'method' | 'url' | 'body'>, type?: string): Promise<Answer> => {
    const headers = {
      // Kibana refuses any write without it, to be safe from other people's pages.
      'kbn-xsrf': 'true',
      'Elastic-Api-Version': '2023-10-31',
      ...authorization(address),
      ...(type !== undefined && { 'Content-Type': type }),
      ...(asked.body !== undefined && { 'Content-Length': String(Buffer.byteLength(asked.body)) }),
    }
    const answer = await ask({ ...asked, headers }).catch((thrown: unknown) => {
      throw unanswered(url, thrown)
    })
    refuseLogin(answer, url)
    return answer
  }
  return {
    version: async () => versionIn(await send({ method: 'GET', url: `${url}/api/status` }), url),
    async importObjects(ndjson) {
      const { type, body } = multipart(ndjson)
      const target = `${inSpace}/api/saved_objects/_import?overwrite=true`
      checkImport(await send({ method: 'POST', url: target, body }, type))
    },
    async putDashboard(id, dashboard) {
      const target = `${inSpace}/api/dashboards/${encodeURIComponent(id)}`
      const body = JSON.stringify(dashboard)
      const answer = await send({ method: 'PUT', url: target, body }, 'application/json')
      if (answer.status >= 300)
        throw new Error(`Kibana refused the dashboard ${id}: ${said(answer)}; --by import is another way`)
    },
  }
}

function authorization({ login }: KibanaAddress): Readonly<Record<string, string>> {
  if (!login) return {}
  if ('apiKey' in login) return { Authorization: `ApiKey ${login.apiKey}` }
  return { Authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` }
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL|EPROTO/u

function unanswered(url: string, cause: unknown): Error {
  const code = String((cause as NodeJS.ErrnoException).code)
  if (CERTIFICATE.test(code)) {
    return new ConfigError(
      `Kibana at ${url}: expected a certificate that can be checked, came another (${reasonOf(cause)}); set OPOMENA_ELASTICSEARCH_CA_FILE, or http:// where it speaks no TLS`,
      { cause },
    )
  }
  const what = `Kibana at ${url}: expected an answer, came none (${reasonOf(cause)})`
  return new RetryLater(`${what}; is it running? set OPOMENA_KIBANA_URL or --url`, { cause })
}

function refuseLogin({ status }: Answer, url: string): void {
  if (status === 401)
    throw new ConfigError(`Kibana at ${url}: expected a login it knows, came another; ${LOGIN}`)
  if (status === 403) {
    throw new ConfigError(
      `Kibana at ${url}: expected a login that may write, came one that may not; give its role all rights on Dashboards, Discover and Saved Objects Management in that space`,
    )
  }
}

// ---------------------------------------------------------------- status

const statusSchema = z.object({
  version: z.object({ number: z.string() }).optional(),
  status: z.object({ overall: z.object({ level: z.string() }) }),
})

function versionIn(answer: Answer, url: string): string | undefined {
  // What it answers while it starts, and a proxy before it while it is not there.
  if ([502, 503, 504].includes(answer.status)) return undefined
  const status = statusSchema.safeParse(jsonIn(answer)).data
  if (!status) {
    throw new ConfigError(
      `${url}: expected Kibana, something else answered (${answer.status} to /api/status); Kibana listens on 5601 as a rule, set OPOMENA_KIBANA_URL or --url`,
    )
  }
  if (!status.version) {
    throw new ConfigError(`Kibana at ${url}: expected a login, it tells its version to nobody else; ${LOGIN}`)
  }
  return status.status.overall.level === 'available' ? status.version.number : undefined
}

// ---------------------------------------------------------------- import

const importSchema = z.object({
  success: z.boolean(),
  errors: z
    .array(z.object({ type: z.string(), id: z.string(), error: z.object({ type: z.string() }) }))
    .default([]),
})

function checkImport(answer: Answer): void {
  const imported = importSchema.safeParse(jsonIn(answer)).data
  if (imported?.success) return
  const refused = imported?.errors.map(({ type, id, error }) => `${type} ${id} (${error.type})`)
  throw new Error(`Kibana refused the import: ${refused?.join(', ') ?? said(answer)}`)
}

/** No line of the objects begins with two hyphens, so that the boundary cannot stand among them. */
function multipart(ndjson: string): { readonly type: string; readonly body: string } {
  const boundary = 'opomena-saved-objects'
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="file"; filename="opomena.ndjson"',
    'Content-Type: application/ndjson',
  ]
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: `${head.join('\r\n')}\r\n\r\n${ndjson}\r\n--${boundary}--\r\n`,
  }
}

// ---------------------------------------------------------------- answers

const MOST_SAID = 600
const errorSchema = z.object({ message: z.string() })

function said(answer: Answer): string {
  const message = errorSchema.safeParse(jsonIn(answer)).data?.message ?? answer.body
  return `${answer.status}, ${message.slice(0, MOST_SAID)}`
}

function jsonIn({ body }: Answer): unknown {
  try {
    return JSON.parse(body)
  } catch (thrown) {
    return { unreadable: reasonOf(thrown) }
  }
}
