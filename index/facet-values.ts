/** The values of a facet put in order, from counts of flags and of articles. */
import { ARTICLE_FACETS } from '../core/ports.ts'
import type { ArticleFacet, FacetField, FacetValue } from '../core/ports.ts'

/** Series of a timeline, unless said. */
export const SERIES = 10

/** Articles are those of each value, whose values count too where they have no flags; or the same number for all. */
export function facetValues(
  flags: ReadonlyMap<string, number>,
  articles: ReadonlyMap<string, number> | number,
  size: number,
): FacetValue[] {
  const values = new Set([...flags.keys(), ...(typeof articles === 'number' ? [] : articles.keys())])
  return [...values]
    .map(value => ({
      value,
      flags: flags.get(value) ?? 0,
      articles: typeof articles === 'number' ? articles : (articles.get(value) ?? 0),
    }))
    .sort(byFlags)
    .slice(0, size)
}

/** Most flags first, then most articles, then by name. */
function byFlags(a: FacetValue, b: FacetValue): number {
  return b.flags - a.flags || b.articles - a.articles || (a.value < b.value ? -1 : 1)
}

export function isArticleFacet(field: FacetField): field is ArticleFacet {
  return (ARTICLE_FACETS as readonly string[]).includes(field)
}
