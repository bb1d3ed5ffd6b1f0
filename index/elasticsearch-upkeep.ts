/** What the index does in idle time: lets old texts go, and erases what was deleted from the files themselves. */
import { bulk } from './elasticsearch-bulk.ts'
import type { Write } from './elasticsearch-bulk.ts'
import { KEPT } from './elasticsearch-mapping.ts'
import type { Writing } from './elasticsearch-project.ts'
import { searchIn } from './elasticsearch-search.ts'
import { ask, askFor } from './elasticsearch-send.ts'
import { changeSettings, readSettings } from './elasticsearch-settings.ts'

const DELETED_AT_ONCE = 1_000

/**
 * Lets go of the texts of unflagged articles fetched before the day; answers how many there were. They stop to count at
 * once, by the day in the settings; then months that have passed are dropped, and of the month that the day is in they
 * are deleted one by one.
 */
export async function expireTexts(writing: Writing, before: string): Promise<number> {
  const { server, names } = writing
  if (before !== '') {
    await changeSettings(server, names, settings =>
      before > settings.expiredBefore ? { ...settings, expiredBefore: before } : settings,
    )
  }
  const { expiredBefore } = await readSettings(server, names)
  let expired = 0
  for (const month of expiredBefore === '' ? [] : await monthsOf(writing)) {
    if (`${month}-01` >= expiredBefore) continue
    const index = names.texts(writing.generation, month)
    await ask(server, { method: 'POST', path: `${index}/_refresh` })
    expired += isOver(month, expiredBefore)
      ? await dropIndex(writing, index)
      : await deleteFetchedBefore(writing, index, expiredBefore)
  }
  return expired
}

/** The months that there are texts of, from the oldest on. */
async function monthsOf({ server, names, generation }: Writing): Promise<string[]> {
  const all = names.allTexts(generation)
  const found = await ask<Record<string, unknown>>(server, {
    method: 'GET',
    path: `${all}/_alias`,
    query: { allow_no_indices: true },
  })
  const start = all.length - 1
  return Object.keys(found)
    .map(index => index.slice(start))
    .filter(place => place !== KEPT)
    .sort()
}

/** Whether all days of the month are before the day. */
function isOver(month: string, before: string): boolean {
  return before.slice(0, month.length) > month
}

async function dropIndex({ server, textIndices }: Writing, index: string): Promise<number> {
  const { count } = await ask<{ count: number }>(server, { method: 'GET', path: `${index}/_count` })
  await askFor(server, { method: 'DELETE', path: index })
  textIndices.delete(index)
  return count
}

async function deleteFetchedBefore({ server }: Writing, index: string, before: string): Promise<number> {
  const place = { indices: [index], condition: { range: { fetched: { lt: before } } } }
  let deleted = 0
  for (;;) {
    const { hits } = await searchIn(server, place, {
      size: DELETED_AT_ONCE,
      _source: false,
      version: true,
      sort: ['_doc'],
    })
    const found = hits.hits as unknown as readonly { readonly _id: string; readonly _version: number }[]
    if (found.length === 0) return deleted
    // One that was written anew meanwhile has a higher version and stays.
    const writes = found.map(({ _id, _version }): Write => ({
      kind: 'delete',
      index,
      id: _id,
      guard: { version: _version, version_type: 'external_gte' },
    }))
    for (const fate of await bulk(server, writes)) {
      if ('error' in fate) throw fate.error
      if (fate.fate === 'done') deleted++
    }
    await ask(server, { method: 'POST', path: `${index}/_refresh` })
  }
}

// ---------------------------------------------------------------- erasing

/** For some time after a write, copies may ask the index for it: until then no merge lets go of what it replaced. */
const ERASED_AFTER_MS = 600_000

/** Deleted documents stand in their files until those are merged. This merges all that hold any, when the time has come. */
export async function eraseDeleted({ server, names, generation }: Writing): Promise<void> {
  const { toErase } = await readSettings(server, names)
  if (toErase === undefined) return
  if (server.clock.now().getTime() - Date.parse(toErase) < ERASED_AFTER_MS) return
  const parts = [
    names.index('articles', generation),
    names.index('flags', generation),
    names.allTexts(generation),
  ]
  const path = parts.join(',')
  // There may be no texts yet.
  const query = { allow_no_indices: true }
  await ask(server, { method: 'POST', path: `${path}/_flush`, query })
  // By default a file keeps what is deleted until that is a tenth of it.
  const allowed = { 'index.merge.policy.expunge_deletes_allowed': 0 }
  await ask(server, { method: 'PUT', path: `${path}/_settings`, query, body: allowed })
  await ask(server, {
    method: 'POST',
    path: `${path}/_forcemerge`,
    query: { ...query, only_expunge_deletes: true, wait_for_completion: true },
  })
  await changeSettings(server, names, ({ toErase: mark, ...rest }) =>
    mark === undefined || mark === toErase ? rest : { ...rest, toErase: mark },
  )
}
