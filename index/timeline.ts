/** Counts by day put into the intervals of a timeline, filled with zeros. */
import type { Counts, TimelinePoint, TimelineSeries } from '../core/ports.ts'
import { intervalStart, intervalsBetween } from '../core/time.ts'
import type { Interval } from '../core/time.ts'

export interface Timeline {
  addFlags(key: string, day: string, flags: number): void
  addArticles(key: string, day: string, articles: number): void
  /** The denominator of all series alike. */
  addArticlesToAll(day: string, articles: number): void
  points(key: string): TimelinePoint[]
  /** Series with the most flags first, then with the most articles, then by key. The key '' stands for no value. */
  largest(size: number): TimelineSeries[]
}

export function timelineOf(
  { from, to }: { readonly from: string; readonly to: string },
  interval: Interval,
): Timeline {
  const starts = intervalsBetween(from, to, interval)
  const series = new Map<string, Map<string, Counts>>()
  const shared = new Map<string, number>()
  const startOf = remembered((day: string) => intervalStart(day, interval))

  const seriesOf = (key: string): Map<string, Counts> => {
    const found = series.get(key) ?? new Map<string, Counts>()
    series.set(key, found)
    return found
  }
  const add = (key: string, day: string, more: Counts): void => {
    const points = seriesOf(key)
    const { flags, articles } = points.get(startOf(day)) ?? { flags: 0, articles: 0 }
    points.set(startOf(day), { flags: flags + more.flags, articles: articles + more.articles })
  }
  const sum = (key: string, what: keyof Counts): number =>
    [...seriesOf(key).values()].reduce((total, point) => total + point[what], 0)
  const points = (key: string): TimelinePoint[] =>
    starts.map(start => {
      const { flags, articles } = seriesOf(key).get(start) ?? { flags: 0, articles: 0 }
      return { start, flags, articles: articles + (shared.get(start) ?? 0) }
    })

  return {
    addFlags: (key, day, flags) => {
      add(key, day, { flags, articles: 0 })
    },
    addArticles: (key, day, articles) => {
      add(key, day, { flags: 0, articles })
    },
    addArticlesToAll: (day, articles) => {
      shared.set(startOf(day), (shared.get(startOf(day)) ?? 0) + articles)
    },
    points,
    largest: size =>
      [...series.keys()]
        .filter(key => key !== '')
        .map(key => ({ key, flags: sum(key, 'flags'), articles: sum(key, 'articles') }))
        .sort((a, b) => b.flags - a.flags || b.articles - a.articles || (a.key < b.key ? -1 : 1))
        .slice(0, size)
        .map(({ key }) => ({ key, points: points(key) })),
  }
}

function remembered(work: (value: string) => string): (value: string) => string {
  const known = new Map<string, string>()
  return value => {
    const found = known.get(value) ?? work(value)
    known.set(value, found)
    return found
  }
}
