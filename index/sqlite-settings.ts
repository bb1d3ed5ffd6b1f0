/** What the index remembers of itself: up to when texts have expired, and whether deleted words are still to be erased. */
import type { DatabaseSync } from 'node:sqlite'

export interface Settings {
  /** Texts of unflagged articles first seen before this day are gone, and are not taken again. Empty: none are. */
  expiredBefore(): string
  expireBefore(day: string): void
  /** There are deleted words to erase from the file. */
  markToErase(): void
  /** The mark, if there is one. */
  toErase(): string | undefined
  /** Takes the mark away, unless another deletion has come since. */
  erased(mark: string): void
  /** First in every transaction: what was remembered may be old. */
  begin(): void
}

export function settings(db: DatabaseSync): Settings {
  const read = db.prepare('SELECT value FROM settings WHERE name = ?')
  const raise = db.prepare(
    'INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)',
  )
  const mark = db.prepare("INSERT OR REPLACE INTO settings VALUES ('to-erase', lower(hex(randomblob(8))))")
  const unmark = db.prepare("DELETE FROM settings WHERE name = 'to-erase' AND value = ?")
  let expiredBefore: string | undefined
  return {
    expiredBefore: () =>
      (expiredBefore ??= (read.get('expired-before')?.['value'] as string | undefined) ?? ''),
    expireBefore(day) {
      if (day !== '') raise.run('expired-before', day)
      expiredBefore = undefined
    },
    markToErase() {
      mark.run()
    },
    toErase: () => read.get('to-erase')?.['value'] as string | undefined,
    erased(marked) {
      unmark.run(marked)
    },
    begin() {
      expiredBefore = undefined
    },
  }
}
