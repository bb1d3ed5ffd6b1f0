/** Looks at a source as a person would who considers adding it: does it answer, may we read it, is it a feed with titles, links and dates. Publishes nothing. */
import type { Clock, Fetcher, GetResponse } from '../core/ports.ts'
import type { Source } from '../core/source.ts'
import { parsePool } from './parse-pool.ts'
import type { Parser } from './parse-pool.ts'
import { decodeBody } from './charset.ts'
import { readPage } from './block-tree.ts'
import { itemsOf, targetsOf } from './targets.ts'
import type { Target } from './targets.ts'

export interface TargetReport {
  readonly kind: Target['kind']
  readonly url: string
  readonly passed: boolean
  readonly outcome: 'fresh' | 'unchanged' | 'refused' | 'failed'
  readonly status?: number
  readonly contentType?: string
  /** What robots.txt said, and a reason of ours to fetch all the same. */
  readonly robots?: string
  /** Address after redirects, where it is another. */
  readonly movedTo?: string
  readonly items?: number
  /** Shares of items, 0 to 1. */
  readonly withTitle?: number
  readonly withLink?: number
  readonly withDate?: number
  readonly oldest?: string
  readonly newest?: string
  readonly warnings: readonly string[]
  readonly reason?: string
}

export interface SourceReport {
  readonly sourceId: string
  readonly passed: boolean
  readonly targets: readonly TargetReport[]
  /** Feeds that the homepage names, looked for when something did not pass. */
  readonly advertised: readonly string[]
}

export interface TestSourceDeps {
  readonly fetcher: Fetcher
  readonly clock: Clock
  readonly signal?: AbortSignal
  readonly parser?: Parser
}

/** A feed whose items lack links cannot be followed. */
const ENOUGH = 0.9

export async function testSource(source: Source, deps: TestSourceDeps): Promise<SourceReport> {
  const parser = deps.parser ?? parsePool({ size: 1 })
  try {
    const targets: TargetReport[] = []
    for (const target of targetsOf(source))
      targets.push(await testTarget(source, target, { ...deps, parser }))
    const passed = targets.length > 0 && targets.every(target => target.passed)
    const advertised = passed ? [] : await advertisedFeeds(source, deps)
    return { sourceId: source.id, passed, targets, advertised }
  } finally {
    if (!deps.parser) await parser.close()
  }
}

async function testTarget(
  source: Source,
  target: Target,
  deps: TestSourceDeps & { readonly parser: Parser },
): Promise<TargetReport> {
  const override = source.robotsOverride
  const kind = target.kind === 'listing' ? 'page' : 'feed'
  const answer = await deps.fetcher.get(
    {
      url: target.url,
      sourceId: source.id,
      kind,
      ...(override !== undefined && { robotsOverride: override }),
    },
    deps.signal,
  )
  const about = { kind: target.kind, url: target.url, outcome: answer.outcome }
  if (answer.outcome !== 'fresh') {
    const reason =
      answer.outcome === 'unchanged'
        ? 'answered "not modified" to a question it was not asked'
        : answer.reason
    return { ...about, passed: false, warnings: [], reason, ...statusOf(answer) }
  }
  const came = {
    ...about,
    status: answer.status,
    ...(answer.contentType !== undefined && { contentType: answer.contentType }),
    ...(answer.capture.robots !== undefined && { robots: answer.capture.robots }),
    ...(answer.url !== target.url && { movedTo: answer.url }),
  }
  const found = await itemsOf(source, target, answer, { parser: deps.parser, now: deps.clock.now() })
  if (!found.ok) return { ...came, passed: false, warnings: [], reason: found.reason }
  const { items, warnings } = found.value
  const share = (has: (item: (typeof items)[number]) => boolean): number =>
    items.length === 0 ? 0 : items.filter(has).length / items.length
  const dates = items.flatMap(item => item.publishedAt ?? []).sort()
  const [withTitle, withLink, withDate] = [
    share(item => item.title !== undefined),
    share(item => item.url !== undefined),
    share(item => item.publishedAt !== undefined),
  ]
  const passed = items.length > 0 && withLink >= ENOUGH && (withTitle >= ENOUGH || target.kind !== 'feed')
  return {
    ...came,
    passed,
    items: items.length,
    withTitle,
    withLink,
    withDate,
    ...(dates.length > 0 && { oldest: dates[0]!, newest: dates.at(-1)! }),
    warnings,
    ...(!passed && { reason: items.length === 0 ? 'no items' : 'too many items lack a title or a link' }),
  }
}

function statusOf(answer: GetResponse): { readonly status?: number } {
  return answer.outcome === 'refused' || answer.status === undefined ? {} : { status: answer.status }
}

async function advertisedFeeds(source: Source, deps: TestSourceDeps): Promise<readonly string[]> {
  const answer = await deps.fetcher.get(
    { url: source.homepage, sourceId: source.id, kind: 'page' },
    deps.signal,
  )
  if (answer.outcome !== 'fresh') return []
  const { text } = decodeBody(answer.body, {
    kind: 'page',
    ...(answer.contentType !== undefined && { contentType: answer.contentType }),
  })
  const feeds = readPage(text).alternates.filter(link => /rss|atom|feed\+json|rdf/iu.test(link.type))
  return [...new Set(feeds.flatMap(link => URL.parse(link.href, answer.url)?.href ?? []))].slice(0, 20)
}
