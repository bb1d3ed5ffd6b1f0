/** A prefix of its own on the Kafka of the tests, with its topics made, and everything removed at the end. */
import { systemClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import type { EventLog } from '../../core/ports.ts'
import { kafkaClient } from '../../stream/kafka-client.ts'
import type { Admin } from '../../stream/kafka-client.ts'
import { kafkaLog } from '../../stream/kafka-log.ts'
import type { KafkaLogOptions } from '../../stream/kafka-log.ts'
import { ensureTopics, topicNames } from '../../stream/kafka-topics.ts'
import { ownName } from '../cluster/servers.ts'

export interface KafkaPlace {
  readonly prefix: string
  readonly broker: string
  open(options?: Partial<KafkaLogOptions>): EventLog
  /** Runs something with an admin client, and closes it. */
  admin<T>(work: (admin: Admin) => Promise<T>): Promise<T>
  readonly destroy: () => Promise<void>
}

/** Sessions as short as a test can bear: a worker that died is noticed after 6 seconds. */
export const TEST_TIMES = { sessionMs: 6_000, heartbeatMs: 300, waitMs: 100, pollMs: 100 } as const

/** A busy broker takes seconds to remove a dozen topics. */
const LONGEST_CHANGE_MS = 30_000

export async function kafkaPlace(broker: string, partitions = 3): Promise<KafkaPlace> {
  const prefix = `${ownName('test')}.`
  async function admin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const one = kafkaClient({ brokers: [broker] }, silentLogger).admin()
    await one.connect()
    try {
      return await work(one)
    } finally {
      await one.disconnect()
    }
  }
  await admin(one => ensureTopics(one, systemClock, { prefix, partitions }))
  return {
    prefix,
    broker,
    open: options =>
      kafkaLog({
        ...{ brokers: [broker], prefix, clock: systemClock, logger: silentLogger },
        ...TEST_TIMES,
        ...options,
      }),
    admin,
    destroy: () =>
      admin(async one => {
        const { groups } = await one.listGroups()
        const ours = groups.map(group => group.groupId).filter(id => id.startsWith(prefix))
        await one.deleteGroups(ours).catch(() => undefined) // A worker that was killed may still count as a member.
        await one.deleteTopics({ topics: [...topicNames({ prefix })], timeout: LONGEST_CHANGE_MS })
      }),
  }
}
