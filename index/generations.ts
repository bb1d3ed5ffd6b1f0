/**
 * Generations of the index: each rebuild makes a new file with a group of its own in the log, and the file `current`
 * names the one in use. Readers and writers notice when it changes.
 */
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../core/errors.ts'
import type { Clock, IndexReader, IndexWriter } from '../core/ports.ts'
import { openSqlite } from '../core/sqlite.ts'
import { INDEX_FILE } from './sqlite-schema.ts'
import { sqliteIndexReader, sqliteIndexWriter } from './sqlite-store.ts'

const GENERATION = /^[0-9a-z-]+$/

const GROUP_PREFIX = 'index-'

/** How soon a switch is noticed, in milliseconds. */
const LOOK_MS = 500

export interface GenerationWriter extends IndexWriter {
  readonly generation: string
  /** The group whose place in the log is the place of this generation. */
  readonly group: string
}

/** Opens the generation in use, and makes the first one where there is none. @throws ConfigError */
export function indexWriterOf(dir: string): GenerationWriter {
  return writerOf(dir, currentGeneration(dir) ?? firstGeneration(dir))
}

export function writerOf(dir: string, generation: string): GenerationWriter {
  const path = fileOf(dir, generation)
  requireFile(path)
  return { ...sqliteIndexWriter({ path }), generation, group: groupOf(generation) }
}

/** Reads the generation in use, and moves to the next one when a rebuild has replaced it. @throws ConfigError */
export function indexReaderOf(dir: string): IndexReader {
  let generation = currentGeneration(dir) ?? firstGeneration(dir)
  let reader = openReader(dir, generation)
  let looked = performance.now()

  const current = async (): Promise<IndexReader> => {
    if (performance.now() - looked < LOOK_MS) return reader
    looked = performance.now()
    const named = currentGeneration(dir)
    if (named === undefined || named === generation) return reader
    const replaced = reader
    reader = openReader(dir, named)
    generation = named
    await replaced.close()
    return reader
  }

  return {
    flag: async id => (await current()).flag(id),
    article: async id => (await current()).article(id),
    searchFlags: async (search, page) => (await current()).searchFlags(search, page),
    searchArticles: async (search, page) => (await current()).searchArticles(search, page),
    count: async search => (await current()).count(search),
    facets: async (search, fields, size) => (await current()).facets(search, fields, size),
    timeline: async (search, options) => (await current()).timeline(search, options),
    sources: async today => (await current()).sources(today),
    span: async () => (await current()).span(),
    close: () => reader.close(),
  }
}

/**
 * Runs `work` with the writer of the generation in use, and again with the next one whenever a rebuild has replaced it.
 * The signal given to `work` is aborted then; the promise ends when `signal` is aborted or `work` ends by itself.
 */
export async function followGenerations(
  { dir, clock, signal }: { readonly dir: string; readonly clock: Clock; readonly signal: AbortSignal },
  work: (writer: GenerationWriter, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  for (let replaced = true; replaced && !signal.aborted;) {
    const writer = indexWriterOf(dir)
    const over = new AbortController()
    const until = AbortSignal.any([signal, over.signal])
    try {
      const worked = work(writer, until)
      const watched = untilReplaced(dir, writer.generation, clock, until)
      const endBoth = (): void => {
        over.abort()
      }
      ;[replaced] = await Promise.all([watched.finally(endBoth), worked.finally(endBoth)])
    } finally {
      await writer.close()
    }
  }
}

async function untilReplaced(
  dir: string,
  generation: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    await clock.sleep(LOOK_MS, signal)
    const named = currentGeneration(dir)
    if (named !== undefined && named !== generation) return true
  }
  return false
}

function openReader(dir: string, generation: string): IndexReader {
  const path = fileOf(dir, generation)
  requireFile(path)
  return sqliteIndexReader({ path })
}

/** An empty file in its place would look like an index without anything in it. */
function requireFile(path: string): void {
  if (existsSync(path)) return
  throw new ConfigError(`search index: expected the file ${path}, which is not there; run opomena rebuild`)
}

// ---------------------------------------------------------------- files

export function groupOf(generation: string): string {
  return `${GROUP_PREFIX}${generation}`
}

export function isGroupOfIndex(group: string): boolean {
  return group.startsWith(GROUP_PREFIX)
}

export function fileOf(dir: string, generation: string): string {
  return join(dir, `${generation}.db`)
}

/** The generation in use; undefined where there is none yet. */
export function currentGeneration(dir: string): string | undefined {
  let named: string
  try {
    named = readFileSync(join(dir, 'current'), 'utf8').trim()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError(`search index: ${join(dir, 'current')} cannot be read`, { cause })
  }
  if (GENERATION.test(named)) return named
  throw new ConfigError(
    `search index: expected the name of a generation in ${join(dir, 'current')}, got "${named.slice(0, 80)}"; run opomena rebuild`,
  )
}

/** Makes the file of a new generation, not yet in use. Its name is new, so that its group reads the topics from the start. */
export function newGeneration(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const generation = randomBytes(6).toString('hex')
  openSqlite(fileOf(dir, generation), INDEX_FILE).close()
  return generation
}

/** Puts a generation to use: the file names the old one or the new one at any moment, also in a power cut. */
export function useGeneration(dir: string, generation: string): void {
  const draft = writeDraft(dir, generation)
  renameSync(draft, join(dir, 'current'))
}

/** Several processes may start at once on an empty folder: one of them makes the first generation. */
function firstGeneration(dir: string): string {
  const generation = newGeneration(dir)
  const draft = writeDraft(dir, generation)
  try {
    linkSync(draft, join(dir, 'current'))
    return generation
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
    removeGeneration(dir, generation)
    return currentGeneration(dir)!
  } finally {
    rmSync(draft, { force: true })
  }
}

function writeDraft(dir: string, generation: string): string {
  const draft = join(dir, `current.${generation}`)
  writeFileSync(draft, `${generation}\n`, { mode: 0o600, flush: true })
  return draft
}

export function removeGeneration(dir: string, generation: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(fileOf(dir, generation) + suffix, { force: true })
}

/** All generations there are files of. */
export function generationsIn(dir: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir).flatMap(name => (name.endsWith('.db') ? [name.slice(0, -'.db'.length)] : []))
}
