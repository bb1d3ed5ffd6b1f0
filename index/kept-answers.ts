/** Remembers what was counted, as long as nobody writes to the file: a page asks for the same several times over. */
import type { DatabaseSync } from 'node:sqlite'

const KEPT = 32

/** Answers what is kept for the question, or finds it out and keeps it. */
export type Keep<T> = (asked: unknown, answer: () => readonly T[]) => readonly T[]

export function keptAnswers<T>(db: DatabaseSync): Keep<T> {
  const version = db.prepare('PRAGMA data_version')
  const kept = new Map<string, readonly T[]>()
  let seen: unknown
  return (asked, answer) => {
    const now = version.get()!['data_version']
    if (now !== seen || kept.size >= KEPT) kept.clear()
    seen = now
    const key = JSON.stringify(asked)
    const found = kept.get(key) ?? answer()
    kept.set(key, found)
    return found
  }
}
