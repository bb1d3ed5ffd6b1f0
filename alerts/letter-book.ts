/** The book of letters: which day of a subscription has which letter, and which flags it was told. Part of `alerts.db`. */
import type { DatabaseSync } from 'node:sqlite'
import type { Status } from '../core/labels.ts'
import { transact } from '../core/sqlite.ts'

/** How a flag stands for those who were told of it. `withdrawn`: its article was deleted. */
export type ToldStatus = Status | 'withdrawn'

export interface ToldFlag {
  readonly id: string
  /** As the letter tells it. */
  readonly status: ToldStatus
}

export interface LetterContent {
  readonly kind: 'digest' | 'quiet'
  readonly flags: readonly ToldFlag[]
  /** Told in an earlier letter, and judged otherwise since. */
  readonly corrections: readonly (ToldFlag & { readonly was: ToldStatus })[]
}

export interface LetterRow {
  readonly subscription: string
  /** Day in the subscription's time zone: with the subscription it names the letter. */
  readonly day: string
  readonly content: LetterContent
}

export interface LetterBook {
  /** Letters that were claimed: being sent, or perhaps sent already when the process died. */
  claimed(): readonly LetterRow[]
  /** The newest day that was dealt with. */
  lastDay(subscription: string): string | undefined
  /** When a letter last went out. */
  lastSentAt(subscription: string): string | undefined
  /** Claims the day's letter before it is sent; false when the day has one already. */
  claim(letter: LetterRow, at: Date): boolean
  /** There was nothing to tell that day. */
  markEmpty(subscription: string, day: string, at: Date): void
  /** The letter is out: what it told is told for ever. */
  markSent(letter: LetterRow, at: Date): void
  /** The mail server said never. What the letter would have told is told another day. */
  markRefused(letter: LetterRow, at: Date): void
  /** Takes the claim back, as if it had not been made. */
  release(letter: LetterRow): void
}

/** How far a subscription, as it is written now, has looked: changes up to there were told or did not concern it. */
export const LOOKED_AT = `(SELECT coalesce(max(looked_at), 0) FROM letters JOIN subscriptions USING (version)
  WHERE letters.subscription = :id AND subscriptions.id = :id AND state IN ('sent', 'empty'))`
const NOTHING: LetterContent = { kind: 'digest', flags: [], corrections: [] }

export function letterBook(db: DatabaseSync): LetterBook {
  const claimed = db.prepare(
    `SELECT subscription, day, content FROM letters WHERE state = 'claimed' ORDER BY day, subscription`,
  )
  const lastDay = db.prepare('SELECT max(day) AS day FROM letters WHERE subscription = ?')
  const lastSent = db.prepare(`SELECT max(at) AS at FROM letters WHERE subscription = ? AND state = 'sent'`)
  const insert = db.prepare(
    `INSERT OR IGNORE INTO letters(subscription, day, state, version, looked_at, content, at)
     SELECT id, :day, :state, version, (SELECT seq FROM counter), :content, :at FROM subscriptions WHERE id = :id`,
  )
  const setState = db.prepare('UPDATE letters SET state = ?, at = ? WHERE subscription = ? AND day = ?')
  const remove = db.prepare('DELETE FROM letters WHERE subscription = ? AND day = ?')
  const tell = db.prepare(
    `INSERT INTO told(subscription, flag, status, day) VALUES (?, ?, ?, ?)
     ON CONFLICT(subscription, flag) DO UPDATE SET status = excluded.status`,
  )

  const put = (id: string, day: string, state: string, content: LetterContent, at: Date): boolean =>
    insert.run({ id, day, state, content: JSON.stringify(content), at: at.toISOString() }).changes > 0

  return {
    claimed: () =>
      claimed.all().map(row => ({
        subscription: String(row['subscription']),
        day: String(row['day']),
        content: JSON.parse(String(row['content'])) as LetterContent,
      })),
    lastDay: id => textOrNothing(lastDay.get(id)?.['day']),
    lastSentAt: id => textOrNothing(lastSent.get(id)?.['at']),
    claim: ({ subscription, day, content }, at) => put(subscription, day, 'claimed', content, at),
    markEmpty: (subscription, day, at) => void put(subscription, day, 'empty', NOTHING, at),
    markSent: ({ subscription, day, content }, at) =>
      transact(db, () => {
        for (const { id, status } of [...content.flags, ...content.corrections])
          tell.run(subscription, id, status, day)
        setState.run('sent', at.toISOString(), subscription, day)
      }),
    markRefused: ({ subscription, day }, at) =>
      void setState.run('refused', at.toISOString(), subscription, day),
    release: ({ subscription, day }) => void remove.run(subscription, day),
  }
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
