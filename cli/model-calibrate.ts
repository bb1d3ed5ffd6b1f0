/** `opomena model calibrate` and `model examples`: what makes a detector of an encoder. */
import type { Command } from 'commander'
import { createReadStream } from 'node:fs'
import { ConfigError } from '../core/errors.ts'
import { sha256 } from '../core/hash.ts'
import type { RealLabel } from '../classify/corpus/read.ts'
import type { ReviewedPassage } from '../classify/corpus/from-verdict.ts'
import type { CalibrationRow } from '../classify/model/train/calibrate.ts'
import type { Said } from '../classify/model/train/calibration-rows.ts'
import { linesOf, writeLine } from './ndjson.ts'
import { openClassifier, openConfig } from './parts.ts'

interface CalibrateCommand {
  readonly weights: string
  readonly corpus: string
  readonly archives: string
  readonly heldOut: readonly string[]
  readonly scores: readonly string[]
  readonly verdicts?: string
  readonly floor: string
}

export function register(model: Command): void {
  model
    .command('calibrate')
    .description(
      'fit the combiner on real news, put it beside the weights, and print how far it can be believed',
    )
    .requiredOption('--weights <folder>', 'the encoder; combiner.json is written there')
    .requiredOption('--corpus <folder>', 'labels of real news')
    .requiredOption('--archives <folder>', 'archives of news, *.jsonl.gz; part A of them')
    .requiredOption(
      '--held-out <file...>',
      'scores out of fold of labelled passages: held-out.ndjson of training',
    )
    .requiredOption('--scores <file...>', 'scores of unlabelled windows, {id, score} a line')
    .option('--verdicts <file>', 'what `labels export` wrote: frees the offset of a language with 50 of them')
    .option('--floor <log-odds>', 'unlabelled windows below are as harmless as any and left out', '-3')
    .addHelpText(
      'after',
      '\nExample:\n  opomena model calibrate --weights out --corpus classify/corpus --archives archives --held-out w/f*/held-out.ndjson --scores scores.ndjson',
    )
    .action(makeCombiner)
  model
    .command('examples')
    .description('put the labelled examples that flags are compared with beside the weights')
    .requiredOption('--weights <folder>', 'the encoder; examples.bin is written there')
    .requiredOption('--windows <file>', 'corpus.ndjson of `model windows`')
    .option('--most <n>', 'examples to keep', '3700')
    .addHelpText('after', '\nExample:\n  opomena model examples --weights out --windows w/corpus.ndjson')
    .action(makeExamples)
}

// ---------------------------------------------------------------- the combiner

async function makeCombiner(options: CalibrateCommand): Promise<void> {
  const { addToModel } = await import('../classify/model/encoder-files.ts')
  const { openEncoder } = await import('../classify/model/encoder-pool.ts')
  const { calibrate } = await import('../classify/model/train/calibrate.ts')
  const encoder = await openEncoder({ folder: options.weights })
  try {
    const { rows, items } = await readRows(options, encoder)
    if (!rows.some(row => row.isInstance))
      throw new ConfigError(
        `${options.heldOut.join(', ')}: expected scores of labelled instances of real news, found none`,
      )
    const { combiner, report } = calibrate(rows, items)
    const facts = { v: 1, encoder: encoder.id, ...combiner }
    await addToModel(options.weights, 'combiner', Buffer.from(`${JSON.stringify(facts, undefined, 2)}\n`))
    await writeLine(process.stdout, { ...combiner, ...report })
  } finally {
    await encoder.close()
  }
}

async function readRows(
  options: CalibrateCommand,
  encoder: import('../classify/model/encoder.ts').Encoder,
): Promise<{ rows: CalibrationRow[]; items: number }> {
  const { articleRows } = await import('../classify/model/train/calibration-rows.ts')
  const { readArchives } = await import('../classify/model/train/archive.ts')
  const { readRealLabels } = await import('../classify/corpus/read.ts')
  const rules = await openClassifier(openConfig())
  const all = readRealLabels(options.corpus)
  const labels = Map.groupBy(all, keyOf)
  const { said, asked } = await readScores(options)
  const held = all.filter(label => said.passages.has(`${keyOf(label)}:${label.field}:${String(label.start)}`))
  const rows: CalibrationRow[] = []
  const counts = { items: 0, characters: 0, read: 0, sentences: 0 }
  const wanted = new Set([...said.windows.keys()].map(articleOf))
  for await (const article of readArchives(options.archives)) {
    if (article.part !== 'A') continue
    counts.items += 1
    counts.characters += Object.values(article.fields).reduce((sum, text) => sum + text.length, 0)
    const key = keyOf(article)
    const own = labels.get(key) ?? []
    if (own.length === 0 && !wanted.has(key)) continue
    const weights = { labelled: all.length / Math.max(1, held.length), unlabelled: NaN }
    rows.push(...articleRows(rules, encoder.tokenizer, article, own, said, weights))
  }
  // A sentence of news has about so many characters; the windows asked stand for all of them.
  const unlabelled = Math.max(1, counts.characters / CHARACTERS / Math.max(1, asked))
  const weighed = rows.map(row => (Number.isNaN(row.weight) ? { ...row, weight: unlabelled } : row))
  const written = await writtenRows(options.corpus, rules, said)
  const weight = massOf(weighed) / Math.max(1, written.filter(row => row.isInstance).length)
  return {
    rows: [
      ...weighed,
      ...written.map(row => ({ ...row, weight })),
      ...(await verdictRows(options, rules, encoder)),
    ],
    items: counts.items,
  }
}

/** Written instances together count as much as the real ones, and their look-alikes as much again. */
function massOf(rows: readonly CalibrationRow[]): number {
  return rows.reduce((sum, row) => sum + (row.isInstance ? row.weight : 0), 0)
}

async function writtenRows(
  corpus: string,
  rules: import('../classify/classifier.ts').Classifier,
  { written }: Said,
): Promise<CalibrationRow[]> {
  const { writtenRow } = await import('../classify/model/train/calibration-rows.ts')
  const { readPassages } = await import('../classify/corpus/read.ts')
  return readPassages(corpus).flatMap(passage => {
    const scores = written.get(passage.id)
    return (scores && writtenRow(rules, passage, scores)) ?? []
  })
}

const CHARACTERS = 110

async function readScores({
  heldOut,
  scores,
  floor,
}: CalibrateCommand): Promise<{ said: Said; asked: number }> {
  const passages = new Map<string, number[]>()
  const written = new Map<string, number[]>()
  for (const file of heldOut) {
    for await (const { id, origin, instance } of rowsOf<{ id: string; origin: string; instance: number }>(
      file,
    )) {
      if (origin === 'background') continue
      const known = origin === 'real' ? passages : written
      known.set(id, [...(known.get(id) ?? []), instance])
    }
  }
  const windows = new Map<string, number>()
  let asked = 0
  for (const file of scores) {
    for await (const { id, score } of rowsOf<{ id: string; score: number }>(file)) {
      asked += 1
      if (score >= Number(floor)) windows.set(id, score)
    }
  }
  return { said: { passages, written, windows }, asked }
}

async function verdictRows(
  { verdicts }: CalibrateCommand,
  rules: import('../classify/classifier.ts').Classifier,
  encoder: import('../classify/model/encoder.ts').Encoder,
): Promise<CalibrationRow[]> {
  const { verdictRow } = await import('../classify/model/train/calibration-rows.ts')
  const rows: CalibrationRow[] = []
  if (verdicts === undefined) return rows
  for await (const passage of rowsOf<ReviewedPassage>(verdicts)) {
    const row = await verdictRow(rules, encoder, passage)
    if (row) rows.push(row)
  }
  return rows
}

// ---------------------------------------------------------------- the examples

interface ExampleWindow {
  readonly id: string
  readonly text: string
  readonly origin: string
  readonly form: string
  readonly label: string
}

async function makeExamples({
  weights,
  windows,
  most,
}: {
  weights: string
  windows: string
  most: string
}): Promise<void> {
  const { addToModel } = await import('../classify/model/encoder-files.ts')
  const { openEncoder } = await import('../classify/model/encoder-pool.ts')
  const { writeExamples } = await import('../classify/model/examples.ts')
  const { windowOfText } = await import('../classify/model/train/window-scores.ts')
  // The first window of a passage that shows what is marked; those of a pair alike, instance and harmless.
  const first = new Map<string, ExampleWindow>()
  for await (const window of rowsOf<ExampleWindow>(windows)) {
    const wanted = window.origin === 'written' && window.form === 'plain' && window.label !== 'borderline'
    if (wanted && !first.has(window.id)) first.set(window.id, window)
  }
  // Pairs whole and of all hands and languages, should there be more than may be kept.
  const pairs = Map.groupBy(first.values(), ({ id }) => sha256(id.slice(0, -1)))
  const chosen = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, own]) => own)
  chosen.length = Math.min(chosen.length, Number(most))
  if (chosen.length === 0)
    throw new ConfigError(`${windows}: expected windows of written passages, found none`)
  const encoder = await openEncoder({ folder: weights })
  try {
    const scores = await encoder.score(chosen.map(({ text }) => windowOfText(text, encoder.tokenizer)))
    const bytes = writeExamples(
      encoder.id,
      chosen.map(({ id }, at) => ({ id, vector: scores[at]!.vector })),
    )
    await addToModel(weights, 'examples', bytes)
    await writeLine(process.stdout, { examples: chosen.length, bytes: bytes.length })
  } finally {
    await encoder.close()
  }
}

// ---------------------------------------------------------------- files

async function* rowsOf<T>(file: string): AsyncGenerator<T> {
  let line = 0
  for await (const json of linesOf(createReadStream(file))) {
    line += 1
    if (json === '') continue
    try {
      yield JSON.parse(json) as T
    } catch {
      throw new ConfigError(`${file}:${String(line)}: expected one JSON object; make the file again`)
    }
  }
}

function keyOf({ archive, row }: Pick<RealLabel, 'archive' | 'row'>): string {
  return `${archive}:${String(row)}`
}

function articleOf(window: string): string {
  return window.split(':').slice(0, 2).join(':')
}
