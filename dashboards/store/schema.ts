/** Tables of `app.db`: what people entered. It is the record; the log only carries copies of it on. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE users(
     id TEXT PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     role TEXT NOT NULL,
     password TEXT NOT NULL,
     disabled INTEGER NOT NULL DEFAULT 0,
     settings TEXT NOT NULL DEFAULT '{}',
     break_at TEXT,
     created_at TEXT NOT NULL,
     signed_in_at TEXT
   ) STRICT;
   CREATE TABLE sessions(
     id_hash TEXT PRIMARY KEY,
     user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
     created_at TEXT NOT NULL,
     seen_at TEXT NOT NULL,
     browser TEXT NOT NULL
   ) STRICT;
   CREATE INDEX sessions_user ON sessions(user_id);
   CREATE TABLE sign_in_failures(
     key TEXT PRIMARY KEY, tries INTEGER NOT NULL, last_ms INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE leases(
     flag_id TEXT PRIMARY KEY,
     user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
     until TEXT NOT NULL
   ) STRICT;
   CREATE TABLE decisions(
     n INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     kind TEXT NOT NULL,
     article_id TEXT NOT NULL,
     flag_id TEXT,
     user_id TEXT NOT NULL,
     at TEXT NOT NULL,
     json TEXT NOT NULL
   ) STRICT;
   CREATE INDEX decisions_flag ON decisions(flag_id);
   CREATE INDEX decisions_article ON decisions(article_id);
   CREATE INDEX decisions_user ON decisions(user_id, n);
   CREATE INDEX decisions_at ON decisions(at);
   CREATE TABLE audit(
     n INTEGER PRIMARY KEY,
     at TEXT NOT NULL,
     user_id TEXT NOT NULL,
     action TEXT NOT NULL,
     subject TEXT NOT NULL,
     detail TEXT NOT NULL,
     previous TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
   CREATE TABLE subscriptions(
     id TEXT PRIMARY KEY,
     owner TEXT NOT NULL,
     status TEXT NOT NULL,
     token_hash TEXT NOT NULL UNIQUE,
     old_hashes TEXT NOT NULL DEFAULT '[]',
     json TEXT NOT NULL
   ) STRICT;
   CREATE INDEX subscriptions_owner ON subscriptions(owner);
   CREATE TABLE api_tokens(
     id TEXT PRIMARY KEY,
     user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
     name TEXT NOT NULL,
     hash TEXT NOT NULL UNIQUE,
     created_at TEXT NOT NULL,
     used_at TEXT
   ) STRICT;`,
]
