/** Flagged pages are looked at again, because they are edited and taken down; and what a person had deleted is deleted here. */
import type { Decision } from '../core/decision.ts'
import type { Finding } from '../core/finding.ts'
import type { Observation } from '../core/observation.ts'
import type { EvidenceStore } from '../core/ports.ts'
import type { Source } from '../core/source.ts'
import { eachRecord, message } from '../core/stage.ts'
import type { Stage } from '../core/stage.ts'
import { decisions, findings, observations } from '../core/topics.ts'
import { articleSourceOf, hasWords } from './build-article.ts'
import type { DueRecheck, IngestStore, Seen } from './ingest-store.ts'
import type { PollDeps } from './poll.ts'
import { lookAtPage, publish } from './take-item.ts'
import type { Looked } from './take-item.ts'
import { Tally } from './tally.ts'
import type { PollEnd } from './tally.ts'
import { chooseWords, pageTitleHashOf } from './words.ts'

const HOUR_MS = 3_600_000
/** Pages of one tick; the rest is due at the next. */
const MAX_PER_TICK = 50

/** Reads findings and remembers when the page of each flagged one is to be looked at again: `hours` after its first capture. */
export function recheckStage(
  store: IngestStore,
  hours: readonly number[] = [1, 24, 168, 720],
): Stage<Finding> {
  return {
    name: 'ingest',
    reads: findings,
    handle: eachRecord(finding => {
      const { article, flagged } = finding
      // An archive that was imported is no page we fetched: its outlets are left in peace.
      const imported = article.evidence.status === undefined
      const first = Date.parse(article.fetchedAt)
      // A revision was found by such a look: its plan stands already.
      if (!flagged || imported || article.revision > 0 || store.seen(article.id)?.state !== 'published')
        return []
      store.transact(() => {
        for (const hour of hours)
          store.planRecheck(article.id, new Date(first + hour * HOUR_MS).toISOString(), article.title)
      })
      return []
    }),
  }
}

/** Obeys the decisions to delete: the evidence of the article goes, and it is not fetched again. */
export function deletionStage(store: IngestStore, evidence: EvidenceStore): Stage<Decision> {
  return {
    name: 'ingest-deletions',
    reads: decisions,
    handle: eachRecord(async decision => {
      if (decision.kind !== 'delete') return []
      // Evidence first: were we stopped in between, the hashes are still known.
      for (const rawHash of store.evidenceOf(decision.articleId))
        await evidence.delete(rawHash, decision.reason)
      store.transact(() => store.forget(decision.articleId))
      return []
    }),
  }
}

export interface RecheckOptions extends Omit<PollDeps, 'signal'> {
  readonly sources: readonly Source[]
  readonly signal: AbortSignal
}

/** Looks again at the pages that are due. */
export async function recheckDue(options: RecheckOptions): Promise<void> {
  const { store, clock, signal } = options
  const sources = new Map(options.sources.map(source => [source.id, source]))
  for (const due of store.dueRechecks(clock.now().toISOString(), MAX_PER_TICK)) {
    if (signal.aborted) return
    const seen = store.seen(due.articleId)
    const source = seen && sources.get(seen.sourceId)
    const web = seen !== undefined && /^https?:/u.test(seen.url) && !seen.url.includes('#')
    if (seen?.state !== 'published' || !source || !web)
      store.doneRechecks(due.articleId, clock.now().toISOString())
    else await recheck(due, seen, source, options)
  }
}

async function recheck(due: DueRecheck, seen: Seen, source: Source, deps: RecheckOptions): Promise<void> {
  const { store, clock } = deps
  const began = clock.now()
  const looked = await lookAtPage(seen.url, source, deps)
  const now = clock.now().toISOString()
  if ('waitMs' in looked) {
    store.transact(() => {
      store.doneRechecks(seen.id, now)
      store.planRecheck(seen.id, new Date(clock.now().getTime() + looked.waitMs).toISOString(), due.title)
    })
    return
  }
  const tally = new Tally({ sourceId: source.id, of: seen.url, kind: 'recheck', at: began.toISOString() })
  const end = compare(due, seen, source, looked, tally, deps)
  const observation: Observation = tally.observation({
    ...end,
    durationMs: clock.now().getTime() - began.getTime(),
  })
  store.transact(() => {
    store.outbox.enqueue([message(observations, observation)])
    store.doneRechecks(seen.id, now)
    store.closeOpenPoll(tally.id)
  })
}

function compare(
  due: DueRecheck,
  seen: Seen,
  source: Source,
  looked: Looked,
  tally: Tally,
  deps: RecheckOptions,
): PollEnd {
  const status = looked.status === undefined ? {} : { status: looked.status }
  const { page, evidence } = looked
  const words = page && chooseWords(titledItem(due, seen, pageTitleHashOf(page)), page)
  if (!page || !evidence || !words || page.text === '' || !hasWords(words)) {
    tally.count(
      seen.id,
      looked.refused === true ? 'refused' : 'failed',
      looked.trouble ?? 'the page has no text any more',
    )
    return { outcome: looked.refused === true ? 'refused' : 'failed', reason: goneOr(looked), ...status }
  }
  const fetchedAt = deps.clock.now().toISOString()
  const pageTitleHash = pageTitleHashOf(page)
  const fate = publish(
    {
      source: articleSourceOf(source),
      id: seen.id,
      url: seen.url,
      words,
      evidence,
      firstSeenAt: seen.firstSeenAt,
      fetchedAt,
      itemHash: seen.itemHash,
      known: seen,
      ...(pageTitleHash !== undefined && { pageTitleHash }),
    },
    looked,
    tally,
    deps,
  )
  return { outcome: fate === 'unchanged' ? 'unchanged' : 'fresh', ...status }
}

/** The title as published, unless the page's own has changed: feeds often give another title than pages from the start. */
function titledItem(due: DueRecheck, seen: Seen, pageTitleHash: string | undefined) {
  const edited =
    seen.pageTitleHash !== undefined && pageTitleHash !== undefined && pageTitleHash !== seen.pageTitleHash
  const publishedAt = seen.publishedAt === undefined ? {} : { publishedAt: seen.publishedAt }
  return { id: seen.id, ...(!edited && due.title !== '' && { title: due.title }), ...publishedAt }
}

function goneOr(looked: Looked): string {
  if (looked.status === 404 || looked.status === 410) return `the page is gone (${String(looked.status)})`
  return looked.trouble ?? 'the page has no text any more'
}
