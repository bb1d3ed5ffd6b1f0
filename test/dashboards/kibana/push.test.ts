/** Pushing to a Kibana: the right way for its version, the same again when repeated, and one clear line when it cannot be. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ConfigError } from '../../../core/errors.ts'
import { dashboardBodies } from '../../../dashboards/kibana/dashboards-api.ts'
import { asking } from '../../../dashboards/kibana/http.ts'
import { kibanaAt } from '../../../dashboards/kibana/kibana.ts'
import type { KibanaAddress } from '../../../dashboards/kibana/kibana.ts'
import { pushDashboards } from '../../../dashboards/kibana/push.ts'
import type { Pushed, PushOptions } from '../../../dashboards/kibana/push.ts'
import { testClock } from '../../fakes.ts'
import { fakeKibana } from './fake-kibana.ts'
import type { FakeKibana } from './fake-kibana.ts'
import { specification } from './installation.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map(one => one.close()))
})

async function open(options: Parameters<typeof fakeKibana>[0] = {}): Promise<FakeKibana> {
  const kibana = await fakeKibana(options)
  opened.push(kibana)
  return kibana
}

function push(
  address: KibanaAddress,
  options: Partial<Omit<PushOptions, 'kibana'>> & { readonly ca?: string } = {},
): Promise<Pushed> {
  const { ca, ...rest } = options
  const clock = testClock(undefined, { hurry: true })
  return pushDashboards({ kibana: kibanaAt(address, asking(ca)), clock, specification, ...rest })
}

describe('a push', () => {
  test('to 9.5 brings data views and searches by import, and dashboards by the Dashboards API', async () => {
    const kibana = await open()
    const pushed = await push(kibana)
    expect(pushed).toMatchObject({ version: '9.5.0', way: 'api' })
    expect(kibana.asked).toEqual([
      'GET /api/status',
      'POST /api/saved_objects/_import?overwrite=true',
      'PUT /api/dashboards/opomena-overview',
      'PUT /api/dashboards/opomena-language',
      'PUT /api/dashboards/opomena-source-health',
    ])
    for (const { id, body } of dashboardBodies(specification)) {
      expect(kibana.content.get(`default dashboard ${id}`)).toEqual(body)
    }
    expect(pushed.written.map(one => `default ${one}`)).toEqual([...kibana.content.keys()])
  })

  for (const version of ['8.19.9', '9.1.0', '9.4.2']) {
    test(`to ${version} brings everything by import`, async () => {
      const kibana = await open({ version })
      expect(await push(kibana)).toMatchObject({ version, way: 'import' })
      expect(kibana.asked).toEqual(['GET /api/status', 'POST /api/saved_objects/_import?overwrite=true'])
      expect(kibana.content.size).toBe(17)
    })
  }

  test('goes the way that was asked for', async () => {
    const kibana = await open()
    expect(await push(kibana, { way: 'import' })).toMatchObject({ way: 'import' })
    expect(kibana.asked.filter(one => one.startsWith('PUT'))).toEqual([])
  })

  test('repeated leaves the same', async () => {
    const kibana = await open()
    await push(kibana)
    const before = new Map(kibana.content)
    await push(kibana)
    expect(kibana.content).toEqual(before)
  })

  test('touches nothing else: another installation stands beside it', async () => {
    const kibana = await open()
    await push(kibana)
    const before = new Map(kibana.content)
    await push(kibana, { specification: { ...specification, prefix: 'second' } })
    expect(kibana.content.size).toBe(2 * before.size)
    for (const [key, value] of before) expect(kibana.content.get(key)).toEqual(value)
  })

  test('into a space stays in it', async () => {
    const kibana = await open()
    await push({ url: `${kibana.url}/`, space: 'research' })
    expect([...kibana.content.keys()].every(key => key.startsWith('research '))).toBe(true)
    expect(kibana.asked[1]).toBe('POST /s/research/api/saved_objects/_import?overwrite=true')
  })

  test('run dry asks for the version, writes nothing, and says what would be written', async () => {
    const kibana = await open()
    const dry = await push(kibana, { dryRun: true })
    expect(kibana.asked).toEqual(['GET /api/status'])
    expect(kibana.content.size).toBe(0)
    expect(dry.written).toEqual((await push(kibana)).written)
  })

  test('waits for a Kibana that is still starting', async () => {
    const kibana = await open({ starting: 5 })
    expect(await push(kibana, { waitMs: 60_000 })).toMatchObject({ way: 'api' })
    expect(kibana.asked.filter(one => one === 'GET /api/status')).toHaveLength(6)
  })

  for (const [how, login, header] of [
    ['name and password', { user: 'elastic', password: 'pässword' }, 'Basic ZWxhc3RpYzpww6Rzc3dvcmQ='],
    ['key', { apiKey: 'c2VjcmV0' }, 'ApiKey c2VjcmV0'],
  ] as const) {
    test(`logs in by ${how}`, async () => {
      const kibana = await open({ login: header })
      expect(await push({ url: kibana.url, login })).toMatchObject({ way: 'api' })
    })
  }
})

describe('a push that cannot be says why, in one line,', () => {
  const failing = async (pushing: Promise<unknown>): Promise<Error> => {
    const thrown = await pushing.then(
      () => new Error('it did not fail'),
      (error: unknown) => error as Error,
    )
    expect(thrown.message).not.toContain('\n')
    return thrown
  }

  test('when nobody answers', async () => {
    const kibana = await fakeKibana()
    await kibana.close()
    const thrown = await failing(push(kibana))
    expect(thrown).toBeInstanceOf(ConfigError)
    expect(thrown.message).toMatch(/ECONNREFUSED.*is it running\? set OPOMENA_KIBANA_URL/u)
  })

  test('when it does not stop starting', async () => {
    const kibana = await open({ starting: 1_000 })
    const thrown = await failing(push(kibana, { waitMs: 10_000 }))
    expect(thrown).toBeInstanceOf(ConfigError)
    expect(thrown.message).toContain('still starting')
    expect(kibana.asked).toHaveLength(6)
  })

  test('when there is no login, and when it is a wrong one', async () => {
    const kibana = await open({ login: 'ApiKey right' })
    for (const login of [{}, { login: { apiKey: 'wrong' } }]) {
      const thrown = await failing(push({ url: kibana.url, ...login }))
      expect(thrown).toBeInstanceOf(ConfigError)
      expect(thrown.message).toContain('OPOMENA_ELASTICSEARCH_API_KEY_FILE')
      expect(thrown.message).not.toContain('wrong')
    }
  })

  test('when the login may not write', async () => {
    const kibana = await open({ readOnly: true })
    const thrown = await failing(push(kibana))
    expect(thrown).toBeInstanceOf(ConfigError)
    expect(thrown.message).toContain('Saved Objects Management')
  })

  for (const version of ['2.11.1', '7.17.29', '8.14.0', '9.0.4']) {
    test(`when Kibana is too old: ${version}`, async () => {
      const thrown = await failing(push(await open({ version })))
      expect(thrown).toBeInstanceOf(ConfigError)
      expect(thrown.message).toContain(`Kibana ${version}: expected 8.19, or 9.1 and later`)
    })
  }

  test('when something else answers', async () => {
    const kibana = await open()
    const thrown = await failing(push({ url: `${kibana.url}/elsewhere` }))
    expect(thrown).toBeInstanceOf(ConfigError)
    expect(thrown.message).toContain('expected Kibana, something else answered (404')
  })

  test('when Kibana refuses a dashboard: those before it stand', async () => {
    const kibana = await open({ refuses: 'opomena-language' })
    const thrown = await failing(push(kibana))
    expect(thrown).not.toBeInstanceOf(ConfigError)
    expect(thrown.message).toContain(
      'Kibana refused the dashboard opomena-language: 400, [request body.panels.0]',
    )
    expect(kibana.content.has('default dashboard opomena-overview')).toBe(true)
  })

  test('when Kibana refuses a part of the import', async () => {
    const kibana = await open({ version: '9.1.0', refuses: 'opomena-pending' })
    const thrown = await failing(push(kibana))
    expect(thrown.message).toBe('Kibana refused the import: search opomena-pending (unsupported_type)')
    expect(kibana.content.size).toBe(0)
  })

  describe('when the certificate', () => {
    const pem = (name: string): string =>
      readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'tls', `${name}.pem`), 'utf8')
    const secure = async (certificate: string): Promise<string> => {
      const server = createServer({ key: pem(certificate), cert: pem(certificate) }, (_, response) =>
        response.end('{}'),
      )
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      opened.push({ close: async () => server.close().closeAllConnections() })
      return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    }

    for (const [what, certificate, ca, reason] of [
      ['signs itself', 'self-signed', undefined, 'self-signed certificate'],
      ['is signed by nobody known', 'good', undefined, 'unable to verify'],
      [
        'is signed by the authority that is set, and of another host',
        'good',
        'ca',
        "does not match certificate's",
      ],
    ] as const) {
      test(what, async () => {
        const thrown = await failing(push({ url: await secure(certificate) }, ca ? { ca: pem(ca) } : {}))
        expect(thrown).toBeInstanceOf(ConfigError)
        expect(thrown.message).toContain(reason)
        expect(thrown.message).toContain('OPOMENA_ELASTICSEARCH_CA_FILE')
      })
    }

    test('is there and the address says http://', async () => {
      const url = (await secure('good')).replace('https:', 'http:')
      expect(await failing(push({ url }))).toBeInstanceOf(ConfigError)
    })
  })
})
