/** A reviewer sees the own verdict at once: what `app.db` knows is laid over what the index has heard of so far. */
import type { Decision } from '../core/decision.ts'
import { standingOf } from '../core/decision.ts'
import type { ArticleDocument, FlagDocument } from '../core/document.ts'
import type { Decisions } from './store/decisions.ts'

export function overlayFlags(
  store: Pick<Decisions, 'ofFlags'>,
  flags: readonly FlagDocument[],
): FlagDocument[] {
  const ours = store.ofFlags(flags.map(({ id }) => id))
  return flags.map(flag => {
    const decisions = ours.get(flag.id)
    if (!decisions) return flag
    const { verdict } = flag.standing
    return withStanding(flag, verdict ? [verdict, ...decisions] : decisions)
  })
}

export function overlayArticle(
  store: Pick<Decisions, 'ofArticle'>,
  document: ArticleDocument,
): ArticleDocument {
  const byId = new Map(
    [...document.decisions, ...store.ofArticle(document.article.id)].map(one => [one.id, one]),
  )
  const decisions = [...byId.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  const deleted = document.deleted || decisions.some(({ kind }) => kind === 'delete')
  return { ...document, deleted, decisions, flags: document.flags.map(flag => withStanding(flag, decisions)) }
}

function withStanding(flag: FlagDocument, decisions: readonly Decision[]): FlagDocument {
  return { ...flag, standing: standingOf(flag.id, flag.severity, decisions) }
}
