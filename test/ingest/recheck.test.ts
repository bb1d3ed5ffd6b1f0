/** Flagged pages are looked at again, and what a person had deleted is gone. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { articleHeadSchema } from '../../core/article.ts'
import type { Article } from '../../core/article.ts'
import type { Finding } from '../../core/finding.ts'
import { pollSource } from '../../ingest/poll.ts'
import { deletionStage, recheckDue, recheckStage } from '../../ingest/recheck.ts'
import {
  FEED,
  HOME,
  bench,
  feedOf,
  hashOfBody,
  inventedOutlet,
  pageOf,
  source,
  story,
} from './invented-outlet.ts'
import type { Bench } from './invented-outlet.ts'

const HOUR = 3_600_000
const page = pageOf('Naslov na stranici', story('a'))
let at: Bench
let article: Article

beforeEach(async () => {
  at = bench(inventedOutlet({ [FEED]: feedOf({ slug: 'a', title: 'Naslov u feedu' }), [`${HOME}/a`]: page }))
  await pollSource(source(), at)
  article = (await at.published()).articles[0]!
})
afterEach(() => at.close())

const context = { signal: new AbortController().signal, keepAlive: () => Promise.resolve() }
const finding = (fields: Partial<Finding> = {}): Finding => {
  const head = articleHeadSchema.strip().parse(article)
  return {
    v: 1,
    article: head,
    language: 'bs',
    languageConfidence: 1,
    script: 'Latn',
    flagged: true,
    flags: [],
    madeBy: { pipeline: '1', lexicon: 'x' },
    madeAt: article.fetchedAt,
    ...fields,
  }
}
const plan = (one: Finding) => recheckStage(at.store).handle([one], context)
const look = () => recheckDue({ ...at, sources: [source()], signal: context.signal })
const askedPages = (): number => at.outlet.asked.filter(request => request.kind === 'page').length

describe('a flagged page', () => {
  test('is looked at again after an hour, a day, a week and a month', async () => {
    await plan(finding())
    for (const [hours, looks] of [
      [0.5, 0],
      [0.5, 1],
      [22, 1],
      [1, 2],
      [144, 3],
      [552, 4],
      [2_000, 4],
    ] as const) {
      await at.clock.advance(hours * HOUR)
      await look()
      expect(askedPages() - 1, `after ${String(hours)} more hours`).toBe(looks)
    }
  })

  test('that is as it was is unchanged, although the feed gave it another title', async () => {
    await plan(finding())
    await at.clock.advance(HOUR)
    await look()
    expect(await at.published()).toMatchObject({
      articles: [],
      observations: [{ kind: 'recheck', of: `${HOME}/a`, outcome: 'unchanged', fates: { unchanged: 1 } }],
    })
  })

  test('whose text was edited is a revision with its own evidence', async () => {
    await plan(finding())
    const edited = pageOf('Naslov na stranici', story('a').replace('Odlomak 2', 'Ispravka'))
    at.outlet.pages.set(`${HOME}/a`, { body: edited })
    await at.clock.advance(HOUR)
    await look()
    const { articles } = await at.published()
    expect(articles).toMatchObject([
      {
        id: article.id,
        revision: 1,
        title: 'Naslov u feedu',
        firstSeenAt: article.firstSeenAt,
        evidence: { rawHash: hashOfBody(edited) },
      },
    ])
    expect(at.store.evidenceOf(article.id)).toHaveLength(2)
  })

  test('whose headline was edited is a revision with the new one', async () => {
    await plan(finding())
    at.outlet.pages.set(`${HOME}/a`, { body: pageOf('Blaži naslov', story('a')) })
    await at.clock.advance(HOUR)
    await look()
    expect((await at.published()).articles).toMatchObject([{ revision: 1, title: 'Blaži naslov' }])
  })

  test('that is gone is observed as gone', async () => {
    await plan(finding())
    at.outlet.pages.set(`${HOME}/a`, {
      instead: { outcome: 'failed', reason: 'the site answered 410', status: 410, permanent: 'gone' },
    })
    await at.clock.advance(HOUR)
    await look()
    expect(await at.published()).toMatchObject({
      articles: [],
      observations: [
        {
          kind: 'recheck',
          outcome: 'failed',
          status: 410,
          reason: 'the page is gone (410)',
          items: [{ id: article.id, fate: 'failed' }],
        },
      ],
    })
  })

  test('of a site that asks us to wait is looked at later', async () => {
    await plan(finding())
    at.outlet.pages.set(`${HOME}/a`, {
      instead: { outcome: 'failed', reason: '429', status: 429, retryAfterMs: 10 * 60_000 },
    })
    await at.clock.advance(HOUR)
    await look()
    at.outlet.pages.set(`${HOME}/a`, { body: page })
    await at.clock.advance(10 * 60_000)
    await look()
    expect((await at.published()).observations).toHaveLength(1)
  })
})

for (const [name, other] of Object.entries({
  'that was not flagged': () => finding({ flagged: false }),
  'that was imported': () => {
    const one = finding()
    return { ...one, article: { ...one.article, evidence: { rawHash: 'x', bytes: 1 } } }
  },
  'that is a revision': () => {
    const one = finding()
    return { ...one, article: { ...one.article, revision: 1 } }
  },
})) {
  test(`a page ${name} is left alone`, async () => {
    await plan(other())
    await at.clock.advance(1_000 * HOUR)
    await look()
    expect(askedPages()).toBe(1)
  })
}

describe('a decision to delete', () => {
  const decision = () => ({
    v: 1 as const,
    kind: 'delete' as const,
    id: 'd1',
    articleId: article.id,
    by: 'a1',
    at: '2026-07-11T09:00:00.000Z',
    reason: 'a court ordered it',
  })
  test('takes the evidence away, and the plan to look again', async () => {
    await plan(finding())
    expect(await at.evidence.get(article.evidence.rawHash)).toBeDefined()
    const answers = await deletionStage(at.store, at.evidence).handle([decision(), decision()], context)
    expect(answers).toEqual([[], []])
    expect(await at.evidence.get(article.evidence.rawHash)).toBeUndefined()
    await at.clock.advance(1_000 * HOUR)
    await look()
    expect(askedPages()).toBe(1)
    expect(at.store.seen(article.id)).toMatchObject({ state: 'deleted', textHash: '' })
  })
  test('of another kind touches nothing', async () => {
    await deletionStage(at.store, at.evidence).handle(
      [{ ...decision(), kind: 'undo', flagId: 'f', of: 'v' } as never],
      context,
    )
    expect(await at.evidence.get(article.evidence.rawHash)).toBeDefined()
  })
})
