/** The real workers as processes of their own, which a test kills and starts at will. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { WORKERS } from '../cli/supervise.ts'
import type { Begin, WorkerName } from '../cli/supervise.ts'
import { keepWords } from './words.ts'

const PROGRAM = join(import.meta.dirname, '..', 'cli', 'opomena.ts')

export interface Fleet {
  startAll(): void
  /** Resolves when it has begun its work since it was last started. */
  atWork(name: WorkerName): Promise<void>
  /** SIGKILL; `meanwhile` happens before it is started again. */
  kill(name: WorkerName, meanwhile?: () => void): Promise<void>
  /** Asks it to end; answers its exit code. */
  end(name: WorkerName): Promise<number | string>
  /** Asks all to end; answers their exit codes. */
  endAll(): Promise<readonly (number | string)[]>
  /** Workers that ended without being told to, with their exit codes. */
  readonly deserters: readonly string[]
  /** Which process is which, and what it does. */
  states(): readonly string[]
  /** Their standard error. */
  said(): string
}

export interface FleetOptions {
  readonly begin: Begin
  readonly env: NodeJS.ProcessEnv
  /** One of each unless said. */
  readonly names?: readonly WorkerName[]
  /** One that was killed may still have its place for a moment: wait for it. */
  readonly standby?: boolean
}

export function fleet({ begin, env, names = WORKERS, standby = false }: FleetOptions): Fleet {
  const running = new Map<
    WorkerName,
    {
      readonly child: ChildProcess
      readonly ended: Promise<number | string>
      readonly atWork: Promise<void>
      readonly begun: () => boolean
    }
  >()
  const dismissed = new Set<ChildProcess>()
  const deserters: string[] = []
  let said = ''

  function start(name: WorkerName): void {
    const child = fork(PROGRAM, ['worker', name, ...(standby ? ['--standby'] : [])], {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      keepWords(name, child.pid, chunk)
    })
    // A worker that is killed while it starts is beyond reach.
    child.on('error', () => undefined)
    const ended = new Promise<number | string>(resolve =>
      child.once('exit', (code, signal) => {
        const how = signal ?? code ?? 1
        if (!dismissed.has(child)) deserters.push(`${name} ended with ${String(how)}`)
        resolve(how)
      }),
    )
    let hasBegun = false
    const atWork = new Promise<void>(resolve =>
      child.once('message', () => {
        hasBegun = true
        resolve()
      }),
    )
    child.send(begin)
    running.set(name, { child, ended, atWork, begun: () => hasBegun })
  }

  function dismiss(name: WorkerName, signal: NodeJS.Signals): Promise<number | string> {
    const { child, ended } = running.get(name)!
    dismissed.add(child)
    child.kill(signal)
    return ended
  }

  return {
    deserters,
    said: () => said,
    states: () =>
      [...running].map(
        ([name, { child, begun }]) => `${name} ${String(child.pid)} ${begun() ? 'at work' : 'starting'}`,
      ),
    atWork: name => running.get(name)!.atWork,
    startAll: () => names.forEach(start),
    async kill(name, meanwhile) {
      await dismiss(name, 'SIGKILL')
      meanwhile?.()
      start(name)
    },
    end: name => dismiss(name, 'SIGTERM'),
    endAll: () => Promise.all(names.map(name => dismiss(name, 'SIGTERM'))),
  }
}
