import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Hono } from 'hono'
import { ACTIONS, can, ROLES } from '../../dashboards/permissions.ts'
import type { Action, Role } from '../../dashboards/permissions.ts'
import { requireAllDeclared, routesOf } from '../../dashboards/routes.ts'
import type { Env } from '../../dashboards/routes.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'
import { invent } from './world.ts'

let site: Site
let ids: Readonly<Record<string, string>>
beforeAll(async () => {
  site = await openSite({
    entries: invent({ now: new Date('2026-07-20T10:00:00Z'), days: 3, articlesADay: 4, flaggedIn: 1 }),
  })
  const flag = await site.flag()
  ids = {
    id: flag.article.id,
    ids: 'none',
    action: 'pause',
    name: 'icon.svg',
    file: 'none.atom',
    token: 'none',
  }
})
afterAll(() => site.close())

/** What each role may, written down a second time, so that a slip in the table is seen. */
const MAY: Readonly<Record<Role, readonly Action[]>> = {
  viewer: ['anyone', 'read', 'subscribe', 'account'],
  monitor: ['anyone', 'read', 'subscribe', 'account', 'evidence', 'review'],
  researcher: ['anyone', 'read', 'subscribe', 'account', 'evidence', 'api'],
  lead: ['anyone', 'read', 'subscribe', 'account', 'evidence', 'review', 'adjudicate', 'api', 'audit'],
  admin: [...ACTIONS],
}

describe('the table of permissions', () => {
  for (const role of ROLES) {
    test(`${role} may what is written, and nothing else`, () => {
      expect(ACTIONS.filter(action => can({ role }, action))).toEqual(
        ACTIONS.filter(action => MAY[role].includes(action)),
      )
    })
  }
  test('who is not signed in may what anyone may', () => {
    expect(ACTIONS.filter(action => can(undefined, action))).toEqual(['anyone'])
  })
})

const filled = (path: string): string =>
  path.replace(/:(\w+)(\{[^}]*\})?/gu, (_, name: string) => ids[name] ?? 'x')

describe('every route', () => {
  test('asks who comes: nobody gets in without a session where one is needed', async () => {
    for (const { method, path, may } of site.declared.filter(route => route.may !== 'anyone')) {
      const answer = await (method === 'GET'
        ? site.anonymous().get(filled(path))
        : site.anonymous().post(filled(path)))
      expect([method, path, may, answer.status], path).toEqual([
        method,
        path,
        may,
        method === 'GET' ? 303 : 401,
      ])
      if (method === 'GET') expect(answer.location).toMatch(/^\/sign-in\?to=/u)
    }
  })

  for (const role of ROLES) {
    test(`is open to ${role} exactly where the table says so`, async () => {
      for (const { method, path, may } of site.declared.filter(route => route.may !== 'anyone')) {
        // A form without fields: whoever may is told that it cannot be read, or that there is no such thing.
        const answer = await (method === 'GET'
          ? site.as(role).get(filled(path))
          : site.as(role).post(filled(path), {}))
        const isRefused = answer.status === 403
        expect(isRefused, `${role} ${method} ${path}`).toBe(!MAY[role].includes(may))
        expect(answer.status, `${role} ${method} ${path}`).toBeLessThan(500)
      }
    })
  }

  test('changes nothing when it is read: there is no GET for a change', async () => {
    const before = site.store.audit.list(1000).length
    const held = site.store.leases.held()
    for (const { path } of site.declared.filter(({ method }) => method === 'GET'))
      await site.as('admin').get(filled(path))
    expect(site.store.audit.list(1000)).toHaveLength(before)
    expect(site.store.leases.held()).toEqual(held)
    for (const { path } of site.declared.filter(
      ({ method, path: one }) =>
        method === 'POST' && !site.declared.some(other => other.method === 'GET' && other.path === one),
    )) {
      expect((await site.as('admin').get(filled(path))).status, path).toBe(404)
    }
  })

  test('without a permission does not start', () => {
    const app = new Hono<Env>()
    const routes = routesOf(app)
    routes.get('/declared', 'read', c => c.text('here'))
    expect(() => requireAllDeclared(app, routes, ['/v1/'])).not.toThrow()
    app.get('/v1/own', c => c.text('guards itself'))
    expect(() => requireAllDeclared(app, routes, ['/v1/'])).not.toThrow()
    app.get('/open', c => c.text('to all'))
    expect(() => requireAllDeclared(app, routes, ['/v1/'])).toThrow('GET /open')
  })
})

describe('things of others', () => {
  test('alerts of somebody else are answered like ones that are not there', async () => {
    const made = await site.as('viewer').post('/subscriptions', {
      name: 'mine',
      q: '',
      channel: 'atom',
      at: '07:30',
      timeZone: 'Europe/Sarajevo',
      threshold: 'confirmed',
      minSeverity: '1',
      excerpt: 'none',
    })
    expect(made.status).toBe(201)
    const [subscription] = site.store.subscriptions.list(site.userId('viewer'))
    for (const action of ['pause', 'renew', 'delete']) {
      expect((await site.as('admin').post(`/subscriptions/${subscription!.id}/${action}`)).status).toBe(404)
    }
    expect(site.store.subscriptions.get(subscription!.id)?.status).toBe('active')
  })

  test('sessions of somebody else cannot be ended', async () => {
    const visitor = site.as('viewer')
    const [session] = site.store.sessions.list(site.userId('viewer'))
    await site.as('monitor').post(`/account/sessions/${session!.id}/end`)
    expect((await visitor.get('/account')).status).toBe(200)
  })

  test('the last administrator stays one', async () => {
    const admin = site.userId('admin')
    expect((await site.as('admin').post(`/users/${admin}/role`, { role: 'viewer' })).status).toBe(422)
    expect((await site.as('admin').post(`/users/${admin}/disabled`, { disabled: 'yes' })).status).toBe(422)
    expect(site.store.accounts.get(admin)).toMatchObject({ role: 'admin', disabled: false })
  })
})
