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
import type { KafkaConnection } from '../stream/kafka-client.ts'
import type { Seat, Sitter } from '../stream/kafka-seat.ts'
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
  const { sqliteLog } = await import('../stream/sqlite-log.ts')
  return sqliteLog({ path: dataFile(config, 'log.db'), clock: systemClock, logger })
}

/** The one seat of that name in the cluster, or who has it; undefined when it was aborted first. */
export async function openSeat(
  config: Config,
  { name, as, logger, signal, standby }: SeatRequest,
): Promise<Seat | Sitter | undefined> {
  const { takeSeat } = await import('../stream/kafka-seat.ts')
  const { seatClient } = await import('../stream/kafka-client.ts')
  const { prefix, replicas } = config.settings.stream.kafka
  return takeSeat({
    ...seatClient(kafkaConnection(config), logger, as),
    name,
    prefix,
    replicas,
    clock: systemClock,
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

export async function openIndexReader(config: Config): Promise<IndexReader> {
  const { indexReaderOf } = await import('../index/generations.ts')
  return indexReaderOf(indexDir(config))
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
