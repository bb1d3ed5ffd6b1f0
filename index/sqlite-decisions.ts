/** Saves decisions as a set, and what they do: they judge flags, and they delete articles. */
import type { DatabaseSync } from 'node:sqlite'
import type { Decision } from '../core/decision.ts'
import { hashId } from '../core/hash.ts'
import { redactDecision } from './merge.ts'

export interface DecisionTables {
  /** Answers false when nothing is new. */
  put(decision: Decision): boolean
  isDeleted(articleId: string): boolean
  markDeleted(articleId: string): void
  /** Takes the notes out of the decisions on a deleted article. */
  redact(articleId: string): void
}

export function decisionTables(db: DatabaseSync): DecisionTables {
  const known = db.prepare('SELECT content FROM decisions WHERE id = ?')
  const put = db.prepare('INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?)')
  const ofArticle = db.prepare('SELECT id, decision FROM decisions WHERE article_id = ?')
  const replace = db.prepare('UPDATE decisions SET decision = ? WHERE id = ?')
  const deletion = db.prepare('SELECT 1 FROM deletions WHERE article_id = ?')
  const mark = db.prepare('INSERT OR IGNORE INTO deletions VALUES (?)')
  const isDeleted = (articleId: string): boolean => deletion.get(articleId) !== undefined

  return {
    put(decision) {
      // Ids are unique; were one used twice, the greater content stands, whichever came first.
      const content = hashId(JSON.stringify(decision))
      const before = known.get(decision.id)
      if (before && (before['content'] as string) >= content) return false
      const kept = isDeleted(decision.articleId) ? redactDecision(decision) : decision
      const flagId = 'flagId' in decision ? decision.flagId : ''
      put.run(decision.id, decision.articleId, flagId, content, JSON.stringify(kept))
      return true
    },
    isDeleted,
    markDeleted: articleId => {
      mark.run(articleId)
    },
    redact(articleId) {
      for (const row of ofArticle.all(articleId)) {
        replace.run(
          JSON.stringify(redactDecision(JSON.parse(row['decision'] as string) as Decision)),
          row['id']!,
        )
      }
    },
  }
}
