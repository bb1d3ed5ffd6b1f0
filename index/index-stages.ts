/** The index stage: reads four topics and puts what it reads into the index. */
import type { Article } from '../core/article.ts'
import type { Decision } from '../core/decision.ts'
import type { Finding } from '../core/finding.ts'
import type { Observation } from '../core/observation.ts'
import type { IndexEntry, IndexWriter } from '../core/ports.ts'
import type { Stage } from '../core/stage.ts'
import { articles, decisions, findings, observations } from '../core/topics.ts'
import type { Topic } from '../core/topics.ts'

/** Articles and findings with their texts fill a transaction sooner than the rest. */
const TEXTS_AT_ONCE = 200
const SMALL_AT_ONCE = 500

export type IndexStages = readonly [Stage<Observation>, Stage<Article>, Stage<Finding>, Stage<Decision>]

/** One stage for each topic, all of one group: the group of a generation of the index, which follows the topics from the start. */
export function indexStages(writer: IndexWriter, { group }: { readonly group: string }): IndexStages {
  const stage = <T>(reads: Topic<T>, batchSize: number, entryOf: (record: T) => IndexEntry): Stage<T> => ({
    name: group,
    reads,
    batchSize,
    async handle(inputs, context) {
      await context.keepAlive()
      const faults = await writer.put(inputs.map(entryOf))
      return faults.map(fault => fault ?? [])
    },
  })
  return [
    stage(observations, SMALL_AT_ONCE, observation => ({ kind: 'observation', observation })),
    stage(articles, TEXTS_AT_ONCE, article => ({ kind: 'article', article })),
    stage(findings, TEXTS_AT_ONCE, finding => ({ kind: 'finding', finding })),
    stage(decisions, SMALL_AT_ONCE, decision => ({ kind: 'decision', decision })),
  ]
}
