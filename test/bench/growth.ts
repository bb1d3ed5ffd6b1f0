/** What an article and a question cost as the index on Elasticsearch grows to a million articles. */
import { addresses } from '../cluster/up.ts'
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

/** Needs the server of `npm run cluster:up`; says so where there is none. */
export async function bench({ quick }: BenchOptions): Promise<Table> {
  const url = addresses()?.elasticsearch
  const columns = ['', 'Elasticsearch', 'CPU']
  if (url === undefined)
    return { title: 'growth: not measured, no server here', columns, rows: [], notes: ['npm run cluster:up'] }
  const place = await ElasticsearchPlace.make(url, `growth-${String(process.pid)}`)
  try {
    const [writer, reader] = [await place.writer(), await place.reader()]
    const stores: readonly Store[] = [{ writer, reader, cpu: () => cpuWith(place) }]
    const rows: (string | number)[][] = []
    const end = performance.now() + LIMIT_MS
    let size = 0
    for (const next of quick ? [500, 1_000] : SIZES) {
      if (performance.now() > end) break
      rows.push(await fill(size, next, stores))
      size = next
      await place.settle()
      rows.push([`${figure(size)}: KB an article on disk`, figure((await bytesOf(place)) / 1024 / size), ''])
      for (const question of QUESTIONS) rows.push(await askAll(size, quick ? 1 : ROUNDS, question, stores))
    }
    await Promise.all([writer.close(), reader.close()])
    return {
      title: `growth: an index on Elasticsearch, to ${figure(size)} articles`,
      columns,
      rows,
      notes: NOTES,
    }
  } finally {
    await place.destroy()
  }
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
