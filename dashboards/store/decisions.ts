/** Decisions as people make them. A decision, its audit row and its message to the others are one transaction. */
import type { DatabaseSync } from 'node:sqlite'
import type { Decision, Verdict } from '../../core/decision.ts'
import { hashId } from '../../core/hash.ts'
import type { Outbox } from '../../core/outbox.ts'
import type { Clock } from '../../core/ports.ts'
import { transact } from '../../core/sqlite.ts'
import { message } from '../../core/stage.ts'
import { decisions as topic } from '../../core/topics.ts'
import type { Audit } from './audit.ts'
import type { Leases } from './leases.ts'

/** A verdict as it comes from a form; who, when and its id are added here. */
export type VerdictInput = Pick<
  Verdict,
  'articleId' | 'flagId' | 'decision' | 'note' | 'corrected' | 'askSecond'
>

export interface Decisions {
  /** All or none. The same verdict by the same person again is not a new one. Answers the verdicts that stand now. */
  verdicts(inputs: readonly VerdictInput[], by: string): readonly Verdict[]
  /** Appends that the verdict no longer counts; nothing is ever removed. */
  undo(verdict: Verdict, by: string): void
  ruleNote(note: { articleId: string; flagId: string; rule: string; note: string }, by: string): void
  deleteArticle(articleId: string, reason: string, by: string): void
  get(id: string): Decision | undefined
  ofFlags(flagIds: readonly string[]): ReadonlyMap<string, readonly Decision[]>
  ofArticle(articleId: string): readonly Decision[]
  /** Verdicts of a person, newest first, with whether they were undone. */
  latest(userId: string, limit: number): readonly { readonly verdict: Verdict; readonly undone: boolean }[]
  /** Flags about which anybody decided or undid something since an instant. */
  flagsSince(since: string): readonly string[]
  /** Verdicts made by a person since an instant. */
  countSince(userId: string, since: string): number
}

export function decisionStore(
  db: DatabaseSync,
  clock: Clock,
  audit: Audit,
  outbox: Outbox,
  leases: Leases,
): Decisions {
  const insert = db.prepare(
    'INSERT INTO decisions(id, kind, article_id, flag_id, user_id, at, json) VALUES (?,?,?,?,?,?,?)',
  )
  const ofFlag = db.prepare('SELECT json FROM decisions WHERE flag_id = ? ORDER BY n')
  const ofArticle = db.prepare('SELECT json FROM decisions WHERE article_id = ? ORDER BY n')
  const one = db.prepare('SELECT json FROM decisions WHERE id = ?')
  const mine = db.prepare(
    `SELECT json FROM decisions WHERE user_id = ? AND kind = 'verdict' ORDER BY n DESC LIMIT ?`,
  )
  const undoneBy = db.prepare(
    `SELECT 1 FROM decisions WHERE flag_id = ? AND kind = 'undo' AND json_extract(json, '$.of') = ?`,
  )
  const madeSince = db.prepare(
    `SELECT count(*) AS n FROM decisions WHERE user_id = ? AND kind = 'verdict' AND at > ?`,
  )
  const touched = db.prepare(
    'SELECT DISTINCT flag_id FROM decisions WHERE at > ? AND flag_id IS NOT NULL ORDER BY n DESC LIMIT 200',
  )
  const flagDecisions = (flagId: string): Decision[] => ofFlag.all(flagId).map(decisionOf)

  /** Later than everything decided about the flag: the order of decisions is the order in which they were made. */
  function instantAfter(before: readonly Decision[]): string {
    const last = before.reduce((latest, { at }) => Math.max(latest, Date.parse(at)), 0)
    return new Date(Math.max(clock.now().getTime(), last + 1)).toISOString()
  }

  function record(decision: Decision): void {
    const flagId = 'flagId' in decision ? decision.flagId : null
    insert.run(
      decision.id,
      decision.kind,
      decision.articleId,
      flagId,
      decision.by,
      decision.at,
      JSON.stringify(decision),
    )
    audit.append({
      by: decision.by,
      action: `decision.${decision.kind}`,
      subject: flagId ?? decision.articleId,
      detail: decision,
    })
    outbox.enqueue([message(topic, decision)])
  }

  function verdict(input: VerdictInput, by: string): Verdict {
    const before = flagDecisions(input.flagId)
    const own = standingVerdict(before, by)
    const content = contentOf(input)
    if (own && JSON.stringify(contentOf(own)) === JSON.stringify(content)) return own
    const at = instantAfter(before)
    const id = hashId('verdict', input.flagId, by, at)
    const made: Verdict = {
      v: 1,
      kind: 'verdict',
      id,
      articleId: input.articleId,
      flagId: input.flagId,
      by,
      at,
      ...content,
      ...(own && { previous: own.id }),
    }
    record(made)
    return made
  }

  return {
    verdicts: (inputs, by) =>
      transact(db, () => {
        const made = inputs.map(input => verdict(input, by))
        leases.release(inputs.map(({ flagId }) => flagId))
        return made
      }),
    undo(verdictToUndo, by) {
      const id = hashId('undo', verdictToUndo.id)
      transact(db, () => {
        if (one.get(id)) return
        const { articleId, flagId } = verdictToUndo
        const at = instantAfter(flagDecisions(flagId))
        record({ v: 1, kind: 'undo', id, articleId, flagId, of: verdictToUndo.id, by, at })
      })
    },
    ruleNote({ articleId, flagId, rule, note }, by) {
      const at = clock.now().toISOString()
      transact(db, () =>
        record({
          v: 1,
          kind: 'rule-note',
          id: hashId('rule-note', flagId, by, at),
          articleId,
          flagId,
          rule,
          note,
          by,
          at,
        }),
      )
    },
    deleteArticle(articleId, reason, by) {
      const id = hashId('delete', articleId)
      transact(db, () => {
        if (!one.get(id))
          record({ v: 1, kind: 'delete', id, articleId, reason, by, at: clock.now().toISOString() })
      })
    },
    get: id => {
      const row = one.get(id)
      return row && decisionOf(row)
    },
    ofFlags: flagIds => {
      const found = flagIds.map(id => [id, flagDecisions(id)] as const)
      return new Map(found.filter(([, made]) => made.length > 0))
    },
    ofArticle: articleId => ofArticle.all(articleId).map(decisionOf),
    latest: (userId, limit) =>
      mine.all(userId, limit).map(row => {
        const made = decisionOf(row) as Verdict
        return { verdict: made, undone: undoneBy.get(made.flagId, made.id) !== undefined }
      }),
    flagsSince: since => touched.all(since).map(row => String(row['flag_id'])),
    countSince: (userId, since) => Number(madeSince.get(userId, since)!['n']),
  }
}

/** The person's latest verdict on a flag that was not undone. */
export function standingVerdict(decisions: Iterable<Decision>, by: string): Verdict | undefined {
  const all = [...decisions]
  const undone = new Set(all.flatMap(one => (one.kind === 'undo' ? [one.of] : [])))
  const own = all.filter(
    (one): one is Verdict => one.kind === 'verdict' && one.by === by && !undone.has(one.id),
  )
  return own.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1)
}

function contentOf({
  decision,
  corrected,
  note,
  askSecond,
}: Pick<Verdict, 'decision' | 'corrected' | 'note' | 'askSecond'>) {
  return {
    decision,
    ...(corrected && Object.keys(corrected).length > 0 && { corrected }),
    ...(note && { note }),
    ...(askSecond && { askSecond }),
  }
}

function decisionOf(row: Record<string, unknown>): Decision {
  return JSON.parse(String(row['json'])) as Decision
}
