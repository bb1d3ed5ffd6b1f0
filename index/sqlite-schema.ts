/** The tables of the search index on SQLite. */
import type { SqliteFile } from '../core/sqlite.ts'

/*
 * Articles are numbered by time: `n` is the UTC day of `at` times 2^24, plus a running number within the day. So the
 * full-text tables, which know only `n`, answer "the newest of many" without looking at all of them.
 *
 * `daily` holds the counts that charts divide by, and is all that dashboards ask of unflagged articles; sections have
 * a table of their own, because with them it would be ten times as long.
 * Texts are asked in two shelves: few articles have flags, and searches for flags read only theirs.
 * Empty text stands for "absent", so that NOT means the same in SQL as in the predicate of core/query.ts.
 */
const TABLES = `
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE dims (
  id INTEGER PRIMARY KEY,
  language TEXT NOT NULL, script TEXT NOT NULL, source TEXT NOT NULL, country TEXT NOT NULL, kind TEXT NOT NULL,
  outlet TEXT NOT NULL, outlet_folded TEXT NOT NULL,
  UNIQUE (source, language, script, country, kind, outlet)
) STRICT;
CREATE TABLE sections (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, folded TEXT NOT NULL) STRICT;

CREATE TABLE articles (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  dims INTEGER NOT NULL,
  section INTEGER NOT NULL,
  flagged INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  has_flags INTEGER NOT NULL
) STRICT;
CREATE TABLE article_states (n INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;
CREATE TABLE article_details (n INTEGER PRIMARY KEY, author TEXT NOT NULL, url TEXT NOT NULL) STRICT;
CREATE TABLE texts (
  n INTEGER PRIMARY KEY,
  fetched TEXT NOT NULL,
  flagged INTEGER NOT NULL,
  lead TEXT,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX texts_to_expire ON texts (fetched) WHERE flagged = 0;
CREATE INDEX article_authors ON article_details (author) WHERE author <> '';
CREATE TABLE daily (
  day TEXT NOT NULL,
  dims INTEGER NOT NULL,
  flagged INTEGER NOT NULL,
  articles INTEGER NOT NULL,
  PRIMARY KEY (day, dims, flagged)
) STRICT, WITHOUT ROWID;
CREATE TABLE daily_sections (
  day TEXT NOT NULL,
  dims INTEGER NOT NULL,
  section INTEGER NOT NULL,
  flagged INTEGER NOT NULL,
  articles INTEGER NOT NULL,
  PRIMARY KEY (day, dims, section, flagged)
) STRICT, WITHOUT ROWID;

CREATE TABLE flags (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  article_id TEXT NOT NULL,
  article_n INTEGER NOT NULL,
  finding_key TEXT NOT NULL,
  retired INTEGER NOT NULL,
  live INTEGER NOT NULL,
  at INTEGER NOT NULL,
  day TEXT NOT NULL,
  dims INTEGER NOT NULL,
  section INTEGER NOT NULL,
  author TEXT NOT NULL,
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  category TEXT NOT NULL,
  subtype TEXT NOT NULL,
  severity INTEGER NOT NULL,
  confidence REAL NOT NULL,
  event TEXT NOT NULL,
  voice TEXT NOT NULL,
  stance TEXT NOT NULL,
  speaker TEXT NOT NULL,
  speaker_folded TEXT NOT NULL,
  rule TEXT NOT NULL,
  field TEXT NOT NULL,
  evasive INTEGER NOT NULL,
  alert INTEGER NOT NULL,
  status TEXT NOT NULL,
  second INTEGER NOT NULL,
  disagreement INTEGER NOT NULL
) STRICT;
CREATE INDEX flags_by_time ON flags (at, id) WHERE live = 1;
CREATE INDEX flags_by_article ON flags (article_n);
CREATE INDEX flags_by_article_id ON flags (article_id);
CREATE TABLE flag_documents (n INTEGER PRIMARY KEY, document TEXT NOT NULL, standing TEXT NOT NULL) STRICT;
CREATE TABLE flag_targets (
  flag INTEGER NOT NULL,
  target TEXT NOT NULL,
  PRIMARY KEY (flag, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (
  id TEXT PRIMARY KEY,
  article_id TEXT NOT NULL,
  flag_id TEXT NOT NULL,
  content TEXT NOT NULL,
  decision TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_by_article ON decisions (article_id);
CREATE INDEX decisions_by_flag ON decisions (flag_id);
CREATE TABLE deletions (article_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE source_health (source TEXT PRIMARY KEY, health TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE source_failures (
  source TEXT NOT NULL,
  at INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (source, at, id)
) STRICT, WITHOUT ROWID;
`

/** Full text over our own folded words: stems without places for words, exact words with places for phrases. */
const FULL_TEXT = ['plain', 'flagged']
  .map(
    shelf => `
CREATE VIRTUAL TABLE ${shelf}_stems USING fts5(stems, content='', contentless_delete=1, detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE ${shelf}_exact USING fts5(title, lead, text, content='', contentless_delete=1, tokenize='ascii');
INSERT INTO ${shelf}_stems (${shelf}_stems, rank) VALUES ('hashsize', 33554432);
INSERT INTO ${shelf}_exact (${shelf}_exact, rank) VALUES ('hashsize', 67108864);`,
  )
  .join('\n')

/** A text of 3 to 6 KB shares its page, or needs no second one. */
export const PAGE_BYTES = 8_192

/** The index can be built again from the topics, so that a power cut may cost its last commits. */
export const INDEX_FILE: SqliteFile = {
  what: 'search index',
  migrations: [TABLES + FULL_TEXT],
  synchronous: 'NORMAL',
  pageSize: PAGE_BYTES,
}

/** How many articles a day the numbering holds, as a factor: 2^24. */
const PER_DAY = 0x1000000
const DAY_MS = 86_400_000

/** The numbers of the articles of one UTC day: from the first to before the second. */
export function numbersOfDay(at: number): readonly [number, number] {
  const day = Math.max(0, Math.floor(at / DAY_MS))
  return [day * PER_DAY, (day + 1) * PER_DAY]
}

/** The number of a calendar day: days since 1970. */
export function numberOfDay(day: string): number {
  return Date.parse(day) / DAY_MS
}

export function dayOfNumber(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10)
}
