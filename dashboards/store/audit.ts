/** The audit trail: who did what and when. Each row holds the hash of the row before, so that no row can be changed or taken out unseen. */
import type { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../../core/hash.ts'
import type { Clock } from '../../core/ports.ts'

export interface AuditEntry {
  /** Id of the account, or `system`. */
  readonly by: string
  /** For example `decision.verdict` or `user.role`. */
  readonly action: string
  /** Id of what it was done to. */
  readonly subject: string
  readonly detail?: object
}

export interface AuditRow extends AuditEntry {
  readonly n: number
  readonly at: string
  readonly hash: string
}

export interface Audit {
  /** Call it inside the transaction of what it tells of. */
  append(entry: AuditEntry): void
  /** Newest first. */
  list(limit: number): readonly AuditRow[]
  /** The number of rows when the chain holds, or the first row that does not fit. */
  verify(): { readonly rows: number } | { readonly brokenAt: number }
}

const START = '0'.repeat(64)

export function auditTrail(db: DatabaseSync, clock: Clock): Audit {
  const last = db.prepare('SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1')
  const insert = db.prepare(
    'INSERT INTO audit(n, at, user_id, action, subject, detail, previous, hash) VALUES (?,?,?,?,?,?,?,?)',
  )
  const newest = db.prepare('SELECT * FROM audit ORDER BY n DESC LIMIT ?')
  const all = db.prepare('SELECT * FROM audit ORDER BY n')

  return {
    append({ by, action, subject, detail = {} }) {
      const before = last.get() as { n: number; hash: string } | undefined
      const row = {
        n: (before?.n ?? 0) + 1,
        at: clock.now().toISOString(),
        user_id: by,
        action,
        subject,
        detail: JSON.stringify(detail),
        previous: before?.hash ?? START,
      }
      insert.run(row.n, row.at, row.user_id, row.action, row.subject, row.detail, row.previous, hashOf(row))
    },
    list: limit => newest.all(limit).map(row => rowOf(row as unknown as Row)),
    verify() {
      let previous = START
      let rows = 0
      for (const row of all.iterate() as Iterable<unknown> as Iterable<Row>) {
        rows++
        if (row.n !== rows || row.previous !== previous || row.hash !== hashOf(row)) return { brokenAt: rows }
        previous = row.hash
      }
      return { rows }
    },
  }
}

interface Unsigned {
  readonly n: number
  readonly at: string
  readonly user_id: string
  readonly action: string
  readonly subject: string
  readonly detail: string
  readonly previous: string
}
interface Row extends Unsigned {
  readonly hash: string
}

function hashOf({ n, at, user_id, action, subject, detail, previous }: Unsigned): string {
  return sha256(JSON.stringify([n, at, user_id, action, subject, detail, previous]))
}

function rowOf(row: Row): AuditRow {
  return {
    n: row.n,
    at: row.at,
    by: row.user_id,
    action: row.action,
    subject: row.subject,
    detail: JSON.parse(row.detail) as object,
    hash: row.hash,
  }
}
