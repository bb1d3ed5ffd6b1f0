/** Workers over Kafka, each with a data directory of its own as on two machines: the seat tells them of each other. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { ownName, servers } from '../cluster/servers.ts'
import { kafkaPlace } from '../stream/kafka-place.ts'
import type { KafkaPlace } from '../stream/kafka-place.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const { broker, lack } = servers()
const LIMIT_MS = 300_000
const SESSION_MS = 3_000

let folder: string
let kafka: KafkaPlace
const started: Worker[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-workers-'))
  cpSync(join(ROOT, 'config'), join(folder, 'config'), { recursive: true })
  writeFileSync(join(folder, 'config', 'sources.yml'), '[]\n')
  writeFileSync(
    join(folder, 'config', 'settings.yml'),
    `stream: { kafka: { sessionMs: ${String(SESSION_MS)} } }\n`,
  )
  if (!lack) kafka = await kafkaPlace(broker)
})
afterEach(async () => {
  for (const one of started.splice(0)) {
    one.process.kill('SIGKILL')
    await one.ended
  }
})
afterAll(async () => {
  if (!lack) await kafka.destroy()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

interface Worker {
  readonly process: ChildProcess
  readonly ended: Promise<number | string>
  err(): string
}

/** `machine` is the name of its data directory. */
function worker(machine: string, args: readonly string[], env: Record<string, string> = {}): Worker {
  const child = spawn(process.execPath, ['cli/opomena.ts', 'worker', ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      OPOMENA_DATA_DIR: join(folder, machine),
      OPOMENA_CONFIG_DIR: join(folder, 'config'),
      OPOMENA_HEALTH_PORT: '0',
      OPOMENA_STREAM: 'kafka',
      OPOMENA_KAFKA_BROKERS: broker,
      OPOMENA_KAFKA_PREFIX: kafka.prefix,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<number | string>(resolve =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 1)),
  )
  const one = { process: child, ended, err: () => said }
  started.push(one)
  return one
}

async function isReady(one: Worker): Promise<boolean> {
  const port = /"port":(\d+),"msg":"health and metrics/u.exec(one.err())?.[1]
  if (port === undefined) return false
  return (await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined))?.ok ?? false
}

async function ready(one: Worker, isWanted = true): Promise<void> {
  while ((await isReady(one)) !== isWanted) {
    if (one.process.exitCode !== null) throw new Error(`it has ended:\n${one.err()}`)
    await systemClock.sleep(100)
  }
}

const lines = (one: Worker): string[] =>
  one
    .err()
    .split('\n')
    .filter(line => line.startsWith('opomena:'))

describe.skipIf(lack)('over Kafka', () => {
  test(
    'a second one of a kind on another machine is refused, a standby takes over from one that was killed',
    async () => {
      const first = worker('one', ['alerts'])
      await ready(first)
      const [second, standby] = [worker('two', ['alerts']), worker('three', ['alerts', '--standby'])]
      expect(await second.ended).toBe(2)
      expect(lines(second)).toEqual([
        expect.stringMatching(
          /^opomena: opomena worker alerts is running already: Kafka knows it as opomena-alerts@\S+ at 127\.0\.0\.1; stop/u,
        ),
      ])
      expect(standby.process.exitCode).toBeNull()
      first.process.kill('SIGKILL')
      await ready(standby)
      standby.process.kill('SIGTERM')
      expect(await standby.ended).toBe(0)
    },
    LIMIT_MS,
  )

  test(
    'one that froze until its place was taken stands by when it wakes, and takes over when the other is gone',
    async () => {
      const first = worker('five', ['alerts'])
      await ready(first)
      first.process.kill('SIGSTOP')
      const second = worker('six', ['alerts', '--standby'])
      await ready(second)
      first.process.kill('SIGCONT')
      await ready(first, false)
      expect(await isReady(second)).toBe(true)
      second.process.kill('SIGKILL')
      await ready(first)
      expect(first.err()).toContain('it has stopped its work and stands by')
      first.process.kill('SIGTERM')
      expect(await first.ended).toBe(0)
    },
    LIMIT_MS,
  )

  test(
    'one that froze alone goes on in its place when it wakes',
    async () => {
      const first = worker('seven', ['alerts'])
      await ready(first)
      first.process.kill('SIGSTOP')
      await systemClock.sleep(SESSION_MS * 3)
      first.process.kill('SIGCONT')
      await systemClock.sleep(SESSION_MS)
      const second = worker('eight', ['alerts'])
      expect(await second.ended).toBe(2)
      expect(lines(second)).toEqual([expect.stringContaining('is running already')])
      await ready(first)
      expect(first.err()).not.toContain('stands by')
    },
    LIMIT_MS,
  )

  test(
    'topics that are missing are named with what makes them, and the worker ends with exit code 2',
    async () => {
      const one = worker('four', ['classify'], { OPOMENA_KAFKA_PREFIX: `${ownName('nothing')}.` })
      expect(await one.ended).toBe(2)
      expect(one.err()).toMatch(
        /^opomena: kafka: topic nothing-\S+ is missing; make it with: opomena kafka apply$/mu,
      )
    },
    LIMIT_MS,
  )
})
