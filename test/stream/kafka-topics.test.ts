/** Making topics while brokers are slow to hear of them. */
import { expect, test } from 'vitest'
import type { Admin } from '../../stream/kafka-client.ts'
import { ensureTopics } from '../../stream/kafka-topics.ts'
import { testClock } from '../fakes.ts'

const unheardOf = (): Error =>
  Object.assign(new Error('This server does not host this topic-partition'), {
    type: 'UNKNOWN_TOPIC_OR_PARTITION',
  })

/** Knows what was made only after some looks, and who leads it after some more. */
function slowCluster() {
  const made: { topic: string; numPartitions: number }[] = []
  let looks = 0
  const admin = {
    describeCluster: async () => ({ brokers: [{}] }),
    listTopics: async () => [],
    createTopics: async ({ topics }: { topics: typeof made }) => void made.push(...topics),
    fetchTopicMetadata: async () => {
      looks += 1
      if (looks <= 2) throw unheardOf()
      const leader = looks <= 4 ? -1 : 1
      return {
        topics: made.map(({ topic, numPartitions }) => ({
          name: topic,
          partitions: Array.from({ length: numPartitions }, () => ({ leader })),
        })),
      }
    },
  }
  return { admin: admin as unknown as Admin, looks: () => looks }
}

test('topics are ready when each partition has a leader, however late the brokers hear of them', async () => {
  const { admin, looks } = slowCluster()
  const clock = testClock(undefined, { hurry: true })
  const { created } = await ensureTopics(admin, clock, { partitions: 2 })
  expect(created).toContain('opomena.articles')
  expect(looks()).toBe(5)
})
