import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { sha256 } from '../../core/hash.ts'
import type { EvidenceFault, EvidenceStore } from '../../core/ports.ts'
import { sqliteEvidenceStore } from '../../ingest/sqlite-evidence.ts'
import { capture } from '../contract/evidence-capture.ts'
import { collect } from '../contract/evidence-store.ts'

let dir: string
let store: EvidenceStore
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'opomena-evidence-'))
  store = open()
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true, force: true })
})

const open = (): EvidenceStore => sqliteEvidenceStore({ dir, clock: systemClock })
const faults = (): Promise<EvidenceFault[]> => collect(store.verify())

/** Changes the file behind the store's back, as somebody with a shell could. */
function tamper(sql: string, month = '2026-11'): void {
  const db = new DatabaseSync(join(dir, `${month}.db`))
  db.exec(sql)
  db.close()
}

const WITHOUT_TRIGGERS = `DROP TRIGGER bodies_stay; DROP TRIGGER bodies_unchanged; DROP TRIGGER captures_stay;
  DROP TRIGGER captures_unchanged; DROP TRIGGER tombstones_stay;`

test('a month has a file of its own', async () => {
  await store.putAll([
    capture({ startedAt: '2026-11-30T23:59:59.999Z' }),
    capture({ startedAt: '2026-12-01T00:00:00.000Z' }),
  ])
  expect((await readdir(dir)).filter(name => name.endsWith('.db'))).toEqual(['2026-11.db', '2026-12.db'])
})

describe('append-only', () => {
  const forbidden = [
    "UPDATE bodies SET body = x'00'",
    'DELETE FROM bodies',
    'DELETE FROM captures',
    "UPDATE captures SET manifest = '{}'",
    'UPDATE captures SET manifest = NULL',
    "UPDATE captures SET link = 'x'",
  ]
  for (const sql of forbidden) {
    test(`${sql} is refused`, async () => {
      await store.put(capture())
      expect(() => tamper(sql)).toThrow('append-only')
    })
  }

  test('a tombstone can neither be changed nor taken away', async () => {
    const { rawHash } = await store.put(capture())
    await store.delete(rawHash, 'asked for')
    expect(() => tamper("UPDATE tombstones SET reason = ''")).toThrow('append-only')
    expect(() => tamper('DELETE FROM tombstones')).toThrow('append-only')
  })
})

test('a tombstone holds hash, reason and time', async () => {
  const { rawHash } = await store.put(capture())
  await store.delete(rawHash, 'asked for by the person named')
  const db = new DatabaseSync(join(dir, '2026-11.db'))
  const [row] = db.prepare('SELECT * FROM tombstones').all()
  db.close()
  expect(row).toMatchObject({ raw_hash: rawHash, reason: 'asked for by the person named' })
  expect(Date.parse(row!['at'] as string)).not.toBeNaN()
})

test('deleted bytes are nowhere in the folder', async () => {
  const secret = 'Ime privatne osobe koje treba nestati. '
  const { rawHash } = await store.put(
    capture({ text: secret.repeat(400), url: 'https://glas.example/ime-osobe' }),
  )
  const inFolder = async (words: string): Promise<boolean> => {
    const files = await readdir(dir)
    return (await Promise.all(files.map(name => readFile(join(dir, name))))).some(bytes =>
      bytes.includes(words),
    )
  }
  expect(await inFolder(secret)).toBe(true)
  await store.delete(rawHash, 'asked for')
  expect(await inFolder(secret)).toBe(false)
  expect(await inFolder('ime-osobe')).toBe(false)
})

describe('verify', () => {
  const put = async (): Promise<string[]> => {
    const refs = await store.putAll(
      ['prva', 'druga', 'treća'].map(word => capture({ text: `Ovo je ${word} vijest. `.repeat(20) })),
    )
    return refs.map(({ rawHash }) => rawHash)
  }

  test('finds nothing where nothing happened', async () => {
    await put()
    expect(await faults()).toEqual([])
  })

  test('finds one flipped byte of the file and names the capture', async () => {
    const [, second] = await put()
    await store.close()
    const path = join(dir, '2026-11.db')
    const bytes = await readFile(path)
    const at = bytes.indexOf('druga')
    bytes[at] = bytes[at]! ^ 1
    await writeFile(path, bytes)
    store = open()
    expect(await faults()).toEqual([
      { rawHash: second, fault: '2026-11.db: the bytes are not those that were stored' },
    ])
  })

  const tampered: readonly { name: string; sql: string; expected: RegExp }[] = [
    {
      name: 'bytes changed together with their hash',
      sql: `UPDATE bodies SET raw_hash = '${sha256('x')}', body = CAST('x' AS BLOB) WHERE id = 2`,
      expected: /bytes are missing/,
    },
    {
      name: 'a manifest changed',
      sql: "UPDATE captures SET manifest = replace(manifest, 'glas', 'drugi') WHERE id = 2",
      expected: /manifest is not the one/,
    },
    {
      name: 'a row taken out of the middle',
      sql: 'DELETE FROM bodies WHERE id = 2; DELETE FROM captures WHERE id = 2',
      expected: /chain is broken/,
    },
    { name: 'bytes taken away', sql: 'DELETE FROM bodies WHERE id = 2', expected: /bytes are missing/ },
    {
      name: 'a manifest taken away with a tombstone for other bytes',
      sql: 'UPDATE captures SET manifest = NULL WHERE id = 2',
      expected: /manifest is not the one/,
    },
  ]
  for (const { name, sql, expected } of tampered) {
    test(`finds ${name}`, async () => {
      await put()
      tamper(WITHOUT_TRIGGERS + sql)
      expect((await faults()).map(({ fault }) => fault).join('\n')).toMatch(expected)
    })
  }

  test('names a file that is no database any more, and goes on with the others', async () => {
    const { rawHash } = await store.put(capture())
    await store.put(capture({ startedAt: '2026-12-02T10:00:00.000Z' }))
    await store.close()
    await writeFile(join(dir, '2026-12.db'), 'nothing to see here '.repeat(500))
    store = open()
    tamper(WITHOUT_TRIGGERS + "UPDATE bodies SET body = x'00'")
    const found = await faults()
    expect(found.map(fault => fault.rawHash)).toEqual([rawHash, ''])
    expect(found[1]!.fault).toContain('2026-12.db')
  })

  test('a damaged old month stops neither new captures nor the other months', async () => {
    await store.put(capture({ startedAt: '2026-10-02T10:00:00.000Z', text: 'Stara vijest.' }))
    await store.close()
    await writeFile(join(dir, '2026-10.db'), 'nothing to see here '.repeat(500))
    store = open()
    const { rawHash } = await store.put(capture())
    expect((await store.get(rawHash))?.status).toBe(200)
    await expect(store.get(sha256('Stara vijest.'))).rejects.toThrow('2026-10.db')
  })
})

test('what was acknowledged survives SIGKILL', { timeout: 60_000 }, async () => {
  const acknowledged: string[] = []
  for (let round = 0; round < 8; round++) {
    const writer = new URL('../contract/evidence-writer.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [writer, dir, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      if (output.length > 65 * (20 + round * 17)) child.kill('SIGKILL')
    })
    await once(child, 'close')
    const lines = output.split('\n').slice(0, -1)
    expect(lines.length).toBeGreaterThan(20)
    acknowledged.push(...lines)
  }
  expect(await faults()).toEqual([])
  const lost: string[] = []
  for (const rawHash of acknowledged) if (!(await store.get(rawHash))) lost.push(rawHash)
  expect(lost).toEqual([])
})

test('an import of many small items is not slowed down by its evidence', async () => {
  const items = Array.from({ length: 10_000 }, (_, n) =>
    capture({ text: `Vijest broj ${n}. ${'Nekoliko riječi o danu. '.repeat(20)}`, headers: [] }),
  )
  const began = performance.now()
  for (let n = 0; n < items.length; n += 500) await store.putAll(items.slice(n, n + 500))
  const perSecond = items.length / ((performance.now() - began) / 1_000)
  console.info(`evidence: ${Math.round(perSecond)} captures a second in batches of 500`)
  expect(perSecond).toBeGreaterThan(1_000)
})
