/** A made-up corpus for index stores: articles of invented outlets in all languages, edited, re-read, judged and deleted. */
import type { Article, ArticleHead } from '../../core/article.ts'
import type { Decision, Verdict } from '../../core/decision.ts'
import type { Finding, Flag } from '../../core/finding.ts'
import { flagId } from '../../core/finding.ts'
import { hashId } from '../../core/hash.ts'
import { SUBTYPES, STANCES, VERDICTS, VOICES } from '../../core/labels.ts'
import type { Category, Language, Script, Subtype } from '../../core/labels.ts'
import type { Observation } from '../../core/observation.ts'
import type { IndexEntry } from '../../core/ports.ts'
import type { Outlet } from '../../core/source.ts'
import { addDays, dayOf } from '../../core/time.ts'

/** Plain words of each language; what is flagged here are ordinary words, because a store knows no meaning. */
const WORDS: Readonly<Partial<Record<Language, string>>> = {
  bs: 'sreća općina vijeće presuda žrtve sjećanje kahva mahala historija svjedok sudija opština hljeb Srebrenica tribunal prava ljudskih genocid',
  hr: 'sreća općina vijeće presuda žrtve sjećanje tjedan kruh glazba povijest svjedok sudac županija sabor tribunal prava ljudskih genocidu',
  sr: 'срећа општина веће пресуда жртве сећање недеља хлеб музика историја сведок судија скупштина трибунал права људских геноцид Ђурђевак',
  hbs: 'grad most rijeka vlada predsjednik presudom izjava sastanak cesta selo polje šuma Genocida đak džep ljubav njega',
  cnr: 'sjutra zjenica općina vijeće presuda žrtve śekira źenica crnogorski primorje sudija tribunal prava ljudskih genocida',
  mk: 'среќа општина совет пресуда жртви сеќавање недела леб музика историја сведок судија собрание трибунал права човекови геноцидот ѓердан ќерка',
  sq: 'fat komunë këshill vendim viktima kujtim javë bukë muzikë histori dëshmitar gjyqtar kuvend tribunal gjenocid drejtësi çështje',
  en: 'happiness municipality council judgment victims memory week bread music history witness judge assembly tribunal rights genocide denial',
  sl: 'sreča občina svet sodba žrtve spomin teden kruh glasba zgodovina priča sodnik zbor sodišče pravice genocid',
}

export interface Place {
  readonly id: string
  readonly outlet: Outlet
  readonly language: Language
  readonly script: Script
}

export const OUTLETS: readonly Place[] = [
  { id: 'glas-kotline', outlet: { name: 'Glas Kotline', country: 'BA', kind: 'public' }, language: 'bs', script: 'Latn' },
  { id: 'dnevnik-mahale', outlet: { name: 'Dnevnik Mahale', country: 'BA', kind: 'commercial' }, language: 'hbs', script: 'Latn' },
  { id: 'luka-danas', outlet: { name: 'Luka Danas', country: 'HR', kind: 'commercial' }, language: 'hr', script: 'Latn' },
  { id: 'ravnica', outlet: { name: 'Равница Ђурђевак', country: 'RS', kind: 'tabloid' }, language: 'sr', script: 'Cyrl' },
  { id: 'primorske-vijesti', outlet: { name: 'Primorske vijesti', country: 'ME', kind: 'public' }, language: 'cnr', script: 'Latn' },
  { id: 'vardarski-glas', outlet: { name: 'Вардарски глас', country: 'MK', kind: 'party' }, language: 'mk', script: 'Cyrl' },
  { id: 'zeri-i-lumit', outlet: { name: 'Zëri i Lumit', country: 'XK', kind: 'minority' }, language: 'sq', script: 'Latn' },
  { id: 'hill-and-valley', outlet: { name: 'Hill and Valley', country: 'INT', kind: 'fact-check' }, language: 'en', script: 'Latn' },
  { id: 'gorski-list', outlet: { name: 'Gorski list', country: 'SI' }, language: 'sl', script: 'Latn' },
  { id: 'unknown-quarter', outlet: { name: 'Nova Čaršija' }, language: 'hbs', script: 'mixed' },
] // prettier-ignore

const SECTIONS = [undefined, undefined, 'Društvo', 'Друштво', 'Politika', 'Crna hronika']
const AUTHORS = [undefined, undefined, 'Đorđe Primjer', 'Ђорђе Пример', 'A. Izmišljena']
const SPEAKERS = [undefined, 'Zoran Izmišljeni', 'Зоран Измишљени', 'Ana Nepostojeća']
const TARGETS = ['bosniaks', 'serbs', 'croats', 'albanians', 'roma', 'macedonians']
const EVENTS = ['srebrenica-1995', 'jasenovac', 'krusha-1999']
const CATEGORIES = Object.keys(SUBTYPES) as Category[]

export const FIRST_DAY = '2026-03-20'
const DAYS = 70
export const LAST_DAY = addDays(FIRST_DAY, DAYS - 1)

/** A generator with a seed: the same corpus each time. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000
  }

  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!
  }

  happens(share: number): boolean {
    return this.next() < share
  }

  shuffled<T>(values: readonly T[]): T[] {
    const result = [...values]
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      ;[result[i], result[j]] = [result[j]!, result[i]!]
    }
    return result
  }
}

export interface CorpusOptions {
  readonly seed: number
  readonly articles: number
  /** Words of a text, from and to. */
  readonly length?: readonly [number, number]
  /** Share of articles with flags. */
  readonly flagged?: number
  /** Number of the first article: a corpus that begins where another ends shares no article with it. */
  readonly first?: number
  /** Some pages are captured again without a new revision: a feed said something else of them. */
  readonly recaptures?: boolean
  /** How many outlets; beyond those named here, each stands for several. */
  readonly outlets?: number
}

/** Everything that happens to some articles, in the order in which it would: captures, findings, decisions, observations. */
export function corpus(options: CorpusOptions): IndexEntry[] {
  const chance = new Chance(options.seed)
  const entries: IndexEntry[] = []
  const { first = 0 } = options
  for (let i = first; i < first + options.articles; i++) entries.push(...lifeOf(chance, i, options))
  for (let i = 0; i < options.articles / 4; i++) {
    entries.push({ kind: 'observation', observation: observation(chance, i) })
  }
  return entries
}

function lifeOf(chance: Chance, i: number, options: CorpusOptions): IndexEntry[] {
  const { flagged = 0.35, outlets = OUTLETS.length } = options
  const place = outletOf(chance.below(outlets))
  const hasFlags = chance.happens(flagged)
  const first = capture(chance, i, place, options)
  const captures = [first]
  if (chance.happens(0.15)) captures.push(edited(chance, first, place, options))
  if (chance.happens(0.03)) captures.push(movedToAnotherDay(captures.at(-1)!))
  if (options.recaptures && chance.happens(0.1)) captures.push(recaptured(chance, captures.at(-1)!))
  const entries: IndexEntry[] = captures.map(article => ({ kind: 'article', article }))
  if (chance.happens(0.06)) return entries

  const flags = new Set<string>()
  for (const article of captures) {
    const readings = chance.happens(0.2) ? 2 : 1
    for (let reading = 0; reading < readings; reading++) {
      const finding = findingOf(chance, article, place, hasFlags ? chance.below(4) : 0, reading)
      for (const flag of finding.flags) flags.add(flag.id)
      entries.push({ kind: 'finding', finding })
    }
  }
  for (const flag of flags) entries.push(...decisionsOn(chance, first.id, flag))
  if (chance.happens(0.04)) entries.push({ kind: 'decision', decision: deletionOf(first.id) })
  return entries
}

function outletOf(i: number): Place {
  const place = OUTLETS[i % OUTLETS.length]!
  if (i < OUTLETS.length) return place
  return { ...place, id: `${place.id}-${i}`, outlet: { ...place.outlet, name: `${place.outlet.name} ${i}` } }
}

function sentence(chance: Chance, language: Language, words: number): string {
  const own = (WORDS[language] ?? '').split(' ')
  return `${Array.from({ length: words }, () => chance.oneOf(own)).join(' ')}.`
}

/** Made-up words that repeat as words of a language do: a few are everywhere, most are rare. */
function prose(chance: Chance, language: Language, words: number): string {
  const made: string[] = []
  for (let i = 0; i < words; i++)
    made.push(chance.happens(0.3) ? rareWord(chance) : sentence(chance, language, 1).slice(0, -1))
  return `${made.join(' ')}.`
}

const SYLLABLES = ['ba', 're', 'ni', 'to', 'ku', 'la', 'me', 'si', 'vo', 'pu', 'dra', 'sti']

function rareWord(chance: Chance): string {
  let rank = Math.floor(Math.exp(chance.next() * Math.log(40_000)))
  let word = 'x'
  for (; rank > 0; rank = Math.floor(rank / SYLLABLES.length)) word += SYLLABLES[rank % SYLLABLES.length]!
  return word
}

function capture(chance: Chance, i: number, place: Place, { length = [5, 40] }: CorpusOptions): Article {
  const id = hashId('article', i)
  // Feeds of some outlets give days or minutes only: many articles share one instant.
  const second = chance.happens(0.3) ? 0 : chance.below(86_400)
  const at = new Date(Date.parse(`${FIRST_DAY}T00:00:00Z`) + chance.below(DAYS) * 86_400_000 + second * 1000)
  if (at.getTime() === Date.parse(`${FIRST_DAY}T00:00:00Z`)) at.setUTCMilliseconds(chance.below(1000))
  const text = chance.happens(0.05)
    ? ''
    : prose(chance, place.language, length[0] + chance.below(length[1] - length[0] + 1))
  const title = sentence(chance, place.language, 2 + chance.below(4)).slice(0, -1)
  const lead = chance.happens(0.4) ? sentence(chance, place.language, 6) : undefined
  const section = chance.oneOf(SECTIONS)
  const author = chance.oneOf(AUTHORS)
  return {
    v: 1,
    id,
    sourceId: place.id,
    outlet: place.outlet,
    url: `https://${place.id}.example/vijesti/${i}-Članak`,
    at: at.toISOString(),
    day: dayOf(at),
    title,
    ...(author && { author }),
    ...(section && { section }),
    firstSeenAt: at.toISOString(),
    fetchedAt: new Date(at.getTime() + 60_000).toISOString(),
    revision: 0,
    textHash: hashId(title, text),
    evidence: { rawHash: hashId('raw', i), bytes: 1000 + i, status: 200 },
    ...(lead && { lead }),
    text,
  }
}

function edited(chance: Chance, article: Article, place: Place, options: CorpusOptions): Article {
  const { title, text } = capture(chance, 0, place, options)
  const fetchedAt = new Date(Date.parse(article.fetchedAt) + 3_600_000).toISOString()
  return {
    ...article,
    title: chance.happens(0.5) ? title : article.title,
    text,
    fetchedAt,
    revision: article.revision + 1,
  }
}

/** The same revision, seen later: what the page says besides title and text has changed. */
function recaptured(chance: Chance, article: Article): Article {
  const fetchedAt = new Date(Date.parse(article.fetchedAt) + 600_000).toISOString()
  return { ...article, section: chance.oneOf(['Sport', 'Kultura']), fetchedAt }
}

/** A page that says, later, that it was published earlier. */
function movedToAnotherDay(article: Article): Article {
  const at = new Date(Date.parse(article.at) - 3 * 86_400_000)
  const day = dayOf(at) < FIRST_DAY ? article.day : dayOf(at)
  const moved = day === article.day ? article.at : at.toISOString()
  const fetchedAt = new Date(Date.parse(article.fetchedAt) + 7_200_000).toISOString()
  return { ...article, at: moved, day, fetchedAt, revision: article.revision + 1 }
}

export function headOf(article: Article): ArticleHead {
  const fields = Object.entries(article).filter(([field]) => !['v', 'lead', 'text'].includes(field))
  return Object.fromEntries(fields) as unknown as ArticleHead
}

export function findingOf(
  chance: Chance,
  article: Article,
  place: Place,
  flagCount: number,
  reading: number,
): Finding {
  const flags = new Map<string, Flag>()
  for (let i = 0; i < flagCount; i++) {
    const flag = flagOn(chance, article, i)
    flags.set(flag.id, flag)
  }
  const flagged = flags.size > 0
  return {
    v: 1,
    article: headOf(article),
    ...(flagged && article.lead !== undefined && { lead: article.lead }),
    ...(flagged && { text: article.text }),
    language: place.language,
    languageConfidence: 0.9,
    script: place.script,
    flagged,
    flags: [...flags.values()],
    madeBy: { pipeline: `rules-${reading}`, lexicon: hashId('lexicon', reading) },
    madeAt: new Date(Date.parse(article.fetchedAt) + 1000 * (1 + reading)).toISOString(),
  }
}

function flagOn(chance: Chance, article: Article, i: number): Flag {
  const field = article.text !== '' && chance.happens(0.7) ? 'text' : 'title'
  const words = [...(field === 'text' ? article.text : article.title).matchAll(/[\p{L}]+/gu)]
  const word = chance.oneOf(words)
  const category = chance.oneOf(CATEGORIES)
  const speaker = chance.oneOf(SPEAKERS)
  const confidence = Math.round(chance.next() * 100) / 100
  return {
    id: flagId(article.id, category, word[0], 0),
    category,
    subtype: chance.oneOf<Subtype>(SUBTYPES[category]),
    severity: 1 + chance.below(5),
    confidence,
    alert: confidence > 0.7,
    targets: chance.shuffled(TARGETS).slice(0, chance.below(3)),
    ...(chance.happens(0.4) && { event: chance.oneOf(EVENTS) }),
    voice: chance.oneOf(VOICES),
    stance: chance.oneOf(STANCES),
    ...(speaker && { speaker }),
    field,
    start: word.index,
    end: word.index + word[0].length,
    quote: word[0],
    sentence: `${word[0]}.`,
    rule: `${category}-${i}`,
    why: `The word ${word[0]} stands here.`,
    ...(chance.happens(0.1) && { evasive: true }),
    indicators: [],
  }
}

function decisionsOn(chance: Chance, articleId: string, id: string): IndexEntry[] {
  const made: Decision[] = []
  while (made.length < 4 && chance.happens(0.4)) {
    const last = made.at(-1)
    const at = new Date(Date.parse(`${LAST_DAY}T08:00:00Z`) + chance.below(1_000_000)).toISOString()
    const base = { v: 1 as const, id: hashId('decision', articleId, id, made.length), articleId, flagId: id, by: `u${chance.below(3)}`, at } // prettier-ignore
    if (last?.kind === 'verdict' && chance.happens(0.25)) made.push({ ...base, kind: 'undo', of: last.id })
    else made.push({ ...base, kind: 'verdict', decision: chance.oneOf(VERDICTS), ...verdictDetails(chance) })
  }
  return made.map(decision => ({ kind: 'decision', decision }))
}

function verdictDetails(chance: Chance): Partial<Verdict> {
  return {
    ...(chance.happens(0.3) && { note: 'bilješka s navodom' }),
    ...(chance.happens(0.3) && {
      corrected: { category: 'slur', subtype: 'ethnic', severity: 1 + chance.below(5), targets: ['roma'] },
    }),
    ...(chance.happens(0.2) && { askSecond: true }),
  }
}

function deletionOf(articleId: string): Decision {
  return {
    v: 1,
    id: hashId('deletion', articleId),
    kind: 'delete',
    articleId,
    by: 'u9',
    at: `${LAST_DAY}T20:00:00.000Z`,
    reason: 'a private person asked for it',
  }
}

function observation(chance: Chance, i: number): Observation {
  const place = chance.oneOf(OUTLETS.slice(0, -1))
  const outcome = chance.oneOf(['fresh', 'unchanged', 'failed', 'failed', 'refused'] as const)
  const published = outcome === 'fresh' ? chance.below(5) : 0
  const at = new Date(Date.parse(`${LAST_DAY}T00:00:00Z`) + chance.below(100) * 60_000).toISOString()
  return {
    v: 1,
    id: hashId('observation', i),
    sourceId: place.id,
    at,
    of: `https://${place.id}.example/feed.xml`,
    kind: chance.happens(0.1) ? 'recheck' : 'feed',
    outcome,
    seen: published,
    fates: { published, revised: 0, unchanged: 0, duplicate: 0, refused: 0, failed: 0 },
    items: [],
    warnings: chance.happens(0.3) ? ['one entry had no address'] : [],
    ...(outcome === 'failed' && { reason: 'status 503' }),
    nextDueAt: new Date(Date.parse(at) + 900_000).toISOString(),
  }
}
