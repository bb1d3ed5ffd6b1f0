/** Contract of the EventLog port (C01): what every adapter promises, whatever it is made of. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Quarantine } from '../../core/errors.ts'
import type {
  BatchHandler,
  DeadLetter,
  EventLog,
  LogRecord,
  LogSubscription,
  Outcome,
} from '../../core/ports.ts'
import type { Message } from '../../core/stage.ts'
import { MAX_RECORD_BYTES, articles, encode, findings, subscriptions } from '../../core/topics.ts'
import type { Topic } from '../../core/topics.ts'

/** Where adapters may differ, as data. */
export interface EventLogTraits {
  /** A message whose id the topic holds is not stored again; without it readers see the repeat. */
  readonly storesRepeats: boolean
  /** Records of one topic come in the order of publishing, also across keys. */
  readonly ordersAcrossKeys: boolean
  /** `expire` drops records itself; without it the broker does so in its own time, and `expire` answers 0. */
  readonly expiresAtOnce: boolean
  /** The same for records that a newer one of their key has overtaken, where only the latest is kept. */
  readonly compactsAtOnce: boolean
  /** Longest time in which a group takes up work: after subscribing, or after another worker left. Milliseconds. */
  readonly settlesInMs: number
}

/** One empty log; every `open` is another client of it, as another process would be. */
export interface EventLogPlace {
  open(): Promise<EventLog>
  destroy(): Promise<void>
}

export interface EventLogAdapter {
  readonly name: string
  readonly traits: EventLogTraits
  create(): Promise<EventLogPlace>
}

const topic = articles as Topic<unknown>
const otherTopic = findings as Topic<unknown>
const latestTopic = subscriptions as Topic<unknown>

/** A message that only this suite can read: the log must not look inside. */
function record(id: string, key = 'k', body: unknown = {}, of: Topic<unknown> = topic): Message {
  return { topic: of, key, id, json: JSON.stringify({ v: 1, body }) }
}

function many(count: number, keys = 1, prefix = 'r'): Message[] {
  return Array.from({ length: count }, (_, i) => record(`${prefix}${i}`, `key${i % keys}`, { i }))
}

const ids = (records: readonly { readonly id: string }[]): string[] => records.map(one => one.id)

export function eventLogContract(adapter: EventLogAdapter): void {
  const { traits } = adapter
  describe(`EventLog on ${adapter.name}`, () => {
    let place: EventLogPlace
    let log: EventLog
    const opened: EventLog[] = []

    beforeEach(async () => {
      place = await adapter.create()
      log = await open()
    })
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close()
      await place.destroy()
    })

    async function open(): Promise<EventLog> {
      const another = await place.open()
      opened.push(another)
      return another
    }

    async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
      // A machine that runs other tests as well has been seen to need twenty seconds.
      const end = Date.now() + traits.settlesInMs + 30_000
      while (!(await holds())) {
        if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    }

    /** Reads with a handler that answers `done`, or what `answer` says, and keeps what it was handed. */
    function read(
      from: EventLog,
      group: string,
      {
        of = topic,
        batchSize = 100,
        answer = () => 'done',
      }: { of?: Topic<unknown>; batchSize?: number; answer?: (one: LogRecord) => Outcome } = {},
    ): { readonly seen: LogRecord[]; readonly batches: number[]; readonly subscription: LogSubscription } {
      const seen: LogRecord[] = []
      const batches: number[] = []
      const subscription = from.subscribe({ topic: of, group, batchSize }, async records => {
        seen.push(...records)
        batches.push(records.length)
        return records.map(answer)
      })
      return { seen, batches, subscription }
    }

    /** Letters of different keys come in the order of publishing where the log keeps it. */
    const inOrder = (letters: readonly DeadLetter[]): readonly DeadLetter[] =>
      traits.ordersAcrossKeys
        ? letters
        : letters.toSorted((a, b) => a.record.id.localeCompare(b.record.id, 'en'))

    const readAll = async (group: string, from = log): Promise<void> =>
      until(`group ${group} has read everything`, async () => (await from.lag(topic, group)).records === 0)

    describe('publishing', () => {
      test('what was published is there for another client, also after the first one closed', async () => {
        await log.publish(many(3))
        await log.close()
        const { seen } = read(await open(), 'g')
        await until('three records came', () => seen.length === 3)
        expect(ids(seen)).toEqual(['r0', 'r1', 'r2'])
      })

      test('a record comes back as it was: key, id and every character of its JSON', async () => {
        const odd = 'line\u2028and\u2029paragraph, \u0000, "quoted" \\ back, ћирилица, č š ž đ ë, 👩🏽‍🚀, \uFEFF'
        await log.publish([record('članak\u2028.0', 'ključ\u2028ѓ', { odd })])
        const { seen } = read(log, 'g')
        await until('it came', () => seen.length === 1)
        expect(seen[0]).toMatchObject({ id: 'članak\u2028.0', key: 'ključ\u2028ѓ' })
        expect(JSON.parse(seen[0]!.json)).toEqual({ v: 1, body: { odd } })
        expect(Math.abs(Date.parse(seen[0]!.at) - Date.now())).toBeLessThan(60_000)
      })

      test('the largest record that is carried comes through, and many of them in one publish', async () => {
        const large = (id: string): Message => {
          const bare = Buffer.byteLength(record(id, 'k', '').json)
          return record(id, 'k', 'x'.repeat(MAX_RECORD_BYTES - bare))
        }
        const messages = Array.from({ length: 12 }, (_, i) => large(`big${i}`))
        expect(Buffer.byteLength(messages[0]!.json)).toBe(MAX_RECORD_BYTES)
        await log.publish(messages)
        const { seen } = read(log, 'g')
        await until('all came', () => seen.length === messages.length)
        expect(seen.map(one => one.json.length)).toEqual(messages.map(one => one.json.length))
        expect(ids(seen)).toEqual(ids(messages))
      })

      test('a message that is too large never reaches the log: it fails when it is made', () => {
        const huge = { ...subscription(), name: 'n', query: '', note: 'x'.repeat(MAX_RECORD_BYTES) }
        const roomy = {
          ...subscriptions,
          schema: { safeParse: (data: unknown) => ({ success: true, data }) },
        }
        expect(() => encode(roomy as unknown as typeof subscriptions, huge)).toThrow(Quarantine)
        expect(() => encode(roomy as unknown as typeof subscriptions, huge)).toThrow(
          /at most 1000000 are carried/,
        )
      })

      test('nothing is a legal publish', async () => {
        await log.publish([])
        expect(await log.lag(topic, 'g')).toEqual({ records: 0 })
      })

      test('publishing the same ids again is invisible to a reader that counts distinct ids', async () => {
        await log.publish(many(5))
        await Promise.all([log.publish(many(5)), (await open()).publish(many(6))])
        const { seen } = read(log, 'g')
        await until('all six came', () => new Set(ids(seen)).size === 6)
        await readAll('g')
        expect([...new Set(ids(seen))].sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5'])
        if (!traits.storesRepeats) expect(seen).toHaveLength(6)
      })

      test('the same id in two topics is two messages', async () => {
        await log.publish([record('same'), record('same', 'k', {}, otherTopic)])
        const here = read(log, 'g')
        const there = read(log, 'g', { of: otherTopic })
        await until('both came', () => here.seen.length === 1 && there.seen.length === 1)
      })
    })

    describe('reading', () => {
      test('a new group starts at the first record, each group for itself', async () => {
        await log.publish(many(10))
        const first = read(log, 'first')
        await until('the first group has read', () => first.seen.length === 10)
        await log.publish(many(5, 1, 'late'))
        const second = read(log, 'second')
        await until('both have everything', () => first.seen.length === 15 && second.seen.length === 15)
        expect(ids(second.seen)).toEqual(ids(first.seen))
      })

      test('a group goes on where it stopped', async () => {
        await log.publish(many(10))
        const before = read(log, 'g')
        await until('ten came', () => before.seen.length === 10)
        await before.subscription.stop()
        await log.publish(many(3, 1, 'late'))
        const after = read(await open(), 'g')
        await until('the late ones came', () => after.seen.length === 3)
        expect(ids(after.seen)).toEqual(['late0', 'late1', 'late2'])
      })

      test('records of one key come in the order of publishing, over many publishes and batches', async () => {
        const messages = many(300, 7)
        for (let i = 0; i < messages.length; i += 23) await log.publish(messages.slice(i, i + 23))
        const { seen, batches } = read(log, 'g', { batchSize: 32 })
        await until('all came', () => seen.length === 300)
        for (let key = 0; key < 7; key++) {
          const mine = (all: readonly { key: string; id: string }[]): string[] =>
            ids(all.filter(one => one.key === `key${key}`))
          expect(mine(seen)).toEqual(mine(messages))
        }
        if (traits.ordersAcrossKeys) expect(ids(seen)).toEqual(ids(messages))
        expect(Math.max(...batches)).toBeLessThanOrEqual(32)
      })

      test('while a batch is in hand nothing else is handed over, however much is published', async () => {
        let inHand = 0
        let most = 0
        let done = 0
        const handler: BatchHandler = async records => {
          most = Math.max(most, (inHand += records.length))
          await new Promise(resolve => setTimeout(resolve, 5))
          inHand -= records.length
          done += records.length
          return records.map(() => 'done')
        }
        log.subscribe({ topic, group: 'g', batchSize: 10 }, handler)
        for (let i = 0; i < 10; i++) await log.publish(many(20, 4, `p${i}.`))
        await until('all are done', () => done === 200)
        expect(most).toBeLessThanOrEqual(10)
      })

      test('what is published while a group waits comes soon', async () => {
        const { seen } = read(log, 'g')
        const publisher = await open()
        await publisher.publish([record('warm')])
        await until('the group reads', () => seen.length === 1)
        await new Promise(resolve => setTimeout(resolve, 300))
        const begin = Date.now()
        await publisher.publish([record('now')])
        await until('it came', () => seen.length === 2)
        expect(Date.now() - begin).toBeLessThan(traits.settlesInMs + 1_500)
      })

      test('lag says how many records a group has yet to read, and since when the oldest waits', async () => {
        expect(await log.lag(topic, 'g')).toEqual({ records: 0 })
        const begin = Date.now()
        await log.publish(many(4))
        const lag = await log.lag(topic, 'g')
        expect(lag.records).toBe(4)
        expect(Date.parse(lag.oldestAt!)).toBeGreaterThanOrEqual(begin - 5)
        read(log, 'g')
        await readAll('g')
        expect(await log.lag(topic, 'g')).toEqual({ records: 0 })
        expect((await log.lag(topic, 'another')).records).toBe(4)
      })
    })

    describe('outcomes', () => {
      test('a record to be retried is handed over again, and nothing of its key is done before it', async () => {
        await log.publish(many(20, 2))
        let refusals = 3
        const doneInOrder: string[] = []
        log.subscribe({ topic, group: 'g', batchSize: 10 }, async records => {
          const blocked = new Set<string>()
          return records.map(one => {
            if (one.id === 'r6' && refusals > 0) {
              refusals--
              blocked.add(one.key)
              return 'retry'
            }
            if (!blocked.has(one.key) && !doneInOrder.includes(one.id)) doneInOrder.push(one.id)
            return 'done'
          })
        })
        await until('all are done', () => doneInOrder.length === 20)
        await readAll('g')
        expect(refusals).toBe(0)
        const even = doneInOrder.filter(id => Number(id.slice(1)) % 2 === 0)
        expect(even).toEqual(Array.from({ length: 10 }, (_, i) => `r${i * 2}`))
      })

      test('a group never gets past an unfinished record: whoever reads next begins with it at the latest', async () => {
        await log.publish(many(30))
        const stuck = read(log, 'g', { batchSize: 10, answer: one => (one.id === 'r14' ? 'retry' : 'done') })
        await until('it was retried', () => stuck.seen.filter(one => one.id === 'r14').length > 1)
        await stuck.subscription.stop()
        const next = read(await open(), 'g')
        await until('the rest came', () => ids(next.seen).includes('r29'))
        expect(ids(next.seen)).toContain('r14')
        expect(ids(next.seen)).not.toContain('r9')
        expect(ids(next.seen).indexOf('r14')).toBeLessThan(ids(next.seen).indexOf('r15'))
      })

      test('a handler that throws ends the subscription, and the records stay', async () => {
        await log.publish(many(5))
        const broken = log.subscribe({ topic, group: 'g' }, () => Promise.reject(new Error('a bug')))
        await expect(broken.done).rejects.toThrow('a bug')
        const next = read(log, 'g')
        await until('all came', () => next.seen.length === 5)
      })

      test('a handler that forgets a record ends the subscription', async () => {
        await log.publish(many(5))
        const broken = log.subscribe({ topic, group: 'g' }, async () => ['done'])
        await expect(broken.done).rejects.toThrow(
          /expected an outcome for each of 5 records, the handler gave 1/,
        )
        expect((await log.lag(topic, 'g')).records).toBe(5)
      })

      test('stopped in mid-batch, the batch is finished, committed and not handed over again', async () => {
        await log.publish(many(10))
        let letGo = (): void => undefined
        const held = new Promise<void>(resolve => (letGo = resolve))
        let handed = false
        let aborted = false
        const subscription = log.subscribe(
          { topic, group: 'g', batchSize: 4 },
          async (records, { signal }) => {
            signal.addEventListener('abort', () => (aborted = true))
            handed = true
            await held
            return records.map(() => 'done')
          },
        )
        await until('a batch is in hand', () => handed)
        const stopped = subscription.stop()
        letGo()
        await stopped
        await subscription.done
        const next = read(await open(), 'g')
        await until('the rest came', () => ids(next.seen).includes('r9'))
        expect(aborted).toBe(true)
        expect(ids(next.seen)).toEqual(['r4', 'r5', 'r6', 'r7', 'r8', 'r9'])
      })

      test('stopped in mid-batch, what the handler leaves open is handed over again', async () => {
        await log.publish(many(10))
        let handed = false
        const subscription = log.subscribe({ topic, group: 'g' }, async (records, { signal }) => {
          handed = true
          if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))
          return records.map((_, i) => (i < 3 ? 'done' : 'retry'))
        })
        await until('a batch is in hand', () => handed)
        await subscription.stop()
        const next = read(await open(), 'g')
        await until('the rest came', () => ids(next.seen).includes('r9'))
        expect(ids(next.seen)[0]).toBe('r3')
      })

      test('closing the log stops its groups after the batch in hand', async () => {
        await log.publish(many(10))
        const { seen, subscription } = read(log, 'g', { batchSize: 5 })
        await until('some came', () => seen.length > 0)
        await log.close()
        await subscription.done
        const next = read(await open(), 'g')
        await until('the group has read everything', () => new Set(ids([...seen, ...next.seen])).size === 10)
        expect([...ids(seen), ...ids(next.seen)]).toEqual(Array.from({ length: 10 }, (_, i) => `r${i}`))
      })

      test('a second worker of a group waits, and takes over when the first one leaves', async () => {
        const first = read(log, 'g')
        await log.publish(many(10))
        await until('the first reads', () => first.seen.length === 10)
        const second = read(await open(), 'g')
        await log.publish(many(10, 1, 'more'))
        await until('they came', () => first.seen.length + second.seen.length === 20)
        await first.subscription.stop()
        await log.publish(many(5, 1, 'last'))
        await until('the second reads', () => second.seen.some(one => one.id === 'last4'))
        const all = ids([...first.seen, ...second.seen])
        expect(new Set(all).size).toBe(25)
      })
    })

    describe('dead letters', () => {
      const poison =
        (bad: readonly string[]) =>
        (one: LogRecord): Outcome =>
          bad.includes(one.id) ? { dead: `cannot read ${one.id}`, tries: 3 } : 'done'

      test('a dead record is set aside with its reason, tries and copy, and the others go on', async () => {
        await log.publish(many(6, 2))
        read(log, 'g', { answer: poison(['r1', 'r4']) })
        await readAll('g')
        const letters = inOrder(await log.dead.list('g'))
        expect(
          letters.map(({ group, topic: of, reason, tries, record: { id, key } }) => ({
            group,
            of,
            reason,
            tries,
            id,
            key,
          })),
        ).toEqual([
          { group: 'g', of: 'articles', reason: 'cannot read r1', tries: 3, id: 'r1', key: 'key1' },
          { group: 'g', of: 'articles', reason: 'cannot read r4', tries: 3, id: 'r4', key: 'key0' },
        ])
        expect(JSON.parse(letters[1]!.record.json)).toEqual({ v: 1, body: { i: 4 } })
        expect(await log.dead.list('another')).toEqual([])
        expect(await log.dead.list()).toHaveLength(2)
      })

      test('redriven letters go to their group alone, once, and are no longer listed', async () => {
        await log.publish(many(6))
        const bad = ['r1', 'r4']
        const mine = read(log, 'g', { answer: one => poison(bad)(one) })
        const others = read(log, 'h')
        await readAll('g')
        await readAll('h')
        bad.length = 0
        expect(await log.dead.redrive('h')).toBe(0)
        const client = await open()
        expect(await client.dead.redrive('g')).toBe(2)
        expect(await client.dead.redrive('g')).toBe(0)
        await until('they came again', () => mine.seen.length === 8)
        await readAll('g')
        expect(ids(mine.seen.slice(6)).sort()).toEqual(['r1', 'r4'])
        expect(await log.dead.list()).toEqual([])
        expect(others.seen).toHaveLength(6)
      })

      test('redriven while nobody reads, they wait for their group and count as lag', async () => {
        await log.publish(many(3))
        const { subscription } = read(log, 'g', { answer: poison(['r0', 'r1', 'r2']) })
        await readAll('g')
        await subscription.stop()
        const [first] = await log.dead.list('g')
        expect(await log.dead.redrive('g', [first!.id, first!.id, 'no such letter'])).toBe(1)
        expect((await log.lag(topic, 'g')).records).toBe(1)
        expect(await log.dead.list('g')).toHaveLength(2)
        const next = read(await open(), 'g')
        await until('it came', () => next.seen.length === 1)
        expect(ids(next.seen)).toEqual(['r0'])
      })

      test('a redriven letter that fails again is one letter, with the new reason', async () => {
        await log.publish(many(2))
        let reason = 'first'
        read(log, 'g', { answer: one => (one.id === 'r0' ? { dead: reason, tries: 1 } : 'done') })
        await readAll('g')
        reason = 'second'
        await log.dead.redrive('g')
        await until('it is back', async () => (await log.dead.list('g'))[0]?.reason === 'second')
        expect(await log.dead.list('g')).toHaveLength(1)
      })

      test('a letter that is redriven and answered with retry stays with the group', async () => {
        await log.publish(many(2))
        let answer: Outcome = { dead: 'no', tries: 1 }
        let calls = 0
        read(log, 'g', { answer: one => (one.id === 'r0' ? (calls++, answer) : 'done') })
        await readAll('g')
        answer = 'retry'
        await log.dead.redrive('g')
        await until('it was tried twice', () => calls >= 3)
        answer = 'done'
        await readAll('g')
        expect(await log.dead.list()).toEqual([])
      })

      test('dropped letters are gone; dropping twice changes nothing', async () => {
        await log.publish(many(3))
        read(log, 'g', { answer: poison(['r0', 'r2']) })
        await readAll('g')
        const [first, second] = await log.dead.list('g')
        expect(await log.dead.drop('h', [first!.id])).toBe(0)
        expect(await log.dead.drop('g', [first!.id])).toBe(1)
        expect(await log.dead.drop('g', [first!.id])).toBe(0)
        expect(ids((await log.dead.list('g')).map(letter => letter.record))).toEqual([second!.record.id])
      })
    })

    describe('keeping', () => {
      const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000)
      const dropped = (count: number): number => (traits.expiresAtOnce ? count : 0)

      test('records past their time go, younger ones and topics kept for ever stay', async () => {
        await log.publish([...many(1_200, 5), record('f', 'k', {}, otherTopic)])
        read(log, 'g')
        await readAll('g')
        expect(await log.expire(inDays(89))).toBe(0)
        expect(await log.expire(inDays(91))).toBe(dropped(1_200))
        expect((await log.lag(topic, 'new')).records).toBe(1_200 - dropped(1_200))
        expect((await log.lag(otherTopic, 'new')).records).toBe(1)
      })

      test('what a known group has yet to read stays, whatever its age', async () => {
        await log.publish(many(10))
        const slow = read(log, 'slow', { batchSize: 3, answer: one => (one.id === 'r6' ? 'retry' : 'done') })
        read(log, 'fast')
        await readAll('fast')
        await until('the slow one is stuck', async () => (await log.lag(topic, 'slow')).records === 4)
        expect(await log.expire(inDays(400))).toBe(dropped(6))
        await slow.subscription.stop()
        const next = read(log, 'slow')
        await until('the rest came', () => ids(next.seen).includes('r9'))
        expect(ids(next.seen)).toEqual(['r6', 'r7', 'r8', 'r9'])
      })

      test('a group that was forgotten keeps nothing from going, and is new when it comes back', async () => {
        await log.publish(many(10))
        const old = read(log, 'old', {
          answer: one => (one.id === 'r2' ? { dead: 'no', tries: 1 } : 'retry'),
        })
        await until('it is stuck', () => old.seen.length > 10)
        let letGo = (): void => undefined
        const gone = new Promise<void>(resolve => (letGo = resolve))
        let handed = false
        log.subscribe({ topic: otherTopic, group: 'busy' }, async records => {
          handed = true
          await gone
          return records.map(() => 'done')
        })
        await log.publish([record('f', 'k', {}, otherTopic)])
        await until('the busy one has its batch', () => handed)
        expect([...(await log.groups())].sort()).toEqual(['busy', 'old'])
        await expect(log.forget('busy')).rejects.toThrow(/stop its worker/)
        letGo()
        await old.subscription.stop()
        await log.forget('old')
        await log.forget('old')
        await log.forget('never heard of')
        expect(await log.groups()).toEqual(['busy'])
        expect(await log.dead.list('old')).toEqual([])
        expect((await log.lag(topic, 'old')).records).toBe(10)
        expect(await log.expire(inDays(91))).toBe(dropped(10))
        await log.publish(many(3, 1, 'late'))
        const back = read(log, 'old')
        await until('it reads again', () => ids(back.seen).includes('late2'))
        expect(ids(back.seen)).toHaveLength(13 - dropped(10))
      })

      test('of a topic that keeps the latest, each key keeps its last record', async () => {
        const messages = ['a1', 'b1', 'a2', 'c1', 'a3', 'b2'].map(id => record(id, id[0], {}, latestTopic))
        await log.publish(messages)
        const { seen } = read(log, 'g', { of: latestTopic })
        await until('all came', () => seen.length === 6)
        await until('the group is done', async () => (await log.lag(latestTopic, 'g')).records === 0)
        const overtaken = traits.compactsAtOnce ? 3 : 0
        expect(await log.expire(new Date())).toBe(overtaken)
        const fresh = read(log, 'fresh', { of: latestTopic })
        await until('the last of each came', () => fresh.seen.length >= 6 - overtaken)
        const last = new Map(fresh.seen.map(one => [one.key, one.id]))
        expect(Object.fromEntries(last)).toEqual({ a: 'a3', b: 'b2', c: 'c1' })
      })

      test('a dead letter outlives the record it was', async () => {
        await log.publish(many(2))
        let bad = true
        const { seen } = read(log, 'g', {
          answer: one => (bad && one.id === 'r0' ? { dead: 'no', tries: 1 } : 'done'),
        })
        await readAll('g')
        await log.expire(inDays(91))
        bad = false
        expect(await log.dead.redrive('g')).toBe(1)
        await until('it came again', () => seen.length === 3)
        expect(seen[2]).toMatchObject({ id: 'r0', key: 'key0' })
      })
    })

    describe('erasing', () => {
      const mine = (id: string, of = topic): Message => record(id, 'mine', { words: id }, of)
      const others = (id: string, of = topic): Message => record(id, 'others', {}, of)

      test('what a key said is gone for who comes later; other keys and topics stay, in order', async () => {
        const messages = [others('o0'), mine('m0'), others('o1'), mine('m1'), mine('m2'), others('o2')]
        await log.publish([...messages, mine('f0', otherTopic)])
        expect(await log.erase(topic, ['mine', 'never heard of'])).toBe(3)
        expect(await log.erase(topic, ['mine'])).toBe(0)
        const here = read(await open(), 'g')
        const there = read(log, 'g', { of: otherTopic })
        await readAll('g')
        await until('the other topic came', () => there.seen.length === 1)
        expect(ids(here.seen)).toEqual(['o0', 'o1', 'o2'])
      })

      test('nothing of the key is taken any more: neither the same message nor a new one', async () => {
        await log.publish([mine('m0'), others('o0')])
        await log.erase(topic, ['mine'])
        await (await open()).publish([mine('m0'), mine('m1'), others('o0'), others('o1')])
        const { seen } = read(log, 'g')
        await until('the others came', () => ids(seen).includes('o1'))
        await readAll('g')
        expect([...new Set(ids(seen))]).toEqual(['o0', 'o1'])
      })

      test('a group in the middle goes on behind what was erased, and its lag counts what is left', async () => {
        await log.publish([others('o0'), mine('m0'), mine('m1'), others('o1'), mine('m2')])
        const before = read(log, 'g', {
          batchSize: 2,
          answer: one => (one.id === 'm1' ? 'retry' : 'done'),
        })
        await until('it is stuck', () => ids(before.seen).filter(id => id === 'm1').length > 1)
        await log.erase(topic, ['mine'])
        await readAll('g')
        if (traits.ordersAcrossKeys) expect(ids(before.seen).at(-1)).toBe('o1')
        expect(ids(before.seen)).toContain('o1')
        expect(ids(before.seen)).not.toContain('m2')
        expect((await log.lag(topic, 'new')).records).toBe(2)
      })

      test('dead letters of the key go too, of every group, waiting for their group or not', async () => {
        await log.publish([mine('m0'), mine('m1'), others('o0')])
        const dead = (): Outcome => ({ dead: 'no', tries: 1 })
        for (const group of ['g', 'h']) {
          const { subscription } = read(log, group, { answer: dead })
          await readAll(group)
          await subscription.stop()
        }
        await log.dead.redrive('h')
        expect(await log.erase(topic, ['mine'])).toBe(6)
        expect((await log.dead.list()).map(letter => letter.record.id)).toEqual(['o0'])
        expect((await log.lag(topic, 'h')).records).toBe(1)
      })

      test('a record that was in hand meanwhile is not set aside', async () => {
        await log.publish([mine('m0'), others('o0')])
        let letGo = (): void => undefined
        const held = new Promise<void>(resolve => (letGo = resolve))
        let handed = false
        log.subscribe({ topic, group: 'g' }, async records => {
          handed = true
          await held
          return records.map(() => ({ dead: 'cannot read it', tries: 3 }))
        })
        await until('it is in hand', () => handed)
        await (await open()).erase(topic, ['mine'])
        letGo()
        await until('the other was set aside', async () => (await log.dead.list()).length > 0)
        expect((await log.dead.list()).map(letter => letter.record.id)).toEqual(['o0'])
      })
    })
  })
}

function subscription() {
  return {
    v: 1 as const,
    id: 's',
    owner: 'o',
    name: 'n',
    query: '',
    channel: 'atom' as const,
    cadence: 'daily' as const,
    at: '07:30',
    timeZone: 'Europe/Sarajevo',
    threshold: 'alert' as const,
    minSeverity: 1,
    language: 'en' as const,
    excerpt: 'none' as const,
    tokenHash: '',
    status: 'active' as const,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
  }
}
