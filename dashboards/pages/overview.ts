/** The overview: how much, where, about whom, compared with before, and what waits for a person. */
import { html } from 'hono/html'
import { LANGUAGES } from '../../core/labels.ts'
import { dayOf } from '../../core/time.ts'
import type { WebDeps } from '../deps.ts'
import { addressOf } from '../forms.ts'
import { count, dayText, number, rate } from '../format.ts'
import type { Html } from '../format.ts'
import { emptyState, notice, page } from '../layout.ts'
import { heat, overTime, rateOverTime } from '../overview-charts.ts'
import type { Link } from '../overview-charts.ts'
import { languageTable, outletTable, valueTable } from '../overview-tables.ts'
import { overviewData } from '../overview-data.ts'
import type { OverviewData, Pair } from '../overview-data.ts'
import { periodOf, periodSchema, PRESETS } from '../period.ts'
import type { Period, PeriodAddress } from '../period.ts'
import type { Routes } from '../routes.ts'
import { searchHref } from '../search-state.ts'
import { silentSources } from '../source-health.ts'
import { LANGUAGE, spoken } from '../words.ts'

export function overviewPages(routes: Routes, deps: WebDeps): void {
  routes.get('/', 'read', async c => {
    const address = addressOf(c, periodSchema)
    const today = dayOf(deps.clock.now())
    const period = periodOf(address, today)
    const [data, health] = await Promise.all([
      overviewData(deps, period, address),
      deps.reader.sources(today),
    ])
    const silent = silentSources(deps.sources, health, deps.clock.now())
    return page(c, deps, {
      title: 'Overview',
      wide: true,
      main: html`<h1>Overview</h1>
        ${picker(period, address)} ${period.problem ? notice(period.problem, 'bad') : ''}
        ${attention(data, silent.length)}
        ${data.all.now.articles === 0 ? nothingYet(deps, period) : charts(deps, period, address, data)}`,
    })
  })
}

function picker(period: Period, { language, by }: PeriodAddress): Html {
  const href = (days: number): string =>
    `/?${new URLSearchParams({ days: String(days), ...(language && { language }), ...(by === 'status' && { by }) }).toString()}`
  return html`<form class="filters" action="/">
    <nav class="presets" aria-label="Period">
      ${PRESETS.map(days => html`<a href="${href(days)}" ${period.preset === days ? html` aria-current="true"` : ''}>${days} days</a>`)}
    </nav>
    <label>From <input type="date" name="from" value="${period.from}" /></label>
    <label>to <input type="date" name="to" value="${period.to}" /></label>
    <label
      >Language
      <select name="language">
        <option value="">all</option>
        ${LANGUAGES.map(value => html`<option value="${value}" ${value === language ? html` selected` : ''}>${LANGUAGE[value]}</option>`)}
      </select></label
    >
    ${by === 'status' ? html`<input type="hidden" name="by" value="status" />` : ''}
    <button>Show</button>
  </form>`
}

function nothingYet({ sources }: WebDeps, period: Period): Html {
  const enabled = sources.filter(source => source.enabled).length
  return emptyState(
    `No article from ${dayText(period.from)} to ${dayText(period.to)}.`,
    enabled === 0
      ? html`No source is enabled: <a href="/sources">see the sources</a>.`
      : html`${count(enabled, 'source is', 'sources are')} watched. The first articles come within minutes of
          the start: <a href="/sources">see how they are doing</a>, or choose another period.`,
  )
}

/** What waits for a person, before any chart. */
function attention({ overdue, disagreements }: OverviewData, silent: number): Html | '' {
  const items = [
    overdue > 0 &&
      html`<a href="/review"
        >${count(overdue, 'passage has', 'passages have')} waited for more than 48 hours</a
      >`,
    disagreements > 0 &&
      html`<a href="/review?tab=disagreements"
        >${count(disagreements, 'disagreement', 'disagreements')} between reviewers</a
      >`,
    silent > 0 &&
      html`<a href="/sources?show=silent"
        >${count(silent, 'source is', 'sources are')} silent or failing: a fall in numbers may come from
        there</a
      >`,
  ].filter(item => item !== false)
  if (items.length === 0) return ''
  return html`<section class="attention" aria-labelledby="attention">
    <h2 id="attention">Needs attention</h2>
    <ul>
      ${items.map(item => html`<li>${item}</li>`)}
    </ul>
  </section>`
}

function charts(deps: WebDeps, period: Period, address: PeriodAddress, data: OverviewData): Html {
  const link: Link = (filters, days = period) =>
    searchHref({
      from: days.from,
      to: days.to,
      filters: [
        ...(address.language ? [{ field: 'language', value: address.language } as const] : []),
        ...filters,
      ],
    })
  return html`${kpis(period, data, link)} ${overTime(deps, period, address, data, link)}
    ${rateOverTime(period, data, link)}
    <div class="columns">
      ${outletTable(deps, data, link)}
      ${valueTable({ title: 'About whom', values: data.targets, name: spoken, field: 'target', total: data.all.now.flags, link, empty: 'No passage names a group.' })}
      ${languageTable(data, link)}
      ${valueTable({ title: 'About which events', values: data.events, name: id => deps.events.find(event => event.id === id)?.name ?? id, field: 'event', total: data.all.now.flags, link, empty: 'No passage is about an established atrocity.' })}
    </div>
    ${heat(data, link)}`
}

function kpis(period: Period, { all, confirmed, pending, overdue }: OverviewData, link: Link): Html {
  const articles = all.now.articles
  return html`<section class="kpis" aria-label="Key numbers">
    ${kpi('Flagged passages', number(all.now.flags), html`in ${number(articles)} articles`, change(all, 'flags'), link([]))}
    ${kpi('Rate', rate(all.now.flags, articles), 'per 1,000 articles', rateChange(all), link([]))}
    ${kpi('Confirmed', number(confirmed.now.flags), html`of ${number(all.now.flags - pending.flags)} decided`, change(confirmed, 'flags'), link([{ field: 'status', value: 'confirmed' }]))}
    ${kpi('Pending', number(pending.flags), html`of ${number(all.now.flags)}; ${number(overdue)} of any age wait over 48 h`, '', link([{ field: 'status', value: 'pending' }]))}
    <p class="basis">
      ${dayText(period.from)} – ${dayText(period.to)}, compared with the ${count(period.days, 'day')} before.
      Machine flags count until a person rejects them.
    </p>
  </section>`
}

function kpi(name: string, value: string, basis: Html | string, changed: Html | string, href: string): Html {
  return html`<div class="kpi">
    <a href="${href}"><span class="kpi-name">${name}</span> <span class="kpi-value">${value}</span></a
    ><span class="kpi-basis">${basis}</span><span class="kpi-change">${changed}</span>
  </div>`
}

function change({ now, before }: Pair, what: 'flags' | 'articles'): Html | string {
  if (before.articles === 0) return 'nothing to compare with'
  const difference = now[what] - before[what]
  if (difference === 0) return `as before (${number(before[what])})`
  return html`<span aria-hidden="true">${difference > 0 ? '▲' : '▼'}</span> ${number(Math.abs(difference))}
    ${difference > 0 ? 'more' : 'fewer'} than ${number(before[what])}`
}

function rateChange({ now, before }: Pair): Html | string {
  if (before.articles === 0) return 'nothing to compare with'
  const [a, b] = [now.flags / Math.max(1, now.articles), before.flags / before.articles]
  const direction = a > b ? '▲' : a < b ? '▼' : ''
  return html`<span aria-hidden="true">${direction}</span>
    ${direction === '▲' ? 'up' : direction === '▼' ? 'down' : 'same'}, from
    ${rate(before.flags, before.articles)}`
}
