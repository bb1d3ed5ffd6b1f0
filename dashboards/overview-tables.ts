/** The tables of the overview: outlets by rate, groups, events, languages; each with its denominator. */
import { html, raw } from 'hono/html'
import type { FacetValue } from '../core/ports.ts'
import { meterBar } from './charts.ts'
import type { WebDeps } from './deps.ts'
import { count, interval, number, rate } from './format.ts'
import type { Html } from './format.ts'
import type { Link } from './overview-charts.ts'
import type { OverviewData } from './overview-data.ts'
import { named, LANGUAGE } from './words.ts'

/** Fewer articles say nothing about a rate. */
const LEAST_ARTICLES = 20
const SHOWN_OUTLETS = 12

export function outletTable({ sources }: WebDeps, { outlets }: OverviewData, link: Link): Html {
  // A young or small collection is shown all the same; the ranges say how little it means.
  const least = outlets.some(({ flags, articles }) => flags > 0 && articles >= LEAST_ARTICLES)
    ? LEAST_ARTICLES
    : 1
  const byRate = outlets
    .filter(({ flags, articles }) => flags > 0 && articles >= least)
    .sort((a, b) => b.flags / b.articles - a.flags / a.articles)
  const most = byRate[0] ? byRate[0].flags / byRate[0].articles : 1
  const name = (id: string): string => sources.find(source => source.id === id)?.name ?? id
  return html`<section class="panel">
    <h2>Outlets by rate</h2>
    <p class="basis">
      Outlets with at least ${count(least, 'article')}: ${byRate.length} of ${outlets.length} have a flag. Per
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
  readonly name: (value: string) => string
  readonly field: 'target' | 'event'
  readonly total: number
  readonly link: Link
  readonly empty: string
}

export function valueTable({ title, values, name, field, total, link, empty }: ValueTableParts): Html {
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

export function languageTable({ languages }: OverviewData, link: Link): Html {
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
                  <a href="${link([{ field: 'language', value }])}">${named(LANGUAGE, value)}</a
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
