import { afterEach, describe, expect, test } from 'vitest'
import { hostMemory } from '../../ingest/host-memory.ts'
import type { HostMemory } from '../../ingest/host-memory.ts'
import { readRobots, robots } from '../../ingest/robots.ts'
import type { RobotsAnswer } from '../../ingest/robots.ts'
import { testClock } from '../fakes.ts'

const AGENT = 'Opomena/0.1 (+https://opomena.example/robot)'
const ORIGIN = 'https://glas.example'
const HOUR = 3_600_000
const DAY = 24 * HOUR

const verdict = (text: string, path: string, agent = AGENT): string =>
  readRobots(ORIGIN, text, agent)(new URL(path, ORIGIN)).verdict

const rules: readonly { name: string; text: string; allowed?: string[]; disallowed?: string[] }[] = [
  { name: 'nothing in it', text: '', allowed: ['/', '/a'] },
  { name: 'an HTML page', text: '<!doctype html><html><body>Disallow: /</body></html>', allowed: ['/'] },
  { name: 'all closed', text: 'User-agent: *\nDisallow: /', disallowed: ['/', '/a?b'] },
  { name: 'an empty Disallow', text: 'User-agent: *\nDisallow:', allowed: ['/'] },
  {
    name: 'the longest rule',
    text: 'User-agent: *\nDisallow: /a\nAllow: /a/b',
    allowed: ['/a/b/c', '/x'],
    disallowed: ['/a/c'],
  },
  { name: 'Allow at the same length', text: 'User-agent: *\nDisallow: /a\nAllow: /a', allowed: ['/a'] },
  {
    name: 'wildcards and an end',
    text: 'User-agent: *\nDisallow: /*.pdf$\nDisallow: /*?s=',
    allowed: ['/x.pdf.html'],
    disallowed: ['/d/x.pdf', '/?s=1'],
  },
  {
    name: 'our group before the one for all',
    text: 'User-agent: *\nDisallow: /\n\nUser-agent: opomena\nDisallow: /tajno',
    allowed: ['/a'],
    disallowed: ['/tajno/1'],
  },
  {
    name: 'our group first',
    text: 'User-agent: OPOMENA\nDisallow: /tajno\n\nUser-agent: *\nDisallow: /',
    allowed: ['/a'],
    disallowed: ['/tajno'],
  },
  {
    name: 'our group in two pieces',
    text: 'User-agent: opomena\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: opomena\nDisallow: /b',
    allowed: ['/c'],
    disallowed: ['/a', '/b'],
  },
  {
    name: 'one group for several',
    text: 'User-agent: x\nUser-agent: opomena\nUser-agent: y\nDisallow: /a',
    disallowed: ['/a'],
    allowed: ['/b'],
  },
  { name: 'a group for another robot only', text: 'User-agent: other\nDisallow: /', allowed: ['/'] },
  {
    name: 'a robot whose name begins like ours',
    text: 'User-agent: opomena-images\nDisallow: /',
    allowed: ['/'],
  },
  { name: 'rules before any group', text: 'Disallow: /\nUser-agent: x\nDisallow: /', allowed: ['/'] },
  {
    name: 'a byte order mark, CR LF and comments',
    text: '\uFEFFUser-agent: * # all\r\nDisallow: /a # not this\r\n',
    disallowed: ['/a'],
    allowed: ['/b'],
  },
  {
    name: 'a sitemap in the middle of a group',
    text: 'User-agent: *\nSitemap: https://glas.example/s.xml\nDisallow: /a',
    disallowed: ['/a'],
  },
  {
    name: 'letters beyond ASCII',
    text: 'User-agent: *\nDisallow: /č',
    disallowed: ['/%C4%8D', '/č'],
    allowed: ['/c'],
  },
  { name: 'capitals in keys only', text: 'USER-AGENT: *\nDISALLOW: /A', disallowed: ['/A'], allowed: ['/a'] },
]
for (const { name, text, allowed = [], disallowed = [] } of rules) {
  test(`robots.txt with ${name}`, () => {
    for (const path of allowed) expect([path, verdict(text, path)]).toEqual([path, 'allowed'])
    for (const path of disallowed) expect([path, verdict(text, path)]).toEqual([path, 'disallowed'])
  })
}

describe('hostile robots.txt', () => {
  test('a rule with too many wildcards closes more, and never opens', () => {
    const stars = '/*a'.repeat(30)
    expect(verdict(`User-agent: *\nDisallow: ${stars}`, '/xa'.repeat(12))).toBe('disallowed')
    expect(verdict(`User-agent: *\nDisallow: /\nAllow: ${stars}`, '/xa'.repeat(40))).toBe('disallowed')
  })

  test('the rules of other robots do not use up what we read of our own', () => {
    const others = 'User-agent: *\n' + 'Disallow: /x\n'.repeat(5_000)
    expect(verdict(`${others}\nUser-agent: opomena\nDisallow: /a`, '/a')).toBe('disallowed')
  })

  test('500 KiB of the worst rules are answered in less than a second', () => {
    const worst = 'User-agent: *\n' + `Disallow: ${'/*a*b*c*d*e*f*g'.repeat(4)}$\n`.repeat(7_000)
    const agents = 'User-agent: x\n'.repeat(30_000) + 'Disallow: /a\n'.repeat(5_000)
    const began = performance.now()
    for (const text of [worst, agents]) verdict(text, `/${'abcdefg'.repeat(280)}`)
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})

const delays: readonly (readonly [written: string, expectedMs: number | undefined])[] = [
  ['10', 10_000],
  ['0.5', 1_000],
  ['99999', 60_000],
  ['-5', 1_000],
  ['soon', undefined],
]
for (const [written, expected] of delays) {
  test(`Crawl-delay: ${written} is kept as ${expected ?? 'none'}`, () => {
    const text = `User-agent: *\nCrawl-delay: ${written}\nDisallow: /x`
    expect(readRobots(ORIGIN, text, AGENT)(new URL(ORIGIN)).crawlDelayMs).toBe(expected)
  })
}

describe('asking for it', () => {
  const open: HostMemory[] = []
  afterEach(() => open.splice(0).forEach(memory => memory.close()))

  function given(...answers: RobotsAnswer[]) {
    const clock = testClock()
    const memory = hostMemory()
    open.push(memory)
    const asked: string[] = []
    const start = () =>
      robots({
        userAgent: AGENT,
        clock,
        memory,
        ask: async url => {
          asked.push(url.href)
          return answers[Math.min(asked.length, answers.length) - 1]!
        },
      })
    let gate = start()
    const check = (path = '/', origin = ORIGIN) => gate.check(new URL(path, origin))
    return { clock, asked, check, restart: () => (gate = start()) }
  }
  const closed: RobotsAnswer & { outcome: 'found' } = { outcome: 'found', text: 'User-agent: *\nDisallow: /' }
  const absent: RobotsAnswer = { outcome: 'absent', reason: 'it answered 404' }
  const down: RobotsAnswer = { outcome: 'unreachable', reason: 'it answered 503', status: 503 }

  test('it is asked once for all of a host, also by many at the same time', async () => {
    const { check, asked } = given(closed)
    const verdicts = await Promise.all([check('/a'), check('/b'), check('/c')])
    expect(verdicts.map(one => one.verdict)).toEqual(['disallowed', 'disallowed', 'disallowed'])
    expect(asked).toEqual(['https://glas.example/robots.txt'])
  })

  test('each scheme and host has its own', async () => {
    const { check, asked } = given(absent)
    await check('/', 'https://glas.example')
    await check('/', 'http://glas.example')
    await check('/', 'https://www.glas.example')
    expect(asked).toHaveLength(3)
  })

  test('where there is none, all is allowed', async () => {
    expect(await given(absent).check()).toEqual({
      verdict: 'allowed',
      reason: 'no robots.txt: it answered 404',
    })
  })

  test('it is asked again after a day, not before, and not after a restart', async () => {
    const { check, asked, clock, restart } = given(closed, absent)
    await check()
    await clock.advance(DAY - 1)
    restart()
    expect((await check()).verdict).toBe('disallowed')
    expect(asked).toHaveLength(1)
    await clock.advance(2)
    expect((await check()).verdict).toBe('allowed')
    expect(asked).toHaveLength(2)
  })

  test('where it cannot be read nothing may be fetched, and it is asked again after a quarter of an hour', async () => {
    const { check, asked, clock } = given(down, absent)
    expect(await check()).toEqual({
      verdict: 'unknown',
      status: 503,
      reason: 'robots.txt could not be read, so nothing may be fetched: it answered 503',
    })
    await clock.advance(HOUR / 4 - 1)
    expect((await check()).verdict).toBe('unknown')
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    expect((await check()).verdict).toBe('allowed')
  })

  test('the copy we have stands in for it, for 30 days', async () => {
    const { check, clock } = given({ ...closed, text: 'User-agent: *\nDisallow: /a' }, down)
    await check()
    await clock.advance(2 * DAY)
    expect((await check('/b')).verdict).toBe('allowed')
    expect((await check('/a')).verdict).toBe('disallowed')
    await clock.advance(29 * DAY)
    expect((await check('/b')).verdict).toBe('unknown')
  })

  test('after an error of ours it is asked again', async () => {
    const memory = hostMemory()
    open.push(memory)
    let calls = 0
    const gate = robots({
      userAgent: AGENT,
      clock: testClock(),
      memory,
      ask: async () => {
        calls += 1
        if (calls === 1) throw new Error('a bug')
        return absent
      },
    })
    await expect(gate.check(new URL(ORIGIN))).rejects.toThrow('a bug')
    expect((await gate.check(new URL(ORIGIN))).verdict).toBe('allowed')
  })
})
