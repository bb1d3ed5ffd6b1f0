/** What the name, class and role of a block say about it before its words are read. Names are those of regional and common templates. */

export type Hint = 'unlikely' | 'likely' | 'hidden' | 'none'

const UNLIKELY_TAGS = new Set(['nav', 'footer', 'form', 'dialog', 'aside', 'menu', 'search', 'fieldset'])
const UNLIKELY_ROLES = new Set([
  'navigation',
  'complementary',
  'banner',
  'contentinfo',
  'dialog',
  'alertdialog',
  'alert',
  'menu',
  'menubar',
  'search',
  'toolbar',
  'form',
  'tooltip',
])

/** Comments, boxes with other articles, navigation, consent, sharing, advertising: in English and the languages of the region. */
const UNLIKELY =
  /-ad-|ai2html|banner|breadcrumb|combx|comment|komentar|coment|community|cookie|kolaci[ck]|consent|gdpr|cover-wrap|disqus|extra|footer|gdpr|gallery-nav|header|hidden|legends|menu|related|povezan|slicn|srodn|remark|replies|rss|shoutbox|sidebar|skyscraper|social|sponsor|supplemental|ad-break|agegate|pagination|pager|popup|yom-remote|newsletter|subscri|pretplat|promo|(^|[\s_-])share(d|s|bar|-?buttons?|-?box)?([\s_-]|$)|podijeli|podeli|outbrain|taboola|recommend|preporu|procitajte|najcitan|najnovij|most-?read|popular|trending|widget|modal|overlay|toolbar|tags?\b|tagovi|login|signup|navigation|navbar|masthead|advert|oglas|reklam|teaser|author-?box|about-?author|byline|metadata|print-only|screen-reader|sr-only|visually-hidden|tooltip|dropdown|carousel|slider|lightbox|caption|credits?\b|copyright|noprint|infobox|toc\b|mw-editsection|reflist|navbox|hatnote|lexo|ndaj|te-ngjashme|bullet-list-links|jump-?link/u

const LIKELY =
  /and|article|body|column|content|main|shadow|text|tekst|story|post|entry|clanak|vijest|vest|artik|lajm|sadrzaj/u
/** Words of content that outweigh words like `header` in the same class. */
const SURELY =
  /article-?_?(body|content|text)|story-?_?body|post-?_?(body|content)|entry-?_?content|(^|\s)(article|main|content|page|body|text|post|story)(\s|$)|articlebody|article__|itemprop/u

export function blockHint(tag: string, label: string, attributes: ReadonlyMap<string, string>): Hint {
  if (isHidden(attributes)) return 'hidden'
  const role = attributes.get('role')?.toLowerCase()
  if (attributes.get('itemprop')?.toLowerCase() === 'articlebody') return 'likely'
  if (UNLIKELY_TAGS.has(tag) || (role !== undefined && UNLIKELY_ROLES.has(role))) return 'unlikely'
  if (label === ' ') return tag === 'article' || tag === 'main' ? 'likely' : 'none'
  const unlikely = UNLIKELY.test(label)
  if (unlikely && !LIKELY.test(label)) return 'unlikely'
  if (SURELY.test(label) || tag === 'article' || tag === 'main') return unlikely ? 'none' : 'likely'
  return 'none'
}

function isHidden(attributes: ReadonlyMap<string, string>): boolean {
  if (attributes.has('hidden')) return true
  if (
    attributes.get('aria-hidden')?.toLowerCase() === 'true' &&
    !/fallback-image/u.test(attributes.get('class') ?? '')
  )
    return true
  const style = attributes.get('style')
  return style !== undefined && /display\s*:\s*none|visibility\s*:\s*hidden/iu.test(style)
}

const POSITIVE =
  /article|body|content|entry|hentry|h-entry|main|page|post|text|tekst|blog|story|clanak|vijest|vest|artik|lajm/u
const NEGATIVE =
  /-ad-|hidden|banner|combx|comment|komentar|contact|footer|gdpr|masthead|media|meta|outbrain|promo|related|povezan|scroll|share|shoutbox|sidebar|skyscraper|sponsor|shopping|tags|widget|list|nav|menu/u

/** Points that the class and id of a block give: 25 up or down for each of the two kinds of words. */
export function labelScore(label: string): number {
  return (NEGATIVE.test(label) ? -25 : 0) + (POSITIVE.test(label) ? 25 : 0)
}
