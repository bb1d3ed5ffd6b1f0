import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Decision } from '../../core/decision.ts'
import type { FlagDocument } from '../../core/document.ts'
import { openSite, readable } from './site.ts'
import type { Site } from './site.ts'
import { invent } from './world.ts'

let site: Site
let flag: FlagDocument
beforeEach(async () => {
  site = await openSite({
    entries: invent({ now: new Date('2026-07-20T10:00:00Z'), days: 3, articlesADay: 10, flaggedIn: 1 }),
  })
  flag = await site.flag(one => one.severity < 4)
})
afterEach(() => site.close())

const decided = async (id = flag.id): Promise<FlagDocument> => (await site.reader.flag(id))!

describe('a verdict', () => {
  test('is stored, told to the others, and seen by its reviewer at once', async () => {
    const monitor = site.as('monitor')
    const answer = await monitor.post('/verdicts', {
      flag: flag.id,
      decision: 'reported-speech',
      note: 'The article condemns it.',
      back: `/items/${flag.article.id}`,
    })
    expect(answer.status).toBe(303)
    expect(answer.location).toMatch(new RegExp(`^/items/${flag.article.id}\\?done=[0-9a-f]{20}$`, 'u'))
    // The index has heard nothing yet.
    expect((await decided()).standing.status).toBe('pending')
    expect(readable((await monitor.get(answer.location!)).text)).toMatch(/Recorded: Reported speech .* Undo/u)
    const shown = await monitor.get(`/search?q=${encodeURIComponent(`id:${flag.id}`)}`)
    expect(shown.text).toContain('Reported speech')

    const [message] = await site.relay()
    expect(message).toMatchObject({ topic: { name: 'decisions' }, key: flag.article.id })
    expect(JSON.parse(message!.json)).toMatchObject({
      kind: 'verdict',
      flagId: flag.id,
      decision: 'reported-speech',
      note: 'The article condemns it.',
      by: site.userId('monitor'),
    })
    expect((await decided()).standing.status).toBe('reported-speech')
  })

  test('carries what the reviewer corrected', async () => {
    await site.as('monitor').post('/verdicts', {
      flag: flag.id,
      decision: 'confirmed',
      label: 'slur/ethnic',
      severity: '2',
      voice: 'author',
      stance: 'endorses',
      event: 'srebrenica-1995',
      askSecond: 'on',
    })
    await site.relay()
    expect((await decided()).standing).toMatchObject({
      status: 'confirmed',
      waitingForSecond: true,
      verdict: {
        askSecond: true,
        corrected: {
          category: 'slur',
          subtype: 'ethnic',
          severity: 2,
          voice: 'author',
          stance: 'endorses',
          event: 'srebrenica-1995',
        },
      },
    })
  })

  for (const [name, fields] of [
    ['a decision that there is none', { decision: 'maybe' }],
    ['a severity of 9', { decision: 'confirmed', severity: '9' }],
    ['no decision', {}],
    ['a note of 5,000 characters', { decision: 'confirmed', note: 'x'.repeat(5_000) }],
  ] as const) {
    test(`with ${name} is refused, and nothing is stored`, async () => {
      expect((await site.as('monitor').post('/verdicts', { flag: flag.id, ...fields })).status).toBe(422)
      expect(site.store.outbox.pending()).toBe(0)
    })
  }

  test('about a passage or an event that is not there is refused', async () => {
    const monitor = site.as('monitor')
    expect((await monitor.post('/verdicts', { flag: 'nothing', decision: 'confirmed' })).status).toBe(404)
    expect(
      (await monitor.post('/verdicts', { flag: flag.id, decision: 'confirmed', event: 'nowhere' })).status,
    ).toBe(404)
    expect(site.store.outbox.pending()).toBe(0)
  })

  test('sent twice is one verdict; another one replaces it', async () => {
    const monitor = site.as('monitor')
    await monitor.post('/verdicts', { flag: flag.id, decision: 'confirmed' })
    await monitor.post('/verdicts', { flag: flag.id, decision: 'confirmed' })
    expect(site.store.outbox.pending()).toBe(1)
    await monitor.post('/verdicts', { flag: flag.id, decision: 'not-hate' })
    const made = (await site.relay()).map(({ json }) => JSON.parse(json) as Decision)
    expect(made).toHaveLength(2)
    expect(made[1]).toMatchObject({ decision: 'not-hate', previous: made[0]!.id })
    expect((await decided()).standing).toMatchObject({ status: 'not-hate', disagreement: false })
  })

  test('is made for the copies too, if wanted', async () => {
    const { items } = await site.reader.searchFlags({ query: { kind: 'all' } }, { limit: 100 })
    const [first, ...others] = [...Map.groupBy(items, one => one.quote).values()].find(
      group => group.length > 2,
    )!
    const copies = others.map(({ id }) => id)
    await site.as('monitor').post('/verdicts', { flag: first!.id, copy: copies, decision: 'not-hate' })
    expect(site.store.outbox.pending()).toBe(1)
    await site
      .as('monitor')
      .post('/verdicts', { flag: first!.id, copy: copies, copies: 'on', decision: 'unclear' })
    await site.relay()
    for (const id of [first!.id, ...copies]) expect((await decided(id)).standing.status).toBe('unclear')
  })

  test('in the queue exchanges only the card, where scripts run', async () => {
    const answer = await site
      .as('monitor')
      .post(
        '/verdicts',
        { flag: flag.id, decision: 'confirmed' },
        { 'Sec-Fetch-Site': 'same-origin', 'HX-Request': 'true' },
      )
    expect(answer.status).toBe(200)
    expect(answer.text).not.toContain('<html')
    expect(answer.text).toContain(`id="done-${flag.id}"`)
    expect(readable(answer.text)).toContain('Undo')
  })
})

describe('undo', () => {
  test('is a decision of its own: nothing is removed, and the passage is pending again', async () => {
    const monitor = site.as('monitor')
    const { location } = await monitor.post('/verdicts', { flag: flag.id, decision: 'confirmed' })
    const done = new URL(location!, 'http://x').searchParams.get('done')!
    expect((await monitor.post(`/decisions/${done}/undo`, { back: '/review' })).status).toBe(303)
    await monitor.post(`/decisions/${done}/undo`, { back: '/review' })
    const made = (await site.relay()).map(({ json }) => JSON.parse(json) as Decision)
    expect(made.map(({ kind }) => kind)).toEqual(['verdict', 'undo'])
    expect((await decided()).standing.status).toBe('pending')
    expect(site.store.decisions.latest(site.userId('monitor'), 10)).toMatchObject([{ undone: true }])
    await monitor.post('/verdicts', { flag: flag.id, decision: 'confirmed' })
    await site.relay()
    expect((await decided()).standing.status).toBe('confirmed')
  })

  test('of what a colleague decided is for leads', async () => {
    const { location } = await site.as('monitor').post('/verdicts', { flag: flag.id, decision: 'confirmed' })
    const done = new URL(location!, 'http://x').searchParams.get('done')!
    expect((await site.as('colleague').post(`/decisions/${done}/undo`)).status).toBe(403)
    expect(site.store.outbox.pending()).toBe(1)
    expect((await site.as('lead').post(`/decisions/${done}/undo`)).status).toBe(303)
  })
})

describe('the trail', () => {
  test('holds each decision, and the chain fits', async () => {
    await site.as('monitor').post('/verdicts', { flag: flag.id, decision: 'confirmed' })
    await site.as('colleague').post(`/flags/${flag.id}/rule-note`, { note: 'Too broad.' })
    expect(site.store.audit.list(2).map(({ action, by }) => [action, by])).toEqual([
      ['decision.rule-note', site.userId('colleague')],
      ['decision.verdict', site.userId('monitor')],
    ])
    expect(site.store.audit.verify()).toEqual({ rows: site.store.audit.list(1)[0]!.n })
  })

  for (const [what, sql] of [
    ['changed', `UPDATE audit SET detail = '{"decision":"not-hate"}' WHERE n = 3`],
    ['taken out', 'DELETE FROM audit WHERE n = 3'],
    ['moved in time', `UPDATE audit SET at = '2020-01-01T00:00:00.000Z' WHERE n = 3`],
  ] as const) {
    test(`shows a row that was ${what} from outside`, () => {
      outside(sql)
      expect(site.store.audit.verify()).toEqual({ brokenAt: 3 })
    })
  }

  for (const table of ['decisions', 'audit', 'outbox']) {
    test(`a verdict is all or nothing: when ${table} fails, neither decision, trail nor message is there`, async () => {
      const rows = site.store.audit.list(1)[0]!.n
      outside(
        `CREATE TRIGGER broken BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END`,
      )
      expect(
        (await site.as('monitor').post('/verdicts', { flag: flag.id, decision: 'confirmed' })).status,
      ).toBe(500)
      outside('DROP TRIGGER broken')
      expect(site.store.decisions.ofArticle(flag.article.id)).toEqual([])
      expect(site.store.audit.list(1)[0]!.n).toBe(rows)
      expect(site.store.outbox.pending()).toBe(0)
      expect(site.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    })
  }
})

describe('deleting', () => {
  test('needs an administrator and a reason, and hides the article at once', async () => {
    const path = `/items/${flag.article.id}`
    expect((await site.as('lead').post(`${path}/delete`, { reason: 'A family asked for it.' })).status).toBe(
      403,
    )
    expect((await site.as('admin').post(`${path}/delete`, { reason: 'no' })).status).toBe(422)
    expect((await site.as('admin').post(`${path}/delete`, { reason: 'A family asked for it.' })).status).toBe(
      303,
    )
    const { text } = await site.as('viewer').get(path)
    expect(text).toContain('A family asked for it.')
    expect(text).not.toContain(flag.quote)
    const [message] = await site.relay()
    expect(JSON.parse(message!.json)).toMatchObject({ kind: 'delete', articleId: flag.article.id })
  })
})

function outside(sql: string): void {
  const db = new DatabaseSync(site.appPath)
  db.exec(sql)
  db.close()
}
