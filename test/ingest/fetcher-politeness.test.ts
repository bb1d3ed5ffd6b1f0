import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { fetcherFor, get, rawSite, site, status, text } from './hostile-server.ts'
import type { Route } from './hostile-server.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function given(
  routes: Readonly<Record<string, Route>>,
  options?: Parameters<typeof fetcherFor>[2],
  hosts: readonly string[] = ['glas.example', 'drugi.example'],
) {
  const server = await site(routes)
  const fetcher = fetcherFor(server.port, hosts, options)
  open.push(server, fetcher)
  return { server, fetcher }
}

describe('robots.txt', () => {
  const page = text('stranica')
  const cases: readonly { name: string; routes: Record<string, Route>; expected: object; asks?: number }[] = [
    { name: '404 allows', routes: { '/robots.txt': status(404) }, expected: { outcome: 'fresh' } },
    { name: '403 allows', routes: { '/robots.txt': status(403) }, expected: { outcome: 'fresh' } },
    { name: '401 allows', routes: { '/robots.txt': status(401) }, expected: { outcome: 'fresh' } },
    {
      name: '500 forbids for now',
      routes: { '/robots.txt': status(500) },
      expected: { outcome: 'failed', status: 500, reason: expect.stringContaining('nothing may be fetched') },
    },
    {
      name: '503 forbids for now, and says when to come back',
      routes: { '/robots.txt': status(503, { 'Retry-After': '120' }) },
      expected: { outcome: 'failed', status: 503, retryAfterMs: 120_000 },
    },
    {
      name: '429 forbids for now',
      routes: { '/robots.txt': status(429) },
      expected: { outcome: 'failed', status: 429 },
    },
    {
      name: 'no answer forbids for now',
      routes: { '/robots.txt': () => undefined },
      expected: { outcome: 'failed' },
    },
    {
      name: 'a disallowed page is refused',
      routes: { '/robots.txt': text('User-agent: *\nDisallow: /x') },
      expected: { outcome: 'refused', reason: 'robots.txt does not allow /x?a=1' },
    },
    {
      name: 'five redirects are followed, over hosts, and the rules are for the first host',
      routes: {
        'glas.example/robots.txt': status(301, { Location: '/r1' }),
        '/r1': status(302, { Location: '/r2' }),
        '/r2': status(302, { Location: '/r3' }),
        '/r3': status(302, { Location: '/r4' }),
        '/r4': status(302, { Location: 'http://drugi.example/robots.txt' }),
        'drugi.example/robots.txt': text('User-agent: *\nDisallow: /'),
      },
      expected: { outcome: 'refused' },
    },
    {
      name: 'six redirects are as none',
      routes: Object.fromEntries(
        ['/robots.txt', '/r1', '/r2', '/r3', '/r4', '/r5'].map((path, n) => [
          path,
          status(302, { Location: `/r${n + 1}` }),
        ]),
      ),
      expected: { outcome: 'fresh', capture: { robots: 'no robots.txt: more than 5 redirects' } },
    },
    {
      name: 'a redirect to a private address is refused',
      routes: { '/robots.txt': status(302, { Location: 'http://127.0.0.1/robots.txt' }) },
      expected: { outcome: 'refused', reason: expect.stringContaining('not a public address') },
    },
    {
      name: 'an HTML page allows',
      routes: { '/robots.txt': text('<html>Disallow: /</html>') },
      expected: { outcome: 'fresh' },
    },
    {
      name: 'of 2 MB the first 500 KiB are read, up to the last whole line',
      routes: {
        '/robots.txt': text(
          `User-agent: *\nDisallow: /y\n${'#'.repeat(500 * 1024 - 40)}\nDisallow: /x-and-something-else\n${'# more\n'.repeat(250_000)}`,
        ),
      },
      expected: { outcome: 'fresh' },
    },
    {
      name: 'a compressed one is read',
      routes: {
        '/robots.txt': text(gzipSync('User-agent: *\nDisallow: /') as unknown as string, {
          'Content-Encoding': 'gzip',
        }),
      },
      expected: { outcome: 'refused' },
    },
    {
      name: 'a bomb forbids for now',
      routes: {
        '/robots.txt': text(gzipSync(Buffer.alloc(50_000_000)) as unknown as string, {
          'Content-Encoding': 'gzip',
        }),
      },
      expected: { outcome: 'failed' },
    },
    {
      name: 'of the host that a redirect leads to counts too',
      routes: {
        'glas.example/x?a=1': status(302, { Location: 'http://drugi.example/y' }),
        'drugi.example/robots.txt': text('User-agent: *\nDisallow: /y'),
        '/y': text('tajno'),
      },
      expected: { outcome: 'refused', reason: 'robots.txt does not allow /y' },
    },
  ]
  for (const { name, routes, expected } of cases) {
    test(name, async () => {
      const { server, fetcher } = await given(
        { '/x?a=1': page, ...routes },
        { limits: { headersMs: 300, wholeMs: 1_500 } },
      )
      const response = await get(fetcher, 'http://glas.example/x?a=1')
      expect(response).toMatchObject(expected)
      const visited = server.visits.filter(({ path }) => path === '/x?a=1' || path === '/y').length
      if (response.outcome === 'fresh') expect(visited).toBe(1)
      else expect(server.visits.filter(({ path }) => path === '/y')).toEqual([])
    })
  }

  test('the override of a source fetches all the same, and the capture says why', async () => {
    const { fetcher } = await given({ '/robots.txt': text('User-agent: *\nDisallow: /'), '/x': page })
    const robotsOverride =
      'Public broadcaster; the coalition decided on 2026-10-01 that this must be watched.'
    expect(await get(fetcher, 'http://glas.example/x', { robotsOverride })).toMatchObject({
      outcome: 'fresh',
      capture: {
        robots: expect.stringMatching(/^disallowed by robots.txt sha256:.{64}; overridden: Public broad/),
      },
    })
  })

  test('an override also helps where robots.txt cannot be read', async () => {
    const { fetcher } = await given({ '/robots.txt': status(500), '/x': page })
    expect(
      await get(fetcher, 'http://glas.example/x', { robotsOverride: 'decided on 2026-10-01' }),
    ).toMatchObject({
      outcome: 'fresh',
      capture: { robots: expect.stringContaining('it answered 500; overridden: decided') },
    })
  })

  test('it is asked once for many pages, before the first of them', async () => {
    const { server, fetcher } = await given({ '/a': page, '/b': page })
    await Promise.all(['/a', '/b', '/a'].map(path => get(fetcher, `http://glas.example${path}`)))
    expect(server.visits.map(({ path }) => path).sort()).toEqual(['/a', '/a', '/b', '/robots.txt'])
    expect(server.visits[0]!.path).toBe('/robots.txt')
  })
})

describe('gaps', () => {
  test('requests to one host, robots.txt and redirects among them, keep their gap', async () => {
    const { server, fetcher } = await given(
      { '/a': status(302, { Location: '/b' }), '/b': text('b'), '/c': text('c') },
      { hostGapMs: 120 },
    )
    await Promise.all([get(fetcher, 'http://glas.example/a'), get(fetcher, 'http://glas.example/c')])
    expect(server.visits).toHaveLength(4)
    const starts = server.visits.map(({ at }) => at)
    for (const [n, at] of starts.slice(1).entries()) expect(at - starts[n]!).toBeGreaterThanOrEqual(110)
  })

  test('one connection at a time goes to a host, and several hosts are asked together', async () => {
    let now = 0
    let most = 0
    const slowly: Route = response => {
      most = Math.max(most, ++now)
      setTimeout(() => {
        now -= 1
        response.end('x')
      }, 50)
    }
    const names = ['prvi.example', 'drugi.example', 'treci.example']
    const { fetcher } = await given({ '/x': slowly }, {}, names)
    await Promise.all([1, 2, 3].map(() => get(fetcher, 'http://prvi.example/x')))
    expect(most).toBe(1)
    await Promise.all(names.map(name => get(fetcher, `http://${name}/x`)))
    expect(most).toBe(3)
  })

  test('a Crawl-delay slows us down', async () => {
    const { server, fetcher } = await given({
      '/robots.txt': text('User-agent: *\nCrawl-delay: 0.01\nDisallow: /z'),
      '/x': text('x'),
    })
    await get(fetcher, 'http://glas.example/x')
    const [first, second] = server.visits
    // Less than a second is not believed.
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(990)
  })

  test('the gap outlives a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'opomena-fetcher-'))
    try {
      const gapsPath = join(folder, 'hosts.db')
      const server = await site({ '/x': text('x') })
      open.push(server)
      for (let start = 0; start < 2; start++) {
        const fetcher = fetcherFor(server.port, ['glas.example'], { hostGapMs: 400, gapsPath })
        await get(fetcher, 'http://glas.example/x')
        await fetcher.close()
      }
      const [first, second] = server.pages()
      expect(second!.at - first!.at).toBeGreaterThanOrEqual(390)
      expect(server.visits.filter(({ path }) => path === '/robots.txt')).toHaveLength(1)
    } finally {
      await Promise.all(open.splice(0).map(one => one.close()))
      await rm(folder, { recursive: true })
    }
  })
})

describe('429 and Retry-After', () => {
  const inAnHour = new Date(Date.now() + 3_600_000).toUTCString()
  const cases: readonly { name: string; retryAfter?: string; least: number; most: number }[] = [
    { name: 'none', least: 30_000, most: 30_000 },
    { name: '0', retryAfter: '0', least: 30_000, most: 30_000 },
    { name: '10', retryAfter: '10', least: 30_000, most: 30_000 },
    { name: '120', retryAfter: '120', least: 120_000, most: 120_000 },
    { name: 'a date in an hour', retryAfter: inAnHour, least: 3_500_000, most: 3_600_000 },
    { name: 'a date in the past', retryAfter: 'Mon, 02 Nov 2020 10:00:00 GMT', least: 30_000, most: 30_000 },
    { name: 'ten years', retryAfter: String(10 * 365 * 86_400), least: 86_400_000, most: 86_400_000 },
    { name: 'a number too large', retryAfter: '9'.repeat(400), least: 86_400_000, most: 86_400_000 },
    { name: 'nonsense', retryAfter: 'soon', least: 30_000, most: 30_000 },
    { name: 'a negative number', retryAfter: '-5', least: 30_000, most: 30_000 },
  ]
  for (const { name, retryAfter, least, most } of cases) {
    test(`with ${name}`, async () => {
      const { fetcher } = await given(
        { '/x': status(429, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }) },
        { hostGapAfter429Ms: 30_000 },
      )
      const response = await get(fetcher, 'http://glas.example/x')
      if (response.outcome !== 'failed') throw new Error(`expected a failure, got ${response.outcome}`)
      expect(response.status).toBe(429)
      expect(response.retryAfterMs).toBeGreaterThanOrEqual(least)
      expect(response.retryAfterMs).toBeLessThanOrEqual(most)
    })
  }

  test('a host that asked us to wait is left alone, the others are not', async () => {
    const { server, fetcher } = await given({
      'glas.example/x': status(429, { 'Retry-After': '3600' }),
      '/y': text('y'),
    })
    await get(fetcher, 'http://glas.example/x')
    const response = await get(fetcher, 'http://glas.example/y')
    expect(response).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('asked us to wait') })
    expect((response as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(3_590_000)
    expect(await get(fetcher, 'http://drugi.example/y')).toMatchObject({ outcome: 'fresh' })
    expect(server.pages().map(({ host, path }) => host + path)).toEqual(['glas.example/x', 'drugi.example/y'])
  })

  test('a short wait is waited for in line', async () => {
    const { server, fetcher } = await given(
      { '/x': status(429), '/y': text('y') },
      { hostGapAfter429Ms: 300 },
    )
    await get(fetcher, 'http://glas.example/x')
    expect(await get(fetcher, 'http://glas.example/y')).toMatchObject({ outcome: 'fresh' })
    const [first, second] = server.pages()
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(290)
  })
})

test('a site that never answers frees its host for the next request', async () => {
  let calls = 0
  const server = await rawSite(socket => {
    calls += 1
    if (calls > 1) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nda')
  })
  const fetcher = fetcherFor(server.port, ['glas.example'], { limits: { headersMs: 200 } })
  open.push(server, fetcher)
  const answers = await Promise.all([
    get(fetcher, 'http://glas.example/1'),
    get(fetcher, 'http://glas.example/2'),
  ])
  expect(answers.map(({ outcome }) => outcome)).toEqual(['failed', 'fresh'])
})
