/** Runs the EventLog contract against a real Kafka. */
import { describe } from 'vitest'
import { servers } from '../cluster/servers.ts'
import { kafkaPlace } from '../stream/kafka-place.ts'
import { eventLogContract } from './event-log.ts'

const { broker, lack } = servers()

describe.skipIf(lack)('on the test cluster', () => {
  eventLogContract({
    name: 'Kafka',
    traits: {
      storesRepeats: true,
      ordersAcrossKeys: false,
      expiresAtOnce: true,
      compactsAtOnce: false,
      // A second is usual; the machine may be busy.
      settlesInMs: 10_000,
    },
    async create() {
      const place = await kafkaPlace(broker)
      return { open: async () => place.open(), destroy: place.destroy }
    },
  })
})
