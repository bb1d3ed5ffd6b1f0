/** What kafkajs throws, named by its fate: wait and try again, or an operator must change something. */
import { ConfigError, RetryLater } from '../core/errors.ts'

interface Failure {
  readonly name: string
  readonly message: string
  /** Error of the protocol, by its name. */
  readonly type?: string
  readonly code?: string | number
  readonly cause?: unknown
}

/** Errors that say: the group has moved on without this worker, whatever it has in hand is another one's. */
const LOST = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'])

/** @returns ConfigError for what only an operator can change, RetryLater for everything else of Kafka, or what came. */
export function fateOfKafka(thrown: unknown, what: string): Error {
  if (thrown instanceof ConfigError || thrown instanceof RetryLater) return thrown
  const chain = causes(thrown)
  for (const [matches, hint] of HOPELESS) {
    const found = chain.find(matches)
    if (found) return new ConfigError(`${what}: Kafka says "${found.message}"; ${hint}`, { cause: thrown })
  }
  const last = chain.at(-1)
  if (!last) return new Error(`${what}: ${String(thrown)}`)
  if (!chain.some(isOfKafka)) return thrown as Error
  return new RetryLater(`${what}: Kafka says "${last.message}"`, { cause: thrown })
}

/** The error of the protocol in what was thrown, if there is one. */
export function typeOf(thrown: unknown): string | undefined {
  return causes(thrown).find(one => one.type !== undefined)?.type
}

export function isLost(thrown: unknown): boolean {
  return LOST.has(typeOf(thrown) ?? '')
}

export function isRebalance(thrown: unknown): boolean {
  return typeOf(thrown) === 'REBALANCE_IN_PROGRESS'
}

const HOPELESS: readonly (readonly [(one: Failure) => boolean, string])[] = [
  [
    one => one.name === 'KafkaJSSASLAuthenticationError',
    'set the user and password that the broker knows, and the mechanism that it offers',
  ],
  [
    one => /_AUTHORIZATION_FAILED$/u.test(one.type ?? ''),
    'give this user the right to read, write and describe the topics and groups that begin with the prefix',
  ],
  [one => one.type === 'UNKNOWN_TOPIC_OR_PARTITION', 'make the topics first'],
  [
    one => /^(MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE)$/u.test(one.type ?? ''),
    'the topic takes less than its migration asked for; apply it again',
  ],
  [
    one => one.name === 'KafkaJSNotImplemented',
    'somebody wrote records in a codec other than gzip; apply the migration, which lets the broker rewrite them',
  ],
]

/** Of the client, or of the network under it; anything else is a bug, not for Kafka to heal. */
function isOfKafka({ name, code }: Failure): boolean {
  return name.startsWith('KafkaJS') || (typeof code === 'string' && code.startsWith('E'))
}

function causes(thrown: unknown): Failure[] {
  const chain: Failure[] = []
  for (let one = thrown; one instanceof Error && chain.length < 10; one = one.cause) chain.push(one)
  return chain
}
