import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, RetryLater } from '../../core/errors.ts'
import { fateOf, openSqlite, requireSqlite, transact } from '../../core/sqlite.ts'

const FILE = { what: 'test file', migrations: ['CREATE TABLE t(n INTEGER PRIMARY KEY) STRICT'] }

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-sqlite-'))
  path = join(folder, 'test.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

function fateOfThrown(work: () => unknown): unknown {
  try {
    work()
  } catch (thrown) {
    return fateOf(thrown, 'test file')
  }
  throw new Error('expected it to throw')
}

describe('the version of SQLite', () => {
  test.each(['3.51.3', '3.51.10', '3.53.4', '4.0.0', process.versions.sqlite])('%s is taken', version => {
    expect(() => requireSqlite(version)).not.toThrow()
  })
  test.each(['3.51.2', '3.50.4', '2.9.9', undefined])('%s is refused with the way out', version => {
    expect(() => requireSqlite(version)).toThrow(ConfigError)
    expect(() => requireSqlite(version)).toThrow(/expected SQLite 3\.51\.3 or newer.*run npm ci/)
  })
})

test('a file is opened with the settings that keep data safe', () => {
  const db = openSqlite(path, FILE)
  const setting = (name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0]
  expect(
    Object.fromEntries(
      ['journal_mode', 'synchronous', 'busy_timeout', 'foreign_keys', 'trusted_schema'].map(name => [
        name,
        setting(name),
      ]),
    ),
  ).toEqual({ journal_mode: 'wal', synchronous: 2, busy_timeout: 5_000, foreign_keys: 1, trusted_schema: 0 })
  db.close()
})

test('each migration runs once, in order, also when the file stands half way', () => {
  openSqlite(path, FILE).close()
  const migrations = [
    ...FILE.migrations,
    'ALTER TABLE t ADD COLUMN a TEXT',
    "INSERT INTO t(a) VALUES ('third')",
  ]
  for (let i = 0; i < 2; i++) openSqlite(path, { ...FILE, migrations }).close()
  const db = openSqlite(path, { ...FILE, migrations })
  expect(db.prepare('SELECT n, a FROM t').all()).toEqual([{ n: 1, a: 'third' }])
  db.close()
})

test('a migration that fails leaves the file as it was', () => {
  openSqlite(path, FILE).close()
  const migrations = [...FILE.migrations, 'CREATE TABLE u(n) STRICT; nonsense']
  expect(() => openSqlite(path, { ...FILE, migrations })).toThrow()
  const db = openSqlite(path, FILE)
  expect(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()).toEqual([{ name: 't' }])
  db.close()
})

describe('a transaction', () => {
  test('keeps everything or nothing', () => {
    const db = openSqlite(path, FILE)
    const insert = db.prepare('INSERT INTO t VALUES (?)')
    expect(transact(db, () => Number(insert.run(1).changes))).toBe(1)
    expect(() =>
      transact(db, () => {
        insert.run(2)
        throw new Error('changed my mind')
      }),
    ).toThrow('changed my mind')
    expect(db.prepare('SELECT n FROM t').all()).toEqual([{ n: 1 }])
    db.close()
  })

  test('on a full disk is undone and to be tried later; the file can be read and written again', () => {
    const db = openSqlite(path, { ...FILE, migrations: ['CREATE TABLE t(b BLOB) STRICT'] })
    db.exec('PRAGMA max_page_count=10')
    const fill = db.prepare('INSERT INTO t VALUES (zeroblob(?))')
    const fate = fateOfThrown(() =>
      transact(db, () => {
        fill.run(10)
        fill.run(100_000)
      }),
    )
    expect(fate).toBeInstanceOf(RetryLater)
    expect(String(fate)).toMatch(/test file: the disk is full/)
    expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 })
    transact(db, () => fill.run(10))
    db.close()
  })
})

test('what SQLite throws for a mistake of ours stays what it is', () => {
  const db = new DatabaseSync(':memory:')
  const fate = fateOfThrown(() => db.exec('SELECT * FROM absent'))
  expect(fate).not.toBeInstanceOf(RetryLater)
  expect(String(fate)).toMatch(/no such table/)
  expect(fateOf('a string', 'x')).toBe('a string')
  db.close()
})
