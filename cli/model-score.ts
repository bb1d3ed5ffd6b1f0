/** `opomena model score`: what an encoder says of windows, as NDJSON. */
import type { Command } from 'commander'
import { createReadStream } from 'node:fs'
import { ConfigError } from '../core/errors.ts'
import { linesOf, writeLine } from './ndjson.ts'
import { progress } from './progress.ts'

interface ScoreOptions {
  readonly weights: string
  readonly threads: string
  readonly most?: string
}

export function register(model: Command): void {
  model
    .command('score')
    .description('log-odds of windows by an encoder: {id, score} a line')
    .argument('<file>', 'windows, {id, text} a line')
    .requiredOption('--weights <folder>', 'the encoder')
    .option('--threads <n>', 'worker threads', '1')
    .option('--most <n>', 'stop after so many windows')
    .addHelpText(
      'after',
      '\nExample:\n  opomena model score w/background.ndjson --weights out > scores.ndjson',
    )
    .action(writeScores)
}

async function writeScores(file: string, { weights, threads, most }: ScoreOptions): Promise<void> {
  const { openEncoder } = await import('../classify/model/encoder-pool.ts')
  const { scoresOf } = await import('../classify/model/train/window-scores.ts')
  const encoder = await openEncoder({ folder: weights, threads: Number(threads) })
  const shown = progress('score')
  let count = 0
  try {
    for await (const { id, score } of scoresOf(windowsIn(file, Number(most ?? Infinity)), encoder)) {
      await writeLine(process.stdout, { id, score: Math.round(score * 1_000) / 1_000 })
      shown.update((count += 1))
    }
  } finally {
    await encoder.close()
  }
  shown.end()
}

/** @throws ConfigError when a line is no window. */
export async function* windowsIn(
  file: string,
  most = Infinity,
): AsyncGenerator<{ readonly id: string; readonly text: string }> {
  let line = 0
  for await (const json of linesOf(createReadStream(file))) {
    if (line >= most) return
    line += 1
    const { id, text } = JSON.parse(json) as { id?: unknown; text?: unknown }
    if (typeof id !== 'string' || typeof text !== 'string')
      throw new ConfigError(`${file}:${String(line)}: expected {id, text} of a window`)
    yield { id, text }
  }
}
