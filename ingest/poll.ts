/** One look at a source: its feeds, listings and sitemaps, every new item of them, and an observation of each look. */
import type { EvidenceRef } from '../core/article.ts'
import { sha256 } from '../core/hash.ts'
import type { Logger } from '../core/logger.ts'
import { FATES, observationSchema } from '../core/observation.ts'
import type { Fate, Observation, PollOutcome } from '../core/observation.ts'
import type { GetResponse } from '../core/ports.ts'
import type { Source } from '../core/source.ts'
import { message } from '../core/stage.ts'
import { observations } from '../core/topics.ts'
import type { FeedState, IngestStore } from './ingest-store.ts'
import { itemsOf, targetsOf } from './targets.ts'
import type { Target } from './targets.ts'
import { takeItem, identityOf } from './take-item.ts'
import type { TakeDeps } from './take-item.ts'
import { Tally } from './tally.ts'
import type { PollEnd } from './tally.ts'
import type { Item } from './words.ts'

export interface PollDeps extends TakeDeps {
  readonly logger: Logger
  /** When the source will be looked at next, for its observations. `lives`: this look found it alive. */
  readonly nextDue?: (lives: boolean, waitMs?: number) => string
}

export interface PollSummary {
  readonly sourceId: string
  /** Of all looks the best: one feed that answers is a source that lives. */
  readonly outcome: PollOutcome
  readonly seen: number
  readonly fates: Readonly<Record<Fate, number>>
  readonly durationMs: number
  /** The site asked us to wait so long. */
  readonly waitMs?: number
  readonly reason?: string
  readonly warnings: readonly string[]
}

/** A feed is fetched whole at least this often: some servers say "unchanged" of what has changed. */
const FULL_EVERY_MS = 24 * 3_600_000
/** New pages of one look; at the gap a host is due, more would keep the source for an hour. */
const MAX_NEW_PER_POLL = 100

export async function pollSource(source: Source, deps: PollDeps): Promise<PollSummary> {
  const began = deps.clock.now().getTime()
  const looks: Look[] = []
  for (const target of targetsOf(source)) {
    const look = deps.signal?.aborted ? STOPPED : await unlessStopped(pollTarget(source, target, deps), deps)
    if (look === STOPPED) break
    looks.push(look)
    if (look.waitMs !== undefined) break
  }
  return summaryOf(source, looks, deps.clock.now().getTime() - began)
}

const STOPPED = Symbol('stopped')

/** What fails because we stop has no fate: it comes with the next look. */
async function unlessStopped<T>(work: Promise<T>, { signal }: PollDeps): Promise<T | typeof STOPPED> {
  try {
    return await work
  } catch (thrown) {
    if (signal?.aborted) return STOPPED
    throw thrown
  }
}

/** Observations of polls that a kill cut short. Call it once, before polling. */
export function accountForInterrupted(store: IngestStore): number {
  const open = store.openPolls()
  if (open.length === 0) return 0
  store.transact(() => {
    for (const { id, observationJson } of open) {
      const observation = observationSchema.safeParse(JSON.parse(observationJson))
      if (observation.success) store.outbox.enqueue([message(observations, observation.data)])
      store.closeOpenPoll(id)
    }
  })
  return open.length
}

interface Look {
  readonly observation: Observation
  readonly waitMs?: number
}

async function pollTarget(source: Source, target: Target, deps: PollDeps): Promise<Look> {
  const { store, clock, logger } = deps
  const began = clock.now()
  const tally = new Tally({ sourceId: source.id, of: target.url, kind: target.kind, at: began.toISOString() })
  const before = store.feedState(source.id, target.url)
  const answer = await fetchTarget(source, target, before, began, deps)
  const { state, waitMs, ...end } =
    answer.outcome === 'fresh'
      ? await takeFresh(source, target, before, answer, tally, deps)
      : endWithout(answer, before)
  const lives = end.outcome === 'fresh' || end.outcome === 'unchanged'
  const nextDueAt = deps.nextDue?.(lives, waitMs)
  const observation = tally.observation({
    ...end,
    durationMs: clock.now().getTime() - began.getTime(),
    ...(nextDueAt !== undefined && { nextDueAt }),
  })
  store.transact(() => {
    if (state) store.saveFeedState(source.id, target.url, state)
    store.outbox.enqueue([message(observations, observation)])
    store.closeOpenPoll(tally.id)
  })
  if (observation.outcome === 'failed' || observation.outcome === 'refused') {
    logger.warn(
      { source: source.id, of: target.url, reason: observation.reason },
      'a look at a source failed',
    )
  }
  return { observation, ...(waitMs !== undefined && { waitMs }) }
}

type Ended = PollEnd & { readonly state?: FeedState; readonly waitMs?: number }
type Fresh = Extract<GetResponse, { outcome: 'fresh' }>

async function fetchTarget(
  source: Source,
  target: Target,
  before: FeedState,
  now: Date,
  deps: PollDeps,
): Promise<GetResponse> {
  const full =
    before.lastFullAt === undefined || now.getTime() - Date.parse(before.lastFullAt) >= FULL_EVERY_MS
  return deps.fetcher.get(
    {
      url: target.url,
      sourceId: source.id,
      kind: target.kind === 'listing' ? 'page' : 'feed',
      ...(!full && before.etag !== undefined && { etag: before.etag }),
      ...(!full && before.lastModified !== undefined && { lastModified: before.lastModified }),
      ...(source.robotsOverride !== undefined && { robotsOverride: source.robotsOverride }),
    },
    deps.signal,
  )
}

function endWithout(answer: Exclude<GetResponse, { outcome: 'fresh' }>, before: FeedState): Ended {
  if (answer.outcome === 'unchanged') return { outcome: 'unchanged', status: 304, state: before }
  if (answer.outcome === 'refused') return { outcome: 'refused', reason: answer.reason }
  return {
    outcome: 'failed',
    reason: answer.permanent === 'gone' ? `gone: ${answer.reason}; look for its new address` : answer.reason,
    ...(answer.status !== undefined && { status: answer.status }),
    ...(answer.retryAfterMs !== undefined && { waitMs: answer.retryAfterMs }),
  }
}

async function takeFresh(
  source: Source,
  target: Target,
  before: FeedState,
  answer: Fresh,
  tally: Tally,
  deps: PollDeps,
): Promise<Ended> {
  const { clock, parser, evidence } = deps
  const bodyHash = sha256(answer.body)
  const state: FeedState = {
    lastFullAt: clock.now().toISOString(),
    bodyHash,
    ...(answer.etag !== undefined && { etag: answer.etag }),
    ...(answer.lastModified !== undefined && { lastModified: answer.lastModified }),
  }
  const came = { status: answer.status, bytes: answer.body.byteLength }
  // The same bytes as after the last whole look: nothing in them is new.
  if (before.bodyHash === bodyHash) return { outcome: 'unchanged', ...came, state }
  if (new URL(answer.url).hostname !== new URL(target.url).hostname)
    tally.warn(`moved: ${target.url} now answers from ${answer.url}`)
  const found = await itemsOf(source, target, answer, { parser, now: clock.now() })
  if (!found.ok) {
    // Bytes that cannot be read are kept for whoever looks into it, once.
    await evidence.put(answer.capture)
    return { outcome: 'failed', reason: found.reason, ...came }
  }
  for (const warning of found.value.warnings) tally.warn(warning)
  const left = await takeItems(found.value.items, source, target, answer, tally, deps)
  // Items are left: the next look must get the feed again, not "unchanged".
  if (left.number > 0)
    return {
      outcome: 'fresh',
      ...came,
      state: before,
      ...(left.waitMs !== undefined && { waitMs: left.waitMs }),
    }
  return { outcome: 'fresh', ...came, state }
}

async function takeItems(
  items: readonly Item[],
  source: Source,
  target: Target,
  answer: Fresh,
  tally: Tally,
  deps: PollDeps,
): Promise<{ readonly number: number; readonly waitMs?: number }> {
  const keepEvidence = once(() => deps.evidence.put(answer.capture))
  const where = { source, url: target.url, keepEvidence }
  const taken = new Set<string>()
  let fresh = 0
  for (const [at, item] of items.entries()) {
    const { id } = identityOf(item, where)
    if (taken.has(id)) {
      tally.count(id, 'unchanged')
      continue
    }
    taken.add(id)
    const left = items.length - at
    if (deps.signal?.aborted) return leave(left, 'we were stopped', tally)
    if (fresh >= MAX_NEW_PER_POLL)
      return leave(left, `at most ${String(MAX_NEW_PER_POLL)} are taken at a time`, tally)
    const before = tally.fates.unchanged
    const asked = await unlessStopped(takeItem(item, where, tally, deps), deps)
    if (asked === STOPPED) return leave(left, 'we were stopped', tally)
    if (asked) return { ...leave(left, 'the site asked us to wait', tally), waitMs: asked.waitMs }
    if (tally.fates.unchanged === before) fresh++
  }
  return { number: 0 }
}

function leave(number: number, why: string, tally: Tally): { readonly number: number } {
  tally.warn(`${String(number)} items are left for the next look: ${why}`)
  return { number }
}

function once(work: () => Promise<EvidenceRef>): () => Promise<EvidenceRef> {
  let done: Promise<EvidenceRef> | undefined
  return () => (done ??= work())
}

const BEST_FIRST: readonly PollOutcome[] = ['fresh', 'unchanged', 'refused', 'failed']

function summaryOf(source: Source, looks: readonly Look[], durationMs: number): PollSummary {
  const seen = looks.map(look => look.observation)
  const outcome = BEST_FIRST.find(one => seen.some(observation => observation.outcome === one)) ?? 'failed'
  const reason = seen.find(observation => observation.outcome === outcome)?.reason
  const waitMs = looks.find(look => look.waitMs !== undefined)?.waitMs
  const fates = Object.fromEntries(
    FATES.map(fate => [fate, seen.reduce((sum, one) => sum + one.fates[fate], 0)]),
  ) as Record<Fate, number>
  return {
    sourceId: source.id,
    outcome,
    seen: seen.reduce((sum, one) => sum + one.seen, 0),
    fates,
    durationMs,
    warnings: seen.flatMap(one => one.warnings),
    ...(waitMs !== undefined && { waitMs }),
    ...(looks.length === 0
      ? {
          reason:
            targetsOf(source).length === 0
              ? 'the source has no feed, listing or sitemap'
              : 'we were stopped before it answered',
        }
      : reason !== undefined && { reason }),
  }
}
