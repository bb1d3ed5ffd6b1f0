/** Bad input through the whole pipeline at once: each case has its fate and its reason, and everything beside it comes through. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classifyStage } from '../classify/stage.ts'
import { linesOf } from '../cli/ndjson.ts'
import { MAX_TEXT } from '../core/article.ts'
import { systemClock } from '../core/clock.ts'
import type { ArticleDocument } from '../core/document.ts'
import { sha256 } from '../core/hash.ts'
import { silentLogger } from '../core/logger.ts'
import type { Observation } from '../core/observation.ts'
import type { EventLog, EvidenceStore, IndexReader, Search } from '../core/ports.ts'
import { parseQuery } from '../core/query.ts'
import type { Stage } from '../core/stage.ts'
import { articles, observations } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'
import { indexReaderOf, indexWriterOf } from '../index/generations.ts'
import { indexStages } from '../index/index-stages.ts'
import { importArchive } from '../ingest/import-archive.ts'
import { openIngestStore } from '../ingest/ingest-store.ts'
import type { IngestStore } from '../ingest/ingest-store.ts'
import type { PollSummary } from '../ingest/poll.ts'
import { ingestOnce } from '../ingest/schedule.ts'
import { sqliteEvidenceStore } from '../ingest/sqlite-evidence.ts'
import { runStage } from '../stream/run-stage.ts'
import { sqliteLog } from '../stream/sqlite-log.ts'
import { bundledClassifier } from './classify/bundled.ts'
import {
  HOSTILE_OUTLETS,
  NOISE,
  hostOf,
  sent,
  serveHostileOutlets,
  soundTitle,
  sourceOf,
} from './hostile-outlets.ts'
import type { HostileOutlet } from './hostile-outlets.ts'
import { fetcherFor } from './ingest/hostile-server.ts'
import type { Site } from './ingest/hostile-server.ts'

const MIB = 1024 * 1024
const dir = mkdtempSync(join(tmpdir(), 'opomena-bad-input-'))
const clock = systemClock
const logger = silentLogger

let server: Site
let log: EventLog
let evidence: EvidenceStore
let store: IngestStore
let reader: IndexReader
let summaries: readonly PollSummary[]
let seen: readonly Observation[]
let grownBy: number

beforeAll(async () => {
  server = await serveHostileOutlets()
  log = sqliteLog({ path: join(dir, 'log.db'), clock, logger })
  evidence = sqliteEvidenceStore({ dir: join(dir, 'evidence'), clock })
  store = openIngestStore({ path: join(dir, 'ingest.db') })
  const classifier = bundledClassifier()
  const before = process.resourceUsage().maxRSS
  summaries = await ingest()
  const writer = indexWriterOf(join(dir, 'index'))
  await runAll([classifyStage(classifier, clock)])
  await runAll(indexStages(writer, writer))
  await writer.close()
  grownBy = (process.resourceUsage().maxRSS - before) * 1024
  reader = indexReaderOf(join(dir, 'index'))
  seen = await readAll(observations)
}, 120_000)

afterAll(async () => {
  await reader.close()
  store.close()
  await evidence.close()
  await log.close()
  await server.close()
  rmSync(dir, { recursive: true, force: true })
})

async function ingest(): Promise<readonly PollSummary[]> {
  const fetcher = fetcherFor(server.port, HOSTILE_OUTLETS.map(hostOf))
  const sources = HOSTILE_OUTLETS.map(sourceOf)
  const { signal } = new AbortController()
  try {
    return await ingestOnce({ sources, fetcher, evidence, store, log, clock, logger, signal })
  } finally {
    await fetcher.close()
  }
}

/** Runs the stages until nothing is left for them. */
async function runAll(stages: readonly Stage<unknown>[]): Promise<void> {
  const stop = new AbortController()
  const running = stages.map(stage => runStage(stage, { log, clock, logger, signal: stop.signal }))
  const isBehind = async ({ reads, name }: Stage<unknown>): Promise<boolean> =>
    (await log.lag(reads, name)).records > 0
  for (const stage of stages) while (await isBehind(stage)) await clock.sleep(20)
  stop.abort()
  await Promise.all(running)
}

async function readAll<T>(topic: Topic<T>): Promise<T[]> {
  const messages: T[] = []
  const subscription = log.subscribe({ topic: topic, group: 'test' }, async records => {
    messages.push(...records.map(({ json }) => JSON.parse(json) as T))
    return records.map(() => 'done')
  })
  while ((await log.lag(topic, 'test')).records > 0) await clock.sleep(20)
  await subscription.stop()
  return messages
}

const search = (query: string): Search => ({ query: parseQuery(query) })

async function articleTitled(title: string): Promise<ArticleDocument | undefined> {
  const { items } = await reader.searchArticles(search(`title:"${title.replaceAll('"', '')}"`), { limit: 10 })
  return items[0] && (await reader.article(items[0].id))
}

/** The look that met the bad thing: at the bad feed, or at the only one. */
const lookAt = ({ id }: HostileOutlet): Observation => seen.find(one => one.sourceId === id)!

for (const outlet of HOSTILE_OUTLETS) {
  const { expected } = outlet
  describe(`an outlet with ${outlet.what}`, () => {
    test('is told with outcome, fates and reason', () => {
      const look = lookAt(outlet)
      expect(look.outcome).toBe(expected.outcome)
      if (expected.reason) expect(look.reason).toMatch(expected.reason)
      if (expected.warning) expect(look.warnings.join('\n')).toMatch(expected.warning)
      expect(look.seen).toBe(Object.values(look.fates).reduce((sum, count) => sum + count, 0))
      const sound = outlet.feed ? 0 : 1
      const { published = 0, ...others } = expected.fates ?? {}
      expect(look.fates).toMatchObject({ published: published + sound, ...others })
      const failed = look.items.find(item => item.fate === 'failed')
      if (expected.itemReason) expect(failed?.reason).toMatch(expected.itemReason)
    })

    test('has its sound article published, read and found', async () => {
      expect(await articleTitled(soundTitle(outlet))).toMatchObject({
        text: expect.stringContaining(`o temi ${outlet.id}`),
        script: 'Latn',
        flags: [],
      })
    })

    for (const [title, text] of Object.entries(expected.texts ?? {}))
      test(`has "${title}" published with the words that could be read`, async () => {
        const found = await articleTitled(title)
        expect(found?.text).toMatch(typeof text === 'string' ? new RegExp(`^${text}$`, 'u') : text)
        // The proof is there and is what it says it is.
        const { rawHash } = found!.article.evidence
        expect(sha256((await evidence.get(rawHash))!.body)).toBe(rawHash)
      })
  })
}

describe('all of them together', () => {
  test('nothing is lost, nothing is set aside, and what was published is read and found', async () => {
    const published = summaries.reduce((sum, { fates }) => sum + fates.published, 0)
    const expected = HOSTILE_OUTLETS.reduce((sum, one) => sum + 1 + (one.expected.fates?.published ?? 0), 0)
    expect(published).toBe(expected)
    expect((await readAll(articles)).length).toBe(published)
    expect((await reader.count(search('*'))).articles).toBe(published)
    expect(await log.dead.list()).toEqual([])
  })

  test('nobody asked this machine for its secret', () => {
    expect(server.visits.filter(({ path }) => path.includes('tajna'))).toEqual([])
  })

  test('the page of 50 MB was left long before its end, in little memory', () => {
    expect(sent.bytes).toBeGreaterThan(5 * MIB)
    expect(sent.bytes).toBeLessThan(20 * MIB)
    expect(grownBy).toBeLessThan(200 * MIB)
  })

  test('the title without a text is flagged', async () => {
    const { items } = await reader.searchFlags(search('source:samo-naslov'), { limit: 5 })
    expect(items.map(({ category, field }) => [category, field])).toEqual([['denial', 'title']])
  })

  test('the text of 1 MB travels cut, and says so', async () => {
    const found = await articleTitled('Duga priča')
    expect(found!.article.truncated).toBe(true)
    expect(found!.text!.length).toBeLessThanOrEqual(MAX_TEXT)
    expect(found!.text!.length).toBeGreaterThan(MAX_TEXT - 10)
  })

  test('the bytes of a feed that could not be read are kept', async () => {
    expect(await evidence.get(sha256(NOISE))).toMatchObject({ sourceId: 'sum', status: 200 })
  })

  test('a second look publishes nothing twice', async () => {
    const again = await ingest()
    expect(again.reduce((sum, { fates }) => sum + fates.published + fates.revised, 0)).toBe(0)
  })
})

test('an archive with lines that are not JSON: they fail with number and reason, the rest is published', async () => {
  const row = (title: string, text: string): string =>
    JSON.stringify({ url: `https://arhiv.example/${title}`, source: 'Arhiv', title, text })
  const lines = [
    row('prva', 'Prvi tekst.'),
    'ovo nije JSON',
    '{"url": "https://arhiv.example/prekinuta", "source": "Arh',
    row('druga', `Tekst sa znakom \u2028 u sredini.`),
    row('golema', 'Riječ bez kraja. '.repeat(60_000)),
    '\u0000\uFFFD\uFFFD',
  ]
  const report = await importArchive(linesOf(Readable.from([Buffer.from(`${lines.join('\n')}\n`)])), {
    sources: [],
    evidence,
    store,
    log,
    clock,
    logger,
  })
  expect(report).toMatchObject({ in: 6, published: 3, failed: 3 })
  expect(report.firstErrors.map(({ line }) => line)).toEqual([2, 3, 6])
  for (const { reason } of report.firstErrors) expect(reason).toContain('expected a JSON object, came')
})
