/** Reads the texts that the language model is trained on, from a folder outside the repository. Used by train.ts alone. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PACK_CODES } from '../pack.ts'
import { sha256 } from '../../core/hash.ts'
import { ConfigError } from '../../core/errors.ts'
import type { Family, ModelVariety } from './sources.ts'

/** A piece of text and what it is. */
export interface Sample {
  readonly text: string
  readonly family: Family
  readonly variety?: ModelVariety | undefined
  /** Running text of people, not strings of programs: it counts for more. */
  readonly isProse: boolean
}

type Label = readonly [family: Family, variety?: ModelVariety]

/** @throws ConfigError when a source is absent from the folder. */
export function readSamples(folder: string): Sample[] {
  for (const part of ['lingua', 'udhr', 'debian']) {
    if (existsSync(join(folder, part))) continue
    throw new ConfigError(
      `the language model is trained on texts in ${folder}: its folder ${part} is not there. ` +
        'sources.ts names each source and how to obtain it',
    )
  }
  return [...readLingua(join(folder, 'lingua')), ...readUdhr(join(folder, 'udhr')), ...readDebian(folder)]
}

// ---------------------------------------------------------------- our own

/** The examples of the lexicons: the words that must never be taken for another language. Each counts as several. */
export function readExamples(): Sample[] {
  return PACK_CODES.flatMap(family => {
    const file = join(import.meta.dirname, '..', 'languages', family, 'examples.yml')
    const texts = [...readFileSync(file, 'utf8').matchAll(/text: (?:'((?:[^']|'')+)'|"([^"]+)")/gu)].map(
      ([, single, double]) => single?.replaceAll("''", "'") ?? double!,
    )
    return texts.flatMap(text =>
      Array.from({ length: EXAMPLE }, (): Sample => ({ text, family, isProse: true })),
    )
  })
}

const EXAMPLE = 2

// ---------------------------------------------------------------- lingua

/** The folders of its languages, and what they hold. */
export const LINGUA: Readonly<Record<string, Label>> = {
  bosnian: ['hbs', 'bs'],
  croatian: ['hbs', 'hr'],
  serbian: ['hbs', 'sr'],
  macedonian: ['mk'],
  albanian: ['sq'],
  english: ['en'],
  slovene: ['sl'],
  bulgarian: ['de-bg'],
  russian: ['hu-tr-ru'],
  ukrainian: ['roa-uk'],
  german: ['de-bg'],
  turkish: ['hu-tr-ru'],
  hungarian: ['hu-tr-ru'],
  italian: ['roa-uk'],
  romanian: ['roa-uk'],
  french: ['roa-uk'],
  spanish: ['roa-uk'],
  polish: ['zlw'],
  czech: ['zlw'],
  slovak: ['zlw'],
}

/** A line of its sets is trained on, tuned on, or kept for the figures: by its words, so that it never changes side. */
export function partOf(line: string): 'train' | 'tune' | 'held-out' {
  const share = parseInt(sha256(line.trim()).slice(0, 8), 16) / 0x1_0000_0000
  return share < 0.5 ? 'train' : share < 0.65 ? 'tune' : 'held-out'
}

function readLingua(folder: string): Sample[] {
  return Object.entries(LINGUA).flatMap(([language, [family, variety]]) =>
    ['sentences.txt', 'word-pairs.txt'].flatMap(file =>
      linesOf(join(folder, language, file))
        .filter(line => partOf(line) === 'train')
        .map(text => ({ text, family, variety, isProse: true })),
    ),
  )
}

/** The lines of a text file, without empty ones. */
export function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}

// ---------------------------------------------------------------- the Declaration of Human Rights

const UDHR: Readonly<Record<string, Label>> = {
  bos_latn: ['hbs', 'bs'],
  bos_cyrl: ['hbs', 'bs'],
  hrv: ['hbs', 'hr'],
  srp_latn: ['hbs', 'sr'],
  srp_cyrl: ['hbs', 'sr'],
  cnr: ['hbs'],
  mkd: ['mk'],
  als: ['sq'],
  eng: ['en'],
  slv: ['sl'],
  bul: ['de-bg'],
  rus: ['hu-tr-ru'],
  ukr: ['roa-uk'],
  deu_1996: ['de-bg'],
  tur: ['hu-tr-ru'],
  hun: ['hu-tr-ru'],
  ita: ['roa-uk'],
  ron_2006: ['roa-uk'],
  fra: ['roa-uk'],
  spa: ['roa-uk'],
  pol: ['zlw'],
  ces: ['zlw'],
  slk: ['zlw'],
}

function readUdhr(folder: string): Sample[] {
  return Object.entries(UDHR).flatMap(([code, [family, variety]]) => {
    const page = readFileSync(join(folder, `${code}.html`), 'utf8')
    return [...page.matchAll(/<(p|h\d)>([^<]+)</gu)].map(([, , text]) => ({
      text: text!,
      family,
      variety,
      isProse: true,
    }))
  })
}

// ---------------------------------------------------------------- translations of programs

const LOCALES: Readonly<Record<string, Label>> = {
  bs: ['hbs', 'bs'],
  hr: ['hbs', 'hr'],
  sr: ['hbs', 'sr'],
  'sr@latin': ['hbs', 'sr'],
  mk: ['mk'],
  sq: ['sq'],
  sl: ['sl'],
  bg: ['de-bg'],
  ru: ['hu-tr-ru'],
  uk: ['roa-uk'],
  de: ['de-bg'],
  tr: ['hu-tr-ru'],
  hu: ['hu-tr-ru'],
  it: ['roa-uk'],
  ro: ['roa-uk'],
  fr: ['roa-uk'],
  es: ['roa-uk'],
  pl: ['zlw'],
  cs: ['zlw'],
  sk: ['zlw'],
}

/** Messages taken of each locale: enough for a small model, and no language drowns another. */
const MAX_MESSAGES: Readonly<Partial<Record<Family, number>>> = {
  'roa-uk': 5_000,
  zlw: 6_000,
  sl: 16_000,
  mk: 16_000,
}
const MOST_MESSAGES = 11_000

function readDebian(folder: string): Sample[] {
  const files = globSync('debian/**/*.mo', { cwd: folder }).sort()
  if (files.length === 0) {
    throw new ConfigError(
      `no .mo file below ${join(folder, 'debian')}: unpack the packages of sources.ts there`,
    )
  }
  const messages = new Map<string, Set<string>>()
  const english = new Set<string>()
  for (const file of files) {
    const locale = localeOf(file)
    if (!(locale in LOCALES)) continue
    const found = messages.get(locale) ?? new Set()
    messages.set(locale, found)
    for (const [source, target] of readMo(readFileSync(join(folder, file)))) {
      const text = plain(target)
      if (source === '' || source === target || !isTelling(text)) continue
      found.add(text)
      if (locale === 'de') english.add(plain(source))
    }
  }
  const samples = [...messages].flatMap(([locale, texts]) => {
    const [family, variety] = LOCALES[locale]!
    return pick(texts, MAX_MESSAGES[family]).map(text => ({ text, family, variety, isProse: false }))
  })
  return [...samples, ...pick(english).map(text => ({ text, family: 'en' as const, isProse: false }))]
}

/** The locale of `…/sr@latin/LC_MESSAGES/x.mo`, or of `…/admin-bs_BA.mo`; without its country. */
function localeOf(file: string): string {
  const folder = /\/([^/]+)\/LC_MESSAGES\//u.exec(file)?.[1]
  const name = /(?:^|-)([a-z]{2}(?:_[A-Z]{2})?)$/u.exec(basename(file, '.mo'))?.[1]
  return (folder ?? name ?? '').replace(/_[A-Z]{2}/u, '')
}

/** The longest and most varied ones would be one project's: the order of their hashes is none of anybody's choosing. */
function pick(texts: ReadonlySet<string>, most = MOST_MESSAGES): string[] {
  return [...texts]
    .map(text => [sha256(text), text] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, most)
    .map(([, text]) => text)
}

/** A message as a reader sees it: no tags, no placeholders, no keyboard marks. */
function plain(message: string): string {
  return message
    .replace(/<[^<>]*>|&\w+;|%\d*\$?[-+ 0#]*[\w.]+|\$\{?\w+\}?|\{[^{}]*\}|https?:\S+/gu, ' ')
    .replace(/[_&~]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
}

/** Three words or more: a single one is often a name or not translated. */
function isTelling(text: string): boolean {
  return (text.match(/\p{L}{2,}/gu)?.length ?? 0) >= 3
}

/** Pairs of message and translation in a GNU .mo file; of plural forms the first. */
function readMo(file: Buffer): [source: string, target: string][] {
  const little = file.length >= 28 && file.readUInt32LE(0) === 0x950412de
  if (!little) return []
  const count = file.readUInt32LE(8)
  const sources = file.readUInt32LE(12)
  const targets = file.readUInt32LE(16)
  const at = (table: number, index: number): string => {
    const length = file.readUInt32LE(table + index * 8)
    const start = file.readUInt32LE(table + index * 8 + 4)
    const [first] = file.toString('utf8', start, start + length).split('\0')
    return first!.slice(first!.indexOf('\u0004') + 1)
  }
  return Array.from({ length: count }, (_, index) => [at(sources, index), at(targets, index)])
}
