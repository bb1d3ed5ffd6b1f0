/** What must outlive a restart to stay polite: when each host was last asked, until when it asked us to wait, and its robots.txt. */
import { fateOf, openSqlite } from '../core/sqlite.ts'

export type RobotsFile =
  | { readonly outcome: 'found'; readonly text: string }
  | { readonly outcome: 'absent'; readonly reason: string }

/** `fetchedAt` in milliseconds since 1970. */
export type RobotsCopy = RobotsFile & { readonly fetchedAt: number }

export interface HostMemory {
  /** Milliseconds since 1970, or 0 when never. */
  lastStart(host: string): number
  heldUntil(host: string): number
  started(host: string, at: number): void
  held(host: string, until: number): void
  robots(origin: string): RobotsCopy | undefined
  keepRobots(origin: string, copy: RobotsCopy): void
  close(): void
}

const MIGRATIONS = [
  `CREATE TABLE hosts (
     host TEXT PRIMARY KEY,
     last_start INTEGER NOT NULL DEFAULT 0,
     held_until INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE TABLE robots (
     origin TEXT PRIMARY KEY,
     fetched_at INTEGER NOT NULL,
     copy TEXT NOT NULL
   ) STRICT;`,
]

/** Without a path everything is forgotten at the end. */
export function hostMemory(path = ':memory:'): HostMemory {
  const db = openSqlite(path, { what: 'host memory', migrations: MIGRATIONS })
  const readHost = db.prepare(
    'SELECT last_start AS lastStart, held_until AS heldUntil FROM hosts WHERE host = ?',
  )
  const writeStart = db.prepare(
    'INSERT INTO hosts (host, last_start) VALUES (?, ?) ON CONFLICT DO UPDATE SET last_start = excluded.last_start',
  )
  const writeHold = db.prepare(
    'INSERT INTO hosts (host, held_until) VALUES (?, ?) ON CONFLICT DO UPDATE SET held_until = excluded.held_until',
  )
  const readRobots = db.prepare('SELECT fetched_at AS fetchedAt, copy FROM robots WHERE origin = ?')
  const writeRobots = db.prepare('INSERT OR REPLACE INTO robots (origin, fetched_at, copy) VALUES (?, ?, ?)')
  const number = (host: string, column: 'lastStart' | 'heldUntil'): number =>
    (readHost.get(host)?.[column] as number | undefined) ?? 0

  return {
    lastStart: host => number(host, 'lastStart'),
    heldUntil: host => number(host, 'heldUntil'),
    started: (host, at) => write(() => writeStart.run(host, at)),
    held: (host, until) => write(() => writeHold.run(host, until)),
    robots(origin) {
      const row = readRobots.get(origin)
      if (!row) return undefined
      return { ...(JSON.parse(row['copy'] as string) as RobotsFile), fetchedAt: row['fetchedAt'] as number }
    },
    keepRobots: (origin, { fetchedAt, ...file }) =>
      write(() => writeRobots.run(origin, fetchedAt, JSON.stringify(file))),
    close: () => db.close(),
  }
}

/** @throws RetryLater when the disk is full or the file busy. */
function write(run: () => unknown): void {
  try {
    run()
  } catch (thrown) {
    throw fateOf(thrown, 'host memory')
  }
}
