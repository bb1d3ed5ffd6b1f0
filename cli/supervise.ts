/** One child process per stage: started, told what it needs, started again when it dies, and stopped in order. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Source } from '../core/source.ts'
import type { Clock } from '../core/ports.ts'
import type { Logger } from '../core/logger.ts'
import { EXIT } from './exit.ts'

export const WORKERS = ['ingest', 'classify', 'index', 'alerts', 'web'] as const
export type WorkerName = (typeof WORKERS)[number]

/** What the parent tells a worker first. Only a demo has anything to tell. */
export interface Begin {
  readonly kind: 'begin'
  readonly demo?: {
    readonly sources: readonly Source[]
    readonly hosts: readonly (readonly [string, { readonly address: string; readonly port: number }])[]
    readonly hostGapMs: number
  }
}

/** What a worker tells its parent. */
export interface Ready {
  readonly kind: 'ready'
  readonly worker: WorkerName
  /** Where the web answers. */
  readonly port?: number
}

export interface Supervised {
  /** Resolves when every worker has said that it is ready. */
  readonly ready: Promise<ReadonlyMap<WorkerName, Ready>>
  /** Resolves with an exit code when all workers have ended. */
  readonly done: Promise<number>
  stop(): void
}

const ENTRY = fileURLToPath(new URL('./opomena.ts', import.meta.url))
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/** A worker that has lived so long begins its waits anew. */
const STEADY_MS = 60_000
/** Longer than a stage needs for its batch, shorter than what service managers allow. */
const KILL_AFTER_MS = 25_000

export function supervise(options: {
  readonly begin: Begin
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly logger: Logger
}): Supervised {
  const stopping = new AbortController()
  const children = new Map<WorkerName, ChildProcess>()
  const readiness = new Map<WorkerName, Ready>()
  const ready = Promise.withResolvers<ReadonlyMap<WorkerName, Ready>>()
  // Nobody may be waiting for readiness any more when a worker fails.
  ready.promise.catch(() => undefined)
  let code: number = EXIT.ok

  const isStopping = (): boolean => stopping.signal.aborted
  const stop = (): void => {
    if (isStopping()) return
    stopping.abort()
    for (const child of children.values()) endChild(child)
  }

  const keep = async (name: WorkerName): Promise<void> => {
    let wait = FIRST_WAIT_MS
    while (!isStopping()) {
      const started = options.clock.now().getTime()
      const exit = await runOnce(name)
      children.delete(name)
      if (isStopping()) return
      if (exit === EXIT.usage) {
        code = EXIT.usage
        ready.reject(new Error(`${name} cannot start`))
        stop()
        return
      }
      if (options.clock.now().getTime() - started > STEADY_MS) wait = FIRST_WAIT_MS
      options.logger.error(
        { worker: name, exit, againInMs: wait },
        'worker ended by itself and is started again',
      )
      await options.clock.sleep(wait, stopping.signal)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    }
  }

  const runOnce = (name: WorkerName): Promise<number | string> => {
    const child = fork(ENTRY, ['worker', name], {
      env: options.env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    children.set(name, child)
    child.send(options.begin)
    child.on('message', (message: Ready) => {
      readiness.set(message.worker, message)
      if (readiness.size === WORKERS.length) ready.resolve(readiness)
    })
    return new Promise(resolve => {
      child.once('exit', (exit, signal) => resolve(signal ?? exit ?? EXIT.failure))
      child.once('error', () => resolve(EXIT.failure))
    })
  }

  const done = Promise.all(WORKERS.map(keep)).then(() => {
    ready.reject(new Error('stopped before every worker was ready'))
    return code
  })
  return { ready: ready.promise, done, stop }
}

function endChild(child: ChildProcess): void {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
  timer.unref()
  child.once('exit', () => clearTimeout(timer))
}
