/** A decision to delete reaches the log: no file holds the words any more, and an index built anew knows the fact alone. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Article } from '../../core/article.ts'
import { systemClock } from '../../core/clock.ts'
import type { Finding } from '../../core/finding.ts'
import { silentLogger } from '../../core/logger.ts'
import type { EventLog } from '../../core/ports.ts'
import { message } from '../../core/stage.ts'
import type { Message, Stage } from '../../core/stage.ts'
import { articles, decisions, findings } from '../../core/topics.ts'
import type { Topic } from '../../core/topics.ts'
import { indexReaderOf, sqliteHome } from '../../index/generations.ts'
import { rebuildIndex } from '../../index/rebuild.ts'
import { eraseStage } from '../../stream/erase-stage.ts'
import { runStage } from '../../stream/run-stage.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { articleHead, document } from '../documents.ts'

let folder: string
let log: EventLog

const open = (): EventLog =>
  sqliteLog({ path: join(folder, 'log.db'), clock: systemClock, logger: silentLogger, pollMs: 2 })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-erase-'))
  log = open()
})
afterEach(async () => {
  await log.close()
  rmSync(folder, { recursive: true, force: true })
})

/** An article and its finding; its words hold its name, over more than one page of the file. */
function said(id: string, revision = 0): Message[] {
  const head = articleHead({ id, revision, title: `naslov-${id}` })
  const words = `riječ-${id} `.repeat(2_000)
  const article: Article = { ...head, v: 1, text: words }
  const flag = flagOf(id)
  const finding: Finding = {
    v: 1, article: head, text: words, language: 'bs', languageConfidence: 1, script: 'Latn', flagged: true,
    flags: [flag], madeBy: { pipeline: 'test', lexicon: 'test' }, madeAt: '2026-07-11T08:05:00.000Z',
  } // prettier-ignore
  return [message(articles, article), message(findings, finding)]
}

function flagOf(id: string): Finding['flags'][number] {
  const { category, subtype, severity, confidence, alert, targets, voice, stance } = document()
  const { field, start, end, rule, why, indicators } = document()
  const quote = `navod-${id}`
  return {
    id: `flag-${id}`, category, subtype, severity, confidence, alert, targets, voice, stance, field, start, end, rule, why,
    indicators, quote, sentence: `${quote}.`,
  } // prettier-ignore
}

const deletion = (articleId: string): Message =>
  message(decisions, {
    v: 1,
    id: `delete-${articleId}`,
    kind: 'delete',
    articleId,
    by: 'u1',
    at: '2026-07-11T09:00:00Z',
    reason: 'asked for by the person concerned',
  })

async function obey(stage: Stage<never>): Promise<void> {
  const over = new AbortController()
  const running = runStage(stage, { log, clock: systemClock, logger: silentLogger, signal: over.signal })
  const behind = async (): Promise<number> => (await log.lag(stage.reads, stage.name)).records
  for (const end = Date.now() + 10_000; (await behind()) > 0;) {
    if (Date.now() > end) throw new Error(`waited in vain for ${stage.name}`)
    await systemClock.sleep(5)
  }
  over.abort()
  await running
}

const rebuild = () =>
  rebuildIndex({ home: sqliteHome(join(folder, 'index')), log, clock: systemClock, logger: silentLogger })

/** Files below the folder that hold the text, whatever they are. */
function filesWith(text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => existsSync(path) && readFileSync(path).includes(text))
}

test('the words leave every file of the log, and those of other articles stay', async () => {
  await log.publish([...said('away'), ...said('kept'), ...said('away', 1), deletion('away')])
  expect(filesWith('riječ-away').length).toBeGreaterThan(0)
  await obey(eraseStage(log) as Stage<never>)
  for (const what of ['riječ', 'naslov', 'navod']) {
    expect(filesWith(`${what}-away`)).toEqual([])
    expect(filesWith(`${what}-kept`).length).toBeGreaterThan(0)
  }
})

test('a rebuilt index knows the deletion and none of the words, and a late finding changes nothing', async () => {
  await log.publish([...said('away'), ...said('kept'), deletion('away')])
  await obey(eraseStage(log) as Stage<never>)
  await log.publish(said('away', 1))
  await rebuild()
  expect(filesWith('riječ-away')).toEqual([])
  const reader = indexReaderOf(join(folder, 'index'))
  expect(await reader.count({ query: { kind: 'all' } })).toEqual({ flags: 1, articles: 1 })
  expect(await reader.article('away')).toBeUndefined()
  expect((await reader.article('kept'))?.text).toContain('riječ-kept')
  await reader.close()
  // The fact stays in the log: the next index will know it as well.
  const [decision] = await readAll(decisions)
  expect(decision).toMatchObject({ kind: 'delete', articleId: 'away' })
})

test('decisions other than a deletion erase nothing, and to obey twice is to obey once', async () => {
  const verdict = message(decisions, {
    v: 1,
    id: 'v1',
    kind: 'verdict',
    articleId: 'kept',
    flagId: 'flag-kept',
    decision: 'confirmed',
    by: 'u1',
    at: '2026-07-11T09:00:00Z',
  })
  await log.publish([...said('kept'), ...said('away'), verdict, deletion('away')])
  await obey(eraseStage(log) as Stage<never>)
  await obey({ ...eraseStage(log), name: 'once-more' } as Stage<never>)
  expect(await readAll(articles as Topic<unknown>)).toMatchObject([{ id: 'kept' }])
  expect(await readAll(findings as Topic<unknown>)).toMatchObject([{ article: { id: 'kept' } }])
  expect(await readAll(decisions as Topic<unknown>)).toHaveLength(2)
})

test('while somebody reads in the file the deletion is not done, and is done later', async () => {
  await log.publish([...said('away'), deletion('away')])
  const other = new DatabaseSync(join(folder, 'log.db'))
  other.exec('BEGIN')
  other.prepare('SELECT count(*) FROM log').get()
  await expect(log.erase(articles as Topic<unknown>, ['away'])).rejects.toThrow(/cannot leave it yet/)
  other.exec('COMMIT')
  other.close()
  await obey(eraseStage(log) as Stage<never>)
  expect(filesWith('riječ-away')).toEqual([])
})

/** What a new group reads of a topic. */
async function readAll(topic: Topic<unknown>): Promise<unknown[]> {
  const group = `look-${topic.name}`
  const seen: unknown[] = []
  const { records } = await log.lag(topic, group)
  const reading = log.subscribe({ topic, group }, async batch => {
    seen.push(...batch.map(one => JSON.parse(one.json) as unknown))
    return batch.map(() => 'done')
  })
  for (const end = Date.now() + 5_000; seen.length < records && Date.now() < end;) await systemClock.sleep(5)
  await reading.stop()
  return seen
}
