/** The review queue: what is to be looked at, most important first, with copies of one statement as one entry. */
import type { FlagDocument } from '../core/document.ts'
import type { IndexReader, Search } from '../core/ports.ts'
import { labelsOf } from '../core/query-fields.ts'
import { fold } from '../core/text.ts'

/** More are not ordered at once; the page says so. */
export const MOST_QUEUED = 1_000
const PAGE = 500

export interface QueueEntry {
  readonly key: string
  /** The copies of one statement, newest first; decided together unless the reviewer says otherwise. */
  readonly flags: readonly FlagDocument[]
  readonly priority: number
}

export interface Queue {
  readonly entries: readonly QueueEntry[]
  /** There are more than could be ordered. */
  readonly isCut: boolean
}

/** Every flag of a search, up to `MOST_QUEUED`, newest first. */
export async function allFlags(
  reader: IndexReader,
  search: Search,
): Promise<{ flags: FlagDocument[]; isCut: boolean }> {
  const flags: FlagDocument[] = []
  let cursor: string | undefined
  do {
    const page = await reader.searchFlags(search, { limit: PAGE, ...(cursor !== undefined && { cursor }) })
    flags.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined && flags.length < MOST_QUEUED)
  return { flags: flags.slice(0, MOST_QUEUED), isCut: cursor !== undefined }
}

/** Groups and orders flags. `reachOf` is the weight of a source, 1 to 1.5. */
export function queueOf(
  flags: readonly FlagDocument[],
  reachOf: (sourceId: string) => number,
): readonly QueueEntry[] {
  const groups = Map.groupBy(flags, statementKey)
  return [...groups]
    .map(([key, copies]) => {
      const newestFirst = copies.toSorted((a, b) => (a.article.at < b.article.at ? 1 : -1))
      return {
        key,
        flags: newestFirst,
        priority: Math.max(...copies.map(flag => priorityOf(flag, reachOf(flag.article.sourceId)))),
      }
    })
    .sort((a, b) => b.priority - a.priority || (a.flags[0]!.article.at < b.flags[0]!.article.at ? 1 : -1))
}

/**
 * Copies of a text by other outlets, in either script, have the same sentence when folded. An article that does
 * something else with it is another decision.
 */
function statementKey(flag: FlagDocument): string {
  return [flag.category, flag.stance, fold(flag.quote), fold(flag.sentence)].join('|')
}

/** How much it matters that somebody looks soon. */
export function priorityOf(flag: FlagDocument, reach: number): number {
  const { severity, stance } = labelsOf(flag)
  const inHeadline = flag.field === 'title' ? 1.3 : 1
  // What an article relays with distance is rarely what must be seen first.
  const distance = stance === 'condemns' || stance === 'contextualises' ? 0.3 : 1
  return severity * flag.confidence * inHeadline * reach * distance
}
