/** What a test waits for: one that waits in vain ends, and says for what it waited and how things stood. */
import { systemClock } from '../../core/clock.ts'
import { RetryLater, reasonOf } from '../../core/errors.ts'

export interface Patience {
  /** The answer of `work`. @throws Error when it does not come in time. */
  for<T>(what: string, work: Promise<T>): Promise<T>
  /** @throws Error when it does not come to hold in time. */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>
}

export interface PatienceOptions {
  /** The longest wait for one thing. */
  readonly eachMs: number
  /** For all of a file, counted from its first wait. */
  readonly allMs: number
  /** How things stand: workers, lags, counts. */
  readonly standing: () => string | Promise<string>
}

const LOOK_MS = 500
/** Where things hang, even the question how they stand may. */
const STANDING_MS = 15_000

export function patience({ eachMs, allMs, standing }: PatienceOptions): Patience {
  const open = new Set<string>()
  let end: number | undefined

  async function waitFor<T>(what: string, work: Promise<T>): Promise<T> {
    const began = Date.now()
    end ??= began + allMs
    const over = new AbortController()
    const late = Symbol('late')
    open.add(what)
    try {
      const limit = systemClock.sleep(Math.max(0, Math.min(eachMs, end - began)), over.signal)
      const first = await Promise.race([work, limit.then((): typeof late => late)])
      if (first !== late) return first
    } finally {
      over.abort()
      open.delete(what)
    }
    throw new Error(await said(what, Date.now() - began))
  }

  async function said(what: string, ms: number): Promise<string> {
    const others = open.size > 0 ? ` (and for: ${[...open].join('; ')})` : ''
    const unsaid = systemClock.sleep(STANDING_MS).then(() => 'nobody could say how things stand')
    const things = Promise.resolve()
      .then(standing)
      .catch((thrown: unknown) => `how things stand: ${reasonOf(thrown)}`)
    return `waited ${String(Math.round(ms / 1000))} s in vain for: ${what}${others}\n${await Promise.race([things, unsaid])}`
  }

  return {
    for: waitFor,
    async until(what, holds) {
      let isOver = false
      const look = async (): Promise<void> => {
        while (!isOver && !(await isSo(holds))) await systemClock.sleep(LOOK_MS)
      }
      try {
        await waitFor(what, look())
      } finally {
        isOver = true
      }
    },
  }
}

/** A server that is just coming back cannot be asked yet. */
async function isSo(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds()
  } catch (thrown) {
    if (thrown instanceof RetryLater) return false
    throw thrown
  }
}
