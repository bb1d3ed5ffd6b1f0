/** `opomena worker <stage>`: one stage in one process, as `start` runs five of them. */
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import { Argument } from 'commander'
import { systemClock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import { takePlace } from './alone.ts'
import type { AloneOptions } from './alone.ts'
import { EXIT } from './exit.ts'
import { dataFile, openConfig, openLogger } from './parts.ts'
import type { Overrides } from './parts.ts'
import { requireServers } from './servers.ts'
import { stopOnRequest } from './stop-signal.ts'
import { WORKERS } from './supervise.ts'
import type { Begin, Ready, WorkerName } from './supervise.ts'
import { hearUncaught } from './uncaught.ts'
import { version } from './version.ts'
import { watchWorker } from './watch.ts'
import type { Watch } from './watch.ts'

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
      // Room for new objects stays small, and the heap grows little between two clearings: with a backlog of 20,000
      // articles 260 MB instead of 400 to 440, and no slower.
      setFlagsFromString('--semi-space-growth-factor=1')
      setFlagsFromString('--heap-growing-percent=20')
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
  const failed = new AbortController()
  const signal = AbortSignal.any([stopOnRequest(), failed.signal])
  endInTime(signal, logger)
  const { host, port } = config.settings.health
  const watch = await watchWorker({
    worker: name, version: version(), dataDir: dataFile(config, ''), host, port, clock: systemClock, logger, signal,
  }) // prettier-ignore
  hearUncaught({
    logger,
    end: () => {
      watch.uncaught()
      failed.abort()
    },
  })
  try {
    if (!begin.again) await requireServers(name, config, { clock: systemClock, signal })
    // Whose place was taken is one that stands by from then on: nobody need start it again.
    let stands = standby
    while (await losesPlace(name, begin, { config, logger, signal, watch, standby: stands })) {
      logger.warn({}, LOST_PLACE)
      stands = true
    }
  } finally {
    await watch.close()
  }
}

const LOST_PLACE =
  'Kafka gave the place to another worker, for this one was silent for too long; it has stopped its work and stands by'

interface TermOptions extends Omit<AloneOptions, 'clock'> {
  readonly watch: Watch
}

/** Works until it is asked to end, or until another worker has its place: that is true. */
async function losesPlace(name: WorkerName, begin: Begin, options: TermOptions): Promise<boolean> {
  const { config, logger, signal, watch } = options
  const place = await takePlace(name, { ...options, clock: systemClock })
  if (!place) return false
  const hasEnded = endInTime(place.lost, logger)
  try {
    const { runWorker } = await import('./workers.ts')
    await runWorker(name, {
      config: begin.demo ? { ...config, sources: [...begin.demo.sources] } : config,
      logger,
      signal: AbortSignal.any([signal, place.lost]),
      watch,
      place,
      ready(port) {
        watch.begun()
        tellParent({ kind: 'ready', worker: name, ...(port !== undefined && { port }) })
      },
      ...(begin.demo && { overrides: overridesOf(begin.demo) }),
    })
  } finally {
    watch.rests()
    await place.release()
    hasEnded()
  }
  return place.lost.aborted && !signal.aborted
}

/**
 * What hangs while it ends is ended by force: for the data that is as safe as a kill. Not when what it answers is called
 * before.
 */
function endInTime(signal: AbortSignal, logger: Logger): () => void {
  let timer: NodeJS.Timeout | undefined
  const begin = (): void => {
    timer = setTimeout(() => {
      logger.error({ afterMs: LONGEST_END_MS }, 'the worker did not end by itself and is ended')
      process.exit(EXIT.failure)
    }, LONGEST_END_MS).unref()
  }
  signal.addEventListener('abort', begin, { once: true })
  return () => {
    signal.removeEventListener('abort', begin)
    clearTimeout(timer)
  }
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
