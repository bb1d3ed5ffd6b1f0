/** `opomena model gate`: learns which sentences the encoder reads. */
import type { Command } from 'commander'
import { readFileSync } from 'node:fs'
import { ConfigError } from '../core/errors.ts'
import type { RealLabel } from '../classify/corpus/read.ts'
import type { GateRow, NewsSentence } from '../classify/model/train/gate.ts'
import { writeLine } from './ndjson.ts'
import { openConfig } from './parts.ts'

interface GateCommand {
  readonly weights: string
  readonly corpus: string
  readonly archives: string
  readonly scores?: readonly string[]
  readonly pass: string
  readonly bits: string
}

export function register(model: Command): void {
  model
    .command('gate')
    .description('learn the gate from passages and ordinary news, and put it beside the weights')
    .requiredOption('--weights <folder>', 'the encoder; gate.bin is written there')
    .requiredOption('--corpus <folder>', 'passages and labels')
    .requiredOption('--archives <folder>', 'archives of news, *.jsonl.gz; part A of them')
    .option(
      '--scores <file...>',
      'what `model score` wrote of background.ndjson, to report what is kept of it',
    )
    .option('--pass <share>', 'sentences of news that may be read', '0.015')
    .option('--bits <n>', 'size of the table of weights: two to this power', '20')
    .addHelpText(
      'after',
      '\nExample:\n  opomena model gate --weights out --corpus classify/corpus --archives archives',
    )
    .action(makeGate)
}

async function makeGate({ weights, corpus, archives, scores, pass, bits }: GateCommand): Promise<void> {
  const { addToModel, readEncoderFiles } = await import('../classify/model/encoder-files.ts')
  const { trainGate } = await import('../classify/model/train/gate.ts')
  const { articleRows, passageRows } = await import('../classify/model/train/gate-rows.ts')
  const { readArchives } = await import('../classify/model/train/archive.ts')
  const { readPassages, readRealLabels } = await import('../classify/corpus/read.ts')
  const { trainingReader } = await import('../classify/model/train/training-windows.ts')
  const { loadLexicons } = await import('../classify/lexicon.ts')
  const { tokenizer } = await readEncoderFiles(weights)
  const reader = trainingReader(loadLexicons(), openConfig().events, tokenizer)
  const said = new Map(
    (scores ?? []).flatMap(file => linesOfFile(file).map(({ id, score }) => [id, score] as const)),
  )
  const labels = Map.groupBy(readRealLabels(corpus), keyOf)
  const news: NewsSentence[] = []
  const real: GateRow[] = []
  for await (const article of readArchives(archives)) {
    const own = labels.get(keyOf(article)) ?? []
    // Part B is for measuring alone.
    if (article.part !== 'A') continue
    const rows = articleRows(reader, article, own, said)
    news.push(...rows.news)
    real.push(...rows.instances)
  }
  if (news.length === 0)
    throw new ConfigError(`${archives}: expected *.jsonl.gz with articles of part A, found none`)
  const passages = readPassages(corpus).flatMap(passage => passageRows(reader, passage))
  const options = { bits: Number(bits), epochs: 6, pass: Number(pass) }
  const { bytes, report } = trainGate(news, { passages, real }, options)
  await addToModel(weights, 'gate', bytes)
  await writeLine(process.stdout, { bytes: bytes.length, ...report })
}

function keyOf({ archive, row }: Pick<RealLabel, 'archive' | 'row'>): string {
  return `${archive}:${String(row)}`
}

function linesOfFile(file: string): { readonly id: string; readonly score: number }[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap(line => (line === '' ? [] : [JSON.parse(line) as { id: string; score: number }]))
}
