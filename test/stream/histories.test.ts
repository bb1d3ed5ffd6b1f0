/**
 * Random histories of publishing, answering, stopping, redriving, dropping and expiring against the SQLite log, beside
 * a model that is a list: no record is lost, none is passed unfinished, each key stays in order.
 */
import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import type { EventLog, Outcome } from '../../core/ports.ts'
import { decisions } from '../../core/topics.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { testClock } from '../fakes.ts'

type Answer = 'done' | 'retry' | 'dead'

type Step =
  | { readonly do: 'publish'; readonly count: number; readonly repeat: number }
  | { readonly do: 'read'; readonly batchSize: number; readonly answers: readonly Answer[] }
  | { readonly do: 'redrive' | 'drop' | 'reopen' | 'expire' }

const step = fc.oneof<fc.Arbitrary<Step>[]>(
  fc.record({ do: fc.constant('publish' as const), count: fc.nat(12), repeat: fc.nat(3) }),
  fc.record({
    do: fc.constant('read' as const),
    batchSize: fc.integer({ min: 1, max: 7 }),
    answers: fc.array(fc.constantFrom<Answer[]>('done', 'done', 'done', 'retry', 'dead'), {
      minLength: 1,
      maxLength: 20,
    }),
  }),
  fc.record({
    do: fc.constantFrom('redrive' as const, 'drop' as const, 'reopen' as const, 'expire' as const),
  }),
)

const KEYS = 3
const group = 'g'
const topic = decisions
const fate = (answer: Answer): Outcome => (answer === 'dead' ? { dead: 'no', tries: 1 } : answer)

/** What should be in the log: every id once, and where it stands for the group. */
type Standing = 'open' | 'done' | 'dead' | 'redriven' | 'dropped'

class World {
  readonly model = new Map<string, Standing>()
  readonly doneInOrder: string[] = []
  log: EventLog
  private readonly path: string

  constructor(path: string) {
    this.path = path
    this.log = this.open()
  }

  private open(): EventLog {
    return sqliteLog({ path: this.path, clock: testClock(undefined, { hurry: true }), logger: silentLogger })
  }

  async run(one: Step): Promise<void> {
    if (one.do === 'publish') await this.publish(one.count, one.repeat)
    if (one.do === 'read') await this.read(one.batchSize, one.answers)
    if (one.do === 'redrive') expect(await this.log.dead.redrive(group)).toBe(this.move('dead', 'redriven'))
    if (one.do === 'drop') {
      const letters = await this.log.dead.list(group)
      expect(
        await this.log.dead.drop(
          group,
          letters.map(letter => letter.id),
        ),
      ).toBe(this.move('dead', 'dropped'))
    }
    if (one.do === 'reopen') {
      await this.log.close()
      this.log = this.open()
    }
    if (one.do === 'expire') expect(await this.log.expire(new Date('2100-01-01'))).toBe(0)
    await this.compare()
  }

  private async publish(count: number, repeat: number): Promise<void> {
    const first = Math.max(0, this.model.size - repeat)
    const messages = Array.from({ length: count }, (_, n) => first + n).map(i => ({
      topic,
      key: `key${i % KEYS}`,
      id: `r${i}`,
      json: '{}',
    }))
    await this.log.publish(messages)
    for (const { id } of messages) if (!this.model.has(id)) this.model.set(id, 'open')
  }

  /** Reads until the answers are used up or there is nothing left, then stops. */
  private async read(batchSize: number, answers: readonly Answer[]): Promise<void> {
    const left = [...answers]
    let stop = (): void => undefined
    const enough = new Promise<void>(resolve => (stop = resolve))
    const subscription = this.log.subscribe({ topic, group, batchSize }, async records => {
      // Redriven letters come before what was not read yet, each in order of publishing.
      const waiting = this.standing('redriven')
      const expected = (waiting.length > 0 ? waiting : this.standing('open')).slice(0, records.length)
      expect(records.map(record => record.id)).toEqual(expected)
      const given = records.map(() => left.shift() ?? 'retry')
      const until = given.includes('retry') ? given.indexOf('retry') : given.length
      for (const [i, { id }] of records.slice(0, until).entries()) this.settle(id, given[i]!)
      if (left.length === 0 || this.unread() === 0) stop()
      return given.map(fate)
    })
    if (this.unread() === 0) stop()
    const late = new AbortController()
    const inVain = systemClock.sleep(5_000, late.signal).then(() => 'in vain')
    expect(await Promise.race([enough, subscription.done, inVain])).toBeUndefined()
    late.abort()
    await subscription.stop()
    await subscription.done
  }

  private settle(id: string, answer: Answer): void {
    this.model.set(id, answer === 'dead' ? 'dead' : 'done')
    if (answer === 'done') this.doneInOrder.push(id)
  }

  private move(from: Standing, to: Standing): number {
    const ids = this.standing(from)
    for (const id of ids) this.model.set(id, to)
    return ids.length
  }

  private standing(which: Standing): string[] {
    return [...this.model].filter(([, standing]) => standing === which).map(([id]) => id)
  }

  private unread(): number {
    return this.standing('open').length + this.standing('redriven').length
  }

  private async compare(): Promise<void> {
    expect((await this.log.lag(topic, group)).records).toBe(this.unread())
    const letters = await this.log.dead.list(group)
    expect(letters.map(letter => letter.record.id).sort()).toEqual(this.standing('dead').sort())
    expect((await this.log.lag(topic, 'nobody')).records).toBe(this.model.size)
  }

  /** In the end everything can be brought to its end, and nothing was done twice. */
  async finish(): Promise<void> {
    await this.run({ do: 'redrive' })
    await this.run({
      do: 'read',
      batchSize: 5,
      answers: Array.from({ length: this.unread() }, () => 'done' as const),
    })
    expect(this.unread()).toBe(0)
    const dropped = this.standing('dropped').length
    expect(new Set(this.doneInOrder).size).toBe(this.doneInOrder.length)
    expect(this.doneInOrder.length).toBe(this.model.size - dropped)
    await this.log.close()
  }
}

test('random histories end as the model does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async steps => {
      const folder = await mkdtemp(join(tmpdir(), 'opomena-history-'))
      const world = new World(join(folder, 'log.db'))
      try {
        for (const one of steps) await world.run(one)
        await world.finish()
      } finally {
        await world.log.close()
        await rm(folder, { recursive: true, force: true })
      }
    }),
    { numRuns: 60, interruptAfterTimeLimit: 50_000, markInterruptAsFailure: true },
  )
}, 60_000)
