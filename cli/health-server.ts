/** Answers whoever watches a worker: alive, ready, figures. Nothing else, and nobody's words. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigError, reasonOf } from '../core/errors.ts'

export interface Check {
  readonly name: string
  readonly ok: boolean
}

export interface HealthServer {
  readonly port: number
  close(): Promise<void>
}

/** @throws ConfigError when it cannot listen there. */
export function serveHealth(
  { host, port }: { readonly host: string; readonly port: number },
  { ready, metrics }: { readonly ready: () => readonly Check[]; readonly metrics: () => string },
): Promise<HealthServer> {
  // Alive means that the event loop answers: were it to ask others, a dead sink would have all its workers restarted.
  const answers: Readonly<Record<string, () => Answer>> = {
    '/health/live': () => json(200, { status: 'ok' }),
    '/health/ready': () => {
      const checks = ready()
      const isReady = checks.every(({ ok }) => ok)
      return json(isReady ? 200 : 503, { status: isReady ? 'ok' : 'not ready', checks })
    },
    '/metrics': () => ({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: metrics() }),
  }
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]!
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const { status, type, body } =
      (isRead && answers[path]?.()) || json(isRead ? 404 : 405, { status: 'no such thing' })
    response.writeHead(status, { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff' })
    response.end(body)
  })
  server.requestTimeout = 5_000
  return new Promise((resolve, reject) => {
    server.once('error', cause =>
      reject(
        new ConfigError(
          `health: expected to listen on port ${String(port)} of ${host}, the system says "${reasonOf(cause)}"; set another one with OPOMENA_HEALTH_PORT`,
          { cause },
        ),
      ),
    )
    server.listen(port, host, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise(closed => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      }),
    )
  })
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

function json(status: number, value: object): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}
