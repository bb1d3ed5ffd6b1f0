/** The web: every page and every form, behind one permission table. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createApi } from './api.ts'
import type { WebDeps } from './deps.ts'
import { accountPages } from './pages/account.ts'
import { errorPage } from './pages/error.ts'
import { feedPages } from './pages/feeds.ts'
import { healthPages } from './pages/health.ts'
import { helpPages } from './pages/help.ts'
import { itemPages } from './pages/item.ts'
import { overviewPages } from './pages/overview.ts'
import { reviewPages } from './pages/review.ts'
import { searchPages } from './pages/search.ts'
import { signInPages } from './pages/sign-in.ts'
import { sourcePages } from './pages/sources.ts'
import { subscriptionPages } from './pages/subscriptions.ts'
import { userPages } from './pages/users.ts'
import { verdictPages } from './pages/verdicts.ts'
import { notFound, PageError } from './page-error.ts'
import { requireAllDeclared, routesOf } from './routes.ts'
import type { DeclaredRoute, Env } from './routes.ts'
import { sameOriginOnly, securityHeaders } from './security.ts'
import { whoAsks } from './signed-in.ts'
import { staticFile } from './static-files.ts'

export type { WebDeps } from './deps.ts'

const LARGEST_FORM = 64 * 1024
/** These carry a token of their own instead of a cookie. */
const WITHOUT_COOKIE = ['/v1/', '/u/']

const PAGES = [
  signInPages,
  overviewPages,
  searchPages,
  reviewPages,
  itemPages,
  verdictPages,
  sourcePages,
  subscriptionPages,
  feedPages,
  accountPages,
  userPages,
  helpPages,
  healthPages,
]

/** @throws Error when a route has no permission. */
export function createWebApp(deps: WebDeps): Hono<Env> {
  return webWithRoutes(deps).app
}

/** The app and its table of routes, for the test that tries every role on every route. */
export function webWithRoutes(deps: WebDeps): { app: Hono<Env>; declared: readonly DeclaredRoute[] } {
  const app = new Hono<Env>()
  app.onError((thrown, c) => errorPage(thrown, c, deps))
  app.notFound(c => errorPage(notFound('page'), c, deps))
  app.use(securityHeaders(deps.publicUrl))
  app.use(
    bodyLimit({
      maxSize: LARGEST_FORM,
      onError: () => {
        throw new PageError(413, 'This was too much at once', 'Forms may hold up to 64 kilobytes.')
      },
    }),
  )
  app.use(sameOriginOnly(deps.publicUrl, WITHOUT_COOKIE))
  app.use(whoAsks(deps.store))

  const routes = routesOf(app)
  routes.get('/static/:name', 'anyone', c => {
    const file = staticFile(c.req.param('name') ?? '')
    if (!file) throw notFound('file')
    return c.body(file.body, 200, {
      'Content-Type': file.type,
      'Cache-Control': 'public, max-age=31536000, immutable',
    })
  })
  for (const addPages of PAGES) addPages(routes, deps)
  app.route(
    '/v1',
    createApi({
      reader: deps.reader,
      clock: deps.clock,
      publicUrl: deps.publicUrl,
      tokenOwner: token => deps.store.tokenOwner(token),
    }),
  )
  requireAllDeclared(app, routes, WITHOUT_COOKIE.slice(0, 1))
  return { app, declared: routes.declared }
}
