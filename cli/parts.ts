/** The adapters, built from the configuration: the only place that knows which one stands behind a port. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../config/config.ts'
import type { Config } from '../config/config.ts'
import { systemClock } from '../core/clock.ts'
import { ConfigError, reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { EventLog, EvidenceStore, Fetcher, IndexReader, Mailer } from '../core/ports.ts'
import type { Classifier } from '../classify/classifier.ts'
import type { IngestStore } from '../ingest/ingest-store.ts'
import type { AppStore } from '../dashboards/app-store.ts'
import type { ElasticsearchOptions } from '../index/elasticsearch-store.ts'
import type { IndexHome } from '../index/index-home.ts'
import type { KafkaConnection } from '../stream/kafka-client.ts'
import type { Sitter } from '../stream/kafka-seat.ts'
import type { Seat } from '../stream/kafka-sitting.ts'
import type { TopicChanges } from '../stream/kafka-topics.ts'
import { createLogger } from './logger.ts'

/** Hosts of the demo that stand on this machine. Never from a file or the environment: nothing else may open the address gate. */
export interface Overrides {
  readonly hosts: ReadonlyMap<string, { readonly address: string; readonly port: number }>
  readonly hostGapMs: number
}

/** @throws ConfigError */
export function openConfig(): Config {
  return loadConfig({ env: process.env })
}

export function openLogger(config: Config, part: string): Logger {
  return createLogger({ level: config.settings.logLevel, part })
}

export async function openLog(config: Config, logger: Logger = openLogger(config, 'log')): Promise<EventLog> {
  const { kind, kafka } = config.settings.stream
  if (kind === 'kafka') {
    const { kafkaLog } = await import('../stream/kafka-log.ts')
    const { prefix, sessionMs } = kafka
    const heartbeatMs = Math.min(LONGEST_HEARTBEAT_MS, sessionMs / 4)
    return kafkaLog({
      ...kafkaConnection(config),
      prefix,
      sessionMs,
      heartbeatMs,
      clock: systemClock,
      logger,
    })
  }
  const { sqliteLog } = await import('../stream/sqlite-log.ts')
  return sqliteLog({ path: dataFile(config, 'log.db'), clock: systemClock, logger })
}

const LONGEST_HEARTBEAT_MS = 3_000
/** Whoever starts a worker anew waits for it. */
const LONGEST_SEAT_MS = 10_000

/** Makes the topics and sets what is not as it should be; run again it changes nothing. */
export async function applyTopics(config: Config, logger: Logger): Promise<TopicChanges> {
  const { kafkaClient } = await import('../stream/kafka-client.ts')
  const { ensureTopics } = await import('../stream/kafka-topics.ts')
  const { prefix, partitions, replicas } = config.settings.stream.kafka
  const admin = kafkaClient(kafkaConnection(config), logger).admin()
  await admin.connect()
  try {
    const plan = { prefix, partitions, ...(replicas !== undefined && { replicas }) }
    return await ensureTopics(admin, systemClock, plan)
  } finally {
    await admin.disconnect()
  }
}

/** The one seat of that name in the cluster, or who has it; undefined when it was aborted first. */
export async function openSeat(
  config: Config,
  { name, as, logger, signal, standby }: SeatRequest,
): Promise<Seat | Sitter | undefined> {
  const { takeSeat } = await import('../stream/kafka-seat.ts')
  const { seatClient } = await import('../stream/kafka-client.ts')
  const { prefix, replicas, sessionMs } = config.settings.stream.kafka
  return takeSeat({
    ...seatClient(kafkaConnection(config), logger, as),
    name,
    prefix,
    replicas,
    sessionMs: Math.min(sessionMs, LONGEST_SEAT_MS),
    clock: systemClock,
    logger,
    signal,
    standby,
  })
}

interface SeatRequest {
  readonly name: string
  /** What this worker is called in Kafka. */
  readonly as: string
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Wait for as long as it takes. */
  readonly standby: boolean
}

export function kafkaConnection({ settings, kafkaLogin }: Config): KafkaConnection {
  const { brokers, tls, caFile, mechanism } = settings.stream.kafka
  return {
    brokers,
    ...(tls && { tls: caFile === undefined ? true : { ca: certificateIn(caFile, 'Kafka') } }),
    ...(kafkaLogin && { sasl: { mechanism, username: kafkaLogin.user, password: kafkaLogin.password } }),
  }
}

/** @throws ConfigError when it cannot be read. */
function certificateIn(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ConfigError(
      `${what}: expected a certificate (PEM) in ${path}, the system says "${reasonOf(cause)}"; correct caFile, or make the file readable`,
      { cause },
    )
  }
}

export async function openEvidence(config: Config): Promise<EvidenceStore> {
  const { sqliteEvidenceStore } = await import('../ingest/sqlite-evidence.ts')
  const dir = dataFile(config, 'evidence')
  mkdirSync(dir, { recursive: true })
  return sqliteEvidenceStore({ dir, clock: systemClock })
}

export async function openIngestStore(config: Config): Promise<IngestStore> {
  const { openIngestStore: open } = await import('../ingest/ingest-store.ts')
  return open({ path: dataFile(config, 'ingest.db') })
}

export async function openFetcher(config: Config, logger: Logger, overrides?: Overrides): Promise<Fetcher> {
  const { httpFetcher } = await import('../ingest/http-fetcher.ts')
  const { ingest } = config.settings
  return httpFetcher({
    userAgent: ingest.userAgent,
    clock: systemClock,
    logger,
    limits: ingest.limits,
    hostGapMs: overrides?.hostGapMs ?? ingest.hostGapMs,
    hostGapAfter429Ms: ingest.hostGapAfter429Ms,
    gapsPath: dataFile(config, 'hosts.db'),
    ...(overrides && { overrides: overrides.hosts }),
  })
}

export async function openClassifier(config: Config): Promise<Classifier> {
  const { createClassifier } = await import('../classify/classifier.ts')
  const { loadLexicons } = await import('../classify/lexicon.ts')
  return createClassifier({
    lexicons: loadLexicons(config.lexiconDir === undefined ? {} : { overlay: config.lexiconDir }),
    events: config.events,
    thresholds: config.settings.classify.thresholds,
  })
}

export function indexDir(config: Config): string {
  return dataFile(config, 'index')
}

/** Where the generations of the index are. */
export async function openIndexHome(config: Config): Promise<IndexHome> {
  if (config.settings.index.kind === 'elasticsearch') {
    const { elasticsearchHome } = await import('../index/elasticsearch-store.ts')
    return elasticsearchHome(elasticsearchOptions(config))
  }
  const { sqliteHome } = await import('../index/generations.ts')
  return sqliteHome(indexDir(config))
}

export function elasticsearchOptions({ settings, elasticsearchLogin }: Config): ElasticsearchOptions {
  return { ...settings.index.elasticsearch, login: elasticsearchLogin }
}

export async function openIndexReader(config: Config): Promise<IndexReader> {
  const { readerOf } = await import('../index/index-home.ts')
  const home = await openIndexHome(config)
  try {
    const reader = await readerOf(home)
    return {
      ...reader,
      async close() {
        await reader.close()
        await home.close()
      },
    }
  } catch (thrown) {
    await home.close()
    throw thrown
  }
}

export async function openAppState(config: Config): Promise<AppStore> {
  const { openAppStore } = await import('../dashboards/app-store.ts')
  return openAppStore({ path: dataFile(config, 'app.db'), clock: systemClock })
}

export async function openMailer(config: Config): Promise<Mailer> {
  const { smtpUrl } = config
  const { from } = config.settings.alerts.mail
  if (smtpUrl === undefined) {
    const { fileMailer } = await import('../alerts/file-mailer.ts')
    return fileMailer({ dir: dataFile(config, 'mail'), from })
  }
  const { smtpMailer } = await import('../alerts/smtp-mailer.ts')
  return smtpMailer({ url: smtpUrl, from })
}

/**
 * A file or folder of the data directory; the directory is made when it is not there, readable by its owner alone.
 * @throws ConfigError when it cannot be made.
 */
export function dataFile(config: Config, name: string): string {
  try {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new ConfigError(
      `expected to make the data directory ${config.dataDir}, the system says "${reasonOf(cause)}"; set OPOMENA_DATA_DIR to a directory that can be written`,
      { cause },
    )
  }
  return join(config.dataDir, name)
}
