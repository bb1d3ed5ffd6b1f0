/** Archives: every line has one fate, a bad one is kept with its number and reason, and importing again changes nothing. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importArchive } from '../../ingest/import-archive.ts'
import type { ImportReport } from '../../ingest/import-archive.ts'
import { HOME, bench, hashOfBody, inventedOutlet, source, story } from './invented-outlet.ts'
import type { Bench } from './invented-outlet.ts'

let at: Bench
beforeEach(() => {
  at = bench(inventedOutlet())
})
afterEach(() => at.close())

async function run(...lines: readonly (string | object)[]): Promise<ImportReport> {
  async function* written() {
    for (const line of lines)
      yield await Promise.resolve(typeof line === 'string' ? line : JSON.stringify(line))
  }
  const report = await importArchive(written(), { ...at, sources: [source()] })
  expect(report.published + report.revised + report.duplicate + report.unchanged + report.failed).toBe(
    report.in,
  )
  return report
}

const row = (n: number, fields: object = {}): object => ({
  url: `${HOME}/${String(n)}`,
  source: 'Portal Javor',
  title: `Naslov ${String(n)}`,
  text: story(`broj ${String(n)}`),
  publishedAt: '2022-09-12 00:00:06 EDT',
  lang: null,
  part: 'A',
  ...fields,
})

describe('a line', () => {
  test('becomes an article of its source, with itself as evidence', async () => {
    const line = JSON.stringify(row(1, { firstSeenAt: '2022-09-12T10:00:00+02:00' }))
    expect(await run(line)).toMatchObject({ in: 1, published: 1 })
    const [article] = (await at.published()).articles
    expect(article).toMatchObject({
      sourceId: 'javor',
      outlet: { country: 'BA' },
      url: `${HOME}/1`,
      title: 'Naslov 1',
      publishedAt: '2022-09-12T04:00:06.000Z',
      at: '2022-09-12T04:00:06.000Z',
      day: '2022-09-12',
      firstSeenAt: '2022-09-12T08:00:00.000Z',
      fetchedAt: '2026-07-11T08:00:00.000Z',
      revision: 0,
      evidence: { rawHash: hashOfBody(line) },
      declaredLanguage: 'bs',
    })
    expect(article!.evidence.status).toBeUndefined()
    expect(Buffer.from((await at.evidence.get(hashOfBody(line)))!.body).toString()).toBe(line)
  })

  test('of an outlet that is not configured gets a source of its name', async () => {
    await run(row(1, { source: 'Večernje  Ђурђевдан 24', lang: 'hr' }))
    expect((await at.published()).articles[0]).toMatchObject({
      sourceId: expect.stringMatching(/^[a-z0-9][a-z0-9-]*$/),
      outlet: { name: 'Večernje  Ђурђевдан 24' },
      declaredLanguage: 'hr',
    })
  })

  for (const name of ['javor', 'Portal Javor', 'PORTAL JAVOR', 'javor.example', 'www.javor.example']) {
    test(`names its source as "${name}"`, async () => {
      await run(row(1, { source: name }))
      expect((await at.published()).articles[0]?.sourceId).toBe('javor')
    })
  }

  test('with a title only, or a text only, or no address, is an article', async () => {
    expect(await run(row(1, { text: '' }), row(2, { title: null }), row(3, { url: null }))).toMatchObject({
      published: 3,
      failed: 0,
    })
    expect((await at.published()).articles[2]?.url).toMatch(/^import:javor\//u)
  })

  test('whose date cannot be is dated when it is seen', async () => {
    await run(row(1, { publishedAt: '31 feb 2022' }))
    const [article] = (await at.published()).articles
    expect(article!.publishedAt).toBeUndefined()
    expect(article!.at).toBe('2026-07-11T08:00:00.000Z')
  })
})

describe('bad lines', () => {
  const bad: Readonly<Record<string, [string, RegExp]>> = {
    'that are not JSON': ['{"url": "https://x', /expected a JSON object/u],
    'that are a list': ['[1,2]', /expected object/u],
    'without a source': [JSON.stringify({ title: 'x' }), /source/u],
    'with a number for a title': [JSON.stringify(row(1, { title: 7 })), /title/u],
    'with neither title nor text': [JSON.stringify(row(1, { title: ' ', text: null })), /neither/u],
    'with an address that is none': [JSON.stringify(row(1, { url: 'javascript:x' })), /web address/u],
  }
  for (const [name, [line, reason]] of Object.entries(bad)) {
    test(`${name} fail with number and reason, are kept, and the rest goes on`, async () => {
      const report = await run(row(7), '', line, row(8))
      expect(report).toMatchObject({
        in: 3,
        published: 2,
        failed: 1,
        firstErrors: [{ line: 3, reason: expect.stringMatching(reason) }],
      })
      expect(Buffer.from((await at.evidence.get(hashOfBody(line)))!.body).toString()).toBe(line)
      const failed = (await at.published()).observations
        .flatMap(one => one.items)
        .filter(item => item.fate === 'failed')
      expect(failed).toEqual([{ id: 'line-3', fate: 'failed', reason: expect.stringMatching(reason) }])
    })
  }
})

describe('fates', () => {
  test('again: all unchanged, no article, no evidence twice', async () => {
    const lines = Array.from({ length: 40 }, (_, n) => row(n))
    await run(...lines)
    await at.published()
    expect(await run(...lines)).toMatchObject({ in: 40, unchanged: 40 })
    expect((await at.published()).articles).toEqual([])
  })
  test('the same words at another address within a week: a duplicate', async () => {
    const twin = (n: number, publishedAt: string): object =>
      row(n, { title: 'Isti naslov', text: story('isto'), publishedAt })
    expect(await run(twin(1, '2022-09-12'), twin(2, '2022-09-14'), twin(3, '2022-09-30'))).toMatchObject({
      published: 2,
      duplicate: 1,
    })
  })
  test('other words at the same address: a revision', async () => {
    expect(await run(row(1), row(1, { text: story('drugo') }))).toMatchObject({ published: 1, revised: 1 })
    expect((await at.published()).articles.map(article => article.revision)).toEqual([0, 1])
  })
  test('over many batches: the sum is what came in, each observed', async () => {
    const report = await run(
      ...Array.from({ length: 1_201 }, (_, n) => (n % 100 === 0 ? 'x' : row(n % 1_000))),
    )
    expect(report).toMatchObject({ in: 1_201, published: 990, unchanged: 198, failed: 13 })
    const { observations } = await at.published()
    expect(observations.reduce((sum, one) => sum + one.seen, 0)).toBe(1_201)
    expect(new Set(observations.map(one => one.id)).size).toBe(observations.length)
  })
})
