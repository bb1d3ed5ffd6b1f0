/** The overview: how much, where, about whom, compared with before, and what waits for a person. */
import { html, raw } from 'hono/html'
import { CATEGORIES, LANGUAGES, STATUSES } from '../../core/labels.ts'
import type { Category, Status } from '../../core/labels.ts'
import type { FacetValue, TimelineSeries } from '../../core/ports.ts'
import { dayOf } from '../../core/time.ts'
import { figure, timeTable } from '../chart-parts.ts'
import type { ChartSeries, TimeChart } from '../charts.ts'
import { meterBar } from '../charts.ts'
import type { WebDeps } from '../deps.ts'
import { addressOf } from '../forms.ts'
import { count, dayText, interval, number, rate, shortDay } from '../format.ts'
import type { Html } from '../format.ts'
import { emptyState, notice, page } from '../layout.ts'
import { overviewData } from '../overview-data.ts'
import type { OverviewData, Pair } from '../overview-data.ts'
import { intervalSpan, markedDays, periodOf, periodSchema, PRESETS } from '../period.ts'
import type { Period, PeriodAddress } from '../period.ts'
import type { Routes } from '../routes.ts'
import { searchHref } from '../search-state.ts'
import type { Filter, SearchState } from '../search-state.ts'
import { silentSources } from '../source-health.ts'
import { CATEGORY, LANGUAGE, spoken, STATUS } from '../words.ts'

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
  const keep = `${language ? `&language=${language}` : ''}${by === 'status' ? '&by=status' : ''}`
  return html`<form class="filters" action="/">
    <nav class="presets" aria-label="Period">
      ${PRESETS.map(days => html`<a href="/?days=${days}${raw(keep.replaceAll('&', '&amp;'))}" ${period.preset === days ? html` aria-current="true"` : ''}>${days} days</a>`)}
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
  const link = (filters: readonly Filter[], days: Partial<SearchState> = period): string =>
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

type Link = (filters: readonly Filter[], days?: Partial<SearchState>) => string

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

const CATEGORY_COLOR: Readonly<Record<Category, string>> = {
  dehumanization: 'var(--k-H)',
  denial: 'var(--k-D)',
  incitement: 'var(--k-I)',
  threat: 'var(--k-T)',
  'identity-negation': 'var(--k-N)',
  slur: 'var(--k-S)',
}
const STATUS_COLOR: Readonly<Record<Status, string>> = {
  confirmed: 'var(--s-confirmed)',
  pending: 'var(--s-pending)',
  'reported-speech': 'var(--s-reported)',
  'not-hate': 'var(--s-not)',
  unclear: 'var(--s-unclear)',
  duplicate: 'var(--s-duplicate)',
  'out-of-scope': 'var(--s-out)',
}

function overTime(
  deps: WebDeps,
  period: Period,
  address: PeriodAddress,
  data: OverviewData,
  link: Link,
): Html {
  const points = data.total?.points ?? []
  const starts = points.map(({ start }) => start)
  const known: readonly string[] = address.by === 'status' ? STATUSES : CATEGORIES
  const series = known
    .map(key => data.over.find(one => one.key === key))
    .filter((one): one is TimelineSeries => one?.points.some(({ flags }) => flags > 0) === true)
    .map((one, at): ChartSeries => {
      const key = one.key!
      return {
        name: address.by === 'status' ? STATUS[key as Status] : CATEGORY[key as Category].name,
        color: address.by === 'status' ? STATUS_COLOR[key as Status] : CATEGORY_COLOR[key as Category],
        hatched: at % 2 === 1,
        values: one.points.map(({ flags }) => flags),
        links: one.points.map(({ start }) =>
          link([{ field: address.by, value: key }], intervalSpan(start, period)),
        ),
      }
    })
  const marked = markedDays(deps.calendar, period, starts)
  const chart: TimeChart = {
    kind: 'bars',
    labels: starts.map(shortDay),
    series,
    marks: [...Map.groupBy(marked, ({ at }) => at)].map(([at, all]) => ({
      at,
      name: all.map(one => marked.indexOf(one) + 1).join(','),
    })),
    height: 300,
    unit: 'flags',
  }
  return figure({
    title: `Flagged passages by ${address.by}`,
    basis: html`${count(data.all.now.flags, 'passage')} in ${count(data.all.now.articles, 'article')} of
    ${count(data.outlets.length, 'outlet')}, by ${period.interval} of publication. A bar leads to its
    passages.`,
    chart,
    table: timeTable(
      chart,
      points.map(({ articles }) => articles),
      `Passages by ${period.interval} and ${address.by}, with the articles read`,
    ),
    tools: splitSwitch(period, address),
    below:
      marked.length === 0
        ? ''
        : html`<ol class="marks" aria-label="Dates marked in the chart">
            ${marked.map(({ day, entry }) => html`<li>${shortDay(day)}: ${entry.name}</li>`)}
          </ol>`,
  })
}

function splitSwitch({ from, to }: Period, { by, language }: PeriodAddress): Html {
  const href = (one: string): string =>
    `/?${new URLSearchParams({ from, to, ...(language && { language }), ...(one === 'status' && { by: one }) }).toString()}`
  return html`<nav class="presets" aria-label="Split the bars by">
    ${[
      ['category', 'by category'],
      ['status', 'by decision'],
    ].map(
      ([value, name]) =>
        html`<a href="${href(value!)}" ${by === value ? html` aria-current="true"` : ''}>${name}</a>`,
    )}
  </nav>`
}

function rateOverTime(period: Period, { total }: OverviewData, link: Link): Html {
  const points = total?.points ?? []
  const chart: TimeChart = {
    kind: 'line',
    labels: points.map(({ start }) => shortDay(start)),
    series: [
      {
        name: 'Flags per 1,000 articles',
        color: 'var(--accent)',
        values: points.map(({ flags, articles }) =>
          articles === 0 ? 0 : Math.round((100_000 * flags) / articles) / 100,
        ),
        links: points.map(({ start }) => link([], intervalSpan(start, period))),
      },
    ],
    height: 210,
    unit: 'per 1,000',
  }
  const least = Math.min(...points.map(({ articles }) => articles))
  return figure({
    title: 'Rate per 1,000 articles',
    basis: html`Passages for every 1,000 articles read, by ${period.interval}; the fewest articles in one
    ${period.interval} were ${number(Number.isFinite(least) ? least : 0)}. A small number of articles makes a
    jumpy line.`,
    chart,
    table: timeTable(
      chart,
      points.map(({ articles }) => articles),
      `Flags per 1,000 articles by ${period.interval}`,
    ),
  })
}

/** Fewer articles say nothing about a rate. */
const LEAST_ARTICLES = 20
const SHOWN_OUTLETS = 12

function outletTable({ sources }: WebDeps, { outlets }: OverviewData, link: Link): Html {
  const byRate = outlets
    .filter(({ flags, articles }) => flags > 0 && articles >= LEAST_ARTICLES)
    .sort((a, b) => b.flags / b.articles - a.flags / a.articles)
  const most = byRate[0] ? byRate[0].flags / byRate[0].articles : 1
  const name = (id: string): string => sources.find(source => source.id === id)?.name ?? id
  return html`<section class="panel">
    <h2>Outlets by rate</h2>
    <p class="basis">
      Outlets with at least ${LEAST_ARTICLES} articles: ${byRate.length} of ${outlets.length} have a flag. Per
      1,000 articles, with the range in which the true rate probably lies (95 %). Never compare languages by
      it: the word lists differ.
    </p>
    ${
      byRate.length === 0
        ? html`<p>No outlet has enough articles and a flag.</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="Outlets by rate">
            <table class="bars">
              <thead>
                <tr>
                  <th scope="col">Outlet</th>
                  <th scope="col">per 1,000</th>
                  <th scope="col">Flags / articles</th>
                </tr>
              </thead>
              <tbody>
                ${byRate.slice(0, SHOWN_OUTLETS).map(({ value, flags, articles }) => {
                  const range = interval(flags, articles)
                  return html`<tr>
                    <th scope="row">
                      <a href="${link([{ field: 'source', value }])}">${name(value)}</a
                      >${raw(meterBar(flags / articles / most, 'var(--accent)'))}
                    </th>
                    <td>
                      ${rate(flags, articles)}<br /><span class="meta"
                        >${range ? `${range[0].toFixed(1)} – ${range[1].toFixed(1)}` : ''}</span
                      >
                    </td>
                    <td>${number(flags)} / ${number(articles)}</td>
                  </tr>`
                })}
              </tbody>
            </table>
          </div>`
    }
  </section>`
}

interface ValueTableParts {
  readonly title: string
  readonly values: readonly FacetValue[]
  name(value: string): string
  readonly field: 'target' | 'event'
  readonly total: number
  readonly link: Link
  readonly empty: string
}

function valueTable({ title, values, name, field, total, link, empty }: ValueTableParts): Html {
  const most = Math.max(1, ...values.map(({ flags }) => flags))
  return html`<section class="panel">
    <h2>${title}</h2>
    <p class="basis">Out of ${count(total, 'passage')}; one passage may name several.</p>
    ${
      values.length === 0
        ? html`<p>${empty}</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
            <table class="bars">
              <thead>
                <tr>
                  <th scope="col">${field === 'target' ? 'Group' : 'Event'}</th>
                  <th scope="col">Passages</th>
                  <th scope="col">Share</th>
                </tr>
              </thead>
              <tbody>
                ${values.map(
                  ({ value, flags }) =>
                    html`<tr>
                      <th scope="row">
                        <a href="${link([{ field, value }])}">${name(value)}</a
                        >${raw(meterBar(flags / most, 'var(--k-D)'))}
                      </th>
                      <td>${number(flags)}</td>
                      <td>${Math.round((100 * flags) / Math.max(1, total))} %</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </section>`
}

function languageTable({ languages }: OverviewData, link: Link): Html {
  const most = Math.max(...languages.map(({ flags, articles }) => flags / Math.max(1, articles)), 0.0001)
  return html`<section class="panel">
    <h2>Languages</h2>
    <p class="basis">
      Articles read in each language, and passages per 1,000 of them. The word lists differ between languages,
      so the rates cannot be compared.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Languages">
      <table class="bars">
        <thead>
          <tr>
            <th scope="col">Language</th>
            <th scope="col">per 1,000</th>
            <th scope="col">Flags / articles</th>
          </tr>
        </thead>
        <tbody>
          ${languages.map(
            ({ value, flags, articles }) =>
              html`<tr>
                <th scope="row">
                  <a href="${link([{ field: 'language', value }])}"
                    >${LANGUAGE[value as keyof typeof LANGUAGE] ?? value}</a
                  >${raw(meterBar(flags / Math.max(1, articles) / most, 'var(--k-T)'))}
                </th>
                <td>${rate(flags, articles)}</td>
                <td>${number(flags)} / ${number(articles)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

function heat({ targets, byTarget, all }: OverviewData, link: Link): Html {
  const columns = targets.slice(0, 8).map(({ value }) => value)
  if (columns.length === 0) return html``
  const rows = CATEGORIES.filter(category =>
    columns.some(target => (byTarget.get(category)?.get(target) ?? 0) > 0),
  )
  const values = rows.map(category => columns.map(target => byTarget.get(category)?.get(target) ?? 0))
  const links = rows.map(category =>
    columns.map(target =>
      link([
        { field: 'category', value: category },
        { field: 'target', value: target },
      ]),
    ),
  )
  return figure({
    title: 'What is said about whom',
    basis: html`${count(all.now.flags, 'passage')} by category and the group they speak of; the
    ${columns.length} groups named most.`,
    chart: {
      kind: 'heat',
      columns: columns.map(spoken),
      rows: rows.map(category => CATEGORY[category].name),
      values,
      links,
      unit: 'flags',
    },
    table: html`<table>
      <thead>
        <tr>
          <th scope="col">Category</th>
          ${columns.map(target => html`<th scope="col">${spoken(target)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (category, y) =>
            html`<tr>
              <th scope="row">${CATEGORY[category].name}</th>
              ${values[y]!.map((value, x) => html`<td>${value === 0 ? '0' : html`<a href="${links[y]![x]!}">${number(value)}</a>`}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`,
  })
}
