/** Runs a stage on the log: read, handle, publish what follows, then let the records go. Stops when a person must look. */
import { NewerVersion, Quarantine } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { BatchContext, Clock, EventLog, LogRecord, Outcome } from '../core/ports.ts'
import type { Stage } from '../core/stage.ts'
import { decode } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'
import { settleBatch } from './settle-batch.ts'
import type { Entry } from './settle-batch.ts'

/** So many records set aside in a row, each after its three tries, is a broken stage and not broken records. */
const MOST_DEAD_IN_A_ROW = 10

/** Since the stage was started. */
export interface StageCounts {
  /** Records done. */
  readonly handled: number
  /** Messages that followed from them. */
  readonly published: number
  /** Records set aside. */
  readonly dead: number
  /** Times that a record was handled again. */
  readonly retried: number
}

export interface RunStageOptions {
  readonly log: EventLog
  readonly clock: Clock
  readonly logger: Logger
  /** Aborted: the batch in hand is finished or left for the next start, and the promise resolves. */
  readonly signal: AbortSignal
  /** Called after each batch. */
  readonly onBatch?: (counts: StageCounts) => void
}

/**
 * Runs until the signal is aborted. What happens to a record that cannot be handled now:
 * - `RetryLater`: the stage waits, a second to a minute or as long as the error says, for as long as it takes.
 * - `Quarantine`, and a record that does not fit its topic: set aside at once.
 * - any other error: three tries, then set aside.
 *
 * @throws NewerVersion at a record of a newer Opomena, which stays where it is; ConfigError as the stage threw it;
 * Error after ten records in a row were set aside after three tries each.
 */
export async function runStage<In>(stage: Stage<In>, options: RunStageOptions): Promise<void> {
  const { log, logger, signal, onBatch } = options
  const counts = { handled: 0, published: 0, dead: 0, retried: 0 }
  let deadInARow = 0
  let failure: Error | undefined
  if (signal.aborted) return

  async function handle(records: readonly LogRecord[], context: BatchContext): Promise<readonly Outcome[]> {
    const entries = readable(stage.reads, records)
    await settleBatch(stage, entries, context, { ...options, counts })
    const outcomes: Outcome[] = records.map((_, i) => entries[i]?.outcome ?? 'retry')
    const last = tenthDead(entries)
    if (last !== undefined) {
      failure = brokenStage(stage.name, entries[last]!)
      outcomes.fill('retry', last + 1)
      void subscription.stop()
    }
    count(outcomes, records)
    return outcomes
  }

  /** Where the row of records that failed all their tries reaches its limit. */
  function tenthDead(entries: readonly Entry<In>[]): number | undefined {
    for (const [i, { outcome, failures }] of entries.entries()) {
      if (outcome === 'done') deadInARow = 0
      else if (typeof outcome === 'object' && failures > 0) deadInARow++
      if (deadInARow === MOST_DEAD_IN_A_ROW) return i
    }
    return undefined
  }

  function count(outcomes: readonly Outcome[], records: readonly LogRecord[]): void {
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome === 'done') counts.handled++
      if (typeof outcome !== 'object') continue
      counts.dead++
      const fields = { stage: stage.name, record: records[i]!.id, reason: outcome.dead, tries: outcome.tries }
      logger.warn(fields, 'a record was set aside')
    }
    onBatch?.({ ...counts })
  }

  const { name: group, reads, batchSize } = stage
  const topic = reads as Topic<unknown>
  const subscription = log.subscribe(
    batchSize === undefined ? { topic, group } : { topic, group, batchSize },
    handle,
  )
  const stop = (): void => void subscription.stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await subscription.done
  } finally {
    signal.removeEventListener('abort', stop)
  }
  if (failure) throw failure
}

/**
 * The records up to the first that is too new to be read, decoded; those that are no message of the topic are settled.
 * @throws NewerVersion when it is the first: nothing before it is left to do.
 */
function readable<In>(topic: Topic<In>, records: readonly LogRecord[]): Entry<In>[] {
  const entries: Entry<In>[] = []
  for (const record of records) {
    try {
      entries.push({ record, input: decode(topic, record.json), outcome: undefined, failures: 0 })
    } catch (thrown) {
      if (thrown instanceof NewerVersion && entries.length > 0) break
      if (!(thrown instanceof Quarantine)) throw thrown
      entries.push({ record, input: undefined, outcome: { dead: thrown.message, tries: 1 }, failures: 0 })
    }
  }
  return entries
}

function brokenStage(stage: string, { record, outcome }: Entry<unknown>): Error {
  const reason = typeof outcome === 'object' ? outcome.dead : ''
  return new Error(
    `stage ${stage} stopped: ${MOST_DEAD_IN_A_ROW} records in a row failed three times each, last ${record.id} ("${reason}"); repair the cause, start again, then redrive the dead letters of ${stage}`,
  )
}
