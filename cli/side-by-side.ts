/** Parts of one worker that run side by side until the worker is asked to end. */
import { systemClock } from '../core/clock.ts'
import { RetryLater } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'

/** Runs the parts; when one fails the others are stopped, all are waited for, and the failure is thrown. */
export async function together(
  outer: AbortSignal,
  parts: (signal: AbortSignal) => readonly Promise<void>[],
): Promise<void> {
  const controller = new AbortController()
  const signal = AbortSignal.any([outer, controller.signal])
  const results = await Promise.allSettled(
    parts(signal).map(part =>
      part.catch((thrown: unknown) => {
        controller.abort()
        throw thrown
      }),
    ),
  )
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** Work that comes again and again. What it cannot do now (the disk is full, a file is busy) waits for the next time. */
export async function every(
  ms: number,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work()
    } catch (thrown) {
      if (!(thrown instanceof RetryLater)) throw thrown
      logger.warn({ reason: thrown.message, againInMs: ms }, 'upkeep waits')
    }
    await systemClock.sleep(ms, signal)
  }
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
