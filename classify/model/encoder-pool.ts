/** The encoder on this machine: ONNX in worker threads. */
import { Worker } from 'node:worker_threads'
import { reasonOf } from '../../core/errors.ts'
import type { Answer, Ask, WorkerOptions } from './encoder-worker.ts'
import { readEncoderFiles } from './encoder-files.ts'
import { scoreOf } from './encoder.ts'
import type { Encoder, Logits } from './encoder.ts'
import type { Window } from './window.ts'

export interface EncoderOptions {
  /** Folder of encoder.json. */
  readonly folder: string
  /** Threads; each takes about as much memory as the weights, and half of that again. */
  readonly threads?: number
}

/** Windows handed to a thread at once: few enough that all threads have work. */
const MAX_BATCH = 8

/** @throws ConfigError when a file of the model is missing, damaged, or of another version. */
export async function openEncoder({ folder, threads = 1 }: EncoderOptions): Promise<Encoder> {
  const { id, weights, tokenizer } = await readEncoderFiles(folder)
  const options: WorkerOptions = { weights }
  const started = await Promise.allSettled(Array.from({ length: threads }, () => startLane(options)))
  const lanes = started.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
  const close = async (): Promise<void> => {
    await Promise.all(lanes.map(lane => lane.close()))
  }
  const failed = started.find(one => one.status === 'rejected')
  if (failed) {
    await close()
    throw failed.reason
  }
  return {
    id,
    tokenizer,
    async score(windows) {
      const scored = batchesOf(windows).map(async batch => {
        const logits = await freest(lanes).run(batch.map(window => window.ids))
        return batch.map((window, at) => scoreOf(window, logits[at]!))
      })
      return (await Promise.all(scored)).flat()
    },
    close,
  }
}

function batchesOf(windows: readonly Window[]): (readonly Window[])[] {
  const batches: (readonly Window[])[] = []
  for (let from = 0; from < windows.length; from += MAX_BATCH)
    batches.push(windows.slice(from, from + MAX_BATCH))
  return batches
}

// ---------------------------------------------------------------- one thread

interface Lane {
  /** Batches asked for and not answered. */
  waiting(): number
  run(batch: readonly (readonly number[])[]): Promise<readonly Logits[]>
  close(): Promise<void>
}

function freest(lanes: readonly Lane[]): Lane {
  return lanes.reduce((best, lane) => (lane.waiting() < best.waiting() ? lane : best))
}

interface Promised {
  readonly resolve: (logits: readonly Logits[]) => void
  readonly reject: (error: Error) => void
}

/** Resolves when the network is loaded. */
async function startLane(options: WorkerOptions): Promise<Lane> {
  const worker = new Worker(new URL('./encoder-worker.ts', import.meta.url), { workerData: options })
  const promised = new Map<number, Promised>()
  let asked = 0
  let end: Error | undefined
  const ready = Promise.withResolvers<undefined>()
  const fail = (error: Error): void => {
    end ??= error
    ready.reject(end)
    for (const { reject } of promised.values()) reject(end)
    promised.clear()
  }
  worker.on('message', (answer: Answer) => {
    if ('ready' in answer) {
      ready.resolve(undefined)
      return
    }
    const waiter = promised.get(answer.ask)
    promised.delete(answer.ask)
    if ('logits' in answer) waiter?.resolve(answer.logits)
    else waiter?.reject(new Error(`the model failed on a batch: ${answer.failure}`))
  })
  worker.on('error', error => {
    fail(new Error(`${options.weights}: the model stopped: ${reasonOf(error)}`, { cause: error }))
  })
  worker.on('exit', () => {
    fail(new Error('the model was closed'))
  })
  await ready.promise
  // The process may end while nothing is asked.
  worker.unref()
  return {
    waiting: () => promised.size,
    run(batch) {
      if (end) return Promise.reject(end)
      const { promise, resolve, reject } = Promise.withResolvers<readonly Logits[]>()
      const ask: Ask = { ask: (asked += 1), batch }
      promised.set(ask.ask, { resolve, reject })
      worker.ref()
      worker.postMessage(ask)
      return promise.finally(() => {
        if (promised.size === 0) worker.unref()
      })
    },
    async close() {
      await worker.terminate()
    },
  }
}
