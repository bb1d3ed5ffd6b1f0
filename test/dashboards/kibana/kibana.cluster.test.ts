/**
 * What Kibana would ask, asked of a real Elasticsearch: the queries of docs/queries.md as they stand there, and every
 * chart of the dashboards, with the numbers that the index in memory has.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Counts, FacetField } from '../../../core/ports.ts'
import { parseQuery } from '../../../core/query.ts'
import { addDays } from '../../../core/time.ts'
import { specificationOf } from '../../../dashboards/kibana/opomena.ts'
import { ownName, servers } from '../../cluster/servers.ts'
import { corpus, FIRST_DAY, LAST_DAY } from '../../contract/index-corpus.ts'
import { referenceIndex } from '../../contract/index-reference.ts'
import { ElasticsearchPlace } from '../../index/elasticsearch-place.ts'
import { requestOf } from './chart-requests.ts'
import { PAGE, queriesIn } from './queries-doc.ts'

const { elasticsearch, lack } = servers()

const entries = corpus({ seed: 11, articles: 400 })
const reference = referenceIndex(entries)
const APRIL = { from: '2026-04-01', to: '2026-04-30' }

function counts(query: string, days: { from?: string; to?: string } = {}): Counts {
  return reference.count({ query: parseQuery(query), ...days })
}
function facet(query: string, field: FacetField, days: { from?: string; to?: string } = {}) {
  return reference.facet({ query: parseQuery(query), ...days }, field, 1_000)
}

interface Bucket {
  readonly key: unknown
  readonly key_as_string?: string
  readonly doc_count: number
  readonly [name: string]: unknown
}
interface Answer {
  readonly error?: unknown
  readonly hits: {
    readonly total?: { readonly value: number }
    readonly hits: readonly { readonly _source: Readonly<Record<string, unknown>> }[]
  }
  readonly aggregations?: Readonly<Record<string, unknown>>
}

const numberIn = (of: unknown): number => {
  const { doc_count, value } = of as { readonly doc_count?: number; readonly value?: number }
  return doc_count ?? value ?? Number.NaN
}
const bucketsIn = (of: unknown): readonly Bucket[] => (of as { readonly buckets: readonly Bucket[] }).buckets
const named = (of: unknown): Readonly<Record<string, number>> =>
  Object.fromEntries(bucketsIn(of).map(({ key, doc_count }) => [String(key), doc_count]))
const counted = (values: readonly { readonly value: string; readonly flags: number }[]) =>
  Object.fromEntries(values.filter(({ flags }) => flags > 0).map(({ value, flags }) => [value, flags]))
const sourcesIn = (answer: Answer) => answer.hits.hits.map(({ _source }) => _source)

/** What a server says to `_query` that does not know it. */
const LACKS_ESQL = /no handler found|Incorrect HTTP method for uri \[\/_query\]/u

describe.skipIf(lack)(`Kibana on Elasticsearch ${lack ?? ''}`, () => {
  let place: ElasticsearchPlace
  beforeAll(async () => {
    place = await ElasticsearchPlace.make(elasticsearch, ownName('kibana'))
    const writer = await place.writer()
    const refused = (await writer.put(entries)).filter(one => one !== undefined)
    expect(refused).toEqual([])
    await writer.close()
    await place.settle()
  }, 120_000)
  afterAll(() => place.destroy())

  /** The words of the page, asked of the indices of this test. */
  const own = (text: string): string => text.replaceAll('opomena-', `${place.prefix}-`)

  // ---------------------------------------------------------------- docs/queries.md

  const CHECKS: Readonly<Record<string, (answer: Answer) => void>> = {
    'Passages, articles and the rate': ({ aggregations: found }) => {
      const { flags, articles } = counts('*', APRIL)
      expect([numberIn(found!['passages']), numberIn(found!['articles'])]).toEqual([flags, articles])
    },
    'Passages and articles by week': ({ aggregations: found }) => {
      const [series] = reference.timeline(
        { query: parseQuery('*'), from: addDays(FIRST_DAY, -7), to: addDays(LAST_DAY, 14) },
        'week',
        undefined,
        1,
      )
      const weeks = new Map(bucketsIn(found!['weeks']).map(bucket => [bucket.key_as_string, bucket]))
      for (const { start, flags, articles } of series!.points) {
        const week = weeks.get(start)
        if (!week) expect([flags, articles]).toEqual([0, 0])
        else
          expect([start, numberIn(week['passages']), numberIn(week['articles'])]).toEqual([
            start,
            flags,
            articles,
          ])
      }
    },
    'Articles and outlets with a flagged passage': ({ aggregations: found }) => {
      const outlets = facet('*', 'source').filter(({ flags }) => flags > 0)
      expect(numberIn(found!['outlets'])).toBe(outlets.length)
      const articles = new Set(
        reference.ids.filter(id => reference.flagIds({ query: parseQuery(`article:${id}`) }).length > 0),
      )
      expect(numberIn(found!['articles'])).toBe(articles.size)
    },
    'A day of the calendar, this year and the last': ({ aggregations: found }) => {
      const { buckets } = found!['years'] as { buckets: Readonly<Record<string, Bucket>> }
      const now = counts('*', { from: '2026-04-13', to: '2026-04-28' })
      expect(numberIn(buckets['2026']!['passages'])).toBe(now.flags)
      expect(numberIn(buckets['2026']!['articles'])).toBe(now.articles)
      expect(numberIn(buckets['2025']!['articles'])).toBe(0)
    },
    'Outlets by rate': ({ aggregations: found }) => {
      const outlets = bucketsIn(found!['outlets'])
        .map(bucket => [bucket.key, numberIn(bucket['passages']), numberIn(bucket['articles'])] as const)
        .filter(([, passages, articles]) => passages + articles > 0)
      const known = facet('*', 'source', APRIL).map(one => [one.value, one.flags, one.articles] as const)
      expect(new Set(outlets)).toEqual(new Set(known))
    },
    'Languages and scripts': ({ aggregations: found }) => {
      const languages = bucketsIn(found!['languages'])
      expect(languages.length).toBeGreaterThan(5)
      for (const { key: language, ...within } of languages) {
        for (const bucket of bucketsIn(within['scripts'])) {
          const { flags, articles } = counts(`language:${String(language)} script:${String(bucket.key)}`)
          expect([numberIn(bucket['passages']), numberIn(bucket['articles'])]).toEqual([flags, articles])
        }
      }
    },
    'Silence: articles of one outlet by day': ({ aggregations: found }) => {
      const days = bucketsIn(found!['days'])
      expect(days).toHaveLength(30)
      for (const { key_as_string: day = '', doc_count } of days) {
        expect(doc_count, day).toBe(counts('source:glas-kotline', { from: day, to: day }).articles)
      }
    },
    'Sources that fail or are silent': answer => {
      // The invented news ended months ago: every source that ever brought any is silent by now.
      const all = new Set(
        entries.flatMap(one => (one.kind === 'observation' ? [one.observation.sourceId] : [])),
      )
      const found = sourcesIn(answer)
      expect(found.length).toBeGreaterThan(0)
      for (const { source, failures, lastItemAt } of found) {
        expect(all.has(source as string)).toBe(true)
        expect((failures as number) >= 3 || lastItemAt !== undefined).toBe(true)
      }
    },
    'Groups named, by category': ({ aggregations: found }) => {
      const categories = bucketsIn(found!['categories'])
      expect(named(found!['categories'])).toEqual(counted(facet('*', 'category')))
      for (const bucket of categories) {
        expect(named(bucket['groups'])).toEqual(counted(facet(`category:${String(bucket.key)}`, 'target')))
      }
    },
    'Events denied, and by whom': ({ aggregations: found }) => {
      expect(named(found!['events'])).toEqual(counted(facet('category:denial', 'event')))
      for (const bucket of bucketsIn(found!['events'])) {
        const which = `category:denial event:${String(bucket.key)}`
        expect(named(bucket['voices'])).toEqual(counted(facet(which, 'voice')))
        expect(numberIn(bucket['endorsed'])).toBe(counts(`${which} stance:endorses`).flags)
      }
    },
    'What stands out in a week': ({ aggregations: found }) => {
      const week = { from: '2026-04-20', to: '2026-04-26' }
      const groups = found!['groups'] as { readonly doc_count: number; readonly bg_count: number }
      expect(groups.doc_count).toBe(counts('*', week).flags)
      expect(groups.bg_count).toBe(counts('*', { from: '2026-03-01', to: '2026-05-31' }).flags)
    },
    'Passages in articles with certain words': answer => {
      const known = reference.flagIds({ query: parseQuery('"prava ljudskih"') })
      expect(known.length).toBeGreaterThan(0)
      expect(sourcesIn(answer).map(({ id }) => id)).toEqual(known.slice(0, 100))
    },
    'Decisions by category': ({ aggregations: found }) => {
      for (const bucket of bucketsIn(found!['categories'])) {
        expect(named(bucket['decisions'])).toEqual(counted(facet(`category:${String(bucket.key)}`, 'status')))
      }
    },
    'How often each rule is right': ({ aggregations: found }) => {
      expect(named(found!['rules'])).toEqual(counted(facet('*', 'rule')))
      for (const bucket of bucketsIn(found!['rules'])) {
        const rule = `rule:"${String(bucket.key)}"`
        expect(numberIn(bucket['decided'])).toBe(counts(`${rule} -status:pending`).flags)
        expect(numberIn(bucket['confirmed'])).toBe(counts(`${rule} status:confirmed`).flags)
      }
    },
    'Grave and waiting for more than 48 hours, oldest first': answer => {
      const { flags } = counts('status:pending severity:>=4')
      expect(flags).toBeGreaterThan(0)
      expect(answer.hits.total!.value).toBe(flags)
      const times = sourcesIn(answer).map(({ at }) => Date.parse(at as string))
      expect(times).toEqual([...times].sort((a, b) => a - b))
    },
    'Where two reviewers differ, or a second is awaited': ({ aggregations: found }) => {
      expect(numberIn(found!['disagreements'])).toBe(counts('disagreement:true').flags)
      expect(numberIn(found!['second'])).toBe(counts('second:true').flags)
      expect(numberIn(found!['decided'])).toBe(counts('-status:pending').flags)
    },
    'Page by page, in the order of time': answer => {
      const known = reference.flagIds({ query: parseQuery('*') }).reverse()
      const found = sourcesIn(answer).map(({ id }) => id as string)
      const first = known.indexOf(found[0]!)
      expect(found).toHaveLength(50)
      expect(known.slice(first, first + 50)).toEqual(found)
    },
  }

  describe('docs/queries.md, by Query DSL:', () => {
    for (const { title, path, body } of queriesIn(PAGE)) {
      test(title, async () => {
        const check = CHECKS[title]
        expect(check, 'a check of its answer').toBeDefined()
        const answer = (await place.ask('POST', own(path), body)) as Answer
        expect(answer.error).toBeUndefined()
        check!(answer)
      })
    }
  })

  describe('docs/queries.md, by ES|QL:', () => {
    for (const { title, esql } of queriesIn(PAGE)) {
      test(title, async ({ skip }) => {
        const answer = (await place.ask('POST', '_query', { query: own(esql) })) as { error?: unknown }
        skip(LACKS_ESQL.test(JSON.stringify(answer.error ?? '')), 'this Elasticsearch has no ES|QL')
        expect(answer.error).toBeUndefined()
      })
    }
  })

  // ---------------------------------------------------------------- dashboards

  describe('every chart of the dashboards', () => {
    const specification = specificationOf({ prefix: 'x', publicUrl: '', calendar: [], year: 2026 })
    const ask = async (dashboard: string, panel: string): Promise<Answer> => {
      const { chart } = specification.dashboards
        .find(({ id }) => id === dashboard)!
        .panels.find(({ id }) => id === panel)!
      const { indices, body } = requestOf(chart, specification)!
      return (await place.ask(
        'POST',
        `${indices.map(one => `${place.prefix}-${one}`).join()}/_search`,
        body,
      )) as Answer
    }

    for (const { id: dashboard, panels } of specification.dashboards) {
      for (const { id, chart } of panels) {
        if (chart.kind === 'note') continue
        test(`${dashboard}, ${id}: is answered, and not by nothing`, async () => {
          const answer = await ask(dashboard, id)
          expect(answer.error).toBeUndefined()
          expect(answer.hits.total!.value).toBeGreaterThan(0)
          for (const found of Object.values(answer.aggregations ?? {})) {
            if (typeof found === 'object' && found !== null && 'buckets' in found) {
              expect(bucketsIn(found).length).toBeGreaterThan(0)
            }
          }
        })
      }
    }

    test('the key numbers are those of the built-in overview', async () => {
      const tile = async (id: string): Promise<readonly [number, number]> => {
        const { aggregations: found } = await ask('overview', id)
        return [numberIn(found!['value']), numberIn(found!['outOf'])]
      }
      const all = counts('*')
      expect(await tile('passages')).toEqual([all.flags, all.articles])
      const confirmed = counts('status:confirmed').flags
      const pending = counts('status:pending').flags
      expect(await tile('confirmed')).toEqual([confirmed, all.flags - pending])
      expect(await tile('waiting')).toEqual([pending, pending])
    })

    test('the outlets, groups, events and categories are those of the built-in overview', async () => {
      const rows = async (id: string): Promise<Readonly<Record<string, number>>> => {
        const { aggregations: found } = await ask('overview', id)
        return Object.fromEntries(
          bucketsIn(found!['by'])
            .map(bucket => [String(bucket.key), numberIn(bucket['measure-0'])] as const)
            .filter(([, passages]) => passages > 0),
        )
      }
      expect(await rows('languages')).toEqual(counted(facet('*', 'language')))
      expect(await rows('targets')).toEqual(counted(facet('*', 'target')))
      expect(await rows('events')).toEqual(counted(facet('*', 'event')))
      expect(await rows('decisions')).toEqual(counted(facet('*', 'category')))
    })
  })
})
