/** Signing in and out. */
import { getConnInfo } from '@hono/node-server/conninfo'
import { html } from 'hono/html'
import { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { addressOf, formOf } from '../forms.ts'
import { notice, page } from '../layout.ts'
import type { Ask, Routes } from '../routes.ts'
import { localPath } from '../security.ts'
import { beginSession, endSession } from '../signed-in.ts'
import { TooBusy } from '../store/passwords.ts'

/** Tries without waiting: of one account, and of one address, behind which a whole office may sit. */
const FREE_BY_ACCOUNT = 5
const FREE_BY_ADDRESS = 20

const signInSchema = z.object({
  name: z.string().max(200),
  password: z.string().max(1_000),
  to: z.string().max(2_000).optional(),
})

export function signInPages(routes: Routes, deps: WebDeps): void {
  routes.get('/sign-in', 'anyone', c => {
    const { to } = addressOf(c, z.object({ to: z.string().max(2_000).optional() }))
    return c.get('user') ? c.redirect('/', 303) : signInPage(c, deps, { to })
  })

  routes.post('/sign-in', 'anyone', async c => {
    const { name, password, to } = await formOf(c, signInSchema)
    const account = `account:${name.normalize('NFKC').trim().toLowerCase()}`
    const address = `address:${addressBlock(c)}`
    const wait =
      deps.store.throttle.tryNow(account, FREE_BY_ACCOUNT) ||
      deps.store.throttle.tryNow(address, FREE_BY_ADDRESS)
    if (wait > 0) {
      c.header('Retry-After', String(Math.ceil(wait / 1000)))
      return signInPage(c, deps, {
        to,
        name,
        status: 429,
        problem: `Too many tries. Wait ${waitText(wait)}, then try again.`,
      })
    }
    const user = await check(deps, name, password)
    if (user === 'busy')
      return signInPage(c, deps, {
        to,
        name,
        status: 503,
        problem: 'Many people sign in at this moment. Try again in a few seconds.',
      })
    if (!user)
      return signInPage(c, deps, { to, name, status: 401, problem: 'Name and password do not fit together.' })
    deps.store.throttle.succeeded(account)
    beginSession(c, deps.store, user.id)
    return c.redirect(localPath(to, deps.publicUrl) ?? '/', 303)
  })

  routes.post('/sign-out', 'anyone', c => {
    endSession(c, deps.store)
    return c.redirect('/sign-in', 303)
  })
}

async function check(deps: WebDeps, name: string, password: string) {
  try {
    return await deps.store.accounts.check(name, password)
  } catch (thrown) {
    if (thrown instanceof TooBusy) return 'busy'
    throw thrown
  }
}

interface SignInState {
  readonly to?: string | undefined
  readonly name?: string
  readonly problem?: string
  readonly status?: 200 | 401 | 429 | 503
}

function signInPage(c: Ask, deps: WebDeps, { to, name = '', problem, status = 200 }: SignInState) {
  return page(c, deps, {
    title: 'Sign in',
    status,
    main: html`<section class="sheet narrow">
      <h1>Sign in</h1>
      ${problem ? notice(problem, 'bad') : ''}
      ${cookiesWork(deps.publicUrl) ? '' : notice('This address is neither https nor this machine itself, so browsers will refuse to stay signed in. An operator must put the web behind https and set the public address.', 'bad')}
      ${deps.store.countUsers() === 0 ? notice(html`There is no account yet. An operator adds one with <code>opomena user add NAME --role admin</code>.`, 'calm') : ''}
      <form method="post" action="/sign-in" class="stack">
        <input type="hidden" name="to" value="${localPath(to, deps.publicUrl) ?? '/'}" />
        <label
          >Name
          <input
            name="name"
            value="${name}"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required${name === '' ? html` autofocus` : ''}
        /></label>
        <label
          >Password <input name="password" type="password" autocomplete="current-password" required
        /></label>
        <button class="primary">Sign in</button>
      </form>
      <p class="hint">
        Forgotten it? An administrator of your organisation can set a new one. Passages are covered until you
        choose to see them.
      </p>
    </section>`,
  })
}

/** Cookies marked `Secure` are kept over https and, by today's browsers, on the machine itself. */
function cookiesWork(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl)
  return (
    protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  )
}

/** The network a request comes from, /24 or /64. Behind a proxy on this machine it is what the proxy says. */
function addressBlock(c: Ask): string {
  const peer = peerOf(c)
  const isProxy = peer === '127.0.0.1' || peer === '::1' || peer === '::ffff:127.0.0.1'
  const address = (isProxy && c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()) || peer
  return address.includes(':')
    ? address.split(':').slice(0, 4).join(':')
    : address.split('.').slice(0, 3).join('.')
}

function peerOf(c: Ask): string {
  // Requests made without a socket, as tests make them, have no address.
  if (!(c.env as { incoming?: unknown } | undefined)?.incoming) return 'none'
  return getConnInfo(c).remote.address ?? 'none'
}

function waitText(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
}
