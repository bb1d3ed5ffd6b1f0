/** `opomena worker <stage>`: one stage in one process, as `start` runs five of them. */
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import { Argument } from 'commander'
import { systemClock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import { takePlace } from './alone.ts'
import { EXIT } from './exit.ts'
import { dataFile, openConfig, openLogger } from './parts.ts'
import type { Overrides } from './parts.ts'
import { requireServers } from './servers.ts'
import { stopOnRequest } from './stop-signal.ts'
import { WORKERS } from './supervise.ts'
import type { Begin, Ready, WorkerName } from './supervise.ts'
import { version } from './version.ts'
import { watchWorker } from './watch.ts'

/** From the request to end until the end, whatever hangs. Service managers wait for half a minute. */
const LONGEST_END_MS = 25_000
const LAST_WORDS_MS = 500

export function register(program: Command): void {
  program
    .command('worker')
    .description('run one stage alone; `start` runs all of them')
    .addArgument(new Argument('<stage>', 'which one').choices([...WORKERS]))
    .option('--standby', 'where there can be one only and it lives: wait, and take over when it is gone')
    .addHelpText(
      'after',
      `
classify and index share their work: start as many as there is work for. Of ingest, alerts and web there is one each.

Example:
  opomena worker classify
  OPOMENA_HEALTH_PORT=9464 opomena worker alerts --standby`,
    )
    .action(async (name: WorkerName, options: { standby?: boolean }) => {
      // Room for short-lived objects stays small: a third less memory, and no more time, measured on 4,000 articles.
      setFlagsFromString('--semi-space-growth-factor=1')
      try {
        await work(name, await beginning(), options.standby ?? false)
      } finally {
        // The channel to the parent would keep the process alive, also when it has failed.
        if (process.connected) process.disconnect()
        endWhateverHangs()
      }
    })
}

/** The work is over, well or not: a connection that still waits for its answer must not keep the process. */
function endWhateverHangs(): void {
  setTimeout(() => process.exit(), LAST_WORDS_MS).unref()
}

async function work(name: WorkerName, begin: Begin, standby: boolean): Promise<void> {
  const config = openConfig()
  const logger = openLogger(config, name)
  const signal = stopOnRequest()
  endInTime(signal, logger)
  const { host, port } = config.settings.health
  const watch = await watchWorker({
    worker: name, version: version(), dataDir: dataFile(config, ''), host, port, clock: systemClock, logger, signal,
  }) // prettier-ignore
  try {
    if (!begin.again) await requireServers(name, config, { clock: systemClock, signal })
    const place = await takePlace(name, { config, clock: systemClock, logger, signal, standby })
    if (!place) return
    try {
      const { runWorker } = await import('./workers.ts')
      await runWorker(name, {
        config: begin.demo ? { ...config, sources: [...begin.demo.sources] } : config,
        logger,
        signal: AbortSignal.any([signal, place.lost]),
        watch,
        ready(port) {
          watch.begun()
          tellParent({ kind: 'ready', worker: name, ...(port !== undefined && { port }) })
        },
        ...(begin.demo && { overrides: overridesOf(begin.demo) }),
      })
      if (place.lost.aborted)
        throw new Error(`this ${name} was silent for too long and has lost its place to another one`)
    } finally {
      await place.release()
    }
  } finally {
    await watch.close()
  }
}

/** What hangs while it ends is ended by force: for the data that is as safe as a kill. */
function endInTime(signal: AbortSignal, logger: Logger): void {
  signal.addEventListener('abort', () => {
    setTimeout(() => {
      logger.error({ afterMs: LONGEST_END_MS }, 'the worker did not end by itself and is ended')
      process.exit(EXIT.failure)
    }, LONGEST_END_MS).unref()
  })
}

/** The parent's first message, or a plain beginning where there is no parent. */
async function beginning(): Promise<Begin> {
  if (!process.channel) return { kind: 'begin' }
  const [begin] = (await once(process, 'message')) as [Begin]
  return begin
}

function overridesOf(demo: NonNullable<Begin['demo']>): Overrides {
  return { hosts: new Map(demo.hosts), hostGapMs: demo.hostGapMs }
}

function tellParent(ready: Ready): void {
  if (process.connected) process.send?.(ready)
}
