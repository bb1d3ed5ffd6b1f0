/** One item of a feed, listing or sitemap on its way to being an article: its page is fetched, kept as evidence, read, and judged. */
import type { EvidenceRef } from '../core/article.ts'
import { Quarantine } from '../core/errors.ts'
import { hashId } from '../core/hash.ts'
import type { Fate } from '../core/observation.ts'
import type { Clock, EvidenceStore, Fetcher, GetResponse } from '../core/ports.ts'
import type { Source } from '../core/source.ts'
import { message } from '../core/stage.ts'
import { articles } from '../core/topics.ts'
import { articleSourceOf, hasWords } from './build-article.ts'
import { articleId, cleanUrl } from './canonical-url.ts'
import type { Extraction } from './extract.ts'
import type { IngestStore, Seen } from './ingest-store.ts'
import { judge } from './judge.ts'
import type { Candidate } from './judge.ts'
import type { Parser } from './parse-pool.ts'
import type { Tally } from './tally.ts'
import { chooseWords, itemHashOf, pageTitleHashOf } from './words.ts'
import type { Item } from './words.ts'

export interface TakeDeps {
  readonly fetcher: Fetcher
  readonly evidence: EvidenceStore
  readonly store: IngestStore
  readonly parser: Parser
  readonly clock: Clock
  readonly signal?: AbortSignal
}

/** The site asked us to wait: what is left of the poll is left for the next. */
export interface AskedToWait {
  readonly waitMs: number
}

/** Where an item stood: its evidence where the page has none. */
export interface Where {
  readonly source: Source
  /** The feed, listing or sitemap. */
  readonly url: string
  /** Keeps the bytes that the item came in, and answers the proof. */
  keepEvidence(): Promise<EvidenceRef>
}

const HOUR_MS = 3_600_000
/** Hours after which a page that could not be read is tried again. */
const RETRY_HOURS = [1, 24]

/** The address of the item, and the id of its article; an item without a link is known by its guid. */
export function identityOf(
  item: Item,
  where: Pick<Where, 'source' | 'url'>,
): { readonly id: string; readonly url: string } {
  const url = item.url === undefined ? undefined : cleanUrl(item.url)
  if (url !== undefined) return { id: articleId(url), url }
  const id = hashId(where.source.id, item.id)
  return { id, url: `${where.url}#${id}` }
}

/** Takes one item and counts its fate, in the transaction that stores what follows from it. */
export async function takeItem(
  item: Item,
  where: Where,
  tally: Tally,
  deps: TakeDeps,
): Promise<AskedToWait | undefined> {
  const { id, url } = identityOf(item, where)
  const itemHash = itemHashOf(item)
  const known = deps.store.seen(id)
  if (known && (known.itemHash === itemHash || known.state === 'deleted')) {
    tally.count(id, 'unchanged')
    return undefined
  }
  const looked = item.url === undefined ? undefined : await lookAtPage(url, where.source, deps)
  if (looked && 'waitMs' in looked) return looked
  if (looked?.trouble !== undefined) tally.warn(`${looked.trouble}; the feed's own words were used`)
  for (const warning of looked?.page?.warnings ?? []) tally.warn(warning)
  const words = chooseWords(item, looked?.page)
  if (!hasWords(words)) {
    countWordless({ id, url, itemHash, known, looked, tally, source: where.source, deps })
    return
  }
  if (looked?.transient === true && known?.state === 'published') {
    // Less than what was published before: no revision. The page is tried again later.
    store(deps, { ...known, itemHash }, words.title ?? '', looked, tally, 'unchanged')
    return undefined
  }
  const now = deps.clock.now().toISOString()
  const evidence = looked?.evidence ?? (await where.keepEvidence())
  const pageTitleHash = pageTitleHashOf(looked?.page)
  publish(
    {
      source: articleSourceOf(where.source),
      id,
      url,
      words,
      evidence,
      firstSeenAt: now,
      fetchedAt: now,
      itemHash,
      known,
      ...(pageTitleHash !== undefined && { pageTitleHash }),
    },
    looked,
    tally,
    deps,
  )
  return undefined
}

export interface Looked {
  readonly page?: Extraction
  readonly evidence?: EvidenceRef
  /** Why there are no words of the page. */
  readonly trouble?: string
  /** It may be there next time. */
  readonly transient?: boolean
  readonly refused?: boolean
  readonly status?: number
}

/** The page, its bytes kept before anything is made of them. */
export async function lookAtPage(url: string, source: Source, deps: TakeDeps): Promise<Looked | AskedToWait> {
  const override = source.robotsOverride
  const answer = await deps.fetcher.get(
    { url, sourceId: source.id, kind: 'page', ...(override !== undefined && { robotsOverride: override }) },
    deps.signal,
  )
  if (answer.outcome !== 'fresh') return withoutPage(answer)
  const evidence = await deps.evidence.put(answer.capture)
  const unfit = unfitPage(url, answer)
  if (unfit !== undefined) return { evidence, status: answer.status, trouble: unfit }
  const parsed = await deps.parser.page(answer.body, {
    url: answer.url,
    ...(answer.contentType !== undefined && { contentType: answer.contentType }),
    ...(source.charset !== undefined && { sourceCharset: source.charset }),
    ...(source.extract && { rules: source.extract }),
  })
  if (!parsed.ok)
    return { evidence, status: answer.status, trouble: `a page could not be read: ${parsed.reason}` }
  return { evidence, status: answer.status, page: parsed.value }
}

/** Why what came is not the page asked for. */
function unfitPage(url: string, answer: Extract<GetResponse, { outcome: 'fresh' }>): string | undefined {
  const type = answer.contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== '' && !/html|xml|^text\/|octet-stream/u.test(type))
    return `a page is of type ${type.slice(0, 60)}`
  // Outlets send readers of a page that is gone to their front page.
  return new URL(answer.url).pathname === '/' && new URL(url).pathname !== '/'
    ? 'a page led to the front page'
    : undefined
}

function withoutPage(answer: Exclude<GetResponse, { outcome: 'fresh' }>): Looked | AskedToWait {
  if (answer.outcome === 'unchanged')
    return { trouble: 'a page answered "not modified" to a question it was not asked', status: 304 }
  if (answer.outcome === 'refused')
    return { refused: true, trouble: `a page was not fetched: ${answer.reason}` }
  if (answer.retryAfterMs !== undefined || answer.status === 429)
    return { waitMs: answer.retryAfterMs ?? HOUR_MS / 4 }
  const { status } = answer
  const transient =
    answer.permanent === undefined && (status === undefined || status >= 500 || status === 408)
  return {
    transient,
    trouble: `a page was not fetched: ${answer.reason}`,
    ...(status !== undefined && { status }),
  }
}

interface Wordless {
  readonly id: string
  readonly url: string
  readonly itemHash: string
  readonly known: Seen | undefined
  readonly looked: Looked | undefined
  readonly tally: Tally
  readonly source: Source
  readonly deps: TakeDeps
}

/** Nothing to read. Remembered, so that it is not fetched again until the feed says something new; unless the site may recover. */
function countWordless({ id, url, itemHash, known, looked, tally, source, deps }: Wordless): undefined {
  const fate: Fate = looked?.refused === true ? 'refused' : 'failed'
  const reason = looked?.trouble ?? 'neither a title nor a text'
  if (known?.state === 'published') {
    tally.count(id, 'unchanged')
    tally.warn(`an article known has no words any more: ${reason}`)
    return
  }
  if (looked?.transient === true) {
    tally.count(id, fate, reason)
    return
  }
  const now = deps.clock.now().toISOString()
  const seen: Seen = {
    id,
    sourceId: source.id,
    url,
    state: fate,
    itemHash,
    revision: -1,
    textHash: '',
    titleHash: '',
    at: now,
    firstSeenAt: now,
  }
  deps.store.transact(() => {
    deps.store.saveSeen(seen)
    tally.count(id, fate, reason)
    keep(tally, deps)
  })
}

/** Judges and stores in one transaction: what was seen, the message of it, and the count. */
export function publish(
  candidate: Candidate,
  looked: Looked | undefined,
  tally: Tally,
  deps: TakeDeps,
): Fate {
  return deps.store.transact(() => {
    const { fate, article, seen, reason } = judge(candidate, deps.store)
    try {
      if (article) deps.store.outbox.enqueue([message(articles, article)])
    } catch (thrown) {
      if (!(thrown instanceof Quarantine)) throw thrown
      deps.store.saveSeen({ ...seen, state: 'failed', revision: candidate.known?.revision ?? -1 })
      tally.count(seen.id, 'failed', thrown.message)
      keep(tally, deps)
      return 'failed'
    }
    deps.store.saveSeen(seen)
    deps.store.addEvidence(seen.state === 'duplicate' ? seen.twinOf! : seen.id, candidate.evidence.rawHash)
    if (fate === 'published' && looked?.transient === true)
      planRetries(seen.id, candidate.words.title ?? '', deps)
    tally.count(seen.id, fate, reason)
    keep(tally, deps)
    return fate
  })
}

function store(deps: TakeDeps, seen: Seen, title: string, looked: Looked, tally: Tally, fate: Fate): void {
  deps.store.transact(() => {
    deps.store.saveSeen(seen)
    if (looked.transient === true) planRetries(seen.id, title, deps)
    tally.count(seen.id, fate)
    keep(tally, deps)
  })
}

function planRetries(articleId: string, title: string, deps: TakeDeps): void {
  const now = deps.clock.now().getTime()
  for (const hours of RETRY_HOURS)
    deps.store.planRecheck(articleId, new Date(now + hours * HOUR_MS).toISOString(), title)
}

/** The count so far, in the same transaction: a poll that is killed is accounted for all the same. */
function keep(tally: Tally, deps: TakeDeps): void {
  const observation = tally.observation({
    outcome: 'failed',
    reason: 'the poll was interrupted; what is left comes with the next',
  })
  deps.store.keepOpenPoll(tally.id, JSON.stringify(observation))
}
