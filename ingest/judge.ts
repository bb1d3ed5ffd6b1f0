/** The fate of an item whose words are known: a new article, a new revision, the same again, or another address of an article we have. */
import type { Article, EvidenceRef } from '../core/article.ts'
import type { Fate } from '../core/observation.ts'
import { articleId } from './canonical-url.ts'
import { buildArticle, dateOf, hashesOf } from './build-article.ts'
import type { ArticleSource, Hashes, Words } from './build-article.ts'
import type { IngestStore, Seen } from './ingest-store.ts'

/** An outlet that says the same at two addresses within this many days says it once. */
export const TWIN_DAYS = 7
/** Letters and digits below which the same words may well be another story ("Photo of the day"). */
const TELLING_LENGTH = 40

export interface Candidate {
  readonly source: ArticleSource
  readonly id: string
  readonly url: string
  readonly words: Words
  readonly evidence: EvidenceRef
  readonly firstSeenAt: string
  readonly fetchedAt: string
  /** Changes when the feed says something else of the item. */
  readonly itemHash: string
  readonly pageTitleHash?: string
  readonly known: Seen | undefined
}

export interface Judgement {
  readonly fate: Fate
  /** There is one when it is published or revised. */
  readonly article?: Article
  /** What to remember. */
  readonly seen: Seen
  readonly reason?: string
}

/** Reads the store, writes nothing: call it in the transaction that stores its answer. */
export function judge(
  candidate: Candidate,
  store: Pick<IngestStore, 'twin' | 'seen' | 'statingCanonical'>,
): Judgement {
  const { known, words } = candidate
  const hashes = hashesOf(words)
  const seen = seenOf(candidate, hashes)
  if (known?.state === 'published') {
    if (known.textHash === hashes.textHash)
      return { fate: 'unchanged', seen: { ...known, itemHash: candidate.itemHash } }
    return publish(candidate, hashes, { ...seen, revision: known.revision + 1 }, 'revised')
  }
  const twin = twinOf(candidate, hashes, seen, store)
  if (twin)
    return { fate: 'duplicate', reason: twin.reason, seen: { ...seen, state: 'duplicate', twinOf: twin.id } }
  return publish(
    candidate,
    hashes,
    { ...seen, revision: Math.max(0, (known?.revision ?? -1) + 1) },
    'published',
  )
}

function publish(candidate: Candidate, hashes: Hashes, seen: Seen, fate: 'published' | 'revised'): Judgement {
  const article = buildArticle(candidate.words, hashes.textHash, {
    ...candidate,
    firstSeenAt: seen.firstSeenAt,
    revision: seen.revision,
  })
  return { fate, article, seen }
}

function seenOf(candidate: Candidate, hashes: Hashes): Seen {
  const { known, words } = candidate
  const firstSeenAt = known?.firstSeenAt ?? candidate.firstSeenAt
  const canonicalId = words.canonicalUrl === undefined ? undefined : articleId(words.canonicalUrl)
  return {
    id: candidate.id,
    sourceId: candidate.source.id,
    url: candidate.url,
    state: 'published',
    ...(canonicalId !== undefined && canonicalId !== candidate.id && { canonicalId }),
    itemHash: candidate.itemHash,
    revision: known?.revision ?? -1,
    textHash: hashes.textHash,
    titleHash: hashes.titleHash,
    ...(candidate.pageTitleHash !== undefined && { pageTitleHash: candidate.pageTitleHash }),
    at: dateOf(words.publishedAt, firstSeenAt),
    ...(words.publishedAt !== undefined && { publishedAt: words.publishedAt }),
    firstSeenAt,
  }
}

function twinOf(
  candidate: Candidate,
  hashes: Hashes,
  seen: Seen,
  store: Pick<IngestStore, 'twin' | 'seen' | 'statingCanonical'>,
): { readonly id: string; readonly reason: string } | undefined {
  const same =
    hashes.length < TELLING_LENGTH
      ? undefined
      : store.twin(seen.sourceId, hashes.textHash, seen.at, TWIN_DAYS)
  if (same !== undefined && same !== candidate.id)
    return { id: same, reason: `same words as article ${same}` }
  if (!candidate.words.title) return undefined
  // Outlets point whole sections at one canonical address: the title must agree before it is believed.
  const stated = seen.canonicalId === undefined ? undefined : store.seen(seen.canonicalId)
  const others = [...(stated?.state === 'published' ? [stated] : []), ...store.statingCanonical(candidate.id)]
  const twin = others.find(
    other =>
      other.sourceId === seen.sourceId && other.id !== candidate.id && other.titleHash === hashes.titleHash,
  )
  return twin && { id: twin.id, reason: `another address of article ${twin.id}` }
}
