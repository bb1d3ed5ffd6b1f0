/** Delivery: each flag once, in a letter a day, through repeats, restarts, refusals and crashes. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AlertStore } from '../../alerts/alert-store.ts'
import { deliverDue, deliverLetters } from '../../alerts/deliver.ts'
import { Quarantine, RetryLater } from '../../core/errors.ts'
import type { Subscription } from '../../core/subscription.ts'
import { keepingLogger, testClock } from '../fakes.ts'
import type { TestClock } from '../fakes.ts'
import {
  PUBLIC_URL,
  deletion,
  finding,
  flag,
  flagIdOf,
  keepingMailer,
  subscription,
  temporaryStore,
  verdict,
} from './samples.ts'
import type { KeepingMailer, TemporaryStore } from './samples.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let temporary: TemporaryStore
let mailer: KeepingMailer
let clock: TestClock
let logger: ReturnType<typeof keepingLogger>

beforeEach(() => {
  temporary = temporaryStore()
  mailer = keepingMailer()
  // Ten in the morning in Sarajevo: the letter of the day is due.
  clock = testClock('2026-07-11T08:00:00.000Z')
  logger = keepingLogger()
})
afterEach(() => temporary.remove())

const round = () => deliverDue({ store: temporary.store, mailer, clock, logger, publicUrl: PUBLIC_URL })

/** Puts flags, one an article, confirmed unless said otherwise. */
function confirmed(store: AlertStore, ...names: string[]): void {
  store.putFindings(names.map(name => finding(`article-${name}`, [flag(name)])))
  store.putDecisions(names.map(name => verdict(`article-${name}`, name, 'confirmed')))
}
const subscribe = (changes: Partial<Subscription> = {}): void =>
  temporary.store.putSubscriptions([subscription(changes)])
/** Names of the flags that letters tell, letter by letter. */
const told = (): string[][] =>
  mailer.letters.map(({ text }) =>
    [...text.split('Corrections:')[0]!.matchAll(/#(\w+)/g)].map(match => nameOf(match[1]!)).sort(),
  )
const nameOf = (id: string): string => ['a', 'b', 'c', 'd'].find(name => flagIdOf(name) === id) ?? id
const subjects = (): string[] => mailer.letters.map(({ subject }) => subject)

describe('a letter tells', () => {
  beforeEach(() => subscribe())
  test('what was confirmed, once', async () => {
    confirmed(temporary.store, 'a', 'b')
    expect(await round()).toEqual({ sent: 1, waiting: 0, refused: 0 })
    expect(told()).toEqual([['a', 'b']])
    expect(await round()).toEqual({ sent: 0, waiting: 0, refused: 0 })
    await clock.advance(DAY)
    await round()
    expect(told()).toEqual([['a', 'b']])
  })
  test('each flag once over repeats of all messages and restarts', async () => {
    for (let day = 0; day < 3; day++) {
      confirmed(temporary.store, 'a')
      subscribe()
      await round()
      temporary.reopen()
      await clock.advance(DAY)
    }
    expect(told()).toEqual([['a']])
  })
  test('what came in any order', async () => {
    temporary.store.putDecisions([verdict('article-a', 'a', 'confirmed')])
    temporary.store.putFindings([finding('article-a', [flag('a')])])
    await round()
    expect(told()).toEqual([['a']])
  })
  test('nothing that is pending, rejected or retired', async () => {
    const { store } = temporary
    confirmed(store, 'c')
    store.putFindings([
      finding('article-a', [flag('a', { alert: true })]),
      finding('article-b', [flag('b')]),
      finding('article-c', [], { article: { revision: 1 } }),
    ])
    store.putDecisions([verdict('article-b', 'b', 'not-hate')])
    expect(await round()).toEqual({ sent: 0, waiting: 0, refused: 0 })
  })
  test('what was confirmed long after it was found', async () => {
    temporary.store.putFindings([finding('article-a', [flag('a')])])
    await round()
    await clock.advance(5 * DAY)
    temporary.store.putDecisions([verdict('article-a', 'a', 'confirmed', '2026-07-16T07:00:00.000Z')])
    await round()
    expect(told()).toEqual([['a']])
  })
  test('nothing from before the subscription was made', async () => {
    subscribe({ createdAt: '2026-07-10T15:00:01.000Z', updatedAt: '2026-07-10T15:00:01.000Z' })
    confirmed(temporary.store, 'a')
    temporary.store.putFindings([finding('article-b', [flag('b')])])
    temporary.store.putDecisions([verdict('article-b', 'b', 'confirmed', '2026-07-10T16:00:00.000Z')])
    await round()
    expect(told()).toEqual([['b']])
  })
})

describe('the subscription decides', () => {
  test('by its search, over the words and fields of the article', async () => {
    subscribe({ query: 'čarape category:denial' })
    const { store } = temporary
    confirmed(store, 'a', 'b', 'c')
    store.putFindings([
      finding('article-a', [flag('a')], { text: 'Nosio je čarapama', madeAt: '2026-07-10T13:00:00.000Z' }),
      finding('article-b', [flag('b', { category: 'slur', subtype: 'ethnic' })], {
        text: 'čarape',
        madeAt: '2026-07-10T13:00:00.000Z',
      }),
    ])
    await round()
    expect(told()).toEqual([['a']])
  })
  test('by its least severity', async () => {
    subscribe({ minSeverity: 4 })
    temporary.store.putFindings([finding('one', [flag('a', { severity: 3 }), flag('b', { severity: 4 })])])
    temporary.store.putDecisions([verdict('one', 'a', 'confirmed'), verdict('one', 'b', 'confirmed')])
    await round()
    expect(told()).toEqual([['b']])
  })
  test('whether it hears of precise flags that nobody has reviewed', async () => {
    subscribe({ threshold: 'alert' })
    temporary.store.putFindings([finding('one', [flag('a', { alert: true }), flag('b')])])
    await round()
    expect(told()).toEqual([['a']])
    expect(mailer.letters[0]!.text).toContain('NOT YET REVIEWED')
    // Confirmed later: nothing new to tell.
    temporary.store.putDecisions([verdict('one', 'a', 'confirmed')])
    await clock.advance(DAY)
    await round()
    expect(mailer.letters).toHaveLength(1)
  })
  test('that feeds have no letters, nor have those that are paused or ended', async () => {
    confirmed(temporary.store, 'a')
    temporary.store.putSubscriptions([
      subscription({ id: 'feed', channel: 'atom' }),
      subscription({ id: 'paused', status: 'paused' }),
      subscription({ id: 'ended', status: 'deleted' }),
    ])
    expect(await round()).toEqual({ sent: 0, waiting: 0, refused: 0 })
  })
  test('for itself alone: others are told too', async () => {
    confirmed(temporary.store, 'a')
    temporary.store.putSubscriptions([
      subscription(),
      subscription({ id: 'sub-2', address: 'ben@coalition.example' }),
    ])
    await round()
    expect(mailer.letters.map(({ to }) => to)).toEqual(['ana@coalition.example', 'ben@coalition.example'])
    expect(new Set(mailer.letters.map(({ messageId }) => messageId)).size).toBe(2)
  })
  test('and one whose search cannot be read harms nobody else', async () => {
    confirmed(temporary.store, 'a')
    temporary.store.putSubscriptions([
      subscription({ id: 'broken', query: 'category:nonsense' }),
      subscription(),
    ])
    await round()
    expect(told()).toEqual([['a']])
    expect(logger.lines.map(line => line.level)).toEqual(['error'])
  })
})

describe('a letter comes', () => {
  test('at its time, not when a flag comes', async () => {
    subscribe()
    await round()
    confirmed(temporary.store, 'a')
    await clock.advance(HOUR)
    await round()
    expect(mailer.letters).toHaveLength(0)
    await clock.advance(21 * HOUR)
    await round()
    expect(mailer.letters.map(({ messageId }) => messageId)).toEqual([
      '<opomena.sub-1.2026-07-12@opomena.example>',
    ])
  })
  test('for several days at once when nothing ran', async () => {
    subscribe()
    await round()
    confirmed(temporary.store, 'a', 'b')
    await clock.advance(4 * DAY)
    await round()
    expect(told()).toEqual([['a', 'b']])
  })
  test('on the day without its hour', async () => {
    clock = testClock('2026-03-29T00:30:00.000Z')
    subscribe({ at: '02:30', createdAt: '2026-03-01T00:00:00.000Z' })
    await round()
    temporary.store.putFindings([finding('one', [flag('a')])])
    temporary.store.putDecisions([verdict('one', 'a', 'confirmed', '2026-03-29T00:40:00.000Z')])
    await clock.advance(HOUR)
    await round()
    expect(mailer.letters.map(({ messageId }) => messageId)).toEqual([
      '<opomena.sub-1.2026-03-29@opomena.example>',
    ])
  })
  test('once a month with a note that the watch goes on, when there is nothing to tell', async () => {
    subscribe()
    for (let day = 0; day < 65; day++) {
      await round()
      await clock.advance(DAY)
    }
    expect(subjects()).toEqual(['Still watching, nothing new', 'Still watching, nothing new'])
  })
})

describe('corrections', () => {
  beforeEach(async () => {
    subscribe()
    confirmed(temporary.store, 'a', 'b')
    await round()
    await clock.advance(DAY)
  })
  const later = (
    name: string,
    decision: Parameters<typeof verdict>[2],
    at = '2026-07-12T07:00:00.000Z',
  ): void => temporary.store.putDecisions([verdict(`article-${name}`, name, decision, at)])

  test('tell, once, what was judged otherwise', async () => {
    later('a', 'not-hate')
    await round()
    await clock.advance(DAY)
    await round()
    expect(subjects().slice(1)).toEqual(['1 correction'])
    expect(mailer.letters[1]!.text).toContain('told as confirmed, now not hate speech')
    expect(mailer.letters[1]!.text).toContain(flagIdOf('a'))
  })
  test('come with what is new', async () => {
    later('a', 'reported-speech')
    confirmed(temporary.store, 'c')
    await round()
    expect(subjects()[1]).toBe('1 new confirmed flag: denial; BA')
    expect(mailer.letters[1]!.text).toContain('told as confirmed, now reported speech')
  })
  test('are not told when the judgment came back before the letter', async () => {
    later('a', 'not-hate')
    later('a', 'confirmed', '2026-07-12T07:30:00.000Z')
    await round()
    expect(mailer.letters).toHaveLength(1)
  })
  test('are told again when it changes again', async () => {
    later('a', 'not-hate')
    await round()
    later('a', 'confirmed', '2026-07-12T09:00:00.000Z')
    await clock.advance(DAY)
    await round()
    expect(mailer.letters[2]!.text).toContain('told as not hate speech, now confirmed')
  })
  test('say that an article was deleted, and nothing of it', async () => {
    temporary.store.putDecisions([deletion('article-a')])
    await round()
    expect(mailer.letters[1]!.text).toContain('deleted on request')
    expect(mailer.letters[1]!.text).not.toMatch(/navod|Kotline|article-a/)
  })
  test('are for those who were told', async () => {
    temporary.store.putSubscriptions([subscription({ id: 'sub-2', createdAt: '2026-07-11T12:00:00.000Z' })])
    later('a', 'not-hate')
    await round()
    expect(mailer.letters.slice(1).map(({ messageId }) => messageId)).toEqual([
      '<opomena.sub-1.2026-07-12@opomena.example>',
    ])
  })
})

describe('nothing is lost and nothing told under two names when', () => {
  beforeEach(() => {
    subscribe()
    confirmed(temporary.store, 'a')
  })

  test('the process dies between sending and marking', async () => {
    mailer.after = () => new Error('killed')
    await expect(round()).rejects.toThrow('killed')
    mailer.after = undefined
    // Something new comes before the restart: it must not hide under the id of a letter that is out already.
    confirmed(temporary.store, 'b')
    temporary.reopen()
    await round()
    await clock.advance(DAY)
    await round()
    expect(told()).toEqual([['a'], ['a'], ['b']])
    const [first, second, third] = mailer.letters
    expect(second).toEqual(first)
    expect(third!.messageId).not.toBe(first!.messageId)
  })
  test('the process dies before sending', async () => {
    mailer.before = () => new Error('killed')
    await expect(round()).rejects.toThrow('killed')
    mailer.before = undefined
    temporary.reopen()
    await round()
    expect(told()).toEqual([['a']])
  })
  test('the mail server is down for two days', async () => {
    mailer.before = () => new RetryLater('down')
    for (let hour = 0; hour < 48; hour++) {
      expect(await round()).toEqual({ sent: 0, waiting: 1, refused: 0 })
      await clock.advance(HOUR)
    }
    confirmed(temporary.store, 'b')
    mailer.before = undefined
    await round()
    await round()
    expect(told()).toEqual([['a'], ['b']])
    expect(mailer.letters.map(({ messageId }) => messageId.slice(9, 25))).toEqual([
      'sub-1.2026-07-11',
      'sub-1.2026-07-13',
    ])
  })
  test('the mail server refuses the reader for good', async () => {
    mailer.before = () => new Quarantine('no such user')
    expect(await round()).toEqual({ sent: 0, waiting: 0, refused: 1 })
    expect(await round()).toEqual({ sent: 0, waiting: 0, refused: 0 })
    expect(logger.lines.map(line => line.level)).toEqual(['error'])
    mailer.before = undefined
    await clock.advance(DAY)
    await round()
    expect(told()).toEqual([['a']])
  })
  test('the subscription is ended while its letter waits', async () => {
    mailer.before = () => new RetryLater('down')
    await round()
    mailer.before = undefined
    subscribe({ status: 'paused', updatedAt: '2026-07-11T08:30:00.000Z' })
    await round()
    expect(mailer.letters).toHaveLength(0)
    subscribe({ updatedAt: '2026-07-11T09:00:00.000Z' })
    await round()
    expect(told()).toEqual([['a']])
  })
  test('the flag is judged otherwise while its letter waits', async () => {
    mailer.before = () => new RetryLater('down')
    await round()
    mailer.before = undefined
    temporary.store.putDecisions([verdict('article-a', 'a', 'not-hate', '2026-07-11T08:10:00.000Z')])
    await round()
    expect(mailer.letters).toHaveLength(0)
    await clock.advance(DAY)
    await round()
    expect(subjects()).toEqual(['1 correction'])
  })
  test('one reader cannot be reached: the others are', async () => {
    temporary.store.putSubscriptions([subscription({ id: 'sub-0', address: 'gone@coalition.example' })])
    mailer.before = ({ to }) => (to.startsWith('gone') ? new RetryLater('greylisted') : undefined)
    expect(await round()).toEqual({ sent: 1, waiting: 1, refused: 0 })
  })
  test('nobody can be reached: the round ends after three', async () => {
    temporary.store.putSubscriptions(Array.from({ length: 10 }, (_, at) => subscription({ id: `s${at}` })))
    let tried = 0
    mailer.before = () => {
      tried++
      return new RetryLater('down')
    }
    await round()
    expect(tried).toBe(3)
  })
})

test('no address and no text ever gets into the log', async () => {
  subscribe()
  confirmed(temporary.store, 'a')
  mailer.before = () => new RetryLater('down')
  await round()
  mailer.before = () => new Quarantine('never')
  await round()
  const lines = JSON.stringify(logger.lines)
  expect(logger.lines).toHaveLength(2)
  expect(lines).not.toMatch(/ana@|navod/)
})

test('the loop sends what becomes due and ends when told', async () => {
  clock = testClock('2026-07-11T05:00:00.000Z')
  const stop = new AbortController()
  subscribe()
  confirmed(temporary.store, 'a')
  const loop = deliverLetters({
    store: temporary.store,
    mailer,
    clock,
    logger,
    publicUrl: PUBLIC_URL,
    signal: stop.signal,
  })
  await clock.advance(60_000)
  // The letter of the day before is due as soon as anybody looks.
  expect(mailer.letters.map(({ messageId }) => messageId)).toEqual([
    '<opomena.sub-1.2026-07-10@opomena.example>',
  ])
  confirmed(temporary.store, 'b')
  await clock.advance(HOUR)
  expect(told()).toEqual([['a'], ['b']])
  stop.abort()
  await loop
})

test('the loop waits for a store that is locked, and ends at a fault that waiting does not mend', async () => {
  subscribe()
  confirmed(temporary.store, 'a')
  const faults = [Object.assign(new Error('database is locked'), { errcode: 5 })]
  const store: AlertStore = {
    ...temporary.store,
    claimed() {
      const fault = faults.shift()
      if (fault) throw fault
      return temporary.store.claimed()
    },
  }
  const { signal } = new AbortController()
  const loop = deliverLetters({ store, mailer, clock, logger, publicUrl: PUBLIC_URL, signal })
  const ended = expect(loop).rejects.toThrow('a bug')
  await clock.advance(0)
  expect(told()).toEqual([])
  await clock.advance(60_000)
  expect(told()).toEqual([['a']])
  faults.push(Object.assign(new Error('a bug'), { errcode: 1 }))
  await clock.advance(60_000)
  await ended
})
