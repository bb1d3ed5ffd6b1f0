/** Stand-ins for what is outside, turned by the test. */
import type { Logger } from '../core/logger.ts'
import type { Clock } from '../core/ports.ts'

export interface TestClock extends Clock {
  /** Moves the time on and wakes, in order, whoever sleeps until then; lets them work before the next one wakes. */
  advance(ms: number): Promise<void>
  /** Every sleep asked for so far, in milliseconds. */
  readonly slept: readonly number[]
  /** How many sleep now. */
  sleeping(): number
}

/**
 * A clock that stands still until the test advances it. With `hurry` every sleep ends at once and moves the time on
 * by as much: for tests that look only at how long the waits were.
 */
export function testClock(start = '2026-07-11T08:00:00.000Z', { hurry = false } = {}): TestClock {
  let now = Date.parse(start)
  let sleepers: { readonly until: number; readonly wake: () => void }[] = []
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(now),
    sleeping: () => sleepers.length,
    async sleep(ms, signal) {
      if (signal?.aborted) return
      slept.push(ms)
      if (hurry) {
        now += ms
        return othersWork()
      }
      await new Promise<void>(resolve => {
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter(one => one !== sleeper)
          resolve()
        })
      })
    },
    async advance(ms) {
      const end = now + ms
      await othersWork()
      for (;;) {
        const next = sleepers.filter(one => one.until <= end).sort((a, b) => a.until - b.until)[0]
        if (!next) break
        sleepers = sleepers.filter(one => one !== next)
        now = Math.max(now, next.until)
        next.wake()
        await othersWork()
      }
      now = end
    },
  }
}

/** A few turns of the event loop: enough for promises that wait for nothing outside. */
async function othersWork(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: object
  readonly sentence: string
}

/** A logger that keeps its lines for the test to look at. */
export function keepingLogger(): Logger & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = []
  const keep = (level: LogLine['level']) => (fields: object, sentence: string) =>
    void lines.push({ level, fields, sentence })
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
}
