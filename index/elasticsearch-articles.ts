/** Puts what comes of articles into their records, and what follows from them into place. */
import { Quarantine } from '../core/errors.ts'
import { articleDocument, recordIn } from './elasticsearch-documents.ts'
import type { ArticleSource } from './elasticsearch-documents.ts'
import { changeAll } from './elasticsearch-merge.ts'
import type { Change, Changed } from './elasticsearch-merge.ts'
import { project } from './elasticsearch-project.ts'
import type { Settled, Writing } from './elasticsearch-project.ts'
import { articleIdOf, mergeEntry, withoutExpired, wordsOfEntry } from './elasticsearch-record.ts'
import type { ArticleEntry, ArticleRecord } from './elasticsearch-record.ts'

/** An entry and its place among those that were put together. */
export interface Numbered<E> {
  readonly at: number
  readonly entry: E
}

/** Sets the answer of each entry that could not be stored. */
export async function putArticles(
  writing: Writing,
  entries: readonly Numbered<ArticleEntry>[],
  expiredBefore: string,
  answers: (Error | undefined)[],
): Promise<void> {
  const merges = grouped(entries).map(group => mergeOf(writing, group, expiredBefore))
  const changed = await changeAll(writing.server, merges, ['record'])
  const settled: Settled[] = []
  const apart: Numbered<ArticleEntry>[] = []
  for (const [i, merge] of merges.entries()) {
    const outcome = changed[i]!
    for (const [at, fault] of merge.faults()) answers[at] = fault
    if (isRefused(outcome) && merge.entries.length > 1) apart.push(...merge.entries)
    else if (outcome instanceof Error) setAll(merge, outcome, answers)
    else if (outcome.version) settled.push(merge.settled(outcome.version))
  }
  const faults = await project(writing, settled)
  for (const merge of merges) {
    const fault = faults.get(merge.id)
    if (fault) setAll(merge, fault, answers)
  }
  // One of them is at fault and must not spoil the others.
  for (const one of apart) await putArticles(writing, [one], expiredBefore, answers)
}

function isRefused(outcome: Changed): boolean {
  return outcome instanceof Quarantine
}

function setAll({ entries }: ArticleMerge, error: Error, answers: (Error | undefined)[]): void {
  for (const { at } of entries) answers[at] ??= error
}

/** In the order in which they came, by article. */
function grouped(entries: readonly Numbered<ArticleEntry>[]): readonly (readonly Numbered<ArticleEntry>[])[] {
  const groups = new Map<string, Numbered<ArticleEntry>[]>()
  for (const one of entries) {
    const id = articleIdOf(one.entry)
    const group = groups.get(id) ?? []
    groups.set(id, group)
    group.push(one)
  }
  return [...groups.values()]
}

interface ArticleMerge extends Change<ArticleSource> {
  readonly entries: readonly Numbered<ArticleEntry>[]
  /** Entries at fault, by their number, as the last merge found them. */
  faults(): ReadonlyMap<number, Error>
  /** The record as the last merge left it. */
  settled(version: Settled['version']): Settled
}

function mergeOf(
  { names, generation }: Writing,
  entries: readonly Numbered<ArticleEntry>[],
  expiredBefore: string,
): ArticleMerge {
  const id = articleIdOf(entries[0]!.entry)
  const faults = new Map<number, Error>()
  let record: ArticleRecord | undefined
  return {
    index: names.index('articles', generation),
    id,
    entries,
    merge(stored) {
      faults.clear()
      record = stored && withoutExpired(recordIn(stored), expiredBefore)
      for (const { at, entry } of entries) {
        try {
          record = mergeEntry(record, entry, expiredBefore)
        } catch (thrown) {
          faults.set(at, thrown instanceof Error ? thrown : new Error(String(thrown)))
        }
      }
      if (!record || JSON.stringify(record) === stored?.record) return undefined
      return articleDocument(id, record)
    },
    faults: () => faults,
    settled: version => ({ id, record: record!, version, carried: carriedBy(entries, faults) }),
  }
}

function carriedBy(
  entries: readonly Numbered<ArticleEntry>[],
  faults: ReadonlyMap<number, Error>,
): Settled['carried'] {
  return entries.flatMap(({ at, entry }) => (faults.has(at) ? [] : (wordsOfEntry(entry) ?? [])))
}
