/** The wiring of each stage: which topics it reads, which adapters it holds, and in which order they are closed. */
import type { Config } from '../config/config.ts'
import { systemClock } from '../core/clock.ts'
import { ConfigError, reasonOf } from '../core/errors.ts'
import type { WebDeps } from '../dashboards/deps.ts'
import { currentGeneration, groupOf } from '../index/generations.ts'
import type { Logger } from '../core/logger.ts'
import type { EventLog } from '../core/ports.ts'
import type { Stage } from '../core/stage.ts'
import { addDays, dayOf } from '../core/time.ts'
import { eraseStage } from '../stream/erase-stage.ts'
import { runStage } from '../stream/run-stage.ts'
import {
  indexDir,
  openAppState,
  openClassifier,
  openEvidence,
  openFetcher,
  openIndexReader,
  openIngestStore,
  openLog,
  openMailer,
} from './parts.ts'
import type { Overrides } from './parts.ts'
import type { WorkerName } from './supervise.ts'

export interface WorkerContext {
  readonly config: Config
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly overrides?: Overrides
  /** Says that work has begun; the web says its port. */
  ready(port?: number): void
}

const UPKEEP_MS = 3_600_000

/** Runs one worker until the signal is aborted; rejects when it cannot go on. */
export async function runWorker(name: WorkerName, context: WorkerContext): Promise<void> {
  await WORKERS[name](context)
}

const WORKERS: Readonly<Record<WorkerName, (context: WorkerContext) => Promise<void>>> = {
  ingest: runIngest,
  classify: runClassify,
  index: runIndex,
  alerts: runAlerts,
  web: runWeb,
}

async function runIngest(context: WorkerContext): Promise<void> {
  const { config, logger, overrides } = context
  const { runScheduler } = await import('../ingest/schedule.ts')
  const { recheckStage, deletionStage } = await import('../ingest/recheck.ts')
  const log = await openLog(config, logger)
  const evidence = await openEvidence(config)
  const store = await openIngestStore(config)
  const fetcher = await openFetcher(config, logger, overrides)
  await together(context, signal => [
    runScheduler({
      sources: config.sources,
      settings: config.settings.ingest,
      fetcher,
      evidence,
      store,
      log,
      clock: systemClock,
      logger,
      signal,
    }),
    run(recheckStage(store, config.settings.ingest.recheckHours), log, logger, signal),
    run(deletionStage(store, evidence), log, logger, signal),
    store.outbox.relay({ log, clock: systemClock, logger, signal }),
  ])
  await fetcher.close()
  store.close()
  await evidence.close()
  await log.close()
}

async function runClassify(context: WorkerContext): Promise<void> {
  const { config, logger } = context
  const { classifyStage } = await import('../classify/stage.ts')
  const classifier = await openClassifier(config)
  const log = await openLog(config, logger)
  await together(context, signal => [run(classifyStage(classifier, systemClock), log, logger, signal)])
  await log.close()
}

async function runIndex(context: WorkerContext): Promise<void> {
  const { config, logger, signal } = context
  const { indexStages } = await import('../index/index-stages.ts')
  const { followGenerations } = await import('../index/generations.ts')
  const log = await openLog(config, logger)
  await followGenerations({ dir: indexDir(config), clock: systemClock, signal }, async (writer, until) => {
    await together({ ...context, signal: until }, inner => [
      ...indexStages(writer, { group: writer.group }).map(stage =>
        run(stage as Stage<unknown>, log, logger, inner),
      ),
      run(eraseStage(log), log, logger, inner),
      every(UPKEEP_MS, inner, async () => {
        const now = systemClock.now()
        const records = await log.expire(now)
        const texts = await writer.expireText(addDays(dayOf(now), -config.settings.retention.textDays))
        if (records + texts > 0) logger.info({ records, texts }, 'expired what is no longer kept')
      }),
    ])
    // Replaced by a rebuild, its group would keep everything it has not read from expiring.
    if (!signal.aborted) await log.forget(writer.group)
  })
  await log.close()
}

async function runAlerts(context: WorkerContext): Promise<void> {
  const { config, logger } = context
  const { openAlertStore } = await import('../alerts/alert-store.ts')
  const { alertStages } = await import('../alerts/stages.ts')
  const { deliverLetters } = await import('../alerts/deliver.ts')
  const { dataFile } = await import('./parts.ts')
  const log = await openLog(config, logger)
  const store = openAlertStore({ path: dataFile(config, 'alerts.db') })
  const mailer = await openMailer(config)
  await together(context, signal => [
    ...alertStages(store).map(stage => run(stage, log, logger, signal)),
    deliverLetters({
      store,
      mailer,
      clock: systemClock,
      logger,
      publicUrl: config.settings.web.publicUrl,
      signal,
    }),
  ])
  await mailer.close()
  store.close()
  await log.close()
}

async function runWeb(context: WorkerContext): Promise<void> {
  const { config, logger, signal } = context
  const { createWebApp } = await import('../dashboards/app.ts')
  const { serveWeb } = await import('../dashboards/serve.ts')
  const { renderAtom } = await import('../alerts/atom.ts')
  const log = await openLog(config, logger)
  const evidence = await openEvidence(config)
  const reader = await openIndexReader(config)
  const store = await openAppState(config)
  const { web, classify, alerts } = config.settings
  const app = createWebApp({
    reader,
    log,
    evidence,
    store,
    clock: systemClock,
    logger,
    publicUrl: web.publicUrl,
    events: config.events,
    calendar: config.calendar,
    sources: config.sources,
    thresholds: classify.thresholds.default,
    letterTime: { at: alerts.at, timeZone: alerts.timeZone },
    renderAtom,
    // Asked for each time: a rebuild gives the index another group.
    get stages() {
      return stageGroups(config)
    },
    demo: context.overrides !== undefined,
  })
  const server = await listening(() => serveWeb(app, { host: web.host, port: web.port }), web, signal)
  context.ready(server.port)
  await together({ ...context, ready: () => undefined }, inner => [
    store.outbox.relay({ log, clock: systemClock, logger, signal: inner }),
    untilAborted(signal),
  ])
  await server.close()
  store.close()
  await reader.close()
  await evidence.close()
  await log.close()
}

function stageGroups(config: Config): NonNullable<WebDeps['stages']> {
  const generation = currentGeneration(indexDir(config))
  return [
    { topic: 'articles', group: 'classify' },
    { topic: 'findings', group: 'alerts' },
    ...(generation === undefined ? [] : [{ topic: 'findings' as const, group: groupOf(generation) }]),
  ]
}

const PORT_TRIES = 5
const PORT_PAUSE_MS = 1_000

/** Tries again for a while: an Opomena that is just ending may hold the port. @throws ConfigError when it stays taken. */
async function listening<T>(
  listen: () => Promise<T>,
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await listen()
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      if (code !== 'EADDRINUSE' || tries === PORT_TRIES || signal.aborted)
        throw new ConfigError(
          `web: expected to listen on port ${String(port)} of ${host}, the system says "${reasonOf(cause)}"; stop what has the port, or set another one with OPOMENA_PORT`,
          { cause },
        )
      await systemClock.sleep(PORT_PAUSE_MS, signal)
    }
  }
}

function run<In>(stage: Stage<In>, log: EventLog, logger: Logger, signal: AbortSignal): Promise<void> {
  return runStage(stage, { log, clock: systemClock, logger, signal })
}

/** Runs the parts side by side. When one fails the others are stopped, all are waited for, and the failure is thrown. */
async function together(
  context: WorkerContext,
  parts: (signal: AbortSignal) => readonly Promise<void>[],
): Promise<void> {
  const controller = new AbortController()
  const signal = AbortSignal.any([context.signal, controller.signal])
  const running = parts(signal)
  context.ready()
  const results = await Promise.allSettled(
    running.map(part =>
      part.catch((thrown: unknown) => {
        controller.abort()
        throw thrown
      }),
    ),
  )
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function every(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work()
    await systemClock.sleep(ms, signal)
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
