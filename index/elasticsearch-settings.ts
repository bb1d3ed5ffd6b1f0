/** What belongs to no generation, in one small index: up to when texts have expired, what is to be erased, and who rebuilds. */
import { randomUUID } from 'node:crypto'
import { ConfigError } from '../core/errors.ts'
import type { Names } from './elasticsearch-mapping.ts'
import { changeAll, getAll } from './elasticsearch-merge.ts'
import type { Server } from './elasticsearch-send.ts'

export interface StateSource {
  readonly value: string
}

export interface Settings {
  /** Texts of unflagged articles fetched before this day are gone, and are not taken again. Empty: none are. */
  readonly expiredBefore: string
  /** When something was last deleted that still stands in files. */
  readonly toErase?: string
}

const SETTINGS = 'settings'

export async function readSettings(server: Server, names: Names): Promise<Settings> {
  const [stored] = await getAll<StateSource>(server, [{ index: names.state, id: SETTINGS }], ['value'])
  return stored ? (JSON.parse(stored.source.value) as Settings) : { expiredBefore: '' }
}

/** @throws RetryLater, ConfigError */
export async function changeSettings(
  server: Server,
  names: Names,
  change: (before: Settings) => Settings,
): Promise<void> {
  await changeState(server, names, SETTINGS, before =>
    change(before === undefined ? { expiredBefore: '' } : (before as Settings)),
  )
}

async function changeState(
  server: Server,
  names: Names,
  id: string,
  change: (before: unknown) => unknown,
): Promise<void> {
  const merge = (stored: StateSource | undefined): StateSource | undefined => {
    const value = JSON.stringify(change(stored && JSON.parse(stored.value)))
    return value === stored?.value ? undefined : { value }
  }
  const [outcome] = await changeAll<StateSource>(server, [{ index: names.state, id, merge }], ['value'])
  if (outcome instanceof Error) throw outcome
}

// ---------------------------------------------------------------- lock

interface Held {
  readonly by: string
  /** Milliseconds since 1970; who is killed holds it no longer than that. */
  readonly until: number
}

const LOCK = 'lock'
const HELD_MS = 60_000
const RENEWED_MS = 15_000

/** Held until it is released, and for a minute where its holder was killed. @throws ConfigError when somebody has it. */
export async function lock(server: Server, names: Names, work: string): Promise<() => Promise<void>> {
  const by = randomUUID()
  const now = (): number => server.clock.now().getTime()
  const hold = (): Promise<void> =>
    changeState(server, names, LOCK, held => {
      const other = held as Held | undefined
      if (other && other.by !== by && other.until > now()) {
        throw new ConfigError(
          `${work}: another rebuild or set-up is at work on ${names.prefix} at ${server.url}; wait for it to end`,
        )
      }
      return { by, until: now() + HELD_MS }
    })
  await hold()
  const timer = setInterval(() => void hold().catch(() => undefined), RENEWED_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await changeState(server, names, LOCK, held => ((held as Held).by === by ? { by, until: 0 } : held))
  }
}
