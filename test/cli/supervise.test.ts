/** The parent of the workers: who dies is started again, who cannot start ends all, and nobody is left behind. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WORKERS, supervise } from '../../cli/supervise.ts'
import type { Supervised, WorkerName } from '../../cli/supervise.ts'
import { systemClock } from '../../core/clock.ts'
import type { Clock } from '../../core/ports.ts'
import { keepingLogger } from '../fakes.ts'

const PROGRAM = join(import.meta.dirname, '..', 'fixtures', 'workers', 'stage.ts')
const FASTER = 50

let orders: string
let running: Supervised | undefined
let logger: ReturnType<typeof keepingLogger>
let slept: number[]

beforeEach(() => {
  orders = mkdtempSync(join(tmpdir(), 'opomena-supervise-'))
  logger = keepingLogger()
  slept = []
})
afterEach(async () => {
  running?.stop()
  await running?.done
  rmSync(orders, { recursive: true, force: true })
})

/** Waits shortened, and written down as they were asked for. */
const clock: Clock = {
  now: () => systemClock.now(),
  sleep(ms, signal) {
    slept.push(ms)
    return systemClock.sleep(ms / FASTER, signal)
  },
}

function start(order: Partial<Record<WorkerName, string>> = {}): Supervised {
  for (const name of WORKERS) tell(name, order[name] ?? 'live')
  running = supervise({
    begin: { kind: 'begin' },
    env: { ORDERS: orders },
    clock,
    logger,
    program: PROGRAM,
    killAfterMs: 500,
  })
  return running
}

const tell = (name: WorkerName, order: string): void => writeFileSync(join(orders, name), order)

function pidsOf(name: WorkerName): number[] {
  const path = join(orders, `${name}.pids`)
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(Number) : []
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !holds();) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await systemClock.sleep(10)
  }
}

const errors = (): object[] => logger.lines.filter(line => line.level === 'error').map(line => line.fields)

test('all start, and end when they are asked to', async () => {
  const workers = start()
  expect([...(await workers.ready).keys()].sort()).toEqual([...WORKERS].sort())
  workers.stop()
  expect(await workers.done).toBe(0)
  expect(WORKERS.flatMap(pidsOf).filter(isAlive)).toEqual([])
  expect(errors()).toEqual([])
})

test('a worker that was killed is started again, told that it has worked before, and the others live on', async () => {
  const workers = start()
  await workers.ready
  process.kill(pidsOf('index')[0]!, 'SIGKILL')
  await until('it is back', () => pidsOf('index').length === 2)
  expect(errors()).toEqual([{ worker: 'index', exit: 'SIGKILL', againInMs: 1_000 }])
  expect(readFileSync(join(orders, 'index.begins'), 'utf8').trim().split('\n')).toEqual([
    '{"kind":"begin"}',
    '{"kind":"begin","again":true}',
  ])
  expect(pidsOf('web').filter(isAlive)).toHaveLength(1)
})

test('one that ends again and again is waited for longer and longer, and at last comes back', async () => {
  start({ classify: '1' })
  await until('it has died five times', () => errors().length >= 5)
  tell('classify', 'live')
  await until('it lives', () => pidsOf('classify').filter(isAlive).length === 1)
  expect(errors()[0]).toMatchObject({ worker: 'classify', exit: 1 })
  expect(slept.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000])
  expect(Math.max(...slept)).toBeLessThanOrEqual(30_000)
})

test('one that cannot start with this configuration ends all with exit code 2', async () => {
  const workers = start({ alerts: '2' })
  expect(await workers.done).toBe(2)
  expect(pidsOf('alerts')).toHaveLength(1)
  expect(WORKERS.flatMap(pidsOf).filter(isAlive)).toEqual([])
})

test('who does not listen to the request to end is ended by force', async () => {
  const workers = start({ ingest: 'deaf' })
  await workers.ready
  workers.stop()
  expect(await workers.done).toBe(0)
  expect(pidsOf('ingest').filter(isAlive)).toEqual([])
})

test('asked to end while a worker waits to be started again, it does not start it', async () => {
  const workers = start({ web: '1' })
  await until('it has died', () => errors().length > 0)
  workers.stop()
  expect(await workers.done).toBe(0)
  const starts = pidsOf('web').length
  await systemClock.sleep(100)
  expect(pidsOf('web')).toHaveLength(starts)
})
