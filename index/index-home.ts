/**
 * Generations of the index: each rebuild makes a new one with a group of its own in the log, beside the one in use.
 * Readers and writers notice when another is put to use. Where generations are kept is the business of a home.
 */
import { RetryLater } from '../core/errors.ts'
import type { Clock, Counts, IndexReader, IndexWriter } from '../core/ports.ts'

const GROUP_PREFIX = 'index-'

/** How soon a switch is noticed, in milliseconds. */
const LOOK_MS = 500

export interface GenerationWriter extends IndexWriter {
  readonly generation: string
  /** The group whose place in the log is the place of this generation. */
  readonly group: string
}

export interface IndexHome {
  /** The generation in use; undefined where there is none yet. */
  current(): Promise<string | undefined>
  /** The generation in use. Made where there is none and nobody has to prepare it. @throws ConfigError */
  first(): Promise<string>
  /** @throws ConfigError when it is not there or cannot be used. */
  writer(generation: string): Promise<IndexWriter>
  reader(generation: string): Promise<IndexReader>
  /** What it holds, all that was put until now. */
  counts(generation: string): Promise<Counts>
  /** The day before which texts have expired, as far as it knows. */
  expiredBefore(generation: string): Promise<string | undefined>
  /** Makes a new generation, not yet in use. Its name is new, so that its group reads the topics from the start. */
  make(): Promise<string>
  /** Puts it to use: who looks finds the old one or the new one at any moment. */
  use(generation: string): Promise<void>
  remove(generation: string): Promise<void>
  all(): Promise<readonly string[]>
  /** For a rebuild, one at a time; answers how to let go. @throws ConfigError when somebody else has it. */
  lock(): Promise<() => Promise<void>>
  close(): Promise<void>
}

export function groupOf(generation: string): string {
  return `${GROUP_PREFIX}${generation}`
}

export function isGroupOfIndex(group: string): boolean {
  return group.startsWith(GROUP_PREFIX)
}

export async function writerOf(home: IndexHome, generation: string): Promise<GenerationWriter> {
  return { ...(await home.writer(generation)), generation, group: groupOf(generation) }
}

/** Reads the generation in use, and moves to the next one when a rebuild has replaced it. @throws ConfigError */
export async function readerOf(home: IndexHome): Promise<IndexReader> {
  const generation = await home.first()
  return followingReader(generation, await home.reader(generation), {
    current: () => home.current(),
    open: next => home.reader(next),
  })
}

export interface Following {
  current(): Promise<string | undefined> | string | undefined
  open(generation: string): Promise<IndexReader> | IndexReader
}

export function followingReader(first: string, opened: IndexReader, source: Following): IndexReader {
  let generation = first
  let reader = opened
  let looked = performance.now()

  const now = async (): Promise<IndexReader> => {
    if (performance.now() - looked < LOOK_MS) return reader
    looked = performance.now()
    const named = await source.current()
    if (named === undefined || named === generation) return reader
    const replaced = reader
    reader = await source.open(named)
    generation = named
    await replaced.close()
    return reader
  }

  return {
    flag: async id => (await now()).flag(id),
    article: async id => (await now()).article(id),
    searchFlags: async (search, page) => (await now()).searchFlags(search, page),
    searchArticles: async (search, page) => (await now()).searchArticles(search, page),
    count: async search => (await now()).count(search),
    facets: async (search, fields, size) => (await now()).facets(search, fields, size),
    timeline: async (search, options) => (await now()).timeline(search, options),
    sources: async today => (await now()).sources(today),
    span: async () => (await now()).span(),
    close: () => reader.close(),
  }
}

export interface FollowOptions {
  readonly home: IndexHome
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Runs `work` with the writer of the generation in use, and again with the next one whenever a rebuild has replaced it.
 * The signal given to `work` is aborted then; the promise ends when `signal` is aborted or `work` ends by itself.
 */
export async function followIndex(
  { home, clock, signal }: FollowOptions,
  work: (writer: GenerationWriter, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  for (let replaced = true; replaced && !signal.aborted;) {
    const writer = await writerOf(home, await home.first())
    const over = new AbortController()
    const until = AbortSignal.any([signal, over.signal])
    try {
      const worked = work(writer, until)
      const watched = untilReplaced(home, writer.generation, clock, until)
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
  home: IndexHome,
  generation: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    await clock.sleep(LOOK_MS, signal)
    const named = await inUse(home)
    if (named !== undefined && named !== generation) return true
  }
  return false
}

/** Where the generations are may be out of reach for a while: nothing is replaced then, and writing waits as well. */
async function inUse(home: IndexHome): Promise<string | undefined> {
  try {
    return await home.current()
  } catch (thrown) {
    if (thrown instanceof RetryLater) return undefined
    throw thrown
  }
}
