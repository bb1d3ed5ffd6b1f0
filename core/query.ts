/**
 * The query language of search, subscriptions and the API: parser, and a predicate with the same meaning as the
 * stores. Words, "phrases", pre*, AND OR NOT ( ), field:value, field:>=value, from:day, to:day.
 */
import type { ArticleDocument, FlagDocument } from './document.ts'

/** Fields a query may name. Those of flags are left out where articles are counted. */
export const ARTICLE_FIELDS = ['language', 'script', 'source', 'country', 'outlet', 'kind', 'section', 'author', 'title', 'url', 'day', 'flagged', 'article'] as const
export const FLAG_FIELDS = ['category', 'subtype', 'severity', 'confidence', 'target', 'event', 'voice', 'stance', 'speaker', 'status', 'rule', 'field', 'evasive', 'alert', 'second', 'disagreement', 'id'] as const
export type QueryField = (typeof ARTICLE_FIELDS)[number] | (typeof FLAG_FIELDS)[number]

export type Comparison = '=' | '>=' | '<=' | '>' | '<'

export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Query[] }
  | { readonly kind: 'not'; readonly of: Query }
  /** One word, matched by its light stem in title, lead and text of the article. */
  | { readonly kind: 'word'; readonly stem: string }
  /** Folded words in a row, matched exactly. */
  | { readonly kind: 'phrase'; readonly words: readonly string[] }
  /** Beginning of a folded word. */
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'field'; readonly field: QueryField; readonly comparison: Comparison; readonly value: string }
