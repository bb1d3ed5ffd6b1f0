/** Decides when each source is looked at. node-cron only wakes it; what is due stands in `ingest.db`, so a missed tick matters nothing. */
import { parse, schedule } from 'node-cron'
import { ConfigError, RetryLater, reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { Clock, EventLog, EvidenceStore, Fetcher } from '../core/ports.ts'
import type { Source } from '../core/source.ts'
import { fateOf } from '../core/sqlite.ts'
import { nextDue, spreadAfterSleep } from './due.ts'
import type { CronFields } from './due.ts'
import type { IngestStore } from './ingest-store.ts'
import { parsePool } from './parse-pool.ts'
import type { Parser } from './parse-pool.ts'
import { accountForInterrupted, pollSource } from './poll.ts'
import type { PollSummary } from './poll.ts'
import { recheckDue } from './recheck.ts'

export interface IngestOptions {
  readonly sources: readonly Source[]
  readonly settings?: { readonly concurrency?: number }
  readonly fetcher: Fetcher
  readonly evidence: EvidenceStore
  readonly store: IngestStore
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Parses untrusted bytes; a pool of child processes unless given. */
  readonly parser?: Parser
}

const CONCURRENCY = 16

/**
 * Looks at every enabled source when it is due, until the signal is aborted; then ends the looks in hand and resolves.
 * @throws ConfigError when the schedule of a source names no time.
 */
export async function runScheduler(options: IngestOptions & { readonly log?: EventLog }): Promise<void> {
  const { logger, signal } = options
  options.sources.forEach(cronOf)
  const parser = options.parser ?? parsePool()
  const interrupted = accountForInterrupted(options.store)
  if (interrupted > 0)
    logger.warn({ interrupted }, 'polls had been interrupted; what was left comes with the next')
  const scheduler = createScheduler({ ...options, parser })
  // Once a minute in UTC: a time of day would be skipped when clocks change.
  const cron = schedule('* * * * *', () => scheduler.tick(), {
    timezone: 'UTC',
    noOverlap: true,
    name: 'ingest',
    suppressMissedWarning: true,
    logger: quiet(logger),
  })
  try {
    scheduler.tick()
    await Promise.race([aborted(signal), scheduler.failed])
  } finally {
    await cron.destroy()
    await scheduler.idle()
    if (!options.parser) await parser.close()
  }
}

export interface Scheduler {
  /** Starts what is due, as far as there is room. */
  tick(): void
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
  /** Rejects when going on would be wrong: a fault of ours, not of a site. */
  readonly failed: Promise<never>
}

/** The scheduler without its alarm clock, for whoever ticks it. */
export function createScheduler(options: IngestOptions & { readonly parser: Parser }): Scheduler {
  const { store, clock, logger, signal } = options
  const enabled = options.sources.filter(source => source.enabled)
  const room = options.settings?.concurrency ?? CONCURRENCY
  const underWay = new Map<string, Promise<void>>()
  /** Looked at since the last tick: were its next time not kept (the disk is full), it would be due at once, for ever. */
  const looked = new Set<string>()
  let rechecking: Promise<void> | undefined
  const { promise: failed, reject: fail } = Promise.withResolvers<never>()
  failed.catch(() => undefined)

  /** Sources that are due, the longest overdue first, one per host. */
  function due(): Source[] {
    const now = clock.now()
    const waiting = enabled.flatMap(source => {
      if (underWay.has(hostOf(source)) || looked.has(source.id)) return []
      const dueAt = dueOf(source, now)
      return dueAt <= now.toISOString() ? [{ source, dueAt }] : []
    })
    waiting.sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0))
    const hosts = new Set<string>()
    return waiting
      .map(one => one.source)
      .filter(source => !hosts.has(hostOf(source)) && hosts.add(hostOf(source)))
  }

  function dueOf(source: Source, now: Date): string {
    const state = store.sourceState(source.id)
    // A source never looked at is due at once.
    if (state.nextDueAt === undefined) return ''
    const spread = spreadAfterSleep(source.id, state.nextDueAt, now)
    if (!spread) return state.nextDueAt
    store.saveSourceState(source.id, { ...state, nextDueAt: spread.toISOString() })
    return spread.toISOString()
  }

  /** A full disk and the like pass; anything else is a fault of ours. */
  function excuse(thrown: unknown, fields: object): void {
    const fate = fateOf(thrown, 'ingest memory')
    if (fate instanceof RetryLater)
      logger.warn({ ...fields, reason: fate.message }, 'a look waits for a part of ours')
    else fail(fate)
  }

  function start(source: Source): void {
    const host = hostOf(source)
    looked.add(source.id)
    const look = lookAt(source, options)
      .then(() => undefined)
      .catch((thrown: unknown) => excuse(thrown, { source: source.id }))
      .finally(() => {
        underWay.delete(host)
        fill()
      })
    underWay.set(host, look)
  }

  function fill(): void {
    if (signal.aborted) return
    for (const source of due().slice(0, Math.max(0, room - underWay.size))) start(source)
  }

  function recheck(): void {
    if (rechecking || signal.aborted) return
    rechecking = recheckDue(options)
      .catch((thrown: unknown) => excuse(thrown, { rechecks: true }))
      .finally(() => (rechecking = undefined))
  }

  return {
    tick() {
      looked.clear()
      fill()
      recheck()
    },
    async idle() {
      while (underWay.size > 0 || rechecking) await Promise.all([...underWay.values(), rechecking])
    },
    failed,
  }
}

/** One look, and the time of the next. */
async function lookAt(
  source: Source,
  options: IngestOptions & { readonly parser: Parser },
): Promise<PollSummary> {
  const { store, clock, signal } = options
  const before = store.sourceState(source.id)
  const failuresAfter = (lives: boolean): number => (lives ? 0 : before.failures + 1)
  const next = (lives: boolean, waitMs?: number): string =>
    nextDue(cronOf(source), source.id, clock.now(), {
      failures: failuresAfter(lives),
      ...(waitMs !== undefined && { waitMs }),
    }).toISOString()
  const save = (lives: boolean, lastOutcome: string, waitMs?: number): void =>
    store.saveSourceState(source.id, {
      nextDueAt: next(lives, waitMs),
      failures: failuresAfter(lives),
      lastPollAt: clock.now().toISOString(),
      lastOutcome,
    })
  // Kept before the look: a look that kills the process must not be the first thing after every start.
  if (!signal.aborted) save(false, 'failed')
  const summary = await pollSource(source, { ...options, nextDue: next })
  if (signal.aborted) store.saveSourceState(source.id, { ...before, nextDueAt: clock.now().toISOString() })
  else save(summary.outcome === 'fresh' || summary.outcome === 'unchanged', summary.outcome, summary.waitMs)
  return summary
}

/** @throws ConfigError when the expression names no time at all. */
function cronOf(source: Source): CronFields {
  try {
    return parse(source.schedule)
  } catch (thrown) {
    throw new ConfigError(
      `source ${source.id}: expected a cron expression as schedule, came ${JSON.stringify(source.schedule)} (${reasonOf(thrown)})`,
    )
  }
}

function hostOf(source: Source): string {
  const first = source.feeds[0] ?? source.listings[0]?.url ?? source.sitemaps[0] ?? source.homepage
  return new URL(first).host
}

export interface OnceOptions extends IngestOptions {
  readonly log: EventLog
  readonly onPolled?: (summary: PollSummary) => void | Promise<void>
}

/**
 * One look at each of the sources, enabled or not, whatever the schedule says; everything found is in the log when it
 * resolves. One host is asked one thing at a time.
 */
export async function ingestOnce(options: OnceOptions): Promise<readonly PollSummary[]> {
  const parser = options.parser ?? parsePool()
  const summaries: PollSummary[] = []
  const byHost = Map.groupBy(options.sources, hostOf)
  const waiting = [...byHost.values()]
  const worker = async (): Promise<void> => {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      for (const source of group) {
        if (options.signal.aborted) return
        const summary = await lookAt(source, { ...options, parser }).catch((thrown: unknown) =>
          failedSummary(source, thrown),
        )
        summaries.push(summary)
        await options.onPolled?.(summary)
      }
    }
  }
  try {
    accountForInterrupted(options.store)
    await Promise.all(Array.from({ length: options.settings?.concurrency ?? CONCURRENCY }, worker))
    await relayAll(options)
  } finally {
    if (!options.parser) await parser.close()
  }
  return summaries
}

/** A part of ours that is not ready fails one source, with its reason; anything else is a bug. */
function failedSummary(source: Source, thrown: unknown): PollSummary {
  if (!(thrown instanceof RetryLater)) throw thrown
  const fates = { published: 0, revised: 0, unchanged: 0, duplicate: 0, refused: 0, failed: 0 }
  return {
    sourceId: source.id,
    outcome: 'failed',
    seen: 0,
    fates,
    durationMs: 0,
    reason: reasonOf(thrown),
    warnings: [],
  }
}

async function relayAll({ store, log }: OnceOptions): Promise<void> {
  for (let relayed = 1; relayed > 0;) relayed = await store.outbox.relayOnce(log)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** node-cron prints to standard output unless it is given somewhere else to say things. */
function quiet(logger: Logger): {
  info(message: string): void
  warn(message: string): void
  error(message: string | Error): void
  debug(message: string | Error): void
} {
  const say = (message: string | Error): void => logger.debug({ said: reasonOf(message) }, 'node-cron')
  return { info: say, warn: say, error: say, debug: say }
}
