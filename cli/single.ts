/** One Opomena per data directory: a lock that the operating system takes back when its holder dies, however it dies. */
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../core/errors.ts'

/**
 * Holds the lock until `release`.
 * @throws ConfigError when another process holds it.
 */
export function holdAlone(path: string, what: string): { release(): void } {
  const db = new DatabaseSync(path)
  try {
    db.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    db.close()
    throw new ConfigError(
      `${what} is running on this data directory already (${path} is locked). Stop it first, or set OPOMENA_DATA_DIR to another directory.`,
      { cause },
    )
  }
  return {
    release() {
      db.exec('ROLLBACK')
      db.close()
    },
  }
}
