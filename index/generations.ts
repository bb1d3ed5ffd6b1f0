/** The home of an index on SQLite: a folder with one file a generation, and the file `current` that names the one in use. */
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
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../core/errors.ts'
import type { IndexReader, IndexWriter } from '../core/ports.ts'
import { openSqlite } from '../core/sqlite.ts'
import { followingReader, groupOf } from './index-home.ts'
import type { GenerationWriter, IndexHome } from './index-home.ts'
import { INDEX_FILE } from './sqlite-schema.ts'
import { sqliteIndexReader, sqliteIndexWriter, textsExpiredBefore } from './sqlite-store.ts'

const GENERATION = /^[0-9a-z-]+$/

/** Where generations are files of a folder, and the file `current` names the one in use. */
export function sqliteHome(dir: string): IndexHome {
  return {
    current: async () => currentGeneration(dir),
    first: async () => inUse(dir),
    writer: async generation => openWriter(dir, generation),
    reader: async generation => openReader(dir, generation),
    async counts(generation) {
      const reader = openReader(dir, generation)
      try {
        return await reader.count({ query: { kind: 'all' } })
      } finally {
        await reader.close()
      }
    },
    async expiredBefore(generation) {
      requireFile(fileOf(dir, generation))
      return textsExpiredBefore(fileOf(dir, generation))
    },
    make: async () => newGeneration(dir),
    use: async generation => {
      useGeneration(dir, generation)
    },
    remove: async generation => {
      removeGeneration(dir, generation)
    },
    all: async () => generationsIn(dir),
    lock: async () => lockRebuild(dir),
    close: () => Promise.resolve(),
  }
}

/** Opens the generation in use, and makes the first one where there is none. @throws ConfigError */
export function indexWriterOf(dir: string): GenerationWriter {
  const generation = inUse(dir)
  return { ...openWriter(dir, generation), generation, group: groupOf(generation) }
}

/** Reads the generation in use, and moves to the next one when a rebuild has replaced it. @throws ConfigError */
export function indexReaderOf(dir: string): IndexReader {
  const generation = inUse(dir)
  return followingReader(generation, openReader(dir, generation), {
    current: () => currentGeneration(dir),
    open: next => openReader(dir, next),
  })
}

function openWriter(dir: string, generation: string): IndexWriter {
  const path = fileOf(dir, generation)
  requireFile(path)
  return sqliteIndexWriter({ path })
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

/** Held as long as the connection is open, so that a killed rebuild leaves no lock behind. */
function lockRebuild(dir: string): () => Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(join(dir, 'rebuild.lock'), { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    db.close()
    throw new ConfigError(`rebuild: another rebuild is at work in ${dir}; wait for it to end`, { cause })
  }
  return async () => {
    db.close()
  }
}

// ---------------------------------------------------------------- files

export function fileOf(dir: string, generation: string): string {
  return join(dir, `${generation}.db`)
}

function inUse(dir: string): string {
  return currentGeneration(dir) ?? firstGeneration(dir)
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
