/** Addresses of articles: cleaned of what does not name the page, and the id that follows from them. */
import { hashId } from '../core/hash.ts'

/** Parameters that campaigns and networks add. They say where a reader came from, never which page is meant. */
const TRACKING =
  /^(utm_.*|pk_.*|mtm_.*|matomo_.*|piwik_.*|at_(medium|campaign|custom\d*)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|li_fat_id|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|hsctatracking|mkt_tok|vero_id|oly_enc_id|oly_anon_id|rb_clickid|s_cid|ncid|cmpid|xtor|wt_mc|wt_zmc|fb_action_ids|fb_action_types|fb_source|fb_ref|ref_src|ref_url|__twitter_impression|_openstat|spm|smid|phpsessid|jsessionid|sid|share|sharesource|shared|xhide|amp_js_v|usqp|outputtype|nocache)$/iu

/** Parameters that may name a page, and are dropped only where their value says that they do not. */
const ORIGIN = /^(ref|source|src|from|via|medium|campaign|origin)$/iu
const ORIGIN_VALUE =
  /^(rss\d*|feed|atom|fb|facebook|twitter|tw|x|instagram|viber|whatsapp|telegram|social|newsletter|email|mail|share|push|google|gnews|widget|naslovna|home|homepage|mobile|web)$/iu

/** Hosts of one site differ in these first labels alone. */
const VARIANT_LABEL = /^(www\d?|m|mobile|mobil|amp)\./u

/**
 * The address without fragment, credentials, default port, session and tracking parameters, its host in lower case and
 * its escapes in upper case. Cleaning twice changes nothing. Undefined for what is not a web address.
 */
export function cleanUrl(address: string, base?: string): string | undefined {
  const url = parse(address.trim(), base)
  if (!url) return undefined
  url.username = ''
  url.password = ''
  url.hash = url.hash.startsWith('#!') ? url.hash : ''
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  url.pathname = upperEscapes(url.pathname.replace(/;(jsessionid|phpsessid|sid)=[^/;]*/giu, ''))
  url.search = cleanSearch(url.search)
  return url.href
}

function parse(address: string, base: string | undefined): URL | undefined {
  const url = URL.parse(address, base)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') return undefined
  return url
}

function cleanSearch(search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter(pair => pair !== '' && pair !== '=' && !isTracking(pair))
  return kept.length === 0 ? '' : `?${upperEscapes(kept.join('&'))}`
}

function isTracking(pair: string): boolean {
  const [name = '', value = ''] = pair.split('=', 2)
  return TRACKING.test(name) || (ORIGIN.test(name) && ORIGIN_VALUE.test(value))
}

const upperEscapes = (text: string): string => text.replace(/%[0-9a-f]{2}/giu, escape => escape.toUpperCase())

/**
 * The id of the article at a cleaned address. `http` and `https`, `www.` and the mobile host, and a slash at the end
 * make no other article: outlets link one page in all these ways.
 */
export function articleId(cleaned: string): string {
  const url = new URL(cleaned)
  const path = url.pathname.replace(/\/+$/u, '')
  return hashId(siteOf(url.host), path + url.search + url.hash)
}

/**
 * The cleaned canonical address a page states, when it may be believed: on the same site, and never the front page
 * (whole outlets point every page at it). Undefined otherwise.
 */
export function believableCanonical(pageUrl: string, canonical: string | undefined): string | undefined {
  if (canonical === undefined || canonical.trim() === '') return undefined
  const cleaned = cleanUrl(canonical, pageUrl)
  const page = URL.parse(pageUrl)
  if (cleaned === undefined || page === null) return undefined
  const url = new URL(cleaned)
  if (isFrontPage(url) && !isFrontPage(page)) return undefined
  return sameSite(url.hostname, page.hostname) ? cleaned : undefined
}

function isFrontPage(url: URL): boolean {
  const front =
    /^\/*((index|default|home|naslovna|pocetna)(\.\w+)?|[a-z]{2}|lat|cir|cyr|latinica|cirilica)?\/*$/iu
  return front.test(url.pathname) && url.search === ''
}

function siteOf(host: string): string {
  return host.toLowerCase().replace(VARIANT_LABEL, '')
}

/** Whether two hosts are one site: equal but for `www` and the like, or one below the other. */
export function sameSite(a: string, b: string): boolean {
  const [one, other] = [siteOf(a), siteOf(b)]
  return one === other || below(one, other) || below(other, one)
}

function below(host: string, parent: string): boolean {
  return parent.includes('.') && host.endsWith(`.${parent}`)
}
