/**
 * Workers of which there is one: their state is in the data directory, whose lock they hold. Where Kafka stands between
 * machines they hold a seat there as well, so that a second one with a data directory of its own is noticed.
 */
import { hostname } from 'node:os'
import type { Config } from '../config/config.ts'
import { ConfigError, RetryLater } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import type { Clock, Mailer } from '../core/ports.ts'
import type { Seat } from '../stream/kafka-sitting.ts'
import { dataFile, openSeat } from './parts.ts'
import { holdAlone, isHeldAlready } from './single.ts'
import type { WorkerName } from './supervise.ts'

export interface Place {
  /** Aborted when another worker has taken the place: this one was frozen, or cut off. */
  readonly lost: AbortSignal
  /** Whether no other worker can have it at this moment. False also while Kafka is away: nobody knows. */
  isSafe(): boolean
  release(): Promise<void>
}

export interface AloneOptions {
  readonly config: Config
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Wait until the place is free, instead of refusing. */
  readonly standby: boolean
}

const LOOK_MS = 500
const UNTROUBLED = { lost: new AbortController().signal, isSafe: () => true } as const

/** Classify and index share their work; an index in a file of this machine cannot be shared across machines. */
function isAlone(name: WorkerName, { settings }: Config): boolean {
  if (name === 'classify') return false
  return name !== 'index' || (settings.stream.kind === 'kafka' && settings.index.kind === 'sqlite')
}

/**
 * Undefined when the signal was aborted while it waited.
 * @throws ConfigError when another worker has the place.
 */
export async function takePlace(name: WorkerName, options: AloneOptions): Promise<Place | undefined> {
  if (!isAlone(name, options.config)) return { ...UNTROUBLED, release: async () => undefined }
  const lock = await takeLock(name, options)
  if (!lock) return undefined
  try {
    const seat = await takeSeatOf(name, options)
    if (seat === 'stopped') {
      lock.release()
      return undefined
    }
    return {
      ...(seat ?? UNTROUBLED),
      async release() {
        await seat?.release()
        lock.release()
      },
    }
  } catch (thrown) {
    lock.release()
    throw thrown
  }
}

/** The same mailer, which keeps a letter while another worker may have the place: what was sent cannot be called back. */
export function placedMailer(mailer: Mailer, { isSafe }: Pick<Place, 'isSafe'>): Mailer {
  return {
    async send(letter) {
      if (!isSafe())
        throw new RetryLater(
          'mail: expected Kafka to say that no other worker sends these letters, it has not answered in time; they wait until it does',
        )
      await mailer.send(letter)
    },
    close: () => mailer.close(),
  }
}

async function takeLock(
  name: WorkerName,
  { config, clock, logger, signal, standby }: AloneOptions,
): Promise<{ release(): void } | undefined> {
  const path = dataFile(config, `${name}.lock`)
  for (let isTold = false; !signal.aborted; isTold = true) {
    try {
      return holdAlone(path, `opomena worker ${name}`)
    } catch (thrown) {
      if (!standby || !isHeldAlready(thrown)) throw thrown
      if (!isTold) logger.info({ path }, 'another worker has the place; this one waits for it')
      await clock.sleep(LOOK_MS, signal)
    }
  }
  return undefined
}

/** Undefined where no Kafka is. */
async function takeSeatOf(name: WorkerName, options: AloneOptions): Promise<Seat | 'stopped' | undefined> {
  const { config, logger, signal, standby } = options
  if (config.settings.stream.kind !== 'kafka') return undefined
  const found = await openSeat(config, { name, logger, signal, standby, as: `opomena-${name}@${hostname()}` })
  if (found === undefined) return 'stopped'
  if ('release' in found) return found
  throw new ConfigError(
    `opomena worker ${name} is running already: Kafka knows it as ${found.name} at ${found.host}; stop that one first, or start this one with --standby to take over when it is gone`,
  )
}
