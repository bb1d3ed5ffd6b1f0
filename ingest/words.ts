/** The words of an article, chosen from what the feed says of it and what its page holds. */
import { hashId } from '../core/hash.ts'
import { fold } from '../core/text.ts'
import type { Words } from './build-article.ts'
import type { Extraction } from './extract.ts'
import { plainText } from './plain-text.ts'

/** One entry of a feed, listing or sitemap. */
export interface Item {
  readonly id: string
  readonly url?: string
  readonly title?: string
  /** The title is the text of a link, and the page knows better. */
  readonly looseTitle?: boolean
  readonly summary?: string
  readonly contentHtml?: string
  readonly author?: string
  readonly publishedAt?: string
  readonly publishedRaw?: string
  readonly categories?: readonly string[]
}

/** Text of a page shorter than this counts only where the feed has no more. */
const ENOUGH_TEXT = 250

/** Changes when the feed says something else of the item. */
export function itemHashOf(item: Item): string {
  return hashId(
    item.title ?? '',
    item.summary ?? '',
    item.contentHtml ?? '',
    item.publishedRaw ?? item.publishedAt ?? '',
  )
}

export function pageTitleHashOf(extraction: Extraction | undefined): string | undefined {
  return extraction?.title === undefined ? undefined : hashId(fold(extraction.title))
}

/** The best of both. Without a page, the feed's own words. */
export function chooseWords(item: Item, page: Extraction | undefined): Words {
  const own = feedText(item)
  const text = page && (page.text.length >= ENOUGH_TEXT || page.text.length >= own.length) ? page.text : own
  const found = {
    title: titleOf(item, page),
    text,
    lead: page?.lead ?? (item.summary === text ? undefined : item.summary),
    author: item.author ?? page?.author,
    section: page?.section ?? item.categories?.[0],
    publishedAt: item.publishedAt ?? page?.publishedAt,
    canonicalUrl: page?.canonicalUrl,
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined && value !== ''))
}

function titleOf(item: Item, page: Extraction | undefined): string | undefined {
  const loose = item.looseTitle === true || item.title === undefined || /(\.\.\.|…)$/u.test(item.title)
  return loose ? (page?.title ?? item.title) : item.title
}

function feedText(item: Item): string {
  const content = item.contentHtml === undefined ? '' : plainText(item.contentHtml)
  const longer = content.length >= (item.summary?.length ?? 0) ? content : (item.summary ?? '')
  return withoutFooter(longer)
}

/** WordPress ends what it gives to feeds with a line about itself. */
function withoutFooter(text: string): string {
  return text
    .replace(
      /\n*\s*(The post|Objava|Прилог|Članak|Vijest|Vest|Postimi)\s.{1,300}?(appeared first on|pojavila se prvo na|pojavio se prvi na|се појави прво на|u shfaq fillimisht në).{1,150}$/su,
      '',
    )
    .replace(/\s*\[(…|\.\.\.|&hellip;)\]\s*$/u, '…')
    .trim()
}
