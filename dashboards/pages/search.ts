/** Search: the query language, facets as links, a small histogram, results with covered passages, and the way to an alert. */
import { html } from 'hono/html'
import type { FlagDocument } from '../../core/document.ts'
import type { FacetField, Page, Search } from '../../core/ports.ts'
import { QueryError } from '../../core/query.ts'
import { addDays, dayOf } from '../../core/time.ts'
import { figure, timeTable } from '../chart-parts.ts'
import type { TimeChart } from '../charts.ts'
import type { WebDeps } from '../deps.ts'
import { coveredHeadlines } from '../covered-headlines.ts'
import { chosen, facet } from '../facets.ts'
import { addressOf } from '../forms.ts'
import { count, dayText, number, rate, shortDay, time } from '../format.ts'
import type { Html } from '../format.ts'
import { emptyState, notice, page } from '../layout.ts'
import { overlayFlags } from '../overlay.ts'
import { coveredSentence, headline, neutral } from '../passages.ts'
import { can } from '../permissions.ts'
import { intervalSpan, periodOf } from '../period.ts'
import { isHiddenFrom } from '../review-desk.ts'
import { userOf } from '../routes.ts'
import type { Ask, Routes } from '../routes.ts'
import { queryText, searchHref, searchOf, searchSchema } from '../search-state.ts'
import type { SearchState } from '../search-state.ts'
import type { Account } from '../store/accounts.ts'
import { categoryBadge, severityBadge, statusBadge } from '../verdict-form.ts'
import { CATEGORY, LANGUAGE, spoken } from '../words.ts'

const SHOWN = 25
const FACET_SIZE = 8
const FLAG_FACETS: readonly FacetField[] = [
  'category',
  'status',
  'severity',
  'language',
  'country',
  'source',
  'target',
  'event',
  'voice',
  'stance',
  'script',
  'outletKind',
]
const ARTICLE_FACETS: readonly FacetField[] = [
  'language',
  'country',
  'source',
  'outletKind',
  'script',
  'section',
]

export function searchPages(routes: Routes, deps: WebDeps): void {
  routes.get('/search', 'read', async c => {
    const state = addressOf(c, searchSchema)
    try {
      return await page(c, deps, {
        title: 'Search',
        wide: true,
        main: await results(deps, userOf(c), state, searchOf(state)),
      })
    } catch (thrown) {
      if (!(thrown instanceof QueryError)) throw thrown
      return badQuery(c, deps, state, thrown)
    }
  })
}

function badQuery(
  c: Ask,
  deps: WebDeps,
  state: SearchState,
  { position, expected, got }: QueryError,
): Response | Promise<Response> {
  const at = Math.min(position, state.q.length)
  return page(c, deps, {
    title: 'Search',
    status: 400,
    wide: true,
    main: html`<h1>Search</h1>
      ${bar(state, true)}
      ${notice(
        html`<p id="query-problem">
            <strong>This query cannot be read.</strong> At character ${at + 1}: expected ${expected}; got
            ${got}.
          </p>
          <p class="query-at">
            <code
              >${state.q.slice(0, at)}<mark>${state.q.slice(at, at + 1) || ' '}</mark>${state.q.slice(at + 1)}</code
            >
          </p>
          <p><a href="/help#search">How queries are written</a></p>`,
        'bad',
      )}`,
  })
}

async function results(deps: WebDeps, user: Account, state: SearchState, search: Search): Promise<Html> {
  const isArticles = state.mode === 'articles'
  const request = {
    limit: SHOWN,
    order: state.order,
    ...(state.cursor !== undefined && { cursor: state.cursor }),
  }
  const [counts, facets, list, histogram] = await Promise.all([
    deps.reader.count(search),
    deps.reader.facets(search, isArticles ? ARTICLE_FACETS : FLAG_FACETS, FACET_SIZE),
    isArticles
      ? articleList(deps, user, state, search, request)
      : flagList(deps, user, state, search, request),
    timeline(deps, state, search),
  ])
  const found = isArticles
    ? count(counts.articles, 'article')
    : html`${count(counts.flags, 'passage')} in ${count(counts.articles, 'article')} read`
  return html`<h1>Search</h1>
    ${bar(state)}${chosen(deps, state)}
    <div class="search">
      <div class="found">
        <div class="bar">
          <p role="status">
            <strong>${found}</strong
            >${isArticles ? html`, ${number(counts.flags)} flagged passages in them` : html` (${rate(counts.flags, counts.articles)} per 1,000)`}
          </p>
          <nav class="presets" aria-label="Result">
            ${modeLink(state, 'flags', 'passages')}${modeLink(state, 'articles', 'articles')}
          </nav>
          <nav class="presets" aria-label="Order">
            ${orderLink(state, 'newest')}${orderLink(state, 'oldest')}
          </nav>
        </div>
        ${histogram} ${list}
      </div>
      <aside class="facets" aria-label="Narrow the search">
        ${Object.entries(facets).map(([field, values]) => facet(deps, state, field as FacetField, values, isArticles))}
        ${can(user, 'subscribe') && !isArticles ? alertForm(state) : ''}
      </aside>
    </div>`
}

function bar(state: SearchState, isWrong = false): Html {
  return html`<form class="query" action="/search" role="search" aria-label="Search passages and articles">
    <label class="wide-label"
      >Words, "phrases", beginn*, AND OR NOT, field:value
      <input
        type="search"
        name="q"
        value="${state.q}"
        maxlength="2000"
        spellcheck="false"
        data-search-main${isWrong ? html` aria-invalid="true" aria-describedby="query-problem"` : ''}
    /></label>
    <label>From <input type="date" name="from" value="${state.from ?? ''}" /></label>
    <label>to <input type="date" name="to" value="${state.to ?? ''}" /></label>
    ${state.filters.map(({ field, value }) => html`<input type="hidden" name="f" value="${field}:${value}" />`)}
    ${state.mode === 'articles' ? html`<input type="hidden" name="mode" value="articles" />` : ''}
    <button class="primary">Search</button>
    <a href="/help#search" class="hint">How to search</a>
  </form>`
}

function modeLink(state: SearchState, mode: SearchState['mode'], name: string): Html {
  return html`<a
    href="${searchHref(state, { mode })}"
    ${state.mode === mode ? html` aria-current="true"` : ''}
    >${name}</a
  >`
}

function orderLink(state: SearchState, order: SearchState['order']): Html {
  return html`<a
    href="${searchHref(state, { order })}"
    ${state.order === order ? html` aria-current="true"` : ''}
    >${order} first</a
  >`
}

type Request = Parameters<WebDeps['reader']['searchFlags']>[1]

async function flagList(
  deps: WebDeps,
  user: Account,
  state: SearchState,
  search: Search,
  request: Request,
): Promise<Html> {
  const found = await deps.reader.searchFlags(search, request)
  const flags = overlayFlags(deps.store.decisions, found.items)
  if (flags.length === 0) return nothing(state)
  const covered = await coveredHeadlines(
    deps.reader,
    user,
    flags.map(({ article }) => article.id),
  )
  return html`<ol class="results">
      ${flags.map(flag => html`<li>${flagResult(deps, user, flag, covered.has(flag.article.id))}</li>`)}
    </ol>
    ${pager(state, found)}`
}

function flagResult(deps: WebDeps, user: Account, flag: FlagDocument, isCovered: boolean): Html {
  const open = !user.settings.cover
  const hidden = can(user, 'review') && isHiddenFrom(deps, user, flag)
  return html`<article
    class="card ${CATEGORY[flag.category].letter}"
    data-card
    tabindex="-1"
    id="${flag.id}"
    aria-label="${neutral(flag)}"
  >
    <header class="card-head">
      ${categoryBadge(flag)} ${severityBadge(flag)}
      ${hidden ? html`<span class="badge second">waits for your second opinion</span>` : statusBadge(flag)}
    </header>
    <h2 class="card-title">
      ${headline(flag, `/items/${flag.article.id}?flag=${flag.id}#${flag.id}`, isCovered)}
    </h2>
    <p class="meta">
      ${flag.article.outlet.name} · ${LANGUAGE[flag.language]} ·
      ${time(flag.article.at)}${flag.targets.length > 0 ? html` · about ${flag.targets.map(spoken).join(', ')}` : ''}
    </p>
    ${coveredSentence(flag, { open })}
  </article>`
}

async function articleList(
  deps: WebDeps,
  user: Account,
  state: SearchState,
  search: Search,
  request: Request,
): Promise<Html> {
  const found = await deps.reader.searchArticles(search, request)
  if (found.items.length === 0) return nothing(state)
  const flagged = found.items.filter(article => article.flagged).map(({ id }) => id)
  const covered = await coveredHeadlines(deps.reader, user, flagged)
  return html`<ol class="results plain-list">
      ${found.items.map(
        article =>
          html`<li>
            <a href="/items/${article.id}"
              >${covered.has(article.id) ? 'Headline covered' : article.title || 'Without headline'}</a
            >${article.flagged ? html` <span class="badge">flagged</span>` : ''}<br /><span class="meta"
              >${article.outlet.name} ·
              ${time(article.at)}${article.section ? html` · ${article.section}` : ''}</span
            >
          </li>`,
      )}
    </ol>
    ${pager(state, found)}`
}

function pager(state: SearchState, { nextCursor }: Page<unknown>): Html {
  return html`<nav class="pager" aria-label="Pages">
    ${state.cursor === undefined ? '' : html`<a href="${searchHref(state)}">First page</a>`}
    ${nextCursor === undefined ? html`<span class="hint">These are the last ones.</span>` : html`<a href="${searchHref(state, { cursor: nextCursor })}" rel="next">Next ${SHOWN}</a>`}
    <a href="${searchHref(state, { cursor: state.cursor })}" class="hint">Permanent link to this search</a>
  </nav>`
}

function nothing(state: SearchState): Html {
  const tips: Html[] = []
  if (state.from ?? state.to)
    tips.push(html`<a href="${searchHref(state, { from: undefined, to: undefined })}">Search all days</a>`)
  if (state.filters.length > 0)
    tips.push(html`<a href="${searchHref(state, { filters: [] })}">Remove the filters</a>`)
  if (state.mode === 'flags')
    tips.push(
      html`<a href="${searchHref(state, { mode: 'articles' })}">Search all articles, flagged or not</a>`,
    )
  return emptyState(
    'Nothing was found.',
    html`${tips.map((tip, at) => html`${at > 0 ? ' · ' : ''}${tip}`)} Latin finds Cyrillic, and diacritics may
      be left out. A beginning with a star, as in <code>genocid*</code>, finds more.`,
  )
}

/** At most so many days are drawn where the search names none. */
const DRAWN_DAYS = 90

async function timeline(deps: WebDeps, state: SearchState, search: Search): Promise<Html | ''> {
  const span = await deps.reader.span()
  if (!span) return ''
  const today = dayOf(deps.clock.now())
  const to = state.to ?? (span.to < today ? span.to : today)
  const earliest = addDays(to, 1 - DRAWN_DAYS)
  const from = state.from ?? (span.from > earliest ? span.from : earliest)
  if (from > to) return ''
  const period = periodOf({ by: 'category', from, to, days: undefined, language: undefined }, today)
  if (period.problem) return ''
  const [series] = await deps.reader.timeline({ ...search, from, to }, { interval: period.interval })
  const points = series?.points ?? []
  const isArticles = state.mode === 'articles'
  const chart: TimeChart = {
    kind: 'bars',
    labels: points.map(({ start }) => shortDay(start)),
    series: [
      {
        name: isArticles ? 'Articles' : 'Passages',
        color: 'var(--accent)',
        values: points.map(point => (isArticles ? point.articles : point.flags)),
        links: points.map(({ start }) => searchHref(state, intervalSpan(start, period))),
      },
    ],
    height: 130,
    unit: isArticles ? 'articles' : 'flags',
  }
  const read = points.reduce((sum, { articles }) => sum + articles, 0)
  return figure({
    title: `By ${period.interval}`,
    basis: html`${dayText(from)} – ${dayText(to)}, ${count(read, 'article')} read that meet the
    search${state.from === undefined ? '; older ones are in the list' : ''}.`,
    chart,
    table: timeTable(
      chart,
      points.map(({ articles }) => articles),
      `By ${period.interval}`,
    ),
  })
}

function alertForm(state: SearchState): Html {
  return html`<section class="to-alert">
    <h2>Hear of new ones</h2>
    <p class="hint">Save this search as a daily letter or a feed. Days are left out: it looks forward.</p>
    <a class="button" href="/subscriptions/new?${new URLSearchParams({ q: queryText(state) }).toString()}"
      >Save as alert</a
    >
  </section>`
}
