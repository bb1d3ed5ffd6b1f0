/** The sources: who speaks, who is silent, and how far the stages have come. */
import { html, raw } from 'hono/html'
import { z } from 'zod'
import { TOPICS } from '../../core/topics.ts'
import { reasonOf } from '../../core/errors.ts'
import { dayOf } from '../../core/time.ts'
import { sparkline } from '../charts.ts'
import type { StageGroup, WebDeps } from '../deps.ts'
import { addressOf } from '../forms.ts'
import { age, count, number } from '../format.ts'
import type { Html } from '../format.ts'
import { emptyState, page } from '../layout.ts'
import type { Routes } from '../routes.ts'
import { searchHref } from '../search-state.ts'
import { sourceStates } from '../source-health.ts'
import type { Condition, SourceState } from '../source-health.ts'
import { webAddress } from '../passages.ts'
import { COUNTRY, LANGUAGE, OUTLET_KIND } from '../words.ts'

/** What is known without being told; the group of the index changes with each rebuild. */
const STAGES: readonly StageGroup[] = [
  { topic: 'articles', group: 'classify' },
  ...(['findings', 'decisions', 'subscriptions'] as const).map(topic => ({ topic, group: 'alerts' })),
]

const CONDITION: Readonly<Record<Condition, string>> = {
  well: 'well',
  new: 'not seen yet',
  failing: 'failing',
  silent: 'silent',
  disabled: 'disabled',
}

export function sourcePages(routes: Routes, deps: WebDeps): void {
  routes.get('/sources', 'read', async c => {
    const { show } = addressOf(c, z.object({ show: z.enum(['all', 'silent', 'disabled']).catch('all') }))
    const now = deps.clock.now()
    const all = sourceStates(deps.sources, await deps.reader.sources(dayOf(now)), now)
    const isTrouble = ({ condition }: SourceState): boolean =>
      condition === 'failing' || condition === 'silent'
    const shown = all.filter(
      state => show === 'all' || (show === 'silent' ? isTrouble(state) : state.condition === 'disabled'),
    )
    const enabled = all.filter(({ condition }) => condition !== 'disabled').length
    return page(c, deps, {
      title: 'Sources',
      wide: true,
      main: html`<h1>Sources</h1>
        <p>
          ${count(enabled, 'source')} watched, ${number(all.filter(isTrouble).length)} in trouble,
          ${number(all.length - enabled)} disabled. Silence is a fault of the data until somebody has looked.
        </p>
        <nav class="tabs" aria-label="Show">
          <ul>
            ${[
              ['all', 'All'],
              ['silent', 'In trouble'],
              ['disabled', 'Disabled'],
            ].map(
              ([value, name]) =>
                html`<li>
                  <a
                    href="/sources${value === 'all' ? '' : `?show=${value}`}"
                    ${show === value ? html` aria-current="page"` : ''}
                    >${name}</a
                  >
                </li>`,
            )}
          </ul>
        </nav>
        ${shown.length === 0 ? emptyState(show === 'silent' ? 'No source is in trouble.' : 'No source is listed here.', html`Sources are written in <code>config/sources.yml</code>; <code>opomena sources add</code> adds one.`) : table(shown, now)}
        ${await stages(deps)}`,
    })
  })
}

function table(states: readonly SourceState[], now: Date): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Sources">
    <table class="sources">
      <thead>
        <tr>
          <th scope="col">Outlet</th>
          <th scope="col">State</th>
          <th scope="col">Last success</th>
          <th scope="col">Last article</th>
          <th scope="col">28 days, by day</th>
          <th scope="col">Next look</th>
        </tr>
      </thead>
      <tbody>
        ${states.map(state => row(state, now))}
      </tbody>
    </table>
  </div>`
}

function row({ source, health, condition, usual }: SourceState, now: Date): Html {
  const ago = (instant: string | undefined): string =>
    instant === undefined ? 'never' : `${age(instant, now)} ago`
  const home = webAddress(source.homepage)
  const counts = health?.articlesByDay.map(({ articles }) => articles) ?? []
  const total = counts.reduce((sum, one) => sum + one, 0)
  return html`<tr class="is-${condition}">
    <th scope="row">
      <a href="${searchHref({ mode: 'articles', filters: [{ field: 'source', value: source.id }] })}"
        >${source.name}</a
      ><br /><span class="meta"
        >${COUNTRY[source.country]} · ${source.languages.map(one => LANGUAGE[one]).join(', ')} ·
        ${OUTLET_KIND[source.kind]}${home ? html` · <a href="${home}" rel="noopener noreferrer nofollow">${new URL(home).hostname}</a>` : ''}</span
      >
    </th>
    <td>
      <span class="badge state-${condition}">${CONDITION[condition]}</span
      >${remark(source.remark, health?.lastReason, condition, health?.failures)}${(health?.warnings ?? []).map(warning => html`<br /><span class="meta">${warning}</span>`)}
    </td>
    <td>${ago(health?.lastSuccessAt)}</td>
    <td>${health?.lastItemAt === undefined && total > 0 ? 'before we counted' : ago(health?.lastItemAt)}</td>
    <td>
      ${counts.length === 0 ? html`<span class="meta">nothing yet</span>` : html`${raw(sparkline(counts, usual))}<span class="meta">${number(total)} in 28 days, usually ${number(usual)} a day, last day ${number(counts.at(-1) ?? 0)}</span>`}
    </td>
    <td>${nextLook(health?.nextDueAt, condition, now)}</td>
  </tr>`
}

function remark(
  written: string | undefined,
  reason: string | undefined,
  condition: Condition,
  failures = 0,
): Html | '' {
  if (condition === 'failing')
    return html`<br /><span class="meta">${count(failures, 'failure')} in a row. ${reason ?? ''}</span>`
  return written === undefined ? '' : html`<br /><span class="meta">${written}</span>`
}

function nextLook(due: string | undefined, condition: Condition, now: Date): string {
  if (condition === 'disabled') return '–'
  if (due === undefined) return 'as scheduled'
  const minutes = Math.round((Date.parse(due) - now.getTime()) / 60_000)
  return minutes <= 0 ? 'due now' : `in ${minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`}`
}

async function stages({ log, stages = STAGES, clock, logger }: WebDeps): Promise<Html> {
  const rows = await Promise.all(
    stages.map(async ({ topic, group }) => {
      try {
        return {
          topic,
          group,
          lag: await log.lag(
            TOPICS.find(({ name }) => name === topic)!,
            group,
          ),
        }
      } catch (thrown) {
        logger.warn({ topic, group, reason: reasonOf(thrown) }, 'the lag of a stage is not known')
        return { topic, group, lag: undefined }
      }
    }),
  )
  const dead = await log.dead.list()
  return html`<section class="panel">
    <h2>Stages</h2>
    <p class="basis">
      What each stage has still to read.
      ${dead.length === 0 ? 'No record is set aside.' : html`<strong>${count(dead.length, 'record is', 'records are')} set aside</strong> for a person to look at: <code>opomena dead list</code>.`}
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Stages">
      <table>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">Reads</th>
            <th scope="col">Waiting</th>
            <th scope="col">Oldest</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ topic, group, lag }) =>
              html`<tr>
                <th scope="row">${group}</th>
                <td>${topic}</td>
                <td>${lag ? number(lag.records) : 'not known'}</td>
                <td>${lag?.oldestAt ? `${age(lag.oldestAt, clock.now())} ago` : '–'}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      dead.length > 0
        ? html`<details>
            <summary>Why records were set aside</summary>
            <ul>
              ${dead.slice(0, 50).map(letter => html`<li>${letter.group}: ${letter.reason}</li>`)}
            </ul>
          </details>`
        : ''
    }
  </section>`
}
