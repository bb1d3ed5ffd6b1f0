/** Of all workers of a cluster one holds the seat: who comes second is told who sits there, and follows when it is gone. */
import { AssignerProtocol, Kafka, logLevel } from 'kafkajs'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import { takeSeat } from '../../stream/kafka-seat.ts'
import type { Sitter } from '../../stream/kafka-seat.ts'
import type { Seat } from '../../stream/kafka-sitting.ts'
import { startKafka } from '../cluster/kafka-server.ts'
import { freePort, stop } from '../cluster/server.ts'
import { ownName, servers } from '../cluster/servers.ts'

const { broker, lack } = servers()
const SESSION_MS = 1_500
/** Where a broker starts meanwhile: that takes the processor from everybody. */
const LONGER_SESSION_MS = 3_000
const HOLDER = join(import.meta.dirname, '..', 'fixtures', 'workers', 'seat-holder.ts')

const prefix = `${ownName('seat')}.`
const open: Seat[] = []
const children: ChildProcess[] = []

function kafka(of = broker): Kafka {
  return new Kafka({ brokers: [of], clientId: 'web@there', logLevel: logLevel.NOTHING })
}

async function take(
  name: string,
  { at = broker, ...more }: { at?: string; standby?: boolean; signal?: AbortSignal; sessionMs?: number } = {},
): Promise<Seat | Sitter | undefined> {
  const found = await takeSeat({
    kafka: kafka(at), protocol: AssignerProtocol, name, prefix, replicas: 1, clock: systemClock, logger: silentLogger,
    sessionMs: SESSION_MS, signal: new AbortController().signal, ...more,
  }) // prettier-ignore
  if (found && 'release' in found) open.push(found)
  return found
}

const isSeat = (found: Seat | Sitter | undefined): boolean => found !== undefined && 'release' in found

/** Resolves when the one who held it has found its way back: a broker that starts remembers members, for a session. */
async function sitsAgain(name: string, at: string, held: Seat): Promise<void> {
  const admin = kafka(at).admin()
  await admin.connect()
  for (let since = performance.now(); performance.now() - since < LONGER_SESSION_MS * 2;) {
    await systemClock.sleep(200)
    const { groups } = await admin.describeGroups([`${prefix}seat-${name}`])
    if (groups[0]?.members.length !== 1) since = performance.now()
    expect(held.lost.aborted, `${name} is lost`).toBe(false)
  }
  await admin.disconnect()
}

/** A process that takes the seat; resolves when it sits. */
async function holder(name: string): Promise<ChildProcess> {
  const child = fork(HOLDER, [broker, prefix, name, String(SESSION_MS)])
  children.push(child)
  await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', code => reject(new Error(`ended with ${String(code)}`)))
  })
  return child
}

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
  }
  await Promise.all(open.splice(0).map(seat => seat.release()))
})

afterAll(async () => {
  if (lack) return
  const admin = kafka().admin()
  await admin.connect()
  await admin.deleteTopics({ topics: [`${prefix}seats`] })
  await admin.disconnect()
})

describe.skipIf(lack)('a seat', () => {
  test('is held by one, and the second is told who sits there', async () => {
    expect(isSeat(await take('web'))).toBe(true)
    expect(await take('web')).toEqual({ name: 'web@there', host: '127.0.0.1' })
    expect(open[0]!.lost.aborted).toBe(false)
  })

  test('is free again when it was given back', async () => {
    const first = (await take('alerts')) as Seat
    await first.release()
    open.length = 0
    expect(isSeat(await take('alerts'))).toBe(true)
  })

  test('of another name is another seat', async () => {
    expect(isSeat(await take('ingest'))).toBe(true)
    expect(isSeat(await take('web'))).toBe(true)
  })

  test('is taken over from one that was killed', async () => {
    const child = await holder('killed')
    child.kill('SIGKILL')
    const began = performance.now()
    expect(isSeat(await take('killed'))).toBe(true)
    expect(performance.now() - began).toBeLessThan(SESSION_MS * 2 + 1_000)
  })

  test('is lost to one that froze and wakes, and stays with who took its place', async () => {
    const child = await holder('frozen')
    child.kill('SIGSTOP')
    const next = (await take('frozen', { standby: true })) as Seat
    expect(isSeat(next)).toBe(true)
    const said = new Promise(resolve => child.once('message', resolve))
    child.kill('SIGCONT')
    expect(await said).toBe('lost')
    expect(next.lost.aborted).toBe(false)
  })

  test('goes to exactly one of five that come at the same moment', async () => {
    const found = await Promise.all(Array.from({ length: 5 }, () => take('crowd')))
    await systemClock.sleep(SESSION_MS)
    expect(open.filter(seat => !seat.lost.aborted)).toHaveLength(1)
    expect(found.filter(isSeat).length).toBeGreaterThanOrEqual(1)
  })

  test('outlives a broker that goes away and comes back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opomena-seat-'))
    const port = await freePort()
    try {
      await startKafka(folder, port)
      const at = `127.0.0.1:${String(port)}`
      const more = { at, sessionMs: LONGER_SESSION_MS }
      const names = Array.from({ length: 6 }, (_, i) => `outage-${String(i)}`)
      const seats = (await Promise.all(names.map(name => take(name, more)))) as Seat[]
      await stop(folder)
      await systemClock.sleep(LONGER_SESSION_MS * 2)
      expect(seats.map(seat => seat.isSafe())).toEqual(names.map(() => false))
      await startKafka(folder, port)
      await Promise.all(names.map((name, i) => sitsAgain(name, at, seats[i]!)))
      expect(await take(names[0]!, more)).toEqual({ name: 'web@there', host: '127.0.0.1' })
      expect(seats.map(seat => seat.lost.aborted)).toEqual(names.map(() => false))
      await Promise.all(seats.map(seat => seat.release()))
      open.length = 0
    } finally {
      await stop(folder)
      rmSync(folder, { recursive: true, force: true })
    }
  }, 300_000)

  test('is waited for by a standby, until somebody ends the waiting', async () => {
    await take('waited')
    const stop = new AbortController()
    const waiting = take('waited', { standby: true, signal: stop.signal })
    await systemClock.sleep(SESSION_MS * 2.5)
    stop.abort()
    expect(await waiting).toBeUndefined()
  })
})
