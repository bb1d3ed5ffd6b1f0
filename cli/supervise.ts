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

/** What the parent tells a worker first. */
export interface Begin {
  readonly kind: 'begin'
  /** It has worked before with this configuration: servers that are away now are waited for. */
  readonly again?: boolean
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

export interface SuperviseOptions {
  readonly begin: Begin
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly logger: Logger
  /** Where the first worker answers for its health; the others take the ports behind it. */
  readonly healthPort?: number | undefined
  /** Program of the workers, called with `worker <name>`; this command line unless a test says otherwise. */
  readonly program?: string
  /** From the request to end until a worker is ended by force. */
  readonly killAfterMs?: number
}

const OURSELVES = fileURLToPath(new URL('./opomena.ts', import.meta.url))
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/** A worker that has lived so long begins its waits anew. */
const STEADY_MS = 60_000
/** Longer than a stage needs for its batch, shorter than what service managers allow. */
const KILL_AFTER_MS = 25_000

/** Starts all workers. One that ends by itself is started again; one that ends with a usage error ends them all. */
export function supervise(options: SuperviseOptions): Supervised {
  const { clock, logger } = options
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
    for (const child of children.values()) endChild(child, options.killAfterMs ?? KILL_AFTER_MS)
  }

  const keep = async (name: WorkerName): Promise<void> => {
    for (let wait = FIRST_WAIT_MS; !isStopping();) {
      const started = clock.now().getTime()
      const exit = await runOnce(name)
      if (isStopping()) return
      if (exit === EXIT.usage) {
        code = EXIT.usage
        ready.reject(new Error(`${name} cannot start`))
        stop()
        return
      }
      if (clock.now().getTime() - started > STEADY_MS) wait = FIRST_WAIT_MS
      logger.error({ worker: name, exit, againInMs: wait }, 'worker ended by itself and is started again')
      await clock.sleep(wait, stopping.signal)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    }
  }

  /** Resolves with the exit code, or the signal that ended it. */
  const runOnce = (name: WorkerName): Promise<number | string> => {
    const child = fork(options.program ?? OURSELVES, ['worker', name], {
      env: { ...options.env, ...healthPortOf(name, options.healthPort) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    children.set(name, child)
    child.on('message', (message: Ready) => {
      readiness.set(message.worker, message)
      if (readiness.size === WORKERS.length) ready.resolve(readiness)
    })
    return new Promise(resolve => {
      const ended = (exit: number | string): void => {
        children.delete(name)
        resolve(exit)
      }
      child.once('exit', (exit, signal) => ended(signal ?? exit ?? EXIT.failure))
      child.on('error', cause => {
        logger.warn({ worker: name, reason: cause.message }, 'a worker could not be started or reached')
        // One that is merely beyond reach will exit, which is the end of it.
        if (child.pid === undefined) ended(EXIT.failure)
      })
      child.send(readiness.has(name) ? { ...options.begin, again: true } : options.begin)
    })
  }

  const done = Promise.all(WORKERS.map(keep)).then(() => {
    ready.reject(new Error('stopped before every worker was ready'))
    return code
  })
  return { ready: ready.promise, done, stop }
}

function healthPortOf(name: WorkerName, first: number | undefined): NodeJS.ProcessEnv {
  if (first === undefined) return {}
  return { OPOMENA_HEALTH_PORT: String(first === 0 ? 0 : first + WORKERS.indexOf(name)) }
}

function endChild(child: ChildProcess, killAfterMs: number): void {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  child.once('exit', () => clearTimeout(timer))
}
