/** Serves the web over HTTP on this machine; https is the business of a proxy in front. */
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Env } from './routes.ts'

export interface WebServer {
  readonly port: number
  /** Stops listening, lets the answers under way finish, and then ends idle connections. */
  close(): Promise<void>
}

/** Resolves when it listens; rejects when it cannot, for example because the port is taken. */
export function serveWeb(
  app: Hono<Env>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<WebServer> {
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: app.fetch,
        hostname: host,
        port,
        serverOptions: { requestTimeout: 30_000, headersTimeout: 10_000 },
      },
      info => {
        resolve({ port: info.port, close: () => closeServer(server) })
      },
    )
    server.once('error', reject)
  })
}

const PATIENCE_MS = 5_000

function closeServer(server: ReturnType<typeof serve>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(() => {
      if ('closeAllConnections' in server) server.closeAllConnections()
    }, PATIENCE_MS)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
}
