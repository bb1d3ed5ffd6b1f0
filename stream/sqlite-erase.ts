/** Erasing in the SQLite log: what the messages of a key say goes from every table and file, and nothing of it comes back. */
import type { DatabaseSync } from 'node:sqlite'
import { RetryLater } from '../core/errors.ts'
import { transact } from '../core/sqlite.ts'

const CUT_WAIT_MS = 500

/** The keys that were erased. Ask within the transaction that would store something of theirs. */
export interface ErasedKeys {
  /** Cheaper than to ask for each key, where there are none. */
  any(): boolean
  has(topic: string, key: string): boolean
}

export function erasedKeys(db: DatabaseSync): ErasedKeys {
  const any = db.prepare('SELECT EXISTS (SELECT 1 FROM erased) AS any')
  const one = db.prepare('SELECT 1 FROM erased WHERE topic = ? AND key = ?')
  return {
    any: () => any.get()!['any'] === 1,
    has: (topic, key) => one.get(topic, key) !== undefined,
  }
}

/**
 * Removes records and dead letters of the keys, and keeps the keys so that nothing of theirs is stored again: a worker
 * may have such a record in hand. Answers how many went. The database must overwrite what is deleted.
 * @throws RetryLater while somebody reads in the file: the words are gone from the tables, not yet from the disk.
 */
export function eraseKeys(db: DatabaseSync, topic: string, keys: readonly string[], now: number): number {
  const list = JSON.stringify(keys)
  const keep = db.prepare(
    'INSERT INTO erased(topic, key, at) SELECT ?, value, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING',
  )
  const remove = ['log', 'dead'].map(table =>
    db.prepare(`DELETE FROM ${table} WHERE topic = ? AND key IN (SELECT value FROM json_each(?))`),
  )
  const removed = transact(db, () => {
    keep.run(topic, now, list)
    return remove.reduce((sum, statement) => sum + Number(statement.run(topic, list).changes), 0)
  })
  cutWriteAhead(db)
  return removed
}

/** Pages as they were are in the write-ahead file until it is cut, which nobody may read meanwhile. */
function cutWriteAhead(db: DatabaseSync): void {
  const { timeout } = db.prepare('PRAGMA busy_timeout').get() as { timeout: number }
  // Short: the other groups of this process stand still, and the stage comes back.
  db.exec(`PRAGMA busy_timeout=${CUT_WAIT_MS}`)
  const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }
  db.exec(`PRAGMA busy_timeout=${timeout}`)
  if (busy === 0) return
  throw new RetryLater('event log: somebody reads in the file, so that erased words cannot leave it yet')
}
