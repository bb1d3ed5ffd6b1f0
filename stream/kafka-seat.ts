/**
 * A seat: of all the workers of a cluster one holds it, wherever they run. It is the one partition of a topic of its
 * own: Kafka gives it to one member of a group, and to nobody else for as long as that member says that it lives.
 */
import type { AssignerProtocol, Kafka, PartitionAssigner } from 'kafkajs'
import type { Clock } from '../core/ports.ts'
import { within } from './kafka-link.ts'

export interface Seat {
  /** Aborted when somebody else has it: this process was frozen or cut off for longer than Kafka waits. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

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
  readonly signal: AbortSignal
  /** How long Kafka waits for one that no longer says that it lives. */
  readonly sessionMs?: number
  /** Wait for as long as it takes, instead of twice the time in which one that died is missed. */
  readonly standby?: boolean
}

const SESSION_MS = 10_000
const LOOK_MS = 500
const MOST_REPLICAS = 3
const LEAVE_MS = 5_000

/** The seat, or who sits there; undefined when the signal was aborted first. */
export async function takeSeat(options: SeatOptions): Promise<Seat | Sitter | undefined> {
  const { kafka, prefix, replicas, clock, signal, sessionMs = SESSION_MS, standby = false } = options
  const admin = kafka.admin()
  await admin.connect()
  try {
    const copies = replicas ?? Math.min(MOST_REPLICAS, (await admin.describeCluster()).brokers.length)
    const topic = { topic: topicOf(prefix), numPartitions: 1, replicationFactor: copies }
    await admin.createTopics({ topics: [topic] })
    const patience = performance.now() + sessionMs * 2
    while (!signal.aborted) {
      const { groups } = await admin.describeGroups([groupOf(options)])
      const [sitter] = groups[0]?.members ?? []
      const seat = sitter ? undefined : await sitDown(options)
      if (seat) return seat
      if (!standby && performance.now() > patience)
        return {
          name: sitter?.clientId ?? 'another worker',
          host: sitter?.clientHost.replace(/^\//, '') ?? '',
        }
      await clock.sleep(LOOK_MS, signal)
    }
    return undefined
  } finally {
    await within(LEAVE_MS, admin.disconnect())
  }
}

function topicOf(prefix: string): string {
  return `${prefix}seats`
}

function groupOf({ prefix, name }: SeatOptions): string {
  return `${prefix}seat-${name}`
}

/** Undefined when somebody else was faster. */
async function sitDown(options: SeatOptions): Promise<Seat | undefined> {
  const { kafka, protocol, prefix, sessionMs = SESSION_MS } = options
  const topic = topicOf(prefix)
  const lost = new AbortController()
  const first = Promise.withResolvers<boolean>()
  let holds = false
  let heardAt = 0
  // The clock on the wall may jump.
  const now = (): number => performance.now()
  const consumer = kafka.consumer({
    groupId: groupOf(options),
    sessionTimeout: sessionMs,
    heartbeatInterval: sessionMs / 5,
    maxWaitTimeInMs: sessionMs / 10,
    allowAutoTopicCreation: false,
    // One that was silent for longer may have been replaced: it says so, and leaves the seat to who has it now.
    partitionAssigners: [() => assigner(protocol, () => holds && now() - heardAt < sessionMs)],
  })
  consumer.on('consumer.heartbeat', () => (heardAt = now()))
  consumer.on('consumer.group_join', ({ payload }) => {
    const mine = (payload.memberAssignment[topic] ?? []).length > 0
    if (holds && !mine) lost.abort()
    holds = mine
    heardAt = now()
    first.resolve(mine)
  })
  consumer.on('consumer.crash', ({ payload }) => {
    first.reject(payload.error)
    // It comes back by itself from a broker that was away.
    if (!payload.restart) lost.abort()
  })
  // A broker that is away cannot be told, and misses this one by itself.
  const leave = (): Promise<void> => within(LEAVE_MS, consumer.disconnect())
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: async () => undefined })
  try {
    if (await first.promise) return { lost: lost.signal, release: leave }
  } catch (thrown) {
    await leave()
    throw thrown
  }
  await leave()
  return undefined
}

/** Gives the seat to the member that has it, else to the first by name. kafkajs's own might pass it on with every join. */
function assigner(
  { MemberMetadata, MemberAssignment }: typeof AssignerProtocol,
  holds: () => boolean,
): ReturnType<PartitionAssigner> {
  const [name, version] = ['OpomenaSeat', 0]
  return {
    name,
    version,
    protocol: ({ topics }) => ({
      name,
      metadata: MemberMetadata.encode({ version, topics, userData: Buffer.from([Number(holds())]) }),
    }),
    async assign({ members, topics }) {
      const inOrder = members.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
      const holder =
        inOrder.find(one => MemberMetadata.decode(one.memberMetadata)?.userData[0] === 1) ?? inOrder[0]
      return inOrder.map(one => ({
        memberId: one.memberId,
        memberAssignment: MemberAssignment.encode({
          version,
          assignment: one === holder ? Object.fromEntries(topics.map(topic => [topic, [0]])) : {},
          userData: Buffer.alloc(0),
        }),
      }))
    },
  }
}
