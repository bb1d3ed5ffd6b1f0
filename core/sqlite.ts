/** How every SQLite file of ours is opened, migrated and written: one place for the settings that keep data safe. */
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError, RetryLater, reasonOf } from './errors.ts'

/** From this version on, connections that write and checkpoint at the same moment cannot corrupt the file. */
const OLDEST_SQLITE = '3.51.3'

/** Above this, looking through the whole file would delay the start; `opomena verify` does it instead. */
const QUICK_CHECK_BYTES = 32 * 1024 * 1024

const RESULT = { busy: 5, locked: 6, io: 10, corrupt: 11, full: 13, protocol: 15, notADatabase: 26 } as const

export interface SqliteFile {
  /** What the file is to an operator, for example `event log`. */
  readonly what: string
  /** Each entry takes the file from the version of its place to the next. Never changed once released. */
  readonly migrations: readonly string[]
  /** `NORMAL` may lose the last commits in a power cut: only for what can be built again. */
  readonly synchronous?: 'FULL' | 'NORMAL'
  /** Bytes of a page of a new file. Larger pages suit rows of several thousand bytes. */
  readonly pageSize?: 4_096 | 8_192 | 16_384
}

/**
 * Opens (or makes) the file and brings its tables up to date. Safe to call from several processes at once.
 * @throws ConfigError when the file is damaged, not a database, or written by a newer Opomena.
 */
export function openSqlite(
  path: string,
  { what, migrations, synchronous = 'FULL', pageSize = 4_096 }: SqliteFile,
): DatabaseSync {
  requireSqlite(process.versions.sqlite)
  const db = connect(path, what)
  try {
    // Waiting is set first: the switch to WAL must wait for a process that makes the file at this moment.
    // Secure delete overwrites what goes: words that somebody had deleted must not linger in free pages.
    db.exec(`PRAGMA busy_timeout=5000; PRAGMA page_size=${pageSize}; PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON;
      PRAGMA synchronous=${synchronous}; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;
      PRAGMA journal_size_limit=67108864;`)
    requireSound(db, path, what)
    migrate(db, path, what, migrations)
    return db
  } catch (thrown) {
    db.close()
    const code = resultCode(thrown)
    if (code === RESULT.corrupt || code === RESULT.notADatabase) throw damaged(path, what, reasonOf(thrown))
    throw fateOf(thrown, what)
  }
}

/** @throws ConfigError when the SQLite built into this Node is too old to be trusted with the data. */
export function requireSqlite(version: string | undefined): void {
  const [have, need] = [version ?? '0', OLDEST_SQLITE].map(text =>
    text.split('.').reduce((sum, part) => sum * 1_000 + Number(part), 0),
  )
  if (have! >= need!) return
  throw new ConfigError(
    `expected SQLite ${OLDEST_SQLITE} or newer, this Node (${process.version}) has ${version ?? 'none'}; run npm ci and start with npm, which brings the right Node`,
  )
}

function connect(path: string, what: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 5_000 })
  } catch (cause) {
    throw new ConfigError(
      `${what}: ${path} cannot be opened (${reasonOf(cause)}); check the folder and its permissions`,
      {
        cause,
      },
    )
  }
}

function requireSound(db: DatabaseSync, path: string, what: string): void {
  if (path === ':memory:' || statSync(path).size > QUICK_CHECK_BYTES) return
  const answer = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0]
  if (answer !== 'ok') throw damaged(path, what, String(answer))
}

function damaged(path: string, what: string, detail: string): ConfigError {
  return new ConfigError(
    `${what}: expected a sound database in ${path}, SQLite says "${detail}"; keep the file, put a backup in its place and start again`,
  )
}

function migrate(db: DatabaseSync, path: string, what: string, migrations: readonly string[]): void {
  if (versionOf(db) === migrations.length) return
  transact(db, () => {
    // Read again under the lock: another process may have migrated meanwhile.
    const version = versionOf(db)
    if (version > migrations.length) {
      throw new ConfigError(
        `${what}: ${path} has tables of version ${version}, this Opomena knows up to ${migrations.length}; start the newer Opomena that wrote it`,
      )
    }
    for (const migration of migrations.slice(version)) db.exec(migration)
    db.exec(`PRAGMA user_version=${migrations.length}`)
  })
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()!['user_version'])
}

/** Runs `work` in one writing transaction: all of it or nothing. `work` must not await. */
export function transact<T>(db: DatabaseSync, work: () => T): T {
  // Immediate: a transaction that begins by reading cannot wait for another writer later.
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (thrown) {
    // SQLite has rolled back by itself after a full disk.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw thrown
  }
}

/** What was thrown by SQLite, named by its fate: a full disk or a busy file will be tried again, the rest is a fault. */
export function fateOf(thrown: unknown, what: string): unknown {
  switch (resultCode(thrown)) {
    case RESULT.busy:
    case RESULT.locked:
    case RESULT.protocol:
      return new RetryLater(`${what}: another process holds the file`, { cause: thrown })
    case RESULT.full:
      return new RetryLater(`${what}: the disk is full; free some space`, { cause: thrown })
    case RESULT.io:
      return new RetryLater(`${what}: the disk answers with errors (${reasonOf(thrown)})`, { cause: thrown })
    default:
      return thrown
  }
}

/** SQLite's primary result code; undefined for anything that SQLite did not throw. */
function resultCode(thrown: unknown): number | undefined {
  const code = (thrown as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code & 0xff : undefined
}
