/** The frame around every page: head, navigation, landmarks, and the notices that follow an action. */
import { html } from 'hono/html'
import type { Html } from './format.ts'
import type { WebDeps } from './deps.ts'
import { can } from './permissions.ts'
import type { Action } from './permissions.ts'
import type { Ask } from './routes.ts'
import { staticHref } from './static-files.ts'
import type { Account } from './store/accounts.ts'

export interface PageParts {
  /** Of the window. Never a headline: it may be what the page covers. */
  readonly title: string
  readonly main: Html
  /** Wide pages use the whole window. */
  readonly wide?: boolean
  readonly status?: 200 | 201 | 400 | 401 | 403 | 404 | 405 | 413 | 422 | 429 | 500 | 503
}

interface NavLink {
  readonly href: string
  readonly name: string
  readonly may: Action
}

const NAV: readonly NavLink[] = [
  { href: '/', name: 'Overview', may: 'read' },
  { href: '/review', name: 'Review', may: 'review' },
  { href: '/search', name: 'Search', may: 'read' },
  { href: '/subscriptions', name: 'Alerts', may: 'subscribe' },
  { href: '/sources', name: 'Sources', may: 'read' },
  { href: '/help', name: 'Help', may: 'read' },
]

export function page(
  c: Ask,
  deps: Pick<WebDeps, 'demo'>,
  { title, main, wide, status = 200 }: PageParts,
): Response | Promise<Response> {
  const user = c.get('user')
  return c.html(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}' />
          <title>${title} · Opomena</title>
          <link rel="icon" href="${staticHref('icon.svg')}" type="image/svg+xml" />
          <link rel="stylesheet" href="${staticHref('opomena.css')}" />
          <script src="${staticHref('htmx.js')}" defer></script>
          <script src="${staticHref('keys.js')}" defer></script>
        </head>
        <body data-keys="${user?.settings.keys === false ? 'off' : 'on'}">
          <a class="skip" href="#main">Skip to the content</a>
          <header class="top">
            <a class="brand" href="/"><span class="brand-mark" aria-hidden="true"></span>Opomena</a>
            ${user ? navigation(c.req.path, user) : html`<p class="strap">Early warning on dehumanizing and denying speech in the news</p>`}
          </header>
          ${deps.demo ? html`<aside class="demo" aria-label="Demonstration">Demonstration: every outlet, person and story here is invented.</aside>` : ''}
          <main id="main" tabindex="-1" ${wide ? html` class="wide"` : ''}>${main}</main>
          <footer class="foot">
            <p>A flag is a question to a person, never a verdict. Days are counted in Sarajevo time.</p>
          </footer>
          ${user ? keysDialog : ''}
        </body>
      </html>`,
    status,
  )
}

function navigation(path: string, user: Account): Html {
  return html`<nav aria-label="Main">
    <ul>
      ${NAV.filter(({ may }) => can(user, may)).map(link => navItem(link, path))}
    </ul>
    <form class="find" action="/search" role="search">
      <input type="search" name="q" aria-label="Search" placeholder="Search" data-search />
    </form>
    <ul class="me">
      ${can(user, 'users') ? navItem({ href: '/users', name: 'People', may: 'users' }, path) : ''}
      ${navItem({ href: '/account', name: user.name, may: 'account' }, path)}
      <li>
        <form method="post" action="/sign-out"><button class="plain">Sign out</button></form>
      </li>
    </ul>
  </nav>`
}

function navItem({ href, name }: NavLink, path: string): Html {
  const here = href === '/' ? path === '/' : path.startsWith(href)
  return html`<li><a href="${href}" ${here ? html` aria-current="page"` : ''}>${name}</a></li>`
}

export const KEYS: readonly (readonly [string, string])[] = [
  ['j / k', 'next, previous passage'],
  ['Enter', 'take the item and open it'],
  ['v', 'reveal or cover the passage'],
  ['1 – 6', 'decide: confirmed, reported speech, not hate, unclear, duplicate, out of scope'],
  ['n', 'write a note'],
  ['s', 'ask for a second opinion'],
  ['u', 'undo the last decision'],
  ['/', 'search'],
  ['?', 'these keys'],
]

const keysDialog = html`<dialog id="keys" aria-labelledby="keys-title">
  <h2 id="keys-title">Keys</h2>
  ${keysTable()}
  <p>
    They work on every keyboard layout, Cyrillic too, and can be turned off on your
    <a href="/account">account page</a>.
  </p>
  <form method="dialog"><button>Close</button></form>
</dialog>`

export function keysTable(): Html {
  return html`<table class="keys">
    <tbody>
      ${KEYS.map(
        ([key, does]) =>
          html`<tr>
            <th scope="row"><kbd>${key}</kbd></th>
            <td>${does}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

/** Says that something was done; read out by screen readers. */
export function notice(content: Html | string, kind: 'good' | 'bad' | 'calm' = 'good'): Html {
  return html`<div class="notice ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}">${content}</div>`
}

/** Nothing to show, and what to do next. */
export function emptyState(title: string, next: Html | string): Html {
  return html`<div class="empty">
    <p class="empty-title">${title}</p>
    <p>${next}</p>
  </div>`
}
