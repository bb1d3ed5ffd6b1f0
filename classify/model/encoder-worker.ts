/** A worker thread that runs the network: the runtime holds the thread it is called on. Its parent is encoder-pool.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { reasonOf } from '../../core/errors.ts'
import type { Logits } from './encoder.ts'
import { openNetwork } from './onnx-session.ts'

export interface WorkerOptions {
  readonly weights: string
}
export interface Ask {
  readonly ask: number
  readonly batch: readonly (readonly number[])[]
}
export type Answer =
  | { readonly ready: true }
  | { readonly ask: number; readonly logits: readonly Logits[] }
  | { readonly ask: number; readonly failure: string }

const port = parentPort
if (!port) throw new Error('expected to be started as a worker thread by encoder-pool.ts')
const answer = (value: Answer): void => {
  port.postMessage(value)
}

const { weights } = workerData as WorkerOptions
const network = await openNetwork(weights)
async function runAll(batch: Ask['batch']): Promise<Logits[]> {
  const all: Logits[] = []
  for (const ids of batch) all.push(await network.run(ids))
  return all
}

port.on('message', ({ ask, batch }: Ask) => {
  runAll(batch).then(
    logits => {
      answer({ ask, logits })
    },
    (error: unknown) => {
      answer({ ask, failure: reasonOf(error) })
    },
  )
})
answer({ ready: true })
