/** A worker of `log-worker.ts` as a process of its own, and what it says. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Job } from './log-worker.ts'

const WORKER = join(import.meta.dirname, 'log-worker.ts')

export interface Worker {
  readonly child: ChildProcess
  readonly lines: string[]
  /** Resolves with how it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  says(beginning: string): Promise<string>
}

/** `blocks`: files may not grow beyond so many blocks of 512 (or 1,024) bytes, as on a disk that is full. */
export function startWorker(job: Job, blocks?: number): Worker {
  const command = [process.execPath, WORKER, JSON.stringify(job)] as const
  const limited = ['sh', '-c', `ulimit -S -f ${blocks ?? 0}; exec "$@"`, 'sh', ...command] as const
  const [program, ...args] = blocks === undefined ? command : limited
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  createInterface({ input: child.stdout }).on('line', line => {
    lines.push(line)
    for (const listener of listeners) listener(line)
  })
  const worker: Worker = {
    child,
    lines,
    ended: once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    })),
    says: beginning =>
      new Promise((resolve, reject) => {
        const hear = (line: string): void => {
          if (!line.startsWith(beginning)) return
          listeners.delete(hear)
          resolve(line)
        }
        listeners.add(hear)
        lines.forEach(hear)
        void worker.ended.then(({ code, signal }) =>
          reject(
            new Error(
              `the worker ended (${code ?? signal}) before it said "${beginning}": ${lines.join(' | ')}`,
            ),
          ),
        )
      }),
  }
  return worker
}
