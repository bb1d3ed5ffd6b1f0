/** The parts of a worker: they live and end together, and what they hold is closed whatever happens. */
import { describe, expect, test } from 'vitest'
import { closing } from '../../cli/closing.ts'
import { every, together, untilAborted } from '../../cli/side-by-side.ts'
import { RetryLater } from '../../core/errors.ts'
import { keepingLogger } from '../fakes.ts'

describe('together', () => {
  test('all end when they are asked to', async () => {
    const asked = new AbortController()
    const running = together(asked.signal, signal => [untilAborted(signal), untilAborted(signal)])
    asked.abort()
    await running
  })

  test('one that fails ends the others, and its failure is thrown when they have ended', async () => {
    let ended = false
    const running = together(new AbortController().signal, signal => [
      untilAborted(signal).then(() => void (ended = true)),
      Promise.reject(new Error('a bug')),
    ])
    await expect(running).rejects.toThrow('a bug')
    expect(ended).toBe(true)
  })
})

describe('every', () => {
  test('what cannot be done now waits for the next time, and any other failure is thrown', async () => {
    const logger = keepingLogger()
    const faults = [new RetryLater('the disk is full'), undefined, new Error('a bug')]
    let calls = 0
    const running = every(1, { signal: new AbortController().signal, logger }, async () => {
      const fault = faults[calls++]
      if (fault) throw fault
    })
    await expect(running).rejects.toThrow('a bug')
    expect(calls).toBe(3)
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { reason: 'the disk is full' } }])
  })
})

describe('closing', () => {
  test.each([
    ['it is over', () => Promise.resolve('done')],
    ['it failed', () => Promise.reject(new Error('a bug'))],
  ])('closes what is held, the last first, when %s', async (_, work) => {
    const closed: string[] = []
    const part = (name: string) => ({ close: async () => void closed.push(name) })
    const over = closing(async hold => {
      hold(part('log'))
      hold(part('store'))
      return work()
    })
    await over.catch(() => undefined)
    expect(closed).toEqual(['store', 'log'])
  })
})
