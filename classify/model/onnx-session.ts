/** The network in ONNX Runtime. Runs where it is called and holds the thread: see encoder-worker.ts. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Logits } from './encoder.ts'

export interface Network {
  /**
   * One window alone: its numbers are rounded by the largest of them, so a window scored beside others would come out a
   * little different each time. Together they would hardly be faster.
   */
  run(ids: readonly number[]): Promise<Logits>
  close(): Promise<void>
}

/** @throws Error when the file is no network. */
export async function openNetwork(file: string): Promise<Network> {
  const session = await InferenceSession.create(file, {
    // One core a window: two threads on one window gain little, and fight with other workers.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableMemPattern: false,
  })
  return {
    async run(ids) {
      const outputs = await session.run({ ids: new Tensor('int32', Int32Array.from(ids), [1, ids.length]) })
      // A copy: what the runtime hands out is not ours to send to another thread.
      const part = (name: string): Float32Array => Float32Array.from(outputs[name]!.data as Float32Array)
      return {
        instance: part('instance')[0]!,
        inside: part('inside'),
        category: part('category'),
        subtype: part('subtype'),
        voice: part('voice'),
        stance: part('stance'),
        vector: part('vector'),
      }
    },
    close: () => session.release(),
  }
}
