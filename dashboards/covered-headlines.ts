/** Which headlines are covered: those that hold a flagged passage, wherever the article is listed and whatever for. */
import type { IndexReader } from '../core/ports.ts'
import { allFlags } from './queue.ts'
import { both, fieldIs } from './search-state.ts'
import type { Account } from './store/accounts.ts'

/** Ids of the articles, out of those asked, whose headline this person does not see at once. */
export async function coveredHeadlines(
  reader: IndexReader,
  { settings }: Account,
  articleIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (!settings.cover || articleIds.length === 0) return new Set()
  const anyOf = [...new Set(articleIds)].map(id => fieldIs('article', id))
  const query = both(fieldIs('field', 'title'), { kind: 'or', of: anyOf })
  const { flags } = await allFlags(reader, { query })
  return new Set(flags.map(({ article }) => article.id))
}
