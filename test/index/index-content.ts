/** All that a search index file holds, in an order that does not depend on how it came there. For comparing two of them. */
import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { WORD_TABLES } from '../../index/sqlite-words.ts'

type Row = Record<string, unknown>

const TABLES: Readonly<Record<string, string>> = {
  articles: `SELECT a.id, a.at, a.day, a.flagged, a.deleted, a.has_flags, x.language, x.script, x.source, x.country, x.kind,
    x.outlet, s.name, st.state, d.author, d.url, t.fetched, t.flagged AS keeps, t.lead, t.text
    FROM articles a JOIN dims x ON x.id = a.dims JOIN sections s ON s.id = a.section JOIN article_states st USING (n)
    JOIN article_details d USING (n) LEFT JOIN texts t USING (n) ORDER BY a.id`,
  strays: `SELECT (SELECT count(*) FROM article_states) AS states, (SELECT count(*) FROM article_details) AS details,
    (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM texts WHERE n NOT IN (SELECT n FROM articles)) AS texts,
    (SELECT count(*) FROM flag_documents WHERE n NOT IN (SELECT n FROM flags)) AS documents,
    (SELECT count(*) FROM flags f WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.n = f.article_n AND a.id = f.article_id)) AS flags`,
  daily: `SELECT day, flagged, articles, x.language, x.script, x.source, x.country, x.kind, x.outlet
    FROM daily d JOIN dims x ON x.id = d.dims ORDER BY day, x.source, x.language, x.script, x.outlet, flagged`,
  sections: `SELECT day, flagged, articles, x.language, x.script, x.source, x.country, x.kind, x.outlet, s.name
    FROM daily_sections d JOIN dims x ON x.id = d.dims JOIN sections s ON s.id = d.section
    ORDER BY day, x.source, x.language, x.script, x.outlet, s.name, flagged`,
  flags: `SELECT f.*, NULL AS n, NULL AS article_n, NULL AS dims, NULL AS section, d.document, d.standing,
    (SELECT group_concat(target) FROM flag_targets t WHERE t.flag = f.n) AS targets
    FROM flags f JOIN flag_documents d USING (n) ORDER BY f.id`,
  decisions: 'SELECT * FROM decisions ORDER BY id',
  deletions: 'SELECT * FROM deletions ORDER BY article_id',
  health: 'SELECT * FROM source_health ORDER BY source',
  failures: 'SELECT * FROM source_failures ORDER BY source, at, id',
  // Whether something is still to be erased from the file is no content.
  settings: "SELECT * FROM settings WHERE name <> 'to-erase'",
}

export function contentOf(path: string): Record<string, readonly Row[]> {
  const db = new DatabaseSync(path)
  try {
    const content: Record<string, readonly Row[]> = {}
    for (const [name, select] of Object.entries(TABLES)) content[name] = db.prepare(select).all().map(parsed)
    for (const table of WORD_TABLES) content[table] = wordsOf(db, table)
    return content
  } finally {
    db.close()
  }
}

/** The order of fields in JSON is no content. */
function parsed(row: Row): Row {
  const isJson = (value: unknown): value is string => typeof value === 'string' && value.startsWith('{')
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      isJson(value) ? (JSON.parse(value) as unknown) : value,
    ]),
  )
}

/** Every word of a full-text table with the article and the place where it stands. */
function wordsOf(db: DatabaseSync, table: string): Row[] {
  db.exec(`CREATE VIRTUAL TABLE temp.words_of_${table} USING fts5vocab(main, ${table}, instance)`)
  return db
    .prepare(
      `SELECT w.term, coalesce(a.id, 'stray ' || w.doc) AS article, w.col, w.offset FROM words_of_${table} w
       LEFT JOIN articles a ON a.n = w.doc ORDER BY 1, 2, 3, 4`,
    )
    .all()
    .map(parsed)
}

/** Whether the bytes of the file, or of the files beside it, hold a text. */
export function holdsBytes(path: string, text: string): boolean {
  return [path, `${path}-wal`].some(file => existsSync(file) && readFileSync(file).includes(text))
}
