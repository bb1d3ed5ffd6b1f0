import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import tls from 'node:tls'
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { GetResponse } from '../../core/ports.ts'
import type { FetchLimits } from '../../ingest/fetch-limits.ts'
import { fetcherFor, get, rawSite, site, text } from './hostile-server.ts'
import type { Route } from './hostile-server.ts'

const KIB = 1024
const MIB = KIB * KIB

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** Small enough for tests that take a moment; undici looks at its clock about twice a second. */
const SHORT: Partial<FetchLimits> = { connectMs: 300, headersMs: 300, idleMs: 300, wholeMs: 4_000 }

async function page(route: Route, limits: Partial<FetchLimits> = {}, kind: 'page' | 'feed' = 'page') {
  const server = await site({ '/x': route })
  const fetcher = fetcherFor(server.port, ['glas.example'], { limits })
  open.push(server, fetcher)
  return get(fetcher, 'http://glas.example/x', { kind })
}

async function raw(speak: (socket: Socket) => void, limits: Partial<FetchLimits> = SHORT) {
  const server = await rawSite(speak)
  const fetcher = fetcherFor(server.port, ['glas.example'], { limits })
  open.push(server, fetcher)
  return { server, response: await get(fetcher, 'http://glas.example/x') }
}

const reasonIn = (response: GetResponse): string =>
  'reason' in response ? response.reason : response.outcome

/** Sends without end, as fast as it is taken. */
const endless: Route = response => {
  const piece = Buffer.alloc(64 * KIB, 'vijest ')
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once('drain', more)
  }
  response.writeHead(200, { 'Content-Type': 'text/html' })
  more()
}

describe('size', () => {
  test('a page of 50 MB is stopped at the limit, in little memory', async () => {
    let sent = 0
    const route: Route = response => {
      const piece = Buffer.alloc(64 * KIB, 'vijest ')
      const more = (): void => {
        while (sent < 50 * MIB && !response.destroyed) {
          sent += piece.length
          if (!response.write(piece)) {
            response.once('drain', more)
            return
          }
        }
        response.end()
      }
      response.writeHead(200, { 'Content-Type': 'text/html' })
      more()
    }
    const before = process.memoryUsage().rss
    expect(await page(route)).toEqual({ outcome: 'refused', reason: `body is larger than ${5 * MIB} bytes` })
    expect(sent).toBeLessThan(20 * MIB)
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB)
  })

  test('a body without end is stopped at the limit', async () => {
    expect(await page(endless)).toMatchObject({ outcome: 'refused' })
  })

  test('a size that is announced is refused before it comes', async () => {
    const { response } = await raw(socket => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n')
    })
    expect(reasonIn(response)).toBe(`body is larger than ${5 * MIB} bytes`)
  })

  test('a feed may be larger than a page', async () => {
    const large = text('x'.repeat(6 * MIB))
    expect(await page(large, {}, 'page')).toMatchObject({ outcome: 'refused' })
    expect(await page(large, {}, 'feed')).toMatchObject({ outcome: 'fresh' })
  })

  const bombs: readonly { name: string; encoding: string; pack: (bytes: Buffer) => Buffer }[] = [
    { name: 'gzip', encoding: 'gzip', pack: bytes => gzipSync(bytes) },
    { name: 'deflate', encoding: 'deflate', pack: bytes => deflateSync(bytes) },
    {
      name: 'brotli',
      encoding: 'br',
      pack: bytes => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } }),
    },
    { name: 'zstd', encoding: 'zstd', pack: bytes => zstdCompressSync(bytes) },
  ]
  for (const { name, encoding, pack } of bombs) {
    test(`a ${name} bomb is stopped at the limit of what comes out, in little memory`, async () => {
      const bomb = pack(Buffer.alloc(100 * MIB))
      expect(bomb.length).toBeLessThan(MIB)
      const before = process.memoryUsage().rss
      expect(await page(text(bomb as unknown as string, { 'Content-Encoding': encoding }))).toEqual({
        outcome: 'refused',
        reason: `body is larger than ${5 * MIB} bytes once decompressed`,
      })
      expect(process.memoryUsage().rss - before).toBeLessThan(150 * MIB)
    })
  }

  test('a compressed body over its own limit is stopped on the wire', async () => {
    const noise = Buffer.from(Array.from({ length: 200 * KIB }, (_, i) => (i * i * 31 + (i >> 3)) % 251))
    const route = text(gzipSync(noise, { level: 0 }) as unknown as string, { 'Content-Encoding': 'gzip' })
    expect(await page(route, { compressedBytes: 100 * KIB })).toMatchObject({
      outcome: 'refused',
      reason: 'body is larger than 102400 bytes',
    })
  })

  test('response headers over 16 KiB are refused', async () => {
    const { response } = await raw(socket => {
      socket.end(`HTTP/1.1 200 OK\r\nSet-Cookie: a=${'b'.repeat(20 * KIB)}\r\nContent-Length: 0\r\n\r\n`)
    })
    expect(response).toEqual({ outcome: 'refused', reason: 'response headers are larger than 16384 bytes' })
  })
})

describe('content encoding', () => {
  const words = 'Danas je lijep dan. '.repeat(50)
  const encoded: readonly { encoding: string; bytes: Buffer }[] = [
    { encoding: 'identity', bytes: Buffer.from(words) },
    { encoding: 'gzip', bytes: gzipSync(words) },
    { encoding: 'X-GZip', bytes: gzipSync(words) },
    { encoding: 'deflate', bytes: deflateSync(words) },
    { encoding: 'deflate', bytes: deflateRawSync(words) },
    { encoding: 'br', bytes: brotliCompressSync(words) },
    { encoding: 'zstd', bytes: zstdCompressSync(words) },
  ]
  for (const { encoding, bytes } of encoded) {
    test(`${encoding} (${bytes.subarray(0, 2).toString('hex')}) is read, and its bytes are kept`, async () => {
      const response = await page(text(bytes as unknown as string, { 'Content-Encoding': encoding }))
      if (response.outcome !== 'fresh') throw new Error(reasonIn(response))
      expect(Buffer.from(response.body).toString()).toBe(words)
      expect(Buffer.from(response.capture.body).equals(bytes)).toBe(true)
    })
  }

  const wrong: readonly { name: string; encoding: string; bytes: Buffer; expected: object }[] = [
    {
      name: 'gzip that is not',
      encoding: 'gzip',
      bytes: Buffer.from(words),
      expected: { outcome: 'failed', reason: expect.stringContaining('not gzip as its header says') },
    },
    {
      name: 'gzip that was cut',
      encoding: 'gzip',
      bytes: gzipSync(words).subarray(0, -20),
      expected: { outcome: 'failed', reason: expect.stringContaining('unexpected end of file') },
    },
    {
      name: 'one in another',
      encoding: 'gzip, br',
      bytes: brotliCompressSync(gzipSync(words)),
      expected: { outcome: 'refused', reason: 'more than one content encoding: gzip, br' },
    },
    {
      name: 'ten of them',
      encoding: Array.from({ length: 10 }, () => 'gzip').join(', '),
      bytes: gzipSync(words),
      expected: { outcome: 'refused' },
    },
    {
      name: 'an unknown one',
      encoding: 'rot13',
      bytes: Buffer.from(words),
      expected: { outcome: 'refused', reason: 'unknown content encoding: rot13' },
    },
  ]
  for (const { name, encoding, bytes, expected } of wrong) {
    test(name, async () => {
      expect(await page(text(bytes as unknown as string, { 'Content-Encoding': encoding }))).toMatchObject(
        expected,
      )
    })
  }
})

describe('time', () => {
  const drip = (socket: Socket, what: string, everyMs: number): void => {
    const timer = setInterval(() => socket.write(what), everyMs)
    socket.on('close', () => clearInterval(timer))
  }
  const slow: readonly { name: string; speak: (socket: Socket) => void; expected: object }[] = [
    {
      name: 'takes the connection and says nothing',
      speak: () => undefined,
      expected: { outcome: 'failed', reason: 'glas.example did not answer within 0.3 s' },
    },
    {
      name: 'sends headers and then nothing',
      speak: socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'),
      expected: { outcome: 'failed', reason: 'glas.example sent nothing more for 0.3 s' },
    },
    {
      name: 'drips its body',
      speak(socket) {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n')
        drip(socket, 'x', 50)
      },
      expected: { outcome: 'refused', reason: 'took longer than 1.5 s in all' },
    },
    {
      name: 'drips a body without end, in chunks',
      speak(socket) {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        drip(socket, '1\r\nx\r\n', 50)
      },
      expected: { outcome: 'refused', reason: 'took longer than 1.5 s in all' },
    },
  ]
  for (const { name, speak, expected } of slow) {
    test(`a site that ${name} is left, and its connection closed`, async () => {
      const began = performance.now()
      const { server, response } = await raw(speak, { ...SHORT, wholeMs: 1_500 })
      expect(response).toEqual(expected)
      expect(performance.now() - began).toBeLessThan(3_500)
      await expect.poll(() => server.open()).toBe(0)
    })
  }

  test('a site that drips its headers is left', async () => {
    const { response } = await raw(
      socket => {
        socket.write('HTTP/1.1 200 OK\r\nX-A: ')
        drip(socket, 'a', 100)
      },
      { ...SHORT, headersMs: 10_000, wholeMs: 1_000 },
    )
    expect(response).toMatchObject({ outcome: 'refused' })
  })

  test('the time of all redirects together is limited', async () => {
    const later =
      (next: string): Route =>
      response =>
        void setTimeout(() => response.writeHead(302, { Location: next }).end(), 400)
    const server = await site({ '/1': later('/2'), '/2': later('/3'), '/3': later('/4'), '/4': text('kraj') })
    const fetcher = fetcherFor(server.port, ['glas.example'], { limits: { wholeMs: 1_000 } })
    open.push(server, fetcher)
    expect(await get(fetcher, 'http://glas.example/1')).toMatchObject({ outcome: 'refused' })
    expect(server.pages().map(({ path }) => path)).toEqual(['/1', '/2', '/3'])
  })

  test('a resolver that never answers is left', async () => {
    const fetcher = fetcherFor(1, [], {
      limits: { wholeMs: 300 },
      lookup: () => new Promise(() => undefined),
    })
    open.push(fetcher)
    expect(await get(fetcher, 'http://spor.example/')).toMatchObject({ outcome: 'failed' })
  })

  test('a slow site does not keep the others waiting', async () => {
    const server = await site({
      'spor.example/': () => undefined,
      'brz.example/': text('evo'),
    })
    const fetcher = fetcherFor(server.port, ['spor.example', 'brz.example'], { limits: SHORT })
    open.push(server, fetcher)
    const slowOne = get(fetcher, 'http://spor.example/')
    const began = performance.now()
    expect(await get(fetcher, 'http://brz.example/')).toMatchObject({ outcome: 'fresh' })
    expect(performance.now() - began).toBeLessThan(300)
    expect(await slowOne).toMatchObject({ outcome: 'failed' })
  })
})

describe('answers that are not HTTP', () => {
  const broken: readonly { name: string; bytes: string }[] = [
    { name: 'noise', bytes: 'SSH-2.0-OpenSSH_9.9\r\n' },
    { name: 'a header with NUL', bytes: 'HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 1\r\n\r\nx' },
    { name: 'two lengths', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy' },
    {
      name: 'a length and chunks',
      bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    },
    { name: 'a body that ends early', bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc' },
    { name: 'a chunk of no size', bytes: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n' },
    { name: 'nothing', bytes: '' },
  ]
  for (const { name, bytes } of broken) {
    test(`${name} is a failure with its reason`, async () => {
      const { response } = await raw(socket => socket.end(bytes))
      expect(response).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(/^glas\.example: ./),
      })
    })
  }

  test('a CR in a location adds no header to the next request', async () => {
    const { response } = await raw(socket => {
      socket.end('HTTP/1.1 302 Found\r\nLocation: /a\rX-Injected: 1\r\nContent-Length: 0\r\n\r\n')
    })
    expect(response).toMatchObject({ outcome: 'failed' })
  })

  test('a closed port is a failure', async () => {
    const server = await rawSite(() => undefined)
    await server.close()
    const fetcher = fetcherFor(server.port)
    open.push(fetcher)
    expect(reasonIn(await get(fetcher, 'http://glas.example/'))).toContain('ECONNREFUSED')
  })
})

describe('TLS', () => {
  const pem = (name: string): string =>
    readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), 'utf8')

  beforeAll(() => tls.setDefaultCACertificates([pem('ca')]))

  async function secure(
    certificate: string,
    options: tls.TlsOptions = {},
  ): Promise<GetResponse & { sni?: string }> {
    const server = createServer(
      { key: pem(certificate), cert: pem(certificate), ...options },
      (request, response) => {
        const { servername } = request.socket as unknown as { servername: string }
        response
          .writeHead(request.url === '/robots.txt' ? 404 : 200, { 'X-Asked-For': servername })
          .end('sigurno')
      },
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const fetcher = fetcherFor((server.address() as AddressInfo).port)
    open.push({ close: async () => server.close().closeAllConnections() }, fetcher)
    return get(fetcher, 'https://glas.example/')
  }

  test('a good certificate for the name is accepted, and the name is asked for', async () => {
    expect(await secure('good')).toMatchObject({
      outcome: 'fresh',
      capture: { headers: expect.arrayContaining([['X-Asked-For', 'glas.example']]) },
    })
  })

  const bad: readonly { name: string; reason: RegExp; options?: tls.TlsOptions }[] = [
    { name: 'self-signed', reason: /self-signed certificate/ },
    { name: 'expired', reason: /certificate has expired/ },
    { name: 'wrong-host', reason: /does not match certificate/ },
  ]
  for (const { name, reason } of bad) {
    test(`a certificate that is ${name} is a failure, and no content is taken`, async () => {
      const response = await secure(name)
      expect(response.outcome).toBe('failed')
      expect(reasonIn(response)).toMatch(reason)
    })
  }

  test('a key of 1,024 bits is refused', async () => {
    const weak = { ciphers: 'DEFAULT@SECLEVEL=0' }
    expect(reasonIn(await secure('weak', weak))).toMatch(/too (weak|small)|handshake/)
  })

  test('TLS 1.0 is refused', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    expect(reasonIn(await secure('good', old))).toMatch(/protocol|version/)
  })

  test('a switch in the environment does not turn the check off', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      expect((await secure('self-signed')).outcome).toBe('failed')
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
  })
})
