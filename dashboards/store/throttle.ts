/** Slows down guessing of passwords, by account and by address. It never locks an account for good: that would lock monitors out on the day it matters. */
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../core/ports.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 15 * 60_000
const FORGOTTEN_AFTER_MS = 24 * 3_600_000

export interface Throttle {
  /**
   * Counts a try before it is made, so that many at the same moment count too. Answers the milliseconds still to wait,
   * in which case the try must not be made.
   */
  tryNow(key: string, free: number): number
  succeeded(key: string): void
}

export function throttle(db: DatabaseSync, clock: Clock): Throttle {
  const one = db.prepare('SELECT tries, last_ms FROM sign_in_failures WHERE key = ?')
  const put = db.prepare(
    'INSERT INTO sign_in_failures(key, tries, last_ms) VALUES (?,?,?) ON CONFLICT(key) DO UPDATE SET tries = excluded.tries, last_ms = excluded.last_ms',
  )
  return {
    tryNow(key, free) {
      const now = clock.now().getTime()
      const row = one.get(key) as { tries: number; last_ms: number } | undefined
      const tries = row && now - row.last_ms < FORGOTTEN_AFTER_MS ? row.tries : 0
      const wait = tries < free ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - free))
      const left = row ? row.last_ms + wait - now : 0
      if (wait > 0 && left > 0) return left
      put.run(key, tries + 1, now)
      db.prepare('DELETE FROM sign_in_failures WHERE last_ms < ?').run(now - FORGOTTEN_AFTER_MS)
      return 0
    },
    succeeded(key) {
      db.prepare('DELETE FROM sign_in_failures WHERE key = ?').run(key)
    },
  }
}
