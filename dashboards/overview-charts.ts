/** The charts of the overview: flags over time, rate over time, and what is said about whom. */
import { html } from 'hono/html'
import { CATEGORIES, STATUSES } from '../core/labels.ts'
import type { Category, Status } from '../core/labels.ts'
import type { TimelineSeries } from '../core/ports.ts'
import { figure, timeTable } from './chart-parts.ts'
import type { ChartSeries, TimeChart } from './charts.ts'
import type { WebDeps } from './deps.ts'
import { count, number, shortDay } from './format.ts'
import type { Html } from './format.ts'
import type { OverviewData } from './overview-data.ts'
import { intervalSpan, markedDays } from './period.ts'
import type { Period, PeriodAddress } from './period.ts'
import type { Filter, SearchState } from './search-state.ts'
import { CATEGORY, spoken, STATUS } from './words.ts'

/** The address of a search for what a number counts. */
export type Link = (filters: readonly Filter[], days?: Partial<SearchState>) => string

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

export function overTime(
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

export function rateOverTime(period: Period, { total }: OverviewData, link: Link): Html {
  const points = total?.points ?? []
  const chart: TimeChart = {
    kind: 'line',
    labels: points.map(({ start }) => shortDay(start)),
    series: [
      {
        name: 'Flags per 1,000 articles',
        color: 'var(--accent)',
        values: points.map(({ flags, articles }) =>
          articles === 0 ? null : Math.round((100_000 * flags) / articles) / 100,
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

export function heat({ targets, byTarget, all }: OverviewData, link: Link): Html {
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
