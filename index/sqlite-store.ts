/** The search index on SQLite, in one file: the index stage writes it, the web reads it. */
import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue } from 'node:sqlite'
import { ConfigError, Quarantine, RetryLater, reasonOf } from '../core/errors.ts'
import type { IndexEntry, IndexReader, IndexWriter } from '../core/ports.ts'
import { fateOf, openSqlite, transact } from '../core/sqlite.ts'
import { counting } from './sqlite-counts.ts'
import { listArticles, listFlags, readArticle, readFlag } from './sqlite-documents.ts'
import { expireWords, openTables, putEntry } from './sqlite-entries.ts'
import { readHealth } from './sqlite-health.ts'
import { INDEX_FILE } from './sqlite-schema.ts'

export interface SqliteIndexOptions {
  readonly path: string
}

// ---------------------------------------------------------------- writing

/** Large enough that a commit costs little, small enough that readers and the log's lease never wait for it. */
const ENTRIES_A_TRANSACTION = 500
const EXPIRED_A_TRANSACTION = 500

/** @throws ConfigError when the file cannot be used. */
export function sqliteIndexWriter({ path }: SqliteIndexOptions): IndexWriter {
  const db = openSqlite(path, INDEX_FILE)
  const tables = openTables(db)

  const transaction = <T>(work: () => T): T => {
    try {
      return transact(db, () => {
        tables.begin()
        const result = work()
        tables.articles.saveCounts()
        return result
      })
    } catch (thrown) {
      tables.forget()
      throw fateOf(thrown, INDEX_FILE.what)
    }
  }

  /** The whole batch at once; where an entry is at fault, one by one, so that it does not spoil the others. */
  const putBatch = (entries: readonly IndexEntry[]): (Error | undefined)[] => {
    try {
      transaction(() => {
        for (const entry of entries) putEntry(tables, entry)
      })
      return entries.map(() => undefined)
    } catch (thrown) {
      const error = errorOf(thrown)
      if (entries.length === 1 || error instanceof RetryLater) return entries.map(() => error)
      return entries.flatMap(entry => putBatch([entry]))
    }
  }

  return {
    async put(entries) {
      const answers: (Error | undefined)[] = []
      for (let from = 0; from < entries.length; from += ENTRIES_A_TRANSACTION) {
        answers.push(...putBatch(entries.slice(from, from + ENTRIES_A_TRANSACTION)))
        // Lets the lease of the log be kept between transactions.
        await new Promise(resolve => setImmediate(resolve))
      }
      return answers
    },

    async expireText(before) {
      transaction(() => {
        tables.expireBefore(before)
      })
      const due = db.prepare(
        `SELECT t.first_seen, t.n, a.id FROM texts t JOIN articles a USING (n)
         WHERE t.flagged = 0 AND t.first_seen < ? AND (t.first_seen, t.n) > (?, ?)
         ORDER BY t.first_seen, t.n LIMIT ${EXPIRED_A_TRANSACTION}`,
      )
      let expired = 0
      for (let last: SQLInputValue[] = ['', -1]; ;) {
        const rows = due.all(before, ...last)
        if (rows.length === 0) return expired
        transaction(() => {
          for (const row of rows) expireWords(tables, row['id'] as string)
        })
        expired += rows.length
        last = [rows.at(-1)!['first_seen']!, rows.at(-1)!['n']!]
        await new Promise(resolve => setImmediate(resolve))
      }
    },

    close() {
      db.close()
      return Promise.resolve()
    },
  }
}

function errorOf(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(String(thrown))
  // Anything else that SQLite refuses is a fault of the entry: a value that no table takes.
  return 'errcode' in thrown ? new Quarantine(`search index: ${reasonOf(thrown)}`, { cause: thrown }) : thrown
}

// ---------------------------------------------------------------- reading

/** Kibibytes of pages kept in memory: the counts of a million articles fit. */
const CACHE_KIB = 65_536

/** @throws ConfigError when the file cannot be used. */
export function sqliteIndexReader({ path }: SqliteIndexOptions): IndexReader {
  // Makes the tables where the index stage has not begun yet.
  openSqlite(path, INDEX_FILE).close()
  const db = openToRead(path)
  const counts = counting(db)

  /** All statements of one answer see the same moment. */
  const read = async <T>(work: () => T): Promise<T> => {
    try {
      db.exec('BEGIN')
      return work()
    } catch (thrown) {
      throw fateOf(thrown, INDEX_FILE.what)
    } finally {
      if (db.isTransaction) db.exec('COMMIT')
    }
  }

  return {
    flag: id => read(() => readFlag(db, id)),
    article: id => read(() => readArticle(db, id)),
    searchFlags: (search, page) => read(() => listFlags(db, search, page)),
    searchArticles: (search, page) => read(() => listArticles(db, search, page)),
    count: search => read(() => counts.count(search)),
    facets: (search, fields, size) => read(() => counts.facets(search, fields, size)),
    timeline: (search, options) => read(() => counts.timeline(search, options)),
    sources: today => read(() => readHealth(db, today)),
    span: () =>
      read(() => {
        const { from, to } = db.prepare('SELECT min(day) AS "from", max(day) AS "to" FROM daily').get()!
        return from === null ? undefined : { from: from as string, to: to as string }
      }),
    close() {
      db.close()
      return Promise.resolve()
    },
  }
}

function openToRead(path: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    db.exec(`PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-${CACHE_KIB}`)
    return db
  } catch (cause) {
    throw new ConfigError(
      `${INDEX_FILE.what}: ${path} cannot be read (${reasonOf(cause)}); check the folder and its permissions`,
      { cause },
    )
  }
}
