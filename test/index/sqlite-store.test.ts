/** The search index on SQLite: what only this adapter promises. The rest is in test/contract/index-store.ts. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigError, RetryLater } from '../../core/errors.ts'
import type { IndexEntry } from '../../core/ports.ts'
import { sqliteIndexReader, sqliteIndexWriter } from '../../index/sqlite-store.ts'
import { Chance, LAST_DAY, corpus } from '../contract/index-corpus.ts'
import { word } from '../contract/index-queries.ts'
import { contentOf, holdsBytes } from './index-content.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-index-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const file = (name = 'index'): string => join(folder, `${name}.db`)

async function fill(path: string, entries: readonly IndexEntry[], batch = () => 50): Promise<void> {
  const writer = sqliteIndexWriter({ path })
  for (let from = 0; from < entries.length;) {
    const size = batch()
    const answers = await writer.put(entries.slice(from, from + size))
    expect(answers.filter(answer => answer !== undefined)).toEqual([])
    from += size
  }
  await writer.close()
}

test('any order and any repeat of the same entries make the same tables, full text included', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async seed => {
      const chance = new Chance(seed)
      const entries = corpus({ seed, articles: 8, flagged: 0.7, length: [3, 12], recaptures: true })
      const other = chance.shuffled([...entries, ...entries.filter(() => chance.happens(0.5))])
      const paths = [file(`a${++run}`), file(`b${run}`)] as const
      await fill(paths[0], entries)
      await fill(paths[1], other, () => 1 + chance.below(10))
      expect(contentOf(paths[1])).toEqual(contentOf(paths[0]))
    }),
    { numRuns: 40 },
  )
})

test('the daily counts are what counting the articles gives, and full text has no strays', async () => {
  await fill(file(), new Chance(3).shuffled(corpus({ seed: 21, articles: 150 })))
  const content = contentOf(file())
  expect(content['strays']).toEqual([
    { states: content['articles']!.length, details: content['articles']!.length, articles: content['articles']!.length, texts: 0, documents: 0, flags: 0 },
  ]) // prettier-ignore
  const db = new DatabaseSync(file())
  for (const [table, columns] of [
    ['daily', 'day, dims, flagged'],
    ['daily_sections', 'day, dims, section, flagged'],
  ] as const) {
    const counted = db
      .prepare(
        `SELECT ${columns}, count(*) AS articles
         FROM (SELECT date(day * 86400, 'unixepoch') AS day, dims, section, flagged FROM articles WHERE deleted = 0)
         GROUP BY ${columns} ORDER BY ${columns}`,
      )
      .all()
    expect(counted.length).toBeGreaterThan(20)
    expect(db.prepare(`SELECT ${columns}, articles FROM ${table} ORDER BY ${columns}`).all()).toEqual(counted)
  }
  db.close()
  for (const table of ['plain_stems', 'plain_exact', 'flagged_stems', 'flagged_exact']) {
    expect(content[table]!.filter(row => String(row['article']).startsWith('stray'))).toEqual([])
  }
})

test('a deleted article is gone from the bytes of the file', async () => {
  const entries = corpus({ seed: 5, articles: 40, flagged: 0.5 })
  const victim = entries.find(entry => entry.kind === 'finding' && entry.finding.flagged)
  if (victim?.kind !== 'finding') throw new Error('the corpus has a flagged article')
  const { article } = victim.finding
  const secret = 'zaboravljenko'
  const told: IndexEntry = {
    kind: 'finding',
    finding: { ...victim.finding, article: { ...article, title: secret, revision: 7 }, text: `${secret} ovdje`, madeAt: `${LAST_DAY}T23:00:00Z` },
  } // prettier-ignore
  await fill(file(), [...entries, told])
  expect(holdsBytes(file(), secret)).toBe(true)

  const writer = sqliteIndexWriter({ path: file() })
  await writer.put([
    { kind: 'decision', decision: { v: 1, id: 'd1', kind: 'delete', articleId: article.id, by: 'u1', at: `${LAST_DAY}T23:30:00Z`, reason: 'asked for' } },
  ]) // prettier-ignore
  await writer.expireText('2020-01-01')
  await writer.close()
  expect(holdsBytes(file(), secret)).toBe(false)
  // Full text keeps of a word what the word before it does not begin with.
  expect(holdsBytes(file(), secret.slice(4))).toBe(false)
})

test('while another process holds the file, entries are to be tried again, and nothing is half written', async () => {
  const entries = corpus({ seed: 9, articles: 5 })
  const writer = sqliteIndexWriter({ path: file(), busyMs: 50 })
  const other = new DatabaseSync(file())
  other.exec('BEGIN IMMEDIATE')
  const answers = await writer.put(entries)
  expect(answers).toHaveLength(entries.length)
  for (const answer of answers) expect(answer).toBeInstanceOf(RetryLater)
  other.exec('ROLLBACK')
  other.close()
  expect((await writer.put(entries)).filter(answer => answer !== undefined)).toEqual([])
  await writer.close()
  await fill(file('straight'), entries)
  expect(contentOf(file())).toEqual(contentOf(file('straight')))
})

test('when the disk is full, entries are to be tried again, and nothing is half written', async () => {
  const entries = corpus({ seed: 10, articles: 60, length: [200, 300] })
  const writer = sqliteIndexWriter({ path: file(), maxBytes: 500_000 })
  const answers = await writer.put(entries)
  expect(answers[0]).toBeInstanceOf(RetryLater)
  const small = corpus({ seed: 11, articles: 1, length: [3, 3] })
  expect((await writer.put(small)).filter(answer => answer !== undefined)).toEqual([])
  await writer.close()
  await fill(file('small'), small)
  expect(contentOf(file())).toEqual(contentOf(file('small')))
  await fill(file(), entries)
  await fill(file('straight'), [...entries, ...small])
  expect(contentOf(file())).toEqual(contentOf(file('straight')))
})

test('a file of a newer Opomena, a damaged one and no file are told apart', async () => {
  await fill(file(), [])
  const db = new DatabaseSync(file())
  db.exec('PRAGMA user_version=99')
  db.close()
  expect(() => sqliteIndexWriter({ path: file() })).toThrow(ConfigError)
  expect(() => sqliteIndexReader({ path: file() })).toThrow(/version 99/)
  expect(() => sqliteIndexReader({ path: join(folder, 'no', 'such', 'folder.db') })).toThrow(ConfigError)
})

test('a writer that is killed leaves whole entries only', async () => {
  const script = `
    import { sqliteIndexWriter } from '${join(import.meta.dirname, '../../index/sqlite-store.ts')}'
    import { corpus } from '${join(import.meta.dirname, '../contract/index-corpus.ts')}'
    const writer = sqliteIndexWriter({ path: process.argv[1] })
    const entries = corpus({ seed: 4, articles: 120 })
    for (let from = 0; ; from = (from + 7) % entries.length) {
      await writer.put(entries.slice(from, from + 7))
      if (from > 200) process.kill(process.pid, 'SIGKILL')
    }`
  const killed = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script, file()], {
    timeout: 15_000,
  })
  expect(killed.signal, String(killed.stderr)).toBe('SIGKILL')
  expect(contentOf(file())['articles']!.length).toBeGreaterThan(10)
  const entries = corpus({ seed: 4, articles: 120 })
  await fill(file(), entries)
  await fill(file('straight'), entries)
  expect(contentOf(file())).toEqual(contentOf(file('straight')))
  const reader = sqliteIndexReader({ path: file() })
  expect((await reader.count({ query: word('presuda') })).articles).toBeGreaterThan(0)
  await reader.close()
})
