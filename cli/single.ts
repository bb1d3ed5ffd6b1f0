/** One Opomena per data directory: a lock that the operating system takes back when its holder dies, however it dies. */
import { DatabaseSync } from 'node:sqlite'
import { ConfigError, reasonOf } from '../core/errors.ts'

const BUSY = 5

/** True for what `holdAlone` throws when another process holds the lock. */
export function isHeldAlready(thrown: unknown): boolean {
  return thrown instanceof ConfigError && (thrown.cause as { errcode?: number }).errcode === BUSY
}

/**
 * Holds the lock until `release`.
 * @throws ConfigError when another process holds it, or when the file cannot be written.
 */
export function holdAlone(path: string, what: string): { release(): void } {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path)
    db.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    db?.close()
    throw new ConfigError(
      (cause as { errcode?: number }).errcode === BUSY
        ? `${what} is running on this data directory already (${path} is locked); stop it first, or set OPOMENA_DATA_DIR to another directory`
        : `expected to write in ${path}, SQLite says "${reasonOf(cause)}"; make the directory writable, or set OPOMENA_DATA_DIR to another one`,
      { cause },
    )
  }
  const held = db
  return {
    release() {
      held.exec('ROLLBACK')
      held.close()
    },
  }
}
