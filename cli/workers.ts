/** The wiring of each worker: which stages run in it, and which adapters they hold. */
import type { Config } from '../config/config.ts'
import { systemClock } from '../core/clock.ts'
import { ConfigError, reasonOf } from '../core/errors.ts'
import type { Thresholds } from '../core/reference.ts'
import type { WebDeps } from '../dashboards/deps.ts'
import type { Logger } from '../core/logger.ts'
import type { EventLog } from '../core/ports.ts'
import type { Stage } from '../core/stage.ts'
import { addDays, dayOf } from '../core/time.ts'
import { eraseStage } from '../stream/erase-stage.ts'
import { runStage } from '../stream/run-stage.ts'
import { placedMailer } from './alone.ts'
import type { Place } from './alone.ts'
import { closing } from './closing.ts'
import type { Hold } from './closing.ts'
import {
  dataFile,
  openAppState,
  openEvidence,
  openFetcher,
  openIndexHome,
  openIndexReader,
  openIngestStore,
  openLog,
  openMailer,
} from './parts.ts'
import type { Overrides } from './parts.ts'
import { every, together, untilAborted } from './side-by-side.ts'
import type { WorkerName } from './supervise.ts'
import type { Watch } from './watch.ts'

export interface WorkerContext {
  readonly config: Config
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly overrides?: Overrides
  readonly watch: Watch
  readonly place: Pick<Place, 'isSafe'>
  /** Says that work has begun; the web says its port. */
  readonly ready: (port?: number) => void
}

const UPKEEP_MS = 3_600_000
const GENERATION_LOOK_MS = 10_000

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
  const { config, logger, signal, overrides, watch, ready } = context
  const { runScheduler } = await import('../ingest/schedule.ts')
  const { recheckStage, deletionStage } = await import('../ingest/recheck.ts')
  await closing(async hold => {
    const log = await heldLog(context, hold)
    const evidence = hold(await openEvidence(config))
    const store = hold(await openIngestStore(config))
    watch.outbox(() => store.outbox.pending())
    const fetcher = hold(await openFetcher(config, logger, overrides))
    const { ingest: settings } = config.settings
    const { sources } = config
    const clock = systemClock
    ready()
    await together(signal, inner => [
      runScheduler({ sources, settings, fetcher, evidence, store, log, clock, logger, signal: inner }),
      run(recheckStage(store, settings.recheckHours), log, logger, inner),
      run(deletionStage(store, evidence), log, logger, inner),
      store.outbox.relay({ log, clock, logger, signal: inner }),
    ])
  })
}

async function runClassify(context: WorkerContext): Promise<void> {
  const { config, logger, signal, ready } = context
  const { classifyStage } = await import('../classify/stage.ts')
  const { openDetector } = await import('./detector.ts')
  await closing(async hold => {
    const classifier = hold(await openDetector({ config, logger }))
    const log = await heldLog(context, hold)
    ready()
    await run(classifyStage(classifier, systemClock), log, logger, signal)
  })
}

async function runIndex(context: WorkerContext): Promise<void> {
  const { config, logger, signal, ready } = context
  const { indexStages } = await import('../index/index-stages.ts')
  const { followIndex } = await import('../index/index-home.ts')
  await closing(async hold => {
    const log = await heldLog(context, hold)
    const home = hold(await openIndexHome(config))
    await followIndex({ home, clock: systemClock, signal }, async (writer, until) => {
      ready()
      await together(until, inner => [
        ...indexStages(writer, writer).map(stage => run(stage as Stage<unknown>, log, logger, inner)),
        run(eraseStage(log), log, logger, inner),
        every(UPKEEP_MS, { signal: inner, logger }, async () => {
          const now = systemClock.now()
          const records = await log.expire(now)
          const texts = await writer.expireText(addDays(dayOf(now), -config.settings.retention.textDays))
          if (records + texts > 0) logger.info({ records, texts }, 'expired what is no longer kept')
        }),
      ])
      // Replaced by a rebuild, its group would keep everything it has not read from expiring.
      if (!signal.aborted) await forgetReplaced(log, writer.group, logger)
    })
  })
}

/** Workers move over one after the other: the last to leave can have the group forgotten, else the next rebuild does. */
async function forgetReplaced(log: EventLog, group: string, logger: Logger): Promise<void> {
  try {
    await log.forget(group)
  } catch (thrown) {
    logger.info({ group, reason: reasonOf(thrown) }, 'a group of an index that was replaced still reads')
  }
}

async function runAlerts(context: WorkerContext): Promise<void> {
  const { config, logger, signal, watch, place, ready } = context
  const { openAlertStore } = await import('../alerts/alert-store.ts')
  const { alertStages } = await import('../alerts/stages.ts')
  const { deliverLetters } = await import('../alerts/deliver.ts')
  await closing(async hold => {
    const log = await heldLog(context, hold)
    const store = hold(openAlertStore({ path: dataFile(config, 'alerts.db') }))
    const mailer = watch.mailer(placedMailer(hold(await openMailer(config)), place))
    const { publicUrl } = config.settings.web
    ready()
    await together(signal, inner => [
      ...alertStages(store).map(stage => run(stage, log, logger, inner)),
      deliverLetters({ store, mailer, clock: systemClock, logger, publicUrl, signal: inner }),
    ])
  })
}

async function runWeb(context: WorkerContext): Promise<void> {
  const { config, logger, signal, watch } = context
  const { createWebApp } = await import('../dashboards/app.ts')
  const { serveWeb } = await import('../dashboards/serve.ts')
  const { renderAtom } = await import('../alerts/atom.ts')
  const { exampleFinder } = await import('./examples.ts')
  const { groupOf } = await import('../index/index-home.ts')
  const { web, classify, alerts } = config.settings
  await closing(async hold => {
    const log = await heldLog(context, hold)
    const store = hold(await openAppState(config))
    watch.outbox(() => store.outbox.pending())
    const reader = hold(await openIndexReader(config))
    const home = hold(await openIndexHome(config))
    let generation = await home.current()
    const app = createWebApp({
      reader,
      log,
      evidence: hold(await openEvidence(config)),
      store,
      clock: systemClock,
      logger,
      publicUrl: web.publicUrl,
      events: config.events,
      calendar: config.calendar,
      sources: config.sources,
      thresholds: queueThresholds(classify),
      letterTime: { at: alerts.at, timeZone: alerts.timeZone },
      renderAtom,
      example: exampleFinder(),
      // Asked for each time: a rebuild gives the index another group.
      get stages() {
        return stagesWith(generation === undefined ? undefined : groupOf(generation))
      },
      demo: context.overrides !== undefined,
    })
    const server = hold(await listening(() => serveWeb(app, web), web, signal))
    context.ready(server.port)
    await together(signal, inner => [
      store.outbox.relay({ log, clock: systemClock, logger, signal: inner }),
      every(GENERATION_LOOK_MS, { signal: inner, logger }, async () => {
        generation = await home.current()
      }),
      untilAborted(inner),
    ])
  })
}

/** The log as the watch sees it, which asks it until it is closed. */
async function heldLog({ config, logger, watch }: WorkerContext, hold: Hold): Promise<EventLog> {
  return hold(watch.log(await openLog(config, logger)))
}

/** What enters the queue by either figure: that of the rules alone, and that of rules and model. */
function queueThresholds({ thresholds, model }: Config['settings']['classify']): Thresholds {
  const { review, alert } = thresholds.default
  return { review: model.enabled ? Math.min(review, model.thresholds.review) : review, alert }
}

function stagesWith(indexGroup: string | undefined): NonNullable<WebDeps['stages']> {
  return [
    { topic: 'articles', group: 'classify' },
    { topic: 'findings', group: 'alerts' },
    ...(indexGroup === undefined ? [] : [{ topic: 'findings' as const, group: indexGroup }]),
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
