/** Politeness per host: one request at a time, a gap between starts, a longer one after 429, and turns in fair order. */
import { reasonOf } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { HostMemory } from './host-memory.ts'

const SECOND = 1_000
/** Longest wait a site can ask for: a mistyped date must not silence a source for years. */
export const MAX_HOLD = 24 * 60 * 60 * SECOND
/** A request waits this long in line for a held host; for longer holds it is answered at once and tried another time. */
const PATIENCE = 60 * SECOND

/** The host asked us to wait longer than a request stays in line. */
export class HostHeld extends Error {
  override readonly name = 'HostHeld'
  readonly waitMs: number

  constructor(host: string, waitMs: number) {
    super(`${host} asked us to wait, ${Math.ceil(waitMs / SECOND)} s from now`)
    this.waitMs = waitMs
  }
}

export interface Turn {
  /** Who asks: lanes of one host take turns, so that a source with a hundred pages does not keep out its neighbour. */
  readonly lane: string
  /** Gap to keep on this host where it is longer than the usual one, in milliseconds. */
  readonly gapMs?: number
  readonly signal: AbortSignal
}

export interface Politeness {
  /**
   * Runs the request when its turn has come; other hosts are not delayed.
   * @throws HostHeld; the signal's reason when it was aborted in line; whatever `run` throws.
   */
  take<T>(host: string, turn: Turn, run: () => Promise<T>): Promise<T>
  /** Nothing goes to the host for so many milliseconds, at most a day. Answers how many it became. */
  hold(host: string, ms: number): number
}

interface Waiting {
  readonly turn: Turn
  /** Never rejects. */
  go(): Promise<void>
  refuse(reason: Error): void
}

interface Line {
  readonly lanes: Map<string, Waiting[]>
  /** The number of the last turn of each lane. */
  readonly turns: Map<string, number>
}

export function politeness(options: { clock: Clock; memory: HostMemory; gapMs: number }): Politeness {
  const { clock, memory } = options
  const lines = new Map<string, Line>()
  const now = (): number => clock.now().getTime()

  // Clamped, so that a clock that was set back does not lock a host out.
  const holdLeft = (host: string): number => Math.min(Math.max(0, memory.heldUntil(host) - now()), MAX_HOLD)
  const gapLeft = (host: string, gap: number): number =>
    Math.min(Math.max(0, memory.lastStart(host) + gap - now()), gap)

  async function serve(host: string, line: Line): Promise<void> {
    for (let next = takeNext(line); next; next = takeNext(line)) {
      await serveOne(host, next).catch((thrown: unknown) => next.refuse(asError(thrown)))
    }
    lines.delete(host)
  }

  async function serveOne(host: string, waiting: Waiting): Promise<void> {
    const { signal, gapMs = 0 } = waiting.turn
    if (hasLeft(waiting)) return
    const held = holdLeft(host)
    if (held > PATIENCE) {
      waiting.refuse(new HostHeld(host, held))
      return
    }
    const wait = Math.max(held, gapLeft(host, Math.max(options.gapMs, gapMs)))
    if (wait > 0) await clock.sleep(wait, signal)
    if (hasLeft(waiting)) return
    // Before the request, not after it: a crash in between must not let the host be asked twice.
    memory.started(host, now())
    await waiting.go()
  }

  return {
    take: (host, turn, run) =>
      new Promise((resolve, reject) => {
        const leave = (): void => reject(asError(turn.signal.reason))
        if (turn.signal.aborted) {
          leave()
          return
        }
        turn.signal.addEventListener('abort', leave, { once: true })
        const arrived = (): void => turn.signal.removeEventListener('abort', leave)
        const waiting: Waiting = {
          turn,
          async go() {
            arrived()
            await run().then(resolve, reject)
          },
          refuse(reason) {
            arrived()
            reject(reason)
          },
        }
        const line = lines.get(host) ?? { lanes: new Map(), turns: new Map() }
        joinLine(line, waiting)
        if (lines.has(host)) return
        lines.set(host, line)
        void serve(host, line)
      }),
    hold(host, ms) {
      const held = Math.min(Math.max(0, ms), MAX_HOLD)
      memory.held(host, now() + held)
      return held
    },
  }
}

function hasLeft({ turn }: Waiting): boolean {
  return turn.signal.aborted
}

function joinLine({ lanes }: Line, waiting: Waiting): void {
  const lane = lanes.get(waiting.turn.lane)
  if (lane) lane.push(waiting)
  else lanes.set(waiting.turn.lane, [waiting])
}

/** The first of the lane whose last turn is longest ago; of those that had none, the one that came first. */
function takeNext({ lanes, turns }: Line): Waiting | undefined {
  const lastTurn = (name: string): number => turns.get(name) ?? 0
  const [first, ...others] = lanes.keys()
  if (first === undefined) return undefined
  const name = others.reduce((best, other) => (lastTurn(other) < lastTurn(best) ? other : best), first)
  const lane = lanes.get(name)!
  const next = lane.shift()
  if (lane.length === 0) lanes.delete(name)
  turns.set(name, Math.max(0, ...turns.values()) + 1)
  return next
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(reasonOf(reason))
}
