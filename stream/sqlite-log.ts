/** EventLog in one SQLite file, shared by any number of processes: every topic in order, and a cursor for each group. */
import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { Logger } from '../core/logger.ts'
import type { Clock, EventLog } from '../core/ports.ts'
import { fateOf, openSqlite, transact } from '../core/sqlite.ts'
import type { Message } from '../core/stage.ts'
import { newOwner } from './lease.ts'
import { consume } from './sqlite-consumer.ts'
import type { Consumer } from './sqlite-consumer.ts'
import { deadLetters } from './sqlite-dead.ts'
import { eraseKeys, erasedKeys } from './sqlite-erase.ts'
import { expireTopics, forgetGroup } from './sqlite-expire.ts'

const MIGRATIONS = [
  `CREATE TABLE log(
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     topic TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL,
     at INTEGER NOT NULL,
     UNIQUE (topic, id)
   ) STRICT;
   CREATE INDEX log_topic ON log(topic, seq);
   CREATE TABLE cursor(
     grp TEXT NOT NULL, topic TEXT NOT NULL, next_seq INTEGER NOT NULL,
     owner TEXT, lease_until INTEGER NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (grp, topic)
   ) STRICT;
   CREATE TABLE dead(
     n INTEGER PRIMARY KEY AUTOINCREMENT,
     grp TEXT NOT NULL, topic TEXT NOT NULL, seq INTEGER NOT NULL,
     key TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, at INTEGER NOT NULL,
     reason TEXT NOT NULL, tries INTEGER NOT NULL, dead_at INTEGER NOT NULL,
     redriven INTEGER NOT NULL DEFAULT 0,
     UNIQUE (grp, topic, seq)
   ) STRICT;
   CREATE INDEX dead_redriven ON dead(grp, topic, seq) WHERE redriven = 1;`,
  // With the key in it, the records of a key are found without touching their words.
  `CREATE TABLE erased(topic TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (topic, key)) STRICT, WITHOUT ROWID;
   DROP INDEX log_topic;
   CREATE INDEX log_topic ON log(topic, seq, key);`,
]

/** Articles have 3 to 6 KB: batches append faster than with pages of 4 KB, single records no slower; 16 KB halve these. */
const PAGE_BYTES = 8_192
/** Copied back every 16 MB, so that a page which is written often is copied once. */
const CHECKPOINT_PAGES = 2_000

/** A transaction ends at either, so that no other writer waits long. */
const TRANSACTION_CHARS = 4_000_000
const TRANSACTION_MS = 40

const DEFAULT_BATCH = 100
const UPKEEP_MS = 60_000
const LARGE_WAL_BYTES = 64 * 1024 * 1024

export interface SqliteLogOptions {
  readonly path: string
  readonly clock: Clock
  readonly logger: Logger
  /** First pause of a group that found nothing to read; the pauses grow to 200 ms. */
  readonly pollMs?: number
  /** How long a worker that froze keeps its records from another one. */
  readonly leaseMs?: number
}

/** @throws ConfigError when the file is damaged or was written by a newer Opomena. */
export function sqliteLog({
  path,
  clock,
  logger,
  pollMs = 10,
  leaseMs = 15_000,
}: SqliteLogOptions): EventLog {
  const db = openSqlite(path, { what: 'event log', migrations: MIGRATIONS, pageSize: PAGE_BYTES })
  db.exec(`PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`)
  const owner = newOwner()
  const consumers = new Set<Consumer>()
  const insert = db.prepare(
    'INSERT INTO log(topic, key, id, json, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT(topic, id) DO NOTHING',
  )
  const erased = erasedKeys(db)
  const unread = db.prepare(`SELECT count(*) AS records, min(seq) AS first FROM log WHERE topic = :topic
    AND seq >= coalesce((SELECT next_seq FROM cursor WHERE grp = :grp AND topic = :topic), 0)`)
  const redriven = db.prepare(
    'SELECT count(*) AS records, min(at) AS oldest FROM dead WHERE grp = ? AND topic = ? AND redriven = 1',
  )
  const known = db.prepare('SELECT grp FROM cursor UNION SELECT grp FROM dead ORDER BY grp')
  const published = db.prepare('SELECT at FROM log WHERE seq = ?')
  const upkeep = setInterval(() => keepWalSmall(db, path, logger), UPKEEP_MS).unref()
  const wakeAll = (): void => consumers.forEach(consumer => consumer.wake())

  /** Stores messages from `start` on, as many as one transaction should hold; answers where the next one starts. */
  function store(messages: readonly Message[], start: number): number {
    const at = clock.now().getTime()
    const begin = performance.now()
    const look = erased.any()
    let chars = 0
    let next = start
    while (
      next < messages.length &&
      chars < TRANSACTION_CHARS &&
      performance.now() - begin < TRANSACTION_MS
    ) {
      const { topic, key, id, json } = messages[next++]!
      if (look && erased.has(topic.name, key)) continue
      insert.run(topic.name, key, id, json, at)
      chars += json.length
    }
    return next
  }

  return {
    async publish(messages) {
      for (let next = 0; next < messages.length;) {
        next = guarded(() => transact(db, () => store(messages, next)))
        wakeAll()
        if (next < messages.length) await turnOfTheLoop()
      }
    },
    subscribe({ topic, group, batchSize = DEFAULT_BATCH }, handler) {
      const options = { group, topic: topic.name, batchSize, handler, clock, logger, owner, pollMs, leaseMs }
      const consumer = consume(db, options)
      consumers.add(consumer)
      const forget = (): void => void consumers.delete(consumer)
      consumer.done.then(forget, forget)
      return consumer
    },
    async lag(topic, group) {
      const letters = redriven.get(group, topic.name) as { records: number; oldest: number | null }
      const { records, first } = unread.get({ grp: group, topic: topic.name }) as {
        records: number
        first: number | null
      }
      const at =
        letters.oldest ?? (first === null ? undefined : (published.get(first)?.['at'] as number | undefined))
      const total = records + letters.records
      return at === undefined ? { records: total } : { records: total, oldestAt: new Date(at).toISOString() }
    },
    groups: async () => known.all().map(row => String(row['grp'])),
    dead: deadLetters(db, { guarded, redriven: wakeAll }),
    forget: async group => guarded(() => forgetGroup(db, group, clock.now().getTime())),
    erase: async ({ name }, keys) => guarded(() => eraseKeys(db, name, keys, clock.now().getTime())),
    expire: now => expireTopics(db, now, { guarded, logger }),
    async close() {
      clearInterval(upkeep)
      await Promise.all([...consumers].map(consumer => consumer.stop()))
      if (db.isOpen) db.close()
    },
  }
}

/** Whatever SQLite throws, named by its fate. */
function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw fateOf(thrown, 'event log')
  }
}

/** SQLite copies the WAL back by itself; where readers never pause, the file must be cut on purpose. */
function keepWalSmall(db: DatabaseSync, path: string, logger: Logger): void {
  const bytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (bytes < LARGE_WAL_BYTES) return
  const answer = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
  if (answer?.['busy'] === 1)
    logger.warn({ bytes }, 'the write-ahead file of the event log is large and in use')
}
