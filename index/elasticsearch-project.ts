/**
 * Writes what follows from records: the text of each article, and its flags. Each is written with the number of the
 * state it follows from, so that an older one never replaces a newer one, and looked at again afterwards: whoever comes
 * last sees to it that everything follows from the newest state.
 */
import { RetryLater } from '../core/errors.ts'
import { bulk } from './elasticsearch-bulk.ts'
import type { Write, Written } from './elasticsearch-bulk.ts'
import { flagDocumentOf, recordIn, textDocument, wordsOf } from './elasticsearch-documents.ts'
import type { ArticleSource, TextSource } from './elasticsearch-documents.ts'
import type { Names } from './elasticsearch-mapping.ts'
import { getAll } from './elasticsearch-merge.ts'
import type { Place, Version } from './elasticsearch-merge.ts'
import { flagsOf, textPlace } from './elasticsearch-record.ts'
import type { ArticleRecord } from './elasticsearch-record.ts'
import { patiently, fateOf, typeOf } from './elasticsearch-send.ts'
import type { Server } from './elasticsearch-send.ts'
import type { KeptWords } from './merge.ts'

/** One generation to write to. */
export interface Writing {
  readonly server: Server
  readonly names: Names
  readonly generation: string
  /** Indices of texts that are known to be there. */
  readonly textIndices: Set<string>
}

/** An article as it is stored, and words that came just now: perhaps its own. */
export interface Settled {
  readonly id: string
  readonly record: ArticleRecord
  readonly version: Version
  readonly carried: readonly KeptWords[]
}

const MOST_ROUNDS = 20

/** What could not be written, by article: absent where all is well. */
export async function project(writing: Writing, settled: readonly Settled[]): Promise<Map<string, Error>> {
  const faults = new Map<string, Error>()
  let open = settled.filter(one => one.record.state !== undefined)
  for (let round = 0; open.length > 0; round++) {
    if (round === MOST_ROUNDS) {
      for (const { id } of open) faults.set(id, new RetryLater('others write the same article all the time'))
      break
    }
    await writeFollowers(writing, open, faults)
    open = await movedOn(
      writing,
      open.filter(one => !faults.has(one.id)),
    )
  }
  return faults
}

async function writeFollowers(
  writing: Writing,
  settled: readonly Settled[],
  faults: Map<string, Error>,
): Promise<void> {
  const words = await wordsOfAll(writing, settled)
  const owners: string[] = []
  const writes: Write[] = []
  for (const one of settled) {
    for (const write of followersOf(writing, one, words.get(one.id))) {
      owners.push(one.id)
      writes.push(write)
    }
  }
  for (const [i, fate] of (await bulkIntoTexts(writing, writes)).entries()) {
    if (fate.fate === 'dead' || fate.fate === 'later') faults.set(owners[i]!, fate.error)
  }
}

function followersOf(
  writing: Writing,
  { record, version, id }: Settled,
  words: KeptWords | undefined,
): Write[] {
  const { names, generation } = writing
  const guard = { version: version.seqNo, version_type: 'external_gte' }
  const here = textPlace(record)
  const gone = record.places.filter(place => place !== here)
  return [
    ...(here !== undefined && words
      ? [
          {
            kind: 'index' as const,
            index: names.texts(generation, here),
            id,
            guard,
            document: textDocument(record, words),
          },
        ]
      : []),
    ...gone.map(place => ({ kind: 'delete' as const, index: names.texts(generation, place), id, guard })),
    ...flagsOf(record).map(flag => ({
      kind: 'index' as const,
      index: names.index('flags', generation),
      id: flag.id,
      guard,
      document: flagDocumentOf(record, flag, words),
    })),
  ]
}

/** Those that somebody has changed since, as they are now: what follows from them may be ours to write. */
async function movedOn(
  { server, names, generation }: Writing,
  settled: readonly Settled[],
): Promise<Settled[]> {
  const index = names.index('articles', generation)
  const places = (all: readonly Settled[]): Place[] => all.map(({ id }) => ({ index, id }))
  const now = await getAll(server, places(settled), false)
  const moved = settled.filter((one, i) => now[i] && now[i].version.seqNo !== one.version.seqNo)
  const read = await getAll<ArticleSource>(server, places(moved), ['record'])
  return moved.flatMap((one, i) =>
    read[i] ? [{ ...one, record: recordIn(read[i].source), version: read[i].version }] : [],
  )
}

// ---------------------------------------------------------------- words

/** The words that each record speaks of: those that came with it, else those that are stored. */
async function wordsOfAll(
  { server, names, generation }: Writing,
  settled: readonly Settled[],
): Promise<Map<string, KeptWords>> {
  const words = new Map<string, KeptWords>()
  const wanted: (Place & { readonly key: string })[] = []
  for (const { id, record, carried } of settled) {
    const key = record.state?.wordsKey
    if (key === undefined) continue
    const own = carried.find(one => one.key === key)
    if (own) words.set(id, own)
    else for (const place of record.places) wanted.push({ index: names.texts(generation, place), id, key })
  }
  const stored = await getAll<TextSource>(server, wanted, ['raw'])
  for (const [i, { id, key }] of wanted.entries()) {
    const found = stored[i] && wordsOf(stored[i].source)
    if (found?.key === key) words.set(id, found)
  }
  return words
}

/** As `bulk`; makes the indices of texts that are not there yet. */
async function bulkIntoTexts(writing: Writing, writes: readonly Write[]): Promise<Written[]> {
  const { server, textIndices } = writing
  const flags = writing.names.index('flags', writing.generation)
  const needed = writes.filter(({ kind, index }) => kind === 'index' && index !== flags)
  for (const index of new Set(needed.map(write => write.index))) await makeTextIndex(writing, index)
  const fates = await bulk(server, writes)
  return fates.map((fate, i) => {
    if (fate.fate !== 'homeless') return fate
    const { kind, index } = writes[i]!
    // Gone with its month: as good as deleted.
    if (kind === 'delete') return { fate: 'stale' }
    textIndices.delete(index)
    return { fate: 'later', error: new RetryLater(`the index ${index} was not there when it was written to`) }
  })
}

async function makeTextIndex({ server, textIndices }: Writing, index: string): Promise<void> {
  if (textIndices.has(index)) return
  const asked = { method: 'PUT', path: index } as const
  const answered = await patiently(server, asked)
  if (answered.status >= 300 && typeOf(answered.body) !== 'resource_already_exists_exception')
    throw fateOf(server, asked, answered)
  textIndices.add(index)
}
