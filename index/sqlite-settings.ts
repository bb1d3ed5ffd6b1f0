/** What the index remembers of itself: up to when texts have expired, and whether deleted words are still to be erased. */
import type { DatabaseSync } from 'node:sqlite'

export interface Settings {
  /** Texts of unflagged articles first seen before this day are gone, and are not taken again. Empty: none are. */
  expiredBefore(): string
  expireBefore(day: string): void
  hasToErase(): boolean
  toErase(): void
  erased(): void
  /** First in every transaction: what was remembered may be old. */
  begin(): void
}

export function settings(db: DatabaseSync): Settings {
  const read = db.prepare('SELECT value FROM settings WHERE name = ?')
  const raise = db.prepare(
    'INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)',
  )
  const remove = db.prepare('DELETE FROM settings WHERE name = ?')
  let expiredBefore: string | undefined
  return {
    expiredBefore: () =>
      (expiredBefore ??= (read.get('expired-before')?.['value'] as string | undefined) ?? ''),
    expireBefore(day) {
      if (day !== '') raise.run('expired-before', day)
      expiredBefore = undefined
    },
    hasToErase: () => read.get('to-erase') !== undefined,
    toErase: () => {
      raise.run('to-erase', 'yes')
    },
    erased: () => {
      remove.run('to-erase')
    },
    begin() {
      expiredBefore = undefined
    },
  }
}
