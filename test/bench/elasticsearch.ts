/** The search index on Elasticsearch against the one on SQLite: put the same articles, ask the same questions, in one run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askAgain } from '../../core/ask-again.ts'
import { systemClock } from '../../core/clock.ts'
import type { IndexEntry, IndexReader, IndexWriter } from '../../core/ports.ts'
import { sqliteIndexReader, sqliteIndexWriter } from '../../index/sqlite-store.ts'
import { addresses } from '../cluster/up.ts'
import { corpus } from '../contract/index-corpus.ts'
import { ElasticsearchPlace } from '../index/elasticsearch-place.ts'
import { QUESTIONS } from './index-store.ts'
import { figure, median } from './table.ts'
import type { BenchOptions, Table } from './table.ts'

export const name = 'elasticsearch'

/** As much as the index stage takes of articles and findings. */
const BATCH = 200
const SIZES = [10_000, 100_000]
const ROUNDS = 5
const PAUSES_MS = Array.from({ length: 19 }, (_, again) => (again + 1) * 500)

export interface Store {
  readonly writer: IndexWriter
  readonly reader: IndexReader
  /** Milliseconds of CPU time that it has used until now, those of its server included. */
  readonly cpu: () => Promise<number>
}

type Row = (string | number)[]

/** Needs the server of `npm run cluster:up`; says so where there is none. */
export async function bench({ quick }: BenchOptions): Promise<Table> {
  const url = addresses()?.elasticsearch
  const columns = ['', 'SQLite', 'Elasticsearch', 'SQLite, CPU', 'Elasticsearch, CPU']
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
    const stores: readonly Store[] = [
      { writer: sqliteIndexWriter({ path }), reader: sqliteIndexReader({ path }), cpu: ownCpu },
      { writer: await place.writer(), reader: await place.reader(), cpu: () => cpuWith(place) },
    ]
    const rows: Row[] = []
    let size = 0
    for (const next of quick ? [500, 1_000] : SIZES) {
      rows.push(await fill(size, next, stores))
      size = next
      await place.settle()
      for (const question of QUESTIONS) rows.push(await askAll(size, quick ? 1 : ROUNDS, question, stores))
    }
    for (const { writer, reader } of stores) await Promise.all([writer.close(), reader.close()])
    return { title: 'elasticsearch: articles of 3 KB with their findings', columns, rows, notes: NOTES }
  } finally {
    await place.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

const NOTES = [
  'entries are articles and findings, put in batches of 200 by one writer; questions in milliseconds, medians, asked in turn',
  'one node of Elasticsearch with 1 GiB of heap on the same machine, one shard an index; CPU counts ours and the server',
]

async function ownCpu(): Promise<number> {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

export async function cpuWith(place: ElasticsearchPlace): Promise<number> {
  const { nodes } = (await place.ask('GET', '_nodes/stats/process')) as {
    nodes: Record<string, { process: { cpu: { total_in_millis: number } } }>
  }
  const servers = Object.values(nodes).reduce((sum, node) => sum + node.process.cpu.total_in_millis, 0)
  return servers + (await ownCpu())
}

interface Spent {
  ms: number
  cpuMs: number
}

async function spent({ cpu }: Store, work: () => Promise<unknown>): Promise<Spent> {
  const [begin, cpuBefore] = [performance.now(), await cpu()]
  await work()
  const ms = performance.now() - begin
  return { ms, cpuMs: (await cpu()) - cpuBefore }
}

export async function fill(from: number, to: number, stores: readonly Store[]): Promise<Row> {
  const totals = stores.map((): Spent => ({ ms: 0, cpuMs: 0 }))
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
    for (const [i, store] of stores.entries()) {
      const { ms, cpuMs } = await spent(store, () => putAll(store, entries))
      totals[i]!.ms += ms
      totals[i]!.cpuMs += cpuMs
    }
  }
  const rates = [...totals.map(({ ms }) => ms), ...totals.map(({ cpuMs }) => cpuMs)].map(
    ms => count / (ms / 1000),
  )
  return [`entries put a second, ${figure(from)} to ${figure(to)} articles`, ...rates.map(figure)]
}

async function putAll({ writer }: Store, entries: readonly IndexEntry[]): Promise<void> {
  for (let at = 0; at < entries.length; at += BATCH) {
    // A server that says it has too much in hand is asked again, as the index stage does.
    const put = (): ReturnType<typeof writer.put> => writer.put(entries.slice(at, at + BATCH))
    const answers = await askAgain(put, { clock: systemClock, pausesMs: PAUSES_MS })
    const fault = answers.find(one => one !== undefined)
    if (fault) throw fault
  }
}

export async function askAll(
  size: number,
  rounds: number,
  question: (typeof QUESTIONS)[number],
  stores: readonly Store[],
): Promise<Row> {
  const times = stores.map((): Spent[] => [])
  for (let round = -1; round < rounds; round++) {
    for (const [i, store] of stores.entries()) {
      const one = await spent(store, () => question.ask(store.reader))
      if (round >= 0) times[i]!.push(one)
    }
  }
  const medians = (of: (one: Spent) => number): number[] => times.map(all => median(all.map(of)))
  const figures = [...medians(one => one.ms), ...medians(one => one.cpuMs)].map(figure)
  return [`${figure(size)}: ${question.name}`, ...figures]
}
