/** Brings archived articles into the pipeline: each line is evidence, judged like a fetched page, and has exactly one fate. */
import { reasonOf, Quarantine } from '../core/errors.ts'
import type { EvidenceRef } from '../core/article.ts'
import { hashId } from '../core/hash.ts'
import type { Logger } from '../core/logger.ts'
import type { Fate } from '../core/observation.ts'
import type { Capture, Clock, EventLog, EvidenceStore } from '../core/ports.ts'
import type { Source } from '../core/source.ts'
import { message } from '../core/stage.ts'
import type { Message } from '../core/stage.ts'
import { articles, observations } from '../core/topics.ts'
import { archiveItem, sourceNamer } from './archive-row.ts'
import type { ArchiveItem, SourceNamer } from './archive-row.ts'
import type { IngestStore } from './ingest-store.ts'
import { judge } from './judge.ts'
import { Tally } from './tally.ts'

export interface ImportDeps {
  readonly sources: readonly Source[]
  readonly evidence: EvidenceStore
  readonly store: IngestStore
  readonly log: EventLog
  readonly clock: Clock
  readonly logger: Logger
  readonly signal?: AbortSignal
  /** Lines done so far. */
  readonly onProgress?: (done: number) => void
}

/** `in` is the sum of the others. */
export interface ImportReport {
  readonly in: number
  readonly published: number
  readonly revised: number
  readonly duplicate: number
  readonly unchanged: number
  readonly failed: number
  readonly firstErrors: readonly { readonly line: number; readonly reason: string }[]
}

/** Lines of one transaction. */
const BATCH = 500
const MAX_ERRORS = 20
/** What a line without a readable source is counted under. */
const NOBODY = 'import'

interface Line {
  readonly number: number
  readonly text: string
  readonly item?: ArchiveItem
  /** Why it is no article. */
  readonly reason?: string
}

/** Every line that is not empty. Importing the same lines again changes nothing. All is in the log when it resolves. */
export async function importArchive(lines: AsyncIterable<string>, deps: ImportDeps): Promise<ImportReport> {
  const sourceOf = sourceNamer(deps.sources)
  const report = {
    in: 0,
    published: 0,
    revised: 0,
    duplicate: 0,
    unchanged: 0,
    failed: 0,
    firstErrors: [] as { line: number; reason: string }[],
  }
  let batch: Line[] = []
  let number = 0
  const flush = async (): Promise<void> => {
    const fates = await importBatch(batch, deps)
    for (const [at, { fate, reason }] of fates.entries()) {
      report.in++
      report[fate === 'refused' ? 'failed' : fate]++
      if (fate === 'failed' && report.firstErrors.length < MAX_ERRORS)
        report.firstErrors.push({ line: batch[at]!.number, reason: reason ?? '' })
    }
    batch = []
    deps.onProgress?.(report.in)
  }
  for await (const text of lines) {
    number++
    if (text.trim() === '') continue
    batch.push(readLine(text, number, sourceOf))
    if (batch.length >= BATCH) await flush()
    if (deps.signal?.aborted) break
  }
  if (batch.length > 0) await flush()
  return report
}

function readLine(text: string, number: number, sourceOf: SourceNamer): Line {
  try {
    return { number, text, item: archiveItem(text, sourceOf) }
  } catch (thrown) {
    return { number, text, reason: reasonOf(thrown) }
  }
}

interface Judged {
  readonly fate: Fate
  readonly reason?: string
}

async function importBatch(batch: readonly Line[], deps: ImportDeps): Promise<readonly Judged[]> {
  const { store, evidence, clock } = deps
  const now = clock.now().toISOString()
  const fresh = batch.filter(line => !isKnown(line, store))
  // Evidence first: nothing is published that could not be shown.
  const refs = await evidence.putAll(fresh.map(line => captureOf(line, now)))
  const refOf = new Map(fresh.map((line, at) => [line, refs[at]!]))
  const judged = store.transact(() => {
    const tallies = new Map<string, Tally>()
    const messages: Message[] = []
    const answers = batch.map(line => {
      const sourceId = line.item?.source.id ?? NOBODY
      const answer = judgeLine(line, refOf.get(line), now, store, messages)
      tallyOf(tallies, sourceId, now, batch[0]!.number).count(answer.id, answer.fate, answer.reason)
      return answer
    })
    for (const tally of tallies.values())
      messages.push(message(observations, tally.observation({ outcome: 'fresh' })))
    store.outbox.enqueue(messages)
    return answers
  })
  for (let relayed = 1; relayed > 0;) relayed = await store.outbox.relayOnce(deps.log)
  return judged
}

/** Nothing new: no evidence is kept twice. */
function isKnown({ item }: Line, store: IngestStore): boolean {
  const known = item && store.seen(item.id)
  return known !== undefined && (known.itemHash === item?.itemHash || known.state === 'deleted')
}

/** Adds the message of an article to `messages`, and to the store what was seen. */
function judgeLine(
  line: Line,
  ref: EvidenceRef | undefined,
  now: string,
  store: IngestStore,
  messages: Message[],
): Judged & { readonly id: string } {
  const { item, number } = line
  if (!item)
    return {
      id: `line-${String(number)}`,
      fate: 'failed',
      reason: `line ${String(number)}: ${line.reason ?? ''}`,
    }
  const known = store.seen(item.id)
  if (!ref || (known && (known.itemHash === item.itemHash || known.state === 'deleted')))
    return { id: item.id, fate: 'unchanged' }
  const { fate, article, seen, reason } = judge(
    { ...item, evidence: ref, firstSeenAt: item.firstSeenAt ?? now, fetchedAt: now, known },
    store,
  )
  try {
    if (article) messages.push(message(articles, article))
  } catch (thrown) {
    if (!(thrown instanceof Quarantine)) throw thrown
    return { id: item.id, fate: 'failed', reason: `line ${String(number)}: ${thrown.message}` }
  }
  store.saveSeen(seen)
  store.addEvidence(seen.twinOf ?? seen.id, ref.rawHash)
  return { id: item.id, fate, ...(reason !== undefined && { reason }) }
}

function tallyOf(tallies: Map<string, Tally>, sourceId: string, at: string, line: number): Tally {
  let tally = tallies.get(sourceId)
  if (!tally) {
    // Two batches may begin in the same millisecond: the number of the first line keeps their observations apart.
    const id = hashId(sourceId, 'import', at, line)
    tallies.set(sourceId, (tally = new Tally({ sourceId, of: 'import', kind: 'import', at }, id)))
  }
  return tally
}

function captureOf({ text, item }: Line, now: string): Capture {
  return {
    url: item?.url ?? 'import:unreadable',
    sourceId: item?.source.id ?? NOBODY,
    body: Buffer.from(text),
    startedAt: now,
    endedAt: now,
    headers: [],
    requestHeaders: [],
    redirects: [],
  }
}
