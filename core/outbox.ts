/** Outbox: messages written in the same transaction as what they tell of, published from there in order. */
import type { DatabaseSync } from 'node:sqlite'
import { backoffMs } from './clock.ts'
import { NewerVersion, RetryLater } from './errors.ts'
import type { Logger } from './logger.ts'
import type { Clock, EventLog } from './ports.ts'
import { fateOf } from './sqlite.ts'
import type { Message } from './stage.ts'
import { TOPICS } from './topics.ts'
import type { Topic } from './topics.ts'

const BATCH_RECORDS = 200
const BATCH_BYTES = 4_000_000

/** How often the outbox is looked at when nobody in this process has put anything in. */
const POLL_MS = 1_000

export interface Outbox {
  /** Call it inside the transaction that stores what the messages tell of: both are kept, or neither. */
  enqueue(messages: readonly Message[]): void
  /** Messages not yet published. */
  pending(): number
  /** Publishes the oldest messages and, once they are durable in the log, removes them here; answers how many. */
  relayOnce(log: EventLog): Promise<number>
  /** Publishes whatever comes, in order, until the signal is aborted; waits for as long as the log is not ready. */
  relay(options: {
    readonly log: EventLog
    readonly clock: Clock
    readonly logger: Logger
    readonly signal: AbortSignal
  }): Promise<void>
}

/** The outbox of a database; makes its table there if need be. One relay at a time keeps the order. */
export function outbox(db: DatabaseSync): Outbox {
  db.exec(`CREATE TABLE IF NOT EXISTS outbox(
    n INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL
  ) STRICT`)
  const insert = db.prepare('INSERT INTO outbox(topic, key, id, json) VALUES (?, ?, ?, ?)')
  const oldest = db.prepare('SELECT n, topic, key, id, json FROM outbox ORDER BY n LIMIT ?')
  const remove = db.prepare('DELETE FROM outbox WHERE n <= ?')
  const count = db.prepare('SELECT count(*) AS messages FROM outbox')
  let nap = new AbortController()

  const box: Outbox = {
    enqueue(messages) {
      for (const { topic, key, id, json } of messages) insert.run(topic.name, key, id, json)
      nap.abort()
    },
    pending: () => Number(count.get()!['messages']),
    async relayOnce(log) {
      const rows: Row[] = []
      let bytes = 0
      for (const row of oldest.iterate(BATCH_RECORDS) as Iterable<unknown>) {
        rows.push(row as Row)
        bytes += (row as Row).json.length
        if (bytes > BATCH_BYTES) break
      }
      if (rows.length === 0) return 0
      await log.publish(rows.map(({ topic, key, id, json }) => ({ topic: topicNamed(topic), key, id, json })))
      remove.run(rows.at(-1)!.n)
      return rows.length
    },
    async relay({ log, clock, logger, signal }) {
      const wake = (): void => nap.abort()
      signal.addEventListener('abort', wake)
      for (let failures = 0; !signal.aborted;) {
        nap = new AbortController()
        try {
          const relayed = await box.relayOnce(log)
          failures = 0
          if (relayed === 0) await clock.sleep(POLL_MS, nap.signal)
        } catch (thrown) {
          const fate = fateOf(thrown, 'outbox')
          if (!(fate instanceof RetryLater)) throw fate
          const waitMs = fate.afterMs ?? backoffMs(failures++)
          logger.warn(
            { reason: fate.message, waitMs, pending: box.pending() },
            'the outbox waits for the event log',
          )
          await clock.sleep(waitMs, signal)
        }
      }
      signal.removeEventListener('abort', wake)
    },
  }
  return box
}

interface Row {
  readonly n: number
  readonly topic: string
  readonly key: string
  readonly id: string
  readonly json: string
}

function topicNamed(name: string): Topic<unknown> {
  const topic = TOPICS.find(one => one.name === name)
  if (topic) return topic
  throw new NewerVersion(
    `the outbox holds a message of topic ${name}, which this Opomena does not know; upgrade before going on`,
  )
}
