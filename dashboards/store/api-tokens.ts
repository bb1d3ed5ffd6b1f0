/** Tokens of the research API: shown once, kept as a hash, ended at any time. */
import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../../core/hash.ts'
import type { Clock } from '../../core/ports.ts'
import { transact } from '../../core/sqlite.ts'
import type { Audit } from './audit.ts'

export interface ApiTokenInfo {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly usedAt?: string
}

export interface ApiTokens {
  /** The token itself, `opomena_<id>_<secret>`, so that scanners for leaked secrets know it. */
  make(userId: string, name: string): string
  list(userId: string): readonly ApiTokenInfo[]
  end(id: string, userId: string): void
  /** Id of the account the token belongs to. */
  ownerOf(token: string): string | undefined
}

export function apiTokens(db: DatabaseSync, clock: Clock, audit: Audit): ApiTokens {
  const now = (): string => clock.now().toISOString()
  const byHash = db.prepare('SELECT id, user_id FROM api_tokens WHERE hash = ?')
  const used = db.prepare(
    'UPDATE api_tokens SET used_at = ? WHERE id = ? AND (used_at IS NULL OR used_at < ?)',
  )
  return {
    make(userId, name) {
      const id = randomBytes(5).toString('hex')
      const token = `opomena_${id}_${randomBytes(32).toString('base64url')}`
      transact(db, () => {
        db.prepare('INSERT INTO api_tokens(id, user_id, name, hash, created_at) VALUES (?,?,?,?,?)').run(
          id,
          userId,
          name,
          sha256(token),
          now(),
        )
        audit.append({ by: userId, action: 'token.make', subject: id, detail: { name } })
      })
      return token
    },
    list: userId =>
      db
        .prepare('SELECT * FROM api_tokens WHERE user_id = ? ORDER BY created_at')
        .all(userId)
        .map(row => ({
          id: String(row['id']),
          name: String(row['name']),
          createdAt: String(row['created_at']),
          ...(typeof row['used_at'] === 'string' && { usedAt: row['used_at'] }),
        })),
    end(id, userId) {
      transact(db, () => {
        const { changes } = db.prepare('DELETE FROM api_tokens WHERE id = ? AND user_id = ?').run(id, userId)
        if (Number(changes) > 0) audit.append({ by: userId, action: 'token.end', subject: id })
      })
    },
    ownerOf(token) {
      const row = byHash.get(sha256(token))
      if (!row) return undefined
      used.run(now(), row['id']!, new Date(clock.now().getTime() - 60_000).toISOString())
      return String(row['user_id'])
    },
  }
}
