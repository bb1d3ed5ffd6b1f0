/** Checks one evidence file against itself: every byte hashed again, every manifest, every link of the chain. */
import type { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../core/hash.ts'
import type { EvidenceFault } from '../core/ports.ts'
import type { Manifest } from './evidence-manifest.ts'

/** Rows read at a time: a reader that stays open would keep the write-ahead log growing. */
const PAGE = 200

export function* faultsOf(db: DatabaseSync, name: string): Generator<EvidenceFault> {
  for (const { integrity_check: answer } of db.prepare('PRAGMA integrity_check(20)').all()) {
    if (answer !== 'ok') yield { rawHash: '', fault: `${name}: ${String(answer)}` }
  }
  yield* faultsOfBodies(db, name)
  yield* faultsOfCaptures(db, name)
}

function* faultsOfBodies(db: DatabaseSync, name: string): Generator<EvidenceFault> {
  const rows = pages(
    db,
    `SELECT id, raw_hash, EXISTS (SELECT 1 FROM captures c WHERE c.raw_hash = b.raw_hash) AS captured,
       EXISTS (SELECT 1 FROM tombstones t WHERE t.raw_hash = b.raw_hash) AS deleted
     FROM bodies b WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
  )
  // One body at a time: a page of them could be gigabytes.
  const body = db.prepare('SELECT body FROM bodies WHERE id = ?')
  for (const row of rows) {
    const rawHash = row['raw_hash'] as string
    const fault = (what: string): EvidenceFault => ({ rawHash, fault: `${name}: ${what}` })
    if (sha256(body.get(row['id'] as number)!['body'] as Uint8Array) !== rawHash)
      yield fault('the bytes are not those that were stored')
    if (!row['captured']) yield fault('the bytes have no manifest')
    if (row['deleted']) yield fault('the bytes are there although they were deleted')
  }
}

function* faultsOfCaptures(db: DatabaseSync, name: string): Generator<EvidenceFault> {
  const rows = pages(
    db,
    `SELECT id, raw_hash, capture_hash, started_at, manifest, manifest_hash, link,
       EXISTS (SELECT 1 FROM bodies b WHERE b.raw_hash = c.raw_hash) AS present,
       EXISTS (SELECT 1 FROM tombstones t WHERE t.raw_hash = c.raw_hash) AS deleted
     FROM captures c WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
  )
  let link = ''
  for (const row of rows) {
    const rawHash = row['raw_hash'] as string
    const fault = (what: string): EvidenceFault => ({ rawHash, fault: `${name}: ${what}` })
    if (!row['deleted']) {
      if (!row['present']) yield fault('the bytes are missing, and no tombstone says why')
      if (!manifestHolds(row)) yield fault('the manifest is not the one that was stored')
    }
    if (sha256(link + String(row['manifest_hash'])) !== row['link']) {
      yield fault('the chain is broken here: a row was changed, taken out or put in')
    }
    link = row['link'] as string
  }
}

type Row = Readonly<Record<string, unknown>>

function manifestHolds(row: Row): boolean {
  if (typeof row['manifest'] !== 'string' || sha256(row['manifest']) !== row['manifest_hash']) return false
  const { url, startedAt, ref } = JSON.parse(row['manifest']) as Manifest
  const captureHash = sha256(JSON.stringify([ref.rawHash, url, startedAt]))
  return (
    ref.rawHash === row['raw_hash'] && startedAt === row['started_at'] && captureHash === row['capture_hash']
  )
}

function* pages(db: DatabaseSync, sql: string): Generator<Row> {
  const statement = db.prepare(sql)
  let last = 0
  for (;;) {
    const rows = statement.all(last) as Row[]
    yield* rows
    const next = rows.at(-1)?.['id'] as number | undefined
    if (next === undefined) return
    last = next
  }
}
