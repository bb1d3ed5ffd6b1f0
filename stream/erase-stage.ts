/** Obeys the decisions to delete: the words of the article leave the topics that carry words, and do not come back. */
import type { Decision } from '../core/decision.ts'
import type { EventLog } from '../core/ports.ts'
import type { Stage } from '../core/stage.ts'
import { articles, decisions, findings } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'

/** Both have the article as their key. */
const WITH_WORDS = [articles, findings] as readonly Topic<unknown>[]

export function eraseStage(log: EventLog): Stage<Decision> {
  return {
    name: 'log-deletions',
    reads: decisions,
    async handle(inputs) {
      const deleted = inputs.flatMap(({ kind, articleId }) => (kind === 'delete' ? [articleId] : []))
      if (deleted.length > 0) for (const topic of WITH_WORDS) await log.erase(topic, deleted)
      return inputs.map(() => [])
    },
  }
}
