import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hashPassword, verifyPassword } from '../../dashboards/store/passwords.ts'
import { passwordProblem } from '../../dashboards/store/accounts.ts'
import { openSite, OWN_FORM, PASSWORD, readable } from './site.ts'
import type { Answer, Site } from './site.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())
beforeEach(() => site.clock.advance(86_400_000))

const signIn = (name: string, password: string, more: Record<string, string> = {}): Promise<Answer> =>
  site.anonymous().post('/sign-in', { name, password, ...more })
const cookieOf = (answer: Answer): string => answer.headers.get('set-cookie') ?? ''

describe('signing in', () => {
  test('gives a cookie that scripts and other sites cannot have, and leads on', async () => {
    const answer = await signIn('Monitor ', PASSWORD, { to: '/review?tab=second' })
    expect(answer).toMatchObject({ status: 303, location: '/review?tab=second' })
    expect(cookieOf(answer)).toMatch(
      /__Host-sid=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax/u,
    )
  })

  test('answers an unknown name, a wrong password and a disabled account alike', async () => {
    const disabled = await site.store.addUser({ name: 'left', role: 'viewer', password: PASSWORD })
    site.store.accounts.change(disabled.id, { disabled: true }, 'system')
    const answers = await Promise.all([
      signIn('nobody', PASSWORD),
      signIn('viewer', 'wrong'),
      signIn('left', PASSWORD),
    ])
    const [first, ...others] = answers.map(({ status, text }) => [
      status,
      readable(text).replace(/value="\w*"/u, ''),
    ])
    expect(first?.[0]).toBe(401)
    for (const other of others) expect(other).toEqual(first)
  })

  test('takes about as long for a name that is not there', async () => {
    await signIn('nobody', PASSWORD)
    const took = async (name: string): Promise<number> => {
      const before = performance.now()
      await signIn(name, 'wrong')
      return performance.now() - before
    }
    expect(await took('someone')).toBeGreaterThan(0.3 * (await took('researcher')))
  })

  test('slows down after five tries, tells how long, and never locks for good', async () => {
    for (let n = 0; n < 5; n++) expect((await signIn('lead', 'wrong')).status).toBe(401)
    const waits: number[] = []
    for (let n = 0; n < 13; n++) {
      const blocked = await signIn('lead', PASSWORD)
      expect(blocked.status).toBe(429)
      waits.push(Number(blocked.headers.get('retry-after')))
      await site.clock.advance(waits.at(-1)! * 1000)
      expect((await signIn('lead', 'wrong')).status).toBe(401)
    }
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8])
    expect(Math.max(...waits)).toBe(900)
    await site.clock.advance(900_000)
    expect((await signIn('lead', PASSWORD)).status).toBe(303)
  })

  test('counts tries made at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn('admin', 'wrong')))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7)
  })

  for (const to of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '\\\\evil',
    'javascript:alert(1)',
    '/\tevil',
    'data:text/html,x',
  ]) {
    test(`does not lead to ${JSON.stringify(to)}`, async () => {
      expect(await signIn('monitor', PASSWORD, { to })).toMatchObject({ status: 303, location: '/' })
    })
  }
})

describe('a session', () => {
  const session = async (): Promise<(path: string) => Promise<number>> => {
    const cookie = cookieOf(await signIn('viewer', PASSWORD)).split(';')[0]!
    return async path => (await site.anonymous().get(path, { Cookie: cookie })).status
  }

  test('ends when the person signs out', async () => {
    const cookie = cookieOf(await signIn('viewer', PASSWORD)).split(';')[0]!
    expect((await site.anonymous().get('/help', { Cookie: cookie })).status).toBe(200)
    const left = await site.anonymous().post('/sign-out', {}, { ...OWN_FORM, Cookie: cookie })
    expect(left).toMatchObject({ status: 303, location: '/sign-in' })
    expect((await site.anonymous().get('/help', { Cookie: cookie })).status).toBe(303)
  })

  test('ends after twelve idle hours, and lives on while it is used', async () => {
    const open = await session()
    for (let n = 0; n < 3; n++) {
      await site.clock.advance(11 * 3_600_000)
      expect(await open('/help')).toBe(200)
    }
    await site.clock.advance(12 * 3_600_000 + 1)
    expect(await open('/help')).toBe(303)
  })

  test('ends after seven days, however it is used', async () => {
    const open = await session()
    for (let hours = 0; hours < 7 * 24; hours += 8) {
      expect(await open('/help'), `${hours} h`).toBe(200)
      await site.clock.advance(8 * 3_600_000)
    }
    await site.clock.advance(1)
    expect(await open('/help')).toBe(303)
  })

  test('ends on the next request when the account is disabled, and loses what a role may do at once', async () => {
    const person = await site.store.addUser({ name: 'short', role: 'monitor', password: PASSWORD })
    const visitor = site.as('short')
    expect((await visitor.get('/review')).status).toBe(200)
    site.store.accounts.change(person.id, { role: 'viewer' }, 'system')
    expect((await visitor.get('/review')).status).toBe(403)
    site.store.accounts.change(person.id, { disabled: true }, 'system')
    expect((await visitor.get('/help')).status).toBe(303)
  })

  test('is kept as a hash: the secret of the cookie stands nowhere in the file', async () => {
    const { readFileSync } = await import('node:fs')
    const secret = /__Host-sid=([\w-]+)/u.exec(cookieOf(await signIn('viewer', PASSWORD)))![1]!
    const stored = ['', '-wal'].map(suffix => readFileSync(site.appPath + suffix).toString('latin1')).join('')
    expect(stored).not.toContain(secret)
    expect(stored).not.toContain(PASSWORD)
  })
})

describe('passwords', () => {
  test('are argon2id with the parameters of ASVS, salted, and checked', async () => {
    const [one, two] = await Promise.all([hashPassword(PASSWORD), hashPassword(PASSWORD)])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/u)
    expect(one).not.toBe(two)
    expect(await verifyPassword(PASSWORD, one)).toBe(true)
    expect(await verifyPassword(`${PASSWORD}.`, one)).toBe(false)
    expect(await verifyPassword(PASSWORD, 'nonsense')).toBe(false)
  })

  for (const [password, fits] of [
    ['short', false],
    ['aaaaaaaaaaaaaaaaaaaa', false],
    ['monitor monitor monitor 1', false],
    ['I love opomena very much', false],
    ['correct horse battery staple', true],
    ['тихо тече Дрина кроз ноћ', true],
  ] as const) {
    test(`${JSON.stringify(password)} ${fits ? 'may' : 'may not'} be chosen`, () => {
      expect(passwordProblem(password, 'monitor') === undefined).toBe(fits)
    })
  }

  test('a change asks for the old one and ends the other sessions', async () => {
    const visitor = site.as('researcher')
    const other = site.as('researcher')
    const next = 'seven green bicycles sing'
    expect((await visitor.post('/account/password', { now: 'wrong', next, again: next })).status).toBe(422)
    expect((await visitor.post('/account/password', { now: PASSWORD, next, again: `${next}!` })).status).toBe(
      422,
    )
    expect(
      (await visitor.post('/account/password', { now: PASSWORD, next: 'short', again: 'short' })).status,
    ).toBe(422)
    expect((await visitor.post('/account/password', { now: PASSWORD, next, again: next })).status).toBe(303)
    expect((await visitor.get('/account')).status).toBe(200)
    expect((await other.get('/account')).status).toBe(303)
    expect((await signIn('researcher', next)).status).toBe(303)
  })
})
