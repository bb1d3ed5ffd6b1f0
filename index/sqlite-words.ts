/** The full-text tables: puts the words of an article on its shelf and takes them off. */
import type { DatabaseSync } from 'node:sqlite'
import { searchTokens } from '../core/text.ts'

/** Articles that ever had a flag stand apart: searches for flags read only them. */
export const SHELVES = ['plain', 'flagged'] as const
export type Shelf = (typeof SHELVES)[number]

/** Every full-text table. */
export const WORD_TABLES = SHELVES.flatMap(shelf => [`${shelf}_stems`, `${shelf}_exact`])

/** What is searched of an article. */
export interface Searched {
  readonly title: string
  readonly lead: string
  readonly text: string
}

export interface WordTables {
  add(shelf: Shelf, n: number, searched: Searched): void
  remove(shelf: Shelf, n: number): void
  /** Writes what was added and removed since the last time. Last in every transaction. */
  save(): void
  /** Forgets what was not yet written: the transaction was rolled back. */
  forget(): void
}

/** What is to be done with one number of a shelf. */
interface Change {
  readonly remove: boolean
  readonly add?: Searched
}

/**
 * Full text gathers in memory only as long as numbers rise, and writes out at each that does not: so the changes of a
 * transaction wait for its end and are written in order, twice as fast.
 */
export function wordTables(db: DatabaseSync): WordTables {
  const shelves = SHELVES.map(shelf => ({
    shelf,
    changes: new Map<number, Change>(),
    statements: shelfStatements(db, shelf),
  }))
  const changesOn = (shelf: Shelf): Map<number, Change> => shelves.find(one => one.shelf === shelf)!.changes
  return {
    add(shelf, n, searched) {
      const changes = changesOn(shelf)
      changes.set(n, { remove: changes.get(n)?.remove ?? false, add: searched })
    },
    remove(shelf, n) {
      changesOn(shelf).set(n, { remove: true })
    },
    save() {
      for (const { changes, statements } of shelves) {
        const ordered = [...changes].sort(([a], [b]) => a - b)
        for (const [n, change] of ordered) if (change.remove) statements.remove(n)
        for (const [n, change] of ordered) if (change.add) statements.add(n, change.add)
        changes.clear()
      }
    },
    forget() {
      for (const { changes } of shelves) changes.clear()
    },
  }
}

function shelfStatements(db: DatabaseSync, shelf: Shelf) {
  const addStems = db.prepare(`INSERT INTO ${shelf}_stems (rowid, stems) VALUES (?, ?)`)
  const addExact = db.prepare(`INSERT INTO ${shelf}_exact (rowid, title, lead, text) VALUES (?, ?, ?, ?)`)
  const removeStems = db.prepare(`DELETE FROM ${shelf}_stems WHERE rowid = ?`)
  const removeExact = db.prepare(`DELETE FROM ${shelf}_exact WHERE rowid = ?`)
  return {
    add(n: number, { title, lead, text }: Searched): void {
      const fields = [title, lead, text].map(searchTokens)
      const stems = new Set(fields.flatMap(field => field.stem))
      const [titleWords, leadWords, textWords] = fields.map(field => field.exact.join(' '))
      addStems.run(n, [...stems].join(' '))
      addExact.run(n, titleWords!, leadWords!, textWords!)
    },
    remove(n: number): void {
      removeStems.run(n)
      removeExact.run(n)
    },
  }
}
