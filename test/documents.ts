/** Invented nouns for tests: whole, valid, and changed where the test says so. */
import type { ArticleHead } from '../core/article.ts'
import type { FlagDocument } from '../core/document.ts'
import { hashId } from '../core/hash.ts'

/** A flag document; `article` is filled in field by field. */
export function document(
  changes: Partial<Omit<FlagDocument, 'article'>> & { readonly article?: Partial<ArticleHead> } = {},
): FlagDocument {
  const { article, ...rest } = changes
  return {
    id: hashId('flag', article?.id ?? 'article', rest.quote ?? ''),
    category: 'denial',
    subtype: 'outright',
    severity: 3,
    confidence: 0.9,
    alert: false,
    targets: [],
    voice: 'outlet',
    stance: 'endorses',
    field: 'text',
    start: 0,
    end: 14,
    quote: 'izmišljen navod',
    sentence: 'Ovo je izmišljen navod.',
    rule: 'test.rule',
    why: 'an invented reason',
    indicators: [],
    article: articleHead(article),
    language: 'bs',
    script: 'Latn',
    madeBy: { pipeline: 'test', lexicon: 'test' },
    madeAt: '2026-07-11T08:05:00.000Z',
    retired: false,
    // Grave flags wait for a second reviewer from the start.
    standing: { status: 'pending', waitingForSecond: true, disagreement: false },
    ...rest,
  }
}

export function articleHead(changes: Partial<ArticleHead> = {}): ArticleHead {
  const id = changes.id ?? hashId('article', 'one')
  return {
    id,
    sourceId: 'glas-kotline',
    outlet: { name: 'Glas Kotline', country: 'BA', kind: 'commercial' },
    url: `https://glas-kotline.example/${id}`,
    at: '2026-07-11T08:00:00.000Z',
    day: '2026-07-11',
    title: 'Izmišljena vijest',
    firstSeenAt: '2026-07-11T08:00:00.000Z',
    fetchedAt: '2026-07-11T08:00:00.000Z',
    revision: 0,
    textHash: hashId('text', id),
    evidence: { rawHash: '0'.repeat(64), bytes: 100, status: 200 },
    ...changes,
  }
}
