/** Leases: who looks at which flag now, so that two reviewers do not take the same one. */
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../core/ports.ts'
import { transact } from '../../core/sqlite.ts'

/** Long enough to read one article with care. */
const LEASE_MS = 15 * 60_000

export interface Leases {
  /** Takes all the flags, or none when somebody else holds one of them. */
  take(flagIds: readonly string[], userId: string): boolean
  release(flagIds: readonly string[]): void
  releaseAllOf(userId: string): void
  /** Flag id to user id, of leases that still hold. */
  held(): ReadonlyMap<string, string>
}

export function leases(db: DatabaseSync, clock: Clock): Leases {
  const now = (): string => clock.now().toISOString()
  const holder = db.prepare('SELECT user_id FROM leases WHERE flag_id = ? AND until > ? AND user_id <> ?')
  const put = db.prepare(
    'INSERT INTO leases(flag_id, user_id, until) VALUES (?,?,?) ON CONFLICT(flag_id) DO UPDATE SET user_id = excluded.user_id, until = excluded.until',
  )
  const remove = db.prepare('DELETE FROM leases WHERE flag_id = ?')
  return {
    take: (flagIds, userId) =>
      transact(db, () => {
        if (flagIds.some(id => holder.get(id, now(), userId))) return false
        const until = new Date(clock.now().getTime() + LEASE_MS).toISOString()
        for (const id of flagIds) put.run(id, userId, until)
        return true
      }),
    release(flagIds) {
      for (const id of flagIds) remove.run(id)
    },
    releaseAllOf(userId) {
      db.prepare('DELETE FROM leases WHERE user_id = ? OR until <= ?').run(userId, now())
    },
    held: () =>
      new Map(
        db
          .prepare('SELECT flag_id, user_id FROM leases WHERE until > ?')
          .all(now())
          .map(row => [String(row['flag_id']), String(row['user_id'])]),
      ),
  }
}
