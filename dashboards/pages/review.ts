/** The review queue: many passages at a glance, each decided with one key. */
import { html } from 'hono/html'
import { z } from 'zod'
import type { FlagDocument } from '../../core/document.ts'
import { CATEGORIES, COUNTRIES, LANGUAGES } from '../../core/labels.ts'
import type { Language } from '../../core/labels.ts'
import { labelsOf } from '../../core/query-fields.ts'
import type { WebDeps } from '../deps.ts'
import { coveredHeadlines } from '../covered-headlines.ts'
import { addressOf, formOf } from '../forms.ts'
import { age, count, number, time } from '../format.ts'
import type { Html } from '../format.ts'
import { emptyState, notice, page } from '../layout.ts'
import { PageError } from '../page-error.ts'
import { coveredSentence, headline, neutral } from '../passages.ts'
import { deskHref, deskSchema, deskText, entriesOf, takeNext, TABS } from '../review-desk.ts'
import type { Desk, DeskEntry, Tab } from '../review-desk.ts'
import { userOf } from '../routes.ts'
import type { Ask, Routes } from '../routes.ts'
import type { Account } from '../store/accounts.ts'
import { categoryBadge, isBlind, severityBadge, statusBadge, verdictForm } from '../verdict-form.ts'
import { CATEGORY, COUNTRY, LANGUAGE, spoken, VERDICT } from '../words.ts'
import { doneNotice } from './verdicts.ts'

const SHOWN = 25
const TAB_NAME: Readonly<Record<Tab, string>> = {
  open: 'Open',
  second: 'Second opinion',
  disagreements: 'Disagreements',
  mine: 'My last ten',
}

const takeSchema = z.object({ flag: z.string().max(100).optional(), desk: z.string().max(500).default('') })

export function reviewPages(routes: Routes, deps: WebDeps): void {
  routes.get('/review', 'review', async c => {
    const desk = addressOf(c, deskSchema)
    const user = userOf(c)
    const body = desk.tab === 'mine' ? await mine(deps, user) : await queue(deps, user, desk)
    return page(c, deps, {
      title: `Review: ${TAB_NAME[desk.tab]}`,
      main: html`<h1>Review</h1>
        ${doneNotice(c, deps)}${breakReminder(deps, c)}${tabs(desk)}${body}`,
    })
  })

  routes.post('/review/take', 'review', async c => {
    const { flag, desk: deskQuery } = await formOf(c, takeSchema)
    const desk = deskSchema.parse(Object.fromEntries(new URLSearchParams(deskQuery)))
    return takeAndOpen(c, deps, desk, flag)
  })

  routes.post('/review/break', 'review', c => {
    deps.store.accounts.tookBreak(userOf(c).id)
    return c.redirect('/review', 303)
  })
}

/** Leases one entry, or the next one, and opens it; back to the queue when there is none. */
export async function takeAndOpen(
  c: Ask,
  deps: WebDeps,
  desk: Desk,
  flagId?: string,
  done?: string,
): Promise<Response> {
  const user = userOf(c)
  const entry =
    flagId === undefined ? await takeNext(deps, user, desk) : await takeThis(deps, user, desk, flagId)
  const flag = entry?.flags.find(({ id }) => id === flagId) ?? entry?.flags[0]
  if (!flag) return c.redirect(deskHref(desk, done ? { done } : {}), 303)
  const params = new URLSearchParams({ flag: flag.id, desk: deskText(desk), ...(done && { done }) })
  return c.redirect(`/items/${flag.article.id}?${params.toString()}#${flag.id}`, 303)
}

async function takeThis(
  deps: WebDeps,
  user: Account,
  desk: Desk,
  flagId: string,
): Promise<DeskEntry | undefined> {
  const { entries } = await entriesOf(deps, user, desk)
  const entry = entries.find(({ flags }) => flags.some(({ id }) => id === flagId))
  if (!entry) return undefined
  if (
    deps.store.leases.take(
      entry.flags.map(({ id }) => id),
      user.id,
    )
  )
    return entry
  throw new PageError(
    422,
    'Somebody else looks at this now',
    'Take another one; this one comes back to the queue if it is left undecided.',
  )
}

async function queue(deps: WebDeps, user: Account, desk: Desk): Promise<Html> {
  const { entries, isCut } = await entriesOf(deps, user, desk)
  const flags = entries.reduce((sum, entry) => sum + entry.flags.length, 0)
  const shown = entries.slice(0, SHOWN)
  const covered = await coveredHeadlines(
    deps.reader,
    user,
    shown.map(({ flags: [first] }) => first!.article.id),
  )
  return html`${filters(desk)}
    <div class="bar">
      <p>
        <strong>${count(entries.length, 'statement')}</strong> in
        ${count(flags, 'passage')}${isCut ? html`, the newest of more` : ''}, the most important first.
      </p>
      ${entries.length > 0 ? html`<form method="post" action="/review/take"><input type="hidden" name="desk" value="${deskText(desk)}" /><button class="primary">Review one by one</button></form>` : ''}
    </div>
    ${entries.length === 0 ? nothing(desk) : html`<div class="cards">${shown.map(entry => entryCard(deps, user, desk, entry, covered))}</div>`}
    ${entries.length > SHOWN ? html`<p class="hint">${number(entries.length - SHOWN)} more follow as these are decided.</p>` : ''}`
}

function nothing(desk: Desk): Html {
  if (desk.language ?? desk.country ?? desk.category)
    return emptyState(
      'Nothing waits under these filters.',
      html`<a href="${deskHref({ ...desk, language: undefined, country: undefined, category: undefined })}"
        >Show all of them</a
      >`,
    )
  if (desk.tab === 'second')
    return emptyState(
      'Nothing waits for your second opinion.',
      'The gravest passages, one in ten of the others, and those where a colleague asked, come here after the first decision.',
    )
  if (desk.tab === 'disagreements')
    return emptyState(
      'No disagreement is open.',
      'Passages come here when two reviewers decided differently.',
    )
  return emptyState(
    'Everything is reviewed.',
    html`New passages come by themselves. Meanwhile: <a href="/sources">see whether all sources speak</a>, or
      <a href="/search">search</a>.`,
  )
}

function entryCard(
  deps: WebDeps,
  user: Account,
  desk: Desk,
  { flags, heldBy }: DeskEntry,
  covered: ReadonlySet<string>,
): Html {
  const [flag, ...copies] = flags as [FlagDocument, ...FlagDocument[]]
  const hidden = desk.tab === 'second'
  return html`<article
    class="card ${CATEGORY[flag.category].letter}"
    data-card
    tabindex="-1"
    id="${flag.id}"
    aria-label="${neutral(flag)}"
  >
    <header class="card-head">
      ${categoryBadge(flag)} ${severityBadge(flag)} ${hidden ? '' : confidence(flag)}
      ${desk.tab === 'disagreements' ? statusBadge(flag) : ''}
    </header>
    <h2 class="card-title">${headline(flag, itemHref(flag, desk), covered.has(flag.article.id))}</h2>
    <p class="meta">
      ${flag.article.outlet.name} · ${LANGUAGE[flag.language]} · ${time(flag.article.at)} ·
      ${age(flag.article.at, deps.clock.now())}
      ago${about(flag)}${copies.length > 0 ? html` · <strong>${count(flags.length, 'article')} with this statement</strong>` : ''}
    </p>
    <p class="why">
      ${flag.why}${flag.speaker ? html` <span class="meta">Speaker: ${flag.speaker}.</span>` : ''}
    </p>
    ${coveredSentence(flag, { open: !user.settings.cover })}
    ${
      heldBy === undefined
        ? html`<div class="card-foot">
            ${verdictForm({ flag, copies, back: deskHref(desk), events: deps.events, full: false, swap: true })}
            <form method="post" action="/review/take" class="take">
              <input type="hidden" name="flag" value="${flag.id}" /><input
                type="hidden"
                name="desk"
                value="${deskText(desk)}"
              /><button data-key="Enter">Open the article</button>
            </form>
          </div>`
        : html`<p class="held">${heldBy} looks at this now.</p>`
    }
  </article>`
}

function about(flag: FlagDocument): string {
  const { targets } = labelsOf(flag)
  return targets.length === 0 ? '' : ` · about ${targets.map(spoken).join(', ')}`
}

function itemHref(flag: FlagDocument, desk: Desk): string {
  return `/items/${flag.article.id}?${new URLSearchParams({ flag: flag.id, desk: deskText(desk) }).toString()}#${flag.id}`
}

function confidence(flag: FlagDocument): Html {
  if (isBlind(flag.id))
    return html`<span class="conf" title="One passage in ten is decided without this number"
      >confidence hidden</span
    >`
  return html`<span class="conf">${Math.round(flag.confidence * 100)} % sure</span>`
}

async function mine(deps: WebDeps, user: Account): Promise<Html> {
  const latest = deps.store.decisions.latest(user.id, 10)
  if (latest.length === 0)
    return emptyState(
      'You have not decided anything yet.',
      html`<a href="/review">Begin with the open passages</a>`,
    )
  const rows = await Promise.all(
    latest.map(async ({ verdict, undone }) => {
      const flag = await deps.reader.flag(verdict.flagId)
      return html`<tr>
        <td>${time(verdict.at)}</td>
        <td>
          ${flag ? html`<a href="/items/${verdict.articleId}#${verdict.flagId}">${neutral(flag)}</a><br /><span class="meta">${flag.article.outlet.name}</span>` : 'no longer in the index'}
        </td>
        <td>${VERDICT[verdict.decision].name}</td>
        <td>
          ${undone ? 'undone' : html`<form method="post" action="/decisions/${verdict.id}/undo"><input type="hidden" name="back" value="/review?tab=mine" /><button>Undo</button></form>`}
        </td>
      </tr>`
    }),
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="My last decisions">
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Passage</th>
          <th scope="col">Decision</th>
          <th scope="col">Undo</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

function tabs(desk: Desk): Html {
  return html`<nav class="tabs" aria-label="Queues">
    <ul>
      ${TABS.map(
        tab =>
          html`<li>
            <a href="${deskHref({ ...desk, tab })}" ${tab === desk.tab ? html` aria-current="page"` : ''}
              >${TAB_NAME[tab]}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`
}

function filters(desk: Desk): Html {
  const choice = <T extends string>(
    name: string,
    label: string,
    of: readonly T[],
    words: (value: T) => string,
    chosen?: T,
  ) =>
    html`<label
      >${label}
      <select name="${name}">
        <option value="">all</option>
        ${of.map(value => html`<option value="${value}" ${value === chosen ? html` selected` : ''}>${words(value)}</option>`)}
      </select></label
    >`
  return html`<form class="filters" action="/review">
    ${desk.tab === 'open' ? '' : html`<input type="hidden" name="tab" value="${desk.tab}" />`}
    ${choice('language', 'Language', LANGUAGES, (value: Language) => LANGUAGE[value], desk.language)}
    ${choice('country', 'Country', COUNTRIES, value => COUNTRY[value], desk.country)}
    ${choice('category', 'Category', CATEGORIES, value => CATEGORY[value].name, desk.category)}
    <button>Show</button>
  </form>`
}

/** Reading this is heavy work: after so many items a break is proposed. */
export function breakReminder(deps: WebDeps, c: Ask): Html | '' {
  const user = userOf(c)
  const { breakAfter } = user.settings
  const began = c.get('session')?.createdAt ?? ''
  const since = user.breakAt !== undefined && user.breakAt > began ? user.breakAt : began
  const decided = deps.store.decisions.countSince(user.id, since)
  if (breakAfter === 0 || decided < breakAfter) return ''
  return notice(
    html`<p>
        You have decided ${count(decided, 'passage')} without a break. This is a good moment to stop: the
        queue will wait, and nobody counts.
      </p>
      <form method="post" action="/review/break"><button>I took a break</button></form>
      <form method="post" action="/sign-out"><button>Stop for today</button></form>`,
    'calm',
  )
}
