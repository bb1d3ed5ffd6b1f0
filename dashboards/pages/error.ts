/** Errors as pages that help: what happened, what to do next, and nothing that an attacker could use. */
import { html } from 'hono/html'
import { HTTPException } from 'hono/http-exception'
import { BadCursor, reasonOf } from '../../core/errors.ts'

import type { WebDeps } from '../deps.ts'
import { notice, page } from '../layout.ts'
import { PageError } from '../page-error.ts'
import type { Ask } from '../routes.ts'

export function errorPage(thrown: Error, c: Ask, deps: WebDeps): Response | Promise<Response> {
  const { status, title, help } = shownAs(thrown)
  if (status === 500)
    deps.logger.error(
      { path: c.req.path, reason: reasonOf(thrown), stack: thrown.stack },
      'a page could not be made',
    )
  // Only a part of the page is exchanged: a whole page inside it would be no answer.
  if (c.req.header('hx-request') === 'true') {
    return c.html(
      html`<article class="card" data-card>
        ${notice(html`<strong>${title}.</strong> ${help} <a href="${c.req.method === 'GET' ? c.req.path : '/review'}">Load the page again</a>`, 'bad')}
      </article>`,
    )
  }
  return page(c, deps, {
    title,
    status,
    main: html`<section class="sheet narrow">
      <p class="error-code">${status}</p>
      <h1>${title}</h1>
      <p>${help}</p>
      <p><a href="/">Go to the overview</a></p>
    </section>`,
  })
}

interface Shown {
  readonly status: PageError['status'] | 500
  readonly title: string
  readonly help: string
}

function shownAs(thrown: Error): Shown {
  if (thrown instanceof PageError) return { status: thrown.status, title: thrown.message, help: thrown.help }
  if (thrown instanceof BadCursor)
    return {
      status: 400,
      title: 'This page of results is not there',
      help: 'The address of the next page was cut off or is too old. Start the search again from its first page.',
    }
  if (thrown instanceof HTTPException && thrown.status === 413)
    return { status: 413, title: 'This was too much at once', help: 'Forms may hold up to 64 kilobytes.' }
  return {
    status: 500,
    title: 'This page could not be made',
    help: 'It was written down for the operators. Try again in a moment; what you have decided so far is safe.',
  }
}
