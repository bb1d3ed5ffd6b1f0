/** Retention of the SQLite log: drops what a topic no longer keeps, never what a known group has yet to read. */
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { Logger } from '../core/logger.ts'
import { transact } from '../core/sqlite.ts'
import { isHeld } from './lease.ts'
import type { Holder } from './lease.ts'
import { TOPICS } from '../core/topics.ts'

/** @throws Error while a worker reads for the group. */
export function forgetGroup(db: DatabaseSync, group: string, now: number): void {
  const holders = db.prepare('SELECT topic, owner, lease_until AS until FROM cursor WHERE grp = ?')
  const forget = ['cursor', 'dead'].map(table => db.prepare(`DELETE FROM ${table} WHERE grp = ?`))
  transact(db, () => {
    const held = holders.all(group).find(row => isHeld(row as unknown as Holder, now))
    if (held) {
      throw new Error(
        `group ${group} is reading topic ${String(held['topic'])}; stop its worker before it is forgotten`,
      )
    }
    for (const statement of forget) statement.run(group)
  })
}

/** Records looked at in one transaction. */
const STEP = 500

export async function expireTopics(
  db: DatabaseSync,
  now: Date,
  { guarded, logger }: { readonly guarded: <T>(work: () => T) => T; readonly logger: Logger },
): Promise<number> {
  // The oldest first and only while they are too old: a record that came in order stands behind all older ones.
  const oldest = db.prepare(`DELETE FROM log WHERE seq IN (SELECT seq FROM
    (SELECT seq, at FROM log WHERE topic = :topic AND seq < :floor ORDER BY seq LIMIT ${STEP}) WHERE at < :before)`)
  const overtaken =
    db.prepare(`DELETE FROM log WHERE seq IN (SELECT seq FROM log WHERE topic = :topic AND seq < :floor
    AND seq NOT IN (SELECT max(seq) FROM log WHERE topic = :topic GROUP BY key) LIMIT ${STEP})`)
  const slowest = db.prepare(
    'SELECT grp, next_seq AS floor FROM cursor WHERE topic = ? ORDER BY next_seq LIMIT 1',
  )
  const tooOld = db.prepare(
    'SELECT count(*) AS records FROM (SELECT 1 FROM log WHERE topic = ? AND seq >= ? AND at < ? LIMIT 1000)',
  )
  let dropped = 0
  for (const { name: topic, keep } of TOPICS) {
    if (keep === 'always') continue
    const { grp, floor } = (slowest.get(topic) ?? { floor: Number.MAX_SAFE_INTEGER }) as {
      grp?: string
      floor: number
    }
    const before = keep === 'latest' ? 0 : now.getTime() - keep.ms
    const drop = (): number =>
      Number(
        keep === 'latest'
          ? overtaken.run({ topic, floor }).changes
          : oldest.run({ topic, floor, before }).changes,
      )
    for (let changes = STEP; changes === STEP;) {
      changes = guarded(() => transact(db, drop))
      dropped += changes
      await turnOfTheLoop()
    }
    const waiting = Number(tooOld.get(topic, floor, before)!['records'])
    if (waiting > 0 && grp !== undefined) {
      logger.warn(
        { topic, group: grp, records: waiting },
        'records past their time are kept for a group that has not read them',
      )
    }
  }
  return dropped
}
