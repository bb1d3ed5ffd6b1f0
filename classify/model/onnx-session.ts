/** The network in ONNX Runtime. Runs where it is called and holds the thread: see encoder-worker.ts. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Logits } from './encoder.ts'

export interface Network {
  /** Token ids of windows of about equal length. */
  run(batch: readonly (readonly number[])[]): Promise<Logits[]>
  close(): Promise<void>
}

/** @throws Error when the file is no network. */
export async function openNetwork(file: string, pad: number): Promise<Network> {
  const session = await InferenceSession.create(file, {
    // Threads of our own, one window batch each: two of the runtime's own fight for one core.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableMemPattern: false,
  })
  return {
    async run(batch) {
      const length = Math.max(...batch.map(ids => ids.length))
      const ids = new Int32Array(batch.length * length).fill(pad)
      batch.forEach((one, row) => ids.set(one, row * length))
      const outputs = await session.run({ ids: new Tensor('int32', ids, [batch.length, length]) })
      return batch.map((one, row) => logitsOf(outputs, row, batch.length, one.length))
    },
    close: () => session.release(),
  }
}

function logitsOf(outputs: InferenceSession.ReturnType, row: number, rows: number, length: number): Logits {
  const part = (name: string): Float32Array => {
    const { data } = outputs[name] as { readonly data: Float32Array }
    const width = data.length / rows
    return data.slice(row * width, (row + 1) * width)
  }
  return {
    instance: part('instance')[0]!,
    inside: part('inside').slice(0, length),
    category: part('category'),
    subtype: part('subtype'),
    voice: part('voice'),
    stance: part('stance'),
    vector: part('vector'),
  }
}
