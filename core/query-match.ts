/** Whether a document meets a query: the same answer as the stores give, for alerts and for tests. */
import type { FlagDocument } from './document.ts'
import { FIELD_KINDS, articleFieldValues, flagFieldValues } from './query-fields.ts'
import type { ArticleFields } from './query-fields.ts'
import { articlePart } from './query.ts'
import type { Query, QueryField } from './query.ts'
import { searchTokens } from './text.ts'

/** The words of an article as search sees them. */
export interface Words {
  /** Folded words in order; an empty one between title, lead and text, which no phrase crosses. */
  readonly exact: readonly string[]
  readonly stems: ReadonlySet<string>
}

/** Cut into words only when a query asks for them. */
export function wordsOf(article: {
  readonly title: string
  readonly lead?: string
  readonly text?: string
}): Words {
  let words: Words | undefined
  const cut = (): Words => (words ??= cutWords([article.title, article.lead ?? '', article.text ?? '']))
  return {
    get exact() {
      return cut().exact
    },
    get stems() {
      return cut().stems
    },
  }
}

function cutWords(fields: readonly string[]): Words {
  const exact: string[] = []
  const stems = new Set<string>()
  for (const field of fields) {
    const tokens = searchTokens(field)
    for (const word of tokens.exact) exact.push(word)
    exact.push('')
    for (const stem of tokens.stem) stems.add(stem)
  }
  return { exact, stems }
}

/** Whether a flag, in an article with these words, meets a query. */
export function matches(query: Query, document: FlagDocument, words: Words): boolean {
  return holds(query, words, field => flagFieldValues(field, document))
}

/** Whether an article meets the article part of a query. */
export function matchesArticle(query: Query, article: ArticleFields, words: Words): boolean {
  return holds(articlePart(query), words, field => articleFieldValues(field, article))
}

function holds(query: Query, words: Words, valuesOf: (field: QueryField) => readonly string[]): boolean {
  switch (query.kind) {
    case 'all':
      return true
    case 'and':
      return query.of.every(one => holds(one, words, valuesOf))
    case 'or':
      return query.of.some(one => holds(one, words, valuesOf))
    case 'not':
      return !holds(query.of, words, valuesOf)
    case 'word':
      return words.stems.has(query.stem)
    case 'prefix':
      return words.exact.some(word => word.startsWith(query.prefix))
    case 'phrase':
      return hasPhrase(words.exact, query.words)
    case 'field':
      return valuesOf(query.field).some(value => compares(query, value))
  }
}

function hasPhrase(words: readonly string[], phrase: readonly string[]): boolean {
  const last = words.length - phrase.length
  for (let at = 0; at <= last; at++) if (phrase.every((word, next) => words[at + next] === word)) return true
  return false
}

function compares(query: Query & { kind: 'field' }, value: string): boolean {
  const { kind } = FIELD_KINDS[query.field]
  if (kind === 'words') return ` ${value} `.includes(` ${query.value} `)
  if (kind === 'address') return value.includes(query.value)
  const order = kind === 'number' ? Number(value) - Number(query.value) : compareText(value, query.value)
  switch (query.comparison) {
    case '=':
      return order === 0
    case '>=':
      return order >= 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '<':
      return order < 0
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
