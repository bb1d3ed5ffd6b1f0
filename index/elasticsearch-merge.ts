/**
 * Get, merge, write as it was read: a document that somebody else has written meanwhile is read and merged again. No
 * writer has to know of another.
 */
import { ConfigError, RetryLater } from '../core/errors.ts'
import { bulk } from './elasticsearch-bulk.ts'
import type { Write, Written } from './elasticsearch-bulk.ts'
import { WHAT, ask, reasonIn, typeOf } from './elasticsearch-send.ts'
import type { Body, Server } from './elasticsearch-send.ts'

/** A document as the server has it; `seqNo` says which state of it. */
export interface Stored<T> {
  readonly source: T
  readonly version: Version
}
export interface Version {
  readonly seqNo: number
  readonly primaryTerm: number
}

export interface Place {
  readonly index: string
  readonly id: string
}

/** Reads documents by id, as they are now and not as the last refresh left them; undefined where there is none. */
export async function getAll<T>(
  server: Server,
  places: readonly Place[],
  fields: readonly string[] | false,
): Promise<(Stored<T> | undefined)[]> {
  if (places.length === 0) return []
  const { docs } = await ask<{ docs: readonly Doc<T>[] }>(server, {
    method: 'POST',
    path: '_mget',
    body: { docs: places.map(({ index, id }) => ({ _index: index, _id: id, _source: fields })) },
  })
  return docs.map(doc => {
    const { found, error, _source, _seq_no, _primary_term } = doc
    // Where the index is not there, the document is not; what else goes wrong does not say that.
    if (error !== undefined && typeOf(doc) !== 'index_not_found_exception')
      throw new RetryLater(`${WHAT} at ${server.url} could not read a document: ${reasonIn(doc)}`)
    return found
      ? { source: _source as T, version: { seqNo: _seq_no!, primaryTerm: _primary_term! } }
      : undefined
  })
}

interface Doc<T> extends Body {
  readonly found?: boolean
  readonly _source?: T
  readonly _seq_no?: number
  readonly _primary_term?: number
}

/** One document to change. Answers nothing where there is nothing to change. */
export interface Change<T> extends Place {
  merge(before: T | undefined): object | undefined
}

/** The state of the document afterwards, and whether it is of our writing. */
export type Changed = { readonly version?: Version; readonly changed: boolean } | Error

/** Writers that meet at one document again and again; more than can be at work. */
const MOST_MEETINGS = 50
const PAUSE_MS = 20

/** @throws RetryLater when the documents could not be read, ConfigError when a person must act. */
export async function changeAll<T>(
  server: Server,
  changes: readonly Change<T>[],
  fields: readonly string[],
): Promise<Changed[]> {
  const outcomes = new Array<Changed>(changes.length)
  let open = changes.map((change, at) => ({ change, at }))
  for (let meetings = 0; open.length > 0; meetings++) {
    if (meetings > 0) await server.clock.sleep(Math.random() * PAUSE_MS * meetings)
    const before = await getAll<T>(
      server,
      open.map(({ change }) => change),
      fields,
    )
    const writes: Write[] = []
    const written: typeof open = []
    for (const [i, one] of open.entries()) {
      const document = one.change.merge(before[i]?.source)
      if (document) {
        writes.push(writeOf(one.change, before[i]?.version, document))
        written.push(one)
      } else {
        outcomes[one.at] = { changed: false, ...(before[i] && { version: before[i].version }) }
      }
    }
    const fates = await bulk(server, writes)
    for (const [i, { at, change }] of written.entries()) {
      if (fates[i]!.fate !== 'stale') outcomes[at] = changedBy(fates[i]!, change)
    }
    open = written.filter((_, i) => fates[i]!.fate === 'stale')
    if (meetings >= MOST_MEETINGS) {
      for (const { at } of open) outcomes[at] = new RetryLater('others write the same documents all the time')
      open = []
    }
  }
  return outcomes
}

function writeOf({ index, id }: Place, before: Version | undefined, document: object): Write {
  return before
    ? {
        kind: 'index',
        index,
        id,
        document,
        guard: { if_seq_no: before.seqNo, if_primary_term: before.primaryTerm },
      }
    : { kind: 'create', index, id, document, guard: {} }
}

function changedBy(fate: Written, { index }: Place): Changed {
  switch (fate.fate) {
    case 'done':
      return { changed: true, version: { seqNo: fate.seqNo, primaryTerm: fate.primaryTerm } }
    case 'dead':
    case 'later':
      return fate.error
    default:
      throw new ConfigError(
        `${WHAT}: the index ${index} is not there; run opomena rebuild, which makes it anew from the log`,
      )
  }
}
