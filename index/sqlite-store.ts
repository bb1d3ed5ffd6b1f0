/** The search index on SQLite, in one file: the index stage writes it, the web reads it. */
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { ConfigError, Quarantine, RetryLater, reasonOf } from '../core/errors.ts'
import type { IndexEntry, IndexReader, IndexWriter } from '../core/ports.ts'
import { fateOf, openSqlite, transact } from '../core/sqlite.ts'
import { counting } from './sqlite-counts.ts'
import { listArticles, listFlags, readArticle, readFlag } from './sqlite-documents.ts'
import { openTables, putEntry } from './sqlite-entries.ts'
import { readHealth } from './sqlite-health.ts'
import { INDEX_FILE, PAGE_BYTES } from './sqlite-schema.ts'
import { settings } from './sqlite-settings.ts'
import { eraseDeleted, expireTexts } from './sqlite-upkeep.ts'

export interface SqliteIndexOptions {
  readonly path: string
}

export interface SqliteWriterOptions extends SqliteIndexOptions {
  /** How long to wait for another process that writes, in milliseconds. */
  readonly busyMs?: number
  /** The file grows no larger, in bytes; entries are to be tried again then, as when the disk is full. */
  readonly maxBytes?: number
}

// ---------------------------------------------------------------- writing

/** Large enough that a commit costs little, small enough that readers and the log's lease never wait for it. */
const ENTRIES_A_TRANSACTION = 500
/** Kibibytes of pages kept in memory: the counts of a million articles fit. */
const CACHE_KIB = 65_536
/** Copied back every 32 MB, so that a page which is written often is copied once. */
const CHECKPOINT_PAGES = 4_000

/** @throws ConfigError when the file cannot be used. */
export function sqliteIndexWriter({ path, busyMs = 5_000, maxBytes }: SqliteWriterOptions): IndexWriter {
  const db = openSqlite(path, INDEX_FILE)
  db.exec(`PRAGMA busy_timeout=${Math.round(busyMs)}; PRAGMA cache_size=-${CACHE_KIB};
    PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`)
  // Deleted words are overwritten where they stood, not only let go.
  db.exec('PRAGMA secure_delete=ON')
  if (maxBytes !== undefined) db.exec(`PRAGMA max_page_count=${Math.ceil(maxBytes / PAGE_BYTES)}`)
  const tables = openTables(db)

  const transaction = <T>(work: () => T): T => {
    try {
      return transact(db, () => {
        tables.settings.begin()
        const result = work()
        tables.save()
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
        await turnOfTheLoop()
      }
      return answers
    },

    async expireText(before) {
      const expired = await expireTexts(db, tables, transaction, before)
      await eraseDeleted(db, tables, transaction)
      return expired
    },

    close() {
      db.close()
      return Promise.resolve()
    },
  }
}

/** What is wrong with the entry alone. @throws ConfigError when it is the file that no entry can be put into. */
function errorOf(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(String(thrown))
  if (!('errcode' in thrown)) return thrown
  const message = `${INDEX_FILE.what}: ${reasonOf(thrown)}`
  if (FAULTS_OF_AN_ENTRY.has(Number(thrown.errcode) & 0xff)) return new Quarantine(message, { cause: thrown })
  throw new ConfigError(`${message}; if starting again does not help, run opomena rebuild`, { cause: thrown })
}

/** Too big, against a constraint, of the wrong type. */
const FAULTS_OF_AN_ENTRY: ReadonlySet<number> = new Set([18, 19, 20])

// ---------------------------------------------------------------- reading

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
        const { from, to } = db
          .prepare('SELECT (SELECT min(day) FROM daily) AS "from", (SELECT max(day) FROM daily) AS "to"')
          .get()!
        return from === null ? undefined : { from: from as string, to: to as string }
      }),
    close() {
      db.close()
      return Promise.resolve()
    },
  }
}

/** The day before which texts have expired, as far as this index knows. */
export function textsExpiredBefore(path: string): string | undefined {
  const db = openToRead(path)
  try {
    return settings(db).expiredBefore() || undefined
  } finally {
    db.close()
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
