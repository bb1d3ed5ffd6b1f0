/** The retry policy: brings every record of a batch to an outcome, in order of each key, publishing what follows first. */
import { backoffMs } from '../core/clock.ts'
import { ConfigError, NewerVersion, Quarantine, RetryLater, reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { BatchContext, Clock, EventLog, LogRecord, Outcome } from '../core/ports.ts'
import type { HandleContext, Handled, Message, Stage } from '../core/stage.ts'

/** Pauses after a record's first and second failure; there is no third try after that. */
const TRY_PAUSES_MS = [250, 1_000] as const
const MOST_TRIES = TRY_PAUSES_MS.length + 1

/** A long wait says at least this often that the worker is alive. */
const SIGN_OF_LIFE_MS = 5_000

export interface Entry<In> {
  readonly record: LogRecord
  /** Undefined only where the outcome is known. */
  readonly input: In | undefined
  /** Undefined while open. */
  outcome: Outcome | undefined
  /** Tries that ended in an error of no special name; not 0 in a dead record means that it used them up. */
  failures: number
}

interface Settling {
  readonly log: EventLog
  readonly clock: Clock
  readonly logger: Logger
  readonly counts: { published: number; retried: number }
}

/** Sets the outcome of every entry; those still open when the context's signal is aborted stay open. */
export async function settleBatch<In>(
  stage: Stage<In>,
  entries: readonly Entry<In>[],
  context: BatchContext,
  { log, clock, logger, counts }: Settling,
): Promise<void> {
  const stopping = (): boolean => context.signal.aborted
  let open = entries.filter(entry => entry.outcome === undefined)
  for (let waits = 0; open.length > 0 && !stopping();) {
    const round = sortOut(open, await ask(stage, open, context))
    if (!(await publish(round.messages))) return
    for (const entry of round.finished) entry.outcome = 'done'
    if (round.open.length === 0 || stopping()) return
    if (round.open.length < open.length) waits = 0
    open = round.open
    counts.retried += open.length
    await pause(round, waits++)
  }

  /** False when it had to be given up because the stage stops. */
  async function publish(messages: readonly Message[]): Promise<boolean> {
    for (let failures = 0; messages.length > 0; failures++) {
      await context.keepAlive() // A worker that froze and lost its records learns it here.
      try {
        await log.publish(messages)
        break
      } catch (thrown) {
        if (!(thrown instanceof RetryLater)) throw thrown
        await wait(thrown.afterMs ?? backoffMs(failures), thrown)
        if (stopping()) return false
      }
    }
    counts.published += messages.length
    return true
  }

  async function pause({ later, failures }: Round<In>, waits: number): Promise<void> {
    if (later.length === 0) return clock.sleep(TRY_PAUSES_MS[failures - 1] ?? 0, context.signal)
    const longest = Math.max(...later.map(error => error.afterMs ?? backoffMs(waits)))
    await wait(longest, later[0]!)
  }

  async function wait(ms: number, { message: reason }: RetryLater): Promise<void> {
    logger.warn({ stage: stage.name, reason, waitMs: ms }, 'the stage waits')
    for (let left = ms; left > 0 && !stopping(); left -= SIGN_OF_LIFE_MS) {
      await clock.sleep(Math.min(left, SIGN_OF_LIFE_MS), context.signal)
      await context.keepAlive()
    }
  }
}

interface Round<In> {
  readonly finished: Entry<In>[]
  /** What follows from the finished, in order. */
  readonly messages: Message[]
  /** To be handled again: those that could not be handled, and later records of their keys. */
  readonly open: Entry<In>[]
  readonly later: RetryLater[]
  /** Most failures of a record that has a try left. */
  failures: number
}

/** Reads the answers of one round. Nothing of a key is finished before the record in front of it. */
function sortOut<In>(entries: readonly Entry<In>[], answers: readonly Handled[]): Round<In> {
  const round: Round<In> = { finished: [], messages: [], open: [], later: [], failures: 0 }
  const blocked = new Set<string>()
  for (const [i, entry] of entries.entries()) {
    const answer = answers[i]!
    const { key } = entry.record
    if (blocked.has(key)) {
      round.open.push(entry)
    } else if (answer instanceof Quarantine) {
      entry.outcome = { dead: answer.message, tries: entry.failures + 1 }
      entry.failures = 0
    } else if (answer instanceof RetryLater) {
      round.later.push(answer)
      round.open.push(entry)
      blocked.add(key)
    } else if (answer instanceof Error) {
      entry.failures++
      if (entry.failures === MOST_TRIES) entry.outcome = { dead: reasonOf(answer), tries: MOST_TRIES }
      else {
        round.failures = Math.max(round.failures, entry.failures)
        round.open.push(entry)
        blocked.add(key)
      }
    } else {
      round.finished.push(entry)
      round.messages.push(...answer)
    }
  }
  return round
}

/** One answer for each entry, whatever the stage does. @throws what must stop the stage. */
async function ask<In>(
  stage: Stage<In>,
  entries: readonly Entry<In>[],
  context: HandleContext,
): Promise<readonly Handled[]> {
  const inputs = entries.map(entry => entry.input as In)
  let lost: Error | undefined
  const keepAlive = async (): Promise<void> => {
    await context.keepAlive().catch((thrown: unknown) => {
      lost = errorOf(thrown)
      throw lost
    })
  }
  let answers: readonly Handled[]
  try {
    answers = await stage.handle(inputs, { signal: context.signal, keepAlive })
  } catch (thrown) {
    answers = await answersTo(errorOf(thrown))
  }
  if (lost) throw lost
  if (answers.length !== entries.length) {
    throw new Error(
      `stage ${stage.name}: expected ${entries.length} answers, one for each record, got ${answers.length}`,
    )
  }
  const fatal = answers.find(isFatal)
  if (fatal) throw fatal
  return answers

  async function answersTo(error: Error): Promise<readonly Handled[]> {
    if (lost || entries.length === 1 || error instanceof RetryLater || isFatal(error))
      return entries.map(() => error)
    // Nobody knows which record it was: each is handled alone.
    const alone: Handled[] = []
    for (const entry of entries) alone.push(...(await ask(stage, [entry], context)))
    return alone
  }
}

function isFatal(answer: Handled): answer is Error {
  return answer instanceof NewerVersion || answer instanceof ConfigError
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
