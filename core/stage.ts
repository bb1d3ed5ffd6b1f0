/** Stage: reads one topic and returns, for each record, the messages that follow from it. It knows no neighbour. */
import { RetryLater } from './errors.ts'
import { encode } from './topics.ts'
import type { Encoded, Topic } from './topics.ts'

/** A message on its way out, already checked. */
export interface Message extends Encoded {
  readonly topic: Topic<unknown>
}

/** @throws Quarantine when the message does not fit its topic. */
export function message<T>(topic: Topic<T>, value: T): Message {
  return { topic: topic, ...encode(topic, value) }
}

/** The answer to one record: the messages that follow (none is legal), or why it could not be handled. */
export type Handled = readonly Message[] | Error

export interface HandleContext {
  /** Aborted when the stage must end: stop between records. */
  readonly signal: AbortSignal
  /** Call it during long work, or another worker takes over. */
  keepAlive(): Promise<void>
}

export interface Stage<In> {
  /** Also the name of its group in the log: a new name reads from the start. */
  readonly name: string
  readonly reads: Topic<In>
  /** Most records handed over at once. */
  readonly batchSize?: number
  /** Answers for each input, in the same order. Handling the same record twice must have the same effect as once. */
  handle(inputs: readonly In[], context: HandleContext): Promise<readonly Handled[]>
}

/** A `handle` that treats records one by one; what it throws is the answer for that record alone. It stops between records. */
export function eachRecord<In>(
  handleOne: (input: In, context: HandleContext) => readonly Message[] | Promise<readonly Message[]>,
): Stage<In>['handle'] {
  return async (inputs, context) => {
    const answers: Handled[] = []
    for (const input of inputs) {
      if (context.signal.aborted) {
        answers.push(new RetryLater('the stage is stopping'))
        continue
      }
      await context.keepAlive()
      try {
        answers.push(await handleOne(input, context))
      } catch (thrown) {
        answers.push(thrown instanceof Error ? thrown : new Error(String(thrown)))
      }
    }
    return answers
  }
}
