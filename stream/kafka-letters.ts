/** Letters that a person has redriven: handed to their group, by the worker that has the partition they came from. */
import { RetryLater, reasonOf } from '../core/errors.ts'
import type { LogRecord, Outcome } from '../core/ports.ts'
import { HandlerThrew, RETRY_PAUSE_MS } from './kafka-batch.ts'
import type { Reading, ReadingOptions } from './kafka-batch.ts'
import type { LetterHead, NewLetter } from './kafka-dead.ts'
import { fateOfKafka } from './kafka-fate.ts'
import { heart } from './kafka-heart.ts'

export interface LetterOptions extends ReadingOptions {
  readonly reading: Reading
  readonly stopping: AbortSignal
  readonly heartbeatMs: number
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  /** Partitions that this worker has now. */
  readonly assigned: () => readonly number[]
  /** How often it has joined. */
  readonly joins: () => number
  readonly fail: (thrown: unknown) => void
}

/** A letter is removed once its group has handled it, so that there is no moment in which it is nowhere. */
export function redrivenLetters(options: LetterOptions): { look(): Promise<void> } {
  const { group, topic, batchSize, clock, logger, erased, dead, reading, stopping, heartbeatMs } = options
  const resting = new Set<string>()
  let looking = false

  function waiting(): readonly LetterHead[] {
    const partitions = options.assigned()
    return dead
      .redriven(group, topic)
      .filter(head => partitions.includes(head.partition) && !resting.has(head.id))
      .slice(0, batchSize)
  }

  async function rest({ id }: LetterHead): Promise<void> {
    resting.add(id)
    await clock.sleep(RETRY_PAUSE_MS, stopping)
    resting.delete(id)
  }

  async function handle(): Promise<void> {
    const joined = options.joins()
    await Promise.all([dead.refresh(), erased.refresh()])
    const heads = waiting()
    const words = await dead.load(heads)
    const there = heads.filter(head => words.has(head.id) && !erased.has(topic, head.key))
    if (there.length === 0 || stopping.aborted) return
    // kafkajs sends the heartbeats: it fetches meanwhile, and a batch that comes waits its turn with a heart of its own.
    const none = async (): Promise<void> => undefined
    const beating = heart({ clock, intervalMs: heartbeatMs, stopping, beat: none, holdFast: none })
    try {
      const outcomes = await reading.handOver(
        there.map(head => words.get(head.id)!),
        beating,
      )
      // Joined anew, somebody else may have them now: handled twice is legal, a wrong word about them is not.
      if (options.joins() === joined) await settle(there, outcomes, words)
    } finally {
      beating.stop()
    }
  }

  async function settle(
    heads: readonly LetterHead[],
    outcomes: readonly Outcome[],
    words: ReadonlyMap<string, LogRecord>,
  ): Promise<void> {
    await reading.untilAnswered(() => dead.remove(heads.filter((_, i) => outcomes[i] === 'done')))
    const again = heads.flatMap((head, i): NewLetter[] => {
      const outcome = outcomes[i]
      if (outcome === 'retry') void rest(head)
      if (typeof outcome !== 'object') return []
      return [{ ...head, record: words.get(head.id)!, reason: outcome.dead, tries: outcome.tries }]
    })
    await reading.untilAnswered(() => reading.writeLetters(again))
    await dead.refresh()
  }

  return {
    async look() {
      if (looking || stopping.aborted || waiting().length === 0) return
      looking = true
      try {
        await options.inTurn(handle)
      } catch (thrown) {
        if (thrown instanceof HandlerThrew || !(fateOfKafka(thrown, '') instanceof RetryLater))
          options.fail(thrown)
        else logger.debug({ group, topic, reason: reasonOf(thrown) }, 'redriven letters wait')
      } finally {
        looking = false
      }
    },
  }
}
