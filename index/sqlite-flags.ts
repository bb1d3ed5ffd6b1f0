/** Saves flags: one row for filters and counts, one document to show. */
import type { DatabaseSync } from 'node:sqlite'
import { standingOf } from '../core/decision.ts'
import type { Decision, Standing } from '../core/decision.ts'
import type { FlagDocument } from '../core/document.ts'
import type { Finding } from '../core/finding.ts'
import { labelsOf } from '../core/query-fields.ts'
import { fold } from '../core/text.ts'
import { flagContent, redactFlag } from './merge.ts'
import type { FlagContent } from './merge.ts'
import type { StoredArticle } from './sqlite-articles.ts'
import type { Dims } from './sqlite-dims.ts'

export interface FlagTables {
  /** Saves the flags of a finding that are newer than what is known of them. */
  put(finding: Finding, key: string, articleNumber: number, deleted: boolean): void
  /** Marks the flags that the newest finding of the article no longer has. */
  retire(article: StoredArticle): void
  redact(articleId: string): void
  /** The standing of a flag follows from the set of its decisions. */
  judge(flagId: string): void
}

const COLUMNS = [
  'id', 'article_id', 'article_n', 'finding_key', 'at', 'day', 'dims', 'section', 'author', 'title', 'url',
  'category', 'subtype', 'severity', 'confidence', 'event', 'voice', 'stance', 'speaker', 'speaker_folded',
  'rule', 'field', 'evasive', 'alert', 'status', 'second', 'disagreement',
] // prettier-ignore

export function flagTables(db: DatabaseSync, dims: Dims): FlagTables {
  const known = db.prepare('SELECT n, finding_key, article_n FROM flags WHERE id = ?')
  const put = db.prepare(
    `INSERT INTO flags (${COLUMNS.join(', ')}, retired, live) VALUES (${COLUMNS.map(() => '?').join(', ')}, 0, 0)
     ON CONFLICT (id) DO UPDATE SET ${COLUMNS.map(name => `${name} = excluded.${name}`).join(', ')} RETURNING n`,
  )
  const putDocument = db.prepare('INSERT OR REPLACE INTO flag_documents VALUES (?, ?, ?)')
  const removeTargets = db.prepare('DELETE FROM flag_targets WHERE flag = ?')
  const addTarget = db.prepare('INSERT OR IGNORE INTO flag_targets VALUES (?, ?)')
  const retire = db.prepare(
    `UPDATE flags SET article_n = ?1, retired = finding_key < ?2, live = NOT ?3 AND finding_key = ?2 WHERE article_id = ?4`,
  )
  const ofArticle = db.prepare(
    'SELECT f.finding_key, f.article_n, d.document FROM flags f JOIN flag_documents d USING (n) WHERE f.article_id = ?',
  )
  const one = db.prepare(
    'SELECT f.finding_key, f.article_n, d.document FROM flags f JOIN flag_documents d USING (n) WHERE f.id = ?',
  )
  const decisionsOf = db.prepare('SELECT decision FROM decisions WHERE flag_id = ?')

  const standing = (content: FlagContent): Standing => {
    const decisions = decisionsOf
      .all(content.id)
      .map(row => JSON.parse(row['decision'] as string) as Decision)
    return standingOf(content.id, content.severity, decisions)
  }

  const save = (content: FlagContent, key: string, articleNumber: number): void => {
    const document: FlagDocument = { ...content, standing: standing(content), retired: false }
    const n = Number(put.get(...valuesOf(document, key, articleNumber))!['n'])
    putDocument.run(n, JSON.stringify(content), JSON.stringify(document.standing))
    removeTargets.run(n)
    for (const target of labelsOf(document).targets) addTarget.run(n, target)
  }

  const valuesOf = (document: FlagDocument, key: string, articleNumber: number) => {
    const { article, standing: judged } = document
    const labels = labelsOf(document)
    const speaker = document.speaker ?? ''
    return [
      document.id, article.id, articleNumber, key,
      Date.parse(article.at), article.day, dims.dims(article, document.language, document.script), dims.section(article),
      fold(article.author ?? ''), fold(article.title), article.url.toLowerCase(),
      labels.category, labels.subtype, labels.severity, document.confidence,
      labels.event ?? '', labels.voice, labels.stance, speaker, fold(speaker),
      document.rule, document.field, Number(document.evasive ?? false), Number(document.alert),
      judged.status, Number(judged.waitingForSecond), Number(judged.disagreement),
    ] // prettier-ignore
  }

  return {
    put(finding, key, articleNumber, deleted) {
      for (const flag of finding.flags) {
        const before = known.get(flag.id)
        if (before && (before['finding_key'] as string) >= key) continue
        const content = flagContent(finding, flag)
        save(deleted ? redactFlag(content) : content, key, articleNumber)
      }
    },
    retire({ n, state }) {
      retire.run(n, state.finding?.key ?? '', Number(state.deleted), state.head.id)
    },
    redact(articleId) {
      for (const row of ofArticle.all(articleId)) {
        const content = JSON.parse(row['document'] as string) as FlagContent
        save(redactFlag(content), row['finding_key'] as string, row['article_n'] as number)
      }
    },
    judge(flagId) {
      const row = one.get(flagId)
      if (!row) return
      const content = JSON.parse(row['document'] as string) as FlagContent
      save(content, row['finding_key'] as string, row['article_n'] as number)
    },
  }
}
