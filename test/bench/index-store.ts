/** The search index against FTS5 as it comes: one table of texts and one of facts, questions by join. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Article } from '../../core/article.ts'
import type { Finding } from '../../core/finding.ts'
import type { IndexEntry, IndexReader, Search } from '../../core/ports.ts'
import { addDays } from '../../core/time.ts'
import { sqliteIndexReader, sqliteIndexWriter } from '../../index/sqlite-store.ts'
import { LAST_DAY, corpus } from '../contract/index-corpus.ts'
import { all, phrase, word } from '../contract/index-queries.ts'
import { figure, measure, median, ratio } from './table.ts'
import type { BenchOptions, Measured, Table } from './table.ts'

export const name = 'index'

const BATCH = 200
const FIELDS = ['category', 'source', 'country', 'language', 'status'] as const

/** Stands in two of three articles of this corpus, which is far more than a word that people search for. */
const COMMON = 'presuda'

export async function bench({ quick }: BenchOptions): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'opomena-bench-index-'))
  try {
    const size = quick ? 1_000 : 20_000
    const puts = await measurePuts(folder, quick ? 400 : 2_000, quick ? 1 : 5)
    const asked = await measureQuestions(folder, size, quick ? 3 : 9)
    return {
      title: `index: put, and ask ${figure(size)} articles of 3 KB`,
      columns: ['', 'ours', 'plain FTS5', 'ratio'],
      rows: [...puts, ...asked],
      notes: [
        'questions in milliseconds, medians, asked in turn; a ratio above 1 says that ours is faster',
        'ours folds all scripts into one, keeps stems beside exact words, merges revisions and counts by day as it puts;',
        'plain FTS5 stores the text and tokenizes it, no more, and is asked for the same articles',
      ],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// ---------------------------------------------------------------- putting

async function measurePuts(folder: string, articles: number, rounds: number): Promise<Table['rows']> {
  const entries = corpus({ seed: 1, articles, length: [300, 520], flagged: 0.01, outlets: 200 })
  const captures = entries.filter(entry => entry.kind === 'article')
  const findings = entries.filter(entry => entry.kind === 'finding')
  let run = 0
  const [ours, plain, ofFindings] = (await measure(
    [
      { name: 'ours', run: () => putOurs(join(folder, `a${++run}.db`), captures) },
      { name: 'plain', run: () => putPlain(join(folder, `b${++run}.db`), captures) },
      { name: 'findings', run: () => putOurs(join(folder, `c${++run}.db`), findings) },
    ],
    rounds,
  )) as [Measured, Measured, Measured]
  return [
    [
      'articles put, a CPU-second',
      figure(ours.perCpuSecond),
      figure(plain.perCpuSecond),
      ratio(ours.perCpuSecond, plain.perCpuSecond),
    ],
    [
      'articles put, a second',
      figure(ours.perSecond),
      figure(plain.perSecond),
      ratio(ours.perSecond, plain.perSecond),
    ],
    ['findings put, a CPU-second', figure(ofFindings.perCpuSecond), '', ''],
  ]
}

async function putOurs(path: string, entries: readonly IndexEntry[]): Promise<number> {
  const writer = sqliteIndexWriter({ path })
  for (let from = 0; from < entries.length; from += BATCH) {
    const faults = (await writer.put(entries.slice(from, from + BATCH))).filter(fault => fault !== undefined)
    if (faults[0]) throw faults[0]
  }
  await writer.close()
  return entries.length
}

function putPlain(path: string, entries: readonly { readonly article: Article }[]): number {
  const db = plainIndex(path)
  const addText = db.prepare('INSERT INTO words (rowid, title, lead, text) VALUES (?, ?, ?, ?)')
  const addFacts = db.prepare(
    'INSERT INTO facts (n, id, at, day, source, country, language) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  for (let from = 0; from < entries.length; from += BATCH) {
    db.exec('BEGIN IMMEDIATE')
    for (const [i, { article }] of entries.slice(from, from + BATCH).entries()) {
      const { id, at, day, sourceId, outlet, title, lead = '', text } = article
      addText.run(from + i, title, lead, text)
      addFacts.run(from + i, id, at, day, sourceId, outlet.country ?? '', '')
    }
    db.exec('COMMIT')
  }
  db.close()
  return entries.length
}

function plainIndex(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
    CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(title, lead, text, tokenize='unicode61 remove_diacritics 2');
    CREATE TABLE IF NOT EXISTS facts (n INTEGER PRIMARY KEY, id TEXT, at TEXT, day TEXT, source TEXT, country TEXT, language TEXT);
    CREATE TABLE IF NOT EXISTS flags (n INTEGER PRIMARY KEY, article INTEGER, day TEXT, category TEXT);
    CREATE INDEX IF NOT EXISTS by_time ON facts (at);`)
  return db
}

// ---------------------------------------------------------------- asking

async function measureQuestions(folder: string, size: number, rounds: number): Promise<Table['rows']> {
  const ours = join(folder, 'ours.db')
  const plainPath = join(folder, 'plain.db')
  for (let first = 0; first < size; first += 1_000) {
    const entries = corpus({
      seed: first + 2,
      articles: 1_000,
      first,
      length: [300, 520],
      flagged: 0.01,
      outlets: 200,
    })
    await putOurs(ours, entries)
    addPlain(plainPath, first, entries)
  }
  const reader = sqliteIndexReader({ path: ours })
  const plain = plainIndex(plainPath)
  const rows: (string | number)[][] = []
  for (const question of QUESTIONS) {
    const [mine, theirs] = await inTurn(
      rounds,
      () => question.ask(reader),
      () => question.plain(plain),
    )
    rows.push([question.name, figure(mine), figure(theirs), ratio(theirs, mine)])
  }
  await reader.close()
  plain.close()
  return rows
}

function addPlain(path: string, first: number, entries: readonly IndexEntry[]): void {
  const db = plainIndex(path)
  db.exec('BEGIN IMMEDIATE')
  const addText = db.prepare('INSERT INTO words (rowid, title, lead, text) VALUES (?, ?, ?, ?)')
  const addFacts = db.prepare('INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?)')
  const addFlag = db.prepare('INSERT INTO flags (article, day, category) VALUES (?, ?, ?)')
  const numbers = new Map<string, number>()
  for (const { article } of entries.filter(entry => entry.kind === 'article')) {
    if (numbers.has(article.id)) continue
    const n = first + numbers.size
    numbers.set(article.id, n)
    addText.run(n, article.title, article.lead ?? '', article.text)
    addFacts.run(n, article.id, article.at, article.day, article.sourceId, article.outlet.country ?? '', '')
  }
  for (const { finding } of entries.filter(
    (entry): entry is { kind: 'finding'; finding: Finding } => entry.kind === 'finding',
  )) {
    for (const flag of finding.flags)
      addFlag.run(numbers.get(finding.article.id)!, finding.article.day, flag.category)
  }
  db.exec('COMMIT')
  db.close()
}

export interface Question {
  readonly name: string
  ask(reader: IndexReader): Promise<unknown>
  plain(db: DatabaseSync): unknown
}

const JOINED = 'FROM words w JOIN facts f ON f.n = w.rowid WHERE words MATCH ?'
const NEWEST = `SELECT f.* ${JOINED} ORDER BY f.at DESC LIMIT 50`
const FLAGGED = 'FROM flags g WHERE g.article IN (SELECT rowid FROM words WHERE words MATCH ?)'
const NEWEST_FLAGS = `SELECT g.* ${FLAGGED} ORDER BY g.day DESC LIMIT 50`

/** The same articles for an index that folds no script and knows no stem. */
const PLAIN_COMMON = 'presud* OR пресуд*'
const PLAIN_PHRASE = '"prava ljudskih" OR "права људских"'

/** Each asks from another day on, long before the first article, so that no answer can be remembered. */
let turn = 0
const within = (query: Search['query']): Search & { from: string; to: string } => ({
  query,
  from: addDays('2020-01-01', turn++),
  to: LAST_DAY,
})

export const QUESTIONS: readonly Question[] = [
  {
    name: 'newest 50 flags, common word',
    ask: reader => reader.searchFlags(within(word(COMMON)), { limit: 50 }),
    plain: db => db.prepare(NEWEST_FLAGS).all(PLAIN_COMMON),
  },
  {
    name: 'newest 50 articles, common word',
    ask: reader => reader.searchArticles(within(word(COMMON)), { limit: 50 }),
    plain: db => db.prepare(NEWEST).all(PLAIN_COMMON),
  },
  {
    name: 'newest 50 articles, phrase',
    ask: reader => reader.searchArticles(within(phrase('prava ljudskih')), { limit: 50 }),
    plain: db => db.prepare(NEWEST).all(PLAIN_PHRASE),
  },
  {
    name: 'timeline by category with articles, common word',
    ask: reader => reader.timeline(within(word(COMMON)), { interval: 'month', splitBy: 'category' }),
    plain: db => plainTimeline(db, PLAIN_COMMON),
  },
  {
    name: 'timeline by category with articles, phrase',
    ask: reader =>
      reader.timeline(within(phrase('prava ljudskih')), { interval: 'month', splitBy: 'category' }),
    plain: db => plainTimeline(db, PLAIN_PHRASE),
  },
  {
    name: 'five facets with articles, common word',
    ask: reader => reader.facets(within(word(COMMON)), FIELDS, 20),
    plain: db => plainFacets(db, PLAIN_COMMON),
  },
  {
    name: 'a whole page (flags, count, facets, timeline), common word',
    ask: reader => page(reader, within(word(COMMON))),
    plain: db => plainPage(db, PLAIN_COMMON),
  },
  {
    name: 'the same, phrase',
    ask: reader => page(reader, within(phrase('prava ljudskih'))),
    plain: db => plainPage(db, PLAIN_PHRASE),
  },
  {
    name: 'the same, everything there is',
    ask: reader => page(reader, within(all)),
    plain: db => [
      db.prepare('SELECT * FROM flags ORDER BY day DESC LIMIT 50').all(),
      db.prepare('SELECT day, category, count(*) FROM flags GROUP BY 1, 2').all(),
      ...['day', 'source', 'country', 'language'].map(column =>
        db.prepare(`SELECT ${column}, count(*) FROM facts GROUP BY 1`).all(),
      ),
    ],
  },
]

function plainTimeline(db: DatabaseSync, match: string): unknown {
  return [
    db.prepare(`SELECT f.day, count(*) ${JOINED} GROUP BY 1`).all(match),
    db.prepare(`SELECT g.day, g.category, count(*) ${FLAGGED} GROUP BY 1, 2`).all(match),
  ]
}

function plainFacets(db: DatabaseSync, match: string): unknown {
  return [
    db.prepare(`SELECT g.category, count(*) ${FLAGGED} GROUP BY 1`).all(match),
    ...['source', 'country', 'language'].map(column =>
      db.prepare(`SELECT f.${column}, count(*) ${JOINED} GROUP BY 1`).all(match),
    ),
  ]
}

function plainPage(db: DatabaseSync, match: string): unknown {
  return [
    db.prepare(NEWEST_FLAGS).all(match),
    db.prepare(`SELECT count(*) ${JOINED}`).all(match),
    plainFacets(db, match),
    plainTimeline(db, match),
  ]
}

async function page(reader: IndexReader, search: Search & { from: string; to: string }): Promise<void> {
  await reader.searchFlags(search, { limit: 50 })
  await reader.count(search)
  await reader.facets(search, FIELDS, 20)
  await reader.timeline(search, { interval: 'week', splitBy: 'category' })
}

/** Median milliseconds of each, asked in turn. */
async function inTurn(
  rounds: number,
  ...asks: readonly [() => unknown, () => unknown]
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let round = -1; round < rounds; round++) {
    for (const [i, ask] of asks.entries()) {
      const begin = performance.now()
      await ask()
      if (round >= 0) times[i]!.push(performance.now() - begin)
    }
  }
  return [median(times[0]), median(times[1])]
}
