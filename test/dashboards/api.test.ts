import { Hono } from 'hono'
import { beforeEach, describe, expect, test } from 'vitest'
import { createApi } from '../../dashboards/api.ts'
import { BadCursor } from '../../core/errors.ts'
import type { FlagDocument } from '../../core/document.ts'
import type { IndexReader, PageRequest, Search } from '../../core/ports.ts'
import { testClock } from '../fakes.ts'

const flag = {
  id: 'f1',
  category: 'denial',
  subtype: 'outright',
  severity: 3,
  confidence: 0.9,
  alert: true,
  targets: ['bosniak'],
  event: 'srebrenica-1995',
  voice: 'quoted',
  stance: 'relays',
  speaker: 'Ime Prezime',
  field: 'text',
  start: 3,
  end: 9,
  quote: '=izmišljeno'.padEnd(400, 'x'),
  sentence: 'cijela rečenica',
  rule: 'r1',
  why: 'because',
  indicators: ['2.6'],
  article: {
    id: 'a1',
    sourceId: 'glas',
    outlet: { name: 'Glas', country: 'BA' },
    url: 'https://glas.example/1',
    at: '2026-07-11T10:00:00.000Z',
    day: '2026-07-11',
    title: 'Naslov',
    author: 'Autorica Članka',
    firstSeenAt: '2026-07-11T10:00:00.000Z',
    fetchedAt: '2026-07-11T10:00:00.000Z',
    revision: 0,
    textHash: 'h',
    evidence: { rawHash: 'r', bytes: 10 },
  },
  language: 'bs',
  script: 'Latn',
  madeBy: { pipeline: 'p', lexicon: 'l' },
  madeAt: '2026-07-11T10:00:00.000Z',
  retired: false,
  standing: { status: 'pending', waitingForSecond: false, disagreement: false },
} satisfies FlagDocument

let asked: { search: Search; page?: PageRequest; options?: object }[]

const reader = {
  async searchFlags(search: Search, page: PageRequest) {
    asked.push({ search, page })
    if (page.cursor === 'foreign') throw new BadCursor('expected a cursor of this server')
    return page.cursor ? { items: [] } : { items: [flag], nextCursor: 'c2' }
  },
  async timeline(search: Search, options: object) {
    asked.push({ search, options })
    return [
      {
        key: 'denial',
        points: [
          { start: '2026-07-01', flags: 3, articles: 1_200 },
          { start: '2026-07-02', flags: 0, articles: 0 },
        ],
      },
    ]
  },
} as unknown as IndexReader

const api = createApi({
  reader,
  clock: testClock('2026-07-20T10:00:00Z'),
  publicUrl: 'https://opomena.example',
  tokenOwner: token => (token === 'good' ? 'u1' : undefined),
})

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(api.request(path, { headers: { authorization: 'Bearer good', ...headers } }))

beforeEach(() => {
  asked = []
})

describe('the door', () => {
  for (const authorization of ['', 'Bearer', 'Bearer bad', 'Basic good', 'bearer good']) {
    test(`stays shut for ${JSON.stringify(authorization)}`, async () => {
      const answer = await api.request('/flags', { headers: authorization ? { authorization } : {} })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(asked).toEqual([])
    })
  }

  test('no answer may be stored on the way', async () => {
    expect((await get('/flags')).headers.get('cache-control')).toBe('no-store')
  })
})

describe('GET /v1/timeseries', () => {
  test('gives flags, articles and rate, and no rate where nothing was read', async () => {
    const body = (await (await get('/timeseries?by=category&from=2026-07-01&to=2026-07-02')).json()) as object
    expect(body).toEqual({
      interval: 'day',
      time_zone: 'Europe/Sarajevo',
      from: '2026-07-01',
      to: '2026-07-02',
      by: 'category',
      series: [
        {
          key: 'denial',
          points: [
            { start: '2026-07-01', flags: 3, articles: 1200, rate_per_1000: 2.5 },
            { start: '2026-07-02', flags: 0, articles: 0, rate_per_1000: null },
          ],
        },
      ],
    })
  })

  test('speaks of the last ninety days unless told', async () => {
    await get('/timeseries')
    expect(asked[0]?.search).toMatchObject({ from: '2026-04-22', to: '2026-07-20' })
  })

  test('is a table in CSV', async () => {
    const text = await (await get('/timeseries?by=category&format=csv')).text()
    expect(text.split('\r\n')[0]).toBe('"category","start","flags","articles","rate_per_1000"')
    expect(text.split('\r\n')[1]).toBe('"denial","2026-07-01",3,1200,2.5')
  })

  const wrong = [
    'interval=hour',
    'by=speaker',
    'from=yesterday',
    'from=2026-08-01&to=2026-07-01',
    'from=1900-01-01',
    'q=category:nothing',
    'q=(',
    'colour=red',
  ]
  for (const query of wrong) {
    test(`says what is wrong with ${query}`, async () => {
      const answer = await get(`/timeseries?${query}`)
      expect(answer.status).toBe(400)
      const { title, detail } = (await answer.json()) as { title: string; detail: string }
      expect(title.length).toBeGreaterThan(5)
      expect(detail.length).toBeGreaterThan(5)
      expect(asked).toEqual([])
    })
  }
})

describe('GET /v1/flags', () => {
  test('pages by cursor, in the body and in the Link header', async () => {
    const first = await get('/flags?limit=1&q=category:denial')
    const { items, next_cursor } = (await first.json()) as { items: object[]; next_cursor: string }
    expect(items).toHaveLength(1)
    expect(next_cursor).toBe('c2')
    expect(first.headers.get('link')).toBe(
      '<https://opomena.example/v1/flags?limit=1&q=category%3Adenial&cursor=c2>; rel="next"',
    )
    const last = await get('/flags?cursor=c2')
    expect(await last.json()).toEqual({ items: [], next_cursor: null })
    expect(last.headers.get('link')).toBeNull()
  })

  test('never exports a name of a person, a full quote or a sentence', async () => {
    for (const format of ['json', 'csv']) {
      const text = await (await get(`/flags?format=${format}`)).text()
      expect(text).not.toContain('Ime Prezime')
      expect(text).not.toContain('Autorica')
      expect(text).not.toContain('cijela')
      expect(text).not.toContain('x'.repeat(300))
    }
  })

  test('CSV by format or by Accept, as a download that no spreadsheet runs', async () => {
    const answer = await get('/flags', { accept: 'text/csv' })
    expect(answer.headers.get('content-disposition')).toContain('attachment')
    expect(await answer.text()).toContain(`"'=izmi`)
  })

  for (const query of ['limit=0', 'limit=501', 'limit=ten', 'order=random', 'cursor=foreign']) {
    test(`says what is wrong with ${query}`, async () =>
      expect((await get(`/flags?${query}`)).status).toBe(400))
  }
})

test('other addresses do not exist, and the answer is for programs, mounted too', async () => {
  const headers = { authorization: 'Bearer good' }
  const mounted = await new Hono().route('/v1', api).request('/v1/everything', { headers })
  for (const answer of [await get('/everything'), mounted]) {
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  }
})
