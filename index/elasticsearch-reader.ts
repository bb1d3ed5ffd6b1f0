/** IndexReader on one generation of the indices of Elasticsearch. */
import type { IndexReader } from '../core/ports.ts'
import { countAll, facetsOf, timelineSeries } from './elasticsearch-counts.ts'
import { flagIn, recordIn, shownArticle, wordsOf } from './elasticsearch-documents.ts'
import type { ArticleSource, FlagSource, TextSource } from './elasticsearch-documents.ts'
import { readHealth } from './elasticsearch-health.ts'
import { listArticles, listFlags } from './elasticsearch-listings.ts'
import type { Names } from './elasticsearch-mapping.ts'
import { getAll } from './elasticsearch-merge.ts'
import { textPlace, withoutExpired } from './elasticsearch-record.ts'
import { searchIn } from './elasticsearch-search.ts'
import type { Reading } from './elasticsearch-search.ts'
import type { Server } from './elasticsearch-send.ts'
import { readSettings } from './elasticsearch-settings.ts'

export interface ReaderOptions {
  readonly server: Server
  readonly names: Names
  readonly generation: string
}

export function generationReader({ server, names, generation }: ReaderOptions): IndexReader {
  /** The day is asked for with each question that needs it: nobody may find what has expired by an older day. */
  const reading = (): Reading => {
    let day: Promise<string> | undefined
    return {
      server,
      names,
      generation,
      expiredBefore: () => (day ??= readSettings(server, names).then(settings => settings.expiredBefore)),
    }
  }
  return {
    async flag(id) {
      const place = { index: names.index('flags', generation), id }
      const [stored] = await getAll<FlagSource>(server, [place], ['document'])
      return stored && flagIn(stored.source)
    },
    article: id => readArticle(reading(), id),
    searchFlags: (search, page) => listFlags(reading(), search, page),
    searchArticles: (search, page) => listArticles(reading(), search, page),
    count: search => countAll(reading(), search),
    facets: (search, fields, size) => facetsOf(reading(), search, fields, size),
    timeline: (search, options) => timelineSeries(reading(), search, options),
    sources: today => readHealth(reading(), today),
    span: () => daysOfAll(reading()),
    close: () => Promise.resolve(),
  }
}

async function readArticle(
  { server, names, generation, expiredBefore }: Reading,
  id: string,
): ReturnType<IndexReader['article']> {
  const place = { index: names.index('articles', generation), id }
  const [stored] = await getAll<ArticleSource>(server, [place], ['record'])
  if (!stored) return undefined
  const record = withoutExpired(recordIn(stored.source), await expiredBefore())
  const texts = textPlace(record)
  if (texts === undefined) return shownArticle(record, undefined)
  // On their way from one index to another they stand in either.
  const places = [...new Set([texts, ...record.places])].map(one => ({
    index: names.texts(generation, one),
    id,
  }))
  const words = (await getAll<TextSource>(server, places, ['raw'])).flatMap(one =>
    one ? [wordsOf(one.source)] : [],
  )
  return shownArticle(
    record,
    words.find(({ key }) => key === record.state?.wordsKey),
  )
}

async function daysOfAll({ server, names, generation }: Reading): ReturnType<IndexReader['span']> {
  const place = { indices: [names.index('articles', generation)], condition: { term: { visible: true } } }
  const days = (which: 'min' | 'max'): object => ({ [which]: { field: 'day', format: 'yyyy-MM-dd' } })
  const { aggregations } = await searchIn(server, place, {
    size: 0,
    aggs: { from: days('min'), to: days('max') },
  })
  const day = (name: string): string | undefined =>
    (aggregations?.[name] as { value_as_string?: string } | undefined)?.value_as_string
  const [from, to] = [day('from'), day('to')]
  return from === undefined || to === undefined ? undefined : { from, to }
}
