/** Dead letters of the SQLite log: what a group could not handle, kept with the reason until a person decides. */
import type { DatabaseSync } from 'node:sqlite'
import type { DeadLetter, EventLog } from '../core/ports.ts'
import { transact } from '../core/sqlite.ts'

interface Row {
  readonly n: number
  readonly grp: string
  readonly topic: string
  readonly key: string
  readonly id: string
  readonly json: string
  readonly at: number
  readonly reason: string
  readonly tries: number
  readonly dead_at: number
}

/** A redriven letter keeps its row until its group has handled it: no moment in which it is nowhere. */
export function deadLetters(
  db: DatabaseSync,
  { guarded, redriven }: { readonly guarded: <T>(work: () => T) => T; readonly redriven: () => void },
): EventLog['dead'] {
  const all = db.prepare('SELECT * FROM dead WHERE redriven = 0 AND (?1 IS NULL OR grp = ?1) ORDER BY n')
  const redriveAll = db.prepare('UPDATE dead SET redriven = 1 WHERE grp = ? AND redriven = 0')
  const redriveOne = db.prepare('UPDATE dead SET redriven = 1 WHERE grp = ? AND n = ? AND redriven = 0')
  const dropOne = db.prepare('DELETE FROM dead WHERE grp = ? AND n = ? AND redriven = 0')

  return {
    list: async group => (all.all(group ?? null) as unknown as Row[]).map(letterOf),
    async redrive(group, ids) {
      const changed = guarded(() =>
        transact(db, () =>
          ids ? total(ids, n => redriveOne.run(group, n).changes) : Number(redriveAll.run(group).changes),
        ),
      )
      redriven()
      return changed
    },
    drop: async (group, ids) =>
      guarded(() => transact(db, () => total(ids, n => dropOne.run(group, n).changes))),
  }
}

function total(ids: readonly string[], change: (n: number) => number | bigint): number {
  return ids
    .map(Number)
    .filter(Number.isSafeInteger)
    .reduce((sum, n) => sum + Number(change(n)), 0)
}

function letterOf(row: Row): DeadLetter {
  return {
    id: String(row.n),
    group: row.grp,
    topic: row.topic,
    record: { key: row.key, id: row.id, json: row.json, at: new Date(row.at).toISOString() },
    reason: row.reason,
    tries: row.tries,
    at: new Date(row.dead_at).toISOString(),
  }
}
