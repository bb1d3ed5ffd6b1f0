/** Sessions on the server, so that signing out, or losing a role, takes effect on the next request. */
import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../../core/hash.ts'
import type { Clock } from '../../core/ports.ts'
import type { Account, Accounts } from './accounts.ts'

const IDLE_MS = 12 * 3_600_000
const LONGEST_MS = 7 * 24 * 3_600_000
/** How often the time of the last request is written down. */
const SEEN_EVERY_MS = 60_000

export interface SessionInfo {
  /** The hash: names the session without opening it. */
  readonly id: string
  readonly createdAt: string
  readonly seenAt: string
  readonly browser: string
}

export interface Sessions {
  /** The secret for the cookie; only its hash is kept. */
  begin(userId: string, browser: string): string
  find(secret: string): { readonly session: SessionInfo; readonly user: Account } | undefined
  list(userId: string): readonly SessionInfo[]
  end(id: string, userId: string): void
  /** Ends all sessions of the person but one. */
  endOthers(userId: string, keep: string): void
}

export function sessions(db: DatabaseSync, clock: Clock, accounts: Accounts): Sessions {
  const insert = db.prepare(
    'INSERT INTO sessions(id_hash, user_id, created_at, seen_at, browser) VALUES (?,?,?,?,?)',
  )
  const one = db.prepare('SELECT * FROM sessions WHERE id_hash = ?')
  const remove = db.prepare('DELETE FROM sessions WHERE id_hash = ?')
  const nowMs = (): number => clock.now().getTime()
  const isOver = (row: Record<string, unknown>): boolean =>
    nowMs() - Date.parse(String(row['seen_at'])) > IDLE_MS ||
    nowMs() - Date.parse(String(row['created_at'])) > LONGEST_MS

  return {
    begin(userId, browser) {
      const secret = randomBytes(32).toString('base64url')
      const now = clock.now().toISOString()
      insert.run(sha256(secret), userId, now, now, browser.slice(0, 200))
      db.prepare('DELETE FROM sessions WHERE created_at < ?').run(
        new Date(nowMs() - LONGEST_MS).toISOString(),
      )
      return secret
    },
    find(secret) {
      const id = sha256(secret)
      const row = one.get(id)
      if (!row) return undefined
      const user = accounts.get(String(row['user_id']))
      if (!user || user.disabled || isOver(row)) {
        remove.run(id)
        return undefined
      }
      if (nowMs() - Date.parse(String(row['seen_at'])) > SEEN_EVERY_MS) {
        db.prepare('UPDATE sessions SET seen_at = ? WHERE id_hash = ?').run(clock.now().toISOString(), id)
      }
      return { session: infoOf(row), user }
    },
    list: userId =>
      db
        .prepare('SELECT * FROM sessions WHERE user_id = ? ORDER BY seen_at DESC')
        .all(userId)
        .filter(row => !isOver(row))
        .map(infoOf),
    end(id, userId) {
      db.prepare('DELETE FROM sessions WHERE id_hash = ? AND user_id = ?').run(id, userId)
    },
    endOthers(userId, keep) {
      db.prepare('DELETE FROM sessions WHERE user_id = ? AND id_hash <> ?').run(userId, keep)
    },
  }
}

function infoOf(row: Record<string, unknown>): SessionInfo {
  return {
    id: String(row['id_hash']),
    createdAt: String(row['created_at']),
    seenAt: String(row['seen_at']),
    browser: String(row['browser']),
  }
}
