/**
 * Generated articles flow through classify and index workers that are processes, over a real Kafka and a real
 * Elasticsearch, while workers are killed in mid-batch, frozen or asked to end, and the index is deleted and rebuilt.
 * After each fault the books must agree: nothing lost, nothing there twice, nobody told twice.
 * KILLS=200 npm run test:cluster -- test/pipeline-faults pulls more plugs.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../core/clock.ts'
import { CREW, Line, SESSION_MS } from './cluster/line.ts'
import { servers } from './cluster/servers.ts'
import { Chance } from './contract/index-corpus.ts'

const KILLS = Number(process.env['KILLS'] ?? 12)
const LONGEST_PAUSE_MS = 400
/** Past that it is said what was waited for. */
const ALL_MS = 600_000 + KILLS * 10_000
/** Service managers wait for half a minute. */
const DRAINED_MS = 25_000

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const chance = new Chance(seed)
const { lack, ...shared } = servers()

describe.skipIf(lack)(`workers at fault (seed ${String(seed)})`, () => {
  let line: Line

  beforeAll(async () => {
    await Line.open(shared, { allMs: ALL_MS, opened: one => (line = one) })
  }, ALL_MS)
  afterAll(() => line.close(), 60_000)

  test(
    `killed ${String(KILLS)} times in mid-batch`,
    async () => {
      const subscribed: string[] = []
      let inMidBatch = 0
      for (let round = 0; round < KILLS; round++) {
        const at = round < CREW.length ? round : chance.below(CREW.length)
        const victim = line.crew[at]!
        // One in four dies while it starts, the others at work.
        if (!chance.happens(0.25)) await line.for(`${victim.name} is at work`, victim.atWork)
        if (victim.name === 'alerts' && subscribed.length < 20)
          subscribed.push(await line.pipeline.subscribe())
        await line.feed(15)
        await systemClock.sleep(chance.below(LONGEST_PAUSE_MS))
        await line.replace(at)
        const left = (await line.pipeline.lags()).filter(({ group }) => group.startsWith(victim.name))
        if (left.some(({ records }) => records > 0)) inMidBatch++
      }
      await line.atWork()
      const books = await line.checkBooks()
      const letters = await line.checkLetters(subscribed)
      console.info(`after ${String(KILLS)} kills, ${String(inMidBatch)} in mid-batch:`, { ...books, letters })
      expect(inMidBatch).toBeGreaterThan(KILLS / 4)
      line.checkCrew()
    },
    ALL_MS,
  )

  test(
    'frozen in mid-batch past their sessions, they wake up and do no harm',
    async () => {
      await line.atWork()
      await line.feed(200)
      const frozen = [line.crew[0]!, line.crew[2]!]
      for (const worker of frozen) worker.signal('SIGSTOP')
      await systemClock.sleep(SESSION_MS)
      await line.settled()
      await line.feed(50)
      for (const worker of frozen) worker.signal('SIGCONT')
      await line.feed(50)
      await line.checkBooks()
      line.checkCrew()
    },
    ALL_MS,
  )

  test(
    'asked to end in mid-batch, one after the other, as for an upgrade: each ends well and in time',
    async () => {
      const upgraded = async (): Promise<void> => {
        for (const [at, worker] of [...line.crew].entries()) {
          worker.signal('SIGTERM')
          const end = await Promise.race([worker.ended, systemClock.sleep(DRAINED_MS)])
          expect([worker.name, end], worker.said()).toEqual([worker.name, 0])
          line.begin(at)
          await line.atWork()
        }
      }
      await line.feedDuring(upgraded())
      await line.checkBooks()
      line.checkCrew()
    },
    ALL_MS,
  )

  test(
    'the index is rebuilt while articles come in: the workers move over to the new one',
    async () => {
      const before = await line.pipeline.search.home.current()
      await line.does('rebuild', 'and in use')
      await line.feed(50)
      await line.settled()
      expect(await line.pipeline.search.home.current()).not.toBe(before)
      await line.checkBooks()
      line.checkCrew()
    },
    ALL_MS,
  )

  test(
    'the index is deleted while articles come in: index workers end and say why, a rebuild brings all of it back',
    async () => {
      const { search } = line.pipeline
      await line.feed(50)
      for (const index of await search.indicesInUse()) await search.ask('DELETE', index)
      const indexers = line.crew.filter(worker => worker.name === 'index')
      const ends = Promise.all(indexers.map(worker => worker.ended))
      const codes = await line.feedDuring(line.for('the index workers have ended', ends))
      expect(codes).toEqual([2, 2])
      for (const worker of indexers) expect(worker.said()).toMatch(/opomena rebuild/)
      await line.does('rebuild', 'and in use')
      for (const at of [2, 3]) line.begin(at)
      await line.atWork()
      await line.checkBooks()
    },
    ALL_MS,
  )
})
