/** Whether Kafka can be used as it is configured: what is wrong in a line each, for `doctor` and for the start. */
import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ConnectionOptions } from 'node:tls'
import { ConfigError, reasonOf } from '../core/errors.ts'
import { silentLogger } from '../core/logger.ts'
import { kafkaClient } from './kafka-client.ts'
import type { KafkaConnection } from './kafka-client.ts'
import { typeOf } from './kafka-fate.ts'
import { within } from './kafka-link.ts'
import { DEFAULT_PREFIX, topicNames } from './kafka-topics.ts'

export interface KafkaCheck extends KafkaConnection {
  readonly prefix?: string
  /** Unless it is before the topics are made. */
  readonly topics?: boolean
}

/** Longest wait for one broker to take a connection. */
const CONNECT_MS = 4_000
const LEAVE_MS = 1_000

/** The request by which records are sent; Kafka 2.1 brought its version 7. */
const PRODUCE = '0'
const PRODUCE_OF_2_1 = 7

/** The problems, none when all is well. A broker that is away is one, too. */
export async function checkKafka(check: KafkaCheck): Promise<readonly string[]> {
  const client = kafkaClient(check, silentLogger, { retries: 0, connectMs: CONNECT_MS })
  const cluster = client.cluster()
  const admin = client.admin()
  try {
    await cluster.connect()
    const produce = cluster.brokerPool.versions?.[PRODUCE]?.maxVersion ?? 0
    if (produce < PRODUCE_OF_2_1)
      return [`kafka: expected Kafka 2.1 or newer, ${whereIs(check)} is older; upgrade it`]
    await admin.connect()
    // A broker that wants a user says so at the first question, not when it takes the connection.
    const there = new Set(await admin.listTopics())
    if (check.topics === false) return []
    const missing = topicNames({ prefix: check.prefix ?? DEFAULT_PREFIX }).filter(name => !there.has(name))
    return missing.map(name => `kafka: topic ${name} is missing; make it with: opomena kafka apply`)
  } catch (thrown) {
    return [await diagnose(check, thrown)]
  } finally {
    await within(LEAVE_MS, Promise.all([cluster.disconnect(), admin.disconnect()]))
  }
}

/** @throws ConfigError with what is wrong. */
export async function requireKafka(check: KafkaCheck): Promise<void> {
  const problems = await checkKafka(check)
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
}

function whereIs({ brokers }: KafkaConnection): string {
  return brokers.join(', ')
}

/** kafkajs knows only that it did not work: a look of our own at the broker says why. */
async function diagnose(check: KafkaConnection, thrown: unknown): Promise<string> {
  if (isAboutUser(thrown)) {
    const user = check.sasl
      ? `user ${check.sasl.username} by ${check.sasl.mechanism}`
      : 'nobody without a user'
    return `kafka: expected ${whereIs(check)} to let in ${user}, it says "${innermost(thrown)}"; set OPOMENA_KAFKA_USER, OPOMENA_KAFKA_PASSWORD and the mechanism as the broker has them`
  }
  const looks = await Promise.all(check.brokers.map(broker => lookAt(broker, check)))
  const problem = looks.find(look => look !== undefined)
  if (problem !== undefined) return problem
  const hint = check.sasl
    ? 'is this the port of a Kafka broker, and does it ask for a user'
    : 'is this the port of a Kafka broker, and does it want a user and password'
  return `kafka: ${whereIs(check)} takes connections and then says "${innermost(thrown)}"; ${hint}?`
}

function isAboutUser(thrown: unknown): boolean {
  return /SASL/u.test(`${typeOf(thrown) ?? ''} ${causes(thrown).join(' ')}`)
}

function causes(thrown: unknown): string[] {
  const names: string[] = []
  for (let one = thrown; one instanceof Error && names.length < 10; one = one.cause) names.push(one.name)
  return names
}

function innermost(thrown: unknown): string {
  let one = thrown
  for (let deep = 0; one instanceof Error && one.cause instanceof Error && deep < 10; deep++) one = one.cause
  return reasonOf(one)
}

async function lookAt(broker: string, { tls }: KafkaConnection): Promise<string | undefined> {
  const { hostname: host, port } = new URL(`tcp://${broker}`)
  const place = { host, port: Number(port) }
  const plain = await outcomeOf(connect(place), 'connect')
  if (plain !== undefined) {
    return `kafka: expected a broker at ${broker}, ${plain}; set OPOMENA_KAFKA_BROKERS (stream.kafka.brokers) to where it is, or start it`
  }
  if (tls === undefined) {
    const secure = await outcomeOf(connectTls({ ...place, rejectUnauthorized: false }), 'secureConnect')
    if (secure !== undefined) return undefined
    return `kafka: ${broker} speaks TLS, the settings do not ask for it; set stream.kafka.tls to true`
  }
  const settings: ConnectionOptions = tls === true ? {} : tls
  const named = isIP(host) === 0 ? { servername: host } : {}
  const secure = await outcomeOf(connectTls({ ...place, ...named, ...settings }), 'secureConnect')
  if (secure === undefined) return undefined
  return /certificate|altname|self-signed|issuer/iu.test(secure)
    ? `kafka: the certificate of ${broker} is not trusted: ${secure}; set stream.kafka.caFile to the certificate of the authority that signed it`
    : `kafka: ${broker} does not speak TLS, the settings ask for it (${secure}); set stream.kafka.tls to false, or the port of its TLS listener`
}

const IN_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'no machine has that name',
  EAI_AGAIN: 'the name cannot be looked up now',
  ECONNRESET: 'the connection was cut',
}

/** What went wrong until the event came; undefined when nothing did. */
function outcomeOf(socket: Socket, event: 'connect' | 'secureConnect'): Promise<string | undefined> {
  return new Promise(resolve => {
    const end = (said: string | undefined): void => {
      socket.destroy()
      resolve(said)
    }
    socket.setTimeout(CONNECT_MS)
    socket.once(event, () => end(undefined))
    socket.once('timeout', () => end(`nobody answered within ${CONNECT_MS / 1000} s`))
    socket.once('close', () => end('the connection was closed'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(IN_WORDS[error.code ?? ''] ?? error.message))
  })
}
