/** Event log: append and read, durable, against a bare SQLite loop and a file with fdatasync in the same run. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import type { Message } from '../../core/stage.ts'
import { articles } from '../../core/topics.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { figure, measure, ratio } from './table.ts'
import type { BenchOptions, Contender, Measured, Table } from './table.ts'

export const name = 'log'

const RECORD_BYTES = 3_000

/** Something that appends and reads records in batches, each batch durable before the next. */
interface Store {
  readonly name: string
  append(batch: readonly Message[]): Promise<void> | void
  /** Reads `count` records that were not read before and makes the place durable after each batch. */
  read(count: number, batch: number): Promise<void> | void
  close(): Promise<void> | void
}

export async function bench({ quick }: BenchOptions): Promise<Table> {
  const rounds = quick ? 2 : 9
  const rows: (readonly (string | number)[])[] = []
  for (const [batch, count] of [
    [1, quick ? 50 : 500],
    [100, quick ? 500 : 4_000],
  ] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'opomena-bench-'))
    const stores = [opomenaLog(folder), bareSqlite(folder), plainFile(folder)]
    rows.push(...compared('append', batch, await measure(appenders(stores, batch, count), rounds)))
    rows.push(...compared('read', batch, await measure(readers(stores, batch, count), rounds)))
    for (const store of stores) await store.close()
    rmSync(folder, { recursive: true })
  }
  return {
    title: `event log: records of ${figure(RECORD_BYTES)} bytes`,
    columns: ['', 'batch', 'records/s', 'records/CPU-s', 'against SQLite', 'against file'],
    rows,
    notes: [
      `medians of ${rounds} rounds, contenders in turn; every batch is on the disk before the next one begins`,
      'bare SQLite: one table, WAL, synchronous=FULL, no keys, no check for repeats; file: append + fdatasync',
      'reading commits the place after each batch; the file has no place, it is only read in chunks',
    ],
  }
}

function compared(what: string, batch: number, measured: readonly Measured[]): (string | number)[][] {
  const [, sqlite, file] = measured
  return measured.map(one => [
    `${what}: ${one.name}`,
    batch,
    one.perSecond,
    one.perCpuSecond,
    ratio(one.perSecond, sqlite!.perSecond),
    ratio(one.perSecond, file!.perSecond),
  ])
}

function appenders(stores: readonly Store[], batch: number, count: number): Contender[] {
  let next = 0
  return stores.map(store => ({
    name: store.name,
    async run() {
      for (let done = 0; done < count; done += batch) {
        await store.append(Array.from({ length: batch }, () => articleLike(next++)))
      }
      return count
    },
  }))
}

function readers(stores: readonly Store[], batch: number, count: number): Contender[] {
  return stores.map(store => ({
    name: store.name,
    async run() {
      await store.read(count, batch)
      return count
    },
  }))
}

const FILLER = 'Vijest o godišnjem sajmu knjiga i o vremenu. '.repeat(100)

function articleLike(i: number): Message {
  // Ids spread over the whole index, as hashes do.
  const id = `${((i * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}${i}`
  const json = JSON.stringify({ v: 1, id, text: FILLER })
  return { topic: articles, key: id, id, json: `${json.slice(0, RECORD_BYTES - 2)}"}` }
}

function opomenaLog(folder: string): Store {
  const log = sqliteLog({ path: join(folder, 'log.db'), clock: systemClock, logger: silentLogger })
  return {
    name: 'event log',
    append: batch => log.publish(batch),
    async read(count, batchSize) {
      let left = count
      let enough = (): void => undefined
      const read = new Promise<void>(resolve => (enough = resolve))
      const subscription = log.subscribe({ topic: articles, group: 'bench', batchSize }, async records => {
        left -= records.length
        if (left <= 0) enough()
        return records.map(() => 'done')
      })
      await read
      await subscription.stop()
    },
    close: () => log.close(),
  }
}

function bareSqlite(folder: string): Store {
  const db = new DatabaseSync(join(folder, 'bare.db'))
  db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
    CREATE TABLE log(seq INTEGER PRIMARY KEY, json TEXT); CREATE TABLE cursor(next INTEGER); INSERT INTO cursor VALUES (1)`)
  const insert = db.prepare('INSERT INTO log(json) VALUES (?)')
  const select = db.prepare('SELECT seq, json FROM log WHERE seq >= ? ORDER BY seq LIMIT ?')
  const advance = db.prepare('UPDATE cursor SET next = ?')
  let next = 1
  return {
    name: 'bare SQLite',
    append(batch) {
      db.exec('BEGIN IMMEDIATE')
      for (const { json } of batch) insert.run(json)
      db.exec('COMMIT')
    },
    read(count, batch) {
      for (let left = count; left > 0;) {
        const rows = select.all(next, batch)
        next += rows.length
        left -= rows.length
        advance.run(next)
      }
    },
    close: () => db.close(),
  }
}

function plainFile(folder: string): Store {
  const file = openSync(join(folder, 'plain.ndjson'), 'a+')
  const chunk = Buffer.alloc(RECORD_BYTES * 32)
  let place = 0
  let ahead = 0 // Lines read beyond what was asked for.
  return {
    name: 'file',
    append(batch) {
      writeSync(file, batch.map(({ json }) => `${json}\n`).join(''))
      fdatasyncSync(file)
    },
    read(count) {
      for (ahead -= count; ahead < 0;) {
        const bytes = readSync(file, chunk, 0, chunk.length, place)
        if (bytes === 0) throw new Error('the file is shorter than expected')
        place += bytes
        ahead += chunk.toString('utf8', 0, bytes).split('\n').length - 1
      }
    },
    close: () => closeSync(file),
  }
}
