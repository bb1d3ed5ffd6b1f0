/** Puts one entry into the tables of the search index: merges it with what is known, and saves what changed. */
import type { DatabaseSync } from 'node:sqlite'
import type { Article } from '../core/article.ts'
import type { Decision } from '../core/decision.ts'
import type { Finding } from '../core/finding.ts'
import type { IndexEntry } from '../core/ports.ts'
import { deleteArticle, dropWords, findingKey, mergeArticle, mergeFinding } from './merge.ts'
import type { Merged } from './merge.ts'
import { articleTables } from './sqlite-articles.ts'
import type { StoredArticle } from './sqlite-articles.ts'
import { decisionTables } from './sqlite-decisions.ts'
import { dimTables } from './sqlite-dims.ts'
import { flagTables } from './sqlite-flags.ts'
import { healthTables } from './sqlite-health.ts'
import { settings } from './sqlite-settings.ts'
import { wordTables } from './sqlite-words.ts'

export type Tables = ReturnType<typeof openTables>

export function openTables(db: DatabaseSync) {
  const dims = dimTables(db)
  const words = wordTables(db)
  const articles = articleTables(db, dims, words)
  return {
    articles,
    flags: flagTables(db, dims),
    decisions: decisionTables(db),
    health: healthTables(db),
    settings: settings(db),
    /** Writes what was gathered. Last in every transaction. */
    save(): void {
      words.save()
      articles.saveCounts()
    },
    /** Forgets what a transaction did that was rolled back. */
    forget(): void {
      dims.forget()
      words.forget()
      articles.forget()
    },
  }
}

export function putEntry(tables: Tables, entry: IndexEntry): void {
  switch (entry.kind) {
    case 'article':
      putArticle(tables, entry.article)
      return
    case 'finding':
      putFinding(tables, entry.finding)
      return
    case 'decision':
      putDecision(tables, entry.decision)
      return
    case 'observation':
      tables.health.put(entry.observation)
      return
  }
}

function putArticle(tables: Tables, article: Article): void {
  const before = tables.articles.load(article.id)
  saveArticle(tables, article.id, before, mergeArticle(before?.state, article), before?.hasFlags ?? false)
}

function putFinding(tables: Tables, finding: Finding): void {
  const { id } = finding.article
  const before = tables.articles.load(id)
  const key = findingKey(finding)
  if (before?.state.finding?.key === key) return
  const hasFlags = (before?.hasFlags ?? false) || finding.flags.length > 0
  const after = saveArticle(tables, id, before, mergeFinding(before?.state, finding, key), hasFlags)
  if (!hasFlags) return
  tables.flags.put(finding, key, after.n, after.state.deleted)
  tables.flags.retire(after)
}

function putDecision(tables: Tables, decision: Decision): void {
  const { articleId } = decision
  if (!tables.decisions.put(decision)) return
  if ('flagId' in decision) tables.flags.judge(decision.flagId)
  if (decision.kind === 'delete' && !tables.decisions.isDeleted(articleId)) obeyDeletion(tables, articleId)
}

/** Words, quotes and notes go now; the mark keeps what comes later from bringing them back. */
function obeyDeletion(tables: Tables, articleId: string): void {
  tables.decisions.markDeleted(articleId)
  tables.decisions.redact(articleId)
  tables.flags.redact(articleId)
  const before = tables.articles.load(articleId)
  if (!before) return
  tables.settings.markToErase()
  const after = saveArticle(tables, articleId, before, { state: before.state }, before.hasFlags)
  tables.flags.retire(after)
}

/** Lets go of the words of an article, where they are not to be kept any more. */
export function expireWords(tables: Tables, id: string): void {
  const before = tables.articles.load(id)
  if (before) saveArticle(tables, id, before, { state: before.state }, before.hasFlags)
}

function saveArticle(
  tables: Tables,
  id: string,
  before: StoredArticle | undefined,
  merged: Merged,
  hasFlags: boolean,
): StoredArticle {
  const kept = tables.decisions.isDeleted(id)
    ? { state: deleteArticle(merged.state) }
    : dropWords(merged, tables.settings.expiredBefore())
  return tables.articles.save(before, kept, hasFlags)
}
