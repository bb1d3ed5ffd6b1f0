/** One article: its text with the passages marked, the reasons of each, and the decision. */
import { html } from 'hono/html'
import { z } from 'zod'
import type { ArticleDocument, FlagDocument } from '../../core/document.ts'
import { labelsOf } from '../../core/query-fields.ts'
import type { WebDeps } from '../deps.ts'
import { addressOf, formOf } from '../forms.ts'
import { count, dayText } from '../format.ts'
import type { Html } from '../format.ts'
import { notice, page } from '../layout.ts'
import { notFound } from '../page-error.ts'
import { can } from '../permissions.ts'
import { langOf, markedText, paragraphsOf, passagesIn } from '../passages.ts'
import type { Numbered, ShowOptions } from '../passages.ts'
import { overlayArticle } from '../overlay.ts'
import { deskHref, deskSchema, entriesOf } from '../review-desk.ts'
import type { Desk } from '../review-desk.ts'
import { userOf } from '../routes.ts'
import type { Ask, Routes } from '../routes.ts'
import { articleFacts, flagCard } from '../item-parts.ts'
import { breakReminder } from './review.ts'
import { doneNotice } from './verdicts.ts'

const itemSchema = z.object({
  /** The passage that the reviewer came for. */
  flag: z.string().max(100).optional(),
  /** The queue that the reviewer came from, as its query string; also when it is empty. */
  desk: z.string().max(500).optional(),
  show: z.literal('all').optional().catch(undefined),
  letters: z.literal('Latn').optional().catch(undefined),
})
type ItemAddress = z.infer<typeof itemSchema>

export function itemPages(routes: Routes, deps: WebDeps): void {
  routes.get('/items/:id', 'read', async c => {
    const document = await deps.reader.article(c.req.param('id') ?? '')
    if (!document) throw notFound('article')
    const overlaid = overlayArticle(deps.store.decisions, document)
    return page(c, deps, {
      title: `${overlaid.article.outlet.name}, ${dayText(overlaid.article.day)}`,
      wide: true,
      main: overlaid.deleted ? deletedItem(overlaid) : await item(c, deps, overlaid),
    })
  })

  routes.get('/items/:id/evidence', 'evidence', async c => {
    const document = await deps.reader.article(c.req.param('id') ?? '')
    const evidence =
      document && !document.deleted ? await deps.evidence?.get(document.article.evidence.rawHash) : undefined
    if (!evidence) throw notFound('capture')
    // The bytes of a hostile page: never shown, only handed over as a file.
    return c.body(Uint8Array.from(evidence.body).buffer, 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="${evidence.ref.rawHash.slice(0, 16)}.bin"`,
      'Content-Security-Policy': "sandbox; default-src 'none'",
    })
  })

  routes.post('/items/:id/delete', 'delete', async c => {
    const { reason } = await formOf(
      c,
      z.object({ reason: z.string().trim().min(5, 'Say why, in at least five characters.').max(1_000) }),
    )
    const document = await deps.reader.article(c.req.param('id') ?? '')
    if (!document) throw notFound('article')
    deps.store.decisions.deleteArticle(document.article.id, reason, userOf(c).id)
    return c.redirect(`/items/${document.article.id}`, 303)
  })
}

function deletedItem({ article, decisions }: ArticleDocument): Html {
  const deletion = decisions.find(({ kind }) => kind === 'delete')
  return html`<h1>Deleted article</h1>
    ${notice(html`A person had the words and the evidence of this article deleted${deletion?.kind === 'delete' ? html`: ${deletion.reason}` : ''}. Its number and this fact stay.`, 'calm')}
    <p class="meta">${article.id}</p>`
}

async function item(c: Ask, deps: WebDeps, document: ArticleDocument): Promise<Html> {
  const user = userOf(c)
  const address = addressOf(c, itemSchema)
  const numbered = document.flags
    .filter(({ retired }) => !retired)
    .map((flag, at) => ({ flag, number: at + 1 }))
  const retired = document.flags.filter(flag => flag.retired)
  const show = { open: address.show === 'all' || !user.settings.cover, latin: address.letters === 'Latn' }
  const desk =
    address.desk === undefined
      ? undefined
      : deskSchema.parse(Object.fromEntries(new URLSearchParams(address.desk)))
  const copies = desk && address.flag ? await copiesOf(deps, c, desk, address.flag) : []
  const cards = numbered.map(({ flag, number }) =>
    flagCard({
      deps,
      user,
      flag,
      number,
      document,
      here: hereOf(c),
      desk,
      copies: flag.id === address.flag ? copies : [],
      isCurrent: flag.id === address.flag,
    }),
  )
  return html`${doneNotice(c, deps)}${can(user, 'review') ? breakReminder(deps, c) : ''}
    <div class="item">
      <article class="reading" aria-label="Article">
        ${desk ? html`<p class="crumb"><a href="${deskHref(desk)}">Back to the queue</a></p>` : ''}
        ${reading(document, numbered, show)} ${toggles(c, document, address, show, numbered.length)}
        ${await articleFacts(deps, document, user)}
      </article>
      <aside class="flags" aria-label="Flagged passages">
        <h2>
          ${numbered.length === 0 ? 'No passage is flagged' : count(numbered.length, 'flagged passage')}
        </h2>
        ${cards} ${retired.length > 0 ? retiredList(retired) : ''}
      </aside>
    </div>`
}

/** The other articles with the same statement, as the queue has them. */
async function copiesOf(deps: WebDeps, c: Ask, desk: Desk, flagId: string): Promise<readonly FlagDocument[]> {
  const user = userOf(c)
  if (!can(user, 'review') || desk.tab === 'mine') return []
  const { entries } = await entriesOf(deps, user, desk)
  const entry = entries.find(({ flags }) => flags.some(({ id }) => id === flagId))
  return entry?.flags.filter(({ id }) => id !== flagId) ?? []
}

function reading(
  { article, lead, text, language, script, flags }: ArticleDocument,
  numbered: readonly Numbered[],
  show: ShowOptions,
): Html {
  const lang = langOf(language, show.latin && script === 'Cyrl' ? 'Latn' : script)
  const inTitle = passagesIn(numbered, 'title', article.title)
  return html`<p class="meta">${article.outlet.name}</p>
    <h1 lang="${lang}">
      ${inTitle.length > 0 ? markedText(article.title, inTitle, 0, show) : markedText(article.title === '' ? 'Without headline' : article.title, [], 0, show)}
    </h1>
    ${lead ? html`<div class="lead" lang="${lang}">${blocks(lead, passagesIn(numbered, 'lead', lead), show)}</div>` : ''}
    ${
      text
        ? html`<div class="text" lang="${lang}">
            ${blocks(text, passagesIn(numbered, 'text', text), show)}
          </div>`
        : notice(
            text === ''
              ? 'The feed carried a headline only.'
              : flags.length > 0
                ? 'The text is not kept here; the passages are.'
                : 'The text of articles without a flag is kept for a limited time and has gone.',
            'calm',
          )
    }`
}

/** `div`s, for a cover may not stand in a paragraph. */
function blocks(text: string, passages: readonly Numbered[], show: ShowOptions): Html {
  return html`${paragraphsOf(text).map(({ text: line, from }) => {
    const inside = passages.filter(({ flag }) => flag.start < from + line.length && flag.end > from)
    return html`<div class="par">${markedText(line, inside, from, show)}</div>`
  })}`
}

function toggles(
  c: Ask,
  { script }: ArticleDocument,
  address: ItemAddress,
  show: ShowOptions,
  passages: number,
): Html {
  const link = (change: Readonly<Record<string, string | undefined>>): string => {
    const url = new URL(c.req.url)
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined) url.searchParams.delete(name)
      else url.searchParams.set(name, value)
    }
    return url.pathname + url.search
  }
  const hasCyrillic = script === 'Cyrl' || script === 'mixed'
  if (passages === 0 && !hasCyrillic) return html``
  return html`<p class="toggles">
    ${passages === 0 ? '' : address.show === 'all' ? html`<a href="${link({ show: undefined })}">Cover the passages</a>` : show.open ? '' : html`<a href="${link({ show: 'all' })}">Reveal all passages</a>`}
    ${hasCyrillic ? (show.latin ? html`<a href="${link({ letters: undefined })}">Show in Cyrillic, as written</a>` : html`<a href="${link({ letters: 'Latn' })}">Show in Latin letters</a>`) : ''}
  </p>`
}

function retiredList(flags: readonly FlagDocument[]): Html {
  return html`<details class="retired">
    <summary>${count(flags.length, 'passage')} no longer found</summary>
    <p class="hint">The article was edited, or the rules changed. Decisions about them stay.</p>
    <ul>
      ${flags.map(flag => html`<li>${labelsOf(flag).category}: ${flag.standing.status}</li>`)}
    </ul>
  </details>`
}

function hereOf(c: Ask): string {
  const url = new URL(c.req.url)
  url.searchParams.delete('done')
  return url.pathname + url.search
}
