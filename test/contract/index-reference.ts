/** The index as one would write it without thinking of speed: everything in memory, the predicate of core/query.ts for each question. */
import type { Article } from '../../core/article.ts'
import type { Decision } from '../../core/decision.ts'
import { standingOf } from '../../core/decision.ts'
import { flagDocument } from '../../core/document.ts'
import type { ArticleDocument, FlagDocument } from '../../core/document.ts'
import type { Finding } from '../../core/finding.ts'
import { hashId } from '../../core/hash.ts'
import { ARTICLE_FACETS } from '../../core/ports.ts'
import type { Counts, FacetField, FacetValue, IndexEntry, Search, TimelineSeries } from '../../core/ports.ts'
import { labelsOf } from '../../core/query-fields.ts'
import type { ArticleFields } from '../../core/query-fields.ts'
import { matches, matchesArticle, wordsOf } from '../../core/query-match.ts'
import type { Words } from '../../core/query-match.ts'
import { intervalStart, intervalsBetween } from '../../core/time.ts'
import type { Interval } from '../../core/time.ts'
import { headOf } from './index-corpus.ts'

interface Known {
  readonly document: ArticleDocument
  readonly words: Words
}

export interface Reference {
  flagIds(search: Search): string[]
  articleIds(search: Search): string[]
  count(search: Search): Counts
  facet(search: Search, field: FacetField, size: number): FacetValue[]
  timeline(
    search: Search & { from: string; to: string },
    interval: Interval,
    splitBy: FacetField | undefined,
    size: number,
  ): TimelineSeries[]
  article(id: string): ArticleDocument | undefined
  readonly ids: readonly string[]
}

export function referenceIndex(entries: readonly IndexEntry[]): Reference {
  const known = new Map<string, Known>()
  for (const id of new Set(entries.map(idOf).filter(one => one !== undefined))) {
    const document = documentOf(id, entries)
    if (document) known.set(id, { document, words: wordsOf({ ...document, title: document.article.title }) })
  }
  const visible = [...known.values()].filter(({ document }) => !document.deleted)

  const flags = ({ query, from, to }: Search): FlagDocument[] =>
    visible.flatMap(({ document, words }) =>
      document.flags.filter(
        flag => !flag.retired && within(flag.article.day, from, to) && matches(query, flag, words),
      ),
    )
  const articles = ({ query, from, to }: Search): ArticleDocument[] =>
    visible
      .filter(
        ({ document, words }) =>
          within(document.article.day, from, to) && matchesArticle(query, document, words),
      )
      .map(({ document }) => document)

  const facet: Reference['facet'] = (search, field, size) => {
    const found = flags(search).flatMap(flag => valuesOf(field, flag))
    const all = articles(search)
    const among = all.flatMap(article => articleValues(field, article))
    const values = isOfArticle(field) ? new Set([...found, ...among]) : new Set(found)
    return [...values]
      .map(value => ({
        value,
        flags: found.filter(one => one === value).length,
        articles: isOfArticle(field) ? among.filter(one => one === value).length : all.length,
      }))
      .sort((a, b) => b.flags - a.flags || b.articles - a.articles || (a.value < b.value ? -1 : 1))
      .slice(0, size)
  }

  return {
    ids: [...known.keys()],
    article: id => known.get(id)?.document,
    flagIds: search =>
      flags(search)
        .sort((a, b) => newestFirst([a.article.at, a.id], [b.article.at, b.id]))
        .map(flag => flag.id),
    articleIds: search =>
      articles(search)
        .map(({ article }) => article)
        .sort((a, b) => newestFirst([a.at, a.id], [b.at, b.id]))
        .map(article => article.id),
    count: search => ({ flags: flags(search).length, articles: articles(search).length }),

    facet,

    timeline(search, interval, splitBy, size) {
      const found = flags(search)
      const all = articles(search)
      const starts = intervalsBetween(search.from, search.to, interval)
      const series = (key: string | undefined): TimelineSeries => {
        const ofKey =
          key === undefined || !splitBy ? found : found.filter(flag => valuesOf(splitBy, flag).includes(key))
        const among =
          key === undefined || !splitBy || !isOfArticle(splitBy)
            ? all
            : all.filter(article => articleValues(splitBy, article).includes(key))
        return {
          ...(key !== undefined && { key }),
          points: starts.map(start => ({
            start,
            flags: ofKey.filter(flag => intervalStart(flag.article.day, interval) === start).length,
            articles: among.filter(({ article }) => intervalStart(article.day, interval) === start).length,
          })),
        }
      }
      if (!splitBy) return [series(undefined)]
      return facet(search, splitBy, size).map(({ value }) => series(value))
    },
  }
}

function idOf(entry: IndexEntry): string | undefined {
  if (entry.kind === 'article') return entry.article.id
  if (entry.kind === 'finding') return entry.finding.article.id
  return entry.kind === 'decision' ? entry.decision.articleId : undefined
}

/** What all entries about one article add up to. */
function documentOf(id: string, entries: readonly IndexEntry[]): ArticleDocument | undefined {
  const own = entries.filter(entry => idOf(entry) === id)
  const captures = own.flatMap(entry => (entry.kind === 'article' ? [entry.article] : [])).sort(oldestCapture)
  const findings = own.flatMap(entry => (entry.kind === 'finding' ? [entry.finding] : [])).sort(oldestFinding)
  const decisions = [...new Map(own.flatMap(entry => (entry.kind === 'decision' ? [[entry.decision.id, entry.decision]] : []))).values()].sort(oldestDecision) // prettier-ignore
  const newest = findings.at(-1)
  const heads = [...captures.map(headOf), ...findings.map(finding => finding.article)].sort(oldestCapture)
  const article = heads.at(-1)
  if (!article) return undefined
  const words = wordsOfRevision(captures, findings, article.revision)
  const deleted = decisions.some(decision => decision.kind === 'delete')
  const document: ArticleDocument = {
    article,
    ...(words?.lead !== undefined && { lead: words.lead }),
    ...(words && { text: words.text }),
    ...(newest && { language: newest.language, script: newest.script, madeBy: newest.madeBy }),
    flagged: newest?.flagged ?? false,
    flags: flagsOf(findings, decisions),
    decisions,
    deleted,
  }
  return document
}

function wordsOfRevision(
  captures: readonly Article[],
  findings: readonly Finding[],
  revision: number,
): { lead?: string; text: string } | undefined {
  const capture = captures.filter(one => one.revision === revision).at(-1)
  if (capture) return { text: capture.text, ...(capture.lead !== undefined && { lead: capture.lead }) }
  const finding = findings.filter(one => one.article.revision === revision && one.text !== undefined).at(-1)
  return finding && { text: finding.text!, ...(finding.lead !== undefined && { lead: finding.lead }) }
}

function flagsOf(findings: readonly Finding[], decisions: readonly Decision[]): FlagDocument[] {
  const newest = findings.at(-1)
  const byId = new Map<string, FlagDocument>()
  for (const finding of findings) {
    for (const flag of finding.flags) {
      byId.set(
        flag.id,
        flagDocument(finding, flag, standingOf(flag.id, flag.severity, decisions), finding !== newest),
      )
    }
  }
  const fields = ['title', 'lead', 'text']
  return [...byId.values()].sort(
    (a, b) =>
      fields.indexOf(a.field) - fields.indexOf(b.field) ||
      a.start - b.start ||
      a.end - b.end ||
      (a.id < b.id ? -1 : 1),
  )
}

function oldestCapture(
  a: { revision: number; fetchedAt: string },
  b: { revision: number; fetchedAt: string },
): number {
  return a.revision - b.revision || Date.parse(a.fetchedAt) - Date.parse(b.fetchedAt)
}

function oldestFinding(a: Finding, b: Finding): number {
  const by = ({ madeBy }: Finding): string => hashId(madeBy.pipeline, madeBy.lexicon, madeBy.model ?? '')
  return (
    a.article.revision - b.article.revision ||
    Date.parse(a.madeAt) - Date.parse(b.madeAt) ||
    (by(a) < by(b) ? -1 : 1)
  )
}

function oldestDecision(a: Decision, b: Decision): number {
  return Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1)
}

function newestFirst(a: readonly [string, string], b: readonly [string, string]): number {
  return Date.parse(b[0]) - Date.parse(a[0]) || (a[1] < b[1] ? 1 : -1)
}

function within(day: string, from: string | undefined, to: string | undefined): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to)
}

function isOfArticle(field: FacetField): boolean {
  return (ARTICLE_FACETS as readonly string[]).includes(field)
}

function articleValues(field: FacetField, { article, language, script }: ArticleFields): string[] {
  const values: Partial<Record<FacetField, string | undefined>> = {
    language,
    script,
    source: article.sourceId,
    country: article.outlet.country,
    outletKind: article.outlet.kind,
    section: article.section,
  }
  const value = values[field]
  return value === undefined ? [] : [value]
}

function valuesOf(field: FacetField, flag: FlagDocument): string[] {
  if (isOfArticle(field)) return articleValues(field, { ...flag, flagged: true })
  const labels = labelsOf(flag)
  if (field === 'target') return [...new Set(labels.targets)]
  const values: Partial<Record<FacetField, string | undefined>> = {
    category: labels.category,
    subtype: labels.subtype,
    severity: String(labels.severity),
    event: labels.event,
    voice: labels.voice,
    stance: labels.stance,
    speaker: flag.speaker,
    status: flag.standing.status,
    rule: flag.rule,
    field: flag.field,
  }
  const value = values[field]
  return value === undefined ? [] : [value]
}
