/** `opomena model compare`: what would come and go if one model took the place of another. */
import type { Command } from 'commander'
import { createReadStream, createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { z } from 'zod'
import type { ClassifierInput } from '../classify/article-texts.ts'
import type { ArticleClassifier } from '../classify/classifier.ts'
import { ConfigError } from '../core/errors.ts'
import type { Flag } from '../core/finding.ts'
import { LANGUAGES } from '../core/labels.ts'
import { openModel } from './detector.ts'
import type { OpenClassifier } from './detector.ts'
import { linesOf, writeLine } from './ndjson.ts'
import { openClassifier, openConfig, openLogger } from './parts.ts'
import { progress } from './progress.ts'

/** A text that both read; `isInstance` where a person has said it. */
export interface Compared {
  readonly input: ClassifierInput
  readonly isInstance?: boolean
}

export interface Side {
  /** Texts with a flag, and flags. */
  flagged: number
  flags: number
  /** Of texts that a person has judged: rightly flagged, and flagged for nothing. */
  found: number
  falseAlarms: number
}

export interface Comparison {
  texts: number
  /** Texts that a person has judged to hold an instance, and to hold none. */
  instances: number
  harmless: number
  readonly a: Side
  readonly b: Side
  /** Flags that B has and A has not, and the other way round; and those of both whose confidence differs much. */
  come: number
  go: number
  moved: number
}

export interface Change {
  readonly change: 'comes' | 'goes' | 'moves'
  readonly id: string
  readonly isInstance?: boolean
  readonly flag: Flag
  /** Of A, where both have it. */
  readonly before?: number
}

export function register(model: Command): void {
  model
    .command('compare')
    .description('count the flags that would come and go if model B took the place of A')
    .argument('<a>', 'folder of weights, or none: the rules alone')
    .argument('<b>', 'folder of weights, or none')
    .requiredOption(
      '--on <what>',
      'suite; labels: the corpus, which models have learnt from; or a file: articles as `classify` reads them, or what `labels export` wrote',
    )
    .option('--list <file>', 'write every flag that comes, goes or moves; contains quotes')
    .addHelpText(
      'after',
      '\nExample:\n  opomena model compare classify/model/weights w/new --on labels --list changes.ndjson',
    )
    .action(run)
}

async function run(a: string, b: string, { on, list }: { on: string; list?: string }): Promise<void> {
  const one = await openSide(a)
  const other = await openSide(b)
  const output = list === undefined ? undefined : createWriteStream(list)
  try {
    const write = async (change: Change): Promise<void> => {
      if (output) await writeLine(output, change)
    }
    await writeLine(process.stdout, await compare(one, other, textsOf(on), write))
  } finally {
    await one.close()
    await other.close()
    if (output) {
      output.end()
      await once(output, 'finish')
    }
  }
}

/** Unlike the worker this fails where a model cannot be used: a comparison with something else would mislead. */
async function openSide(weights: string): Promise<OpenClassifier> {
  const config = openConfig()
  if (weights !== 'none') return openModel(config, openLogger(config, 'compare'), weights)
  return { ...(await openClassifier(config)), close: () => Promise.resolve() }
}

// ---------------------------------------------------------------- the comparison

const CHUNK = 32
/** A flag that is so much more or less sure has moved. */
const MOVED = 0.2
const COUNTED = { comes: 'come', goes: 'go', moves: 'moved' } as const

export async function compare(
  a: ArticleClassifier,
  b: ArticleClassifier,
  texts: AsyncIterable<Compared> | Iterable<Compared>,
  tell: (change: Change) => Promise<void>,
): Promise<Comparison> {
  const none = (): Side => ({ flagged: 0, flags: 0, found: 0, falseAlarms: 0 })
  const sum: Comparison = {
    ...{ texts: 0, instances: 0, harmless: 0, a: none(), b: none(), come: 0, go: 0, moved: 0 },
  }
  const shown = progress('compare')
  for await (const chunk of inChunks(texts)) {
    const inputs = chunk.map(({ input }) => input)
    const before = await a.classifyAll(inputs)
    const after = await b.classifyAll(inputs)
    for (const [at, { input, isInstance }] of chunk.entries()) {
      const [old, now] = [before[at]!.flags, after[at]!.flags]
      sum.texts += 1
      if (isInstance === true) sum.instances += 1
      if (isInstance === false) sum.harmless += 1
      count(sum.a, old, isInstance)
      count(sum.b, now, isInstance)
      for (const change of changesOf(old, now)) {
        sum[COUNTED[change.change]] += 1
        await tell({ ...change, id: input.id, ...(isInstance !== undefined && { isInstance }) })
      }
    }
    shown.update(sum.texts)
  }
  shown.end()
  return sum
}

function count(side: Side, flags: readonly Flag[], isInstance: boolean | undefined): void {
  side.flags += flags.length
  if (flags.length === 0) return
  side.flagged += 1
  if (isInstance === true) side.found += 1
  if (isInstance === false) side.falseAlarms += 1
}

/** Flags are the same where their passages overlap and say the same: ids hold the quote, which a model marks otherwise. */
function changesOf(old: readonly Flag[], now: readonly Flag[]): Omit<Change, 'id'>[] {
  const comes = now.filter(flag => !old.some(other => isSame(flag, other)))
  const goes = old.filter(flag => !now.some(other => isSame(flag, other)))
  const moves = now.flatMap((flag): Omit<Change, 'id'>[] => {
    const other = old.find(one => isSame(flag, one))
    if (!other || Math.abs(other.confidence - flag.confidence) < MOVED) return []
    return [{ change: 'moves', flag, before: other.confidence }]
  })
  return [
    ...comes.map(flag => ({ change: 'comes', flag }) as const),
    ...goes.map(flag => ({ change: 'goes', flag }) as const),
    ...moves,
  ]
}

function isSame(one: Flag, other: Flag): boolean {
  return (
    one.category === other.category &&
    one.field === other.field &&
    one.start < other.end &&
    other.start < one.end
  )
}

async function* inChunks<T>(values: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T[]> {
  let chunk: T[] = []
  for await (const value of values) {
    chunk.push(value)
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

// ---------------------------------------------------------------- what is compared on

const CORPUS = join(import.meta.dirname, '..', 'classify', 'corpus')

async function* textsOf(on: string): AsyncGenerator<Compared> {
  if (on === 'suite') {
    const { EXAM, loadExam, isPositive } = await import('../test/eval/suite.ts')
    for (const passage of loadExam(EXAM).passages) {
      const { id, text, title, section, language } = passage
      const input = { id, text, title, section, declaredLanguage: language }
      yield { input, isInstance: isPositive(passage) }
    }
  } else if (on === 'labels') {
    const { readPassages } = await import('../classify/corpus/read.ts')
    for (const { id, language, text, label } of readPassages(CORPUS))
      yield comparedPassage({ id, language, text, label })
  } else yield* textsIn(on)
}

const fileRow = z.object({
  id: z.string(),
  title: z.string().nullish(),
  lead: z.string().nullish(),
  text: z.string(),
  lang: z.enum(LANGUAGES).nullish(),
  language: z.enum(LANGUAGES).nullish(),
  /** Of a passage of `labels export`. */
  label: z.string().nullish(),
})

/** @throws ConfigError when a line is neither an article nor a passage. */
async function* textsIn(file: string): AsyncGenerator<Compared> {
  let line = 0
  for await (const json of linesOf(createReadStream(file))) {
    line += 1
    if (json === '') continue
    const row = fileRow.safeParse(parsed(json))
    if (!row.success)
      throw new ConfigError(
        `${file}:${String(line)}: expected {id, text, title?, lang?} or a passage of \`labels export\`; ${z.prettifyError(row.error)}`,
      )
    const { id, title, lead, text, label, language, lang } = row.data
    if (typeof label === 'string')
      yield comparedPassage({ id, text, label, language: language ?? lang ?? undefined })
    else
      yield {
        input: {
          ...{ id, text, title: title ?? undefined, lead: lead ?? undefined },
          declaredLanguage: lang ?? language ?? undefined,
        },
      }
  }
}

function comparedPassage(passage: {
  readonly id: string
  readonly text: string
  readonly label: string
  readonly language: ClassifierInput['declaredLanguage']
}): Compared {
  const { id, text, label, language } = passage
  const input = { id, text: text.replace(/[⟦⟧]/gu, ''), declaredLanguage: language }
  return { input, ...(label !== 'borderline' && { isInstance: label !== 'none' }) }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
