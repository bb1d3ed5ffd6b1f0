/** Elasticsearch behind TLS and a login, and one that is not set up: the real one behind a small proxy. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkElasticsearch } from '../../index/elasticsearch-store.ts'
import { readerOf, writerOf } from '../../index/index-home.ts'
import { ownName, servers } from '../cluster/servers.ts'
import { corpus } from '../contract/index-corpus.ts'
import { all } from '../contract/index-queries.ts'
import { ElasticsearchPlace } from './elasticsearch-place.ts'

const { elasticsearch, lack } = servers()

const CERTIFICATE = new URL('../fixtures/tls/loopback.pem', import.meta.url).pathname
const LOGIN = { user: 'writer', password: 'pa:ss wörd' }
const LOGIN_LINE = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`

describe.skipIf(lack)(`Elasticsearch behind TLS ${lack ?? ''}`, { timeout: 120_000 }, () => {
  let place: ElasticsearchPlace
  let server: Server
  let url: string

  beforeAll(async () => {
    place = await ElasticsearchPlace.make(elasticsearch, ownName('tls'))
    const pem = readFileSync(CERTIFICATE)
    server = createServer({ key: pem, cert: pem }, (request, response) => {
      const { authorization } = request.headers
      const known = authorization === LOGIN_LINE || authorization === 'ApiKey a2V5'
      const body: Buffer[] = []
      request.on('data', chunk => body.push(chunk as Buffer))
      request.on('end', () => {
        const answered = known
          ? fetch(`${elasticsearch}${request.url ?? '/'}`, {
              method: request.method ?? 'GET',
              headers: {
                'content-type': request.headers['content-type'] ?? 'application/json',
                accept: request.headers.accept ?? '*/*',
              },
              ...(body.length > 0 && { body: Buffer.concat(body) }),
            })
          : Promise.resolve(
              new Response('{"error":{"type":"security_exception"},"status":401}', { status: 401 }),
            )
        void answered.then(async answer => {
          const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }
          response.writeHead(answer.status, headers).end(await answer.text())
        })
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  }, 60_000)
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    await place.destroy()
  }, 60_000)

  test.each([
    ['user and password', LOGIN],
    ['API key', { apiKey: 'a2V5' }],
  ])('%s over TLS: it is found to be right, written and read', async (_, login) => {
    const options = { url, login, caFile: CERTIFICATE }
    expect(await checkElasticsearch({ ...options, prefix: place.prefix })).toMatch(
      /^Elasticsearch 8\.19\.\d+ at https:/,
    )
    const home = place.elsewhere(options)
    const writer = await writerOf(home, await home.first())
    const entries = corpus({ seed: 61, articles: 5 })
    expect(await writer.put(entries)).toEqual(entries.map(() => undefined))
    await place.settle()
    const reader = await readerOf(home)
    expect((await reader.count({ query: all })).articles).toBeGreaterThan(0)
    await home.close()
  })

  test('a wrong password ends in one line, not in trying again', async () => {
    const options = { url, login: { user: 'writer', password: 'other' }, caFile: CERTIFICATE }
    await expect(checkElasticsearch({ ...options, prefix: place.prefix })).rejects.toThrow(
      /does not know who asks \(401\)/,
    )
    const home = place.elsewhere(options)
    await expect(home.first()).rejects.toThrow(/does not know who asks/)
    await home.close()
  })

  test('a server that is not set up says what to run; run again, set-up changes nothing', async () => {
    const prefix = ownName('fresh')
    const home = place.elsewhere({ prefix })
    const fresh = { url: elasticsearch, prefix }
    try {
      await expect(checkElasticsearch(fresh)).rejects.toThrow(
        /has no index fresh-.*-articles; run opomena es apply/,
      )
      const made = await home.apply()
      expect(made).toHaveLength(8)
      expect(await home.apply()).toEqual([])
      expect(await checkElasticsearch(fresh)).toMatch(/generation [\da-f]{12}$/)
      await place.ask('DELETE', `_index_template/${prefix}-flags`)
      expect(await home.apply()).toEqual([`index template ${prefix}-flags: made`])
      expect((await home.all()).length).toBe(1)
    } finally {
      await home.close()
      await (await ElasticsearchPlace.make(elasticsearch, prefix)).destroy()
    }
  })

  test('several set-ups at once make one generation', async () => {
    const prefix = ownName('race')
    const homes = [1, 2, 3].map(() => place.elsewhere({ prefix }))
    const ends = await Promise.allSettled(homes.map(home => home.apply()))
    expect(ends.some(end => end.status === 'fulfilled')).toBe(true)
    expect(await homes[0]!.all()).toHaveLength(1)
    for (const home of homes) await home.close()
    await (await ElasticsearchPlace.make(elasticsearch, prefix)).destroy()
  })
})
