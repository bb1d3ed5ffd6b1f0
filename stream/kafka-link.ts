/** A connection that is opened when it is first needed, and opened anew after a failure. */
import { Quarantine } from '../core/errors.ts'
import { fateOfKafka } from './kafka-fate.ts'

export interface Link<T> {
  /** @throws RetryLater or ConfigError for whatever Kafka answers. */
  use<R>(work: (open: T) => Promise<R>): Promise<R>
  /** Resolves when nothing is under way and the client is closed, at the latest after a few seconds. */
  close(): Promise<void>
}

/** Leaving must not take longer, whatever the other side does. */
const LEAVE_MS = 5_000

interface Held<T> {
  readonly one: T
  readonly connected: Promise<void>
  /** Uses under way. */
  users: number
  /** Resolves when none is left and it is closed. */
  readonly left: PromiseWithResolvers<unknown>
}

/**
 * A client that failed is not used again, and is closed when the last who uses it has gone. kafkajs cannot be closed
 * under a request: it opens a new socket for whoever still asks, ends that one in the place of the old one, and what
 * was sent on it is never answered.
 */
export function link<T extends { connect(): Promise<void>; disconnect(): Promise<void> }>(
  open: () => T,
  what: string,
): Link<T> {
  let held: Held<T> | undefined
  let closed = false

  function opened(): Held<T> {
    const one = open()
    return { one, connected: one.connect(), users: 0, left: Promise.withResolvers<unknown>() }
  }

  function leaveIfUnused({ one, users, left }: Held<T>): void {
    if (users === 0) one.disconnect().then(left.resolve, left.resolve)
  }

  return {
    async use(work) {
      if (closed) throw new Error(`${what}: it was closed`)
      const mine = (held ??= opened())
      mine.users++
      try {
        await mine.connected
        return await work(mine.one)
      } catch (thrown) {
        // What kafkajs knows after a failure may be wrong: of the brokers, and of what it has sent.
        if (held === mine && !(thrown instanceof Quarantine)) held = undefined
        throw thrown instanceof Quarantine ? thrown : fateOfKafka(thrown, what)
      } finally {
        mine.users--
        if (held !== mine) leaveIfUnused(mine)
      }
    },
    async close() {
      closed = true
      const last = held
      held = undefined
      if (!last) return
      leaveIfUnused(last)
      await within(LEAVE_MS, last.left.promise)
    },
  }
}

/** Waits for the end of what may fail or hang, and no longer than that. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => (timer = setTimeout(resolve, ms)))
  await Promise.race([work.catch(() => undefined), late])
  clearTimeout(timer)
}
