/** Sends what is due: claims a letter, sends it under its own id, marks it. A crash in between sends the same id again. */
import { backoffMs } from '../core/clock.ts'
import type { FlagDocument } from '../core/document.ts'
import { Quarantine, RetryLater } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { Clock, Mailer } from '../core/ports.ts'
import { matches, wordsOf } from '../core/query-match.ts'
import { QueryError } from '../core/query.ts'
import { fateOf } from '../core/sqlite.ts'
import { subscriptionQuery } from '../core/subscription-query.ts'
import type { Subscription } from '../core/subscription.ts'
import type { AlertStore } from './alert-store.ts'
import type { LetterContent, LetterRow } from './letter-book.ts'
import { digestLetter } from './digest.ts'
import type { Digest } from './digest.ts'
import { isDue, letterDay } from './due.ts'

const LOOK_EVERY_MS = 30_000
/** After so long a silence a note says that the watch goes on. */
const QUIET_MS = 30 * 86_400_000
/** When so many letters in a row cannot be sent, it is the mail server, not the letters. */
const FAILURES_IN_A_ROW = 3

export interface Delivery {
  readonly store: AlertStore
  readonly mailer: Mailer
  readonly clock: Clock
  readonly logger: Logger
  /** Address under which people reach the web, without a slash at the end. */
  readonly publicUrl: string
}

export interface Round {
  readonly sent: number
  /** Could not be sent now; claimed still. */
  readonly waiting: number
  readonly refused: number
}

/** Looks every half minute for letters that are due, until the signal is aborted. */
export async function deliverLetters(options: Delivery & { readonly signal: AbortSignal }): Promise<void> {
  const { clock, signal } = options
  for (let failures = 0; !signal.aborted;) {
    const isWaiting = await isAnythingWaiting(options)
    failures = isWaiting ? failures + 1 : 0
    await clock.sleep(isWaiting ? Math.max(LOOK_EVERY_MS, backoffMs(failures)) : LOOK_EVERY_MS, signal)
  }
}

async function isAnythingWaiting(options: Delivery & { readonly signal: AbortSignal }): Promise<boolean> {
  try {
    return (await deliverDue(options, options.signal)).waiting > 0
  } catch (thrown) {
    const fate = fateOf(thrown, 'alert store')
    if (!(fate instanceof RetryLater)) throw fate
    options.logger.warn({ reason: fate.message }, 'letters wait for the alert store')
    return true
  }
}

/** Sends every letter that is due now, those first that were claimed before. */
export async function deliverDue(delivery: Delivery, signal?: AbortSignal): Promise<Round> {
  const { store, clock } = delivery
  const round = { sent: 0, waiting: 0, refused: 0 }
  let failures = 0
  const send = async (letter: LetterRow): Promise<void> => {
    const outcome = await finish(letter, delivery)
    if (outcome === 'released') return
    round[outcome]++
    failures = outcome === 'waiting' ? failures + 1 : 0
  }
  const stopped = (): boolean => signal?.aborted === true || failures >= FAILURES_IN_A_ROW
  const busy = new Set<string>()
  for (const letter of store.claimed()) {
    busy.add(letter.subscription)
    if (!stopped()) await send(letter)
  }
  for (const subscription of store.active()) {
    // A new letter waits for the one before: what that one tells must not be told twice.
    if (stopped()) break
    if (!isSendable(subscription) || busy.has(subscription.id)) continue
    if (!isDue(clock.now(), subscription, store.lastDay(subscription.id))) continue
    const letter = claim(subscription, delivery)
    if (letter) await send(letter)
  }
  return round
}

function isSendable(subscription: Subscription | undefined): subscription is Subscription {
  return (
    subscription?.status === 'active' &&
    subscription.channel === 'email' &&
    subscription.address !== undefined
  )
}

// ---------------------------------------------------------------- claim

function claim(subscription: Subscription, { store, clock, logger }: Delivery): LetterRow | undefined {
  const now = clock.now()
  const day = letterDay(now, subscription)
  const content = contentFor(subscription, store, now, logger)
  if (!content) {
    store.markEmpty(subscription.id, day, now)
    return undefined
  }
  const letter: LetterRow = { subscription: subscription.id, day, content }
  return store.claim(letter, now) ? letter : undefined
}

function contentFor(
  subscription: Subscription,
  store: AlertStore,
  now: Date,
  logger: Logger,
): LetterContent | undefined {
  const flags = newFlags(subscription, store, logger)
  const corrections = store.correctionsFor(subscription.id)
  if (flags.length > 0 || corrections.length > 0) {
    return {
      kind: 'digest',
      flags: flags.map(({ id, standing }) => ({ id, status: standing.status })),
      corrections,
    }
  }
  const since = Date.parse(store.lastSentAt(subscription.id) ?? subscription.createdAt)
  return now.getTime() - since >= QUIET_MS ? { kind: 'quiet', flags: [], corrections: [] } : undefined
}

function newFlags(subscription: Subscription, store: AlertStore, logger: Logger): readonly FlagDocument[] {
  try {
    const query = subscriptionQuery(subscription)
    const begin = Date.parse(subscription.createdAt)
    return Iterator.from(store.changedFor(subscription.id))
      .filter(({ document }) => !document.retired && tellableSince(document) >= begin)
      .filter(({ document, ...words }) =>
        matches(query, document, wordsOf({ title: document.article.title, ...words })),
      )
      .map(({ document }) => document)
      .toArray()
  } catch (thrown) {
    if (!(thrown instanceof QueryError)) throw thrown
    logger.error(
      { subscription: subscription.id, reason: thrown.message },
      'a subscription has a search that cannot be read; its owner must correct it',
    )
    return []
  }
}

/** A new subscription begins with what is found, or confirmed, after it was made. */
function tellableSince({ standing, madeAt }: FlagDocument): number {
  return Date.parse(standing.verdict?.at ?? madeAt)
}

// ---------------------------------------------------------------- send, mark

async function finish(letter: LetterRow, delivery: Delivery): Promise<keyof Round | 'released'> {
  const { store, mailer, clock, logger } = delivery
  const fields = { subscription: letter.subscription, day: letter.day }
  const subscription = store.subscription(letter.subscription)
  if (!isSendable(subscription)) {
    store.release(letter)
    return 'released'
  }
  const digest = composed(letter, subscription, delivery)
  if (!digest) {
    // All of it was deleted or judged otherwise since the claim. It counts as told: perhaps it was sent before a crash,
    // and then its reader must have the correction.
    store.markSent(letter, clock.now())
    return 'released'
  }
  try {
    await mailer.send(digestLetter(digest))
  } catch (thrown) {
    if (thrown instanceof RetryLater) {
      logger.warn({ ...fields, reason: thrown.message }, 'a letter could not be sent now; it is tried again')
      return 'waiting'
    }
    if (!(thrown instanceof Quarantine)) throw thrown
    store.markRefused(letter, clock.now())
    logger.error(
      { ...fields, reason: thrown.message },
      'a letter was refused for good; its flags are told with the next one',
    )
    return 'refused'
  }
  store.markSent(letter, clock.now())
  return 'sent'
}

/** The letter as its flags stand at this moment: what was deleted or judged otherwise since the claim is not told. */
function composed(
  { content, day }: LetterRow,
  subscription: Subscription,
  delivery: Delivery,
): Digest | undefined {
  const { store, publicUrl } = delivery
  const flags = content.flags.flatMap(({ id, status }) => {
    const document = store.document(id)
    const holds = document && !document.retired && [status, 'confirmed'].includes(document.standing.status)
    return holds ? [document] : []
  })
  const corrections = content.corrections.map(({ id, was, status }) => {
    const document = store.document(id)
    return document ? { document, was, status } : { was, status: 'withdrawn' as const }
  })
  if (flags.length === 0 && corrections.length === 0 && content.kind !== 'quiet') return undefined
  return { subscription, day, flags, corrections, publicUrl }
}
