import { expect, test } from 'vitest'
import { backoffMs, systemClock } from '../../core/clock.ts'
import { testClock } from '../fakes.ts'

test.each([
  [0, 0, 1_000],
  [0, 1, 1_250],
  [1, 0, 1_500],
  [1, 0.5, 2_000],
  [3, 1, 10_000],
  [5, 1, 40_000],
  [6, 0.5, 60_000],
  [6, 0, 48_000],
  [1_000_000, 0.5, 60_000],
])('after failure %d, with chance at %d, the wait is %d ms', (attempt, chance, expected) => {
  expect(backoffMs(attempt, () => chance)).toBe(expected)
})

test('the system clock wakes after the time, or at once when aborted, also in advance', async () => {
  const begin = performance.now()
  await systemClock.sleep(30)
  expect(performance.now() - begin).toBeGreaterThan(25)
  const abort = new AbortController()
  const sleeping = systemClock.sleep(60_000, abort.signal)
  abort.abort()
  await sleeping
  await systemClock.sleep(60_000, abort.signal)
  expect(performance.now() - begin).toBeLessThan(5_000)
})

test('a sleep of a month does not end at once', async () => {
  const abort = new AbortController()
  let awake = false
  const sleeping = systemClock.sleep(30 * 86_400_000, abort.signal).then(() => (awake = true))
  await systemClock.sleep(20)
  expect(awake).toBe(false)
  abort.abort()
  await sleeping
})

test('the test clock wakes sleepers in order of their time, and those that follow from them', async () => {
  const clock = testClock('2026-07-11T08:00:00.000Z')
  const woken: string[] = []
  const sleep = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms)
    woken.push(`${name} ${clock.now().toISOString().slice(17, 19)}`)
  }
  void sleep('late', 9_000)
  void sleep('early', 2_000).then(() => sleep('after early', 3_000))
  await clock.advance(6_000)
  expect(woken).toEqual(['early 02', 'after early 05'])
  expect(clock.sleeping()).toBe(1)
  await clock.advance(4_000)
  expect(woken.at(-1)).toBe('late 09')
  expect(clock.now().toISOString()).toBe('2026-07-11T08:00:10.000Z')
})
