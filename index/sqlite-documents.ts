/** Reads documents and listings from the search index on SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import type { ArticleHead } from '../core/article.ts'
import type { Decision, Standing } from '../core/decision.ts'
import type { ArticleDocument, FlagDocument } from '../core/document.ts'
import type { Page, PageRequest, Search } from '../core/ports.ts'
import { byPlace, byTime } from './article-order.ts'
import { cursorAt, limitOf, placeOf } from './cursor.ts'
import type { Place } from './cursor.ts'
import type { ArticleState, FlagContent } from './merge.ts'
import { join, sql } from './sqlite-query.ts'
import type { Sql } from './sqlite-query.ts'
import { numbersOfDay } from './sqlite-schema.ts'
import { articleSources, flagSource, numbersWithin } from './sqlite-search.ts'
import type { Numbers } from './sqlite-search.ts'

type Row = Record<string, unknown>

const FLAG = `SELECT f.at, f.id, f.retired, x.document, x.standing FROM flags f JOIN flag_documents x USING (n)`

export function readFlag(db: DatabaseSync, id: string): FlagDocument | undefined {
  const row = db.prepare(`${FLAG} WHERE f.id = ?`).get(id)
  return row && flagOf(row)
}

function flagOf(row: Row): FlagDocument {
  return {
    ...(JSON.parse(row['document'] as string) as FlagContent),
    retired: row['retired'] === 1,
    standing: JSON.parse(row['standing'] as string) as Standing,
  }
}

export function readArticle(db: DatabaseSync, id: string): ArticleDocument | undefined {
  const row = db
    .prepare(
      `SELECT s.state, t.lead, t.text FROM articles a JOIN article_states s USING (n) LEFT JOIN texts t USING (n) WHERE a.id = ?`,
    )
    .get(id)
  if (!row) return undefined
  const { head, finding, deleted } = JSON.parse(row['state'] as string) as ArticleState
  return {
    article: head,
    ...(row['lead'] !== null && { lead: row['lead'] as string }),
    ...(row['text'] !== null && { text: row['text'] as string }),
    ...(finding && { language: finding.language, script: finding.script, madeBy: finding.madeBy }),
    flagged: finding?.flagged ?? false,
    flags: db.prepare(`${FLAG} WHERE f.article_id = ?`).all(id).map(flagOf).sort(byPlace),
    decisions: decisionsOf(db, id),
    deleted,
  }
}

function decisionsOf(db: DatabaseSync, articleId: string): Decision[] {
  return db
    .prepare('SELECT decision FROM decisions WHERE article_id = ?')
    .all(articleId)
    .map(row => JSON.parse(row['decision'] as string) as Decision)
    .sort(byTime)
}

// ---------------------------------------------------------------- listings

export function listFlags(db: DatabaseSync, search: Search, page: PageRequest): Page<FlagDocument> {
  const limit = limitOf(page)
  const { where } = flagSource(search, 'listed')
  const { sql: condition, values } = join([where, ...after('f', page, placeOf('flags', page))], 'AND')
  const rows = db
    .prepare(`${FLAG} WHERE ${condition} ORDER BY ${orderOf('f', page)} LIMIT ?`)
    .all(...values, limit + 1)
  return pageOf('flags', page, rows, flagOf)
}

export type ListedArticle = ArticleHead & { readonly flagged: boolean }

/**
 * Numbers of articles order them by day alone. So the day is found first on which the page is full, then the articles
 * up to it are put in order: however many have the words, only those of the newest days are looked at.
 */
export function listArticles(db: DatabaseSync, search: Search, page: PageRequest): Page<ListedArticle> {
  const limit = limitOf(page)
  const place = placeOf('articles', page)
  const sign = page.order === 'oldest' ? 1 : -1
  const numbers = beyond(numbersWithin(search), page, place)
  const take = (range: Numbers, orderOf: (number: string) => string): Row[] =>
    articleSources(search, range).flatMap(({ from, where, number }) => {
      const { sql: condition, values } = join([where, ...after('a', page, place)], 'AND')
      return db
        .prepare(
          `SELECT a.n, a.at, a.id, a.flagged FROM ${from.sql} WHERE ${condition} ORDER BY ${orderOf(number)} LIMIT ?`,
        )
        .all(...from.values, ...values, limit + 1)
    })
  const found = take(numbers, number => `${number} ${directionOf(page)}`).sort(
    (a, b) => sign * (Number(a['n']) - Number(b['n'])),
  )
  const last = found[limit] ?? found.at(-1)
  if (!last) return { items: [] }
  const rows = take(upTo(numbers, page, Number(last['at'])), () => orderOf('a', page)).sort(
    (a, b) => sign * byAt(a, b),
  )
  const state = db.prepare('SELECT state FROM article_states WHERE n = ?')
  return pageOf('articles', page, rows.slice(0, limit + 1), row => ({
    ...(JSON.parse(state.get(row['n'] as number)!['state'] as string) as ArticleState).head,
    flagged: row['flagged'] === 1,
  }))
}

/** The numbers from the day of the cursor on, in the direction of the listing. */
function beyond([first, end]: Numbers, { order }: PageRequest, place: Place | undefined): Numbers {
  if (!place) return [first, end]
  const [dayFirst, dayEnd] = numbersOfDay(place.at)
  return order === 'oldest' ? [Math.max(first, dayFirst), end] : [first, Math.min(end, dayEnd)]
}

/** The numbers as far as the day of `at`, in the direction of the listing. */
function upTo([first, end]: Numbers, { order }: PageRequest, at: number): Numbers {
  const [dayFirst, dayEnd] = numbersOfDay(at)
  return order === 'oldest' ? [first, Math.min(end, dayEnd)] : [Math.max(first, dayFirst), end]
}

function directionOf({ order }: PageRequest): 'ASC' | 'DESC' {
  return order === 'oldest' ? 'ASC' : 'DESC'
}

function orderOf(asked: 'f' | 'a', page: PageRequest): string {
  const direction = directionOf(page)
  return `${asked}.at ${direction}, ${asked}.id ${direction}`
}

function after(asked: 'f' | 'a', { order }: PageRequest, place: Place | undefined): Sql[] {
  if (!place) return []
  return [sql(`(${asked}.at, ${asked}.id) ${order === 'oldest' ? '>' : '<'} (?, ?)`, place.at, place.id)]
}

function byAt(a: Row, b: Row): number {
  return Number(a['at']) - Number(b['at']) || ((a['id'] as string) < (b['id'] as string) ? -1 : 1)
}

/** A page of the rows, which are one more than the page takes where there is another page. */
function pageOf<T>(
  listing: 'flags' | 'articles',
  page: PageRequest,
  rows: readonly Row[],
  read: (row: Row) => T,
): Page<T> {
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  const more = rows.length > page.limit && last
  return {
    items: items.map(read),
    ...(more && {
      nextCursor: cursorAt(listing, page, { at: Number(last['at']), id: last['id'] as string }),
    }),
  }
}
