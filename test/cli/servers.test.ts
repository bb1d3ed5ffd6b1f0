/** Servers that cannot be used as configured: one line that says what to do, exit code 2, and nobody tries for ever. */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const LIMIT_MS = 240_000

let folder: string
/** Of ports where nobody listens. */
let closed: readonly number[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-servers-'))
  cpSync(join(ROOT, 'config'), join(folder, 'config'), { recursive: true })
  writeFileSync(join(folder, 'config', 'sources.yml'), '[]\n')
  closed = [await closedPort(), await closedPort()]
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

interface Said {
  readonly code: number | null
  readonly out: string
  readonly err: readonly string[]
}

function opomena(args: readonly string[], env: Record<string, string>): Promise<Said> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['cli/opomena.ts', ...args], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        OPOMENA_DATA_DIR: join(folder, 'data'),
        OPOMENA_CONFIG_DIR: join(folder, 'config'),
        OPOMENA_PORT: '0',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.once('exit', code => resolve({ code, out, err: err.trim().split('\n') }))
  })
}

const noKafka = (): Record<string, string> => ({
  OPOMENA_STREAM: 'kafka',
  OPOMENA_KAFKA_BROKERS: `127.0.0.1:${String(closed[0])}`,
})
const noElasticsearch = (): Record<string, string> => ({
  OPOMENA_INDEX: 'elasticsearch',
  OPOMENA_ELASTICSEARCH_URL: `http://127.0.0.1:${String(closed[1])}`,
})

describe('a server that is not there', () => {
  for (const command of [['worker', 'classify'], ['start']])
    test(
      `Kafka: ${command.join(' ')} ends with one line and exit code 2`,
      async () => {
        const { code, err } = await opomena(command, noKafka())
        expect(err).toEqual([
          `opomena: kafka: expected a broker at 127.0.0.1:${String(closed[0])}, nobody listens there; set OPOMENA_KAFKA_BROKERS (stream.kafka.brokers) to where it is, or start it`,
        ])
        expect(code).toBe(2)
      },
      LIMIT_MS,
    )

  test(
    'Elasticsearch: worker web ends with one line and exit code 2',
    async () => {
      const { code, err } = await opomena(['worker', 'web'], noElasticsearch())
      expect(err).toHaveLength(1)
      expect(err[0]).toMatch(
        new RegExp(`^opomena: .*127\\.0\\.0\\.1:${String(closed[1])}.*OPOMENA_ELASTICSEARCH_URL`, 'u'),
      )
      expect(code).toBe(2)
    },
    LIMIT_MS,
  )

  test(
    'both: doctor says a line for each, goes on with the rest, and ends with exit code 2',
    async () => {
      const { code, out } = await opomena(['doctor', '--json'], { ...noKafka(), ...noElasticsearch() })
      const checks = out
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as { what: string; state: string; found: string })
      const failed = checks.filter(check => check.state === 'fail')
      expect(failed.map(check => check.what)).toEqual(['kafka', 'elasticsearch'])
      for (const { found } of failed) expect(found).not.toContain('\n')
      expect(checks.map(check => check.what)).toContain('mail')
      expect(code).toBe(2)
    },
    LIMIT_MS,
  )
})
