/** The session cookie, and who a request comes from. */
import type { MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AppStore } from './app-store.ts'
import type { Ask, Env } from './routes.ts'

/**
 * `__Host-` needs `Secure`. Browsers treat 127.0.0.1 and localhost as trustworthy, so it works there over plain http
 * too; anywhere else the web must stand behind https.
 */
const COOKIE = '__Host-sid'
const OPTIONS = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const
const LONGEST_S = 7 * 24 * 3_600

export function whoAsks(store: AppStore): MiddlewareHandler<Env> {
  return async (c, next) => {
    const secret = getCookie(c, COOKIE)
    const found = secret === undefined ? undefined : store.sessions.find(secret)
    c.set('user', found?.user)
    c.set('session', found?.session)
    await next()
  }
}

/** Begins a session of the person; the one before, if any, ends: a session never survives a sign-in. */
export function beginSession(c: Ask, store: AppStore, userId: string): void {
  endOnServer(c, store)
  setCookie(c, COOKIE, store.sessions.begin(userId, c.req.header('user-agent') ?? ''), {
    ...OPTIONS,
    maxAge: LONGEST_S,
  })
}

export function endSession(c: Ask, store: AppStore): void {
  endOnServer(c, store)
  deleteCookie(c, COOKIE, OPTIONS)
}

function endOnServer(c: Ask, store: AppStore): void {
  const session = c.get('session')
  const user = c.get('user')
  if (session && user) {
    store.sessions.end(session.id, user.id)
    store.leases.releaseAllOf(user.id)
  }
}
