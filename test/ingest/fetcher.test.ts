import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import type { GetResponse } from '../../core/ports.ts'
import { fetcherFor, get, site, status, text } from './hostile-server.ts'
import type { Route, Site } from './hostile-server.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** A site and a fetcher that finds the hosts on it; both are closed after the test. */
async function given(
  routes: Readonly<Record<string, Route>>,
  hosts?: readonly string[],
  options?: Parameters<typeof fetcherFor>[2],
) {
  const server = await site(routes)
  const fetcher = fetcherFor(server.port, hosts, options)
  open.push(server, fetcher)
  return { server, fetcher }
}

function fresh(response: GetResponse): GetResponse & { outcome: 'fresh' } {
  if (response.outcome !== 'fresh')
    throw new Error(`expected a fresh answer, got ${JSON.stringify(response)}`)
  return response
}

const bodyOf = (response: GetResponse): string => Buffer.from(fresh(response).body).toString()

test('a fresh answer holds the body in clear and the proof of how it came', async () => {
  const sent = gzipSync('Danas je lijep dan.')
  const { server, fetcher } = await given({
    '/robots.txt': text('User-agent: *\nDisallow: /admin'),
    '/vijest': response => {
      response.writeHead(200, [
        ['Content-Type', 'text/html; charset=utf-8'],
        ['X-Second', 'b'],
        ['Content-Encoding', 'gzip'],
        ['X-second', 'a'],
        ['ETag', 'W/"abc"'],
        ['Last-Modified', 'Mon, 02 Nov 2026 10:00:00 GMT'],
      ])
      response.end(sent)
    },
  })
  const response = fresh(await get(fetcher, 'http://glas.example/vijest#odjeljak'))
  expect(bodyOf(response)).toBe('Danas je lijep dan.')
  expect(response).toMatchObject({
    url: 'http://glas.example/vijest',
    status: 200,
    contentType: 'text/html; charset=utf-8',
    etag: 'W/"abc"',
    lastModified: 'Mon, 02 Nov 2026 10:00:00 GMT',
  })
  const { capture } = response
  expect(Buffer.from(capture.body).equals(sent)).toBe(true)
  expect(capture).toMatchObject({ url: 'http://glas.example/vijest#odjeljak', sourceId: 'glas', status: 200 })
  expect(capture.headers.slice(0, 6)).toEqual([
    ['Content-Type', 'text/html; charset=utf-8'],
    ['X-Second', 'b'],
    ['Content-Encoding', 'gzip'],
    ['X-second', 'a'],
    ['ETag', 'W/"abc"'],
    ['Last-Modified', 'Mon, 02 Nov 2026 10:00:00 GMT'],
  ])
  expect(capture.requestHeaders.flat()).toEqual(server.pages()[0]!.rawHeaders)
  expect(capture.address).toBe('127.0.0.1')
  expect(capture.robots).toMatch(/^allowed by robots.txt sha256:[0-9a-f]{64}$/)
  expect(capture.redirects).toEqual([])
  expect(Date.parse(capture.endedAt)).toBeGreaterThanOrEqual(Date.parse(capture.startedAt))
})

test('the host keeps its name although the address is another', async () => {
  const { server, fetcher } = await given({ '/': text('da') })
  await get(fetcher, 'http://glas.example/')
  expect(server.pages()[0]!.host).toBe('glas.example')
})

test('a conditional request gives the marks back as they came, and 304 is unchanged', async () => {
  const etag = 'W/"\u00e8 ,x"'
  const lastModified = 'yesterday, more or less'
  const { server, fetcher } = await given({ '/f': status(304) })
  expect(await get(fetcher, 'http://glas.example/f', { etag, lastModified, kind: 'feed' })).toEqual({
    outcome: 'unchanged',
    status: 304,
  })
  expect(server.pages()[0]!.headers['if-none-match']).toBe(etag)
  expect(server.pages()[0]!.headers['if-modified-since']).toBe(lastModified)
})

test('a 304 that nobody asked for is a failure, not an unchanged page', async () => {
  const { fetcher } = await given({ '/f': status(304) })
  expect(await get(fetcher, 'http://glas.example/f')).toMatchObject({ outcome: 'failed', status: 304 })
})

test('a page that says it is stale at once gives no marks', async () => {
  const { fetcher } = await given({ '/f': text('x', { ETag: '"1"', Expires: '0' }) })
  expect(fresh(await get(fetcher, 'http://glas.example/f')).etag).toBeUndefined()
})

const failures: readonly { name: string; route: Route; expected: object }[] = [
  { name: '404', route: status(404), expected: { outcome: 'failed', status: 404 } },
  { name: '410 is gone for good', route: status(410), expected: { outcome: 'failed', permanent: 'gone' } },
  { name: '500', route: status(500), expected: { outcome: 'failed', status: 500 } },
  {
    name: 'a challenge page is a site that blocks robots',
    route: status(403, { 'cf-mitigated': 'challenge' }),
    expected: { outcome: 'failed', permanent: 'blocked', status: 403 },
  },
  {
    name: 'a challenge page with status 200 is not an article',
    route: status(200, { 'CF-Mitigated': 'challenge' }),
    expected: { outcome: 'failed', permanent: 'blocked' },
  },
  { name: 'a redirect without a location', route: status(302), expected: { outcome: 'failed', status: 302 } },
  { name: '300 choices', route: status(300), expected: { outcome: 'failed', status: 300 } },
]
for (const { name, route, expected } of failures) {
  test(`failed: ${name}`, async () => {
    const { fetcher } = await given({ '/x': route })
    expect(await get(fetcher, 'http://glas.example/x')).toMatchObject(expected)
  })
}

test('what no server answers is failed, with the reason', async () => {
  const { fetcher } = await given({}, ['glas.example'])
  expect(await get(fetcher, 'http://nowhere.example/')).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('nowhere.example has no address'),
  })
})

test('five redirects are followed, over hosts, and every step is kept', async () => {
  const { server, fetcher } = await given(
    {
      '/1': status(301, { Location: '/2' }),
      '/2': status(302, { Location: 'http://drugi.example/3' }),
      '/3': status(303, { Location: '//glas.example/4' }),
      '/4': status(307, { Location: '5?x=1' }),
      '/5?x=1': status(308, { Location: Buffer.from('/vijest-č').toString('latin1') }),
      '/vijest-%C4%8D': text('stigli smo'),
    },
    ['glas.example', 'drugi.example'],
  )
  const response = fresh(await get(fetcher, 'http://glas.example/1'))
  expect(response.url).toBe('http://glas.example/vijest-%C4%8D')
  expect(response.capture.redirects).toEqual([
    { status: 301, location: 'http://glas.example/2' },
    { status: 302, location: 'http://drugi.example/3' },
    { status: 303, location: 'http://glas.example/4' },
    { status: 307, location: 'http://glas.example/5?x=1' },
    { status: 308, location: 'http://glas.example/vijest-%C4%8D' },
  ])
  expect(server.pages().map(({ host, path }) => host + path)).toContain('drugi.example/3')
})

test('the sixth redirect is not followed', async () => {
  const routes = Object.fromEntries(
    Array.from({ length: 8 }, (_, n) => [`/${n}`, status(302, { Location: `/${n + 1}` })]),
  )
  const { server, fetcher } = await given(routes)
  expect(await get(fetcher, 'http://glas.example/0')).toEqual({
    outcome: 'refused',
    reason: 'more than 5 redirects',
  })
  expect(server.pages()).toHaveLength(6)
})

test('a redirect loop ends at once', async () => {
  const { server, fetcher } = await given({
    '/a': status(302, { Location: '/b' }),
    '/b': status(302, { Location: '/a' }),
  })
  expect(await get(fetcher, 'http://glas.example/a')).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('circle'),
  })
  expect(server.pages()).toHaveLength(2)
})

const badRedirects = [
  { location: 'http://127.0.0.1/', reason: '127.0.0.1, which is not a public address' },
  { location: 'http://[::1]/', reason: 'not a public address' },
  { location: 'http://2130706433/', reason: 'not a public address' },
  { location: 'http://169.254.169.254/latest/meta-data/', reason: 'not a public address' },
  { location: 'file:///etc/passwd', reason: 'expected http or https' },
  { location: 'gopher://glas.example/', reason: 'expected http or https' },
  { location: 'data:text/plain,x', reason: 'expected http or https' },
  { location: 'http://u:p@glas.example/', reason: 'user name or password' },
  { location: 'http://glas.example:6379/', reason: 'port 6379' },
  { location: `/${'x'.repeat(10_000)}`, reason: 'longer than 2048' },
  { location: 'http://', reason: 'not a web address' },
]
for (const { location, reason } of badRedirects) {
  test(`a redirect to ${location.slice(0, 60)} is refused`, async () => {
    const { server, fetcher } = await given({ '/x': status(302, { Location: location }) })
    expect(await get(fetcher, 'http://glas.example/x')).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining(reason),
    })
    expect(server.pages()).toHaveLength(1)
  })
}

const badAddresses = [
  'http://127.0.0.1/',
  'http://localhost/',
  'ftp://glas.example/',
  'http://glas.example:8080/',
  'not an address',
  `http://glas.example/${'x'.repeat(2_100)}`,
]
for (const url of badAddresses) {
  test(`${url.slice(0, 40)} is refused without a packet`, async () => {
    const { server, fetcher } = await given({ '/': text('tajna') }, ['glas.example'], {
      lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    })
    expect(await get(fetcher, url)).toMatchObject({ outcome: 'refused' })
    expect(server.visits).toHaveLength(0)
  })
}

test('proxies of the environment are ignored', async () => {
  const proxy = await site({})
  open.push(proxy)
  const before = { ...process.env }
  const address = `http://127.0.0.1:${proxy.port}`
  Object.assign(process.env, { http_proxy: address, HTTP_PROXY: address, NODE_USE_ENV_PROXY: '1' })
  try {
    const { fetcher } = await given({ '/': text('izravno') })
    expect(bodyOf(await get(fetcher, 'http://glas.example/'))).toBe('izravno')
    expect(proxy.visits).toHaveLength(0)
  } finally {
    process.env = before
  }
})

test('send posts the body, follows no redirect and answers the status', async () => {
  let received = ''
  const { fetcher } = await given({
    '/hook': (response, request) => {
      request.setEncoding('utf8').on('data', (chunk: string) => (received += chunk))
      request.on('end', () => response.writeHead(202).end('hvala'))
    },
    '/moved': status(301, { Location: '/hook' }),
  })
  const headers = { 'content-type': 'application/json', 'webhook-id': 'x' }
  expect(await fetcher.send({ url: 'http://glas.example/hook', headers, body: '{"a":"č"}' })).toEqual({
    status: 202,
  })
  expect(received).toBe('{"a":"č"}')
  expect(await fetcher.send({ url: 'http://glas.example/moved', headers, body: '{}' })).toEqual({
    status: 301,
  })
})

test('send goes through the gate at every call: a name that became private later is refused', async () => {
  let address = '192.0.2.1'
  const { fetcher } = await given({}, [], { lookup: async () => [{ address, family: 4 }] })
  address = '10.0.0.5'
  expect(await fetcher.send({ url: 'https://hook.example/', headers: {}, body: '{}' })).toEqual({
    refused: 'hook.example leads to 10.0.0.5, which is not a public address',
  })
})

test('an aborted request rejects and leaves the fetcher usable', async () => {
  const { fetcher } = await given({ '/never': () => undefined, '/x': text('dalje') })
  const abort = new AbortController()
  const asked = fetcher.get({ url: 'http://glas.example/never', sourceId: 'a', kind: 'page' }, abort.signal)
  setTimeout(() => abort.abort(new Error('enough')), 50)
  await expect(asked).rejects.toThrow('enough')
  expect(bodyOf(await get(fetcher, 'http://glas.example/x'))).toBe('dalje')
})

test('close ends what is under way', async () => {
  const server: Site = await site({ '/never': () => undefined })
  open.push(server)
  const fetcher = fetcherFor(server.port)
  const asked = get(fetcher, 'http://glas.example/never')
  setTimeout(() => void fetcher.close(), 50)
  await expect(asked).rejects.toThrow('closed')
})

test('that a cookie was set is kept, its value is not', async () => {
  const { fetcher } = await given({
    '/robots.txt': status(404),
    '/vijest': response => {
      response.setHeader('Set-Cookie', ['sid=secret', 'ad=secret'])
      response.end('tekst')
    },
  })
  const { capture } = fresh(await get(fetcher, 'http://glas.example/vijest'))
  const cookies = capture.headers.filter(([name]) => name.toLowerCase() === 'set-cookie')
  expect(cookies).toHaveLength(2)
  expect(JSON.stringify(capture.headers)).not.toContain('secret')
})
