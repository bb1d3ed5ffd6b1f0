/** A small Kibana for tests: status, import and Dashboards API, as strict about paths, headers and bodies as the real one. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SavedObject } from '../../../dashboards/kibana/saved-objects.ts'
import { dashboardSchema } from './dashboards-api-schema.ts'

interface FakeOptions {
  readonly version?: string
  /** Value of the Authorization header that it knows; everybody is let in unless given. */
  readonly login?: string
  /** Logged in, and may only read. */
  readonly readOnly?: boolean
  /** How many times it says that it is still starting. */
  readonly starting?: number
  /** An object it refuses, by id. */
  readonly refuses?: string
}

export interface FakeKibana {
  readonly url: string
  /** Everything in it: what was written, by path of space, type and id. */
  readonly content: ReadonlyMap<string, unknown>
  /** Method and path of every request. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

type Said = readonly [status: number, json: unknown]

export async function fakeKibana(options: FakeOptions = {}): Promise<FakeKibana> {
  const content = new Map<string, unknown>()
  const asked: string[] = []
  let starting = options.starting ?? 0
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    void bodyOf(request).then(body => {
      const isStarting = starting > 0
      starting -= isStarting ? 1 : 0
      const said: Said = isStarting
        ? [503, 'Kibana server is not ready yet.']
        : answer(options, content, request, body)
      response.writeHead(said[0], { 'content-type': 'application/json' })
      response.end(JSON.stringify(said[1]))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, content, asked, close: () => closed(server) }
}

const refuse = (status: number, message: string): Said => [status, { statusCode: status, message }]

function answer(
  options: FakeOptions,
  content: Map<string, unknown>,
  { method, url = '', headers }: IncomingMessage,
  body: string,
): Said {
  const { pathname, searchParams } = new URL(url, 'http://kibana')
  const isKnown = options.login === undefined || headers.authorization === options.login
  if (pathname === '/api/status') return [200, statusFor(options, isKnown)]
  if (!isKnown) return refuse(401, 'Unauthorized')
  if (headers['kbn-xsrf'] === undefined) return refuse(400, 'Request must contain a kbn-xsrf header.')
  if (headers['elastic-api-version'] !== '2023-10-31') return refuse(400, 'No such version of the API')
  if (options.readOnly) return refuse(403, 'Forbidden')
  const [, space = 'default', path = ''] = /^(?:\/s\/([a-z0-9-]+))?(\/api\/.*)$/u.exec(pathname) ?? []
  if (method === 'POST' && path === '/api/saved_objects/_import') {
    const file = fileIn(headers['content-type'], body)
    if (file === undefined) return refuse(400, 'Unsupported Media Type')
    return [200, importInto(content, space, file, searchParams.get('overwrite') === 'true', options)]
  }
  const id = /^\/api\/dashboards\/([a-z0-9-]+)$/u.exec(path)?.[1]
  if (method !== 'PUT' || id === undefined || !hasDashboardsApi(versionOf(options))) {
    return refuse(404, 'Not Found')
  }
  if (headers['content-type'] !== 'application/json') return refuse(415, 'Unsupported Media Type')
  if (id === options.refuses) return refuse(400, '[request body.panels.0]: unrecognized key')
  const checked = dashboardSchema.safeParse(JSON.parse(body))
  if (!checked.success) return refuse(400, `[request body]: ${checked.error.message}`)
  content.set(`${space} dashboard ${id}`, checked.data)
  return [200, { id, data: checked.data, meta: {} }]
}

const versionOf = ({ version = '9.5.0' }: FakeOptions): string => version

/** Whoever is not logged in learns that it runs, and no more. */
function statusFor(options: FakeOptions, isKnown: boolean): object {
  const status = { overall: { level: 'available', summary: 'All services are available' } }
  return isKnown ? { version: { number: versionOf(options) }, status } : { status }
}

function hasDashboardsApi(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 9 || (major === 9 && minor >= 5)
}

function importInto(
  content: Map<string, unknown>,
  space: string,
  file: string,
  overwrite: boolean,
  { refuses }: FakeOptions,
): object {
  const objects = file
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as SavedObject)
  const key = (type: string, id: string): string => `${space} ${type} ${id}`
  const brought = new Set(objects.map(({ type, id }) => key(type, id)))
  const errors = objects.flatMap(({ type, id, references }) => {
    if (id === refuses) return [{ type, id, error: { type: 'unsupported_type' } }]
    const lost = references.some(
      one => !brought.has(key(one.type, one.id)) && !content.has(key(one.type, one.id)),
    )
    if (lost) return [{ type, id, error: { type: 'missing_references' } }]
    return content.has(key(type, id)) && !overwrite ? [{ type, id, error: { type: 'conflict' } }] : []
  })
  if (errors.length > 0) return { success: false, successCount: 0, errors }
  for (const one of objects) content.set(key(one.type, one.id), one)
  return { success: true, successCount: objects.length }
}

/** The file of a form as browsers send it. */
function fileIn(type: string | undefined, body: string): string | undefined {
  const boundary = /^multipart\/form-data; boundary=(\S+)$/u.exec(type ?? '')?.[1]
  if (boundary === undefined || !body.endsWith(`\r\n--${boundary}--\r\n`)) return undefined
  const [head = '', ...rest] = body
    .slice(`--${boundary}\r\n`.length, -`\r\n--${boundary}--\r\n`.length)
    .split('\r\n\r\n')
  return /name="file"; filename="[^"]+\.ndjson"/u.test(head) ? rest.join('\r\n\r\n') : undefined
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise(resolve => server.close(() => resolve()))
}
