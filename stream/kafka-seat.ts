/**
 * A seat: of all the workers of a cluster one holds it, wherever they run. It is the one partition of a topic of its
 * own: Kafka gives it to one member of a group, and to nobody else for as long as that member says that it lives.
 */
import type { AssignerProtocol, Kafka } from 'kafkajs'
import { backoffMs } from '../core/clock.ts'
import { RetryLater } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { Clock } from '../core/ports.ts'
import type { Admin } from './kafka-client.ts'
import { fateOfKafka } from './kafka-fate.ts'
import { link } from './kafka-link.ts'
import { orAborted, sitDown } from './kafka-sitting.ts'
import type { Seat } from './kafka-sitting.ts'

/** Who sits there: the name that the worker gave to Kafka, and the address it called from. */
export interface Sitter {
  readonly name: string
  readonly host: string
}

export interface SeatOptions {
  readonly kafka: Kafka
  /** Of kafkajs. */
  readonly protocol: typeof AssignerProtocol
  /** Of the seat, for example `web`. */
  readonly name: string
  /** In front of the names of topics and groups. */
  readonly prefix: string
  /** Copies of the topic of the seats, which is empty; three, or as many as there are brokers, unless said. */
  readonly replicas?: number | undefined
  readonly clock: Clock
  readonly logger: Logger
  /** Ends the waiting; a seat that is held is given back by `release`. */
  readonly signal: AbortSignal
  /** How long Kafka waits for one that no longer says that it lives. */
  readonly sessionMs?: number
  /** Wait for as long as it takes, instead of twice the time in which one that died is missed. */
  readonly standby?: boolean
}

const SESSION_MS = 10_000
const LOOK_MS = 500
const MOST_REPLICAS = 3

/**
 * The seat, or who sits there; undefined when the signal was aborted first. Kafka is waited for.
 * @throws ConfigError
 */
export async function takeSeat(options: SeatOptions): Promise<Seat | Sitter | undefined> {
  const { kafka, name, prefix, clock, logger, signal, sessionMs = SESSION_MS, standby = false } = options
  const what = `seat ${name}`
  const [topic, groupId] = [`${prefix}seats`, `${prefix}seat-${name}`]
  const admin = link(() => kafka.admin(), what)
  let since = performance.now()
  const isPatient = (): boolean => standby || performance.now() - since < sessionMs * 2
  let isTopicMade = false

  /** Brokers that are away must not keep a worker that is asked to end. */
  function ask<T>(work: (one: Admin) => Promise<T>): Promise<T | undefined> {
    return orAborted(signal, admin.use(work))
  }

  async function look(): Promise<Seat | Sitter | undefined> {
    if (!isTopicMade) await ask(one => makeTopic(one, topic, options.replicas))
    isTopicMade = true
    const sitter = await ask(one => sitterIn(one, groupId))
    return sitter ?? sitDown({ ...options, ...{ what, topic, groupId, sessionMs } })
  }

  try {
    for (let failures = 0; !signal.aborted;) {
      try {
        const found = await look()
        if (found && ('release' in found || !isPatient())) return found
        failures = 0
      } catch (thrown) {
        const fate = fateOfKafka(thrown, what)
        if (!(fate instanceof RetryLater)) throw fate
        // A broker that starts remembers who sat there before, for a session.
        since = performance.now()
        logger.warn({ seat: name, reason: fate.message }, 'Kafka cannot be asked who has the place; waiting')
        failures++
      }
      await clock.sleep(failures > 0 ? Math.min(backoffMs(failures - 1), sessionMs) : LOOK_MS, signal)
    }
    return undefined
  } finally {
    await admin.close()
  }
}

async function makeTopic(admin: Admin, topic: string, replicas: number | undefined): Promise<void> {
  const replicationFactor =
    replicas ?? Math.min(MOST_REPLICAS, (await admin.describeCluster()).brokers.length)
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor }] })
}

async function sitterIn(admin: Admin, groupId: string): Promise<Sitter | undefined> {
  const { groups } = await admin.describeGroups([groupId])
  const [member] = groups[0]?.members ?? []
  return member && { name: member.clientId, host: member.clientHost.replace(/^\//, '') }
}
