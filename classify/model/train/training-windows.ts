/** Training windows: passages and news as the encoder will see them, made by the same code that makes them for news. */
import { ConfigError } from '../../../core/errors.ts'
import { sha256 } from '../../../core/hash.ts'
import type { Language } from '../../../core/labels.ts'
import { candidatesIn } from '../../candidates-in.ts'
import { compileEngine } from '../../engine.ts'
import type { Engine } from '../../engine.ts'
import { packCodeOf } from '../../languages.ts'
import type { Lexicons } from '../../lexicon.ts'
import type { PackCode } from '../../pack.ts'
import { readField } from '../../reading.ts'
import type { Reading } from '../../reading.ts'
import type { AtrocityEvent } from '../../../core/reference.ts'
import { marked, pairOf } from '../../corpus/passage.ts'
import type { CorpusPassage, RealLabel } from '../../corpus/read.ts'
import type { Tokenizer } from '../tokenizer.ts'
import { windowsOf } from '../window.ts'
import type { Window, Windows } from '../window.ts'

/** A line of what training reads. Token places count the opening token; end exclusive. */
export interface TrainingWindow {
  /** Of the passage; its windows share it, and one of them is taken in each epoch. */
  readonly id: string
  readonly origin: 'written' | 'edits' | 'real' | 'background'
  readonly language: Language
  /** How it was made from the passage: as it is, or set between sentences of real news. */
  readonly form: 'plain' | 'planted'
  readonly text: string
  /** With the two outer ones: the tokenizer of training must count as many. */
  readonly tokens: number
  readonly label: string
  /** Tokens of the marked stretch. */
  readonly span?: readonly [from: number, to: number]
  readonly hand?: string
  readonly behaviour?: string
  readonly kind?: string
  readonly pair?: string
  readonly voice?: string
  readonly stance?: string
  readonly indirect?: boolean
  readonly part?: string
}

export interface Reader {
  read(language: Language, text: string): ReadPassage | undefined
}

export interface ReadPassage {
  readonly code: PackCode
  readonly sentences: readonly string[]
  readonly windows: readonly (readonly Window[])[]
  /** Of each sentence its place, its model text alone, and whether the rules have anything to say of it. */
  readonly alone: () => readonly SentenceAlone[]
}

export interface SentenceAlone {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly ofRules: boolean
}

/** @throws ConfigError when an event has a term that is no pattern. */
export function trainingReader(
  lexicons: Lexicons,
  events: readonly AtrocityEvent[],
  tokenizer: Tokenizer,
): Reader {
  const engines = new Map<PackCode, Engine>()
  for (const [code, lexicon] of lexicons.byCode) engines.set(code, compileEngine(lexicon, events))
  return {
    read(language, text) {
      const code = packCodeOf(language)
      const engine = code && engines.get(code)
      if (!engine) return undefined
      const reading = readField(engine, 'text', text)
      const windows = windowsOf(reading, code, tokenizer)
      return {
        code,
        sentences: sentencesOf(reading),
        windows: Array.from({ length: windows.count }, (_, at) =>
          windows.at(at).filter(window => isWhole(window, tokenizer)),
        ),
        alone: () => sentencesAlone(reading, windows),
      }
    },
  }
}

function sentencesOf({ text, words, sentences }: Reading): string[] {
  return sentences.bounds.map(([first, end]) => {
    const next = words[end]?.start ?? text.length
    return text.slice(words[first]!.start, next).trim()
  })
}

/** A row of signs without a space may be cut within a word, which alone is split otherwise; nothing is learnt of it. */
export function isWhole({ text, ids }: Window, tokenizer: Tokenizer): boolean {
  return tokenizer.encode(text).ids.length + 2 === ids.length
}

function sentencesAlone(reading: Reading, windows: Windows): SentenceAlone[] {
  const { words, sentences } = reading
  const ofRules = new Set(candidatesIn(reading).map(({ start }) => sentences.of[start]!))
  return sentences.bounds.map(([first, end], at) => ({
    ...{ start: words[first]!.start, end: words[end - 1]!.end },
    ...{ text: windows.own(at), ofRules: ofRules.has(at) },
  }))
}

/** Less of the stretch in a window, and nobody could say what the window holds. */
const ENOUGH_OF_SPAN = 0.7

type Facts = Omit<TrainingWindow, 'form' | 'text' | 'tokens' | 'span'>

/** Sentences of real news that a passage is set between; undefined where there are none of its language. */
export type Neighbours = (
  code: PackCode,
  pair: string,
) => readonly [before: string, after: string] | undefined

/** All of a pair are set alike, or the surroundings would tell its members apart. */
export function* corpusWindows(
  reader: Reader,
  passages: readonly CorpusPassage[],
  neighbours: Neighbours,
): Generator<TrainingWindow> {
  for (const passage of passages) yield* passageWindows(reader, passage, neighbours)
}

function* passageWindows(
  reader: Reader,
  passage: CorpusPassage,
  neighbours: Neighbours,
): Generator<TrainingWindow> {
  const { text, start, end } = marked(passage.text)
  const { id, origin, language, label, hand, behaviour } = passage
  const code = packCodeOf(language)
  if (code === undefined) return
  const pair = pairOf(passage)
  const facts: Facts = { id, origin, language, label, hand, behaviour, pair, ...labelsOf(passage) }
  yield* around(reader, facts, 'plain', text, start, end)
  const [before, after] = neighbours(code, pair) ?? []
  if (before === undefined || after === undefined) return
  const at = before.length + 1
  yield* around(reader, facts, 'planted', `${before} ${text} ${after}`, at + start, at + end)
}

/**
 * @param article its text is the field that the label is of.
 * @throws ConfigError when the passage is not the one that was labelled.
 */
export function realWindows(
  reader: Reader,
  label: RealLabel,
  article: { readonly text: string; readonly language: Language; readonly part: string },
): TrainingWindow[] {
  const { archive, row, field, start, end, span, hash, kind } = label
  const place = `${archive}:${String(row)}:${field}:${String(start)}`
  if (sha256(article.text.slice(start, end)).slice(0, 16) !== hash)
    throw new ConfigError(
      `${place}: the text that was labelled there had the hash ${hash}, this one has another; take the label out or the right archive in`,
    )
  const facts: Facts = {
    ...{ id: place, origin: 'real', language: article.language, label: label.label, part: article.part },
    ...(kind !== undefined && { kind }),
    ...labelsOf(label),
  }
  return around(reader, facts, 'plain', article.text, ...(span ?? [start, end]))
}

/** The windows of a text that nobody has labelled; taken for harmless, as nearly all are. */
export function backgroundWindows(
  { windows }: ReadPassage,
  id: string,
  language: Language,
): TrainingWindow[] {
  return windows
    .flat()
    .map((window, at) =>
      rowOf({ id: `${id}:${String(at)}`, origin: 'background', language, label: 'none' }, 'plain', window),
    )
}

function labelsOf({
  voice,
  stance,
  indirect,
}: Pick<RealLabel, 'voice' | 'stance' | 'indirect'>): Pick<TrainingWindow, 'voice' | 'stance' | 'indirect'> {
  return {
    ...(voice !== undefined && { voice }),
    ...(stance !== undefined && { stance }),
    ...(indirect !== undefined && { indirect }),
  }
}

/** The different windows that hold the stretch. */
function around(
  reader: Reader,
  facts: Facts,
  form: TrainingWindow['form'],
  text: string,
  start: number,
  end: number,
): TrainingWindow[] {
  const read = reader.read(facts.language, text)
  if (!read) return []
  const rows = new Map<string, TrainingWindow>()
  for (const window of read.windows.flat()) {
    if (rows.has(window.text)) continue
    const inside = tokensWithin(window, start, end)
    if (inside) rows.set(window.text, { ...rowOf(facts, form, window), span: inside })
  }
  return [...rows.values()]
}

function tokensWithin({ starts, ends }: Window, start: number, end: number): [number, number] | undefined {
  let first = -1
  let last = -1
  for (let at = 1; at < starts.length - 1; at += 1) {
    if (ends[at]! <= start || starts[at]! >= end) continue
    if (first === -1) first = at
    last = at
  }
  if (first === -1) return undefined
  const covered = Math.min(end, ends[last]!) - Math.max(start, starts[first]!)
  return covered >= (end - start) * ENOUGH_OF_SPAN ? [first, last + 1] : undefined
}

function rowOf(facts: Facts, form: TrainingWindow['form'], { text, ids }: Window): TrainingWindow {
  return { ...facts, form, text, tokens: ids.length }
}
