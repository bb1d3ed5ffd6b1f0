/** Alerts: any search, saved as a feed and, if wanted, a daily letter. */
import { randomBytes } from 'node:crypto'
import { html } from 'hono/html'
import { z } from 'zod'
import { sha256 } from '../../core/hash.ts'
import { parseQuery, QueryError } from '../../core/query.ts'
import { subscriptionSchema } from '../../core/subscription.ts'
import type { Subscription } from '../../core/subscription.ts'
import { TIME_ZONE } from '../../core/time.ts'
import type { WebDeps } from '../deps.ts'
import { addressOf, formOf } from '../forms.ts'
import { count, time } from '../format.ts'
import type { Html } from '../format.ts'
import { emptyState, notice, page } from '../layout.ts'
import { notFound } from '../page-error.ts'
import { userOf } from '../routes.ts'
import type { Ask, Routes } from '../routes.ts'
import { searchHref } from '../search-state.ts'
import { wouldTell } from '../subscription-search.ts'
import { SEVERITY } from '../words.ts'

const PREVIEW_DAYS = 7
const { shape } = subscriptionSchema

const newSchema = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(200),
  q: z.string().max(2_000),
  channel: shape.channel,
  address: z.string().trim().max(254).default(''),
  at: shape.at,
  timeZone: z.string().max(60).refine(isTimeZone, 'expected a time zone such as Europe/Sarajevo'),
  threshold: shape.threshold,
  minSeverity: z.coerce.number().int().min(1).max(5),
  excerpt: shape.excerpt,
})
type NewFields = z.infer<typeof newSchema>

const BLANK: NewFields = {
  name: '',
  q: '',
  channel: 'email',
  address: '',
  at: '07:30',
  timeZone: TIME_ZONE,
  threshold: 'confirmed',
  minSeverity: 1,
  excerpt: 'none',
}

export function subscriptionPages(routes: Routes, deps: WebDeps): void {
  routes.get('/subscriptions', 'subscribe', async c =>
    page(c, deps, { title: 'Alerts', main: await list(deps, c) }),
  )

  routes.get('/subscriptions/new', 'subscribe', async c => {
    const { q } = addressOf(c, z.object({ q: z.string().max(2_000).default('') }))
    return newPage(c, deps, { ...BLANK, ...deps.letterTime, q, name: q.slice(0, 80) })
  })

  routes.post('/subscriptions', 'subscribe', async c => {
    const fields = await formOf(c, newSchema)
    const problem = problemOf(fields)
    if (problem) return newPage(c, deps, fields, problem)
    const token = newToken()
    const now = deps.clock.now().toISOString()
    const { q, address, channel, ...rest } = fields
    const subscription: Subscription = {
      v: 1,
      id: randomBytes(10).toString('hex'),
      owner: userOf(c).id,
      query: q,
      channel,
      cadence: 'daily',
      language: 'en',
      ...rest,
      ...(channel === 'email' && { address }),
      tokenHash: sha256(token),
      status: 'active',
      createdAt: now,
      updatedAt: now,
    }
    deps.store.subscriptions.save(subscription, userOf(c).id, 'subscription.add')
    return tokenPage(c, deps, subscription, token, 201)
  })

  routes.post('/subscriptions/:id/:action', 'subscribe', async c => {
    const subscription = deps.store.subscriptions.get(c.req.param('id') ?? '')
    // Somebody else's is answered like one that is not there.
    if (!subscription || subscription.owner !== userOf(c).id || subscription.status === 'deleted')
      throw notFound('alert')
    const action = c.req.param('action') ?? ''
    if (action === 'renew') return renew(c, deps, subscription)
    const status = STATUS_AFTER[action]
    if (!status) throw notFound('page')
    save(c, deps, { ...subscription, status }, `subscription.${action}`)
    return c.redirect('/subscriptions', 303)
  })
}

const STATUS_AFTER: Readonly<Record<string, Subscription['status']>> = {
  pause: 'paused',
  resume: 'active',
  delete: 'deleted',
}

function renew(c: Ask, deps: WebDeps, subscription: Subscription): Response | Promise<Response> {
  const token = newToken()
  const renewed = { ...subscription, tokenHash: sha256(token) }
  save(c, deps, renewed, 'subscription.renew')
  return tokenPage(c, deps, renewed, token)
}

/** Every change has a later time than the one before: the newest wins wherever it is read. */
function save(c: Ask, deps: WebDeps, subscription: Subscription, action: string): void {
  const after = Math.max(deps.clock.now().getTime(), Date.parse(subscription.updatedAt) + 1)
  deps.store.subscriptions.save(
    { ...subscription, updatedAt: new Date(after).toISOString() },
    userOf(c).id,
    action,
  )
}

/** 256 bits: nobody finds the feed by trying. */
function newToken(): string {
  return randomBytes(32).toString('base64url')
}

function problemOf({ q, channel, address }: NewFields): string | undefined {
  if (channel === 'email' && !isPlainAddress(address))
    return 'Address: expected one plain mail address such as name@example.org.'
  try {
    parseQuery(q)
    return undefined
  } catch (thrown) {
    if (thrown instanceof QueryError) return `Search: ${thrown.message}`
    throw thrown
  }
}

/** One address that every mail program reads alike: no quotes, comments, lists or letters outside ASCII. */
function isPlainAddress(text: string): boolean {
  return (
    /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/iu.test(text) &&
    !/^\.|\.\.|\.@|@-/u.test(text)
  )
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

async function list(deps: WebDeps, c: Ask): Promise<Html> {
  const mine = deps.store.subscriptions.list(userOf(c).id)
  if (mine.length === 0) {
    return html`<h1>Alerts</h1>
      ${emptyState('You have no alert yet.', html`<a href="/search">Search</a> for what matters to you, then choose “Save as alert”; or <a href="/subscriptions/new">make one for everything</a>.`)}`
  }
  const cards = await Promise.all(mine.map(one => card(deps, one)))
  return html`<h1>Alerts</h1>
    <p><a class="button" href="/subscriptions/new">New alert</a></p>
    <div class="cards">${cards}</div>`
}

async function card(deps: WebDeps, subscription: Subscription): Promise<Html> {
  const { id, name, query, status } = subscription
  const told = await wouldTell(deps, subscription, PREVIEW_DAYS)
  const act = (action: string, label: string): Html =>
    html`<form method="post" action="/subscriptions/${id}/${action}"><button>${label}</button></form>`
  return html`<article class="card" aria-labelledby="s-${id}">
    <h2 class="card-title" id="s-${id}">${name}</h2>
    <p>
      ${status === 'paused' ? html`<span class="badge">paused</span> ` : ''}${query === '' ? 'everything' : html`<a href="${searchHref({ q: query })}"><code>${query}</code></a>`},
      severity ${subscription.minSeverity} and above,
      ${subscription.threshold === 'confirmed' ? 'confirmed by a person' : 'confirmed, or precise enough unreviewed'}.
    </p>
    <p class="meta">
      ${subscription.channel === 'email' ? html`Daily letter at ${subscription.at} (${subscription.timeZone}) to ${subscription.address}, and a feed.` : 'A feed.'}
      In the last ${PREVIEW_DAYS} days it would have told <strong>${count(told, 'passage')}</strong>. Since
      ${time(subscription.createdAt)}.
    </p>
    <div class="actions">
      ${status === 'paused' ? act('resume', 'Resume') : act('pause', 'Pause')}${act('renew', 'New feed address')}${act('delete', 'Delete')}
    </div>
  </article>`
}

function tokenPage(
  c: Ask,
  deps: WebDeps,
  { name }: Subscription,
  token: string,
  status: 200 | 201 = 200,
): Response | Promise<Response> {
  const address = `${deps.publicUrl}/feeds/${token}.atom`
  return page(c, deps, {
    title: 'Alert saved',
    status,
    main: html`<h1>${name}</h1>
      ${notice(
        html`<p>
            <strong>The address of the feed is shown once.</strong> Copy it into your feed reader now. Whoever
            has it can read the feed without signing in; make a new one if it got into wrong hands.
          </p>
          <p><code class="token">${address}</code></p>`,
      )}
      <p><a href="/subscriptions">To my alerts</a></p>`,
  })
}

async function newPage(c: Ask, deps: WebDeps, fields: NewFields, problem?: string): Promise<Response> {
  const told = problem?.startsWith('Search') ? undefined : await preview(deps, fields)
  return page(c, deps, {
    title: 'New alert',
    status: problem ? 422 : 200,
    main: html`<h1>New alert</h1>
      ${problem ? notice(problem, 'bad') : ''}
      <form method="post" action="/subscriptions" class="sheet stack">
        <label>Name <input name="name" value="${fields.name}" required maxlength="200" /></label>
        <label
          >Search <input name="q" value="${fields.q}" maxlength="2000" spellcheck="false" /><span class="hint"
            >Empty for everything.
            <a href="/help#search">How queries are written</a
            >${told === undefined ? '' : html` · In the last ${PREVIEW_DAYS} days this would have told ${count(told, 'passage')}.`}</span
          ></label
        >
        <fieldset>
          <legend>How</legend>
          <label class="check"
            ><input
              type="radio"
              name="channel"
              value="email"
              ${fields.channel === 'email' ? html` checked` : ''}
            />
            A daily letter, and a feed</label
          >
          <label class="check"
            ><input
              type="radio"
              name="channel"
              value="atom"
              ${fields.channel === 'atom' ? html` checked` : ''}
            />
            A feed only</label
          >
          <div class="fields">
            <label
              >Address of the letter
              <input name="address" type="email" value="${fields.address}" autocomplete="email"
            /></label>
            <label>At <input name="at" type="time" value="${fields.at}" required /></label>
            <label>Time zone <input name="timeZone" value="${fields.timeZone}" required /></label>
          </div>
        </fieldset>
        <fieldset>
          <legend>Which passages</legend>
          <label class="check"
            ><input
              type="radio"
              name="threshold"
              value="confirmed"
              ${fields.threshold === 'confirmed' ? html` checked` : ''}
            />
            Only those that a person confirmed</label
          >
          <label class="check"
            ><input
              type="radio"
              name="threshold"
              value="alert"
              ${fields.threshold === 'alert' ? html` checked` : ''}
            />
            Also unreviewed ones of which the machine is very sure, marked as such</label
          >
          <label
            >Least severity
            <select name="minSeverity">
              ${[1, 2, 3, 4, 5].map(value => html`<option value="${value}" ${value === fields.minSeverity ? html` selected` : ''}>${value} – ${SEVERITY[value]}</option>`)}
            </select></label
          >
        </fieldset>
        <label
          >The passage itself
          <select name="excerpt">
            ${EXCERPTS.map(([value, words]) => html`<option value="${value}" ${value === fields.excerpt ? html` selected` : ''}>${words}</option>`)}
          </select></label
        >
        <button class="primary">Save</button>
      </form>`,
  })
}

const EXCERPTS = [
  ['none', 'is left out: a neutral line and a link'],
  ['masked', 'is shown with the worst words masked'],
  ['full', 'is shown in full'],
] as const

async function preview(deps: WebDeps, { q, threshold, minSeverity }: NewFields): Promise<number | undefined> {
  try {
    return await wouldTell(deps, { query: q, threshold, minSeverity }, PREVIEW_DAYS)
  } catch (thrown) {
    if (thrown instanceof QueryError) return undefined
    throw thrown
  }
}
