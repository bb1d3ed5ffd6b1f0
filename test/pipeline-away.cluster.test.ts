/**
 * The pipeline of processes while a server is away: Kafka and Elasticsearch of its own are stopped, come and go, and come
 * back with old data. The workers wait and go on by themselves, and the books agree.
 * OPOMENA_TEST_AWAY_S=60 npm run test:cluster -- test/pipeline-away keeps them away for a minute.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../core/clock.ts'
import { startElasticsearch } from './cluster/elasticsearch-server.ts'
import { startKafka } from './cluster/kafka-server.ts'
import { Line } from './cluster/line.ts'
import { freePort, stop } from './cluster/server.ts'
import { servers } from './cluster/servers.ts'
import { Chance } from './contract/index-corpus.ts'

const AWAY_MS = Number(process.env['OPOMENA_TEST_AWAY_S'] ?? 6) * 1_000
const SERVERS = ['kafka', 'elasticsearch'] as const
/** Past that it is said what was waited for. */
const ALL_MS = 1_200_000 + AWAY_MS * 4

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const chance = new Chance(seed)
const { lack } = servers()

describe.skipIf(lack)(`servers at fault (seed ${String(seed)})`, () => {
  let folder: string
  let ports: readonly [number, number]
  let line: Line | undefined

  const comeBack = {
    kafka: () => startKafka(join(folder, 'kafka'), ports[0]),
    elasticsearch: () => startElasticsearch(join(folder, 'elasticsearch'), ports[1]),
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opomena-away-'))
    ports = [await freePort(), await freePort()]
    const [{ broker }, { url }] = await Promise.all([comeBack.kafka(), comeBack.elasticsearch()])
    await Line.open({ broker, elasticsearch: url }, { allMs: ALL_MS, opened: one => (line = one) })
  }, ALL_MS)
  afterAll(async () => {
    await line?.close().catch(() => undefined) // The servers may be the ones that failed.
    await Promise.all(SERVERS.map(name => stop(join(folder, name))))
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  async function away(...which: readonly (typeof SERVERS)[number][]): Promise<void> {
    await Promise.all(which.map(name => stop(join(folder, name))))
    await systemClock.sleep(AWAY_MS)
    await Promise.all(which.map(name => comeBack[name]()))
  }

  async function flapping(): Promise<void> {
    for (let times = 0; times < 2; times++) {
      await stop(join(folder, 'kafka'))
      await systemClock.sleep(chance.below(2_000))
      await comeBack.kafka()
      await systemClock.sleep(chance.below(3_000))
    }
  }

  test.each([
    ['the broker is away', () => away('kafka')],
    ['the broker comes and goes', flapping],
    ['Elasticsearch is away', () => away('elasticsearch')],
    ['both are away', () => away('kafka', 'elasticsearch')],
  ] as const)(
    '%s: the workers wait, and go on by themselves',
    async (_, fault) => {
      await line!.feed(100)
      await line!.feedDuring(line!.for('the servers are back', fault()))
      await line!.feed(30)
      await line!.checkBooks()
      line!.checkCrew()
    },
    ALL_MS,
  )

  test(
    'Elasticsearch comes back from an old snapshot: a rebuild brings what it lacks',
    async () => {
      const { search } = line!.pipeline
      const indices = `${search.prefix}-*`
      await search.ask('PUT', '_snapshot/old', { type: 'fs', settings: { location: 'old' } })
      await search.ask('PUT', '_snapshot/old/one?wait_for_completion=true', { indices })
      await line!.feed(60)
      await line!.settled()
      const indexers = [2, 3]
      for (const at of indexers) line!.crew[at]!.signal('SIGTERM')
      const ends = Promise.all(indexers.map(at => line!.crew[at]!.ended))
      await line!.for('the index workers have ended', ends)
      for (const index of await search.indices()) await search.ask('DELETE', index)
      await search.ask('POST', '_snapshot/old/one/_restore?wait_for_completion=true', { indices })
      for (const at of indexers) line!.begin(at)
      await search.settle()
      expect((await line!.reader.count({ query: { kind: 'all' } })).articles).toBe(line!.articles - 60)
      await line!.does('rebuild', 'and in use')
      await line!.checkBooks()
      line!.checkCrew()
    },
    ALL_MS,
  )

  test(
    'and every subscription has its letter, once',
    async () => {
      await line!.checkLetters([])
    },
    ALL_MS,
  )
})
