/** `opomena verify` and `opomena backup` on a data directory that is in use: what they find, and what a copy is worth. */
import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { sha256 } from '../../core/hash.ts'
import { silentLogger } from '../../core/logger.ts'
import type { Counts, IndexEntry } from '../../core/ports.ts'
import { message } from '../../core/stage.ts'
import type { Message } from '../../core/stage.ts'
import { articles, decisions, findings, observations } from '../../core/topics.ts'
import { openAppStore } from '../../dashboards/app-store.ts'
import { indexReaderOf } from '../../index/generations.ts'
import { sqliteEvidenceStore } from '../../ingest/sqlite-evidence.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { capture } from '../contract/evidence-capture.ts'
import { corpus } from '../contract/index-corpus.ts'
import { all } from '../contract/index-queries.ts'

const ROOT = join(import.meta.dirname, '..', '..')
let folder: string
let data: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-keeping-'))
  data = join(folder, 'data')
  mkdirSync(data)
  await fill()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function opomena(args: readonly string[], dataDir = data): Promise<Ended> {
  const child = spawn(process.execPath, ['cli/opomena.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', OPOMENA_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  return new Promise(resolve => child.on('close', code => resolve({ code, ...said })))
}

/** A small data directory: evidence of two months, an account, a decision, and articles with their findings in the log. */
async function fill(): Promise<void> {
  const evidence = sqliteEvidenceStore({ dir: join(data, 'evidence'), clock: systemClock })
  await evidence.putAll([
    capture({ text: 'Prva vijest.' }),
    capture({ text: 'Druga vijest.', url: 'https://glas.example/2' }),
    capture({ text: 'Ranija vijest.', startedAt: '2026-10-02T10:00:00.123Z' }),
  ])
  await evidence.close()
  const log = openLog()
  await log.publish(corpus({ seed: 7, articles: 60 }).map(messageOf))
  await log.close()
  const app = openApp(data)
  const { id } = await app.addUser({ name: 'ana', role: 'lead', password: 'a long enough password' })
  app.decisions.verdicts([{ articleId: 'a1', flagId: 'f1', decision: 'confirmed' }], id)
  app.close()
}

const openLog = (dir = data) =>
  sqliteLog({ path: join(dir, 'log.db'), clock: systemClock, logger: silentLogger })
const openApp = (dir: string) => openAppStore({ path: join(dir, 'app.db'), clock: systemClock })

function messageOf(entry: IndexEntry): Message {
  switch (entry.kind) {
    case 'article':
      return message(articles, entry.article)
    case 'finding':
      return message(findings, entry.finding)
    case 'decision':
      return message(decisions, entry.decision)
    case 'observation':
      return message(observations, entry.observation)
  }
}

async function rebuiltCounts(dir: string): Promise<Counts> {
  const { code, err } = await opomena(['rebuild'], dir)
  expect(err).not.toContain('opomena:')
  expect(code).toBe(0)
  const reader = indexReaderOf(join(dir, 'index'))
  const counts = await reader.count({ query: all })
  await reader.close()
  return counts
}

/** Changes a file behind Opomena's back. */
function tamper(file: string, sql: string): void {
  const db = new DatabaseSync(join(data, file))
  const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`)
  db.exec(sql)
  db.close()
}

describe('verify', () => {
  test('says nothing about what is sound, and leaves with 0', async () => {
    await rebuiltCounts(data)
    const before = readdirSync(data, { recursive: true })
    const { code, out, err } = await opomena(['verify'])
    expect([code, out]).toEqual([0, ''])
    expect(err).toContain('everything is what it was')
    expect(readdirSync(data, { recursive: true }).filter(name => !/-(wal|shm)$/u.test(String(name)))).toEqual(
      before.filter(name => !/-(wal|shm)$/u.test(String(name))),
    )
  })

  test('names every fault, goes on after each, and leaves with 4', async () => {
    tamper('evidence/2026-11.db', "UPDATE bodies SET body = CAST('Prva vjiest.' AS BLOB) WHERE id = 1")
    tamper('app.db', "UPDATE audit SET user_id = 'somebody' WHERE n = 2")
    overwrite('log.db', 8_192 * 3)
    writeFileSync(join(data, 'alerts.db'), 'x'.repeat(4_096))
    const { code, out, err } = await opomena(['verify'])
    expect(code).toBe(4)
    expect(out).toMatch(/^evidence: 2026-11\.db: the bytes are not those/mu)
    expect(out).toMatch(/^app\.db, audit trail: row 2 /mu)
    expect(out).toMatch(/^log\.db: /mu)
    expect(out).toMatch(/^alerts\.db: .*not a database/mu)
    expect(err).toContain(`${String(out.trim().split('\n').length)} faults`)
  })

  test('gives its faults as NDJSON, and notices a row taken out of the audit trail', async () => {
    tamper('app.db', 'DELETE FROM audit WHERE n = 1')
    const { code, out } = await opomena(['verify', '--json'])
    expect(code).toBe(4)
    expect(JSON.parse(out)).toMatchObject({
      what: 'app.db, audit trail',
      fault: expect.stringMatching(/^row 1 /u),
    })
  })

  test('a directory with nothing in it is not called sound', async () => {
    const { code, err } = await opomena(['verify'], join(folder, 'elsewhere'))
    expect(code).toBe(2)
    expect(err).toContain('expected the databases of Opomena')
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false)
  })
})

/** Zeroes in the middle of a page, as a failing disk leaves them. */
function overwrite(file: string, at: number): void {
  const path = join(data, file)
  const bytes = readFileSync(path)
  bytes.fill(0xaa, at, at + 2_000)
  writeFileSync(path, bytes)
}

describe('backup', () => {
  test('taken while others write, it restores to a whole: sound, with everything that was there', async () => {
    const before = await rebuiltCounts(data)
    const log = openLog()
    const over = new AbortController()
    const later = corpus({ seed: 8, articles: 200 }).map(messageOf)
    const writer = (async () => {
      for (let at = 0; !over.signal.aborted; at = (at + 5) % later.length) {
        await log.publish(later.slice(at, at + 5))
        await systemClock.sleep(2)
      }
    })()
    const { code, out, err } = await opomena(['backup', join(folder, 'backups')])
    over.abort()
    await writer
    await log.close()
    expect(err).toMatch(/\d+ databases/u)
    expect(code).toBe(0)
    const copy = out.trim()
    expect(readdirSync(copy, { recursive: true }).map(String).sort()).toEqual(
      ['SHA256SUMS', 'app.db', 'evidence', 'evidence/2026-10.db', 'evidence/2026-11.db', 'log.db'],
    ) // prettier-ignore
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(1)

    const restored = await rebuiltCounts(copy)
    expect(restored.articles).toBeGreaterThanOrEqual(before.articles)
    expect(restored.flags).toBeGreaterThanOrEqual(before.flags)
    expect((await opomena(['verify'], copy)).code).toBe(0)
    const app = openApp(copy)
    expect(app.decisions.ofArticle('a1')).toMatchObject([{ decision: 'confirmed' }])
    expect(app.outbox.pending()).toBe(1)
    app.close()
    const evidence = sqliteEvidenceStore({ dir: join(copy, 'evidence'), clock: systemClock })
    expect(Buffer.from((await evidence.get(sha256('Prva vijest.')))!.body).toString()).toBe('Prva vijest.')
    await evidence.close()
  })

  test('the sums are those of the files, and nobody else may read them', async () => {
    const copy = (await opomena(['backup', join(folder, 'backups')])).out.trim()
    const sums = readFileSync(join(copy, 'SHA256SUMS'), 'utf8').trim().split('\n')
    expect(sums).toHaveLength(4)
    for (const line of sums) {
      const [sum, file] = line.split('  ')
      expect(sha256(readFileSync(join(copy, file!)))).toBe(sum)
      expect(statSync(join(copy, file!)).mode & 0o077).toBe(0)
    }
    expect(statSync(copy).mode & 0o077).toBe(0)
  })

  test('a damaged database ends it with its name, and no folder that looks like a backup stays', async () => {
    copyFileSync(join(data, 'log.db'), join(data, 'alerts.db'))
    overwrite('alerts.db', 8_192 * 3)
    const { code, err } = await opomena(['backup', join(folder, 'backups')])
    expect(code).toBe(1)
    expect(err).toMatch(/alerts\.db/u)
    expect(readdirSync(join(folder, 'backups'))).toEqual([])
  })

  test('beside the data is refused', async () => {
    for (const dir of [data, join(data, 'backups')]) {
      const { code, err } = await opomena(['backup', dir])
      expect(code).toBe(2)
      expect(err).toContain('lost with it')
    }
    expect(existsSync(join(data, 'backups'))).toBe(false)
  })
})
