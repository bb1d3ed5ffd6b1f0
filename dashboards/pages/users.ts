/** People: accounts and roles, and the trail of who did what. */
import { randomBytes } from 'node:crypto'
import { html } from 'hono/html'
import { z } from 'zod'
import { ConfigError } from '../../core/errors.ts'
import type { WebDeps } from '../deps.ts'
import { formOf } from '../forms.ts'
import { number, time } from '../format.ts'
import type { Html } from '../format.ts'
import { notice, page } from '../layout.ts'
import { notFound } from '../page-error.ts'
import { ROLES } from '../permissions.ts'
import { userOf } from '../routes.ts'
import type { Ask, Routes } from '../routes.ts'
import type { Account } from '../store/accounts.ts'

const AUDIT_ROWS = 100

export function userPages(routes: Routes, deps: WebDeps): void {
  const { accounts } = deps.store
  routes.get('/users', 'users', c => usersPage(c, deps))

  routes.post('/users', 'users', async c => {
    const { name, role } = await formOf(c, z.object({ name: z.string().max(100), role: z.enum(ROLES) }))
    const password = newPassword()
    try {
      const account = await accounts.add({ name, role, password }, userOf(c).id)
      return await usersPage(c, deps, passwordNotice(account.name, password), 201)
    } catch (thrown) {
      if (thrown instanceof ConfigError) return usersPage(c, deps, notice(thrown.message, 'bad'), 422)
      throw thrown
    }
  })

  routes.post('/users/:id/role', 'users', async c => {
    const { role } = await formOf(c, z.object({ role: z.enum(ROLES) }))
    return changed(c, deps, accounts.change(accountOf(c, deps).id, { role }, userOf(c).id))
  })

  routes.post('/users/:id/disabled', 'users', async c => {
    const { disabled } = await formOf(c, z.object({ disabled: z.enum(['yes', 'no']) }))
    return changed(
      c,
      deps,
      accounts.change(accountOf(c, deps).id, { disabled: disabled === 'yes' }, userOf(c).id),
    )
  })

  routes.post('/users/:id/password', 'users', async c => {
    const account = accountOf(c, deps)
    const password = newPassword()
    await accounts.setPassword(account.id, password, userOf(c).id)
    if (account.id !== userOf(c).id) deps.store.sessions.endOthers(account.id, '')
    return usersPage(c, deps, passwordNotice(account.name, password))
  })

  routes.get('/audit', 'audit', c => page(c, deps, { title: 'Audit trail', wide: true, main: audit(deps) }))
}

function accountOf(c: Ask, deps: WebDeps): Account {
  const account = deps.store.accounts.get(c.req.param('id') ?? '')
  if (!account) throw notFound('account')
  return account
}

function changed(c: Ask, deps: WebDeps, isDone: boolean): Response | Promise<Response> {
  if (isDone) return c.redirect('/users', 303)
  return usersPage(
    c,
    deps,
    notice('This was the last administrator: make somebody else one first.', 'bad'),
    422,
  )
}

function newPassword(): string {
  return randomBytes(12).toString('base64url')
}

function passwordNotice(name: string, password: string): Html {
  return notice(
    html`<p><strong>The password of ${name} is shown once:</strong> <code class="token">${password}</code></p>
      <p>Hand it over in person or by a safe way; it can be changed under the own name.</p>`,
  )
}

function usersPage(
  c: Ask,
  deps: WebDeps,
  said: Html | '' = '',
  status: 200 | 201 | 422 = 200,
): Response | Promise<Response> {
  return page(c, deps, {
    title: 'People',
    status,
    wide: true,
    main: html`<h1>People</h1>
      ${said}
      <div class="scroll" tabindex="0" role="region" aria-label="Accounts">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Last sign-in</th>
              <th scope="col">Account</th>
              <th scope="col">Password</th>
            </tr>
          </thead>
          <tbody>
            ${deps.store.accounts.list().map(row)}
          </tbody>
        </table>
      </div>
      <section class="panel">
        <h2>New account</h2>
        <form method="post" action="/users" class="filters">
          <label
            >Name
            <input name="name" required maxlength="63" autocapitalize="none" autocomplete="off" /></label
          ><label>Role ${roleSelect('monitor')}</label><button class="primary">Add</button>
        </form>
        <p class="hint">
          viewer reads; monitor also reviews; lead also settles disagreements; researcher reads and uses the
          API; admin does everything and manages people.
        </p>
      </section>
      <p><a href="/audit">Audit trail: who did what</a></p>`,
  })
}

function row({ id, name, role, disabled, signedInAt }: Account): Html {
  return html`<tr${disabled ? html` class="is-disabled"` : ''}><th scope="row">${name}${disabled ? html` <span class="badge">disabled</span>` : ''}</th>
    <td><form method="post" action="/users/${id}/role" class="inline-form"><label class="hidden" for="r-${id}">Role of ${name}</label>${roleSelect(role, `r-${id}`)} <button>Set</button></form></td>
    <td>${signedInAt ? time(signedInAt) : 'never'}</td>
    <td><form method="post" action="/users/${id}/disabled"><button name="disabled" value="${disabled ? 'no' : 'yes'}">${disabled ? 'Enable' : 'Disable'}</button></form></td>
    <td><form method="post" action="/users/${id}/password"><button>Set a new one</button></form></td></tr>`
}

function roleSelect(chosen: string, id?: string): Html {
  return html`<select name="role" ${id ? html` id="${id}"` : ''}>
    ${ROLES.map(role => html`<option${role === chosen ? html` selected` : ''}>${role}</option>`)}
  </select>`
}

function audit({ store }: WebDeps): Html {
  const chain = store.audit.verify()
  const rows = store.audit.list(AUDIT_ROWS)
  return html`<h1>Audit trail</h1>
    ${'rows' in chain ? notice(html`All ${number(chain.rows)} rows fit together. The newest has the hash <code class="hash">${rows[0]?.hash ?? 'none'}</code>; note it elsewhere to prove later that nothing was taken off the end.`) : notice(`Row ${chain.brokenAt} does not fit the one before it: the file was changed from outside. Keep it, and compare it with a backup.`, 'bad')}
    <div class="scroll" tabindex="0" role="region" aria-label="Audit trail">
      <table>
        <thead>
          <tr>
            <th scope="col">No.</th>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">To what</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            one =>
              html`<tr>
                <td>${one.n}</td>
                <td>${time(one.at)}</td>
                <td>${store.accounts.get(one.by)?.name ?? one.by}</td>
                <td>${one.action}</td>
                <td><code>${one.subject}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}
