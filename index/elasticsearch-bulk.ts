/**
 * Many writes in one request, each with its own fate. A place in the log may only move when every fate is known, which
 * is why this is no helper of a client: those drop what is refused.
 */
import { Quarantine, RetryLater } from '../core/errors.ts'
import { fateOf, isForLater, pausing, reasonIn, typeOf } from './elasticsearch-send.ts'
import type { Answered, Body, Server } from './elasticsearch-send.ts'

/** A document is written when its version is as its author knew it. */
interface Guarded {
  readonly if_seq_no: number
  readonly if_primary_term: number
}
/** Or when no newer one is there: for documents that follow from another one, which counts its changes. */
interface Versioned {
  readonly version: number
  readonly version_type: 'external_gte'
}
export type Guard = Guarded | Versioned | object

export interface Write {
  readonly kind: 'index' | 'create' | 'delete'
  readonly index: string
  readonly id: string
  readonly guard: Guard
  /** Absent for `delete`. */
  readonly document?: object
}

/** `stale`: somebody was faster. `dead`: it will never be taken. `homeless`: its index is not there. */
export type Written =
  | { readonly fate: 'done'; readonly seqNo: number; readonly primaryTerm: number }
  | { readonly fate: 'stale' | 'homeless' }
  | { readonly fate: 'dead' | 'later'; readonly error: Error }

/** Small enough for any server (its limit is 100 MB), large enough that the number of requests costs nothing. */
const MOST_BYTES = 5_000_000

/**
 * One fate a write, in order.
 * @throws ConfigError when no write can succeed until a person has acted.
 */
export async function bulk(server: Server, writes: readonly Write[]): Promise<Written[]> {
  const fates = new Array<Written>(writes.length)
  const pause = pausing(server)
  let open = writes.map((write, at) => ({ at, lines: linesOf(write) }))
  for (;;) {
    for (const portion of portionsOf(open)) await sendPortion(server, portion, fates)
    open = open.filter(({ at }) => fates[at]!.fate === 'later')
    if (open.length === 0 || !(await pause())) return fates
  }
}

interface Open {
  readonly at: number
  readonly lines: string
}

async function sendPortion(server: Server, portion: readonly Open[], fates: Written[]): Promise<void> {
  const answered = await attempt(server, portion)
  if (answered instanceof Error) {
    for (const { at } of portion) fates[at] = { fate: 'later', error: answered }
  } else if (answered.status === 413 && portion.length > 1) {
    const half = Math.ceil(portion.length / 2)
    await sendPortion(server, portion.slice(0, half), fates)
    await sendPortion(server, portion.slice(half), fates)
  } else if (answered.status === 413) {
    fates[portion[0]!.at] = {
      fate: 'dead',
      error: new Quarantine('the document is larger than the server takes'),
    }
  } else {
    const items = answered.body['items'] as readonly Readonly<Record<string, Item>>[]
    for (const [i, { at }] of portion.entries()) fates[at] = fateOfItem(server, Object.values(items[i]!)[0]!)
  }
}

/** A request without an answer may have been carried out: it is sent again, because that has the same effect as once. */
async function attempt(server: Server, portion: readonly Open[]): Promise<Answered | RetryLater> {
  try {
    const path = '_bulk'
    const answered = await server.send({
      method: 'POST',
      path,
      lines: portion.map(one => one.lines).join(''),
    })
    if (answered.status === 413) return answered
    const items = answered.body['items']
    if (answered.status < 300 && Array.isArray(items) && items.length === portion.length) return answered
    const fate = fateOf(server, { path }, answered)
    if (answered.status >= 300 && !isForLater(answered)) throw fate
    return new RetryLater(fate.message)
  } catch (thrown) {
    if (thrown instanceof RetryLater) return thrown
    throw thrown
  }
}

interface Item extends Body {
  readonly status: number
  readonly _id?: string
  readonly _index?: string
  readonly _seq_no?: number
  readonly _primary_term?: number
}

function fateOfItem(server: Server, item: Item): Written {
  const { status, error } = item
  // Nothing to delete is as good as deleted.
  if (error === undefined)
    return { fate: 'done', seqNo: item._seq_no ?? -1, primaryTerm: item._primary_term ?? -1 }
  const answered = { status, body: item }
  if (status === 409) return { fate: 'stale' }
  if (typeOf(item) === 'index_not_found_exception') return { fate: 'homeless' }
  if (isForLater(answered)) return { fate: 'later', error: fateOf(server, { path: '_bulk' }, answered) }
  if (status === 401 || status === 403) throw fateOf(server, { path: '_bulk' }, answered)
  const where = `${item._index ?? 'index'}, document ${item._id ?? ''}`
  return {
    fate: 'dead',
    error: new Quarantine(`${where}: refused with ${String(status)}: ${reasonIn(item)}`),
  }
}

function linesOf({ kind, index, id, guard, document }: Write): string {
  const action = JSON.stringify({ [kind]: { _index: index, _id: id, ...guard } })
  return document === undefined ? `${action}\n` : `${action}\n${JSON.stringify(document)}\n`
}

function* portionsOf(open: readonly Open[]): Generator<readonly Open[]> {
  let portion: Open[] = []
  let length = 0
  for (const one of open) {
    if (portion.length > 0 && length + one.lines.length > MOST_BYTES) {
      yield portion
      portion = []
      length = 0
    }
    portion.push(one)
    length += one.lines.length
  }
  if (portion.length > 0) yield portion
}
