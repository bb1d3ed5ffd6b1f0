/** One server of the test cluster: a process of its own that outlives the command, found again by its pid file. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Three seconds on a machine that is not busy. */
const START_LIMIT_MS = 120_000
const STOP_LIMIT_MS = 15_000

/** For servers that live for minutes: compiled once and simply, they are ready in half the time. */
export const SHORT_LIVED = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

export interface Launch {
  readonly name: string
  /** Holds the pid file and the log. */
  readonly folder: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Given what it has logged since this start. */
  readonly ready: (log: string) => Promise<boolean> | boolean
}

/** Resolves when it is ready. @throws with the end of its log when it ends or takes too long. */
export async function launch({ name, folder, command, args, env, ready }: Launch): Promise<void> {
  const log = join(folder, 'server.log')
  const out = openSync(log, 'a')
  const before = statSync(log).size
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', out, out],
  })
  closeSync(out)
  child.unref()
  writeFileSync(join(folder, 'pid'), String(child.pid))
  const end = Date.now() + START_LIMIT_MS
  while (Date.now() < end && child.exitCode === null) {
    if (await ready(readFileSync(log).subarray(before).toString())) return
    await sleep(100)
  }
  const how =
    child.exitCode === null
      ? `was not ready after ${START_LIMIT_MS / 1000} s`
      : `ended with ${child.exitCode}`
  await stop(folder)
  throw new Error(`${name} ${how}; the end of ${log}:\n${readFileSync(log, 'utf8').slice(-3000)}`)
}

/** Ends the server of that folder, if one runs there. */
export async function stop(folder: string): Promise<void> {
  const file = join(folder, 'pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8'))
  // A pid may have passed to somebody else since.
  if (!commandOf(pid).includes(folder)) {
    rmSync(file)
    return
  }
  process.kill(pid, 'SIGTERM')
  const end = Date.now() + STOP_LIMIT_MS
  while (commandOf(pid) !== '' && Date.now() < end) await sleep(50)
  if (commandOf(pid) !== '') process.kill(pid, 'SIGKILL')
  rmSync(file, { force: true })
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Below what the system gives to outgoing connections: one of those would take the port of a server that is away. */
const LOWEST_PORT = 20_000
const PORTS = 12_000
const PORT_TRIES = 100

/** A port that a server can have, also when it comes back to it later. */
export async function freePort(): Promise<number> {
  for (let left = PORT_TRIES; left > 0; left--) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORTS)
    if (await isFree(port)) return port
  }
  throw new Error(`expected a free port of 127.0.0.1, none of ${PORT_TRIES} is; end some servers`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise(resolve => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
