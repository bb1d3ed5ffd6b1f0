/** Reads lexicons: one YAML file per language, checked entry by entry, with an overlay directory that adds and overrides. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import type { z } from 'zod'
import { CATEGORIES } from '../core/labels.ts'
import { ConfigError, reasonOf } from '../core/errors.ts'
import { sha256 } from '../core/hash.ts'
import { lexiconSchema } from './entry.ts'
import type { Entry } from './entry.ts'
import { languagePack } from './languages.ts'
import { parseAlternatives, parsePattern } from './pattern.ts'
import type { Dictionary } from './pattern.ts'
import { PACK_CODES } from './pack.ts'
import type { PackCode } from './pack.ts'

export interface Lexicon {
  readonly code: PackCode
  /** Entries of the language, then those that hold in every language. */
  readonly entries: readonly Entry[]
}

export interface Lexicons {
  readonly byCode: ReadonlyMap<PackCode, Lexicon>
  /** Content hash of everything that was read: a flag made with other words has another. */
  readonly hash: string
}

export interface LexiconOptions {
  /** Folder with one folder per language; the bundled one unless told. */
  readonly directory?: string
  /** Private folder of the same shape; its entries are added, and replace those of the same id. */
  readonly overlay?: string
}

/** The folder of the lexicons that the project ships. */
export const BUNDLED = join(import.meta.dirname, 'languages')
/** Names of persons and the like, which no language owns. */
const EVERY_LANGUAGE = 'any'
const NOTHING: Dictionary = { inflections: {}, macros: {} }

/** @throws ConfigError that names file, line, entry, what was expected and what came. */
export function loadLexicons({ directory = BUNDLED, overlay }: LexiconOptions = {}): Lexicons {
  const texts: string[] = []
  const read = (code: PackCode | typeof EVERY_LANGUAGE): Entry[] => {
    const file = join(directory, code, 'lexicon.yml')
    const own = readLexicon(file, readText(file, texts), dictionaryOf(code))
    const extra = overlay === undefined ? undefined : join(overlay, code, 'lexicon.yml')
    if (extra === undefined || !existsSync(extra)) return own.entries
    const added = readLexicon(extra, readText(extra, texts), { ...dictionaryOf(code), macros: own.macros })
    return overlaid(own.entries, added)
  }
  if (overlay !== undefined && !existsSync(overlay)) {
    throw new ConfigError(
      `${overlay}: expected a folder with private lexicon entries, found nothing; correct the setting or leave it out`,
    )
  }
  const common = read(EVERY_LANGUAGE)
  const byCode = new Map(
    PACK_CODES.map(code => [code, { code, entries: withoutRepeats([...read(code), ...common]) }]),
  )
  return { byCode, hash: sha256(texts.join('\0')).slice(0, 16) }
}

function readText(file: string, texts: string[]): string {
  try {
    const text = readFileSync(file, 'utf8')
    texts.push(text)
    return text
  } catch (cause) {
    throw new ConfigError(`${file}: expected a lexicon that can be read (${reasonOf(cause)})`, { cause })
  }
}

function dictionaryOf(code: PackCode | typeof EVERY_LANGUAGE): Dictionary {
  return code === EVERY_LANGUAGE ? NOTHING : { inflections: languagePack(code).inflections, macros: {} }
}

interface Read {
  readonly entries: Entry[]
  readonly macros: Readonly<Record<string, string>>
  readonly remove: readonly string[]
}

/** The entries of one file. Patterns may use the endings and macros of `dictionary` and the file's own macros. */
export function readLexicon(file: string, text: string, dictionary: Dictionary): Read {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const broken = document.errors[0]
  if (broken)
    throw new ConfigError(`${file}:${lines.linePos(broken.pos[0]).line}: not YAML: ${broken.message}`)
  const lineOf = (path: readonly PropertyKey[]): number => lineIn(document, lines, path)
  const checked = lexiconSchema.safeParse(document.toJS())
  if (!checked.success) {
    throw new ConfigError(
      checked.error.issues.map(issue => `${file}:${lineOf(issue.path)}: ${said(document, issue)}`).join('\n'),
    )
  }
  const macros = { ...dictionary.macros, ...checked.data.macros }
  const words: Dictionary = { ...dictionary, macros }
  for (const [name, alternatives] of Object.entries(checked.data.macros)) {
    inPlace(`${file}:${lineOf(['macros', name])}: macro ${name}`, () =>
      parseAlternatives(alternatives, words, [name]),
    )
  }
  const entries: Entry[] = []
  for (const section of SECTIONS) {
    checked.data[section].forEach((written, index) => {
      const place = `${file}:${lineOf([section, index])}`
      entries.push(entryOf(section, written, place, words))
    })
  }
  const known = new Map<string, Entry>()
  for (const entry of entries) {
    const before = known.get(entry.id)
    if (before)
      throw new ConfigError(
        `${entry.place}: entry ${entry.id}: this id is taken by the entry at ${before.place}; give it another`,
      )
    known.set(entry.id, entry)
  }
  return { entries, macros, remove: checked.data.remove }
}

const SECTIONS = ['targets', 'metaphors', 'persons', 'cues', 'exclusions', ...CATEGORIES] as const
type Section = (typeof SECTIONS)[number]
type Written = z.infer<typeof lexiconSchema>[Section][number]

const KINDS = {
  targets: 'target',
  metaphors: 'metaphor',
  persons: 'person',
  cues: 'cue',
  exclusions: 'exclusion',
} as const

function entryOf(section: Section, written: Written, place: string, dictionary: Dictionary): Entry {
  const { pattern, ...rest } = written
  const texts = typeof pattern === 'string' ? [pattern] : pattern
  const patterns = texts.map(text =>
    inPlace(`${place}: entry ${written.id}: pattern "${text}"`, () => parsePattern(text, dictionary)),
  )
  const isRule = !(section in KINDS)
  if (
    !isRule &&
    section !== 'exclusions' &&
    patterns.some(one => one.some(element => element.of.some(word => word.kind === 'macro')))
  ) {
    throw new ConfigError(
      `${place}: entry ${written.id}: expected words alone; {GROUP} and the like are for rules and exclusions`,
    )
  }
  const kind = isRule ? { kind: 'rule', category: section } : { kind: KINDS[section as keyof typeof KINDS] }
  return { ...rest, ...kind, patterns, texts, place } as Entry
}

function inPlace<T>(place: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new ConfigError(`${place}: ${reasonOf(cause)}`, { cause })
  }
}

function lineIn(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as
      { range?: [number, number, number] } | undefined
    if (node?.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

/** The complaint with the entry it is about and what was found. */
function said(document: Document, issue: { path: readonly PropertyKey[]; message: string }): string {
  const [section, index, ...rest] = issue.path
  const id = typeof index === 'number' ? document.getIn([section, index, 'id']) : undefined
  const found: unknown = document.getIn(issue.path)
  const where = [typeof id === 'string' ? `entry ${id}` : issue.path.slice(0, 2).join('.'), ...rest]
    .map(String)
    .join(', ')
  const came = found === undefined ? '' : `, found ${JSON.stringify(found).slice(0, 80)}`
  return `${where}: ${issue.message}${came}`
}

function overlaid(entries: readonly Entry[], { entries: added, remove }: Read): Entry[] {
  const gone = new Set([...added.map(entry => entry.id), ...remove])
  return [...entries.filter(entry => !gone.has(entry.id)), ...added]
}

function withoutRepeats(entries: readonly Entry[]): Entry[] {
  const ids = new Map<string, Entry>()
  for (const entry of entries) {
    const before = ids.get(entry.id)
    if (before)
      throw new ConfigError(
        `${entry.place}: entry ${entry.id}: this id is taken by the entry at ${before.place}; give it another`,
      )
    ids.set(entry.id, entry)
  }
  return [...ids.values()]
}
