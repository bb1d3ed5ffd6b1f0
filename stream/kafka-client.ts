/** The one door to kafkajs: the client as we set it, repaired for today's Node, and its types for the files beside this. */
import { createRequire } from 'node:module'
import { AssignerProtocol, CompressionTypes, Kafka, logLevel } from 'kafkajs'
import type { ConfigResourceTypes, KafkaConfig, Message, logCreator } from 'kafkajs'
import type { Admin, Consumer, EachBatchPayload, KafkaMessage, Producer } from 'kafkajs'
import type { Logger } from '../core/logger.ts'
import { noteClosing } from './kafka-leftover.ts'
import { partitionOf } from './kafka-records.ts'

export type { Admin, Consumer, EachBatchPayload, KafkaMessage, Producer }

export interface KafkaConnection {
  /** `host:port`, one or more of the cluster. */
  readonly brokers: readonly string[]
  /** `true` trusts the authorities of the system; PEM texts otherwise. */
  readonly tls?: true | { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  }
}

/** What one consumer of a group is opened with; times in milliseconds. */
export interface ConsumerTimes {
  /** A worker that is silent for so long has lost its records. */
  readonly sessionMs: number
  readonly heartbeatMs: number
  /** Longest wait of one fetch for something new. */
  readonly waitMs: number
}

export interface KafkaClient {
  consumer(groupId: string, times: ConsumerTimes): Consumer
  /** Idempotent: what it sends again by itself is stored once. */
  producer(): Producer
  admin(): Admin
  /** For reading without a group. */
  cluster(): RawCluster
}

/** What kafkajs reads by; not in its types. The package is pinned and no longer changes. */
export interface RawCluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number }[]
  findLeaderForPartitions(
    topic: string,
    partitions: readonly number[],
  ): Readonly<Record<string, readonly number[]>>
  findBroker(node: { readonly nodeId: string }): Promise<RawBroker>
  readonly brokerPool: {
    /** Newest version that the brokers speak, by the number of the request; null before a connection. */
    readonly versions: Readonly<Record<string, { readonly maxVersion: number }>> | null
  }
}

export interface RawBroker {
  fetch(request: {
    readonly maxWaitTime: number
    readonly minBytes: number
    readonly maxBytes: number
    readonly isolationLevel: number
    readonly topics: readonly {
      readonly topic: string
      readonly partitions: readonly {
        readonly partition: number
        readonly fetchOffset: string
        readonly maxBytes: number
      }[]
    }[]
  }): Promise<{
    readonly responses: readonly {
      readonly partitions: readonly {
        readonly partition: number
        readonly highWatermark: string
        readonly messages: readonly KafkaMessage[]
      }[]
    }[]
  }>
}

/** How often a request is tried again, within some 15 seconds, before the caller hears of it. */
const RETRY = { initialRetryTime: 200, maxRetryTime: 5_000, multiplier: 2, factor: 0.2, retries: 6 }
const CONNECT_MS = 5_000
const REQUEST_MS = 30_000

/** Records carry at most 1 MB, so a fetch always has room for one behind whatever compaction left in front of it. */
const FETCH_BYTES_EACH = 2 * 1024 * 1024
const FETCH_BYTES = 4 * 1024 * 1024

export const GZIP = CompressionTypes.GZIP

/** How long to wait, in milliseconds, and how often to try again, before the caller hears of a failure. */
export interface Patience {
  readonly retries?: number
  readonly connectMs?: number
  readonly requestMs?: number
}

/** `ConfigResourceTypes.TOPIC`, which Node cannot import by name from this package. */
export const TOPIC_RESOURCE = 2 as unknown as ConfigResourceTypes.TOPIC

export function kafkaClient(
  connection: KafkaConnection,
  logger: Logger,
  patience: Patience = {},
): KafkaClient {
  repairOnce()
  const config = configOf(connection, logger, patience)
  const { retry } = config
  // Never shared: consumers of one instance share what they know of their group's offsets.
  const fresh = (): Kafka => new Kafka(config)
  return {
    consumer: (groupId, { sessionMs, heartbeatMs, waitMs }) =>
      noteClosing(
        fresh().consumer({
          groupId,
          sessionTimeout: sessionMs,
          rebalanceTimeout: sessionMs * 2,
          heartbeatInterval: heartbeatMs,
          maxWaitTimeInMs: waitMs,
          maxBytesPerPartition: FETCH_BYTES_EACH,
          maxBytes: FETCH_BYTES,
          allowAutoTopicCreation: false,
          // A new consumer is made instead: one that is being restarted cannot be stopped.
          retry: { ...retry, restartOnFailure: async () => false },
        }),
      ),
    producer: () =>
      noteClosing(
        fresh().producer({
          idempotent: true,
          maxInFlightRequests: 1,
          allowAutoTopicCreation: false,
          createPartitioner: () => partitionerOf,
          retry,
        }),
      ),
    admin: () => noteClosing(fresh().admin({ retry })),
    cluster: () => noteClosing(clusterOf(fresh())),
  }
}

function configOf(
  connection: KafkaConnection,
  logger: Logger,
  { retries = RETRY.retries, connectMs = CONNECT_MS, requestMs = REQUEST_MS }: Patience = {},
): KafkaConfig & { readonly retry: typeof RETRY } {
  return {
    clientId: 'opomena',
    brokers: [...connection.brokers],
    connectionTimeout: connectMs,
    authenticationTimeout: connectMs,
    requestTimeout: requestMs,
    enforceRequestTimeout: true,
    retry: { ...RETRY, retries },
    logLevel: logLevel.WARN,
    logCreator: () => logWith(logger),
    ...(connection.tls && { ssl: connection.tls }),
    ...(connection.sasl && { sasl: { ...connection.sasl } as NonNullable<KafkaConfig['sasl']> }),
  }
}

function partitionerOf({
  message,
  partitionMetadata,
}: {
  readonly message: Message
  readonly partitionMetadata: readonly unknown[]
}): number {
  return message.partition ?? partitionOf(String(message.headers?.['key']), partitionMetadata.length)
}

function clusterOf(kafka: Kafka): RawCluster {
  const [create] = Object.getOwnPropertySymbols(kafka).filter(
    symbol => symbol.description === 'private:Kafka:createCluster',
  )
  const made = (kafka as unknown as Record<symbol, (options: object) => RawCluster>)[create!]!
  return made.call(kafka, { allowAutoTopicCreation: false, metadataMaxAge: 300_000 })
}

/** kafkajs says as an error what it then repairs by itself; only a place that is gone is one for a person. */
function logWith(logger: Logger): ReturnType<logCreator> {
  return ({ namespace, log: { message, ...rest } }) => {
    const { topic, partition, groupId } = rest as Record<string, unknown>
    if (message.startsWith('Offset out of range')) {
      logger.error({ topic, partition, group: groupId }, GAP)
    } else logger.debug({ kafkajs: namespace, message }, 'kafkajs reports')
  }
}

export const GAP =
  'records were dropped before the group had read them; it goes on with the first that is kept'

/** What a seat is kept with: a client of that name, and how kafkajs writes what members of a group tell each other. */
export function seatClient(
  connection: KafkaConnection,
  logger: Logger,
  clientId: string,
): { readonly kafka: Kafka; readonly protocol: typeof AssignerProtocol } {
  repairOnce()
  return { kafka: new Kafka({ ...configOf(connection, logger), clientId }), protocol: AssignerProtocol }
}

let isRepaired = false

/** What is wrong in kafkajs 2.2.4 itself, before the first client is made. */
function repairOnce(): void {
  if (isRepaired) return
  isRepaired = true
  repairIdleTimer()
  repairConnected()
}

interface RequestQueue {
  throttleCheckTimeoutId: NodeJS.Timeout | null
  readonly throttledUntil: number
  readonly pending: readonly unknown[]
  checkPendingRequests(): void
  scheduleCheckPendingRequests(): void
}

/**
 * On Node 24 kafkajs 2.2.4 wakes a thousand times a second on every connection: with nothing to send it sets a timer
 * to a time that has passed. Here it sets none; a request that comes sets its own.
 */
function repairIdleTimer(): void {
  const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
    readonly prototype: RequestQueue
  }
  queue.prototype.scheduleCheckPendingRequests = function () {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return
    const wait = Math.max(this.throttledUntil - Date.now(), 10)
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null
      this.checkPendingRequests()
    }, wait)
  }
}

interface Broker {
  isConnected: (this: Broker) => boolean
  connect: (this: Broker) => Promise<void>
}

/** Those that have been asked what they speak. */
const known = new WeakSet<Broker>()

/**
 * kafkajs 2.2.4 takes a broker for connected as soon as there is a socket, before it knows what the broker speaks: who
 * asks it at that moment hears "Broker not connected", thrown as if it were a bug. Here such a one waits for the answer.
 */
function repairConnected(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/broker') as { readonly prototype: Broker }
  const { connect, isConnected } = prototype
  prototype.connect = async function () {
    await connect.call(this)
    known.add(this)
  }
  prototype.isConnected = function () {
    return known.has(this) && isConnected.call(this)
  }
}
