/** The search index on Elasticsearch against the one on SQLite: put the same articles, ask the same questions, in one run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IndexEntry, IndexReader, IndexWriter } from '../../core/ports.ts'
import { sqliteIndexReader, sqliteIndexWriter } from '../../index/sqlite-store.ts'
import { addresses } from '../cluster/up.ts'
import { corpus } from '../contract/index-corpus.ts'
import { ElasticsearchPlace } from '../index/elasticsearch-place.ts'
import { QUESTIONS } from './index-store.ts'
import { figure, median, ratio } from './table.ts'
import type { BenchOptions, Table } from './table.ts'

export const name = 'elasticsearch'

/** As much as the index stage takes of articles and findings. */
const BATCH = 200
const SIZES = [10_000, 100_000]
const ROUNDS = 5

interface Store {
  readonly writer: IndexWriter
  readonly reader: IndexReader
  /** Seconds spent in putting since the last size. */
  seconds: number
}

type Row = (string | number)[]

/** Needs the server of `npm run cluster:up`; says so where there is none. */
export async function bench({ quick }: BenchOptions): Promise<Table> {
  const url = addresses()?.elasticsearch
  const columns = ['', 'SQLite', 'Elasticsearch', 'ratio']
  if (url === undefined)
    return {
      title: 'elasticsearch: not measured, no server here',
      columns,
      rows: [],
      notes: ['npm run cluster:up'],
    }
  const folder = mkdtempSync(join(tmpdir(), 'opomena-bench-es-'))
  const place = await ElasticsearchPlace.make(url, `bench-${String(process.pid)}`)
  try {
    const path = join(folder, 'index.db')
    const sqlite: Store = {
      writer: sqliteIndexWriter({ path }),
      reader: sqliteIndexReader({ path }),
      seconds: 0,
    }
    const elastic: Store = { writer: await place.writer(), reader: await place.reader(), seconds: 0 }
    const rows: Row[] = []
    let size = 0
    for (const next of quick ? [500, 1_000] : SIZES) {
      const entries = await fill(size, next, [sqlite, elastic])
      rows.push(putRow(next, entries, sqlite, elastic))
      size = next
      await place.settle()
      rows.push(...(await askAll(size, quick ? 1 : ROUNDS, sqlite.reader, elastic.reader)))
    }
    for (const { writer, reader } of [sqlite, elastic]) await Promise.all([writer.close(), reader.close()])
    return { title: 'elasticsearch: articles of 3 KB with their findings', columns, rows, notes: NOTES }
  } finally {
    await place.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

const NOTES = [
  'entries are articles and findings, put in batches of 200 by one writer; questions in milliseconds, medians, asked in turn',
  'one node of Elasticsearch with 1 GiB of heap on the same machine, one shard an index; the ratio is Elasticsearch to SQLite,',
  'of rates where it is put (above 1: faster) and of times where it is asked (above 1: slower)',
]

async function fill(from: number, to: number, stores: readonly Store[]): Promise<number> {
  for (const store of stores) store.seconds = 0
  let count = 0
  for (let first = from; first < to; first += 500) {
    const made = corpus({
      seed: first + 2,
      articles: 500,
      first,
      length: [300, 520],
      flagged: 0.01,
      outlets: 200,
    })
    const entries = made.filter(entry => entry.kind === 'article' || entry.kind === 'finding')
    count += entries.length
    for (const store of stores) await putAll(store, entries)
  }
  return count
}

async function putAll(store: Store, entries: readonly IndexEntry[]): Promise<void> {
  const begin = performance.now()
  for (let at = 0; at < entries.length; at += BATCH) {
    const faults = (await store.writer.put(entries.slice(at, at + BATCH))).filter(
      fault => fault !== undefined,
    )
    if (faults[0]) throw faults[0]
  }
  store.seconds += (performance.now() - begin) / 1000
}

function putRow(size: number, entries: number, sqlite: Store, elastic: Store): Row {
  const [one, other] = [entries / sqlite.seconds, entries / elastic.seconds]
  return [
    `entries put a second, up to ${figure(size)} articles`,
    figure(one),
    figure(other),
    ratio(other, one),
  ]
}

async function askAll(size: number, rounds: number, ...readers: [IndexReader, IndexReader]): Promise<Row[]> {
  const rows: Row[] = []
  for (const question of QUESTIONS) {
    const times: [number[], number[]] = [[], []]
    for (let round = -1; round < rounds; round++) {
      for (const [i, reader] of readers.entries()) {
        const begin = performance.now()
        await question.ask(reader)
        if (round >= 0) times[i]!.push(performance.now() - begin)
      }
    }
    const [one, other] = [median(times[0]), median(times[1])]
    rows.push([`${figure(size)}: ${question.name}`, figure(one), figure(other), ratio(other, one)])
  }
  return rows
}
