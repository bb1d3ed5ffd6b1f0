/** The own account: how the pages behave, the password, where one is signed in, tokens of the API. */
import { html } from 'hono/html'
import { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { checkbox, formOf } from '../forms.ts'
import { time } from '../format.ts'
import type { Html } from '../format.ts'
import { notice, page } from '../layout.ts'
import { can } from '../permissions.ts'
import { userOf } from '../routes.ts'
import type { Ask, Routes } from '../routes.ts'
import { passwordProblem } from '../store/accounts.ts'
import type { Account } from '../store/accounts.ts'

const FREE_TRIES = 5

export function accountPages(routes: Routes, deps: WebDeps): void {
  const { store } = deps
  routes.get('/account', 'account', c =>
    accountPage(c, deps, c.req.query('saved') === 'yes' ? notice('Saved.') : ''),
  )

  routes.post('/account/settings', 'account', async c => {
    const settings = await formOf(
      c,
      z.object({ cover: checkbox, keys: checkbox, breakAfter: z.coerce.number().int().min(0).max(500) }),
    )
    store.accounts.setSettings(userOf(c).id, settings)
    return c.redirect('/account?saved=yes', 303)
  })

  routes.post('/account/password', 'account', async c => {
    const { now, next, again } = await formOf(
      c,
      z.object({ now: z.string().max(1_000), next: z.string().max(1_000), again: z.string().max(1_000) }),
    )
    const user = userOf(c)
    const problem = await changeProblem(deps, user, now, next, again)
    if (problem) return accountPage(c, deps, notice(problem, 'bad'), 422)
    await store.accounts.setPassword(user.id, next, user.id)
    store.sessions.endOthers(user.id, c.get('session')!.id)
    return c.redirect('/account?saved=yes', 303)
  })

  routes.post('/account/sessions/:id/end', 'account', c => {
    store.sessions.end(c.req.param('id') ?? '', userOf(c).id)
    return c.redirect('/account', 303)
  })

  routes.post('/account/tokens', 'api', async c => {
    const { name } = await formOf(c, z.object({ name: z.string().trim().min(1).max(100) }))
    const token = store.tokens.make(userOf(c).id, name)
    return accountPage(
      c,
      deps,
      notice(
        html`<p><strong>The token is shown once.</strong> Send it as <code>Authorization: Bearer …</code></p>
          <p><code class="token">${token}</code></p>`,
      ),
      201,
    )
  })

  routes.post('/account/tokens/:id/end', 'api', c => {
    store.tokens.end(c.req.param('id') ?? '', userOf(c).id)
    return c.redirect('/account', 303)
  })
}

/** The old password is asked for again, and guessing it here is slowed like at the sign-in. */
async function changeProblem(
  { store }: WebDeps,
  user: Account,
  now: string,
  next: string,
  again: string,
): Promise<string | undefined> {
  if (next !== again) return 'The new password was not typed the same twice.'
  const weak = passwordProblem(next, user.name)
  if (weak) return weak
  const key = `account:${user.name}`
  if (store.throttle.tryNow(key, FREE_TRIES) > 0) return 'Too many tries. Wait a little, then try again.'
  if (!(await store.accounts.check(user.name, now))) return 'The old password is not right.'
  store.throttle.succeeded(key)
  return undefined
}

function accountPage(
  c: Ask,
  deps: WebDeps,
  said: Html | '',
  status: 200 | 201 | 422 = 200,
): Response | Promise<Response> {
  const user = userOf(c)
  return page(c, deps, {
    title: 'Account',
    status,
    main: html`<h1>${user.name}</h1>
      <p>Role: <strong>${user.role}</strong></p>
      ${said}
      <div class="columns">
        ${settingsForm(user)}${passwordForm(user)}${sessionList(deps, c)}${can(user, 'api') ? tokenList(deps, user) : ''}
      </div>`,
  })
}

function settingsForm({ settings }: Account): Html {
  return html`<section class="panel">
    <h2>How the pages behave</h2>
    <form method="post" action="/account/settings" class="stack">
      <label class="check"
        ><input type="checkbox" name="cover" ${settings.cover ? html` checked` : ''} /> Cover passages until I
        reveal them</label
      >
      <label class="check"
        ><input type="checkbox" name="keys" ${settings.keys ? html` checked` : ''} /> Single-letter keys (j,
        k, v, 1–6 …)</label
      >
      <label
        >Propose a break after so many decisions (0 for never)
        <input type="number" name="breakAfter" min="0" max="500" value="${settings.breakAfter}"
      /></label>
      <button>Save</button>
    </form>
  </section>`
}

function passwordForm({ name }: Account): Html {
  return html`<section class="panel">
    <h2>Password</h2>
    <form method="post" action="/account/password" class="stack">
      <input type="hidden" name="username" value="${name}" autocomplete="username" />
      <label
        >Old password <input type="password" name="now" autocomplete="current-password" required
      /></label>
      <label
        >New password
        <input type="password" name="next" autocomplete="new-password" required minlength="15" /><span
          class="hint"
          >At least 15 characters. A few unrelated words are easy to remember.</span
        ></label
      >
      <label
        >New password again
        <input type="password" name="again" autocomplete="new-password" required minlength="15"
      /></label>
      <button>Change it</button>
    </form>
  </section>`
}

function sessionList({ store }: WebDeps, c: Ask): Html {
  const here = c.get('session')?.id
  return html`<section class="panel">
    <h2>Signed in</h2>
    <ul class="rows">
      ${store.sessions.list(userOf(c).id).map(
        ({ id, browser, seenAt }) =>
          html`<li>
            <span>${browserName(browser)}<br /><span class="meta">last seen ${time(seenAt)}</span></span>
            ${id === here ? html`<span class="badge">this one</span>` : html`<form method="post" action="/account/sessions/${id}/end"><button>Sign out there</button></form>`}
          </li>`,
      )}
    </ul>
  </section>`
}

function tokenList({ store }: WebDeps, user: Account): Html {
  const tokens = store.tokens.list(user.id)
  return html`<section class="panel">
    <h2>Tokens of the research API</h2>
    ${
      tokens.length === 0
        ? html`<p>None yet. The API answers under <code>/v1/timeseries</code> and <code>/v1/flags</code>.</p>`
        : html`<ul class="rows">
            ${tokens.map(
              ({ id, name, createdAt, usedAt }) =>
                html`<li>
                  <span
                    >${name}<br /><span class="meta"
                      >made ${time(createdAt)},
                      ${usedAt ? html`last used ${time(usedAt)}` : 'never used'}</span
                    ></span
                  >
                  <form method="post" action="/account/tokens/${id}/end"><button>End it</button></form>
                </li>`,
            )}
          </ul>`
    }
    <form method="post" action="/account/tokens" class="stack">
      <label>What for <input name="name" required maxlength="100" /></label><button>Make a token</button>
    </form>
  </section>`
}

function browserName(agent: string): string {
  const browser = /Firefox|Edg|Chrome|Safari/u.exec(agent)?.[0]
  const system = /Windows|Mac OS X|Android|iPhone|Linux/u.exec(agent)?.[0]
  return [browser === 'Edg' ? 'Edge' : browser, system].filter(Boolean).join(' on ') || 'a browser'
}
