/** What every answer carries against misuse of the browser, and which requests may change something. */
import type { MiddlewareHandler } from 'hono'
import { PageError } from './page-error.ts'
import type { Env } from './routes.ts'

/** No inline script or style anywhere, nothing from elsewhere. htmx writes HTML through its own parser, so no Trusted Types. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export function securityHeaders(publicUrl: string): MiddlewareHandler<Env> {
  const isSecure = publicUrl.startsWith('https:')
  return async (c, next) => {
    await next()
    const { headers } = c.res
    if (!headers.has('Content-Security-Policy'))
      headers.set('Content-Security-Policy', CONTENT_SECURITY_POLICY)
    headers.set('X-Content-Type-Options', 'nosniff')
    // A click must not tell a hostile site who is watching.
    headers.set('Referrer-Policy', 'no-referrer')
    headers.set('Cross-Origin-Opener-Policy', 'same-origin')
    headers.set('Cross-Origin-Resource-Policy', 'same-origin')
    headers.set('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=()')
    headers.set('X-Robots-Tag', 'noindex, nofollow')
    if (isSecure) headers.set('Strict-Transport-Security', 'max-age=31536000')
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A request that changes something must come from our own pages: browsers say so in `Sec-Fetch-Site`, older ones in
 * `Origin`. `except` begins paths that carry their own proof instead of a cookie.
 */
export function sameOriginOnly(publicUrl: string, except: readonly string[]): MiddlewareHandler<Env> {
  const ours = new URL(publicUrl).origin
  return async (c, next) => {
    if (!SAFE.has(c.req.method) && !except.some(prefix => c.req.path.startsWith(prefix))) {
      const site = c.req.header('sec-fetch-site')
      const isOurs =
        site === undefined ? c.req.header('origin') === ours : site === 'same-origin' || site === 'none'
      if (!isOurs) {
        throw new PageError(
          403,
          'This request did not come from our own pages',
          `Open ${publicUrl} and do it from there; nothing was changed.`,
        )
      }
    }
    await next()
  }
}

/** A path on this site, or undefined for anything that would lead away from it. */
export function localPath(asked: string | undefined, publicUrl: string): string | undefined {
  if (asked === undefined || !asked.startsWith('/') || /^\/[/\\]|[\0-\x1f\\]/u.test(asked)) return undefined
  const url = URL.parse(asked, publicUrl)
  return url?.origin === new URL(publicUrl).origin ? url.pathname + url.search + url.hash : undefined
}
