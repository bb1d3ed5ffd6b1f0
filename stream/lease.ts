/** The lease of one group on one topic: who may read, and the epoch that keeps a worker that froze from committing. */
import { randomUUID } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../core/ports.ts'

export interface Reader {
  readonly group: string
  readonly topic: string
}

export interface Lease {
  readonly epoch: number
  /** Where to go on reading, as the cursor stood when the lease was taken or last committed. */
  nextSeq: number
  /** Milliseconds since 1970. */
  until: number
}

/** Another worker has taken over; whatever was in hand is theirs. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export interface Holder {
  readonly owner: string | null
  readonly until: number
}

/** True while a worker may come back with what it has in hand. */
export function isHeld({ owner, until }: Holder, now: number): boolean {
  return owner !== null && until > now && !isGone(owner)
}

export interface Leases {
  /** Makes the group known: nothing it has yet to read expires from here on. */
  join(): void
  /** The lease, or undefined when another worker holds it or the group has just become known. */
  take(): Lease | undefined
  /** @throws LeaseLost */
  renew(lease: Lease): void
  /** Moves the cursor, inside the caller's transaction. @throws LeaseLost: the caller's transaction must not commit. */
  advance(lease: Lease, nextSeq: number): void
  giveBack(lease: Lease): void
}

export function leases(
  db: DatabaseSync,
  { group, topic }: Reader,
  { owner, clock, leaseMs }: { readonly owner: string; readonly clock: Clock; readonly leaseMs: number },
): Leases {
  const join = db.prepare('INSERT INTO cursor(grp, topic, next_seq) VALUES (?, ?, 1) ON CONFLICT DO NOTHING')
  const holder = db.prepare('SELECT owner, lease_until AS until FROM cursor WHERE grp = ? AND topic = ?')
  // Compares with what was looked at: of two workers that see a free lease, one changes the row and the other none.
  const take = db.prepare(`UPDATE cursor SET owner = ?, lease_until = ?, epoch = epoch + 1
    WHERE grp = ? AND topic = ? AND owner IS ? AND lease_until = ? RETURNING epoch, next_seq AS nextSeq`)
  const hold = db.prepare(
    'UPDATE cursor SET next_seq = ?, lease_until = ? WHERE grp = ? AND topic = ? AND epoch = ?',
  )
  const giveBack = db.prepare(
    'UPDATE cursor SET owner = NULL, lease_until = 0 WHERE grp = ? AND topic = ? AND epoch = ?',
  )
  const now = (): number => clock.now().getTime()

  function advance(lease: Lease, nextSeq: number): void {
    const until = now() + leaseMs
    const { changes } = hold.run(nextSeq, until, group, topic, lease.epoch)
    if (changes === 0) throw new LeaseLost(`group ${group} on topic ${topic}: another worker has taken over`)
    lease.nextSeq = nextSeq
    lease.until = until
  }

  return {
    join: () => void join.run(group, topic),
    take() {
      const held = holder.get(group, topic) as Holder | undefined
      if (!held) {
        join.run(group, topic) // Forgotten meanwhile, it is a new group.
        return undefined
      }
      if (isHeld(held, now())) return undefined
      const until = now() + leaseMs
      const taken = take.get(owner, until, group, topic, held.owner, held.until)
      return taken && { ...(taken as { epoch: number; nextSeq: number }), until }
    },
    renew: lease => advance(lease, lease.nextSeq),
    advance,
    giveBack: lease => void giveBack.run(group, topic, lease.epoch),
  }
}

/** Process ids mean the same to those who share this: the machine and, in a container, its own numbering. */
const PLACE = `${hostname()}/${processNumbering()}`

function processNumbering(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return '' // Not Linux: one numbering a machine.
  }
}

export function newOwner(): string {
  return [PLACE, process.pid, randomUUID()].join(' ')
}

/** True when the owner was a process of this machine and has ended: no need to wait for its lease. */
function isGone(owner: string): boolean {
  const [place, pid] = owner.split(' ')
  if (place !== PLACE) return false
  try {
    process.kill(Number(pid), 0) // Signal 0 only asks whether the process is there.
    return false
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
