/** Keeps a worker's place in its group while it works, and tells it when the place is lost or wanted by others. */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { BatchContext, Clock } from '../core/ports.ts'
import { isLost, isRebalance } from './kafka-fate.ts'
import { LeaseLost } from './lease.ts'

export interface Heart extends BatchContext {
  /** What Kafka said when it gave the place to somebody else: nothing that is in hand counts any more. */
  readonly lost: () => Error | undefined
  /** The group shares out anew: what is in hand may be finished soon, and then the worker must join again. */
  readonly moving: () => Error | undefined
  /** Looks whether the place is still there, now. @throws LeaseLost */
  check(): Promise<void>
  stop(): void
}

export interface HeartOptions {
  readonly clock: Clock
  readonly intervalMs: number
  readonly stopping: AbortSignal
  /** Sends a sign of life when one is due. */
  readonly beat: () => Promise<void>
  /** Sends one in any case, over a new connection if need be. */
  readonly holdFast: () => Promise<void>
}

/** A handler that never waits for anything outside still lets timers and signals through this often. */
const TURN_MS = 20

export function heart({ clock, intervalMs, stopping, beat, holdFast }: HeartOptions): Heart {
  const over = new AbortController()
  const quit = new AbortController()
  let lost: Error | undefined
  let moving: Error | undefined
  let turned = performance.now()

  function hear(thrown: unknown): void {
    if (isLost(thrown)) lost = thrown as Error
    else if (isRebalance(thrown)) moving = thrown as Error
    else return // The broker cannot be reached: that alone loses no place.
    quit.abort()
  }

  async function sign(): Promise<void> {
    try {
      await beat()
    } catch (thrown) {
      hear(thrown)
      if (!quit.signal.aborted) await holdFast().catch(hear)
    }
  }

  function requirePlace(): void {
    if (lost) throw new LeaseLost('the group has given this work to another worker', { cause: lost })
  }

  async function beatOn(): Promise<void> {
    for (;;) {
      await clock.sleep(intervalMs, over.signal)
      if (over.signal.aborted || lost) return
      await sign()
    }
  }

  stopping.addEventListener('abort', () => quit.abort(), { signal: over.signal })
  if (stopping.aborted) quit.abort()
  void beatOn()
  return {
    signal: quit.signal,
    lost: () => lost,
    moving: () => moving,
    async keepAlive() {
      if (performance.now() - turned >= TURN_MS) {
        await turnOfTheLoop()
        turned = performance.now()
        await sign()
      }
      requirePlace()
    },
    async check() {
      await holdFast().catch(hear)
      requirePlace()
    },
    stop: () => over.abort(),
  }
}
