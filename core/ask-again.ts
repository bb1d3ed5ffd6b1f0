/** Asking again for what will be there in a moment. */
import { RetryLater } from './errors.ts'
import type { Clock } from './ports.ts'

export interface AskAgain<T> {
  readonly clock: Clock
  /** Before each further try, in milliseconds: there are so many. */
  readonly pausesMs: readonly number[]
  /** What was thrown may be over the next time; RetryLater is, unless said. */
  readonly isForNow?: (thrown: unknown) => boolean
  /** Whether the answer will do; any does, unless said. */
  readonly isGood?: (answer: T) => boolean
}

/** The first good answer, else what the last try answered or threw. */
export async function askAgain<T>(
  ask: () => Promise<T>,
  { clock, pausesMs, isForNow = isRetryLater, isGood = () => true }: AskAgain<T>,
): Promise<T> {
  for (const pause of pausesMs) {
    try {
      const answer = await ask()
      if (isGood(answer)) return answer
    } catch (thrown) {
      if (!isForNow(thrown)) throw thrown
    }
    await clock.sleep(pause)
  }
  return ask()
}

function isRetryLater(thrown: unknown): boolean {
  return thrown instanceof RetryLater
}
