/** One look at a source: every item has one fate, evidence comes before publication, and what is left comes next time. */
import { afterEach, describe, expect, test } from 'vitest'
import { MAX_TEXT } from '../../core/article.ts'
import { RetryLater } from '../../core/errors.ts'
import { accountForInterrupted, pollSource } from '../../ingest/poll.ts'
import type { PollSummary } from '../../ingest/poll.ts'
import { articleId } from '../../ingest/canonical-url.ts'
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
import type { Bench, InventedPage } from './invented-outlet.ts'

let open: Bench | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

function start(pages: Readonly<Record<string, InventedPage | string>>): Bench {
  return (open = bench(inventedOutlet(pages)))
}

async function poll(at: Bench, fields: Parameters<typeof source>[0] = {}): Promise<PollSummary> {
  const summary = await pollSource(source(fields), at)
  const { fates } = summary
  expect(Object.values(fates).reduce((sum, one) => sum + one, 0)).toBe(summary.seen)
  return summary
}

const some = (fates: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(fates).filter(([, count]) => count > 0))

describe('a new item', () => {
  const most = pageOf('Otvoren most', story('most'))
  test('is published with the words of its page, its proof and what is known of its source', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'most', title: 'Otvoren most', summary: 'Kratko.' }),
      [`${HOME}/most`]: most,
    })
    expect(await poll(at)).toMatchObject({ outcome: 'fresh', seen: 1, fates: { published: 1 } })
    const { articles, observations } = await at.published()
    expect(articles).toEqual([
      {
        v: 1,
        id: articleId(`${HOME}/most`),
        sourceId: 'javor',
        outlet: { name: 'Portal Javor', country: 'BA', kind: 'commercial' },
        url: `${HOME}/most`,
        at: '2026-07-11T07:00:00.000Z',
        day: '2026-07-11',
        title: 'Otvoren most',
        lead: 'Kratko.',
        text: story('most'),
        publishedAt: '2026-07-11T07:00:00.000Z',
        firstSeenAt: '2026-07-11T08:00:00.000Z',
        fetchedAt: '2026-07-11T08:00:00.000Z',
        revision: 0,
        textHash: expect.stringMatching(/^[0-9a-f]{20}$/),
        evidence: expect.objectContaining({ rawHash: hashOfBody(most), status: 200 }),
        declaredLanguage: 'bs',
      },
    ])
    expect(observations).toMatchObject([
      {
        sourceId: 'javor',
        of: FEED,
        kind: 'feed',
        outcome: 'fresh',
        seen: 1,
        items: [{ fate: 'published' }],
      },
    ])
    expect(Buffer.from((await at.evidence.get(hashOfBody(most)))!.body).toString()).toBe(most)
  })

  test('is not published when its evidence cannot be kept', async () => {
    const at = start({ [FEED]: feedOf({ slug: 'most', title: 'Otvoren most' }), [`${HOME}/most`]: most })
    const full = { ...at.evidence, put: () => Promise.reject(new RetryLater('the disk is full')) }
    await expect(pollSource(source(), { ...at, evidence: full })).rejects.toThrow('the disk is full')
    expect((await at.published()).articles).toEqual([])
    // The next look, with room on the disk, finds it as new as before.
    expect((await poll(at)).fates.published).toBe(1)
  })

  const stand_ins: Readonly<Record<string, InventedPage['instead']>> = {
    'robots.txt forbids': { outcome: 'refused', reason: 'robots.txt disallows it' },
    'is not there': { outcome: 'failed', reason: 'the site answered 404', status: 404 },
    'does not answer': { outcome: 'failed', reason: 'no answer within 30 s' },
    'is too large': { outcome: 'refused', reason: 'the body is larger than 5 MiB' },
  }
  for (const [name, instead] of Object.entries(stand_ins)) {
    test(`whose page ${name} is published with the feed's own words and a warning`, async () => {
      const at = start({
        [FEED]: feedOf({ slug: 'a', title: 'Naslov', summary: 'Ovo piše u samom feedu.' }),
        [`${HOME}/a`]: { instead: instead! },
      })
      const { warnings, fates } = await poll(at)
      expect(fates.published).toBe(1)
      expect(warnings.join()).toContain("the feed's own words were used")
      const { articles } = await at.published()
      expect(articles[0]).toMatchObject({
        title: 'Naslov',
        text: 'Ovo piše u samom feedu.',
        evidence: { rawHash: hashOfBody(at.outlet.pages.get(FEED)!.body!) },
      })
    })
  }

  for (const [name, page] of Object.entries({
    'is a picture': { body: '\x89PNG', contentType: 'image/png' },
    'led to the front page': { body: pageOf('Naslovna', story('naslovna')), movedTo: `${HOME}/` },
    'holds no article': { body: '<html><body><form>Prijava</form></body></html>' },
    'is an attack': { body: '<div>'.repeat(1_000) },
  })) {
    test(`whose page ${name} is published with the feed's own words`, async () => {
      const at = start({
        [FEED]: feedOf({ slug: 'a', title: 'Naslov', summary: 'Iz feeda.' }),
        [`${HOME}/a`]: page,
      })
      await poll(at)
      expect((await at.published()).articles).toMatchObject([{ text: 'Iz feeda.' }])
    })
  }

  test('with a title only is published: many feeds carry no more', async () => {
    const at = start({ [FEED]: feedOf({ slug: 'a', title: 'Samo naslov' }) })
    await poll(at)
    expect((await at.published()).articles).toMatchObject([{ title: 'Samo naslov', text: '' }])
  })

  test('with neither title nor text failed, with its reason, once', async () => {
    const at = start({ [FEED]: feedOf({ slug: 'a' }), [`${HOME}/a`]: '<html><body></body></html>' })
    expect(some((await poll(at)).fates)).toEqual({ failed: 1 })
    const { articles, observations } = await at.published()
    expect(articles).toEqual([])
    expect(observations[0]?.items).toEqual([
      { id: articleId(`${HOME}/a`), fate: 'failed', reason: 'neither a title nor a text' },
    ])
    at.outlet.pages.set(FEED, { body: `${feedOf({ slug: 'a' })}\n` })
    expect(some((await poll(at)).fates)).toEqual({ unchanged: 1 })
  })

  for (const [name, summary] of [
    ['the title in the other script', 'Отворен мост'],
    ['the beginning of the title', 'Otvoren …'],
    ['the first words of the text', 'Odlomak 1 o temi most, dovoljno dug [...]'],
  ] as const)
    test(`whose lead is ${name} has no lead`, async () => {
      const at = start({
        [FEED]: feedOf({ slug: 'most', title: 'Otvoren most', summary }),
        [`${HOME}/most`]: most,
      })
      await poll(at)
      const [article] = (await at.published()).articles
      expect(article).toMatchObject({ title: 'Otvoren most', text: story('most') })
      expect(article).not.toHaveProperty('lead')
    })

  test('with a text of 1 MB is cut to what travels, and says so', async () => {
    const long = 'Riječ po riječ, bez kraja. '.repeat(40_000)
    const at = start({ [FEED]: feedOf({ slug: 'a', title: 'Dugo' }), [`${HOME}/a`]: pageOf('Dugo', long) })
    await poll(at)
    const [article] = (await at.published()).articles
    expect(article!.truncated).toBe(true)
    expect(article!.text.length).toBeGreaterThan(MAX_TEXT - 10)
    expect(article!.text.length).toBeLessThanOrEqual(MAX_TEXT)
  })

  test('from the future is dated when it was seen', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Sutra', date: 'Sun, 12 Jul 2026 09:00:00 +0200' }),
    })
    await poll(at)
    expect((await at.published()).articles).toMatchObject([
      { at: '2026-07-11T08:00:00.000Z', publishedAt: '2026-07-12T07:00:00.000Z' },
    ])
  })

  test('without a link is known by its guid', async () => {
    const feed = feedOf({ slug: 'x', title: 'Bez veze' }).replace(
      /<link>.*?<\/link>/u,
      '<guid isPermaLink="false">g7</guid>',
    )
    const at = start({ [FEED]: feed })
    expect(some((await poll(at)).fates)).toEqual({ published: 1 })
    at.outlet.pages.set(FEED, { body: `${feed} ` })
    expect(some((await poll(at)).fates)).toEqual({ unchanged: 1 })
  })
})

describe('an item seen before', () => {
  test('costs no request while the feed says the same of it', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Jedan' }),
      [`${HOME}/a`]: pageOf('Jedan', story('a')),
    })
    await poll(at)
    at.outlet.pages.set(FEED, { body: feedOf({ slug: 'a', title: 'Jedan' }, { slug: 'b', title: 'Dva' }) })
    expect(some((await poll(at)).fates)).toEqual({ published: 1, unchanged: 1 })
    expect(at.outlet.asked.filter(request => request.url === `${HOME}/a`)).toHaveLength(1)
  })

  test('whose words changed is a revision', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Jedan' }),
      [`${HOME}/a`]: pageOf('Jedan', story('a')),
    })
    await poll(at)
    at.outlet.pages.set(FEED, { body: feedOf({ slug: 'a', title: 'Jedan (dopunjeno)' }) })
    at.outlet.pages.set(`${HOME}/a`, { body: pageOf('Jedan', `${story('a')}\n\n${story('dopuna')}`) })
    await at.clock.advance(60_000)
    expect(some((await poll(at)).fates)).toEqual({ revised: 1 })
    const { articles } = await at.published()
    expect(articles.map(article => [article.revision, article.firstSeenAt, article.fetchedAt])).toEqual([
      [0, '2026-07-11T08:00:00.000Z', '2026-07-11T08:00:00.000Z'],
      [1, '2026-07-11T08:00:00.000Z', '2026-07-11T08:01:00.000Z'],
    ])
    expect(articles[0]!.id).toBe(articles[1]!.id)
  })

  test('whose feed entry changed and whose words did not is unchanged', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Jedan' }),
      [`${HOME}/a`]: pageOf('Jedan', story('a')),
    })
    await poll(at)
    at.outlet.pages.set(FEED, { body: feedOf({ slug: 'a', title: 'Jedan', summary: 'Sada i sažetak.' }) })
    expect(some((await poll(at)).fates)).toEqual({ unchanged: 1 })
  })

  test('whose page fails to answer is not revised to less', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Jedan' }),
      [`${HOME}/a`]: pageOf('Jedan', story('a')),
    })
    await poll(at)
    at.outlet.pages.set(FEED, { body: feedOf({ slug: 'a', title: 'Jedan, novo' }) })
    at.outlet.pages.set(`${HOME}/a`, {
      instead: { outcome: 'failed', reason: 'the site answered 503', status: 503 },
    })
    expect(some((await poll(at)).fates)).toEqual({ unchanged: 1 })
    expect(at.store.dueRechecks('2026-07-11T10:00:00.000Z', 10)).toHaveLength(1)
  })

  test('that a person had deleted stays away', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Jedan' }),
      [`${HOME}/a`]: pageOf('Jedan', story('a')),
    })
    await poll(at)
    await at.published()
    at.store.forget(articleId(`${HOME}/a`))
    at.outlet.pages.set(FEED, { body: feedOf({ slug: 'a', title: 'Jedan, opet' }) })
    expect(some((await poll(at)).fates)).toEqual({ unchanged: 1 })
    expect((await at.published()).articles).toEqual([])
  })
})

describe('the same article at another address', () => {
  const cyrillic = 'Отворен мост преко ријеке'
  const latin = 'Otvoren most preko rijeke'
  const body = (script: 'Latn' | 'Cyrl'): string => {
    const text =
      script === 'Latn'
        ? 'Mještani su pjevali do jutra, a most je izdržao.'
        : 'Мјештани су пјевали до јутра, а мост је издржао.'
    return Array.from({ length: 6 }, () => text).join('\n\n')
  }

  test('in the same words is a duplicate, whatever its script', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'lat/most', title: latin }, { slug: 'cir/most', title: cyrillic }),
      [`${HOME}/lat/most`]: pageOf(latin, body('Latn')),
      [`${HOME}/cir/most`]: pageOf(cyrillic, body('Cyrl')),
    })
    expect(some((await poll(at)).fates)).toEqual({ published: 1, duplicate: 1 })
    const { articles, observations } = await at.published()
    expect(articles).toHaveLength(1)
    expect(observations[0]?.items[1]?.reason).toBe(`same words as article ${articles[0]!.id}`)
  })

  test('eight days later is an article again', async () => {
    const at = start({
      [FEED]: feedOf(
        { slug: 'a', title: latin },
        { slug: 'b', title: latin, date: 'Fri, 03 Jul 2026 09:00:00 +0200' },
      ),
      [`${HOME}/a`]: pageOf(latin, body('Latn')),
      [`${HOME}/b`]: pageOf(latin, body('Latn')),
    })
    expect(some((await poll(at)).fates)).toEqual({ published: 2 })
  })

  test('of another outlet is not', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: latin }),
      [`${HOME}/a`]: pageOf(latin, body('Latn')),
      'https://lipa.example/rss': feedOf({ slug: 'a', title: latin }).replaceAll(
        HOME,
        'https://lipa.example',
      ),
      'https://lipa.example/a': pageOf(latin, body('Latn')),
    })
    await poll(at)
    expect(
      some(
        (
          await poll(at, {
            id: 'lipa',
            homepage: 'https://lipa.example',
            feeds: ['https://lipa.example/rss'],
          })
        ).fates,
      ),
    ).toEqual({ published: 1 })
  })

  const canonical = (slug: string): string => `<link rel="canonical" href="${HOME}/${slug}">`
  test('that names it as canonical is a duplicate, from either side', async () => {
    for (const order of [
      ['puna', 'amp/puna'],
      ['amp/puna', 'puna'],
    ] as const) {
      const at = bench(
        inventedOutlet({
          [FEED]: feedOf(...order.map(slug => ({ slug, title: latin }))),
          [`${HOME}/puna`]: pageOf(latin, story('puna')),
          [`${HOME}/amp/puna`]: pageOf(latin, story('kraća verzija'), canonical('puna')),
        }),
      )
      expect(some((await poll(at)).fates)).toEqual({ published: 1, duplicate: 1 })
      await at.close()
    }
  })

  test('is no duplicate when the whole outlet names one address as canonical', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Prva' }, { slug: 'b', title: 'Druga' }),
      [`${HOME}/a`]: pageOf('Prva', story('prva'), canonical('a')),
      [`${HOME}/b`]: pageOf('Druga', story('druga'), canonical('a')),
    })
    expect(some((await poll(at)).fates)).toEqual({ published: 2 })
  })
})

describe('a feed', () => {
  test('that is a web page failed, and its bytes are kept', async () => {
    const html = '<!DOCTYPE html><html><body>Održavanje</body></html>'
    const at = start({ [FEED]: html })
    expect(await poll(at)).toMatchObject({
      outcome: 'failed',
      reason: 'expected a feed, came a web page (HTML)',
    })
    expect(await at.evidence.get(hashOfBody(html))).toBeDefined()
    expect((await at.published()).observations).toMatchObject([{ outcome: 'failed', seen: 0 }])
  })

  test('that is cut off gives its whole entries, with a warning', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Cijela' }, { slug: 'b', title: 'Polovična' }).replace(
        /<\/item><\/channel>.*/su,
        '',
      ),
    })
    const { fates, warnings } = await poll(at)
    expect(some(fates)).toEqual({ published: 1 })
    expect(warnings.join()).toContain('ends in the middle')
  })

  test('that says "unchanged" costs nothing, and is fetched whole once a day', async () => {
    const at = start({ [FEED]: { body: feedOf({ slug: 'a', title: 'Jedan' }), etag: '"1"' } })
    await poll(at)
    expect(await poll(at)).toMatchObject({ outcome: 'unchanged', seen: 0 })
    expect(at.outlet.asked.at(-1)).toMatchObject({ etag: '"1"' })
    // The server keeps the mark although the feed has changed.
    at.outlet.pages.set(FEED, {
      body: feedOf({ slug: 'a', title: 'Jedan' }, { slug: 'b', title: 'Dva' }),
      etag: '"1"',
    })
    expect((await poll(at)).outcome).toBe('unchanged')
    await at.clock.advance(24 * 3_600_000)
    expect(some((await poll(at)).fates)).toEqual({ published: 1, unchanged: 1 })
  })

  test('of the same bytes is unchanged although the server does not say so', async () => {
    const at = start({ [FEED]: feedOf({ slug: 'a', title: 'Jedan' }) })
    await poll(at)
    expect(await poll(at)).toMatchObject({ outcome: 'unchanged', seen: 0 })
  })

  test('that answers from elsewhere says so', async () => {
    const at = start({
      [FEED]: { body: feedOf({ slug: 'a', title: 'x' }), movedTo: 'https://parking.example/' },
    })
    expect((await poll(at)).warnings.join()).toContain('moved')
  })

  test('that is gone says so', async () => {
    const at = start({
      [FEED]: {
        instead: { outcome: 'failed', reason: 'the site answered 410', status: 410, permanent: 'gone' },
      },
    })
    expect(await poll(at)).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('gone') })
  })

  test('with one item twice counts it once', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Jedan' }, { slug: 'a?utm_source=rss', title: 'Jedan' }),
    })
    expect(some((await poll(at)).fates)).toEqual({ published: 1, unchanged: 1 })
  })
})

describe('what is left', () => {
  const entries = ['a', 'b', 'c'].map(slug => ({
    slug,
    title: `Naslov ${slug} sa dovoljno riječi da se razlikuje od drugih`,
  }))
  test('when the site asks us to wait comes with the next look, although the feed is the same', async () => {
    const at = start({
      [FEED]: { body: feedOf(...entries), etag: '"1"' },
      [`${HOME}/b`]: {
        instead: { outcome: 'failed', reason: 'the site answered 429', status: 429, retryAfterMs: 60_000 },
      },
    })
    const first = await poll(at)
    expect(first).toMatchObject({ seen: 1, waitMs: 60_000, fates: { published: 1 } })
    expect(first.warnings.join()).toContain('2 items are left')
    at.outlet.pages.delete(`${HOME}/b`)
    expect(some((await poll(at)).fates)).toEqual({ published: 2, unchanged: 1 })
  })

  test('when we are stopped comes with the next look', async () => {
    const at = start({ [FEED]: feedOf(...entries) })
    const stop = new AbortController()
    at.outlet.before = request => {
      if (request.url.endsWith('/a')) stop.abort()
    }
    const first = await pollSource(source(), { ...at, signal: stop.signal })
    expect(first.seen).toBe(1)
    expect(some((await poll(at)).fates)).toEqual({ published: 2, unchanged: 1 })
  })

  test('of a poll that was killed is accounted for, and nothing is published twice', async () => {
    const before = start({ [FEED]: feedOf(...entries) })
    before.outlet.before = request => {
      if (request.url.endsWith('/b')) throw new Error('killed')
    }
    await expect(pollSource(source(), before)).rejects.toThrow('killed')
    before.outlet.before = () => undefined
    const at = (open = before.reopened())
    expect(accountForInterrupted(at.store)).toBe(1)
    expect(accountForInterrupted(at.store)).toBe(0)
    await poll(at)
    const { articles, observations } = await at.published()
    expect(articles.map(article => article.url)).toEqual(['a', 'b', 'c'].map(slug => `${HOME}/${slug}`))
    expect(observations.map(one => one.fates.published)).toEqual([1, 2])
    expect(observations[0]).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('interrupted'),
    })
  })
})

describe('other ways to find articles', () => {
  test('a listing', async () => {
    const at = start({
      [`${HOME}/vijesti`]:
        '<div class="l"><a href="/a">Prva vijest, skraćeno</a><a href="/b">Druga</a></div>',
      [`${HOME}/a`]: pageOf('Prva vijest u cijelosti', story('a')),
      [`${HOME}/b`]: pageOf('Druga vijest u cijelosti', story('b')),
    })
    await poll(at, { feeds: [], listings: [{ url: `${HOME}/vijesti`, selector: '.l a' }] })
    const { articles, observations } = await at.published()
    expect(articles.map(article => article.title)).toEqual([
      'Prva vijest u cijelosti',
      'Druga vijest u cijelosti',
    ])
    expect(observations[0]?.kind).toBe('listing')
  })
  test('a listing whose selector finds nothing any more is a warning', async () => {
    const at = start({ [`${HOME}/vijesti`]: '<p>Novi izgled</p>' })
    expect(
      (
        await poll(at, { feeds: [], listings: [{ url: `${HOME}/vijesti`, selector: '.l a' }] })
      ).warnings.join(),
    ).toContain('found no links')
  })
  test('a sitemap, of which the old addresses are not taken', async () => {
    const at = start({
      [`${HOME}/news.xml`]: `<urlset><url><loc>${HOME}/a</loc><lastmod>2026-07-11T08:00:00Z</lastmod></url><url><loc>${HOME}/b</loc><lastmod>2020-01-01</lastmod></url></urlset>`,
      [`${HOME}/a`]: pageOf('Prva', story('a')),
    })
    const { fates, warnings } = await poll(at, { feeds: [], sitemaps: [`${HOME}/news.xml`] })
    expect(some(fates)).toEqual({ published: 1 })
    expect(warnings.join()).toContain('1 addresses of the sitemap are older')
  })
  test('none at all fails with the reason', async () => {
    expect(await poll(start({}), { feeds: [] })).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('no feed'),
    })
  })
})
