/** A server on 127.0.0.1 that misbehaves as it is told, and writes down who asked for what and when. */
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { systemClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import type { Fetcher, GetResponse } from '../../core/ports.ts'
import { httpFetcher } from '../../ingest/http-fetcher.ts'
import type { HttpFetcherOptions } from '../../ingest/http-fetcher.ts'

export interface Visit {
  readonly host: string
  readonly path: string
  readonly at: number
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
}

export interface Site {
  readonly port: number
  readonly visits: readonly Visit[]
  /** Visits but those of robots.txt. */
  readonly pages: () => readonly Visit[]
  readonly close: () => Promise<void>
}

export type Route = (response: ServerResponse, request: IncomingMessage) => void

/** Answers each path as its route says; without a route 404, so that robots.txt is absent. */
export async function site(routes: Readonly<Record<string, Route>>): Promise<Site> {
  const visits: Visit[] = []
  const listener: RequestListener = (request, response) => {
    const { url: path = '', headers, rawHeaders } = request
    visits.push({ host: headers.host ?? '', path, at: Date.now(), headers, rawHeaders })
    const route = routes[`${headers.host ?? ''}${path}`] ?? routes[path]
    if (route) route(response, request)
    else response.writeHead(404).end()
  }
  const server = createServer(listener)
  const { port, close } = await listening(server)
  return { port, visits, pages: () => visits.filter(({ path }) => path !== '/robots.txt'), close }
}

/** Speaks raw bytes: answers robots.txt with 404 and hands every other connection to `speak`. */
export async function rawSite(
  speak: (socket: Socket) => void,
): Promise<{ port: number; close: () => Promise<void>; open: () => number }> {
  let open = 0
  const server = createSocketServer(socket => {
    open += 1
    socket.on('error', () => undefined).on('close', () => (open -= 1))
    socket.once('data', data => {
      if (data.toString('latin1').startsWith('GET /robots.txt')) {
        socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
      } else speak(socket)
    })
  })
  return { ...(await listening(server)), open: () => open }
}

async function listening(server: Server): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const close = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return { port: (server.address() as AddressInfo).port, close }
}

export const text =
  (body: string, headers: Record<string, string> = {}): Route =>
  response =>
    response.writeHead(200, { 'Content-Type': 'text/plain', ...headers }).end(body)

export const status =
  (code: number, headers: Record<string, string> = {}): Route =>
  response =>
    response.writeHead(code, headers).end()

/** A fetcher that finds the given hosts at the port on this machine, and nothing else anywhere. */
export function fetcherFor(
  port: number,
  hosts: readonly string[] = ['glas.example'],
  options: Partial<HttpFetcherOptions> = {},
): Fetcher {
  return httpFetcher({
    userAgent: 'Opomena/0.1 (+https://opomena.example/robot)',
    clock: systemClock,
    logger: silentLogger,
    hostGapMs: 0,
    hostGapAfter429Ms: 0,
    overrides: new Map(hosts.map(host => [host, { address: '127.0.0.1', port }])),
    lookup: async host => {
      throw new Error(`${host} has no address`)
    },
    ...options,
  })
}

export function get(
  fetcher: Fetcher,
  url: string,
  more: Partial<Parameters<Fetcher['get']>[0]> = {},
): Promise<GetResponse> {
  return fetcher.get({ url, sourceId: 'glas', kind: 'page', ...more })
}
