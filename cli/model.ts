/** `opomena model`: what the training of the encoder reads, made by the code that reads news. */
import type { Command } from 'commander'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { sha256 } from '../core/hash.ts'
import { ConfigError } from '../core/errors.ts'
import { FIELDS } from '../core/labels.ts'
import type { Language } from '../core/labels.ts'
import type { PackCode } from '../classify/pack.ts'
import type { ArchivedArticle } from '../classify/model/train/archive.ts'
import type { Neighbours, Reader, TrainingWindow } from '../classify/model/train/training-windows.ts'
import { writeLine } from './ndjson.ts'
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
    .option('--background <n>', 'unlabelled windows of part A to keep', '100000')
    .addHelpText(
      'after',
      '\nExample:\n  opomena model windows --corpus classify/corpus --tokenizer w/tokenizer.tsv --archives archives --out w',
    )
    .action(writeWindows)
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
    for (const { language, text: written } of readPassages(corpus)) await write(language, marked(written).text)
  }
  for (const source of text) {
    const [language, file] = source.split('=')
    if (!file) throw new ConfigError(`model texts: expected --text language=file, found "${source}"`)
    for (const line of readFileSync(file, 'utf8').split('\n')) await write(language as Language, line)
  }
  if (archives === undefined) return
  const { readArchives } = await import('../classify/model/train/archive.ts')
  for await (const article of readArchives(archives)) {
    if (article.part !== 'A') continue
    await write(article.language, `${article.fields.title}\n${article.fields.text}`)
  }
}

// ---------------------------------------------------------------- windows

interface WindowOptions {
  readonly tokenizer: string
  readonly out: string
  readonly corpus: string
  readonly archives?: string
  readonly background: string
}

async function writeWindows(options: WindowOptions): Promise<void> {
  const { parseTokenizer } = await import('../classify/model/tokenizer.ts')
  const { corpusWindows, trainingReader } = await import('../classify/model/train/training-windows.ts')
  const { readPassages } = await import('../classify/corpus/read.ts')
  const tokenizer = parseTokenizer(readFileSync(options.tokenizer, 'utf8'), options.tokenizer)
  const reader = trainingReader(await openLexicons(), openConfig().events, tokenizer)
  mkdirSync(options.out, { recursive: true })
  const news = options.archives === undefined ? undefined : await readNews(reader, options, options.archives)
  const written = corpusWindows(reader, readPassages(options.corpus), news?.neighbours ?? (() => undefined))
  const counts = {
    corpus: await writeFile(options.out, 'corpus.ndjson', written),
    real: await writeFile(options.out, 'real.ndjson', news?.real ?? []),
    background: await writeFile(options.out, 'background.ndjson', news?.background ?? []),
  }
  await writeLine(process.stdout, { ...counts, tokenizer: tokenizer.hash })
}

interface News {
  readonly real: readonly TrainingWindow[]
  readonly background: readonly TrainingWindow[]
  readonly neighbours: Neighbours
}

async function readNews(
  reader: Reader,
  { corpus, background }: WindowOptions,
  folder: string,
): Promise<News> {
  const { backgroundWindows, realWindows } = await import('../classify/model/train/training-windows.ts')
  const { Lowest } = await import('../classify/model/train/lowest.ts')
  const { readArchives } = await import('../classify/model/train/archive.ts')
  const { readRealLabels } = await import('../classify/corpus/read.ts')
  const labels = Map.groupBy(readRealLabels(corpus), label => `${label.archive}:${String(label.row)}`)
  const real: TrainingWindow[] = []
  const windows = new Lowest<TrainingWindow>(Number(background))
  const sentences = new Map<string, string[]>()
  for await (const article of readArchives(folder)) {
    const key = `${article.archive}:${String(article.row)}`
    const { language, part } = article
    const known = labels.get(key)
    labels.delete(key)
    for (const label of known ?? []) {
      const text = article.fields[label.field]
      if (sha256(text.slice(label.start, label.end)).slice(0, 16) !== label.hash)
        throw new ConfigError(
          `${key}: the passage at ${label.field} ${String(label.start)} is not the one that was labelled`,
        )
      real.push(...realWindows(reader, label, { text, language, part }))
    }
    // What was read is in real.ndjson; the rest of its article may hold what was not read.
    if (part !== 'A' || known) continue
    for (const field of FIELDS) {
      const id = `${key}:${field}`
      for (const window of backgroundWindows(reader, id, { text: article.fields[field], language, part }))
        windows.offer(sha256(window.text), window)
    }
    rememberSentences(sentences, article, reader)
  }
  const [missing] = labels.keys()
  if (missing !== undefined)
    throw new ConfigError(`${missing}: a label is of this row, and ${folder} has none`)
  return { real, background: windows.values(), neighbours: neighboursIn(sentences) }
}

const MAX_SENTENCES = 4_000

/** Pairs of neighbouring sentences, to set passages between. */
function rememberSentences(
  known: Map<string, string[]>,
  { language, fields }: ArchivedArticle,
  reader: Reader,
): void {
  const read = reader.read(language, fields.text.slice(0, 2_000))
  const [first, second] = read?.sentences.slice(1, 3) ?? []
  if (!read || first === undefined || second === undefined || first.length > 300 || second.length > 300)
    return
  const own = known.get(read.code) ?? []
  if (own.length < MAX_SENTENCES) own.push(first, second)
  known.set(read.code, own)
}

function neighboursIn(known: ReadonlyMap<string, readonly string[]>): Neighbours {
  return (code: PackCode, pair: string) => {
    const own = known.get(code) ?? []
    if (own.length < 2) return undefined
    const at = (parseInt(sha256(pair).slice(0, 8), 16) % (own.length / 2)) * 2
    return [own[at]!, own[at + 1]!]
  }
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
