/** A real Kafka broker on 127.0.0.1: KRaft, one process, from its Maven packages. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jarsOf, KAFKA_VERSION } from './jars.ts'
import { freePort, launch, SHORT_LIVED } from './server.ts'

const CLUSTER_ID = 'T3BvbWVuYVRlc3RDbHVzdA'

export interface KafkaServer {
  readonly folder: string
  readonly broker: string
}

export interface KafkaServerOptions {
  /** A second listener, on that port, which lets in these users only, by PLAIN. */
  readonly sasl?: { readonly port: number; readonly users: Readonly<Record<string, string>> }
  /** Options of its Java; those of a short life unless said. */
  readonly java?: readonly string[]
  /** Properties of the broker that replace ours. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A folder that has been used keeps its data, so that with its old port a broker comes back as itself. */
export async function startKafka(
  folder: string,
  port?: number,
  { sasl, settings = {}, java: options = SHORT_LIVED }: KafkaServerOptions = {},
): Promise<KafkaServer> {
  const jars = jarsOf(`kafka-${KAFKA_VERSION}`, [
    `org.apache.kafka:kafka_2.13:${KAFKA_VERSION}`,
    'org.apache.logging.log4j:log4j-slf4j-impl:2.24.3',
  ])
  const client = port ?? (await freePort())
  const controller = await freePort()
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'server.properties')
  const defaults = defaultsOf(folder, client, controller)
  writeFileSync(config, propertiesOf({ ...defaults, ...(sasl && withSasl(defaults, sasl)), ...settings }))
  writeFileSync(join(folder, 'log4j2.properties'), LOGGING)
  const java = [
    ...options,
    '-Xmx512m',
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
    '-cp',
    `${jars}/*`,
  ]
  const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', config]
  if (!existsSync(join(folder, 'data', 'meta.properties')))
    execFileSync('java', [...java, ...format], { stdio: 'ignore' })
  await launch({
    name: 'Kafka',
    folder,
    command: 'java',
    args: [...java, 'kafka.Kafka', config],
    ready: log => log.includes('Kafka Server started'),
  })
  return { folder, broker: `127.0.0.1:${client}` }
}

function defaultsOf(folder: string, client: number, controller: number): Readonly<Record<string, string>> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${client},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${client}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '500',
    'auto.create.topics.enable': 'false',
  }
}

function withSasl(
  defaults: Readonly<Record<string, string>>,
  { port, users }: NonNullable<KafkaServerOptions['sasl']>,
): Readonly<Record<string, string>> {
  const known = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`)
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required'
  return {
    listeners: `${defaults['listeners']!},SASL://127.0.0.1:${port}`,
    'advertised.listeners': `${defaults['advertised.listeners']!},SASL://127.0.0.1:${port}`,
    'listener.security.protocol.map': `${defaults['listener.security.protocol.map']!},SASL:SASL_PLAINTEXT`,
    'sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.sasl.plain.sasl.jaas.config': `${login} ${known.join(' ')};`,
  }
}

function propertiesOf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

const LOGGING = `appender.out.type=Console
appender.out.name=OUT
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m%n
rootLogger.level=INFO
rootLogger.appenderRef.out.ref=OUT
`
