/** Help: keys, how to search, what the labels mean, how to decide. */
import { html } from 'hono/html'
import { CATEGORIES, SUBTYPES, VERDICTS } from '../../core/labels.ts'
import { ARTICLE_FIELDS, FLAG_FIELDS } from '../../core/query.ts'
import { FIELD_KINDS } from '../../core/query-fields.ts'
import type { WebDeps } from '../deps.ts'
import type { Html } from '../format.ts'
import { keysTable, page } from '../layout.ts'
import type { Routes } from '../routes.ts'
import { searchHref } from '../search-state.ts'
import { ADJUDICATION, CATEGORY, SEVERITY, spoken, SUBTYPE_MEANS, VERDICT } from '../words.ts'

export function helpPages(routes: Routes, deps: WebDeps): void {
  routes.get('/help', 'read', c =>
    page(c, deps, {
      title: 'Help',
      main: html`<h1>Help</h1>
        <nav class="tabs" aria-label="On this page">
          <ul>
            <li><a href="#decide">Deciding</a></li>
            <li><a href="#codebook">Labels</a></li>
            <li><a href="#search">Searching</a></li>
            <li><a href="#keys-help">Keys</a></li>
            <li><a href="#events">Events</a></li>
          </ul>
        </nav>
        ${deciding()}${codebook()}${searching()}
        <section id="keys-help">
          <h2>Keys</h2>
          ${keysTable()}
        </section>
        ${events(deps)}`,
    }),
  )
}

function deciding(): Html {
  return html`<section id="decide">
    <h2>Deciding</h2>
    <ol>
      <li>
        Is a protected group, or an established atrocity, concerned? If not: <strong>out of scope</strong>.
      </li>
      <li>
        Who says it? If somebody is quoted: does the article endorse it, relay it, or criticise it? If it
        criticises or puts it in context: <strong>reported speech</strong>.
      </li>
      <li>
        Is the sentence true in law or fact? Where no court found genocide, saying so is not denial:
        <strong>not hate</strong>.
      </li>
      <li>
        Name the strongest element; correct the label and the severity where they are wrong, then
        <strong>confirm</strong>.
      </li>
    </ol>
    <dl class="facts">
      ${VERDICTS.map(
        (value, at) =>
          html`<dt><kbd>${at + 1}</kbd> ${VERDICT[value].name}</dt>
            <dd>${VERDICT[value].means}</dd>`,
      )}
    </dl>
    <p>
      The gravest passages, one in ten of the others, and those where somebody asks are seen by two people;
      the second does not see what the first one decided. Undoing is recorded and removes nothing.
    </p>
    <p>
      Passages are covered until you reveal them. Take breaks, stop when you have had enough, and leave to a
      colleague what is too close to you: nobody counts who decides how much.
    </p>
  </section>`
}

function codebook(): Html {
  return html`<section id="codebook">
    <h2>Labels</h2>
    <p>
      All groups and all directions are treated alike. A passage is flagged when it contains such speech,
      whoever says it. Severity:
      ${[1, 2, 3, 4, 5].map(value => html`${value > 1 ? ', ' : ''}${value} ${SEVERITY[value]}`)}.
    </p>
    ${CATEGORIES.map(category => {
      const { name, letter, means, not } = CATEGORY[category]
      return html`<section class="panel">
        <h3>
          <span class="badge cat ${letter}"><b aria-hidden="true">${letter}</b> ${name}</span>
        </h3>
        <p>${means}</p>
        <p><strong>Does not count:</strong> ${not}</p>
        <dl class="facts">
          ${SUBTYPES[category].map(
            subtype =>
              html`<dt>${spoken(subtype)}</dt>
                <dd>${SUBTYPE_MEANS[subtype]}</dd>`,
          )}
        </dl>
      </section>`
    })}
  </section>`
}

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['genocid', 'the word in any form, in Latin and Cyrillic'],
  ['"ratni zločin"', 'these words in a row'],
  ['logor*', 'words that begin so'],
  ['presuda AND NOT žalba', 'one but not the other; OR and ( ) work too'],
  ['category:denial severity:>=3', 'fields, with comparison'],
  ['language:sr,hr status:pending', 'one of several values'],
  ['day:2026-07 target:roma', 'a month, and whom it is about'],
  ['from:2026-07-01 to:2026-07-31', 'a period'],
]

function searching(): Html {
  return html`<section id="search">
    <h2>Searching</h2>
    <p>
      Diacritics, case and script make no difference. Words are found in headline, lead and text of the
      article.
    </p>
    <dl class="facts">
      ${EXAMPLES.map(
        ([query, means]) =>
          html`<dt>
              <a href="${searchHref({ q: query })}"><code>${query}</code></a>
            </dt>
            <dd>${means}</dd>`,
      )}
    </dl>
    <details>
      <summary>All fields</summary>
      <dl class="facts">
        ${[...ARTICLE_FIELDS, ...FLAG_FIELDS].map(field => {
          const kind = FIELD_KINDS[field]
          return html`<dt><code>${field}</code></dt>
            <dd>
              ${kind.kind === 'choice' ? kind.of.join(', ') : kind.kind === 'number' ? `${kind.min} to ${kind.max}` : FIELD_FORM[kind.kind]}
            </dd>`
        })}
      </dl>
    </details>
  </section>`
}

const FIELD_FORM = {
  day: 'a day, month or year, also from..to',
  id: 'an id, exactly',
  name: 'a name, written in any way',
  words: 'words in a row',
  address: 'a part of the address',
} as const

function events({ events }: WebDeps): Html {
  return html`<section id="events">
    <h2>Events and what courts found</h2>
    <dl class="facts">
      ${events.map(
        ({ id, name, adjudication, findings, note }) =>
          html`<dt><a href="${searchHref({ filters: [{ field: 'event', value: id }] })}">${name}</a></dt>
            <dd>
              ${ADJUDICATION[adjudication]}.
              <span class="meta">${findings.join('; ')}</span>${note ? html`<br />${note}` : ''}
            </dd>`,
      )}
    </dl>
  </section>`
}
