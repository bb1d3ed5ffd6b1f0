/** A connection that is opened when it is first needed, and opened anew after a failure. */
import { Quarantine } from '../core/errors.ts'
import { fateOfKafka } from './kafka-fate.ts'

export interface Link<T> {
  /** @throws RetryLater or ConfigError for whatever Kafka answers. */
  use<R>(work: (open: T) => Promise<R>): Promise<R>
  close(): Promise<void>
}

/** Leaving must not take longer, whatever the other side does. */
const LEAVE_MS = 5_000

export function link<T extends { connect(): Promise<void>; disconnect(): Promise<void> }>(
  open: () => T,
  what: string,
): Link<T> {
  let held: { readonly one: T; readonly connected: Promise<void> } | undefined
  let closed = false

  async function drop(): Promise<void> {
    const before = held
    held = undefined
    if (before)
      await within(
        LEAVE_MS,
        before.connected.then(() => before.one.disconnect()),
      )
  }

  return {
    async use(work) {
      if (closed) throw new Error(`${what}: it was closed`)
      if (!held) {
        const one = open()
        held = { one, connected: one.connect() }
      }
      const mine = held
      try {
        await mine.connected
        return await work(mine.one)
      } catch (thrown) {
        // What kafkajs knows after a failure may be wrong: of the brokers, and of what it has sent.
        if (held === mine && !(thrown instanceof Quarantine)) void drop()
        throw thrown instanceof Quarantine ? thrown : fateOfKafka(thrown, what)
      } finally {
        // Dropped meanwhile, kafkajs may have connected again for what was still to be answered.
        if (held !== mine) void mine.one.disconnect().catch(() => undefined)
      }
    },
    async close() {
      closed = true
      await drop()
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
