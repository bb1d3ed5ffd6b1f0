import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { hostMemory } from '../../ingest/host-memory.ts'
import type { HostMemory } from '../../ingest/host-memory.ts'
import { politeness } from '../../ingest/politeness.ts'
import type { Politeness } from '../../ingest/politeness.ts'
import { testClock } from '../fakes.ts'
import type { TestClock } from '../fakes.ts'

const SECOND = 1_000
const open: HostMemory[] = []
afterEach(() => open.splice(0).forEach(memory => memory.close()))

interface Start {
  readonly who: string
  /** Milliseconds after the beginning of the test. */
  readonly at: number
}

function given({ gapMs = 5 * SECOND, path = ':memory:', clock = testClock() } = {}) {
  const memory = hostMemory(path)
  open.push(memory)
  const polite = politeness({ clock, memory, gapMs })
  const began = clock.now().getTime()
  const starts: Start[] = []
  const ask = (
    host: string,
    more: { lane?: string; who?: string; gap?: number; takesMs?: number; signal?: AbortSignal } = {},
  ): Promise<void> => {
    const { lane = 'glas', who, gap = 0, takesMs = 0, signal = new AbortController().signal } = more
    return polite.take(host, { lane, gapMs: gap, signal }, async () => {
      starts.push({ who: who ?? lane, at: clock.now().getTime() - began })
      await clock.sleep(takesMs)
    })
  }
  return { polite, clock, starts, ask, memory }
}

/** Lets time pass until all are answered. */
async function pass(clock: TestClock, asked: readonly Promise<unknown>[], seconds = 100): Promise<void> {
  const all = Promise.allSettled(asked)
  await clock.advance(seconds * SECOND)
  await all
}

test('five seconds lie between the starts of two requests to one host, and other hosts do not wait', async () => {
  const { ask, clock, starts } = given()
  await pass(clock, [
    ask('glas.example', { who: 'a1' }),
    ask('glas.example', { who: 'a2' }),
    ask('glas.example', { who: 'a3' }),
    ask('drugi.example', { who: 'b1' }),
  ])
  expect(starts).toEqual([
    { who: 'a1', at: 0 },
    { who: 'b1', at: 0 },
    { who: 'a2', at: 5_000 },
    { who: 'a3', at: 10_000 },
  ])
})

test('a host has one request at a time, however long it takes', async () => {
  const { ask, clock, starts } = given()
  await pass(clock, [
    ask('glas.example', { who: 'slow', takesMs: 20_000 }),
    ask('glas.example', { who: 'next' }),
  ])
  expect(starts).toEqual([
    { who: 'slow', at: 0 },
    { who: 'next', at: 20_000 },
  ])
})

test('a request that fails frees the host', async () => {
  const { polite, ask, clock, starts } = given()
  const failing = polite.take(
    'glas.example',
    { lane: 'x', signal: new AbortController().signal },
    async () => {
      throw new Error('connection reset')
    },
  )
  await pass(clock, [failing, ask('glas.example', { who: 'next' })])
  await expect(failing).rejects.toThrow('connection reset')
  expect(starts).toEqual([{ who: 'next', at: 5_000 }])
})

test('sources on one host take turns, so that many pages of one do not keep out the other', async () => {
  const { ask, clock, starts } = given()
  const pages = Array.from({ length: 5 }, () => ask('blog.example', { lane: 'many' }))
  await pass(clock, [...pages, ask('blog.example', { lane: 'few' }), ask('blog.example', { lane: 'other' })])
  expect(starts.map(({ who }) => who)).toEqual(['many', 'few', 'other', 'many', 'many', 'many', 'many'])
})

test('500 sources on one host come in the order in which they asked', async () => {
  const { ask, clock, starts } = given()
  const names = Array.from({ length: 500 }, (_, n) => `s${n}`)
  await pass(
    clock,
    names.map(lane => ask('blog.example', { lane })),
    500 * 5,
  )
  expect(starts.map(({ who }) => who)).toEqual(names)
  expect(starts.map(({ at }) => at)).toEqual(names.map((_, n) => n * 5_000))
})

test('a longer gap that robots.txt asks for is kept, a shorter one is not', async () => {
  const { ask, clock, starts } = given()
  await pass(clock, [
    ask('glas.example', { gap: 1_000 }),
    ask('glas.example', { gap: 1_000 }),
    ask('glas.example', { gap: 20_000 }),
  ])
  expect(starts.map(({ at }) => at)).toEqual([0, 5_000, 25_000])
})

test('a host that asked us to wait is not asked before', async () => {
  const { polite, ask, clock, starts } = given()
  expect(polite.hold('glas.example', 30_000)).toBe(30_000)
  await pass(clock, [ask('glas.example'), ask('drugi.example', { lane: 'b' })])
  expect(starts).toEqual([
    { who: 'b', at: 0 },
    { who: 'glas', at: 30_000 },
  ])
})

test('who would wait for more than a minute is told so at once, with the time that is left', async () => {
  const { polite, ask, clock, starts } = given()
  polite.hold('glas.example', 3_600_000)
  await clock.advance(600_000)
  await expect(ask('glas.example')).rejects.toMatchObject({ name: 'HostHeld', waitMs: 3_000_000 })
  expect(starts).toEqual([])
})

test('no host can hold us for more than a day', () => {
  const { polite } = given()
  expect(polite.hold('glas.example', 10 * 365 * 86_400_000)).toBe(86_400_000)
  expect(polite.hold('glas.example', -1)).toBe(0)
})

test('who gives up in line leaves at once, and the next is not delayed by it', async () => {
  const { ask, clock, starts } = given()
  const abort = new AbortController()
  const first = ask('glas.example', { who: 'first' })
  const given_up = ask('glas.example', { who: 'second', signal: abort.signal })
  const third = ask('glas.example', { who: 'third' })
  await clock.advance(1_000)
  abort.abort(new Error('enough'))
  await expect(given_up).rejects.toThrow('enough')
  await pass(clock, [first, third])
  expect(starts).toEqual([
    { who: 'first', at: 0 },
    { who: 'third', at: 5_000 },
  ])
})

test('a clock that was set back an hour delays nobody for an hour', async () => {
  const memory = hostMemory()
  open.push(memory)
  const later = testClock('2026-07-11T09:00:00.000Z')
  memory.started('glas.example', later.now().getTime())
  const clock = testClock('2026-07-11T08:00:00.000Z')
  const polite: Politeness = politeness({ clock, memory, gapMs: 5_000 })
  const began = clock.now().getTime()
  const asked = polite.take('glas.example', { lane: 'x', signal: new AbortController().signal }, async () => {
    return clock.now().getTime() - began
  })
  await clock.advance(10_000)
  expect(await asked).toBe(5_000)
})

test('gaps and holds outlive a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'opomena-gaps-'))
  try {
    const path = join(folder, 'hosts.db')
    const before = given({ path })
    await pass(before.clock, [before.ask('glas.example')], 0)
    before.polite.hold('drugi.example', 40_000)
    open.splice(0).forEach(memory => memory.close())

    const after = given({ path, clock: testClock('2026-07-11T08:00:02.000Z') })
    await pass(after.clock, [
      after.ask('glas.example', { who: 'gap' }),
      after.ask('drugi.example', { who: 'hold' }),
    ])
    expect(after.starts).toEqual([
      { who: 'gap', at: 3_000 },
      { who: 'hold', at: 38_000 },
    ])
  } finally {
    open.splice(0).forEach(memory => memory.close())
    await rm(folder, { recursive: true })
  }
})

test('a memory that cannot be written fails the request, and the line goes on', async () => {
  const memory = hostMemory()
  open.push(memory)
  let broken = true
  const clock = testClock()
  const polite = politeness({
    clock,
    gapMs: 0,
    memory: {
      ...memory,
      started(host, at) {
        if (broken) throw new Error('disk full')
        memory.started(host, at)
      },
    },
  })
  const turn = { lane: 'x', signal: new AbortController().signal }
  await expect(polite.take('glas.example', turn, async () => 1)).rejects.toThrow('disk full')
  broken = false
  expect(await polite.take('glas.example', turn, async () => 2)).toBe(2)
})
