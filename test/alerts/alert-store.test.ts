/** What the alerts know is the same in whatever order, and however often, its messages came. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AlertStore } from '../../alerts/alert-store.ts'
import { alertStages } from '../../alerts/stages.ts'
import { RetryLater } from '../../core/errors.ts'
import { decisions, findings, subscriptions } from '../../core/topics.ts'
import { deletion, finding, flag, flagIdOf, subscription, temporaryStore, verdict } from './samples.ts'
import type { TemporaryStore } from './samples.ts'

let temporary: TemporaryStore
beforeEach(() => {
  temporary = temporaryStore()
})
afterEach(() => temporary.remove())

type Message =
  | ['finding', ReturnType<typeof finding>]
  | ['decision', ReturnType<typeof verdict> | ReturnType<typeof deletion>]
  | ['subscription', ReturnType<typeof subscription>]

function put(store: AlertStore, [kind, value]: Message): void {
  if (kind === 'finding') store.putFindings([value])
  if (kind === 'decision') store.putDecisions([value])
  if (kind === 'subscription') store.putSubscriptions([value])
}

function content(store: AlertStore) {
  return {
    flags: ['a', 'b', 'c'].map(name => store.document(flagIdOf(name))),
    changed: [...store.changedFor('sub-1')].sort((a, b) => (a.document.id < b.document.id ? -1 : 1)),
    subscription: store.subscription('sub-1'),
    active: store.active(),
  }
}

describe('any order and any repeat', () => {
  const messages: readonly Message[] = [
    ['finding', finding('one', [flag('a'), flag('b')])],
    [
      'finding',
      finding('one', [flag('a', { severity: 5 })], {
        madeAt: '2026-07-10T13:00:00.000Z',
        madeBy: { pipeline: 'next', lexicon: 'test' },
      }),
    ],
    [
      'finding',
      finding('one', [flag('b')], { article: { revision: 1 }, madeAt: '2026-07-10T11:00:00.000Z' }),
    ],
    ['finding', finding('two', [flag('c')])],
    ['finding', finding('two', [], { madeAt: '2026-07-10T13:00:00.000Z' })],
    ['decision', verdict('one', 'a', 'confirmed')],
    ['decision', verdict('one', 'a', 'not-hate', '2026-07-10T16:00:00.000Z', 'other')],
    ['decision', verdict('one', 'b', 'confirmed')],
    ['subscription', subscription()],
    ['subscription', subscription({ name: 'Later', updatedAt: '2026-07-02T00:00:00.000Z' })],
    ['subscription', subscription({ name: 'Same moment', updatedAt: '2026-07-02T00:00:00.000Z' })],
  ]
  const order = fc.shuffledSubarray([...messages, ...messages], { minLength: messages.length * 2 })

  test('end in the same content', () => {
    messages.forEach(message => put(temporary.store, message))
    const expected = content(temporary.store)
    expect(expected.flags.map(one => [one?.retired, one?.standing.status])).toEqual([
      [true, 'not-hate'],
      [false, 'confirmed'],
      [true, 'pending'],
    ])
    fc.assert(
      fc.property(order, shuffled => {
        const other = temporaryStore()
        try {
          shuffled.forEach(message => put(other.store, message))
          expect(content(other.store)).toEqual(expected)
        } finally {
          other.remove()
        }
      }),
      { numRuns: 25 },
    )
  })

  test('with a deletion among them leave nothing of the article', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...messages, ['decision', deletion('one')] satisfies Message], {
          minLength: messages.length + 1,
        }),
        shuffled => {
          const other = temporaryStore()
          try {
            shuffled.forEach(message => put(other.store, message))
            expect(other.store.document(flagIdOf('a'))).toBeUndefined()
            expect(other.store.document(flagIdOf('b'))).toBeUndefined()
            expect([...other.store.changedFor('sub-1')].map(({ document }) => document.article.id)).toEqual([
              'two',
            ])
          } finally {
            other.remove()
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})

test('what an undone verdict said no longer stands', () => {
  const { store } = temporary
  store.putFindings([finding('one', [flag('a')])])
  const made = verdict('one', 'a', 'confirmed')
  store.putDecisions([made])
  expect(store.document(flagIdOf('a'))?.standing.status).toBe('confirmed')
  store.putDecisions([
    {
      v: 1,
      kind: 'undo',
      id: 'u',
      articleId: 'one',
      flagId: flagIdOf('a'),
      of: made.id,
      by: 'rev',
      at: made.at,
    },
  ])
  expect(store.document(flagIdOf('a'))?.standing.status).toBe('pending')
})

test('a subscription that was ended is kept without its address', () => {
  const { store } = temporary
  store.putSubscriptions([
    subscription(),
    subscription({ status: 'deleted', updatedAt: '2026-07-03T00:00:00.000Z' }),
  ])
  expect(store.active()).toEqual([])
  expect(store.subscription('sub-1')).not.toHaveProperty('address')
  store.putSubscriptions([subscription()])
  expect(store.active()).toEqual([])
})

test('only what changed since the last letter is looked at again, and all of it when the search changed', () => {
  const { store } = temporary
  store.putSubscriptions([subscription()])
  store.putFindings([finding('one', [flag('a')])])
  const names = () => [...store.changedFor('sub-1')].map(({ document }) => document.quote)
  expect(names()).toEqual(['navod a'])
  store.markEmpty('sub-1', '2026-07-11', new Date())
  expect(names()).toEqual([])
  store.putFindings([finding('one', [flag('a')]), finding('two', [flag('b')])])
  expect(names()).toEqual(['navod b'])
  store.putDecisions([verdict('one', 'a', 'confirmed')])
  expect(names()).toEqual(['navod b', 'navod a'])
  store.markEmpty('sub-1', '2026-07-12', new Date())
  store.putSubscriptions([subscription({ query: 'category:denial', updatedAt: '2026-07-12T08:00:00.000Z' })])
  expect(names().sort()).toEqual(['navod a', 'navod b'])
})

describe('the stages', () => {
  test('read three topics under one group and publish nothing', async () => {
    const stages = alertStages(temporary.store)
    expect(stages.map(stage => [stage.name, stage.reads.name])).toEqual([
      ['alerts', findings.name],
      ['alerts', decisions.name],
      ['alerts', subscriptions.name],
    ])
    const context = { signal: new AbortController().signal, keepAlive: async () => undefined }
    const batch = [finding('one', [flag('a')]), finding('two', [flag('b')])]
    expect(await stages[0]!.handle(batch, context)).toEqual([[], []])
    expect(temporary.store.document(flagIdOf('b'))?.quote).toBe('navod b')
  })
  test('try again when the file is locked by another process', async () => {
    const store: AlertStore = {
      ...temporary.store,
      putSubscriptions() {
        throw Object.assign(new Error('database is locked'), { errcode: 5 })
      },
    }
    const context = { signal: new AbortController().signal, keepAlive: async () => undefined }
    await expect(alertStages(store)[2]!.handle([subscription()], context)).rejects.toBeInstanceOf(RetryLater)
  })
})
