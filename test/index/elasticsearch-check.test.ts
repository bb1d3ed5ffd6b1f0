/** What an operator may point us at by mistake, and the one line that says so. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { ConfigError } from '../../core/errors.ts'
import { applyElasticsearch, checkElasticsearch } from '../../index/elasticsearch-store.ts'
import type { ElasticsearchOptions } from '../../index/elasticsearch-store.ts'

type Answer = (answer: ServerResponse, path: string) => void

const open: Server[] = []
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

const pem = (name: string): string => new URL(`../fixtures/tls/${name}.pem`, import.meta.url).pathname

/** A server that is not what it should be. */
async function serving(answer: Answer, tls?: string): Promise<string> {
  const handle: Parameters<typeof createServer>[1] = (request, response) => {
    answer(response, request.url ?? '')
  }
  const key = tls === undefined ? undefined : readFileSync(pem(tls))
  const server = key ? createTlsServer({ key, cert: key }, handle) : createServer(handle)
  open.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `${key ? 'https' : 'http'}://127.0.0.1:${String((server.address() as AddressInfo).port)}`
}

const json =
  (status: number, body: object, product = true): Answer =>
  response => {
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(product && { 'x-elastic-product': 'Elasticsearch' }),
    })
    response.end(JSON.stringify(body))
  }
const saysVersion = (number: string): Answer =>
  json(200, { version: { number }, tagline: 'You Know, for Search' })
const refuses = (status: number, type: string): Answer =>
  json(status, { error: { type, reason: 'no' }, status })

/** The line, which must be one. */
async function lineFor(url: string, options: Partial<ElasticsearchOptions> = {}): Promise<string> {
  const lines = await Promise.all(
    [checkElasticsearch, applyElasticsearch].map(work =>
      work({ url, prefix: 'opomena', ...options }).then(
        () => 'no complaint',
        (thrown: unknown) =>
          thrown instanceof ConfigError ? thrown.message : `no ConfigError: ${String(thrown)}`,
      ),
    ),
  )
  const [one, other] = lines.map(line => line.replace(/Local: 127\.0\.0\.1:\d+/, ''))
  expect(other).toBe(one)
  expect(lines[0]).not.toContain('\n')
  return lines[0]!
}

test('nobody there: the address, and what the system says', async () => {
  const url = await serving(json(200, {}))
  const [server] = open.splice(0)
  server!.closeAllConnections()
  await new Promise(resolve => server!.close(resolve))
  expect(await lineFor(url)).toMatch(
    /^Elasticsearch at http:\/\/127\.0\.0\.1:\d+ does not answer: connect ECONNREFUSED .*; start it, or correct OPOMENA_ELASTICSEARCH_URL/,
  )
})

test('a name that does not exist', async () => {
  expect(await lineFor('http://elasticsearch.invalid:9200')).toMatch(
    /^Elasticsearch at http:\/\/elasticsearch\.invalid:9200 does not answer: getaddrinfo .*correct OPOMENA_ELASTICSEARCH_URL/,
  )
})

test('no login, and a wrong one: which settings hold it, and never its words', async () => {
  const url = await serving(refuses(401, 'security_exception'))
  const line = await lineFor(url, { login: { user: 'writer', password: 'very secret' } })
  expect(line).toMatch(
    /does not know who asks \(401\): set OPOMENA_ELASTICSEARCH_USER with OPOMENA_ELASTICSEARCH_PASSWORD_FILE/,
  )
  expect(line).not.toMatch(/very secret|writer/)
})

test('a user who may not', async () => {
  const url = await serving(refuses(403, 'security_exception'))
  expect(await lineFor(url)).toMatch(/does not let this user do it \(403: security_exception/)
})

const FOREIGN =
  /expected Elasticsearch 8\.14 or newer at .*, it is OpenSearch, an older Elasticsearch or something else: it does not say that it is one; correct OPOMENA_ELASTICSEARCH_URL/

test.each([
  ['OpenSearch', { version: { distribution: 'opensearch', number: '2.19.1' } }, FOREIGN],
  ['Elasticsearch 7.10', { version: { number: '7.10.2' } }, FOREIGN],
  ['something else', { hello: 'world' }, FOREIGN],
])('%s, which does not bear the name of the product', async (_, body, line) => {
  const url = await serving(json(200, body, false))
  expect(await lineFor(url)).toMatch(line)
})

test('Elasticsearch 7.17, which does not read what this client writes', async () => {
  const url = await serving(refuses(400, 'media_type_header_exception'))
  expect(await lineFor(url)).toMatch(
    /expected Elasticsearch 8\.14 or newer at .*, it is an older one or OpenSearch/,
  )
})

test.each([
  ['8.11.4', /expected version 8\.14 to 9\.x, it is 8\.11\.4; upgrade it$/],
  ['10.0.1', /expected version 8\.14 to 9\.x, it is 10\.0\.1; upgrade Opomena$/],
])('version %s', async (number, line) => {
  expect(await lineFor(await serving(saysVersion(number)))).toMatch(line)
})

test('TLS asked of a server without it', async () => {
  const url = await serving(saysVersion('9.2.0'))
  expect(await lineFor(url.replace('http:', 'https:'))).toMatch(
    /the secure connection failed \(.*wrong version number.*\); it does not speak TLS there: write http:\/\//,
  )
})

test('no TLS asked of a server with it', async () => {
  const url = await serving(saysVersion('9.2.0'), 'loopback')
  expect(await lineFor(url.replace('https:', 'http:'))).toMatch(
    /if it speaks TLS, write https:\/\/ in OPOMENA_ELASTICSEARCH_URL/,
  )
})

test.each([
  ['signed by nobody known', 'loopback', undefined, /self-signed certificate/],
  ['signed by somebody else than said', 'loopback', 'ca', /self-signed certificate/],
  ['of another name', 'good', 'ca', /does not match certificate's altnames/],
  ['that has expired', 'expired', 'ca', /certificate has expired|altnames/],
])('a certificate %s', async (_, shown, trusted, line) => {
  const url = await serving(saysVersion('9.2.0'), shown)
  const said = await lineFor(url, trusted === undefined ? {} : { caFile: pem(trusted) })
  expect(said).toMatch(line)
  expect(said).toMatch(/set OPOMENA_ELASTICSEARCH_CA_FILE/)
})

test('a certificate that is not there', async () => {
  const line = /expected a certificate in \/nowhere\/ca\.pem, .*correct OPOMENA_ELASTICSEARCH_CA_FILE/
  await expect(async () =>
    checkElasticsearch({ url: 'https://127.0.0.1:9', prefix: 'opomena', caFile: '/nowhere/ca.pem' }),
  ).rejects.toThrow(line)
})
