/** What needs no sign-in because its address is the secret: the feed of an alert, and the link that ends one. */
import { html } from 'hono/html'
import { hashId, sha256 } from '../../core/hash.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { WebDeps } from '../deps.ts'
import { notice, page } from '../layout.ts'
import { notFound } from '../page-error.ts'
import type { Ask, Routes } from '../routes.ts'
import { feedFlags } from '../subscription-search.ts'

export function feedPages(routes: Routes, deps: WebDeps): void {
  routes.get('/feeds/:file{[A-Za-z0-9_-]+\\.atom}', 'anyone', async c => {
    const subscription = byToken(c, deps)
    const flags = subscription.status === 'active' ? await feedFlags(deps, subscription) : []
    const etag = `"${hashId(subscription.updatedAt, ...flags.flatMap(flag => [flag.id, flag.madeAt, flag.standing.verdict?.id ?? '']))}"`
    c.header('ETag', etag)
    c.header('Cache-Control', 'private, no-cache')
    if (
      c.req
        .header('if-none-match')
        ?.split(/\s*,\s*/u)
        .includes(etag)
    )
      return c.body(null, 304)
    return c.body(deps.renderAtom(subscription, flags, deps.publicUrl), 200, {
      'Content-Type': 'application/atom+xml; charset=utf-8',
    })
  })

  // Mail scanners follow links: reading shows a page, and only the button, or the mail program's POST, ends the alert.
  routes.get('/u/:token', 'anyone', c => {
    const { name, status } = byUnsubscribe(c, deps)
    return page(c, deps, {
      title: 'Stop an alert',
      main: html`<section class="sheet narrow">
        <h1>Stop an alert</h1>
        ${
          status === 'active'
            ? html`<p>Stop the letters and the feed of <strong>${name}</strong>?</p>
                <form method="post"><button class="primary">Stop it</button></form>`
            : notice('This alert is stopped already.', 'calm')
        }
      </section>`,
    })
  })

  routes.post('/u/:token', 'anyone', c => {
    const subscription = byUnsubscribe(c, deps)
    if (subscription.status === 'active') {
      const after = Math.max(deps.clock.now().getTime(), Date.parse(subscription.updatedAt) + 1)
      deps.store.subscriptions.save(
        { ...subscription, status: 'paused', updatedAt: new Date(after).toISOString() },
        'unsubscribe-link',
        'subscription.unsubscribe',
      )
    }
    return page(c, deps, {
      title: 'Alert stopped',
      main: html`<section class="sheet narrow">
        <h1>Alert stopped</h1>
        <p>
          No more letters come for <strong>${subscription.name}</strong>. Its owner can resume it under
          Alerts.
        </p>
      </section>`,
    })
  })
}

function byToken(c: Ask, deps: WebDeps): Subscription {
  const token = (c.req.param('file') ?? '').replace(/\.atom$/u, '')
  const subscription = deps.store.subscriptions.byTokenHash(sha256(token))
  const owner = subscription && deps.store.accounts.get(subscription.owner)
  if (!subscription || !owner || owner.disabled) throw notFound('feed')
  return subscription
}

function byUnsubscribe(c: Ask, deps: WebDeps): Subscription {
  const subscription = deps.store.subscriptions.byUnsubscribeToken(c.req.param('token') ?? '')
  if (!subscription) throw notFound('alert')
  return subscription
}
