/** Articles a second through rules, gate and model, beside a transformer that reads every sentence; its time and its memory. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readDetectorFiles, readEncoderFiles, SHIPPED } from '../../classify/model/encoder-files.ts'
import { openEncoder } from '../../classify/model/encoder-pool.ts'
import { createDetector } from '../../classify/model/detector.ts'
import { openNetwork } from '../../classify/model/onnx-session.ts'
import { windowsOf } from '../../classify/model/window.ts'
import { silentLogger } from '../../core/logger.ts'
import { bundledClassifier, THRESHOLDS } from '../classify/bundled.ts'
import { tinyDetector } from '../classify/model/tiny-detector.ts'
import { newsLike } from './news-like.ts'
import type { ProcessFigures } from './model-process.ts'
import { figure, measure, median, ratio } from './table.ts'
import type { BenchOptions, Table } from './table.ts'

export const name = 'model'

export async function bench({ quick }: BenchOptions): Promise<Table> {
  const shipped = await readDetectorFiles(SHIPPED).then(
    () => true,
    () => false,
  )
  if (shipped) return benchOf(SHIPPED, quick, 'the shipped model')
  const { folder, remove } = await tinyDetector()
  try {
    return await benchOf(
      folder,
      quick,
      'NO MODEL IS SHIPPED: the tiny one of the tests, which says nothing of speed',
    )
  } finally {
    await remove()
  }
}

async function benchOf(folder: string, quick: boolean, which: string): Promise<Table> {
  const rules = bundledClassifier()
  const files = await readDetectorFiles(folder)
  const encoder = await openEncoder({ folder })
  const detector = createDetector({
    ...{ rules, encoder, files, logger: silentLogger, rulesAlone: THRESHOLDS },
    thresholds: THRESHOLDS.default,
  })
  const inputs = newsLike(quick ? 20 : 400).map(
    (text, at) => ({ id: String(at), text, declaredLanguage: 'hr' }) as const,
  )
  const few = inputs.slice(0, quick ? 2 : 20)
  const everySentence = async (): Promise<number> => {
    for (const input of few) {
      for (const { readings, code } of rules.read(input).parts) {
        for (const reading of readings) {
          const windows = windowsOf(reading, code, encoder.tokenizer)
          await encoder.score(Array.from({ length: windows.count }, (_, at) => windows.at(at)).flat())
        }
      }
    }
    return few.length
  }
  const [ours, theirs] = await measure(
    [
      {
        name: 'rules + gate + model',
        async run() {
          await detector.classifyAll(inputs)
          return inputs.length
        },
      },
      { name: 'the model on every sentence', run: everySentence },
    ],
    quick ? 1 : 5,
  )
  const { windows, sentences } = detector.reads
  await detector.close()
  const { startMs, megabytes } = await inItsOwnProcess(folder)
  return {
    title: 'Model: news-like articles of 24 sentences a second, one core',
    columns: ['what', 'articles/s', 'articles/CPU-s', 'ratio'],
    rows: [ours!, theirs!].map(one => [
      one.name,
      figure(one.perSecond),
      figure(one.perCpuSecond),
      ratio(one.perCpuSecond, theirs!.perCpuSecond),
    ]),
    notes: [
      which,
      `48 tokens in ${(await msOf48Tokens(folder, quick)).toFixed(1)} ms on one core`,
      `${((100 * windows) / sentences).toFixed(2)} windows read of 100 sentences`,
      `a process that classifies: ${megabytes.toFixed(0)} MB resident, ready ${(startMs / 1000).toFixed(1)} s after its start`,
    ],
  }
}

async function msOf48Tokens(folder: string, quick: boolean): Promise<number> {
  const { weights, tokenizer } = await readEncoderFiles(folder)
  const network = await openNetwork(weights)
  const ids = Array.from({ length: 48 }, (_, at) =>
    at === 0 ? tokenizer.bos : at === 47 ? tokenizer.eos : 100 + at * 7,
  )
  const times: number[] = []
  for (let round = 0; round < (quick ? 10 : 200); round += 1) {
    const begin = performance.now()
    await network.run(ids)
    times.push(performance.now() - begin)
  }
  await network.close()
  return median(times)
}

async function inItsOwnProcess(folder: string): Promise<ProcessFigures> {
  const script = join(import.meta.dirname, 'model-process.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, folder])
  return JSON.parse(stdout) as ProcessFigures
}
