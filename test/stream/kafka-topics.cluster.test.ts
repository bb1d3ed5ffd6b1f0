/** The migration of the topics on a real Kafka: made once, mended where they differ, otherwise left alone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TOPIC_RESOURCE } from '../../stream/kafka-client.ts'
import { systemClock } from '../../core/clock.ts'
import { ensureTopics, topicNames } from '../../stream/kafka-topics.ts'
import { servers } from '../cluster/servers.ts'
import { kafkaPlace } from './kafka-place.ts'
import type { KafkaPlace } from './kafka-place.ts'

const { broker, lack } = servers()

describe.skipIf(lack)('the topics of Kafka', () => {
  let place: KafkaPlace
  beforeAll(async () => {
    place = await kafkaPlace(broker, 2)
  })
  afterAll(() => place.destroy())

  const ensure = (partitions = 2) =>
    place.admin(admin => ensureTopics(admin, systemClock, { prefix: place.prefix, partitions }))

  async function settingsOf(topic: string): Promise<Readonly<Record<string, string>>> {
    const { resources } = await place.admin(admin =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: TOPIC_RESOURCE, name: `${place.prefix}${topic}` }],
      }),
    )
    return Object.fromEntries(resources[0]!.configEntries.map(one => [one.configName, one.configValue]))
  }

  test('are all there, and made again they are left as they are', async () => {
    const there = await place.admin(admin => admin.listTopics())
    for (const name of topicNames({ prefix: place.prefix })) expect(there).toContain(name)
    expect(await ensure()).toEqual({ created: [], changed: [], left: [] })
  })

  test('keep everything until we cut it off, and lose by compaction only what has the same key', async () => {
    expect(await settingsOf('articles')).toMatchObject({
      'cleanup.policy': 'compact,delete',
      'retention.ms': '-1',
      'compression.type': 'gzip',
    })
    expect(await settingsOf('subscriptions')).toMatchObject({ 'cleanup.policy': 'compact' })
  })

  test('what somebody has changed is set right, and what they have added stays', async () => {
    await place.admin(admin =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: TOPIC_RESOURCE,
            name: `${place.prefix}dead`,
            configEntries: [
              { name: 'cleanup.policy', value: 'delete' },
              { name: 'flush.messages', value: '7' },
            ],
          },
        ],
      }),
    )
    expect((await ensure()).changed).toEqual([`${place.prefix}dead`])
    expect(await settingsOf('dead')).toMatchObject({ 'cleanup.policy': 'compact', 'flush.messages': '7' })
    expect((await ensure()).changed).toEqual([])
  })

  test('another number of partitions is said and not made', async () => {
    const { left } = await ensure(3)
    expect(left).toContain(
      `topic ${place.prefix}articles has 2 partitions, the settings ask for 3: it stays as it is`,
    )
  })
})
