/** The full-text tables: puts the words of an article on its shelf and takes them off. */
import type { DatabaseSync } from 'node:sqlite'
import { searchTokens } from '../core/text.ts'

/** Articles that ever had a flag stand apart: searches for flags read only them. */
export const SHELVES = ['plain', 'flagged'] as const
export type Shelf = (typeof SHELVES)[number]

/** Every full-text table. */
export const WORD_TABLES = SHELVES.flatMap(shelf => [`${shelf}_stems`, `${shelf}_exact`])

export interface WordTables {
  add(shelf: Shelf, n: number, article: { title: string; lead: string; text: string }): void
  remove(shelf: Shelf, n: number): void
}

export function wordTables(db: DatabaseSync): WordTables {
  const statements = {
    plain: shelfStatements(db, 'plain'),
    flagged: shelfStatements(db, 'flagged'),
  }
  return {
    add(shelf, n, { title, lead, text }) {
      const fields = [title, lead, text].map(searchTokens)
      const stems = new Set(fields.flatMap(field => field.stem))
      const [titleWords, leadWords, textWords] = fields.map(field => field.exact.join(' '))
      statements[shelf].addStems.run(n, [...stems].join(' '))
      statements[shelf].addExact.run(n, titleWords!, leadWords!, textWords!)
    },
    remove(shelf, n) {
      statements[shelf].removeStems.run(n)
      statements[shelf].removeExact.run(n)
    },
  }
}

function shelfStatements(db: DatabaseSync, shelf: Shelf) {
  return {
    addStems: db.prepare(`INSERT INTO ${shelf}_stems (rowid, stems) VALUES (?, ?)`),
    addExact: db.prepare(`INSERT INTO ${shelf}_exact (rowid, title, lead, text) VALUES (?, ?, ?, ?)`),
    removeStems: db.prepare(`DELETE FROM ${shelf}_stems WHERE rowid = ?`),
    removeExact: db.prepare(`DELETE FROM ${shelf}_exact WHERE rowid = ?`),
  }
}
