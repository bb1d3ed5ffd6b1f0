/** What ingest remembers between looks, with its outbox in the same file: an article seen and the message of it are kept together, or neither. */
import type { DatabaseSync } from 'node:sqlite'
import { outbox } from '../core/outbox.ts'
import type { Outbox } from '../core/outbox.ts'
import { openSqlite, transact } from '../core/sqlite.ts'

const MIGRATIONS = [
  `CREATE TABLE source_state(
     source_id TEXT PRIMARY KEY, next_due_at TEXT, failures INTEGER NOT NULL DEFAULT 0, last_poll_at TEXT, last_outcome TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE feed_state(
     source_id TEXT NOT NULL, url TEXT NOT NULL, etag TEXT, last_modified TEXT, last_full_at TEXT, body_hash TEXT,
     PRIMARY KEY(source_id, url)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE seen(
     id TEXT PRIMARY KEY, source_id TEXT NOT NULL, url TEXT NOT NULL, state TEXT NOT NULL, twin_of TEXT, canonical_id TEXT,
     item_hash TEXT NOT NULL, revision INTEGER NOT NULL, text_hash TEXT NOT NULL, title_hash TEXT NOT NULL,
     page_title_hash TEXT, at TEXT NOT NULL, published_at TEXT, first_seen_at TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX seen_by_text ON seen(source_id, text_hash) WHERE state = 'published';
   CREATE INDEX seen_by_canonical ON seen(canonical_id) WHERE canonical_id IS NOT NULL;
   CREATE TABLE article_evidence(
     article_id TEXT NOT NULL, raw_hash TEXT NOT NULL, PRIMARY KEY(article_id, raw_hash)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE recheck(
     article_id TEXT NOT NULL, due_at TEXT NOT NULL, title TEXT NOT NULL, PRIMARY KEY(article_id, due_at)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX recheck_by_time ON recheck(due_at);
   CREATE TABLE open_poll(
     id TEXT PRIMARY KEY, observation TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
] as const

export interface SourceState {
  readonly nextDueAt?: string
  /** Failures since the last success. */
  readonly failures: number
  readonly lastPollAt?: string
  readonly lastOutcome?: string
}

export interface FeedState {
  readonly etag?: string
  readonly lastModified?: string
  /** Last time the feed came whole, not as "unchanged". */
  readonly lastFullAt?: string
  readonly bodyHash?: string
}

/** `published`: an article. `duplicate`: another address of `twinOf`. `deleted`: a person had it deleted, and it stays away. */
export type SeenState = 'published' | 'duplicate' | 'refused' | 'failed' | 'deleted'

export interface Seen {
  readonly id: string
  readonly sourceId: string
  readonly url: string
  readonly state: SeenState
  readonly twinOf?: string
  /** Id of the article at the canonical address it states, where that is another. */
  readonly canonicalId?: string
  /** Changes when the feed says something else of the item. */
  readonly itemHash: string
  /** -1 until published. */
  readonly revision: number
  readonly textHash: string
  readonly titleHash: string
  /** Of the title on the page itself, which may differ from the one in the feed from the start. */
  readonly pageTitleHash?: string
  readonly at: string
  readonly publishedAt?: string
  readonly firstSeenAt: string
}

export interface DueRecheck {
  readonly articleId: string
  readonly dueAt: string
  readonly title: string
}

export interface IngestStore {
  readonly outbox: Outbox
  /** All of `work` or nothing; `work` must not await. */
  transact<T>(work: () => T): T
  sourceState(sourceId: string): SourceState
  saveSourceState(sourceId: string, state: SourceState): void
  feedState(sourceId: string, url: string): FeedState
  saveFeedState(sourceId: string, url: string, state: FeedState): void
  seen(articleId: string): Seen | undefined
  saveSeen(seen: Seen): void
  /** A published article of the source with the same words, dated within `days` of `at`. */
  twin(sourceId: string, textHash: string, at: string, days: number): string | undefined
  /** Published articles that state the article of this id as their canonical one. */
  statingCanonical(articleId: string): readonly Seen[]
  addEvidence(articleId: string, rawHash: string): void
  evidenceOf(articleId: string): readonly string[]
  /** `title` is the title as published. */
  planRecheck(articleId: string, dueAt: string, title: string): void
  dueRechecks(now: string, limit: number): readonly DueRecheck[]
  /** Removes the rechecks of an article that are due; those to come stay. */
  doneRechecks(articleId: string, now: string): void
  /** No rechecks any more, and no words: what is left is the fact that it was seen. */
  forget(articleId: string): void
  /** An observation under way, kept so that a killed poll is accounted for. */
  keepOpenPoll(id: string, observationJson: string): void
  closeOpenPoll(id: string): void
  openPolls(): readonly { readonly id: string; readonly observationJson: string }[]
  close(): void
}

type Row = Readonly<Record<string, string | number | null>>

/** @throws ConfigError when the file is damaged or of a newer Opomena. */
export function openIngestStore({ path }: { readonly path: string }): IngestStore {
  const db = openSqlite(path, { what: 'ingest memory', migrations: MIGRATIONS })
  return {
    outbox: outbox(db),
    transact: work => transact(db, work),
    ...sources(db),
    ...articles(db),
    ...rechecks(db),
    ...polls(db),
    close: () => db.close(),
  }
}

type Part<K extends keyof IngestStore> = Pick<IngestStore, K>

function sources(db: DatabaseSync): Part<'sourceState' | 'saveSourceState' | 'feedState' | 'saveFeedState'> {
  const source = db.prepare('SELECT * FROM source_state WHERE source_id = ?')
  const saveSource = db.prepare(
    'INSERT OR REPLACE INTO source_state(source_id, next_due_at, failures, last_poll_at, last_outcome) VALUES (?, ?, ?, ?, ?)',
  )
  const feed = db.prepare('SELECT * FROM feed_state WHERE source_id = ? AND url = ?')
  const saveFeed = db.prepare(
    'INSERT OR REPLACE INTO feed_state(source_id, url, etag, last_modified, last_full_at, body_hash) VALUES (?, ?, ?, ?, ?, ?)',
  )
  return {
    sourceState(sourceId) {
      const row = source.get(sourceId) as Row | undefined
      if (!row) return { failures: 0 }
      return {
        failures: Number(row['failures']),
        ...text('nextDueAt', row['next_due_at']),
        ...text('lastPollAt', row['last_poll_at']),
        ...text('lastOutcome', row['last_outcome']),
      }
    },
    saveSourceState(sourceId, state) {
      saveSource.run(
        sourceId,
        state.nextDueAt ?? null,
        state.failures,
        state.lastPollAt ?? null,
        state.lastOutcome ?? null,
      )
    },
    feedState(sourceId, url) {
      const row = feed.get(sourceId, url) as Row | undefined
      if (!row) return {}
      return {
        ...text('etag', row['etag']),
        ...text('lastModified', row['last_modified']),
        ...text('lastFullAt', row['last_full_at']),
        ...text('bodyHash', row['body_hash']),
      }
    },
    saveFeedState(sourceId, url, state) {
      saveFeed.run(
        sourceId,
        url,
        state.etag ?? null,
        state.lastModified ?? null,
        state.lastFullAt ?? null,
        state.bodyHash ?? null,
      )
    },
  }
}

function articles(
  db: DatabaseSync,
): Part<'seen' | 'saveSeen' | 'twin' | 'statingCanonical' | 'addEvidence' | 'evidenceOf'> {
  const one = db.prepare('SELECT * FROM seen WHERE id = ?')
  const save = db.prepare(
    `INSERT OR REPLACE INTO seen(id, source_id, url, state, twin_of, canonical_id, item_hash, revision, text_hash, title_hash, page_title_hash, at,
     published_at, first_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const twin = db.prepare(
    `SELECT id FROM seen WHERE source_id = ? AND text_hash = ? AND state = 'published' AND at BETWEEN ? AND ? ORDER BY at, id LIMIT 1`,
  )
  const stating = db.prepare(`SELECT * FROM seen WHERE canonical_id = ? AND state = 'published'`)
  const addEvidence = db.prepare('INSERT OR IGNORE INTO article_evidence(article_id, raw_hash) VALUES (?, ?)')
  const evidence = db.prepare('SELECT raw_hash FROM article_evidence WHERE article_id = ?')
  return {
    seen(articleId) {
      const row = one.get(articleId) as Row | undefined
      return row && seenOf(row)
    },
    saveSeen(seen) {
      save.run(
        seen.id,
        seen.sourceId,
        seen.url,
        seen.state,
        seen.twinOf ?? null,
        seen.canonicalId ?? null,
        seen.itemHash,
        seen.revision,
        seen.textHash,
        seen.titleHash,
        seen.pageTitleHash ?? null,
        seen.at,
        seen.publishedAt ?? null,
        seen.firstSeenAt,
      )
    },
    twin(sourceId, textHash, at, days) {
      const [from, to] = [-days, days].map(away => new Date(Date.parse(at) + away * 86_400_000).toISOString())
      return (twin.get(sourceId, textHash, from!, to!) as { id: string } | undefined)?.id
    },
    statingCanonical: articleId => (stating.all(articleId) as Row[]).map(seenOf),
    addEvidence: (articleId, rawHash) => void addEvidence.run(articleId, rawHash),
    evidenceOf: articleId => (evidence.all(articleId) as { raw_hash: string }[]).map(row => row.raw_hash),
  }
}

function rechecks(db: DatabaseSync): Part<'planRecheck' | 'dueRechecks' | 'doneRechecks' | 'forget'> {
  const plan = db.prepare('INSERT OR IGNORE INTO recheck(article_id, due_at, title) VALUES (?, ?, ?)')
  const due = db.prepare(
    'SELECT article_id, max(due_at) AS due_at, title FROM recheck WHERE due_at <= ? GROUP BY article_id ORDER BY 2 LIMIT ?',
  )
  const done = db.prepare('DELETE FROM recheck WHERE article_id = ? AND due_at <= ?')
  const all = db.prepare('DELETE FROM recheck WHERE article_id = ?')
  const state = db.prepare(
    `UPDATE seen SET state = 'deleted', text_hash = '', title_hash = '', page_title_hash = NULL WHERE id = ?`,
  )
  const evidence = db.prepare('DELETE FROM article_evidence WHERE article_id = ?')
  return {
    planRecheck: (articleId, dueAt, title) => void plan.run(articleId, dueAt, title),
    dueRechecks: (now, limit) =>
      (due.all(now, limit) as Row[]).map(row => ({
        articleId: String(row['article_id']),
        dueAt: String(row['due_at']),
        title: String(row['title']),
      })),
    doneRechecks: (articleId, now) => void done.run(articleId, now),
    forget(articleId) {
      all.run(articleId)
      state.run(articleId)
      evidence.run(articleId)
    },
  }
}

function polls(db: DatabaseSync): Part<'keepOpenPoll' | 'closeOpenPoll' | 'openPolls'> {
  const keep = db.prepare('INSERT OR REPLACE INTO open_poll(id, observation) VALUES (?, ?)')
  const close = db.prepare('DELETE FROM open_poll WHERE id = ?')
  const all = db.prepare('SELECT id, observation FROM open_poll ORDER BY id')
  return {
    keepOpenPoll: (id, json) => void keep.run(id, json),
    closeOpenPoll: id => void close.run(id),
    openPolls: () =>
      (all.all() as { id: string; observation: string }[]).map(row => ({
        id: row.id,
        observationJson: row.observation,
      })),
  }
}

function seenOf(row: Row): Seen {
  return {
    id: String(row['id']),
    sourceId: String(row['source_id']),
    url: String(row['url']),
    state: row['state'] as SeenState,
    ...text('twinOf', row['twin_of']),
    ...text('canonicalId', row['canonical_id']),
    itemHash: String(row['item_hash']),
    revision: Number(row['revision']),
    textHash: String(row['text_hash']),
    titleHash: String(row['title_hash']),
    ...text('pageTitleHash', row['page_title_hash']),
    at: String(row['at']),
    ...text('publishedAt', row['published_at']),
    firstSeenAt: String(row['first_seen_at']),
  }
}

function text<K extends string>(
  name: K,
  value: string | number | null | undefined,
): Partial<Record<K, string>> {
  return typeof value === 'string' ? ({ [name]: value } as Record<K, string>) : {}
}
