/** A chart as a figure: what it shows, out of how many, the drawing, its key, and the same numbers as a table. */
import { html, raw } from 'hono/html'
import { svgOf } from './charts.ts'
import type { Chart, ChartSeries, TimeChart } from './charts.ts'
import type { Html } from './format.ts'
import { number } from './format.ts'

export interface FigureParts {
  readonly title: string
  /** Out of how many, and what was counted: no chart without its denominator. */
  readonly basis: Html | string
  readonly chart: Chart
  readonly table: Html
  readonly below?: Html | ''
  readonly tools?: Html | ''
}

export function figure({ title, basis, chart, table, below = '', tools = '' }: FigureParts): Html {
  return html`<figure class="panel">
    <figcaption>
      <h2>${title}</h2>
      <p class="basis">${basis}</p>
      ${tools}
    </figcaption>
    ${raw(svgOf(chart))} ${chart.kind === 'heat' || chart.series.length < 2 ? '' : key(chart.series)} ${below}
    <details class="as-table">
      <summary>View as table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="${title}, as a table">${table}</div>
    </details>
  </figure>`
}

function key(series: readonly ChartSeries[]): Html {
  return html`<ul class="key" aria-hidden="true">
    ${series.map(
      ({ name, color, hatched }) =>
        html`<li>
          ${raw(`<svg width="14" height="14" viewBox="0 0 14 14"><rect width="14" height="14" rx="2" fill="${color}"/>${hatched ? '<path d="M0 14L14 0M-3 7L7 -3M7 17L17 7" stroke="rgba(255,255,255,0.5)" stroke-width="2"/>' : ''}</svg>`)}
          ${name}
        </li>`,
    )}
  </ul>`
}

/** The numbers of a chart over time, a row for each interval, newest first, each number a link. */
export function timeTable({ labels, series }: TimeChart, articles: readonly number[], unit: string): Html {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">From</th>
        ${series.map(({ name }) => html`<th scope="col">${name}</th>`)}
        <th scope="col">Articles</th>
      </tr>
    </thead>
    <tbody>
      ${labels
        .map((label, at) => ({ label, at }))
        .reverse()
        .map(
          ({ label, at }) =>
            html`<tr>
              <th scope="row">${label}</th>
              ${series.map(({ values, links }) => html`<td>${valueCell(values[at] ?? null, links?.[at])}</td>`)}
              <td>${number(articles[at] ?? 0)}</td>
            </tr>`,
        )}
    </tbody>
    <caption>
      ${unit}
    </caption>
  </table>`
}

function valueCell(value: number | null, href: string | undefined): Html | string {
  if (value === null) return '–'
  return href !== undefined && value > 0 ? html`<a href="${href}">${number(value)}</a>` : number(value)
}
