/** One group reading one topic of the SQLite log: lease, batch, handler, commit, and a cheap wait when idle. */
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { backoffMs } from '../core/clock.ts'
import { RetryLater, reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { BatchHandler, Clock, LogRecord, LogSubscription, Outcome } from '../core/ports.ts'
import { fateOf, transact } from '../core/sqlite.ts'
import { LeaseLost, leases } from './lease.ts'
import type { Lease, Reader } from './lease.ts'
import { erasedKeys } from './sqlite-erase.ts'

/** Idle groups look for news at least this often. */
const LONGEST_POLL_MS = 200
/** Between handing over a record and handing it over again. */
const RETRY_PAUSE_MS = 200
/** A batch ends at this many UTF-16 units of JSON, so that memory stays small when records are large. */
const BATCH_CHARS = 4_000_000
/** A handler that never waits for anything outside still lets timers and signals through this often. */
const TURN_MS = 20
const LONGEST_REASON = 2_000

export interface ConsumerOptions extends Reader {
  readonly batchSize: number
  readonly handler: BatchHandler
  readonly clock: Clock
  readonly logger: Logger
  readonly owner: string
  readonly pollMs: number
  readonly leaseMs: number
}

export interface Consumer extends LogSubscription {
  /** Something was published or redriven in this process. */
  wake(): void
}

/** A record in hand: from the log, or a letter that was redriven. */
interface InHand {
  readonly seq: number
  readonly record: LogRecord
  /** Row of the dead letter. */
  readonly letter?: number
}

export function consume(db: DatabaseSync, options: ConsumerOptions): Consumer {
  const { group, topic, batchSize, handler, clock, logger, pollMs, leaseMs } = options
  const fields = { group, topic }
  const lease = leases(db, options, options)
  const shelf = shelves(db, options)
  const stopping = new AbortController()
  let nap = new AbortController()
  let held: Lease | undefined

  async function run(): Promise<void> {
    await untilStored(() => lease.join())
    while (!stopping.signal.aborted) {
      const looked = shelf.version()
      const work = held !== undefined || (await untilStored(() => shelf.hasWork()))
      if (work) held ??= await untilStored(() => lease.take())
      const batch = held ? await untilStored(() => shelf.next(held!.nextSeq, batchSize)) : []
      if (batch.length > 0) await handle(batch)
      else if (work && !held)
        await sleep(LONGEST_POLL_MS) // Another worker reads; it may end.
      else await untilNews(looked)
      await turnOfTheLoop() // Several groups may share this process.
    }
  }

  /** Sleeps until there is something to read; an idle log costs one look at a number in shared memory a pause. */
  async function untilNews(version: number): Promise<void> {
    let looked = version
    for (let pause = pollMs; !stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_POLL_MS)) {
      if (await sleep(pause)) return
      // The lease is given back rather than renewed: an idle log is not written to.
      if (held && held.until - clock.now().getTime() < leaseMs / 2) letGo()
      const now = shelf.version()
      if (now !== looked && (await untilStored(() => shelf.hasWork()))) return
      looked = now
    }
  }

  /** True when it was cut short because something was published here, or the group stops. */
  async function sleep(ms: number): Promise<boolean> {
    nap = new AbortController()
    await clock.sleep(ms, nap.signal)
    return nap.signal.aborted
  }

  /**
   * Everything in front of the first `retry` is committed; that record and all behind it are handed over again, with
   * whatever the handler said of them forgotten. So no place is kept but one number, and each key stays in order.
   */
  async function handle(batch: readonly InHand[]): Promise<void> {
    try {
      const outcomes = await handOver(batch, held!)
      const until = outcomes.indexOf('retry')
      const finished = until === -1 ? batch : batch.slice(0, until)
      if (finished.length > 0) await untilStored(() => commit(finished, outcomes))
      if (until !== -1) await clock.sleep(RETRY_PAUSE_MS, stopping.signal)
    } catch (thrown) {
      if (!(thrown instanceof LeaseLost)) throw thrown
      held = undefined
      logger.warn(fields, 'another worker took over; what was in hand is discarded here and handled there')
    }
  }

  async function handOver(batch: readonly InHand[], mine: Lease): Promise<readonly Outcome[]> {
    const over = new AbortController()
    const quit = new AbortController()
    stopping.signal.addEventListener('abort', () => quit.abort(), { signal: over.signal })
    if (stopping.signal.aborted) quit.abort()
    let lost: LeaseLost | undefined
    const beat = (): void => {
      try {
        if (mine.until - clock.now().getTime() < (leaseMs * 2) / 3) lease.renew(mine)
      } catch (thrown) {
        // A busy file or a full disk does not end the lease: the commit will wait for them.
        if (!(thrown instanceof LeaseLost)) return
        lost = thrown
        quit.abort()
        throw thrown
      }
    }
    let turned = performance.now()
    const keepAlive = async (): Promise<void> => {
      beat()
      if (performance.now() - turned < TURN_MS) return
      await turnOfTheLoop()
      turned = performance.now()
    }
    beat()
    void beatUntil(over.signal, beat)
    try {
      const records = batch.map(one => one.record)
      return complete(await handler(records, { signal: quit.signal, keepAlive }), batch.length)
    } catch (thrown) {
      throw lost ?? thrown // A handler that gives up because its lease was lost has done right.
    } finally {
      over.abort()
    }
  }

  function complete(outcomes: readonly Outcome[], expected: number): readonly Outcome[] {
    if (outcomes.length === expected) return outcomes
    throw new Error(
      `group ${group} on topic ${topic}: expected an outcome for each of ${expected} records, the handler gave ${outcomes.length}`,
    )
  }

  /** Renews while the handler works; a lost lease shows at the commit. */
  async function beatUntil(over: AbortSignal, beat: () => void): Promise<void> {
    for (;;) {
      await clock.sleep(leaseMs / 3, over)
      if (over.aborted) return
      try {
        beat()
      } catch {
        return
      }
    }
  }

  function commit(finished: readonly InHand[], outcomes: readonly Outcome[]): void {
    const at = clock.now().getTime()
    transact(db, () => {
      const last = finished.at(-1)!
      // The epoch is checked first, in the same transaction as everything else.
      lease.advance(held!, last.letter === undefined ? last.seq + 1 : held!.nextSeq)
      for (const [i, one] of finished.entries()) shelf.settle(one, outcomes[i]!, at)
    })
  }

  function letGo(): void {
    if (held) lease.giveBack(held)
    held = undefined
  }

  /** Tries again for as long as the disk is full or the file is busy. */
  async function untilStored<T>(write: () => T): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        return write()
      } catch (thrown) {
        const fate = fateOf(thrown, 'event log')
        if (!(fate instanceof RetryLater) || stopping.signal.aborted) throw fate
        const waitMs = backoffMs(failures)
        logger.warn({ ...fields, reason: fate.message, waitMs }, 'the event log cannot be written; waiting')
        await clock.sleep(waitMs, stopping.signal)
      }
    }
  }

  const done = run()
    .catch((thrown: unknown) => {
      // Stopped while the disk was full: nothing is committed, so nothing is lost.
      if (stopping.signal.aborted && thrown instanceof RetryLater) return
      throw thrown
    })
    .finally(() => {
      try {
        letGo()
      } catch (thrown) {
        logger.warn(
          { ...fields, reason: reasonOf(thrown) },
          'the lease could not be given back; it will expire',
        )
      }
    })
  done.catch(() => undefined) // Whoever waits for `done` hears of it; nobody need.

  return {
    done,
    wake: () => nap.abort(),
    async stop() {
      stopping.abort()
      nap.abort()
      await done.catch(() => undefined)
    },
  }
}

/** What lies ready for one group, and where finished records go. */
function shelves(db: DatabaseSync, { group, topic }: Reader) {
  const erased = erasedKeys(db)
  const dataVersion = db.prepare('PRAGMA data_version')
  const anything = db.prepare(`SELECT
    EXISTS(SELECT 1 FROM log WHERE topic = :topic
      AND seq >= coalesce((SELECT next_seq FROM cursor WHERE grp = :grp AND topic = :topic), 0))
    OR EXISTS(SELECT 1 FROM dead WHERE grp = :grp AND topic = :topic AND redriven = 1) AS work`)
  const fromLog = db.prepare(
    'SELECT seq, key, id, json, at FROM log WHERE topic = ? AND seq >= ? ORDER BY seq LIMIT ?',
  )
  const redriven = db.prepare(`SELECT n AS letter, seq, key, id, json, at FROM dead
    WHERE grp = ? AND topic = ? AND redriven = 1 ORDER BY seq LIMIT ?`)
  const setAside = db.prepare(`INSERT INTO dead(grp, topic, seq, key, id, json, at, reason, tries, dead_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT(grp, topic, seq) DO UPDATE SET reason = excluded.reason, tries = excluded.tries,
      dead_at = excluded.dead_at, redriven = 0`)
  const forget = db.prepare('DELETE FROM dead WHERE n = ?')

  return {
    /** Differs after any other process has committed anything. */
    version: () => Number(dataVersion.get()!['data_version']),
    hasWork: () => anything.get({ grp: group, topic })!['work'] === 1,
    /** Redriven letters first: they are older than whatever the group has yet to read. */
    next(seq: number, size: number): InHand[] {
      const letters = inHand(redriven.iterate(group, topic, size))
      return letters.length > 0 ? letters : inHand(fromLog.iterate(topic, seq, size))
    },
    settle({ seq, record, letter }: InHand, outcome: Outcome, at: number): void {
      if (typeof outcome === 'object') {
        if (erased.has(topic, record.key)) return // Erased while it was in hand.
        const { key, id, json } = record
        const reason = outcome.dead.slice(0, LONGEST_REASON)
        setAside.run(group, topic, seq, key, id, json, Date.parse(record.at), reason, outcome.tries, at)
      } else if (letter !== undefined) forget.run(letter)
    },
  }
}

function inHand(rows: Iterable<unknown>): InHand[] {
  const batch: InHand[] = []
  let chars = 0
  for (const row of rows as Iterable<Omit<LogRecord, 'at'> & { seq: number; at: number; letter?: number }>) {
    const { seq, letter, key, id, json, at } = row
    const record = { key, id, json, at: new Date(at).toISOString() }
    batch.push(letter === undefined ? { seq, record } : { seq, record, letter })
    chars += json.length
    if (chars > BATCH_CHARS) break
  }
  return batch
}
