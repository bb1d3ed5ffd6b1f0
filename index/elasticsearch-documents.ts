/** From a record to the documents that are searched, and back to what is shown. */
import type { ArticleHead } from '../core/article.ts'
import type { ArticleDocument, FlagDocument } from '../core/document.ts'
import { articleFieldValues, flagFieldValues, labelsOf } from '../core/query-fields.ts'
import type { ArticleFields } from '../core/query-fields.ts'
import type { QueryField } from '../core/query.ts'
import { fold, searchTokens } from '../core/text.ts'
import { byPlace, byTime } from './article-order.ts'
import { flagsOf, isLive } from './elasticsearch-record.ts'
import type { ArticleRecord } from './elasticsearch-record.ts'
import { fetchedDay } from './merge.ts'
import type { KeptWords } from './merge.ts'

/** What is read back of a document; JSON in strings, because only we read it. */
export interface ArticleSource {
  readonly record: string
}
export interface ListedSource {
  readonly head: string
  readonly flagged: boolean
}
export interface TextSource {
  readonly raw: string
}
export interface FlagSource {
  readonly document: string
}

// ---------------------------------------------------------------- to documents

/** The article without its words: what counts it where it has none, and what is merged with. */
export function articleDocument(id: string, record: ArticleRecord): object {
  const { state, deleted } = record
  if (!state) return { part: 'head', id, visible: false, deleted, record: JSON.stringify(record) }
  return {
    part: 'head',
    visible: !deleted,
    deleted,
    ...(state.wordsKey !== undefined && { fetched: fetchedDay(state.wordsKey) }),
    flags: flagsOf(record).filter(flag => isLive(record, flag)).length,
    ...articleFacts(record, state.head),
    words: wordsIn({ title: state.head.title }),
    head: JSON.stringify(state.head),
    record: JSON.stringify(record),
  }
}

/** The article with its words. */
export function textDocument(record: ArticleRecord, words: KeptWords): object {
  const { head } = record.state!
  return {
    part: 'text',
    fetched: fetchedDay(words.key),
    ...articleFacts(record, head),
    words: wordsIn({ title: head.title, lead: words.lead, text: words.text }),
    head: JSON.stringify(head),
    raw: JSON.stringify(words),
  }
}

/** A flag with the words of its article as it is now; labels as they stand, which is as reviewers corrected them. */
export function flagDocumentOf(
  record: ArticleRecord,
  flag: FlagDocument,
  words: KeptWords | undefined,
): object {
  const labels = labelsOf(flag)
  const { standing } = flag
  return {
    ...facts(flag.id, { ...flag, flagged: true }),
    is: compared([...COMPARED, ...COMPARED_OF_FLAGS], field => flagFieldValues(field, flag)),
    words: wordsIn({ title: record.state!.head.title, lead: words?.lead, text: words?.text }),
    category: labels.category,
    subtype: labels.subtype,
    severity: labels.severity,
    confidence: flag.confidence,
    alert: flag.alert,
    target: [...new Set(labels.targets)],
    ...(labels.event !== undefined && { event: labels.event }),
    voice: labels.voice,
    stance: labels.stance,
    ...(flag.speaker !== undefined && { speaker: flag.speaker }),
    rule: flag.rule,
    field: flag.field,
    evasive: flag.evasive ?? false,
    status: standing.status,
    second: standing.waitingForSecond,
    disagreement: standing.disagreement,
    ...(standing.verdict && { decidedAt: standing.verdict.at }),
    madeAt: flag.madeAt,
    live: isLive(record, flag),
    retired: flag.retired,
    quote: flag.quote,
    sentence: flag.sentence,
    why: flag.why,
    document: JSON.stringify(flag),
  }
}

/** Fields whose values are written one way and compared another. */
const COMPARED = ['article', 'source', 'outlet', 'section', 'author', 'url'] as const satisfies QueryField[]
const COMPARED_OF_FLAGS = ['id', 'event', 'speaker', 'rule', 'target'] as const satisfies QueryField[]
/** Where the values are found that a query compares. */
export const COMPARED_APART: ReadonlySet<QueryField> = new Set([...COMPARED, ...COMPARED_OF_FLAGS])

function articleFacts({ state }: ArticleRecord, head: ArticleHead): object {
  const finding = state?.finding
  const fields: ArticleFields = {
    article: head,
    flagged: finding?.flagged ?? false,
    ...(finding && { language: finding.language, script: finding.script }),
  }
  return {
    ...facts(head.id, fields),
    is: compared(COMPARED, field => articleFieldValues(field, fields)),
  }
}

/** What facets count, as it is written. */
function facts(id: string, { article, language, script, flagged }: ArticleFields): object {
  const { outlet, section, author } = article
  return {
    at: article.at,
    day: article.day,
    id,
    article: article.id,
    ...present({ language, script, country: outlet.country, outletKind: outlet.kind, section, author }),
    source: article.sourceId,
    outlet: outlet.name,
    flagged,
    url: article.url,
    headline: article.title,
    title: fold(article.title),
  }
}

function compared(fields: readonly QueryField[], valuesOf: (field: QueryField) => readonly string[]): object {
  return Object.fromEntries(
    fields.map(field => [field, valuesOf(field).filter(value => value !== '')] as const),
  )
}

/** An empty value is none: it is neither found nor counted. */
function present(values: Readonly<Record<string, string | undefined>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''))
}

function wordsIn(searched: {
  readonly title: string
  readonly lead?: string | undefined
  readonly text?: string | undefined
}): object {
  const { title, lead = '', text = '' } = searched
  const [titleWords, leadWords, textWords] = [title, lead, text].map(searchTokens)
  const all = [titleWords!, leadWords!, textWords!]
  return {
    title: titleWords!.exact.join(' '),
    lead: leadWords!.exact.join(' '),
    text: textWords!.exact.join(' '),
    stems: [...new Set(all.flatMap(words => words.stem))].join(' '),
  }
}

// ---------------------------------------------------------------- from documents

export function recordIn({ record }: ArticleSource): ArticleRecord {
  return JSON.parse(record) as ArticleRecord
}

export function wordsOf({ raw }: TextSource): KeptWords {
  return JSON.parse(raw) as KeptWords
}

export function flagIn({ document }: FlagSource): FlagDocument {
  return JSON.parse(document) as FlagDocument
}

export function listedIn({ head, flagged }: ListedSource): ArticleHead & { readonly flagged: boolean } {
  return { ...(JSON.parse(head) as ArticleHead), flagged }
}

/** Undefined while only decisions are known. */
export function shownArticle(
  record: ArticleRecord,
  words: KeptWords | undefined,
): ArticleDocument | undefined {
  const { state, deleted } = record
  if (!state) return undefined
  const { head, finding } = state
  return {
    article: head,
    ...(words?.lead !== undefined && { lead: words.lead }),
    ...(words && { text: words.text }),
    ...(finding && { language: finding.language, script: finding.script, madeBy: finding.madeBy }),
    flagged: finding?.flagged ?? false,
    flags: flagsOf(record).sort(byPlace),
    decisions: record.decisions.map(one => one.decision).sort(byTime),
    deleted,
  }
}
