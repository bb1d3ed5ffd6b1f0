/** The same query gives the same items on SQLite and on Elasticsearch: the golden set on some thousand articles. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ARTICLE_FACETS, FLAG_FACETS } from '../../core/ports.ts'
import type { IndexEntry, IndexReader, IndexWriter, Page, PageRequest } from '../../core/ports.ts'
import { sqliteIndexReader, sqliteIndexWriter } from '../../index/sqlite-store.ts'
import { ownName, servers } from '../cluster/servers.ts'
import { ElasticsearchPlace } from '../index/elasticsearch-place.ts'
import { FIRST_DAY, LAST_DAY, corpus } from './index-corpus.ts'
import { GOLDEN_QUERIES, GOLDEN_TIMELINES } from './golden-queries.ts'

const { elasticsearch, lack } = servers()

const ARTICLES = 3_000
/** More outlets and values than a facet shows, so that what is cut off must be the same. */
const OUTLETS = 60
const FACETS = [...ARTICLE_FACETS, ...FLAG_FACETS]
const PAGE = 400

describe.skipIf(lack)(`the golden set on both stores ${lack ?? ''}`, { timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'opomena-golden-'))
  const path = join(folder, 'index.db')
  let place: ElasticsearchPlace
  let sqlite: IndexReader
  let reader: IndexReader

  beforeAll(async () => {
    const entries = corpus({ seed: 77, articles: ARTICLES, outlets: OUTLETS, recaptures: true })
    place = await ElasticsearchPlace.make(elasticsearch, ownName('golden'))
    await put(sqliteIndexWriter({ path }), entries)
    await put(await place.writer(), entries)
    await place.settle()
    sqlite = sqliteIndexReader({ path })
    reader = await place.reader()
  }, 600_000)
  afterAll(async () => {
    await sqlite.close()
    await reader.close()
    await place.destroy()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  test('asks enough, and most questions have answers', async () => {
    expect(GOLDEN_QUERIES.length).toBeGreaterThanOrEqual(60)
    const counts = await Promise.all(GOLDEN_QUERIES.map(([, search]) => sqlite.count(search)))
    const answered = counts.filter(({ flags }) => flags > 0)
    expect(answered.length).toBeGreaterThan(GOLDEN_QUERIES.length * 0.85)
    expect((await sqlite.count(GOLDEN_QUERIES[0]![1])).articles).toBeGreaterThan(ARTICLES * 0.9)
  })

  for (const [name, search] of GOLDEN_QUERIES) {
    test(name, async () => {
      const [counts, flags, found] = [
        await sqlite.count(search),
        await everyPage(page => sqlite.searchFlags(search, page)),
        await everyPage(page => sqlite.searchArticles(search, page)),
      ]
      expect(await reader.count(search)).toEqual(counts)
      expect(await everyPage(page => reader.searchFlags(search, page))).toEqual(flags)
      expect(await everyPage(page => reader.searchArticles(search, page))).toEqual(found)
      expect(await reader.facets(search, FACETS, 12)).toEqual(await sqlite.facets(search, FACETS, 12))
      const days = { from: FIRST_DAY, to: LAST_DAY, ...search }
      for (const [interval, splitBy] of GOLDEN_TIMELINES) {
        const options = { interval, size: 5, ...(splitBy && { splitBy }) }
        expect(await reader.timeline(days, options), `${interval} by ${String(splitBy)}`).toEqual(
          await sqlite.timeline(days, options),
        )
      }
    })
  }

  test('the oldest first, page by page, and the cursor of one store is good in the other', async () => {
    const search = GOLDEN_QUERIES.find(([name]) => name === 'presuda')![1]
    const request = { limit: 7, order: 'oldest' } as const
    let cursor: string | undefined
    for (let pages = 0; pages < 12; pages++) {
      const page: PageRequest = { ...request, ...(cursor !== undefined && { cursor }) }
      const expected = await sqlite.searchArticles(search, page)
      expect(await reader.searchArticles(search, page)).toEqual(expected)
      cursor = expected.nextCursor
    }
    expect(cursor).toBeDefined()
  })

  test('the health of sources, and the days there are articles of', async () => {
    expect(await reader.sources(LAST_DAY)).toEqual(await sqlite.sources(LAST_DAY))
    expect(await reader.span()).toEqual(await sqlite.span())
  })
})

async function put(writer: IndexWriter, entries: readonly IndexEntry[]): Promise<void> {
  for (let from = 0; from < entries.length; from += 500) {
    const answers = await writer.put(entries.slice(from, from + 500))
    expect(answers.filter(answer => answer !== undefined)).toEqual([])
  }
  await writer.close()
}

async function everyPage<T>(ask: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < 50; pages++) {
    const page = await ask({ limit: PAGE, ...(cursor !== undefined && { cursor }) })
    items.push(...page.items)
    cursor = page.nextCursor
    if (cursor === undefined) return items
  }
  throw new Error('expected the pages to end')
}
