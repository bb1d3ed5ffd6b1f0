/** Links to articles on a page of an outlet that has no feed. */
import { boundedDom } from './bounded-dom.ts'
import { cleanUrl, sameSite } from './canonical-url.ts'
import { plainLine } from './plain-text.ts'

export interface ListingLink {
  readonly url: string
  /** The text of the link; the page itself may know better. */
  readonly title?: string
}

/** Most links taken from one page. */
const MAX_LINKS = 200

/**
 * The links that a selector finds, in the order of the page, each once, on the outlet's own site.
 * @throws Error when the page is an attack or the selector cannot be used; the message says which.
 */
export function listingLinks(
  html: string,
  { url, selector }: { readonly url: string; readonly selector: string },
): readonly ListingLink[] {
  const dom = boundedDom(html)
  if ('refused' in dom) throw new Error(`the listing was refused: ${dom.refused}`)
  const { $ } = dom
  const base = $('base[href]').attr('href') ?? url
  const links = new Map<string, ListingLink>()
  for (const element of $(selector).toArray()) {
    const anchor = $(element).is('a') ? $(element) : $(element).find('a[href]').first()
    const address = cleanUrl(anchor.attr('href') ?? '', URL.parse(base, url)?.href ?? url)
    if (address === undefined || !sameSite(new URL(address).hostname, new URL(url).hostname)) continue
    const title = plainLine(anchor.attr('title') ?? anchor.text())
    const known = links.get(address)
    // Pictures link too: the first link with words names the article.
    if (!known || (known.title === undefined && title !== ''))
      links.set(address, { url: address, ...(title && { title }) })
    if (links.size >= MAX_LINKS) break
  }
  return [...links.values()]
}
