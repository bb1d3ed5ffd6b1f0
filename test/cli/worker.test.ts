/** Workers as a service manager sees them: one of a kind, taken over when it is gone, drained when it is asked to end. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { readPrometheus } from './prometheus.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** A machine that runs other tests as well starts processes slowly. */
const READY_MS = 60_000

let folder: string
const started: Worker[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-worker-'))
  cpSync(join(ROOT, 'config'), join(folder, 'config'), { recursive: true })
  // Nobody on the network is asked for anything.
  writeFileSync(join(folder, 'config', 'sources.yml'), '[]\n')
})
afterEach(async () => {
  for (const one of started.splice(0)) {
    one.process.kill('SIGKILL')
    await one.ended
  }
  rmSync(folder, { recursive: true, force: true })
})

interface Worker {
  readonly process: ChildProcess
  readonly ended: Promise<number | string>
  err(): string
}

function worker(args: readonly string[], env: Record<string, string> = {}): Worker {
  const child = spawn(process.execPath, ['cli/opomena.ts', 'worker', ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      OPOMENA_DATA_DIR: join(folder, 'data'),
      OPOMENA_CONFIG_DIR: join(folder, 'config'),
      OPOMENA_HEALTH_PORT: '0',
      OPOMENA_PORT: '0',
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

async function ask(one: Worker, path: string): Promise<{ status: number; body: string }> {
  const port = Number(/"port":(\d+),"msg":"health and metrics/u.exec(one.err())?.[1] ?? 0)
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path }, response => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode!, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

async function ready(one: Worker): Promise<void> {
  const isReady = async (): Promise<boolean> =>
    (await ask(one, '/health/ready').catch(() => undefined))?.status === 200
  for (const end = Date.now() + READY_MS; !(await isReady());) {
    if (Date.now() > end || one.process.exitCode !== null)
      throw new Error(`it was never ready:\n${one.err()}`)
    await systemClock.sleep(50)
  }
}

test('a second one of a kind is refused in one line, a standby takes over when the first is killed', async () => {
  const first = worker(['alerts'])
  await ready(first)
  const [second, standby] = [worker(['alerts']), worker(['alerts', '--standby'])]
  expect(await second.ended).toBe(2)
  const lines = second
    .err()
    .split('\n')
    .filter(line => line.startsWith('opomena:'))
  expect(lines).toEqual([
    expect.stringMatching(/^opomena: opomena worker alerts is running on this data directory already/u),
  ])
  while (!standby.err().includes('this one waits for it')) await systemClock.sleep(50)
  expect((await ask(standby, '/health/live')).status).toBe(200)
  expect((await ask(standby, '/health/ready')).status).toBe(503)
  first.process.kill('SIGKILL')
  await ready(standby)
  standby.process.kill('SIGTERM')
  expect(await standby.ended).toBe(0)
}, 240_000)

test('of classify there may be any number; each shows its figures, and ends well when it is asked to', async () => {
  const workers = [
    worker(['classify'], { OPOMENA_MODEL: 'off' }),
    worker(['classify'], { OPOMENA_MODEL: 'off' }),
  ]
  await Promise.all(workers.map(ready))
  for (const one of workers) {
    const figures = readPrometheus((await ask(one, '/metrics')).body)
    expect(figures.get('opomena_worker_info')!.samples[0]!.labels).toMatchObject({ worker: 'classify' })
    one.process.kill('SIGTERM')
  }
  expect(await Promise.all(workers.map(one => one.ended))).toEqual([0, 0])
}, 240_000)

/** Rejects a promise that nobody awaits when it is told to. */
const REJECTS = `data:text/javascript,process.on('SIGUSR2',()=>void Promise.reject(new Error('nobody awaits this')))`

test('a worker in which something is thrown where nobody listens says so in one line and ends in order', async () => {
  const one = worker(['alerts'], { NODE_OPTIONS: `--import="${REJECTS}"` })
  await ready(one)
  one.process.kill('SIGUSR2')
  expect(await one.ended).toBe(1)
  const lines = one.err().split('\n').filter(line => line.includes('nobody')) // prettier-ignore
  expect(lines.map(line => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 50, part: 'alerts', reason: 'nobody awaits this' }),
  ])
}, 240_000)

test('a standby that is asked to end while it waits ends well', async () => {
  const first = worker(['alerts'])
  await ready(first)
  const standby = worker(['alerts', '--standby'])
  while (!standby.err().includes('this one waits for it')) await systemClock.sleep(50)
  standby.process.kill('SIGTERM')
  expect(await standby.ended).toBe(0)
}, 240_000)
