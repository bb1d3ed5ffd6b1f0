/** Rebuilding the index from the log, and moving readers and writers to the new one. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { ConfigError } from '../../core/errors.ts'
import { silentLogger } from '../../core/logger.ts'
import type { EventLog, IndexEntry, IndexWriter } from '../../core/ports.ts'
import { message } from '../../core/stage.ts'
import type { Message } from '../../core/stage.ts'
import { articles, decisions, decode, findings, observations } from '../../core/topics.ts'
import {
  currentGeneration,
  fileOf,
  indexReaderOf,
  indexWriterOf,
  sqliteHome,
} from '../../index/generations.ts'
import { followIndex } from '../../index/index-home.ts'
import { indexStages } from '../../index/index-stages.ts'
import { rebuildIndex } from '../../index/rebuild.ts'
import { runStage } from '../../stream/run-stage.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { Chance, corpus } from '../contract/index-corpus.ts'
import { all } from '../contract/index-queries.ts'
import { contentOf } from './index-content.ts'

let folder: string
let dir: string
let log: EventLog
const logger = silentLogger

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-rebuild-'))
  dir = join(folder, 'index')
  log = sqliteLog({ path: join(folder, 'log.db'), clock: systemClock, logger })
})
afterEach(async () => {
  await log.close()
  rmSync(folder, { recursive: true, force: true })
})

const rebuild = (options: Partial<Parameters<typeof rebuildIndex>[0]> = {}) =>
  rebuildIndex({ home: sqliteHome(dir), log, clock: systemClock, logger, ...options })

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

/** As it comes out of the log: keys that break ties are made of the bytes of a record. */
function asRead(entry: IndexEntry): IndexEntry {
  switch (entry.kind) {
    case 'article':
      return { kind: 'article', article: decode(articles, messageOf(entry).json) }
    case 'finding':
      return { kind: 'finding', finding: decode(findings, messageOf(entry).json) }
    case 'decision':
      return { kind: 'decision', decision: decode(decisions, messageOf(entry).json) }
    case 'observation':
      return { kind: 'observation', observation: decode(observations, messageOf(entry).json) }
  }
}

/** Until a group has read everything there is. */
async function caughtUp(group: string): Promise<void> {
  await until(async () => {
    const lags = await Promise.all(
      [articles, findings, decisions, observations].map(topic => log.lag(topic as never, group)),
    )
    return lags.every(lag => lag.records === 0)
  })
}

async function publish(entries: readonly IndexEntry[]): Promise<void> {
  await log.publish(entries.map(messageOf))
}

/** Runs the index stages until nothing is left to read. */
async function indexAll(writer: IndexWriter, group: string): Promise<void> {
  const over = new AbortController()
  const stages = indexStages(writer, { group })
  const runs = stages.map(stage =>
    runStage(stage as never, { log, clock: systemClock, logger, signal: over.signal }),
  )
  try {
    await caughtUp(group)
  } finally {
    over.abort()
    await Promise.all(runs)
  }
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await condition()) return
    await systemClock.sleep(20)
  }
  throw new Error('expected the condition to become true within ten seconds')
}

test('a rebuilt index is equal to the one that the stages made, in whatever order they did', async () => {
  await publish(new Chance(2).shuffled(corpus({ seed: 31, articles: 60 })))
  const writer = indexWriterOf(dir)
  await indexAll(writer, writer.group)
  await writer.close()
  const before = contentOf(fileOf(dir, writer.generation))

  const seen: number[] = []
  const rebuilt = await rebuild({ onProgress: records => seen.push(records) })
  expect(rebuilt.generation).not.toBe(writer.generation)
  expect(rebuilt.before).toEqual(rebuilt.after)
  expect(seen.at(-1)).toBe(rebuilt.records)
  expect(currentGeneration(dir)).toBe(rebuilt.generation)
  expect(contentOf(fileOf(dir, rebuilt.generation))).toEqual(before)
})

test('a rebuilt index takes no texts that have expired', async () => {
  await publish(corpus({ seed: 32, articles: 40 }))
  const writer = indexWriterOf(dir)
  await indexAll(writer, writer.group)
  expect(await writer.expireText('2026-04-15')).toBeGreaterThan(0)
  await writer.close()
  const { generation } = await rebuild()
  const [old, anew] = [writer.generation, generation].map(one => contentOf(fileOf(dir, one)))
  expect(anew).toEqual(old)
})

test('the old index is kept until the next rebuild, and no longer', async () => {
  await publish(corpus({ seed: 33, articles: 5 }))
  const first = indexWriterOf(dir)
  await first.close()
  const second = await rebuild()
  expect(existsSync(fileOf(dir, first.generation))).toBe(true)
  const third = await rebuild()
  expect(existsSync(fileOf(dir, first.generation))).toBe(false)
  expect(existsSync(fileOf(dir, second.generation))).toBe(true)
  expect(
    readdirSync(dir)
      .filter(name => name.endsWith('.db'))
      .sort(),
  ).toEqual([`${second.generation}.db`, `${third.generation}.db`].sort())
})

test('groups of replaced indexes are forgotten, also those of an index that is gone with its files', async () => {
  await publish(corpus({ seed: 33, articles: 5 }))
  const writer = indexWriterOf(dir)
  await indexAll(writer, writer.group)
  await writer.close()
  const second = await rebuild()
  expect(await log.groups()).toEqual([`index-${second.generation}`])
  rmSync(dir, { recursive: true })
  const third = await rebuild()
  expect(await log.groups()).toEqual([`index-${third.generation}`])
})

test('a rebuild that is stopped leaves the old index in use and no file behind', async () => {
  await publish(corpus({ seed: 34, articles: 200 }))
  const writer = indexWriterOf(dir)
  await writer.close()
  const stop = new AbortController()
  await expect(rebuild({ signal: stop.signal, onProgress: () => stop.abort() })).rejects.toThrow(/abort/i)
  expect(currentGeneration(dir)).toBe(writer.generation)
  expect(readdirSync(dir).filter(name => name.endsWith('.db'))).toEqual([`${writer.generation}.db`])
})

test('one rebuild at a time', async () => {
  await publish(corpus({ seed: 35, articles: 50 }))
  const [one, other] = await Promise.allSettled([rebuild(), rebuild()])
  expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected'])
  const refused = one.status === 'rejected' ? one : other
  expect(refused).toMatchObject({ reason: { message: /another rebuild/ } })
})

test('a log that has lost most of what the old index holds does not replace it unless told so', async () => {
  const writer = indexWriterOf(dir)
  await writer.put(corpus({ seed: 36, articles: 30 }))
  await writer.close()
  await publish(corpus({ seed: 36, articles: 3 }))
  await expect(rebuild()).rejects.toThrow(ConfigError)
  expect(currentGeneration(dir)).toBe(writer.generation)
  const { generation } = await rebuild({ acceptSmaller: true })
  expect(currentGeneration(dir)).toBe(generation)
})

test('an index whose file is gone or damaged is said to be so, and rebuilt', async () => {
  await publish(corpus({ seed: 37, articles: 10 }))
  const { generation, after } = await rebuild()
  rmSync(fileOf(dir, generation))
  expect(() => indexWriterOf(dir)).toThrow(/opomena rebuild/)
  expect(() => indexReaderOf(dir)).toThrow(ConfigError)
  writeFileSync(fileOf(dir, generation), 'this is no database, whatever its name says'.repeat(200))
  expect(() => indexWriterOf(dir)).toThrow(ConfigError)
  expect((await rebuild()).after).toEqual(after)
  writeFileSync(join(dir, 'current'), '../../elsewhere\n')
  expect(() => indexWriterOf(dir)).toThrow(/name of a generation/)
  expect((await rebuild()).after).toEqual(after)
})

test('records that are none are set aside with the reason, and the rest is read', async () => {
  await publish(corpus({ seed: 38, articles: 4 }))
  await log.publish([{ topic: articles, key: 'x', id: 'x.0', json: '{"v":1,"id":"x"}' }])
  const { generation, after } = await rebuild()
  expect(after.articles).toBeGreaterThan(0)
  expect(await log.dead.list(`index-${generation}`)).toMatchObject([
    { record: { id: 'x.0' }, topic: 'articles' },
  ])
})

test('a record of a newer Opomena ends the rebuild', async () => {
  await publish(corpus({ seed: 39, articles: 4 }))
  await log.publish([{ topic: findings, key: 'x', id: 'x.0', json: '{"v":2}' }])
  await expect(rebuild()).rejects.toThrow(/upgrade/)
  expect(currentGeneration(dir)).toBeUndefined()
})

describe('following', () => {
  test('processes that start at once on an empty folder agree on the first generation', async () => {
    const reader = indexReaderOf(dir)
    const writer = indexWriterOf(dir)
    expect(readFileSync(join(dir, 'current'), 'utf8')).toBe(`${writer.generation}\n`)
    await writer.put(corpus({ seed: 40, articles: 3, flagged: 0 }))
    expect((await reader.count({ query: all })).articles).toBeGreaterThan(0)
    await writer.close()
    await reader.close()
  })

  test('an open reader moves to the rebuilt index without being opened again', async () => {
    const reader = indexReaderOf(dir)
    expect(await reader.count({ query: all })).toEqual({ flags: 0, articles: 0 })
    await publish(corpus({ seed: 41, articles: 12 }))
    const { after } = await rebuild()
    expect(after.articles).toBeGreaterThan(0)
    await until(async () => (await reader.count({ query: all })).articles === after.articles)
    await reader.close()
  })

  test('the index stage goes on with the rebuilt index where the rebuild ended', async () => {
    const stop = new AbortController()
    const generations: string[] = []
    const following = followIndex(
      { home: sqliteHome(dir), clock: systemClock, signal: stop.signal },
      async (writer, signal) => {
        generations.push(writer.generation)
        const stages = indexStages(writer, writer)
        await Promise.all(
          stages.map(stage => runStage(stage as never, { log, clock: systemClock, logger, signal })),
        )
      },
    )
    const reader = indexReaderOf(dir)
    const entries = corpus({ seed: 42, articles: 40 })
    await publish(entries.slice(0, 60))
    const { generation } = await rebuild()
    await publish(entries.slice(60))
    await until(() => generations.length === 2)
    expect(generations[1]).toBe(generation)
    await caughtUp(`index-${generation}`)
    stop.abort()
    await following
    await reader.close()
    const straight = indexWriterOf(join(folder, 'straight'))
    await straight.put(entries.map(asRead))
    await straight.close()
    expect(contentOf(fileOf(dir, generation))).toEqual(
      contentOf(fileOf(join(folder, 'straight'), straight.generation)),
    )
  })

  test('work that fails ends the following with its error', async () => {
    const following = followIndex(
      { home: sqliteHome(dir), clock: systemClock, signal: new AbortController().signal },
      () => Promise.reject(new Error('ten records in a row')),
    )
    await expect(following).rejects.toThrow('ten records in a row')
  })
})
