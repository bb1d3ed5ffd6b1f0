/** The clock of the machine, and how long to wait before trying again. */
import type { Clock } from './ports.ts'

/** `setTimeout` fires at once when asked for more. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    for (let left = ms; left > 0 && !signal?.aborted; left -= LONGEST_TIMEOUT_MS) {
      await timeout(Math.min(left, LONGEST_TIMEOUT_MS), signal)
    }
  },
}

function timeout(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}

const SHORTEST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

/**
 * Milliseconds to wait after the failure number `attempt`, counted from 0: doubling from one second to a minute, a
 * quarter up or down by chance so that workers which failed together do not come back together.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const doubled = SHORTEST_WAIT_MS * 2 ** Math.min(attempt, 10)
  return Math.round(Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, doubled * (0.75 + random() / 2))))
}
