/** What the index does in idle time: lets old texts go, and erases what was deleted from the file itself. */
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { expireWords } from './sqlite-entries.ts'
import type { Tables } from './sqlite-entries.ts'
import { WORD_TABLES } from './sqlite-words.ts'

const EXPIRED_A_TRANSACTION = 500
/** Pages of full text. */
const MERGED_A_TRANSACTION = 500

type Transaction = <T>(work: () => T) => T

/** Lets go of the words of unflagged articles fetched before the day; answers how many had words. */
export async function expireTexts(
  db: DatabaseSync,
  tables: Tables,
  transaction: Transaction,
  before: string,
): Promise<number> {
  transaction(() => {
    tables.settings.expireBefore(before)
  })
  let expired = 0
  for (let due = dueTexts(db, before); due.length > 0; due = dueTexts(db, before, due.at(-1))) {
    transaction(() => {
      for (const { id } of due) expireWords(tables, id)
    })
    expired += due.length
    await turnOfTheLoop()
  }
  return expired
}

interface DueText {
  readonly fetched: string
  readonly n: number
  readonly id: string
}

/** The next texts to let go of, from the oldest on. */
function dueTexts(db: DatabaseSync, before: string, last?: DueText): DueText[] {
  return db
    .prepare(
      `SELECT t.fetched, t.n, a.id FROM texts t JOIN articles a USING (n)
       WHERE t.flagged = 0 AND t.fetched < ? AND (t.fetched, t.n) > (?, ?)
       ORDER BY t.fetched, t.n LIMIT ${EXPIRED_A_TRANSACTION}`,
    )
    .all(before, last?.fetched ?? '', last?.n ?? -1)
    .map(row => ({ fetched: row['fetched'] as string, n: row['n'] as number, id: row['id'] as string }))
}

/**
 * Full text only strikes out the words of a deleted article until their place is merged with others. This merges all
 * of it, in steps, and copies the write-ahead log back, so that nothing of them is left in any file.
 */
export async function eraseDeleted(
  db: DatabaseSync,
  tables: Tables,
  transaction: Transaction,
): Promise<void> {
  const mark = tables.settings.toErase()
  if (mark === undefined) return
  for (const table of WORD_TABLES) {
    const merge = db.prepare(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`)
    let changed = transaction(() => changesOf(db, () => merge.run(-MERGED_A_TRANSACTION)))
    while (changed) {
      await turnOfTheLoop()
      changed = transaction(() => changesOf(db, () => merge.run(MERGED_A_TRANSACTION)))
    }
  }
  transaction(() => {
    tables.settings.erased(mark)
  })
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}

/** A merge that had nothing to do counts one change. */
function changesOf(db: DatabaseSync, work: () => void): boolean {
  const total = db.prepare('SELECT total_changes() AS n')
  const before = total.get()!['n'] as number
  work()
  return (total.get()!['n'] as number) - before > 1
}
