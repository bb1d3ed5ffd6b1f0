/** Sentences that stand in articles and are not of them: pointers to other articles, consent, sharing, in the languages of the region. */
import { fold } from '../core/text.ts'

/** Beginnings, folded, of lines that point to another article. */
const POINTERS = [
  'procitajte jos',
  'procitajte i',
  'procitaj jos',
  'procitaj i',
  'citajte jos',
  'citaj jos',
  'pogledajte jos',
  'pogledajte i',
  'pogledaj jos',
  'procitajte vise',
  'procitaj vise',
  'vise o',
  'opsirnije',
  'povezane vijesti',
  'povezane vesti',
  'povezani clanci',
  'povezano',
  'slicne vijesti',
  'slicne vesti',
  'izdvajamo',
  'preporucujemo',
  'mozda ce vas zanimati',
  'ne propustite',
  'takodje procitajte',
  'takoder procitajte',
  'vezane vijesti',
  'vezane vesti',
  'najcitanije',
  'jos vijesti',
  'jos vesti',
  'procitajte usto',
  'procitaj usto',
  'procitajte i ova',
  'povrzani vesti',
  'povrzano',
  'pogledni',
  'procitaj povece',
  'lexo edhe',
  'lexoni edhe',
  'lexo me shume',
  'lexoni me shume',
  'lexo gjithashtu',
  'shiko edhe',
  'te ngjashme',
  'artikuj te ngjashem',
  'te lidhura',
  'lajme te ngjashme',
  'read also',
  'read more',
  'read next',
  'also read',
  'related articles',
  'related stories',
  'related posts',
  'related',
  'see also',
  'more on this',
  'you may also like',
  'recommended',
  'more from',
  'preberite tudi',
  'preberite se',
  'poglejte tudi',
  'sorodni clanki',
  'sorodne novice',
]

/** Beginnings, folded, of lines that are of the site, not of the article. */
const SITE_LINES = [
  'pratite nas',
  'prati nas',
  'zapratite',
  'pridruzite se',
  'pridruzi se',
  'preuzmite aplikaciju',
  'preuzmite nasu',
  'skinite aplikaciju',
  'pretplatite se',
  'prijavite se na',
  'prijavi se na',
  'podijeli',
  'podijelite',
  'podeli',
  'podelite',
  'spodeli',
  'ndaje',
  'shperndaje',
  'na ndiqni',
  'ndiqni',
  'sledete ne',
  'sledite nas',
  'delite',
  'komentari',
  'ostavite komentar',
  'ostavi komentar',
  'komentar',
  'komentet',
  'komentirajte',
  'napisite komentar',
  'koristimo kolacice',
  'ova web stranica koristi kolacice',
  'ova stranica koristi kolacice',
  'ovaj sajt koristi kolacice',
  'ovaj website koristi',
  'we use cookies',
  'this website uses cookies',
  'this site uses cookies',
  'perdorim cookies',
  'share this',
  'share on',
  'follow us',
  'subscribe to',
  'sign up for',
  'advertisement',
  'oglas',
  'reklama',
  'marketing',
  'reklame',
  'tagovi',
  'tags',
  'foto',
  'photo',
  'izvor fotografije',
  'zabranjeno je preuzimanje',
  'zabraneto e prezemanje',
  'sva prava pridrzana',
  'all rights reserved',
]

/** Longest paragraph that may be such a line; longer ones are prose that begins with the same words. */
const LONGEST_POINTER = 250
const LONGEST_SITE_LINE = 120

/** Whether a paragraph is no part of the article. `linkShare` is the share of its text inside links, 0 to 1. */
export function isBoilerplate(paragraph: string, linkShare: number): boolean {
  const text = paragraph.trim()
  if (text === '' || text.length > LONGEST_POINTER || /\n\n/u.test(text)) return false
  const folded = fold(text.slice(0, 80))
  if (startsWithAny(folded, POINTERS))
    return linkShare > 0.3 || (/[:.…]?$/u.test(text) && text.length < 40) || /^[^:]{2,40}:/u.test(text)
  return (
    text.length <= LONGEST_SITE_LINE &&
    startsWithAny(folded, SITE_LINES) &&
    (linkShare > 0.3 || (text.length < 60 && !/[.!?]$/u.test(text)))
  )
}

/** Whether a paragraph announces a box with other articles. */
export function isLeadIn(paragraph: string): boolean {
  const text = paragraph.trim()
  return text !== '' && text.length < 60 && startsWithAny(fold(text), POINTERS)
}

function startsWithAny(folded: string, starts: readonly string[]): boolean {
  return starts.some(
    start => folded.startsWith(start) && (folded.length === start.length || folded[start.length] === ' '),
  )
}
