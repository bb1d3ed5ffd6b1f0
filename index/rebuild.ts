/** Builds the index anew from the topics, beside the one in use, and puts it to use when it has caught up. */
import { ConfigError, Quarantine, RetryLater, reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { Clock, Counts, EventLog, LogRecord, LogSubscription, Outcome } from '../core/ports.ts'
import type { Handled, Stage } from '../core/stage.ts'
import { articles, decisions, decode, findings, observations } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'
import { groupOf, isGroupOfIndex, writerOf } from './index-home.ts'
import type { GenerationWriter, IndexHome } from './index-home.ts'
import { indexStages } from './index-stages.ts'

const LOOK_MS = 100

/** A new index this much smaller than the old one is a log with something missing, not an index with something gained. */
const SMALLEST_SHARE = 0.9

export interface RebuildOptions {
  readonly home: IndexHome
  readonly log: EventLog
  readonly clock: Clock
  readonly logger: Logger
  readonly signal?: AbortSignal
  /** Records read so far. */
  readonly onProgress?: (records: number) => void
  /** Puts the new index to use even when it holds far less than the old one. */
  readonly acceptSmaller?: boolean
}

export interface Rebuilt {
  readonly generation: string
  readonly records: number
  /** What the old index held; absent where there was none that could be read. */
  readonly before?: Counts
  readonly after: Counts
}

/**
 * The old index serves until the new one has read everything, and is kept until the next rebuild.
 * @throws ConfigError when another rebuild is at work, or when the new index holds far less; the old one stays in use.
 */
export async function rebuildIndex(options: RebuildOptions): Promise<Rebuilt> {
  const { home } = options
  const release = await home.lock()
  try {
    const old = await oldIndex(options)
    await removeUnused(options, old?.generation)
    const generation = await home.make()
    try {
      return await buildAndUse(generation, old, options)
    } catch (thrown) {
      await home.remove(generation)
      await options.log.forget(groupOf(generation))
      throw thrown
    }
  } finally {
    await release()
  }
}

async function buildAndUse(
  generation: string,
  old: OldIndex | undefined,
  options: RebuildOptions,
): Promise<Rebuilt> {
  const { home, logger, signal } = options
  const writer = await writerOf(home, generation)
  let records: number
  try {
    // Texts that have expired are not taken from the topic in the first place.
    await writer.expireText(old?.expiredBefore ?? '')
    records = await replay(writer, options)
    // Nor is anything left in the file of articles that were read before the decision to delete them.
    await writer.expireText('')
  } finally {
    await writer.close()
  }
  signal?.throwIfAborted()
  const after = await home.counts(generation)
  if (old && !options.acceptSmaller) requireNoLess(old.counts, after)
  await home.use(generation)
  await forgetGroups(options, generation)
  logger.info({ generation, records, before: old?.counts, after }, 'a new index is in use')
  return { generation, records, after, ...(old && { before: old.counts }) }
}

// ---------------------------------------------------------------- reading the topics

/** Reads all topics until nothing is left; answers how many records there were. */
async function replay(
  writer: GenerationWriter,
  { log, clock, signal, onProgress }: RebuildOptions,
): Promise<number> {
  let records = 0
  const count = (more: number): void => {
    records += more
    onProgress?.(records)
  }
  const readings = indexStages(writer, writer).map(stage => read(stage as Stage<unknown>, log, count))
  // A reading that fails ends the wait; otherwise readings end only when they are stopped.
  const ended = new AbortController()
  const until = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal
  const done = Promise.all(readings.map(reading => reading.done))
  const end = (): void => {
    ended.abort()
  }
  done.then(end, end)
  try {
    while (!until.aborted && (await isBehind(log, writer.group))) await clock.sleep(LOOK_MS, until)
  } finally {
    await Promise.allSettled(readings.map(reading => reading.stop()))
  }
  await done
  return records
}

async function isBehind(log: EventLog, group: string): Promise<boolean> {
  for (const topic of [observations, articles, findings, decisions] as readonly Topic<unknown>[]) {
    if ((await log.lag(topic, group)).records > 0) return true
  }
  return false
}

/** Hands the records of a topic to a stage. What the index refuses once, it refuses always: it is set aside at once. */
function read(stage: Stage<unknown>, log: EventLog, count: (records: number) => void): LogSubscription {
  const { name: group, reads: topic, batchSize = 100 } = stage
  return log.subscribe({ topic, group, batchSize }, async (records, context) => {
    const read = records.map(record => decoded(topic, record))
    const readable = read.filter(one => !(one instanceof Quarantine))
    const handled = await stage.handle(readable, context)
    const answers = new Map(readable.map((one, i) => [one, handled[i]]))
    count(records.length)
    return read.map(one => outcomeOf(one instanceof Quarantine ? one : answers.get(one)))
  })
}

function decoded(topic: Topic<unknown>, record: LogRecord): unknown {
  try {
    return decode(topic, record.json)
  } catch (thrown) {
    if (thrown instanceof Quarantine) return thrown
    throw thrown
  }
}

function outcomeOf(answer: Handled | undefined): Outcome {
  if (!(answer instanceof Error)) return 'done'
  return answer instanceof RetryLater ? 'retry' : { dead: answer.message, tries: 1 }
}

// ---------------------------------------------------------------- the old index

interface OldIndex {
  readonly generation: string
  readonly counts: Counts
  readonly expiredBefore?: string
}

/** Undefined where there is none that can be read: that may be why it is built anew. */
async function oldIndex({ home, logger }: RebuildOptions): Promise<OldIndex | undefined> {
  try {
    const generation = await home.current()
    if (generation === undefined) return undefined
    const expiredBefore = await home.expiredBefore(generation)
    const counts = await home.counts(generation)
    return { generation, counts, ...(expiredBefore !== undefined && { expiredBefore }) }
  } catch (thrown) {
    logger.warn({ reason: reasonOf(thrown) }, 'the old index cannot be read and is not compared')
    return undefined
  }
}

function requireNoLess(before: Counts, after: Counts): void {
  for (const what of ['articles', 'flags'] as const) {
    if (after[what] >= before[what] * SMALLEST_SHARE) continue
    throw new ConfigError(
      `rebuild: expected about ${before[what]} ${what} as in the old index, the log gave ${after[what]}; the old index stays in use; look for what the log has lost, or accept the smaller index`,
    )
  }
}

/** Generations before the one in use, and what rebuilds that were cut short left behind. */
async function removeUnused(options: RebuildOptions, used: string | undefined): Promise<void> {
  if (used !== undefined)
    for (const generation of await options.home.all())
      if (generation !== used) await options.home.remove(generation)
  await forgetGroups(options, used)
}

/**
 * Groups of generations that are not in use: what they have yet to read would never expire, and nobody will redrive
 * their letters, because their successor read the same records.
 */
async function forgetGroups({ log, logger }: RebuildOptions, used: string | undefined): Promise<void> {
  for (const group of await log.groups()) {
    if (!isGroupOfIndex(group) || (used !== undefined && group === groupOf(used))) continue
    try {
      await log.forget(group)
    } catch (thrown) {
      // The index stage has not moved on yet. It forgets its group itself when it does.
      logger.info({ group, reason: reasonOf(thrown) }, 'a group of an index that was replaced still reads')
    }
  }
}
