/** `opomena kibana` in a process of its own: the same bytes each time, the login from the environment, exit codes. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { fakeKibana } from '../dashboards/kibana/fake-kibana.ts'
import type { FakeKibana } from '../dashboards/kibana/fake-kibana.ts'
import { savedObjectFaults } from '../dashboards/kibana/saved-object-faults.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const dir = mkdtempSync(join(tmpdir(), 'opomena-kibana-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

let kibana: FakeKibana | undefined
afterEach(async () => {
  await kibana?.close()
  kibana = undefined
})

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function opomena(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['cli/opomena.ts', 'kibana', ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', OPOMENA_DATA_DIR: join(dir, 'data'), ...env },
  })
  const texts = Promise.all([child.stdout.toArray(), child.stderr.toArray()])
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  const [out, err] = (await texts).map(chunks => Buffer.concat(chunks as Buffer[]).toString())
  return { code, out: out!, err: err! }
}

/** A process each: on a busy machine the start alone takes seconds. */
const patience = { timeout: 60_000 }

describe('export', patience, () => {
  test('writes saved objects without a fault, and the same bytes again', async () => {
    const [once, again] = await Promise.all([
      opomena(['export', '--year', '2026']),
      opomena(['export', '--year', '2026']),
    ])
    expect(once.code).toBe(0)
    expect(savedObjectFaults(once.out)).toEqual([])
    expect(again.out).toBe(once.out)
  })

  test('follows the prefix of the indices, the address of the web and the year', async () => {
    const { out } = await opomena(['export', '--year', '2031'], {
      OPOMENA_ELASTICSEARCH_PREFIX: 'invented',
      OPOMENA_PUBLIC_URL: 'https://opomena.example',
    })
    expect(out).toContain('"title":"invented-flags,invented-articles"')
    expect(out).toContain('https://opomena.example/items/{{value}}')
    expect(out).toContain('2032-07-11T12:00:00.000Z')
    expect(out).not.toContain('2029-')
  })

  test('writes the bodies of the Dashboards API, one a line', async () => {
    const { out } = await opomena(['export', '--api'])
    const ids = out
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { id: string }).id)
    expect(ids).toEqual(['opomena-overview', 'opomena-language', 'opomena-source-health'])
  })
})

describe('push', patience, () => {
  test('takes address and login from the environment', async () => {
    kibana = await fakeKibana({ login: 'ApiKey c2VjcmV0' })
    const file = join(dir, 'key')
    writeFileSync(file, 'c2VjcmV0\n')
    const { code, out, err } = await opomena(['push'], {
      OPOMENA_KIBANA_URL: kibana.url,
      OPOMENA_ELASTICSEARCH_API_KEY_FILE: file,
    })
    expect(code).toBe(0)
    expect(out.trim().split('\n')).toHaveLength(17)
    expect(err).toContain('17 objects written to Kibana 9.5.0')
    expect(kibana.content.size).toBe(17)
  })

  test('--dry-run says so and writes nothing', async () => {
    kibana = await fakeKibana({ version: '9.1.0' })
    const { code, err } = await opomena(['push', '--url', kibana.url, '--dry-run'])
    expect(code).toBe(0)
    expect(err).toContain('17 objects would be written')
    expect(kibana.content.size).toBe(0)
  })

  for (const [what, args, said] of [
    ['nobody answers', ['--url', 'http://127.0.0.1:9'], 'is it running?'],
    ['the year is none', ['--year', 'soon'], 'expected a year such as 2026'],
  ] as const) {
    test(`ends with 2 and a line when ${what}`, async () => {
      const { code, out, err } = await opomena(['push', ...args])
      expect([code, out]).toEqual([2, ''])
      expect(err).toContain(said)
    })
  }

  test('ends with 1 when Kibana refuses what is sent', async () => {
    kibana = await fakeKibana({ refuses: 'opomena-language' })
    const { code, err } = await opomena(['push', '--url', kibana.url])
    expect(code).toBe(1)
    expect(err).toContain('opomena: Kibana refused the dashboard opomena-language')
  })
})
