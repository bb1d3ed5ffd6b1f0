/** Subscriptions as people make them. A change, its audit row and its message to the alerts are one transaction. */
import type { DatabaseSync } from 'node:sqlite'
import type { Outbox } from '../../core/outbox.ts'
import { transact } from '../../core/sqlite.ts'
import { message } from '../../core/stage.ts'
import type { Subscription } from '../../core/subscription.ts'
import { subscriptions as topic } from '../../core/topics.ts'
import { isUnsubscribeToken } from '../../core/unsubscribe.ts'
import type { Audit } from './audit.ts'

export interface Subscriptions {
  /** Stores the newest form of a subscription. `action` is what the audit calls it, for example `subscription.pause`. */
  save(subscription: Subscription, by: string, action: string): void
  get(id: string): Subscription | undefined
  /** Of one person, without the deleted. */
  list(owner: string): readonly Subscription[]
  byTokenHash(hash: string): Subscription | undefined
  /** The subscription that an unsubscribe link of a letter belongs to, however old the letter. */
  byUnsubscribeToken(token: string): Subscription | undefined
}

export function subscriptionStore(db: DatabaseSync, audit: Audit, outbox: Outbox): Subscriptions {
  const one = db.prepare('SELECT * FROM subscriptions WHERE id = ?')
  const owned = db.prepare(
    `SELECT json FROM subscriptions WHERE owner = ? AND status <> 'deleted' ORDER BY rowid`,
  )
  const byHash = db.prepare(`SELECT json FROM subscriptions WHERE token_hash = ? AND status <> 'deleted'`)
  const put = db.prepare(
    `INSERT INTO subscriptions(id, owner, status, token_hash, old_hashes, json) VALUES (?,?,?,?,?,?)
     ON CONFLICT(id) DO UPDATE SET status = excluded.status, token_hash = excluded.token_hash,
       old_hashes = excluded.old_hashes, json = excluded.json`,
  )
  const get = (id: string): Subscription | undefined => maybe(one.get(id))

  return {
    save(subscription, by, action) {
      transact(db, () => {
        const { id, owner, status, tokenHash, name, query } = subscription
        put.run(
          id,
          owner,
          status,
          tokenHash,
          JSON.stringify(pastHashes(one.get(id), tokenHash)),
          JSON.stringify(subscription),
        )
        audit.append({ by, action, subject: id, detail: { name, query, status } })
        outbox.enqueue([message(topic, subscription)])
      })
    },
    get,
    list: owner => owned.all(owner).map(row => maybe(row)!),
    byTokenHash: hash => maybe(byHash.get(hash)),
    byUnsubscribeToken(token) {
      const id = token.slice(0, Math.max(0, token.lastIndexOf('.')))
      const row = one.get(id)
      if (!row) return undefined
      const hashes = [String(row['token_hash']), ...(JSON.parse(String(row['old_hashes'])) as string[])]
      return isUnsubscribeToken(token, id, hashes) ? maybe(row) : undefined
    },
  }
}

/** Links in old letters are made with the token of their time, and must work after it was renewed. */
function pastHashes(row: Record<string, unknown> | undefined, current: string): string[] {
  if (!row) return []
  const past = JSON.parse(String(row['old_hashes'])) as string[]
  const before = String(row['token_hash'])
  return before === current ? past : [...past, before]
}

function maybe(row: Record<string, unknown> | undefined): Subscription | undefined {
  return row && (JSON.parse(String(row['json'])) as Subscription)
}
