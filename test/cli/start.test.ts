/** `opomena start` as a service manager sees it: one for each data directory, clear refusals, and nobody left behind. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** A machine that runs other tests as well starts six processes slowly. */
const READY_MS = 40_000

let folder: string
let data: string
const started: Started[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opomena-start-'))
  data = join(folder, 'data')
  cpSync(join(ROOT, 'config'), join(folder, 'config'), { recursive: true })
  // Nobody on the network is asked for anything.
  writeFileSync(join(folder, 'config', 'sources.yml'), `- id: glas-kotline
  name: Glas Kotline
  homepage: https://glas-kotline.example
  country: BA
  languages: [bs]
  scripts: [Latn]
  kind: commercial
  feeds: [https://glas-kotline.example/rss]
  enabled: false
  remark: invented
`) // prettier-ignore
})
afterEach(async () => {
  for (const one of started.splice(0)) {
    one.process.kill('SIGTERM')
    await one.ended
  }
  rmSync(folder, { recursive: true, force: true })
})

interface Started {
  readonly process: ChildProcess
  readonly ended: Promise<number | string>
  out(): string
  err(): string
}

function opomena(args: readonly string[], env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, ['cli/opomena.ts', ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      OPOMENA_DATA_DIR: data,
      OPOMENA_CONFIG_DIR: join(folder, 'config'),
      OPOMENA_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  const ended = new Promise<number | string>(resolve =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 1)),
  )
  const one = { process: child, ended, out: () => said.out, err: () => said.err }
  started.push(one)
  return one
}

async function running(env: Record<string, string> = {}): Promise<Started> {
  const one = opomena(['start'], env)
  await until(one, () => one.out().includes('Opomena is running'))
  return one
}

async function until(one: Started, holds: () => boolean, ms = READY_MS): Promise<void> {
  for (const end = Date.now() + ms; !holds();) {
    if (Date.now() > end) throw new Error(`waited in vain:\n${one.out()}\n${one.err()}`)
    await systemClock.sleep(50)
  }
}

function childrenOf({ process: { pid } }: Started): number[] {
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
  return children.trim().split(' ').filter(Boolean).map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('one for each data directory', () => {
  test('a second start, and a demo, are refused with exit code 2', async () => {
    await running()
    const [second, demo] = [opomena(['start']), opomena(['demo', '--data', data])]
    expect([await second.ended, await demo.ended]).toEqual([2, 2])
    for (const one of [second, demo]) {
      expect(one.err()).toMatch(/^opomena: Opomena is running on this data directory already/u)
      expect(one.err().trim().split('\n')).toHaveLength(1)
    }
  }, 60_000)

  test('killed without a word, it leaves no worker behind, and the next one may start', async () => {
    const first = await running()
    const workers = childrenOf(first)
    expect(workers).toHaveLength(5)
    first.process.kill('SIGKILL')
    await until(first, () => !workers.some(isAlive), 10_000)
    const second = await running()
    second.process.kill('SIGTERM')
    expect(await second.ended).toBe(0)
  }, 120_000)
})

describe('what cannot work ends at once, with exit code 2 and a line that says what to do', () => {
  test('a lexicon that cannot be read, which only one worker notices', async () => {
    mkdirSync(join(folder, 'lexicon', 'sq'), { recursive: true })
    writeFileSync(join(folder, 'lexicon', 'sq', 'lexicon.yml'), 'entries: [\n')
    const one = opomena(['start'], { OPOMENA_LEXICON_DIR: join(folder, 'lexicon') })
    expect(await one.ended).toBe(2)
    expect(one.err()).toMatch(/opomena: .*sq\/lexicon\.yml/u)
    expect(one.err()).not.toContain('is started again')
  }, 60_000)

  test('a port that is taken', async () => {
    const other = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const port = String((other.address() as AddressInfo).port)
    const one = opomena(['start'], { OPOMENA_PORT: port })
    expect(await one.ended).toBe(2)
    expect(one.err()).toMatch(new RegExp(`^opomena: web: .*port ${port} .*OPOMENA_PORT$`, 'mu'))
    other.close()
  }, 60_000)

  // No one may make files in /proc, not even root, whom permissions do not stop.
  for (const [what, dir] of [
    ['a data directory that cannot be made', () => join(folder, 'config', 'sources.yml', 'data')],
    ['a data directory that cannot be written', () => '/proc/self'],
  ] as const)
    test(
      what,
      async () => {
        for (const command of [['start'], ['user', 'add', 'ana'], ['demo', '--data', dir()]]) {
          const one = opomena(command, { OPOMENA_DATA_DIR: dir() })
          expect(await one.ended).toBe(2)
          expect(one.err()).toMatch(/^opomena: .*(set OPOMENA_DATA_DIR|check the folder)/u)
          expect(one.err().trim().split('\n')).toHaveLength(1)
        }
      },
      60_000,
    )
})
