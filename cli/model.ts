/** `opomena model`: what the training of the encoder reads, made by the code that reads news. */
import type { Command } from 'commander'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { basename, join } from 'node:path'
import type { Writable } from 'node:stream'
import { ConfigError } from '../core/errors.ts'
import { FIELDS, LANGUAGES } from '../core/labels.ts'
import type { Language } from '../core/labels.ts'
import type { Neighbours, Reader, TrainingWindow } from '../classify/model/train/training-windows.ts'
import { writeLine } from './ndjson.ts'
import { register as registerCalibrate } from './model-calibrate.ts'
import { register as registerCompare } from './model-compare.ts'
import { register as registerGate } from './model-gate.ts'
import { register as registerScore } from './model-score.ts'
import { openConfig } from './parts.ts'

export function register(program: Command): void {
  const model = program.command('model').description('make what the training of the encoder reads')
  model
    .command('texts')
    .description('texts as the encoder reads them, to count its vocabulary: {language, text} a line')
    .option('--corpus <folder>', 'passages of the corpus')
    .option('--archives <folder>', 'archives of news, *.jsonl.gz; part A of them')
    .option('--text <language=file...>', 'other texts, a line each')
    .addHelpText(
      'after',
      '\nExample:\n  opomena model texts --corpus classify/corpus --text mk=mk.txt > texts.ndjson',
    )
    .action(writeTexts)
  model
    .command('windows')
    .description('labelled and unlabelled windows of the corpus and of archives, one file each')
    .requiredOption('--tokenizer <file>', 'the cut vocabulary')
    .requiredOption('--out <folder>', 'where corpus.ndjson, real.ndjson and background.ndjson go')
    .requiredOption('--corpus <folder>', 'passages and labels')
    .option('--archives <folder>', 'archives of news, *.jsonl.gz, for real labels and background')
    .option(
      '--text <language=file...>',
      'other unlabelled texts, a passage a line, for languages without an archive',
    )
    .option('--background <n>', 'unlabelled windows of part A to keep', '100000')
    .addHelpText(
      'after',
      '\nExample:\n  opomena model windows --corpus classify/corpus --tokenizer w/tokenizer.tsv --archives archives --out w',
    )
    .action(writeWindows)
  registerScore(model)
  registerGate(model)
  registerCalibrate(model)
  registerCompare(model)
}

// ---------------------------------------------------------------- texts

interface TextOptions {
  readonly corpus?: string
  readonly archives?: string
  readonly text?: readonly string[]
}

async function writeTexts({ corpus, archives, text = [] }: TextOptions): Promise<void> {
  const { plainReader } = await import('../classify/model/train/training-texts.ts')
  const read = plainReader(await openLexicons(), openConfig().events)
  const write = async (language: Language, raw: string): Promise<void> => {
    const written = read(language, raw)
    if (written) await writeLine(process.stdout, { language, text: written })
  }
  if (corpus !== undefined) {
    const { readPassages } = await import('../classify/corpus/read.ts')
    const { marked } = await import('../classify/corpus/passage.ts')
    for (const { language, text: written } of readPassages(corpus))
      await write(language, marked(written).text)
  }
  for (const { language, lines } of text.map(linesGiven))
    for (const line of lines) await write(language, line)
  if (archives === undefined) return
  const { readArchives } = await import('../classify/model/train/archive.ts')
  for await (const article of readArchives(archives)) {
    if (article.part !== 'A') continue
    await write(article.language, `${article.fields.title}\n${article.fields.text}`)
  }
}

/** @throws ConfigError */
function linesGiven(source: string): {
  readonly language: Language
  readonly file: string
  readonly lines: readonly string[]
} {
  const [code, file] = source.split('=')
  const language = LANGUAGES.find(one => one === code)
  if (!language || !file) throw new ConfigError(`model: expected --text language=file, found "${source}"`)
  return { language, file, lines: readFileSync(file, 'utf8').split('\n') }
}

// ---------------------------------------------------------------- windows

interface WindowOptions {
  readonly tokenizer: string
  readonly out: string
  readonly corpus: string
  readonly archives?: string
  readonly text?: readonly string[]
  readonly background: string
}

async function writeWindows(options: WindowOptions): Promise<void> {
  const { parseTokenizer } = await import('../classify/model/tokenizer.ts')
  const { corpusWindows, trainingReader } = await import('../classify/model/train/training-windows.ts')
  const { readPassages } = await import('../classify/corpus/read.ts')
  const tokenizer = parseTokenizer(readFileSync(options.tokenizer, 'utf8'), options.tokenizer)
  const reader = trainingReader(await openLexicons(), openConfig().events, tokenizer)
  mkdirSync(options.out, { recursive: true })
  const passages = readPassages(options.corpus)
  if (passages.length === 0)
    throw new ConfigError(
      `${options.corpus}: expected passages in written/*.ndjson or edits/*.ndjson, found none`,
    )
  const { real, background, neighbours } = await readNews(reader, options)
  const counts = {
    corpus: await writeFile(options.out, 'corpus.ndjson', corpusWindows(reader, passages, neighbours)),
    real: await writeFile(options.out, 'real.ndjson', real),
    background: await writeFile(options.out, 'background.ndjson', background),
  }
  await writeLine(process.stdout, { ...counts, tokenizer: tokenizer.hash })
}

interface News {
  readonly real: readonly TrainingWindow[]
  readonly background: readonly TrainingWindow[]
  readonly neighbours: Neighbours
}

async function readNews(reader: Reader, options: WindowOptions): Promise<News> {
  const { realWindows } = await import('../classify/model/train/training-windows.ts')
  const { readArchives } = await import('../classify/model/train/archive.ts')
  const { readRealLabels } = await import('../classify/corpus/read.ts')
  const { Unlabelled } = await import('../classify/model/train/unlabelled.ts')
  const unlabelled = new Unlabelled(reader, Number(options.background))
  for (const { language, file, lines } of (options.text ?? []).map(linesGiven))
    lines.forEach((line, row) => {
      unlabelled.take(`${basename(file)}:${String(row)}`, language, [line])
    })
  const real: TrainingWindow[] = []
  const labels = Map.groupBy(readRealLabels(options.corpus), label => `${label.archive}:${String(label.row)}`)
  const folder = options.archives
  for await (const article of folder === undefined ? [] : readArchives(folder)) {
    const key = `${article.archive}:${String(article.row)}`
    const { language, part, fields } = article
    for (const label of labels.get(key) ?? [])
      real.push(...realWindows(reader, label, { text: fields[label.field], language, part }))
    const wasRead = labels.delete(key)
    // The rest of an article that was read may hold what was not.
    if (part !== 'A' || wasRead) continue
    const texts = FIELDS.map(field => fields[field])
    unlabelled.take(key, language, texts)
  }
  const [missing] = labels.keys()
  if (missing !== undefined)
    throw new ConfigError(`${missing}: a label is of this row, and ${folder ?? 'no archive given'} has none`)
  return { real, background: unlabelled.windows(), neighbours: unlabelled.neighbours }
}

async function openLexicons(): Promise<import('../classify/lexicon.ts').Lexicons> {
  const { loadLexicons } = await import('../classify/lexicon.ts')
  return loadLexicons()
}

async function writeFile(folder: string, name: string, windows: Iterable<TrainingWindow>): Promise<number> {
  const output: Writable = createWriteStream(join(folder, name))
  let count = 0
  for (const window of windows) {
    await writeLine(output, window)
    count += 1
  }
  output.end()
  await once(output, 'finish')
  return count
}
