/** What an article and a question cost as the index on Elasticsearch grows to a million articles. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startElasticsearch } from '../cluster/elasticsearch-server.ts'
import { missing } from '../cluster/jars.ts'
import { stop } from '../cluster/server.ts'
import { ElasticsearchPlace } from '../index/elasticsearch-place.ts'
import { askAll, cpuWith, fill } from './elasticsearch.ts'
import type { Store } from './elasticsearch.ts'
import { QUESTIONS } from './index-store.ts'
import { figure } from './table.ts'
import type { BenchOptions, Table } from './table.ts'

export const name = 'growth'

const SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000]
const ROUNDS = 5
/** A machine that is too slow for all of them says how far it came. */
const LIMIT_MS = 45 * 60_000

/** On a server of its own, which it starts and ends; says so where there can be none. */
export async function bench({ quick }: BenchOptions): Promise<Table> {
  const columns = ['', 'Elasticsearch', 'CPU']
  const lack = missing()
  if (lack !== undefined) return { title: `growth: not measured, ${lack}`, columns, rows: [] }
  const folder = mkdtempSync(join(tmpdir(), 'opomena-bench-growth-'))
  try {
    const { url } = await startElasticsearch(folder, undefined, { java: [] })
    const place = await ElasticsearchPlace.make(url, 'growth')
    const { rows, size } = await grow(place, quick ? [500, 1_000] : SIZES, quick ? 1 : ROUNDS)
    await place.home.close()
    return {
      title: `growth: an index on Elasticsearch, to ${figure(size)} articles`,
      columns,
      rows,
      notes: NOTES,
    }
  } finally {
    await stop(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function grow(
  place: ElasticsearchPlace,
  sizes: readonly number[],
  rounds: number,
): Promise<{ rows: (string | number)[][]; size: number }> {
  const [writer, reader] = [await place.writer(), await place.reader()]
  const stores: readonly Store[] = [{ writer, reader, cpu: () => cpuWith(place) }]
  const rows: (string | number)[][] = []
  const end = performance.now() + LIMIT_MS
  let size = 0
  for (const next of sizes) {
    if (performance.now() > end) break
    rows.push(await fill(size, next, stores))
    size = next
    await place.settle()
    rows.push([`${figure(size)}: KB an article on disk`, figure((await bytesOf(place)) / 1024 / size), ''])
    for (const question of QUESTIONS) rows.push(await askAll(size, rounds, question, stores))
  }
  await Promise.all([writer.close(), reader.close()])
  return { rows, size }
}

const NOTES = [
  'entries are articles of 3 KB and findings, put in batches of 200 by one writer; the second column counts those a second of CPU, ours and the server',
  'questions in milliseconds, medians; one node with 1 GiB of heap on the same machine, one shard an index',
]

async function bytesOf(place: ElasticsearchPlace): Promise<number> {
  const { _all } = (await place.ask('GET', `${place.prefix}-*/_stats/store`)) as {
    _all: { primaries: { store: { size_in_bytes: number } } }
  }
  return _all.primaries.store.size_in_bytes
}
