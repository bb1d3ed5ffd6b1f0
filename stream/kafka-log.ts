/** EventLog on Kafka: the same meaning as on one machine, shared by any number of workers. */
import type { Logger } from '../core/logger.ts'
import type { Clock, EventLog } from '../core/ports.ts'
import { kafkaClient } from './kafka-client.ts'
import type { ConsumerTimes, KafkaConnection } from './kafka-client.ts'
import { consumeKafka } from './kafka-consumer.ts'
import type { KafkaConsumer } from './kafka-consumer.ts'
import { kafkaDead } from './kafka-dead.ts'
import { kafkaErased } from './kafka-erased.ts'
import { kafkaKeeping } from './kafka-keeping.ts'
import { link } from './kafka-link.ts'
import { kafkaPublisher } from './kafka-publisher.ts'
import { kafkaReader } from './kafka-reader.ts'
import { outgoing } from './kafka-records.ts'
import { DEFAULT_PREFIX, kafkaNames } from './kafka-topics.ts'

export interface KafkaLogOptions extends KafkaConnection {
  /** Begins the name of every topic and group; `opomena.` unless said. */
  readonly prefix?: string
  readonly clock: Clock
  readonly logger: Logger
  /** How long a worker that froze keeps its records from another one; in milliseconds, as are the others. */
  readonly sessionMs?: number
  readonly heartbeatMs?: number
  /** Longest wait of one fetch for something new. */
  readonly waitMs?: number
  /** Between two looks for redriven letters. */
  readonly pollMs?: number
}

const TIMES: ConsumerTimes = { sessionMs: 45_000, heartbeatMs: 3_000, waitMs: 500 }
const POLL_MS = 1_000
const DEFAULT_BATCH = 100

/** Opens nothing yet: each connection is made when it is needed, and made again when it is lost. */
export function kafkaLog({
  prefix = DEFAULT_PREFIX,
  clock,
  logger,
  sessionMs = TIMES.sessionMs,
  heartbeatMs = TIMES.heartbeatMs,
  waitMs = TIMES.waitMs,
  pollMs = POLL_MS,
  ...connection
}: KafkaLogOptions): EventLog {
  const client = kafkaClient(connection, logger)
  const names = kafkaNames(prefix)
  const admin = link(() => client.admin(), 'event log')
  const cluster = link(() => client.cluster(), 'event log')
  const producer = link(() => client.producer(), 'event log')
  const reader = kafkaReader(cluster, clock)
  const publisher = kafkaPublisher(producer)
  const now = (): Date => clock.now()
  const erased = kafkaErased({
    names,
    reader,
    publisher,
    firstOf: (topic, partition) => keeping.firstOf(topic, partition),
    now: () => now().getTime(),
  })
  const dead = kafkaDead({ names, reader, publisher, now })
  const keeping = kafkaKeeping({ names, admin, reader, erased, dead, clock, logger })
  const consumers = new Set<KafkaConsumer>()
  const wakeAll = (): void => consumers.forEach(consumer => consumer.wake())
  const polling = setInterval(() => {
    // A failure here is said by whoever reads; letters wait for the next look.
    if (consumers.size > 0) void dead.refresh().then(wakeAll, () => undefined)
  }, pollMs).unref()

  return {
    async publish(messages) {
      if (messages.length === 0) return
      const at = now().getTime()
      const records = messages.map(one => outgoing(one, names.topic(one.topic.name), at))
      await erased.refresh()
      await publisher.send(records.filter((_, i) => !erased.has(messages[i]!.topic.name, messages[i]!.key)))
    },
    subscribe({ topic, group, batchSize = DEFAULT_BATCH }, handler) {
      const consumer = consumeKafka({
        ...{ group, topic: topic.name, batchSize, handler, clock, logger },
        ...{ client, names, times: { sessionMs, heartbeatMs, waitMs }, erased, dead, keeping },
      })
      consumers.add(consumer)
      const forget = (): void => void consumers.delete(consumer)
      consumer.done.then(forget, forget)
      return consumer
    },
    lag: ({ name }, group) => keeping.lag(name, group),
    groups: () => keeping.groups(),
    dead: dead.dead,
    forget: group => keeping.forget(group),
    async erase({ name }, keys) {
      const records = await erased.erase(name, keys)
      return records + (await dead.erase(name, keys))
    },
    expire: at => keeping.expire(at),
    async close() {
      clearInterval(polling)
      await Promise.all([...consumers].map(consumer => consumer.stop()))
      await Promise.all([producer, cluster, admin].map(one => one.close()))
    },
  }
}
