/** Pages of flags and of articles, ordered by time, each from where the one before it stopped. */
import type { ArticleHead } from '../core/article.ts'
import type { FlagDocument } from '../core/document.ts'
import type { Page, PageRequest, Search } from '../core/ports.ts'
import { cursorAt, limitOf, placeOf as placeOfCursor } from './cursor.ts'
import { flagIn, listedIn } from './elasticsearch-documents.ts'
import type { FlagSource, ListedSource } from './elasticsearch-documents.ts'
import type { Asked } from './elasticsearch-query.ts'
import { placeOf, searchIn } from './elasticsearch-search.ts'
import type { Reading } from './elasticsearch-search.ts'

export function listFlags(reading: Reading, search: Search, page: PageRequest): Promise<Page<FlagDocument>> {
  return list(reading, 'flags', ['document'], search, page, source => flagIn(source as FlagSource))
}

export type ListedArticle = ArticleHead & { readonly flagged: boolean }

export function listArticles(
  reading: Reading,
  search: Search,
  page: PageRequest,
): Promise<Page<ListedArticle>> {
  return list(reading, 'articles', ['head', 'flagged'], search, page, source =>
    listedIn(source as ListedSource),
  )
}

async function list<T>(
  reading: Reading,
  listing: Asked,
  fields: readonly string[],
  search: Search,
  page: PageRequest,
  read: (source: unknown) => T,
): Promise<Page<T>> {
  const limit = limitOf(page)
  const after = placeOfCursor(listing, page)
  const direction = page.order === 'oldest' ? 'asc' : 'desc'
  const { hits } = await searchIn(reading.server, await placeOf(reading, listing, search), {
    // One more than the page takes: whether there is another page.
    size: limit + 1,
    sort: [{ at: direction }, { id: direction }],
    ...(after && { search_after: [after.at, after.id] }),
    _source: fields,
    track_total_hits: false,
  })
  const shown = hits.hits.slice(0, limit)
  const last = shown.at(-1)
  const more = hits.hits.length > limit && last
  return {
    items: shown.map(hit => read(hit._source)),
    ...(more && {
      nextCursor: cursorAt(listing, page, { at: Number(last.sort[0]), id: String(last.sort[1]) }),
    }),
  }
}
