/** The stages of the alerts: they keep what may be told, and publish nothing. Letters are sent by `deliver.ts`. */
import { fateOf } from '../core/sqlite.ts'
import type { Stage } from '../core/stage.ts'
import { decisions, findings, subscriptions } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'
import type { AlertStore } from './alert-store.ts'

/** One stage a topic, under the group `alerts`. In any order and repeated they end in the same store. */
export function alertStages(store: AlertStore): readonly Stage<unknown>[] {
  return [
    keeping(findings, batch => store.putFindings(batch)),
    keeping(decisions, batch => store.putDecisions(batch)),
    keeping(subscriptions, batch => store.putSubscriptions(batch)),
  ]
}

function keeping<In>(reads: Topic<In>, keep: (batch: readonly In[]) => void): Stage<unknown> {
  return {
    name: 'alerts',
    reads,
    async handle(inputs) {
      try {
        keep(inputs as readonly In[])
      } catch (thrown) {
        throw fateOf(thrown, 'alert store')
      }
      return inputs.map(() => [])
    },
  }
}
