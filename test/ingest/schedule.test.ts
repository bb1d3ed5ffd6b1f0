/** When sources are looked at: on time, apart from one another, later after failures, never all at once, one per host. */
import { parse } from 'node-cron'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { nextDue, nextMatch, spreadAfterSleep } from '../../ingest/due.ts'
import { createScheduler, ingestOnce, runScheduler } from '../../ingest/schedule.ts'
import { testSource } from '../../ingest/test-source.ts'
import { FEED, HOME, bench, feedOf, inventedOutlet, pageOf, source, story } from './invented-outlet.ts'
import type { Bench, InventedPage } from './invented-outlet.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('a cron expression', () => {
  const after: Readonly<Record<string, [string, string]>> = {
    '*/15 * * * *': ['2026-07-11T08:00:00Z', '2026-07-11T08:15:00.000Z'],
    '7 * * * *': ['2026-07-11T08:07:00Z', '2026-07-11T09:07:00.000Z'],
    '30 5 * * *': ['2026-07-11T08:00:00Z', '2026-07-12T05:30:00.000Z'],
    '0 6-18/2 * * 1-5': ['2026-07-10T18:30:00Z', '2026-07-13T06:00:00.000Z'],
    '0 0 * * 7': ['2026-07-11T08:00:00Z', '2026-07-12T00:00:00.000Z'],
    '0 0 29 2 *': ['2026-07-11T08:00:00Z', '2028-02-29T00:00:00.000Z'],
  }
  for (const [expression, [now, next]] of Object.entries(after)) {
    test(`${expression} after ${now} is ${next}`, () =>
      expect(nextMatch(parse(expression), new Date(now))?.toISOString()).toBe(next))
  }
})

describe('the next look', () => {
  const fields = parse('*/15 * * * *')
  const now = new Date('2026-07-11T08:00:00Z')
  const wait = (failures: number, waitMs?: number, id = 'javor'): number =>
    nextDue(fields, id, now, { failures, ...(waitMs !== undefined && { waitMs }) }).getTime() - now.getTime()

  test("is at the source's own place in the interval, always the same", () => {
    const first = nextDue(fields, 'javor', now, { failures: 0 })
    const second = nextDue(fields, 'javor', first, { failures: 0 })
    expect(second.getTime() - first.getTime()).toBe(15 * MINUTE)
  })
  test('of 150 sources is spread over the interval', () => {
    const perMinute = Map.groupBy(
      Array.from({ length: 150 }, (_, n) => wait(0, undefined, `source-${String(n)}`)),
      ms => Math.floor(ms / MINUTE),
    )
    expect(perMinute.size).toBeGreaterThanOrEqual(14)
    expect(Math.max(...[...perMinute.values()].map(group => group.length))).toBeLessThan(30)
  })
  test('comes later with each failure, in even steps, and at the latest after a day', () => {
    expect([1, 2, 4, 40].map(failures => Math.round(wait(failures) / (15 * MINUTE)))).toEqual([1, 2, 4, 40])
    expect(wait(10_000)).toBe(24 * HOUR)
  })
  test('is not before the time the site asked for, and at the latest after a day', () => {
    expect(wait(0, 2 * HOUR)).toBeGreaterThanOrEqual(2 * HOUR)
    expect(wait(0, 3_650 * 24 * HOUR)).toBe(24 * HOUR)
  })
  test('of a source that is long overdue is spread over ten minutes', () => {
    expect(spreadAfterSleep('javor', '2026-07-11T07:50:00Z', now)).toBeUndefined()
    const spread = Array.from(
      { length: 50 },
      (_, n) =>
        spreadAfterSleep(`source-${String(n)}`, '2026-07-11T02:00:00Z', now)!.getTime() - now.getTime(),
    )
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...spread)).toBeLessThan(10 * MINUTE)
    expect(new Set(spread.map(ms => Math.floor(ms / MINUTE))).size).toBeGreaterThan(7)
  })
})

let open: Bench | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})
function start(pages: Readonly<Record<string, InventedPage | string>>): Bench {
  return (open = bench(inventedOutlet(pages)))
}

const outlets = (count: number, host: (n: number) => string) =>
  Array.from({ length: count }, (_, n) =>
    source({
      id: `s${String(n)}`,
      homepage: `https://${host(n)}`,
      feeds: [`https://${host(n)}/rss${String(n)}`],
    }),
  )

describe('the scheduler', () => {
  const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 5))

  test('looks at what is due, remembers when it is due again, and not before', async () => {
    const at = start({
      [FEED]: feedOf({ slug: 'a', title: 'Jedan' }),
      [`${HOME}/a`]: pageOf('Jedan', story('a')),
    })
    const scheduler = createScheduler({
      ...at,
      sources: [source(), source({ id: 'off', enabled: false })],
      signal: new AbortController().signal,
    })
    scheduler.tick()
    await scheduler.idle()
    const state = at.store.sourceState('javor')
    expect(state).toMatchObject({ failures: 0, lastOutcome: 'fresh' })
    expect((await at.published()).observations).toMatchObject([{ nextDueAt: state.nextDueAt }])
    expect(at.store.sourceState('off').nextDueAt).toBeUndefined()
    const asked = at.outlet.asked.length
    scheduler.tick()
    await scheduler.idle()
    expect(at.outlet.asked).toHaveLength(asked)
    await at.clock.advance(Date.parse(state.nextDueAt!) - at.clock.now().getTime())
    scheduler.tick()
    await scheduler.idle()
    expect(at.outlet.asked.length).toBeGreaterThan(asked)
  })

  test('waits longer after each failure and forgets them after a success', async () => {
    const at = start({})
    const scheduler = createScheduler({ ...at, sources: [source()], signal: new AbortController().signal })
    const waits: number[] = []
    for (let n = 0; n < 3; n++) {
      scheduler.tick()
      await scheduler.idle()
      const due = Date.parse(at.store.sourceState('javor').nextDueAt!)
      waits.push(due - at.clock.now().getTime())
      await at.clock.advance(due - at.clock.now().getTime())
    }
    expect(waits[1]! - waits[0]!).toBeGreaterThan(10 * MINUTE)
    expect(at.store.sourceState('javor').failures).toBe(3)
    at.outlet.pages.set(FEED, { body: feedOf() })
    scheduler.tick()
    await scheduler.idle()
    expect(at.store.sourceState('javor').failures).toBe(0)
  })

  test('asks one host one thing at a time, others meanwhile, and never more than there is room for', async () => {
    const at = start({})
    const busy = new Map<string, number>()
    let most = 0
    at.outlet.before = async request => {
      const { host } = new URL(request.url)
      busy.set(host, (busy.get(host) ?? 0) + 1)
      expect(busy.get(host)).toBe(1)
      most = Math.max(
        most,
        [...busy.values()].reduce((sum, n) => sum + n, 0),
      )
      await turn()
      busy.set(host, 0)
    }
    const sources = [
      ...outlets(20, () => 'one.example'),
      ...outlets(20, n => `h${String(n)}.example`).map((one, n) => ({ ...one, id: `t${String(n)}` })),
    ]
    const scheduler = createScheduler({
      ...at,
      sources,
      settings: { concurrency: 5 },
      signal: new AbortController().signal,
    })
    scheduler.tick()
    await scheduler.idle()
    expect(at.outlet.asked).toHaveLength(40)
    expect(most).toBe(5)
  })

  test('ends what is in hand when stopped, begins nothing, and forgets nothing', async () => {
    const at = start({ [FEED]: feedOf({ slug: 'a', title: 'Jedan' }, { slug: 'b', title: 'Dva' }) })
    const stop = new AbortController()
    at.outlet.before = request => {
      if (request.url.endsWith('/a')) stop.abort()
    }
    await runScheduler({
      ...at,
      sources: [source(), ...outlets(3, n => `h${String(n)}.example`)],
      settings: { concurrency: 1 },
      signal: stop.signal,
    })
    expect(at.outlet.asked.map(request => request.url)).toEqual([FEED, `${HOME}/a`])
    expect((await at.published()).observations).toMatchObject([{ seen: 1 }])
    expect(at.store.sourceState('javor')).toMatchObject({
      failures: 0,
      nextDueAt: at.clock.now().toISOString(),
    })
  })

  for (const [name, cut] of [
    ['the feed', FEED],
    ['a page', `${HOME}/b`],
  ] as const)
    test(`a stop that cuts the request of ${name} short is no failure of the source`, async () => {
      const at = start({ [FEED]: feedOf({ slug: 'a', title: 'Jedan' }, { slug: 'b', title: 'Dva' }) })
      const stop = new AbortController()
      at.outlet.before = request => {
        if (request.url !== cut) return
        stop.abort()
        // As the fetcher does it.
        throw new Error('stopped')
      }
      const options = { ...at, sources: [source()], signal: stop.signal }
      const [summary] = await ingestOnce(options)
      expect(summary).toMatchObject({ seen: name === 'a page' ? 1 : 0 })
      if (name === 'the feed') expect(summary?.reason).toBe('we were stopped before it answered')
      expect(at.store.sourceState('javor')).toMatchObject({ failures: 0 })
      expect(at.store.openPolls()).toEqual([])
      at.outlet.before = () => undefined
      const [again] = await ingestOnce({ ...options, signal: new AbortController().signal })
      expect(again?.fates.published).toBe(name === 'a page' ? 1 : 2)
    })

  test('says which source has a schedule that names no time', async () => {
    const impossible = runScheduler({
      ...start({}),
      sources: [source({ schedule: '0 0 31 2 *' })],
      signal: new AbortController().signal,
    })
    await expect(impossible).rejects.toThrow(/source javor: .*0 0 31 2/u)
  })

  test('tries again at the next tick, and not before, when the disk is full', async () => {
    const at = start({ [FEED]: feedOf() })
    let full = true
    const store = {
      ...at.store,
      saveSourceState: (...args: Parameters<typeof at.store.saveSourceState>) => {
        if (full) throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
        at.store.saveSourceState(...args)
      },
    }
    const scheduler = createScheduler({
      ...at,
      store,
      sources: [source()],
      signal: new AbortController().signal,
    })
    scheduler.tick()
    await scheduler.idle()
    expect(at.outlet.asked).toHaveLength(0)
    expect(at.logger.lines.filter(line => line.level === 'warn')).toHaveLength(1)
    full = false
    scheduler.tick()
    await scheduler.idle()
    expect(at.store.sourceState('javor')).toMatchObject({ lastOutcome: 'fresh' })
  })

  test('stops with the fault when the fault is ours', async () => {
    const at = start({})
    at.outlet.before = () => {
      throw new TypeError('a bug')
    }
    await expect(
      runScheduler({ ...at, sources: [source()], signal: new AbortController().signal }),
    ).rejects.toThrow('a bug')
  })

  test('after hours of sleep looks at each source once, spread', async () => {
    const at = start({})
    const sources = outlets(30, n => `h${String(n)}.example`)
    const scheduler = createScheduler({
      ...at,
      sources,
      settings: { concurrency: 50 },
      signal: new AbortController().signal,
    })
    for (const one of sources)
      at.store.saveSourceState(one.id, { failures: 0, nextDueAt: '2026-07-11T03:00:00.000Z' })
    scheduler.tick()
    await scheduler.idle()
    expect(at.outlet.asked.length).toBeLessThan(5)
    for (let minute = 0; minute < 11; minute++) {
      await at.clock.advance(MINUTE)
      scheduler.tick()
      await scheduler.idle()
    }
    expect(new Set(at.outlet.asked.map(request => request.sourceId)).size).toBe(30)
    expect(at.outlet.asked).toHaveLength(30)
  })
})

test('one look at every source, all of it in the log', async () => {
  const at = start({
    [FEED]: feedOf({ slug: 'a', title: 'Jedan' }),
    [`${HOME}/a`]: pageOf('Jedan', story('a')),
  })
  const told: string[] = []
  const summaries = await ingestOnce({
    ...at,
    sources: [source(), ...outlets(2, n => `h${String(n)}.example`)],
    signal: new AbortController().signal,
    onPolled: one => void told.push(one.sourceId),
  })
  expect(summaries.map(one => one.outcome).sort()).toEqual(['failed', 'failed', 'fresh'])
  expect(told.sort()).toEqual(['javor', 's0', 's1'])
  expect(at.store.outbox.pending()).toBe(0)
})

test('one look through the real parsing processes', async () => {
  const at = start({
    [FEED]: feedOf({ slug: 'a', title: 'Jedan' }),
    [`${HOME}/a`]: pageOf('Jedan', story('a')),
  })
  const { fetcher, evidence, store, log, logger } = at
  const [summary] = await ingestOnce({
    fetcher,
    evidence,
    store,
    log,
    logger,
    clock: systemClock,
    sources: [source()],
    signal: new AbortController().signal,
  })
  expect(summary).toMatchObject({ outcome: 'fresh', fates: { published: 1 } })
})

describe('trying a source', () => {
  test('that is sound says what it gives', async () => {
    const at = start({
      [FEED]: {
        body: feedOf({ slug: 'a', title: 'Jedan' }, { slug: 'b', title: 'Dva', date: 'nekad' }),
        contentType: 'application/rss+xml',
      },
    })
    expect(await testSource(source(), at)).toEqual({
      sourceId: 'javor',
      passed: true,
      targets: [
        {
          kind: 'feed',
          url: FEED,
          passed: true,
          outcome: 'fresh',
          status: 200,
          contentType: 'application/rss+xml',
          items: 2,
          withTitle: 1,
          withLink: 1,
          withDate: 0.5,
          oldest: '2026-07-11T07:00:00.000Z',
          newest: '2026-07-11T07:00:00.000Z',
          warnings: [],
        },
      ],
      advertised: [],
    })
    expect((await at.published()).articles).toEqual([])
  })
  test('that is not says why, and what its homepage advertises', async () => {
    const at = start({
      [FEED]: '<html><body>404</body></html>',
      [HOME]:
        '<link rel="alternate" type="application/rss+xml" href="/novi/rss"><link rel="alternate" hreflang="en" href="/en">',
    })
    expect(await testSource(source(), at)).toMatchObject({
      passed: false,
      targets: [{ reason: expect.stringContaining('web page') }],
      advertised: [`${HOME}/novi/rss`],
    })
  })
  test('that forbids us says so', async () => {
    const at = start({ [FEED]: { instead: { outcome: 'refused', reason: 'robots.txt disallows it' } } })
    expect(await testSource(source(), at)).toMatchObject({
      passed: false,
      targets: [{ outcome: 'refused', reason: 'robots.txt disallows it' }],
    })
  })
})
