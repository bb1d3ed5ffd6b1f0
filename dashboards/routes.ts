/** Routes with their permission. A route cannot be written without saying who may use it, and one that went past this file does not start. */
import type { Context, Hono } from 'hono'
import { PageError } from './page-error.ts'
import { can } from './permissions.ts'
import type { Action } from './permissions.ts'
import type { Account } from './store/accounts.ts'
import type { SessionInfo } from './store/sessions.ts'

export interface Env {
  Variables: {
    user: Account | undefined
    session: SessionInfo | undefined
  }
}
export type Ask = Context<Env>
export type Handler = (c: Ask) => Response | Promise<Response>

export interface DeclaredRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly may: Action
}

export interface Routes {
  get(path: string, may: Action, handler: Handler): void
  post(path: string, may: Action, handler: Handler): void
  readonly declared: readonly DeclaredRoute[]
}

export function routesOf(app: Hono<Env>): Routes {
  const declared: DeclaredRoute[] = []
  const add = (method: 'GET' | 'POST', path: string, may: Action, handler: Handler): void => {
    declared.push({ method, path, may })
    app.on(method, path, async c => refusal(c, may) ?? (await handler(c)))
  }
  return {
    declared,
    get: (path, may, handler) => add('GET', path, may, handler),
    post: (path, may, handler) => add('POST', path, may, handler),
  }
}

/** Who is not signed in is asked to, and comes back to the page; who may not is told so. */
function refusal(c: Ask, may: Action): Response | undefined {
  const user = c.get('user')
  if (can(user, may)) return undefined
  if (user)
    throw new PageError(
      403,
      'Your role may not do this',
      `You are signed in as ${user.name} (${user.role}). Ask an administrator if you need more.`,
    )
  if (c.req.method !== 'GET')
    throw new PageError(
      401,
      'You are not signed in',
      'Your session has ended. Sign in and do it again; nothing was changed.',
    )
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(`/sign-in?${new URLSearchParams({ to: pathname + search }).toString()}`, 303)
}

/** @throws Error naming every route that was added without a permission. `elsewhere` begins paths that guard themselves. */
export function requireAllDeclared(app: Hono<Env>, routes: Routes, elsewhere: readonly string[]): void {
  const known = new Set(routes.declared.map(({ method, path }) => `${method} ${path}`))
  const open = app.routes
    // Middleware is written for all methods.
    .filter(({ method, path }) => method !== 'ALL' && !elsewhere.some(prefix => path.startsWith(prefix)))
    .map(({ method, path }) => `${method} ${path}`)
    .filter(route => !known.has(route))
  if (open.length > 0)
    throw new Error(`routes without a permission: ${open.join(', ')}; add them in dashboards/routes.ts style`)
}

/** The person signed in; the route's permission made sure that there is one. */
export function userOf(c: Ask): Account {
  const user = c.get('user')
  if (!user) throw new PageError(401, 'You are not signed in', 'Sign in and try again.')
  return user
}
