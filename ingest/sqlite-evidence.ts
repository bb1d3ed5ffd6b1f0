/** The evidence store on SQLite: one file a month, bytes as rows, append-only but for the tombstone path. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EvidenceRef } from '../core/article.ts'
import { ConfigError, reasonOf } from '../core/errors.ts'
import { sha256 } from '../core/hash.ts'
import type { Capture, Clock, Evidence, EvidenceFault, EvidenceStore } from '../core/ports.ts'
import { fateOf, openSqlite, transact } from '../core/sqlite.ts'
import { faultsOf } from './evidence-check.ts'
import { manifestOf, refOf, withBody } from './evidence-manifest.ts'
import type { Manifest } from './evidence-manifest.ts'
import { warcOf } from './warc.ts'

const WHAT = 'evidence store'

/**
 * A capture's link is SHA-256(link of the row before it in this file + hash of its manifest): a row that was changed,
 * taken out or put in between breaks it. The manifest goes when its bytes are deleted; hash and link stay.
 */
const MIGRATIONS = [
  `CREATE TABLE bodies (
     id INTEGER PRIMARY KEY,
     raw_hash TEXT NOT NULL UNIQUE,
     body BLOB NOT NULL
   ) STRICT;
   CREATE TABLE captures (
     id INTEGER PRIMARY KEY,
     raw_hash TEXT NOT NULL,
     capture_hash TEXT NOT NULL UNIQUE,
     started_at TEXT NOT NULL,
     manifest TEXT,
     manifest_hash TEXT NOT NULL,
     link TEXT NOT NULL
   ) STRICT;
   CREATE INDEX captures_by_hash ON captures (raw_hash, started_at);
   CREATE TABLE tombstones (
     raw_hash TEXT PRIMARY KEY,
     reason TEXT NOT NULL,
     at TEXT NOT NULL
   ) STRICT;

   CREATE TRIGGER bodies_stay BEFORE DELETE ON bodies
     WHEN NOT EXISTS (SELECT 1 FROM tombstones WHERE raw_hash = OLD.raw_hash)
     BEGIN SELECT RAISE(ABORT, 'evidence is append-only: bytes go only with a tombstone'); END;
   CREATE TRIGGER bodies_unchanged BEFORE UPDATE ON bodies
     BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
   CREATE TRIGGER captures_stay BEFORE DELETE ON captures
     BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
   CREATE TRIGGER captures_unchanged BEFORE UPDATE ON captures
     WHEN NEW.manifest IS NOT NULL
       OR NOT EXISTS (SELECT 1 FROM tombstones WHERE raw_hash = OLD.raw_hash)
       OR (NEW.id, NEW.raw_hash, NEW.capture_hash, NEW.started_at, NEW.manifest_hash, NEW.link)
         IS NOT (OLD.id, OLD.raw_hash, OLD.capture_hash, OLD.started_at, OLD.manifest_hash, OLD.link)
     BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
   CREATE TRIGGER tombstones_stay BEFORE DELETE ON tombstones
     BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
   CREATE TRIGGER tombstones_unchanged BEFORE UPDATE ON tombstones
     BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;`,
]

interface MonthFile {
  readonly db: DatabaseSync
  readonly insertBody: StatementSync
  readonly insertCapture: StatementSync
  readonly knownCapture: StatementSync
  readonly lastLink: StatementSync
  readonly manifests: StatementSync
  readonly body: StatementSync
  readonly tombstones: StatementSync
}

/** Keeps `<dir>/2026-11.db` and so on, by the month (UTC) a capture began in. One process writes, many may read. */
export function sqliteEvidenceStore({ dir, clock }: { dir: string; clock: Clock }): EvidenceStore {
  mkdirSync(dir, { recursive: true })
  const open = new Map<string, MonthFile>()

  function file(month: string): MonthFile {
    const known = open.get(month)
    if (known) return known
    const opened = openMonth(join(dir, `${month}.db`))
    open.set(month, opened)
    return opened
  }

  /** Oldest first; another process may have begun a month meanwhile. */
  const months = (): string[] => monthsIn(dir)

  /** Deleted bytes are not stored again, in whatever month they come back. A damaged old month stops no new one. */
  function deleted(): Set<string> {
    const rows = months().flatMap(month => soundOnly(() => file(month).tombstones.all()) ?? [])
    return new Set(rows.map(row => row['raw_hash'] as string))
  }

  function putAll(captures: readonly Capture[]): EvidenceRef[] {
    const refs = captures.map(refOf)
    const gone = deleted()
    const storedAt = clock.now().toISOString()
    for (const [month, positions] of byMonth(captures)) {
      const target = file(month)
      transact(target.db, () => {
        const appended = appender(target, storedAt)
        for (const n of positions) if (!gone.has(refs[n]!.rawHash)) appended(captures[n]!, refs[n]!)
      })
    }
    return refs
  }

  function find(rawHash: string): Evidence | undefined {
    let damaged: Error | undefined
    for (const month of months()) {
      const found = soundOnly(
        () => evidenceIn(file(month), rawHash).next().value,
        thrown => (damaged ??= thrown),
      )
      if (found) return found
    }
    // It may be in the file that cannot be read: "not there" would be a lie.
    if (damaged) throw damaged
    return undefined
  }

  function remove(rawHash: string, reason: string): boolean {
    const removed = months().filter(month => {
      const { db } = file(month)
      const found = transact(db, () => removeFrom(db, rawHash, reason, clock.now()))
      // The write-ahead log still holds the pages as they were.
      if (found) db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return found
    })
    return removed.length > 0
  }

  async function* captures(rawHashes: Iterable<string>): AsyncGenerator<Evidence> {
    for (const rawHash of rawHashes) {
      for (const month of months()) yield* evidenceIn(file(month), rawHash)
    }
  }

  return {
    put: async capture => named(() => putAll([capture])[0]!),
    putAll: async captures => named(() => putAll(captures)),
    get: async rawHash => named(() => find(rawHash)),
    async *verify() {
      for (const month of months()) yield* verifyMonth(`${month}.db`, () => file(month).db)
    },
    delete: async (rawHash, reason) => named(() => remove(rawHash, reason)),
    exportWarc: rawHashes => warcOf(captures(rawHashes), clock.now()),
    async close() {
      for (const { db } of open.values()) db.close()
      open.clear()
    },
  }
}

async function* verifyMonth(name: string, db: () => DatabaseSync): AsyncGenerator<EvidenceFault> {
  try {
    for (const fault of faultsOf(db(), name)) yield fault
  } catch (thrown) {
    yield { rawHash: '', fault: `${name} cannot be read to its end: ${reasonOf(thrown)}` }
  }
}

function openMonth(path: string): MonthFile {
  const db = openSqlite(path, { what: WHAT, migrations: MIGRATIONS })
  // Deleted bytes are overwritten, not only forgotten.
  db.exec('PRAGMA secure_delete=ON')
  return {
    db,
    insertBody: db.prepare('INSERT INTO bodies (raw_hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    insertCapture: db.prepare(
      `INSERT INTO captures (raw_hash, capture_hash, started_at, manifest, manifest_hash, link) VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    knownCapture: db.prepare('SELECT 1 FROM captures WHERE capture_hash = ?'),
    lastLink: db.prepare('SELECT link FROM captures ORDER BY id DESC LIMIT 1'),
    manifests: db.prepare(
      'SELECT manifest FROM captures WHERE raw_hash = ? AND manifest IS NOT NULL ORDER BY started_at, id',
    ),
    body: db.prepare('SELECT body FROM bodies WHERE raw_hash = ?'),
    tombstones: db.prepare('SELECT raw_hash FROM tombstones'),
  }
}

function* evidenceIn({ manifests, body }: MonthFile, rawHash: string): Generator<Evidence, undefined> {
  const bytes = body.get(rawHash)?.['body'] as Uint8Array | undefined
  if (!bytes) return
  for (const { manifest } of manifests.all(rawHash)) {
    yield withBody(JSON.parse(manifest as string) as Manifest, bytes)
  }
}

/** Call it inside a writing transaction. */
function appender(target: MonthFile, storedAt: string): (capture: Capture, ref: EvidenceRef) => void {
  let link = (target.lastLink.get()?.['link'] as string | undefined) ?? ''
  return (capture, ref) => {
    const captureHash = sha256(JSON.stringify([ref.rawHash, capture.url, capture.startedAt]))
    if (target.knownCapture.get(captureHash)) return
    const manifest = JSON.stringify(manifestOf(capture, ref, storedAt))
    const manifestHash = sha256(manifest)
    link = sha256(link + manifestHash)
    target.insertBody.run(ref.rawHash, capture.body)
    target.insertCapture.run(ref.rawHash, captureHash, capture.startedAt, manifest, manifestHash, link)
  }
}

function removeFrom(db: DatabaseSync, rawHash: string, reason: string, now: Date): boolean {
  if (!db.prepare('SELECT 1 FROM bodies WHERE raw_hash = ?').get(rawHash)) return false
  db.prepare('INSERT INTO tombstones (raw_hash, reason, at) VALUES (?, ?, ?)').run(
    rawHash,
    reason,
    now.toISOString(),
  )
  db.prepare('DELETE FROM bodies WHERE raw_hash = ?').run(rawHash)
  db.prepare('UPDATE captures SET manifest = NULL WHERE raw_hash = ?').run(rawHash)
  return true
}

function byMonth(captures: readonly Capture[]): Map<string, number[]> {
  return Map.groupBy(captures.keys(), n => monthOf(captures[n]!))
}

function monthOf({ startedAt, url }: Capture): string {
  const month = /^\d{4}-(0[1-9]|1[0-2])(?=-\d\dT)/.exec(startedAt)?.[0]
  if (month !== undefined) return month
  throw new Error(`expected the start of a capture as 2026-11-02T10:00:00.000Z, got ${startedAt} for ${url}`)
}

function monthsIn(dir: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .map(name => /^(\d{4}-\d{2})\.db$/.exec(name)?.[1])
    .filter(month => month !== undefined)
    .sort()
}

function soundOnly<T>(work: () => T, onDamage?: (thrown: ConfigError) => void): T | undefined {
  try {
    return work()
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown
    onDamage?.(thrown)
    return undefined
  }
}

function named<T>(work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw fateOf(thrown, WHAT)
  }
}
