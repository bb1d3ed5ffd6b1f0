/** robots.txt by RFC 9309: what a host lets our robot fetch, and how slowly. */
import robotsParser from 'robots-parser'
import { sha256 } from '../core/hash.ts'
import type { Clock } from '../core/ports.ts'
import type { HostMemory, RobotsCopy, RobotsFile } from './host-memory.ts'

const SECOND = 1_000
const HOUR = 60 * 60 * SECOND
const DAY = 24 * HOUR

/** RFC 9309 2.5: at least this much is read. */
export const MAX_ROBOTS_BYTES = 500 * 1024
/** RFC 9309 2.4: a copy is not used for longer, unless the host cannot be reached. */
const FRESH_FOR = DAY
/** RFC 9309 2.3.1.4: 30 days is its example of a reasonably long time. */
const USABLE_FOR = 30 * DAY
/** A host that did not give its rules is asked again after this. */
const RETRY_AFTER = 15 * 60 * SECOND

const MAX_RULES = 1_000
const MAX_WILDCARDS = 10
const MIN_CRAWL_DELAY = 1
const MAX_CRAWL_DELAY = 60

/** Hosts whose rules are kept parsed. */
const MAX_PARSED = 1_000

/** What asking for /robots.txt gave. `unreachable` means nothing may be fetched (5xx, 429, no answer in time). */
export type RobotsAnswer =
  | RobotsFile
  | {
      readonly outcome: 'unreachable'
      readonly reason: string
      readonly status?: number
      readonly retryAfterMs?: number
    }

export interface RobotsVerdict {
  /** `unknown`: the rules could not be read, so nothing may be fetched now. */
  readonly verdict: 'allowed' | 'disallowed' | 'unknown'
  /** For the evidence: why, with the hash of the file. */
  readonly reason: string
  readonly crawlDelayMs?: number
  readonly status?: number
  readonly retryAfterMs?: number
}

export interface Robots {
  check(url: URL): Promise<RobotsVerdict>
}

interface Rules {
  readonly expiresAt: number
  verdictOn(url: URL): RobotsVerdict
}

export function robots(options: {
  readonly userAgent: string
  readonly clock: Clock
  readonly memory: HostMemory
  readonly ask: (robotsUrl: URL) => Promise<RobotsAnswer>
}): Robots {
  const { clock, memory, ask } = options
  const parsed = new Map<string, Promise<Rules>>()
  const now = (): number => clock.now().getTime()

  async function rulesOf(origin: string): Promise<Rules> {
    const copy = memory.robots(origin)
    if (copy && age(copy) < FRESH_FOR) return rules(origin, copy, copy.fetchedAt + FRESH_FOR)
    const answer = await ask(new URL('/robots.txt', origin))
    if (answer.outcome !== 'unreachable') {
      const fresh: RobotsCopy = { fetchedAt: now(), ...answer }
      memory.keepRobots(origin, fresh)
      return rules(origin, fresh, now() + FRESH_FOR)
    }
    const retryAt = now() + Math.max(RETRY_AFTER, answer.retryAfterMs ?? 0)
    if (copy && age(copy) < USABLE_FOR) return rules(origin, copy, retryAt)
    return unknown(answer, retryAt)
  }

  // A copy from the future (the clock was set back) counts as old.
  const age = (copy: RobotsCopy): number => (copy.fetchedAt <= now() ? now() - copy.fetchedAt : USABLE_FOR)

  function rules(origin: string, copy: RobotsCopy, expiresAt: number): Rules {
    if (copy.outcome === 'absent') {
      return { expiresAt, verdictOn: () => ({ verdict: 'allowed', reason: `no robots.txt: ${copy.reason}` }) }
    }
    return { expiresAt, verdictOn: readRobots(origin, copy.text, options.userAgent) }
  }

  /** Whoever comes first asks; the others of this host wait for the same answer. */
  function current(origin: string): Promise<Rules> {
    const known = parsed.get(origin)
    if (known) return known
    const asking = rulesOf(origin)
    parsed.set(origin, asking)
    asking.catch(() => parsed.delete(origin))
    for (const [oldest] of parsed) if (parsed.size > MAX_PARSED) parsed.delete(oldest)
    return asking
  }

  return {
    async check(url) {
      const known = current(url.origin)
      const rules = await known
      if (rules.expiresAt > now()) return rules.verdictOn(url)
      if (parsed.get(url.origin) === known) parsed.delete(url.origin)
      return (await current(url.origin)).verdictOn(url)
    },
  }
}

function unknown(answer: RobotsAnswer & { outcome: 'unreachable' }, expiresAt: number): Rules {
  const { reason, status, retryAfterMs } = answer
  const verdict = {
    verdict: 'unknown',
    reason: `robots.txt could not be read, so nothing may be fetched: ${reason}`,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  } as const
  return { expiresAt, verdictOn: () => verdict }
}

/** The verdicts of one robots.txt for one robot; `userAgent` is the whole header, its first word the robot's name. */
export function readRobots(origin: string, text: string, userAgent: string): (url: URL) => RobotsVerdict {
  const robot = robotName(userAgent)
  // The package is CommonJS; its types describe an ES module.
  const parse = robotsParser as unknown as (
    url: string,
    text: string,
  ) => ReturnType<typeof robotsParser.default>
  const parsed = parse(`${origin}/robots.txt`, boundedRules(text, robot))
  const delay = parsed.getCrawlDelay(robot)
  const crawlDelayMs =
    delay === undefined
      ? {}
      : { crawlDelayMs: Math.min(Math.max(delay, MIN_CRAWL_DELAY), MAX_CRAWL_DELAY) * SECOND }
  const hash = `robots.txt sha256:${sha256(text)}`
  return url => {
    const verdict = parsed.isAllowed(url.href, robot) === false ? 'disallowed' : 'allowed'
    return { verdict, reason: `${verdict} by ${hash}`, ...crawlDelayMs }
  }
}

function robotName(userAgent: string): string {
  return (/^[^\s/]+/.exec(userAgent)?.[0] ?? '').toLowerCase()
}

/**
 * The rules that concern the robot, as one group, and only as many as can be tried quickly. A rule with too many
 * wildcards is cut (Disallow then covers more) or left out (Allow), so that hostile lines never open what is closed.
 */
function boundedRules(text: string, robot: string): string {
  const groups = new Map<string, string[]>()
  let agents: string[] = []
  let inAgents = false
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const [key, value] = directive(line)
    if (key === 'user-agent') {
      if (!inAgents) agents = []
      inAgents = true
      const name = robotName(value)
      if ((name !== robot && name !== '*') || agents.includes(name)) continue
      agents.push(name)
      if (!groups.has(name)) groups.set(name, [])
    } else if (key === 'allow' || key === 'disallow' || key === 'crawl-delay') {
      inAgents = false
      const rule = boundedRule(key, value)
      for (const name of agents) addRule(groups.get(name)!, rule)
    }
  }
  return ['User-agent: *', ...(groups.get(robot) ?? groups.get('*') ?? [])].join('\n')
}

function addRule(group: string[], rule: string | undefined): void {
  if (rule !== undefined && group.length < MAX_RULES) group.push(rule)
}

function directive(line: string): [key: string, value: string] {
  const [, key = '', value = ''] = /^\s*([a-z-]{1,20})\s*:([^#]*)/i.exec(line) ?? []
  return [key.toLowerCase(), value.trim()]
}

function boundedRule(key: string, value: string): string | undefined {
  if (key === 'crawl-delay') return `${key}: ${value}`
  const parts = value.replace(/\*{2,}/g, '*').split('*')
  if (parts.length <= MAX_WILDCARDS + 1) return `${key}: ${parts.join('*')}`
  return key === 'allow' ? undefined : `${key}: ${parts.slice(0, MAX_WILDCARDS + 1).join('*')}`
}
