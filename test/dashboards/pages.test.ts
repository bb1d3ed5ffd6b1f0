import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { svgOf } from '../../dashboards/charts.ts'
import type { TimeChart } from '../../dashboards/charts.ts'
import { interval, rate } from '../../dashboards/format.ts'
import { intervalSpan, markedDays, periodOf } from '../../dashboards/period.ts'
import { sourceStates } from '../../dashboards/source-health.ts'
import type { SourceHealth } from '../../core/ports.ts'
import { openSite, readable } from './site.ts'
import type { Site } from './site.ts'
import { invent, SOURCES } from './world.ts'

let site: Site
beforeAll(async () => {
  site = await openSite({
    entries: invent({ now: new Date('2026-07-20T10:00:00Z'), days: 40, articlesADay: 10, flaggedIn: 5 }),
  })
})
afterAll(() => site.close())

describe('the overview', () => {
  test('says for every chart and table out of how many', async () => {
    const { text } = await site.as('viewer').get('/')
    const panels = text.split(/class="panel"/u).slice(1)
    expect(panels.length).toBeGreaterThanOrEqual(7)
    for (const panel of panels)
      expect(/class="basis">([\s\S]*?)<\/p>/u.exec(panel)?.[1], panel.slice(0, 200)).toMatch(/\d/u)
    for (const figure of text.split('<figure').slice(1)) expect(figure).toContain('View as table')
  })

  test('counts what the index counts, and compares with the period before', async () => {
    const words = readable((await site.as('viewer').get('/?from=2026-07-11&to=2026-07-20')).text)
    const now = await site.reader.count({ query: { kind: 'all' }, from: '2026-07-11', to: '2026-07-20' })
    const before = await site.reader.count({ query: { kind: 'all' }, from: '2026-07-01', to: '2026-07-10' })
    expect(words).toContain(`Flagged passages ${now.flags} in ${now.articles} articles`)
    expect(words).toContain(`${rate(now.flags, now.articles)} per 1,000 articles`)
    expect(words).toContain(`than ${before.flags}`)
    expect(words).toContain('11 Jul: Day of remembrance')
  })

  test('leads from a bar to the passages it counts', async () => {
    const { text } = await site.as('viewer').get('/?days=30')
    const bars = [
      ...text.matchAll(/<a href="([^"]+)" tabindex="-1"><path[^>]*><title>[^<]*?: (\d+) flags<\/title>/gu),
    ]
    expect(bars.length).toBeGreaterThan(10)
    for (const [, href, count] of bars.slice(0, 5)) {
      const { text: found } = await site.as('viewer').get(href!.replaceAll('&amp;', '&'))
      expect(readable(found)).toMatch(new RegExp(`${count} passages? in`, 'u'))
    }
  })

  for (const address of [
    '/?days=7',
    '/?days=90',
    '/?by=status',
    '/?language=mk',
    '/?from=2020-01-01&to=2026-07-20',
    '/?from=2026-07-20&to=2026-07-20',
    '/?days=abc&language=xx&by=zz&from=never',
  ]) {
    test(`answers ${address}`, async () => expect((await site.as('viewer').get(address)).status).toBe(200))
  }

  test('says what to do when there is nothing, and when the days are the wrong way round', async () => {
    expect(readable((await site.as('viewer').get('/?from=2019-01-01&to=2019-01-31')).text)).toContain(
      'No article from',
    )
    expect(readable((await site.as('viewer').get('/?from=2026-07-20&to=2026-07-01')).text)).toContain(
      'first day must not be after',
    )
  })
})

describe('search', () => {
  const results = (text: string): string[] =>
    [...text.matchAll(/data-card\s+tabindex="-1"\s+id="(\w+)"/gu)].map(match => match[1]!)

  test('finds in both scripts, and pages through all results once', async () => {
    const { flags } = await site.reader.count({ query: { kind: 'all' } })
    const seen: string[] = []
    let path: string | undefined = '/search'
    for (let n = 0; n < 20 && path; n++) {
      const { text } = await site.as('viewer').get(path)
      seen.push(...results(text))
      path = /href="([^"]+)"\s+rel="next"/u.exec(text)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen).toHaveLength(flags)
    expect(new Set(seen).size).toBe(flags)
    const latin = results((await site.as('viewer').get('/search?q=poslanik')).text)
    expect(latin.length).toBeGreaterThan(0)
    expect(
      results((await site.as('viewer').get(`/search?q=${encodeURIComponent('ПОСЛАНИК')}`)).text),
    ).toEqual(latin)
  })

  test('shows where a query cannot be read, and keeps what was typed', async () => {
    const { status, text } = await site
      .as('viewer')
      .get(`/search?q=${encodeURIComponent('category:denial AND (a OR')}`)
    expect(status).toBe(400)
    expect(readable(text)).toContain('At character 26: expected')
    expect(text).toContain('value="category:denial AND (a OR"')
  })

  test('narrows by facets that can be taken off again', async () => {
    const { text } = await site.as('viewer').get('/search?f=category:denial')
    expect(results(text).length).toBeGreaterThan(0)
    expect(text).toMatch(/href="\/search"\s*><span class="sub">Category<\/span>\s*Denial/u)
    const { flags } = await site.reader.count({
      query: { kind: 'field', field: 'category', comparison: '=', value: 'denial' },
    })
    expect(readable(text)).toContain(`${flags} passages in`)
  })

  for (const [path, status] of [
    ['/search?mode=articles', 200],
    ['/search?order=oldest', 200],
    ['/search?f=category:nonsense', 400],
    ['/search?cursor=made-up', 400],
    ['/search?from=yesterday', 200],
    [`/search?q=${'x'.repeat(3_000)}`, 400],
  ] as const) {
    test(`answers ${path.slice(0, 60)} with ${status} and a page that helps`, async () => {
      const answer = await site.as('viewer').get(path)
      expect(answer.status).toBe(status)
      expect(answer.text).toContain('</html>')
    })
  }
})

describe('sources', () => {
  test('shows who is in trouble first, and why', async () => {
    const words = readable((await site.as('viewer').get('/sources')).text)
    expect(words).toContain('The server did not answer within 20 seconds.')
    expect(words).toContain('Feed answers with a challenge page.')
    expect(words.indexOf('Lovćen danas')).toBeLessThan(words.indexOf('Drina Glas'))
    expect(words).toMatch(/classify articles 2 2 min ago/u)
  })

  const now = new Date('2026-07-20T10:00:00Z')
  const days = (articles: number) => Array.from({ length: 28 }, (_, at) => ({ day: `d${at}`, articles }))
  const health = (change: Partial<SourceHealth>): SourceHealth => ({
    sourceId: SOURCES[0]!.id,
    lastPollAt: '2026-07-20T09:00:00Z',
    lastSuccessAt: '2026-07-20T09:00:00Z',
    failures: 0,
    articlesByDay: days(5),
    warnings: [],
    ...change,
  })
  for (const [name, known, expected] of [
    ['never looked at', undefined, 'new'],
    ['speaking', health({ lastItemAt: '2026-07-20T08:00:00Z' }), 'well'],
    ['daily and silent for three days', health({ lastItemAt: '2026-07-17T08:00:00Z' }), 'silent'],
    [
      'weekly and silent for five days',
      health({
        lastItemAt: '2026-07-15T08:00:00Z',
        articlesByDay: days(0).map((one, at) => ({ ...one, articles: at % 7 === 0 ? 1 : 0 })),
      }),
      'well',
    ],
    ['failing three times', health({ failures: 3, lastItemAt: '2026-07-20T08:00:00Z' }), 'failing'],
  ] as const) {
    test(`a source ${name} is ${expected}`, () => {
      expect(sourceStates([SOURCES[0]!], known ? [known] : [], now)[0]!.condition).toBe(expected)
    })
  }
})

describe('health', () => {
  test('is open and says nothing but names', async () => {
    expect(JSON.parse((await site.anonymous().get('/healthz')).text)).toEqual({ status: 'ok' })
    const ready = await site.anonymous().get('/readyz')
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      {
        status: 'ok',
        checks: [
          { name: 'index', ok: true },
          { name: 'app', ok: true },
        ],
      },
    ])
  })
  test('is not ready when a check fails', async () => {
    const other = await openSite({ health: async () => [{ name: 'log', ok: false }] })
    expect((await other.anonymous().get('/readyz')).status).toBe(503)
    await other.close()
  })
})

describe('people', () => {
  test('are added with a password shown once, and can sign in', async () => {
    const made = await site.as('admin').post('/users', { name: 'Nova', role: 'monitor' })
    const password = /<code class="token">([\w-]{16})<\/code>/u.exec(made.text)![1]!
    expect((await site.anonymous().post('/sign-in', { name: 'nova', password })).status).toBe(303)
    expect((await site.as('admin').post('/users', { name: 'NOVA', role: 'monitor' })).status).toBe(422)
    expect((await site.as('admin').post('/users', { name: '<b>', role: 'monitor' })).status).toBe(422)
  })
  test('the trail shows what was done', async () => {
    expect(readable((await site.as('lead').get('/audit')).text)).toMatch(/rows fit together.*user\.add/u)
  })
})

describe('a period', () => {
  const today = '2026-07-20'
  const ask = (change: object) =>
    periodOf({ by: 'category', language: undefined, days: undefined, ...change }, today)
  test('is thirty days unless asked otherwise, compared with the thirty before', () => {
    expect(ask({})).toMatchObject({
      from: '2026-06-21',
      to: today,
      days: 30,
      preset: 30,
      interval: 'day',
      before: { from: '2026-05-22', to: '2026-06-20' },
    })
  })
  test('of half a year is drawn by week, of two years by month', () => {
    expect(ask({ days: 180 }).interval).toBe('week')
    expect(ask({ days: 730 }).interval).toBe('month')
  })
  test('has intervals that are cut at its ends', () => {
    const weeks = ask({ from: '2026-03-04', to: '2026-07-01' })
    expect(intervalSpan('2026-03-02', weeks)).toEqual({ from: '2026-03-04', to: '2026-03-08' })
    expect(intervalSpan('2026-06-29', weeks)).toEqual({ from: '2026-06-29', to: '2026-07-01' })
  })
  test('marks the days of the calendar that fall into it, over the turn of the year too', () => {
    const calendar = ['01-09', '07-11', '12-31'].map(date => ({
      date,
      name: date,
      countries: [],
      before: 0,
      after: 0,
    }))
    const period = ask({ from: '2025-12-20', to: '2026-01-15' })
    expect(
      markedDays(calendar, period, ['2025-12-20', '2026-01-01']).map(({ day, at }) => [day, at]),
    ).toEqual([
      ['2025-12-31', 0],
      ['2026-01-09', 1],
    ])
  })
})

describe('numbers', () => {
  test('a rate without articles is a dash, never zero', () =>
    expect([rate(0, 0), rate(0, 10), rate(3, 1200)]).toEqual(['–', '0.00', '2.50']))
  test('a few articles give a wide interval, many a narrow one', () => {
    const [few, many] = [interval(1, 20)!, interval(100, 2000)!]
    expect(few[1] - few[0]).toBeGreaterThan(5 * (many[1] - many[0]))
    // Exact Poisson limits: 0.025 to 5.57 for one, 81.4 to 121.6 for a hundred.
    expect(few[0]).toBeLessThan(2)
    expect(few[1]).toBeCloseTo(278.6, -1)
    expect(many[0]).toBeCloseTo(40.7, 0)
    expect(many[1]).toBeCloseTo(60.8, 0)
    expect(interval(0, 0)).toBeUndefined()
  })
})

describe('a chart', () => {
  const chart: TimeChart = {
    kind: 'bars',
    labels: ['1 Jul', '2 Jul'],
    series: [
      {
        name: '<b>&"',
        color: 'var(--k-D)',
        hatched: true,
        values: [1, 2],
        links: ['/search?a=1&b=2', '/search'],
      },
    ],
    marks: [{ at: 1, name: '1' }],
    height: 200,
    unit: 'flags',
  }
  test('has no inline style, no script, and a link at every bar', () => {
    const svg = svgOf(chart)
    expect(svg).not.toMatch(/style=|<style|<script|ecmeta/u)
    expect(svg).toContain('<a href="/search?a=1&amp;b=2" tabindex="-1">')
    expect(svg).toContain('<title>1 Jul, &lt;b&gt;&amp;&quot;: 1 flags</title>')
  })
  test('leaves a gap where there is nothing to show', () => {
    const line = svgOf({ ...chart, kind: 'line', series: [{ ...chart.series[0]!, values: [1, null] }] })
    expect(line.match(/<title>/gu)).toHaveLength(1)
  })
  test('has ids of its own, so that two charts on a page keep their patterns', () => {
    const ids = (svg: string): string[] => [...svg.matchAll(/ id="([^"]+)"/gu)].map(match => match[1]!)
    const other = svgOf({ ...chart, height: 201 })
    expect(ids(svgOf(chart)).length).toBeGreaterThan(0)
    expect(ids(svgOf(chart)).filter(id => ids(other).includes(id))).toEqual([])
  })
})
