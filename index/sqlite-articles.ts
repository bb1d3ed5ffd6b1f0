/** Saves what is known of an article: its row, its words on their shelf, and its share of the daily counts. */
import type { DatabaseSync } from 'node:sqlite'
import { fold } from '../core/text.ts'
import { fetchedDay } from './merge.ts'
import type { ArticleState, KeptWords, Merged } from './merge.ts'
import type { Dims } from './sqlite-dims.ts'
import { numberOfDay, numbersOfDay } from './sqlite-schema.ts'
import type { Shelf, WordTables } from './sqlite-words.ts'

/** An article as it is stored. */
export interface StoredArticle {
  readonly n: number
  readonly state: ArticleState
  readonly hasFlags: boolean
  readonly dims: number
  readonly section: number
}

export interface ArticleTables {
  load(id: string): StoredArticle | undefined
  /** Answers the article as it is stored now; its number changes with its day. */
  save(before: StoredArticle | undefined, after: Merged, hasFlags: boolean): StoredArticle
  /** Writes the daily counts that changed since the last time. Last in every transaction. */
  saveCounts(): void
  /** Forgets counts not yet saved: the transaction was rolled back. */
  forget(): void
}

export function articleTables(db: DatabaseSync, dims: Dims, words: WordTables): ArticleTables {
  const loadOne = db.prepare(
    'SELECT a.n, a.has_flags, a.dims, a.section, s.state FROM articles a JOIN article_states s USING (n) WHERE a.id = ?',
  )
  const numberOf = numbering(db)
  const rows = articleRows(db)
  const texts = keptTexts(db)
  const counts = dailyCounts(db)

  return {
    load(id) {
      const row = loadOne.get(id)
      if (!row) return undefined
      return {
        n: row['n'] as number,
        state: JSON.parse(row['state'] as string) as ArticleState,
        hasFlags: row['has_flags'] === 1,
        dims: row['dims'] as number,
        section: row['section'] as number,
      }
    },

    save(before, merged, hasFlags) {
      const { head, finding } = merged.state
      const after: StoredArticle = {
        n: numberOf(before, Date.parse(head.at)),
        state: merged.state,
        hasFlags,
        dims: dims.dims(head, finding?.language, finding?.script),
        section: dims.section(head),
      }
      const shelved = isShelvedAlike(before, after)
      // Read before anything goes: the words stay while number or shelf change.
      const known = shelved || !before || !after.state.wordsKey ? undefined : texts.read(before.n)
      const kept = merged.words ?? known
      if (before && !shelved) unshelve(words, before)
      if (!shelved) shelve(words, after, kept)
      rows.save(before, after)
      texts.save(before, after, kept)
      if (before && !before.state.deleted) counts.add(before, -1)
      if (!after.state.deleted) counts.add(after, 1)
      return after
    },

    saveCounts: () => {
      counts.save()
    },
    forget: () => {
      counts.forget()
    },
  }
}

/** Which number an article has: its own as long as it stays on its day, else the next one of the day. */
function numbering(db: DatabaseSync): (before: StoredArticle | undefined, at: number) => number {
  const lastOfDay = db.prepare('SELECT max(n) AS n FROM articles WHERE n >= ? AND n < ?')
  return (before, at) => {
    const [first, end] = numbersOfDay(at)
    if (before && before.n >= first && before.n < end) return before.n
    const last = lastOfDay.get(first, end)!['n'] as number | null
    return last === null ? first : last + 1
  }
}

/**
 * Plain inserts and updates: one that may have to undo part of itself (REPLACE, ON CONFLICT) makes full text write out
 * what it has gathered, each time.
 */
function articleRows(db: DatabaseSync) {
  const add = db.prepare(
    'INSERT INTO articles (id, at, day, dims, section, flagged, deleted, has_flags, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const change = db.prepare(
    'UPDATE articles SET at = ?, day = ?, dims = ?, section = ?, flagged = ?, deleted = ?, has_flags = ? WHERE n = ?',
  )
  const putState = db.prepare('INSERT OR REPLACE INTO article_states VALUES (?, ?)')
  const putDetails = db.prepare('INSERT OR REPLACE INTO article_details VALUES (?, ?, ?)')
  const removers = ['articles', 'article_states', 'article_details'].map(table =>
    db.prepare(`DELETE FROM ${table} WHERE n = ?`),
  )
  return {
    save(before: StoredArticle | undefined, { n, state, hasFlags, dims, section }: StoredArticle): void {
      const { head, deleted } = state
      if (before && before.n !== n) for (const remove of removers) remove.run(before.n)
      const flags = [flaggedOf(state), Number(deleted), Number(hasFlags)]
      const row = [Date.parse(head.at), numberOfDay(head.day), dims, section, ...flags, n]
      if (before?.n === n) change.run(...row)
      else add.run(head.id, ...row)
      putState.run(n, JSON.stringify(state))
      putDetails.run(n, fold(head.author ?? ''), head.url.toLowerCase())
    },
  }
}

function keptTexts(db: DatabaseSync) {
  const add = db.prepare('INSERT INTO texts VALUES (?, ?, ?, ?, ?)')
  const mark = db.prepare('UPDATE texts SET fetched = ?, flagged = ? WHERE n = ?')
  const remove = db.prepare('DELETE FROM texts WHERE n = ?')
  const read = db.prepare('SELECT lead, text FROM texts WHERE n = ?')
  return {
    read(n: number): Omit<KeptWords, 'key'> | undefined {
      const row = read.get(n)
      if (!row) return undefined
      const lead = row['lead'] as string | null
      return { text: row['text'] as string, ...(lead === null ? {} : { lead }) }
    },
    save(
      before: StoredArticle | undefined,
      { n, state }: StoredArticle,
      kept: Omit<KeptWords, 'key'> | undefined,
    ): void {
      const had = before?.state.wordsKey !== undefined
      if (had && (kept || before.n !== n || !state.wordsKey)) remove.run(before.n)
      if (!state.wordsKey) return
      if (kept) add.run(n, fetchedDay(state.wordsKey), flaggedOf(state), kept.lead ?? null, kept.text)
      else mark.run(fetchedDay(state.wordsKey), flaggedOf(state), n)
    },
  }
}

function flaggedOf(state: ArticleState): number {
  return Number(state.finding?.flagged ?? false)
}

/** Whether the words of an article stand in the full-text tables as they should already. */
function isShelvedAlike(before: StoredArticle | undefined, after: StoredArticle): boolean {
  return (
    before?.n === after.n &&
    shelfOf(before) === shelfOf(after) &&
    before.state.wordsKey === after.state.wordsKey &&
    before.state.head.title === after.state.head.title
  )
}

function shelve(words: WordTables, article: StoredArticle, kept: Omit<KeptWords, 'key'> | undefined): void {
  const shelf = shelfOf(article)
  if (!shelf) return
  const { title } = article.state.head
  words.add(shelf, article.n, { title, lead: kept?.lead ?? '', text: kept?.text ?? '' })
}

function unshelve(words: WordTables, article: StoredArticle): void {
  const shelf = shelfOf(article)
  if (shelf) words.remove(shelf, article.n)
}

function shelfOf({ state, hasFlags }: { state: ArticleState; hasFlags: boolean }): Shelf | undefined {
  return state.deleted ? undefined : hasFlags ? 'flagged' : 'plain'
}

/** Collects changes, because the records of one batch mostly concern the same days and outlets. */
function dailyCounts(db: DatabaseSync) {
  const daily = countTable(db, 'daily', ['day', 'dims', 'flagged'])
  const bySection = countTable(db, 'daily_sections', ['day', 'dims', 'section', 'flagged'])
  return {
    add({ state, dims, section }: StoredArticle, change: 1 | -1): void {
      const { day } = state.head
      daily.add([day, dims, flaggedOf(state)], change)
      bySection.add([day, dims, section, flaggedOf(state)], change)
    },
    save(): void {
      daily.save()
      bySection.save()
    },
    forget(): void {
      daily.forget()
      bySection.forget()
    },
  }
}

function countTable(db: DatabaseSync, table: string, columns: readonly string[]) {
  const changes = new Map<string, number>()
  const add = db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}, articles) VALUES (${columns.map(() => '?').join(', ')}, ?)
     ON CONFLICT DO UPDATE SET articles = articles + excluded.articles`,
  )
  const removeEmpty = db.prepare(
    `DELETE FROM ${table} WHERE ${columns.map(column => `${column} = ?`).join(' AND ')} AND articles = 0`,
  )
  return {
    add(row: readonly (string | number)[], change: number): void {
      const key = JSON.stringify(row)
      changes.set(key, (changes.get(key) ?? 0) + change)
    },
    save(): void {
      for (const [key, change] of changes) {
        if (change === 0) continue
        const row = JSON.parse(key) as (string | number)[]
        add.run(...row, change)
        if (change < 0) removeEmpty.run(...row)
      }
      changes.clear()
    },
    forget(): void {
      changes.clear()
    },
  }
}
