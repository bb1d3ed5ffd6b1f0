/** Deciding: verdicts, undo, and what a reviewer has to say about a rule. */
import { html } from 'hono/html'
import { z } from 'zod'
import type { Verdict } from '../../core/decision.ts'
import type { FlagDocument } from '../../core/document.ts'
import { ALL_SUBTYPES, CATEGORIES, STANCES, SUBTYPES, VERDICTS, VOICES } from '../../core/labels.ts'
import type { Category, Subtype } from '../../core/labels.ts'
import type { WebDeps } from '../deps.ts'
import { checkbox, formOf, many, optionalChoice, optionalText } from '../forms.ts'
import { count } from '../format.ts'
import type { Html } from '../format.ts'
import { notice } from '../layout.ts'
import { notFound, PageError } from '../page-error.ts'
import { can } from '../permissions.ts'
import { deskSchema } from '../review-desk.ts'
import { userOf } from '../routes.ts'
import type { Ask, Routes } from '../routes.ts'
import { localPath } from '../security.ts'
import { VERDICT } from '../words.ts'
import { takeAndOpen } from './review.ts'

const MOST_COPIES = 500
const back = z.string().max(2_000).default('/review')

const verdictSchema = z.object({
  flag: z.string().max(100),
  copy: many(z.string().max(100)).pipe(z.array(z.string()).max(MOST_COPIES)),
  copies: checkbox,
  decision: z.enum(VERDICTS),
  note: optionalText(4_000),
  askSecond: checkbox,
  label: z.string().max(60).optional().transform(labelOf),
  severity: z.preprocess(
    value => (value === '' ? undefined : value),
    z.coerce.number().int().min(1).max(5).optional(),
  ),
  voice: optionalChoice(VOICES),
  stance: optionalChoice(STANCES),
  event: optionalText(100),
  back,
  next: z.string().max(500).optional(),
})
type VerdictFields = z.infer<typeof verdictSchema>

export function verdictPages(routes: Routes, deps: WebDeps): void {
  routes.post('/verdicts', 'review', async c => {
    const fields = await formOf(c, verdictSchema)
    if (fields.event !== undefined && !deps.events.some(({ id }) => id === fields.event))
      throw notFound('event')
    const flags = await flagsOf(deps, [fields.flag, ...(fields.copies ? fields.copy : [])])
    const made = deps.store.decisions.verdicts(
      flags.map(flag => inputOf(flag, fields)),
      userOf(c).id,
    )
    const done = made.map(({ id }) => id).join('.')
    if (c.req.header('hx-request') === 'true') return c.html(decidedCard(made))
    if (fields.next === undefined)
      return c.redirect(withDone(localPath(fields.back, deps.publicUrl) ?? '/review', done), 303)
    return takeAndOpen(
      c,
      deps,
      deskSchema.parse(Object.fromEntries(new URLSearchParams(fields.next))),
      undefined,
      done,
    )
  })

  routes.post('/decisions/:ids/undo', 'review', async c => {
    const { back } = await formOf(c, z.object({ back: z.string().max(2_000).default('/review') }))
    const user = userOf(c)
    const verdicts = idsOf(c).map(id => deps.store.decisions.get(id))
    for (const verdict of verdicts) {
      if (verdict?.kind !== 'verdict') throw notFound('decision')
      if (verdict.by !== user.id && !can(user, 'adjudicate'))
        throw new PageError(
          403,
          'This decision is not yours',
          'You can undo what you decided yourself; a lead can undo every decision.',
        )
      deps.store.decisions.undo(verdict, user.id)
    }
    return c.redirect(localPath(back, deps.publicUrl) ?? '/review', 303)
  })

  routes.post('/flags/:id/rule-note', 'review', async c => {
    const { note, back } = await formOf(
      c,
      z.object({ note: z.string().trim().min(1).max(4_000), back: z.string().max(2_000).default('/review') }),
    )
    const [flag] = await flagsOf(deps, [c.req.param('id') ?? ''])
    deps.store.decisions.ruleNote(
      { articleId: flag!.article.id, flagId: flag!.id, rule: flag!.rule, note },
      userOf(c).id,
    )
    return c.redirect(localPath(back, deps.publicUrl) ?? '/review', 303)
  })
}

function labelOf(text: string | undefined): { category: Category; subtype: Subtype } | undefined {
  const [category, subtype] = (text ?? '').split('/')
  const known = CATEGORIES.find(one => one === category)
  const fits =
    known && ALL_SUBTYPES.find(one => one === subtype && (SUBTYPES[known] as readonly string[]).includes(one))
  return fits ? { category: known, subtype: fits } : undefined
}

function inputOf(
  flag: FlagDocument,
  { decision, note, askSecond, label, severity, voice, stance, event }: VerdictFields,
) {
  const corrected = {
    ...(label ?? {}),
    ...(severity !== undefined && { severity }),
    ...(voice && { voice }),
    ...(stance && { stance }),
    ...(event !== undefined && { event }),
  }
  return {
    articleId: flag.article.id,
    flagId: flag.id,
    decision,
    ...(note !== undefined && { note }),
    ...(askSecond && { askSecond }),
    ...(Object.keys(corrected).length > 0 && { corrected }),
  } satisfies Partial<Verdict>
}

/** @throws PageError 404 when one of them is not there. */
async function flagsOf(deps: WebDeps, ids: readonly string[]): Promise<FlagDocument[]> {
  const flags = await Promise.all([...new Set(ids)].map(id => deps.reader.flag(id)))
  return flags.map(flag => {
    if (!flag) throw notFound('passage')
    return flag
  })
}

function idsOf(c: Ask): string[] {
  return (c.req.param('ids') ?? '').split('.').slice(0, MOST_COPIES + 1)
}

/** A long list of copies does not fit an address: the first ones can be undone together. */
const MOST_DONE = 40

function withDone(path: string, done: string): string {
  const url = new URL(path, 'http://local')
  url.searchParams.set('done', done.split('.').slice(0, MOST_DONE).join('.'))
  return url.pathname + url.search + url.hash
}

/** Says what was just decided, with the way back. The address names the decisions: `done=id.id`. */
export function doneNotice(c: Ask, deps: WebDeps): Html | '' {
  const user = c.get('user')
  const ids = (c.req.query('done') ?? '')
    .split('.')
    .filter(id => id !== '')
    .slice(0, MOST_DONE)
  const made = ids
    .map(id => deps.store.decisions.get(id))
    .filter((one): one is Verdict => one?.kind === 'verdict' && one.by === user?.id)
  const first = made[0]
  if (!first) return ''
  const { pathname, searchParams } = new URL(c.req.url)
  searchParams.delete('done')
  const here = searchParams.size > 0 ? `${pathname}?${searchParams.toString()}` : pathname
  const isUndone = deps.store.decisions
    .ofFlags([first.flagId])
    .get(first.flagId)
    ?.some(one => one.kind === 'undo' && one.of === first.id)
  if (isUndone) return ''
  return notice(recorded(made, here))
}

function recorded(made: readonly Verdict[], here: string): Html {
  const first = made[0]!
  return html`<span
      >Recorded:
      <strong>${VERDICT[first.decision].name}</strong
      >${made.length > 1 ? html` for ${count(made.length, 'passage')}` : ''}.</span
    >
    <form method="post" action="/decisions/${made.map(({ id }) => id).join('.')}/undo">
      <input type="hidden" name="back" value="${here}" /><button data-key="u">Undo</button>
    </form>`
}

/** What stays of a card in the queue when its passage is decided. */
function decidedCard(made: readonly Verdict[]): Html {
  return html`<article class="card decided" data-card data-decided tabindex="-1" id="done-${made[0]!.flagId}">
    <div class="notice good" role="status">${recorded(made, '/review')}</div>
  </article>`
}
