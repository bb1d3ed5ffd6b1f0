/** Stories: flags that tell of the same text, so that an agency's piece in twelve outlets is one entry. */
import type { FlagDocument } from '../core/document.ts'
import { labelsOf } from '../core/query-fields.ts'
import { fold } from '../core/text.ts'

export interface Story {
  /** The gravest, first; a confirmed one before one that nobody has reviewed. */
  readonly flags: readonly [FlagDocument, ...FlagDocument[]]
  readonly outlets: readonly string[]
}

/** Joins flags whose articles have equal text, or whose quotes are the same words. The gravest story first. */
export function storiesOf(documents: readonly FlagDocument[]): readonly Story[] {
  // Union-find: each flag points to another of its story, the first of a story to itself.
  const parents = documents.map((_, at) => at)
  const rootOf = (at: number): number => {
    while (parents[at] !== at) at = parents[at] = parents[parents[at]!]!
    return at
  }
  const seen = new Map<string, number>()
  for (const [at, document] of documents.entries()) {
    for (const key of keysOf(document)) {
      const earlier = seen.get(key)
      if (earlier === undefined) seen.set(key, at)
      else parents[rootOf(at)] = rootOf(earlier)
    }
  }
  const stories = Map.groupBy(documents, (_, at) => rootOf(at))
  return [...stories.values()].map(storyOf).sort((a, b) => compare(a.flags[0], b.flags[0]))
}

function keysOf(document: FlagDocument): readonly string[] {
  const quote = fold(document.quote)
  return [`text ${document.article.textHash}`, ...(quote === '' ? [] : [`quote ${quote}`])]
}

function storyOf(documents: readonly FlagDocument[]): Story {
  const [first, ...rest] = [...documents].sort(compare)
  const outlets = [first!, ...rest].map(one => one.article.sourceId)
  return { flags: [first!, ...rest], outlets: [...new Set(outlets)] }
}

function compare(a: FlagDocument, b: FlagDocument): number {
  return (
    Number(b.standing.status === 'confirmed') - Number(a.standing.status === 'confirmed') ||
    labelsOf(b).severity - labelsOf(a).severity ||
    (a.article.at < b.article.at ? -1 : a.article.at > b.article.at ? 1 : 0) ||
    (a.id < b.id ? -1 : 1)
  )
}
