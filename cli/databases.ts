/** The databases in a data directory, as files: for what looks at all of them without knowing what is in them. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../core/errors.ts'

const FOLDERS = ['', 'evidence', 'index'] as const

/**
 * Paths within the data directory, `evidence/2026-11.db` for example.
 * @throws ConfigError when there are none: most likely it is the wrong directory.
 */
export function databasesIn(dataDir: string): readonly string[] {
  const found = FOLDERS.flatMap(folder => {
    const dir = join(dataDir, folder)
    if (!existsSync(dir)) return []
    return readdirSync(dir, { withFileTypes: true })
      .filter(entry => entry.isFile() && entry.name.endsWith('.db'))
      .map(entry => join(folder, entry.name))
      .sort()
  })
  if (found.length > 0) return found
  throw new ConfigError(
    `expected the databases of Opomena in ${dataDir}, found none; set OPOMENA_DATA_DIR to the data directory`,
  )
}

/** Runs `work` on a file that it cannot change. */
export function reading<T>(path: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  try {
    return work(db)
  } finally {
    db.close()
  }
}

/** What SQLite finds wrong with a file; nothing where it is sound. `quick` leaves out the comparison of indexes with tables. */
export function damageOf(db: DatabaseSync, check: 'quick_check' | 'integrity_check'): readonly string[] {
  return db
    .prepare(`PRAGMA ${check}(20)`)
    .all()
    .map(row => String(row[check]))
    .filter(answer => answer !== 'ok')
}
