import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unsubscribeToken } from '../../core/unsubscribe.ts'
import { renderAtom } from '../../alerts/atom.ts'
import { openSite, readable } from './site.ts'
import type { Fields, Site } from './site.ts'
import { invent } from './world.ts'
import type { Subscription } from '../../core/subscription.ts'

const FORM: Fields = {
  name: 'Denial',
  q: 'category:denial',
  channel: 'email',
  address: 'desk@example.org',
  at: '07:30',
  timeZone: 'Europe/Sarajevo',
  threshold: 'confirmed',
  minSeverity: '1',
  excerpt: 'none',
}

let site: Site
beforeAll(async () => {
  site = await openSite({
    entries: invent({ now: new Date('2026-07-20T10:00:00Z'), days: 5, articlesADay: 20, flaggedIn: 1 }),
    renderAtom,
  })
})
afterAll(() => site.close())

const mine = (name = 'viewer'): Subscription => site.store.subscriptions.list(site.userId(name)).at(-1)!
async function subscribe(fields: Fields = {}): Promise<string> {
  const answer = await site.as('viewer').post('/subscriptions', { ...FORM, ...fields })
  expect(answer.status).toBe(201)
  return /\/feeds\/([\w-]{43})\.atom/u.exec(answer.text)![1]!
}
const entriesOf = (atom: string): string[] =>
  [...atom.matchAll(/urn:opomena:flag:([0-9a-f]+)/gu)].map(match => match[1]!)

describe('an alert', () => {
  test('is saved, told to the stage of the alerts, and shows the address of its feed once', async () => {
    const token = await subscribe()
    const [message] = (await site.relay()).filter(({ topic }) => topic.name === 'subscriptions')
    expect(JSON.parse(message!.json)).toMatchObject({
      name: 'Denial',
      query: 'category:denial',
      channel: 'email',
      address: 'desk@example.org',
      status: 'active',
      owner: site.userId('viewer'),
    })
    expect(message!.json).not.toContain(token)
    const { text } = await site.as('viewer').get('/subscriptions')
    expect(text).not.toContain(token)
    expect(readable(text)).toMatch(/In the last 7 days it would have told 0 passages/u)
  })

  for (const [name, fields] of [
    ['a query that cannot be read', { q: 'category:nonsense' }],
    ['no address for letters', { address: '' }],
    ['two addresses', { address: 'a@b.example, c@d.example' }],
    ['an address with a line break', { address: 'a@b.example\r\nBcc: c@d.example' }],
    ['a time zone that there is none', { timeZone: 'Europe/Atlantis' }],
    ['a time of day that there is none', { at: '25:00' }],
    ['no name', { name: ' ' }],
  ] as const) {
    test(`with ${name} is refused, and nothing is stored`, async () => {
      const before = site.store.audit.list(1)[0]!.n
      expect((await site.as('viewer').post('/subscriptions', { ...FORM, ...fields })).status).toBe(422)
      expect(site.store.audit.list(1)[0]!.n).toBe(before)
    })
  }

  test('is made from a search with its filters', async () => {
    const { text } = await site
      .as('viewer')
      .get('/search?q=prvi+OR+drugi&f=category:denial&f=language:sr&f=language:hr')
    const link = /\/subscriptions\/new\?q=([^"]+)"/u.exec(text)![1]!
    expect(decodeURIComponent(link.replaceAll('+', ' '))).toBe(
      '(prvi OR drugi) category:denial (language:sr OR language:hr)',
    )
    expect((await site.as('viewer').get(`/subscriptions/new?q=${link}`)).status).toBe(200)
  })
})

test('a new alert begins with the time of letters that the operator set', async () => {
  const elsewhere = await openSite({ letterTime: { at: '06:15', timeZone: 'Europe/Skopje' } })
  const { text } = await elsewhere.as('viewer').get('/subscriptions/new')
  expect(text).toMatch(/name="at"[^>]*value="06:15"/u)
  expect(text).toMatch(/name="timeZone"[^>]*value="Europe\/Skopje"/u)
  await elsewhere.close()
})

describe('its feed', () => {
  test('holds each confirmed passage once, however often it is read, and needs no cookie', async () => {
    const token = await subscribe()
    const path = `/feeds/${token}.atom`
    expect(entriesOf((await site.anonymous().get(path)).text)).toEqual([])
    const { items } = await site.reader.searchFlags({ query: { kind: 'all' } }, { limit: 100 })
    const [first, second] = items.filter(({ category }) => category === 'denial')
    const other = items.find(({ category }) => category !== 'denial')!
    for (const [flag, decision] of [
      [first!, 'confirmed'],
      [second!, 'not-hate'],
      [other, 'confirmed'],
    ] as const) {
      await site.as('monitor').post('/verdicts', { flag: flag.id, decision })
    }
    await site.relay()
    const answer = await site.anonymous().get(path)
    expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    expect(entriesOf(answer.text)).toEqual([first!.id])
    expect((await site.anonymous().get(path)).text).toBe(answer.text)
    const etag = answer.headers.get('etag')!
    expect((await site.anonymous().get(path, { 'If-None-Match': etag })).status).toBe(304)
    await site.as('monitor').post('/verdicts', { flag: first!.id, decision: 'not-hate' })
    // Taken back at once, before the index has heard of it.
    const after = await site.anonymous().get(path, { 'If-None-Match': etag })
    expect([after.status, entriesOf(after.text)]).toEqual([200, []])
  })

  test('has also what the machine is very sure of, if wanted', async () => {
    const token = await subscribe({ q: '', threshold: 'alert' })
    await site.relay()
    const { items } = await site.reader.searchFlags({ query: { kind: 'all' } }, { limit: 100 })
    const expected = items
      .filter(
        ({ alert, standing }) => standing.status === 'confirmed' || (alert && standing.status === 'pending'),
      )
      .map(({ id }) => id)
    expect(expected.length).toBeGreaterThan(2)
    expect(entriesOf((await site.anonymous().get(`/feeds/${token}.atom`)).text).sort()).toEqual(
      expected.sort(),
    )
  })

  test('is gone with a new address, with the alert, and with its owner', async () => {
    const token = await subscribe()
    const status = async (one: string): Promise<number> =>
      (await site.anonymous().get(`/feeds/${one}.atom`)).status
    expect(await status(token)).toBe(200)
    const renewed = await site.as('viewer').post(`/subscriptions/${mine().id}/renew`)
    const next = /\/feeds\/([\w-]{43})\.atom/u.exec(renewed.text)![1]!
    expect([await status(token), await status(next)]).toEqual([404, 200])
    await site.as('viewer').post(`/subscriptions/${mine().id}/delete`)
    expect(await status(next)).toBe(404)
    expect(await status('x'.repeat(43))).toBe(404)

    const person = await site.store.addUser({
      name: 'leaver',
      role: 'viewer',
      password: 'correct horse battery',
    })
    const made = await site.as('leaver').post('/subscriptions', FORM)
    const theirs = /\/feeds\/([\w-]{43})\.atom/u.exec(made.text)![1]!
    expect(await status(theirs)).toBe(200)
    site.store.accounts.change(person.id, { disabled: true }, 'system')
    expect(await status(theirs)).toBe(404)
  })

  test('is empty while the alert is paused', async () => {
    const token = await subscribe({ q: '', threshold: 'alert' })
    await site.as('viewer').post(`/subscriptions/${mine().id}/pause`)
    expect(entriesOf((await site.anonymous().get(`/feeds/${token}.atom`)).text)).toEqual([])
    await site.as('viewer').post(`/subscriptions/${mine().id}/resume`)
    expect(entriesOf((await site.anonymous().get(`/feeds/${token}.atom`)).text).length).toBeGreaterThan(0)
  })
})

describe('the link that ends letters', () => {
  const post = (path: string) => site.anonymous().post(path, { 'List-Unsubscribe': 'One-Click' }, {})

  test('ends them by POST without sign-in, and only shows a page by GET', async () => {
    await subscribe()
    const { id, tokenHash } = mine()
    const path = `/u/${unsubscribeToken(id, tokenHash)}`
    expect((await site.anonymous().get(path)).status).toBe(200)
    expect(mine().status).toBe('active')
    const answer = await post(path)
    expect([answer.status, answer.location]).toEqual([200, undefined])
    expect(mine().status).toBe('paused')
    expect((await post(path)).status).toBe(200)
    const told = (await site.relay())
      .filter(({ key }) => key === id)
      .map(({ json }) => (JSON.parse(json) as Subscription).status)
    expect(told).toEqual(['active', 'paused'])
  })

  test('works in old letters after the feed got a new address', async () => {
    await subscribe()
    const old = `/u/${unsubscribeToken(mine().id, mine().tokenHash)}`
    await site.as('viewer').post(`/subscriptions/${mine().id}/renew`)
    expect((await post(old)).status).toBe(200)
    expect(mine().status).toBe('paused')
  })

  test('cannot be made up', async () => {
    await subscribe()
    const { id } = mine()
    for (const token of [
      id,
      `${id}.`,
      `${id}.x`,
      unsubscribeToken(id, 'guessed'),
      unsubscribeToken('other', mine().tokenHash),
      '.',
      '%00',
    ]) {
      expect((await post(`/u/${token}`)).status, token).toBe(404)
    }
    expect(mine().status).toBe('active')
  })
})

describe('tokens of the research API', () => {
  test('are shown once, open the API, and end', async () => {
    const researcher = site.as('researcher')
    const made = await researcher.post('/account/tokens', { name: 'notebook' })
    const token = /opomena_\w{10}_[\w-]{43}/u.exec(made.text)![0]
    const ask = async (): Promise<number> =>
      (await site.anonymous().get('/v1/flags', { Authorization: `Bearer ${token}` })).status
    expect(await ask()).toBe(200)
    expect((await researcher.get('/account')).text).not.toContain(token)
    const person = site.userId('researcher')
    site.store.accounts.change(person, { role: 'viewer' }, 'system')
    expect(await ask()).toBe(401)
    site.store.accounts.change(person, { role: 'researcher' }, 'system')
    expect(await ask()).toBe(200)
    await researcher.post(`/account/tokens/${site.store.tokens.list(person)[0]!.id}/end`)
    expect(await ask()).toBe(401)
  })
})
