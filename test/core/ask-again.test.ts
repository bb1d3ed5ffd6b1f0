import { expect, test } from 'vitest'
import { askAgain } from '../../core/ask-again.ts'
import type { AskAgain } from '../../core/ask-again.ts'
import { ConfigError, RetryLater } from '../../core/errors.ts'
import { testClock } from '../fakes.ts'

/** Somebody who answers these in turn, and throws those that are errors. */
function asked(answers: readonly unknown[], options: Partial<AskAgain<unknown>> = {}) {
  const clock = testClock(undefined, { hurry: true })
  const left = [...answers]
  const ask = async (): Promise<unknown> => {
    const next = left.shift()
    if (next instanceof Error) throw next
    return next
  }
  const answer = askAgain(ask, { clock, pausesMs: [10, 20, 40], ...options })
  return { answer, left, clock }
}

const later = new RetryLater('later')

test('who is told to come later comes again after each pause, until there is an answer', async () => {
  const { answer, left, clock } = asked([later, later, 'here', 'never asked'])
  expect(await answer).toBe('here')
  expect(clock.slept).toEqual([10, 20])
  expect(left).toEqual(['never asked'])
})

test('after the last pause what comes is the answer, whatever it is', async () => {
  const last = new RetryLater('the last word')
  await expect(asked([later, later, later, last, 'too late']).answer).rejects.toBe(last)
  expect(await asked([1, 2, 3, 4, 5], { isGood: () => false }).answer).toBe(4)
})

test('what no time will heal is thrown at once', async () => {
  const wrong = new ConfigError('wrong')
  const { answer, clock } = asked([wrong, 'never asked'])
  await expect(answer).rejects.toBe(wrong)
  expect(clock.slept).toEqual([])
})

test('what is over the next time, and what is a good answer, can be said', async () => {
  const isForNow = (thrown: unknown): boolean => thrown instanceof TypeError
  const isGood = (answer: unknown): boolean => answer === 'led'
  expect(await asked([new TypeError('x'), 'no leader', 'led'], { isForNow, isGood }).answer).toBe('led')
  await expect(asked([later, 'led'], { isForNow, isGood }).answer).rejects.toBe(later)
})
