/** An invented news world for the tests of the pages: outlets, articles and flags, the same at every run. */
import { SUBTYPES } from '../../core/labels.ts'
import type { Category, Language, Script, Stance, Voice } from '../../core/labels.ts'
import type { Article } from '../../core/article.ts'
import { flagId } from '../../core/finding.ts'
import type { Finding, Flag } from '../../core/finding.ts'
import { hashId, sha256 } from '../../core/hash.ts'
import type { Observation } from '../../core/observation.ts'
import type { IndexEntry } from '../../core/ports.ts'
import { sourceSchema } from '../../core/source.ts'
import type { Source } from '../../core/source.ts'
import { addDays, dayOf } from '../../core/time.ts'

interface Template {
  readonly language: Language
  readonly script: Script
  readonly source: string
  readonly title: string
  /** `%` stands for the flagged sentence. */
  readonly paragraphs: readonly string[]
  readonly sentences: readonly (readonly [
    sentence: string,
    quote: string,
    category: Category,
    severity: number,
    target: string,
    event?: string,
  ])[]
}

export const SOURCES: readonly Source[] = [
  ['drina-glas', 'Drina Glas', 'BA', 'bs', 'commercial', 1.2],
  ['jadran-list', 'Jadran List', 'HR', 'hr', 'tabloid', 1.4],
  ['moravski-vesnik', 'Моравски весник', 'RS', 'sr', 'tabloid', 1.5],
  ['lovcen-danas', 'Lovćen danas', 'ME', 'cnr', 'commercial', 1],
  ['vardar-den', 'Вардар ден', 'MK', 'mk', 'public', 1.1],
  ['zeri-i-drinit', 'Zëri i Drinit', 'XK', 'sq', 'commercial', 1.2],
  ['balkan-wire', 'Balkan Wire Review', 'INT', 'en', 'agency', 1],
  ['tihi-izvor', 'Tihi izvor', 'BA', 'bs', 'minority', 1],
].map(([id, name, country, language, kind, weight]) =>
  sourceSchema.parse({
    id,
    name,
    country,
    kind,
    weight,
    homepage: `https://${String(id)}.example/`,
    languages: [language],
    scripts: [language === 'mk' ? 'Cyrl' : 'Latn'],
    feeds: [`https://${String(id)}.example/rss`],
    enabled: id !== 'tihi-izvor',
    ...(id === 'tihi-izvor' && { remark: 'Feed answers with a challenge page.' }),
  }),
)

const TEMPLATES: readonly Template[] = [
  {
    language: 'bs',
    script: 'Latn',
    source: 'drina-glas',
    title: 'Kolumna o dolini izazvala reakcije',
    paragraphs: [
      'Jučer je u mjesnoj zajednici održana tribina o budućnosti doline.',
      '%',
      'Udruženja su zatražila izvinjenje i podsjetila na presude.',
    ],
    sentences: [
      [
        'U tekstu stoji da su doseljenici pošast koja se širi našom dolinom.',
        'doseljenici pošast koja se širi',
        'dehumanization',
        3,
        'bosniaks',
      ],
      [
        'Govornik je rekao da se ono ljeto nije dogodilo ništa od onoga što pričaju.',
        'nije dogodilo ništa od onoga',
        'denial',
        3,
        'bosniaks',
        'srebrenica-1995',
      ],
    ],
  },
  {
    language: 'hr',
    script: 'Latn',
    source: 'jadran-list',
    title: 'Portal objavio sporni komentar o povratku',
    paragraphs: [
      'Komentar je objavljen u nedjelju navečer.',
      '%',
      'Redakcija se nije oglasila.',
      'Stručnjaci upozoravaju na rast takvog govora uoči obljetnica.',
    ],
    sentences: [
      [
        'Autor piše da oni nisu narod nego izmišljotina iz prošlog stoljeća.',
        'nisu narod nego izmišljotina',
        'identity-negation',
        2,
        'serbs',
      ],
      [
        'Pozvao je čitatelje da ih istjeraju preko rijeke.',
        'istjeraju preko rijeke',
        'incitement',
        4,
        'serbs',
      ],
    ],
  },
  {
    language: 'sr',
    script: 'Cyrl',
    source: 'moravski-vesnik',
    title: 'Посланик говорио о суседима',
    paragraphs: ['Седница је трајала до касно у ноћ.', '%', 'Председавајући је одузео реч.'],
    sentences: [
      [
        'Посланик је рекао да нам спремају оно што смо већ преживели.',
        'нам спремају оно',
        'threat',
        4,
        'albanians',
      ],
      [
        'Рекао је да је тај догађај намештен у страним службама.',
        'намештен у страним службама',
        'denial',
        3,
        'albanians',
        'racak-1999',
      ],
    ],
  },
  {
    language: 'cnr',
    script: 'Latn',
    source: 'lovcen-danas',
    title: 'Rasprava o popisu',
    paragraphs: ['Popis je ponovo otvorio stara pitanja.', '%'],
    sentences: [
      [
        'Na skupu se čulo da ta nacija ne postoji.',
        'ta nacija ne postoji',
        'identity-negation',
        2,
        'montenegrins',
      ],
      ['Nazvao ih je starim ratnim imenom.', 'starim ratnim imenom', 'slur', 1, 'montenegrins'],
    ],
  },
  {
    language: 'mk',
    script: 'Cyrl',
    source: 'vardar-den',
    title: 'Дебата во општината',
    paragraphs: ['Советниците расправаа за буџетот.', '%', 'Седницата продолжува утре.'],
    sentences: [
      ['Советникот рече дека тие се болест за нашиот град.', 'тие се болест', 'dehumanization', 3, 'roma'],
      [
        'Тој рече дека никој не треба да ги вработува.',
        'никој не треба да ги вработува',
        'incitement',
        3,
        'roma',
      ],
    ],
  },
  {
    language: 'sq',
    script: 'Latn',
    source: 'zeri-i-drinit',
    title: 'Reagime pas deklaratës',
    paragraphs: ['Deklarata u bë gjatë një tubimi.', '%', 'Shoqatat kërkuan ndjesë publike.'],
    sentences: [
      ['Ai tha se ata janë kolona e pestë në mesin tonë.', 'kolona e pestë', 'threat', 3, 'serbs'],
      [
        'Ai tha se krimi ishte i shpikur nga gjyqi.',
        'i shpikur nga gjyqi',
        'denial',
        3,
        'albanians',
        'kosovo-1999',
      ],
    ],
  },
  {
    language: 'en',
    script: 'Latn',
    source: 'balkan-wire',
    title: 'Officials trade accusations before the anniversary',
    paragraphs: [
      'The statement came two days before the commemoration.',
      '%',
      'Survivors’ groups called it an insult to the dead.',
    ],
    sentences: [
      [
        'The mayor called the verdict a fabrication of foreign courts.',
        'a fabrication of foreign courts',
        'denial',
        3,
        'bosniaks',
        'srebrenica-1995',
      ],
      [
        'A banner in the stands called for the valley to be emptied again.',
        'the valley to be emptied again',
        'incitement',
        5,
        'bosniaks',
      ],
    ],
  },
]

/** Numbers between 0 and 1, the same at every run. */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export interface WorldOptions {
  /** The last day, an instant. */
  readonly now: Date
  readonly days: number
  readonly articlesADay: number
  /** One article in this many is flagged. */
  readonly flaggedIn: number
}

/** Everything the index needs, oldest first. */
export function invent({ now, days, articlesADay, flaggedIn }: WorldOptions): IndexEntry[] {
  const chance = chances(7)
  const entries: IndexEntry[] = []
  const today = dayOf(now)
  for (let back = days - 1; back >= 0; back--) {
    const day = addDays(today, -back)
    const peak = Math.abs(back - 20) < 4 ? 2 : 1
    for (let n = 0; n < articlesADay; n++) {
      const at = new Date(
        Math.min(
          Date.parse(`${day}T05:00:00Z`) + Math.floor(chance() * 14 * 3_600_000),
          now.getTime() - 60_000,
        ),
      ).toISOString()
      const template = TEMPLATES[Math.floor(chance() * TEMPLATES.length)]!
      const flagged = chance() < peak / flaggedIn
      entries.push(...articleEntries(template, `${day}-${n}`, at, flagged, chance))
    }
  }
  return [...entries, ...observations(now)]
}

function articleEntries(
  template: Template,
  slug: string,
  at: string,
  flagged: boolean,
  chance: () => number,
): IndexEntry[] {
  const choice = template.sentences[Math.floor(chance() * template.sentences.length)]!
  const text = template.paragraphs
    .flatMap(paragraph => (paragraph === '%' ? (flagged ? [choice[0]] : []) : [paragraph]))
    .join('\n\n')
  const url = `https://${template.source}.example/vijesti/${slug}`
  const article = articleOf({
    id: hashId(url),
    source: template.source,
    url,
    at,
    title: template.title,
    text,
  })
  const voices: readonly Voice[] = ['quoted', 'author', 'outlet']
  const stances: readonly Stance[] = ['relays', 'endorses', 'contextualises']
  const flags = flagged
    ? [
        flagOf(article, choice[0], choice[1], {
          category: choice[2],
          severity: choice[3],
          targets: [choice[4]],
          ...(choice[5] !== undefined && { event: choice[5] }),
          confidence: Math.round((0.5 + chance() * 0.48) * 100) / 100,
          voice: voices[Math.floor(chance() * 3)]!,
          stance: stances[Math.floor(chance() * 3)]!,
        }),
      ]
    : []
  return [
    { kind: 'article', article },
    { kind: 'finding', finding: findingOf(article, template.language, template.script, flags) },
  ]
}

export function articleOf(given: {
  id: string
  source: string
  url: string
  at: string
  title: string
  text: string
  lead?: string
  author?: string
  section?: string
  outletName?: string
}): Article {
  const source = SOURCES.find(({ id }) => id === given.source)
  return {
    v: 1,
    id: given.id,
    sourceId: given.source,
    outlet: {
      name: given.outletName ?? source?.name ?? given.source,
      ...(source && { country: source.country, kind: source.kind }),
    },
    url: given.url,
    at: given.at,
    day: dayOf(given.at),
    title: given.title,
    ...(given.lead !== undefined && { lead: given.lead }),
    text: given.text,
    ...(given.author !== undefined && { author: given.author }),
    ...(given.section !== undefined && { section: given.section }),
    publishedAt: given.at,
    firstSeenAt: given.at,
    fetchedAt: given.at,
    revision: 0,
    textHash: hashId(given.text),
    evidence: { rawHash: sha256(given.url), bytes: 48_213, status: 200 },
  }
}

export function flagOf(
  article: Article,
  sentence: string,
  quote: string,
  given: Partial<Flag> & { category: Category; severity: number },
): Flag {
  const field = given.field ?? 'text'
  const start = (field === 'title' ? article.title : article.text).indexOf(quote)
  if (start < 0) throw new Error(`the quote is not in the ${field}: ${quote}`)
  return {
    id: flagId(article.id, given.category, quote, 0),
    subtype: SUBTYPES[given.category][0],
    confidence: 0.8,
    alert: (given.confidence ?? 0.8) > 0.85,
    targets: [],
    voice: 'quoted',
    stance: 'relays',
    field,
    start,
    end: start + quote.length,
    quote,
    sentence,
    rule: `${given.category}-${SUBTYPES[given.category][0]}-1`,
    why: 'A word for a group stands close to a word of the kind named by the label.',
    indicators: given.category === 'denial' ? ['2.6'] : ['7.14', '9.4'],
    ...given,
  }
}

export function findingOf(
  article: Article,
  language: Language,
  script: Script,
  flags: readonly Flag[],
): Finding {
  const { v, lead, text, ...head } = article
  return {
    v,
    article: head,
    ...(flags.length > 0 && { text, ...(lead !== undefined && { lead }) }),
    language,
    languageConfidence: 0.97,
    script,
    flagged: flags.length > 0,
    flags: [...flags],
    madeBy: { pipeline: 'test-1', lexicon: sha256('lexicon').slice(0, 20) },
    madeAt: article.fetchedAt,
  }
}

function observations(now: Date): IndexEntry[] {
  return SOURCES.filter(({ enabled }) => enabled).map(({ id }, at): IndexEntry => {
    const isDown = id === 'lovcen-danas'
    const seen = new Date(now.getTime() - (at + 1) * 240_000).toISOString()
    const observation: Observation = {
      v: 1,
      id: hashId(id, seen),
      sourceId: id,
      at: seen,
      of: `https://${id}.example/rss`,
      kind: 'feed',
      outcome: isDown ? 'failed' : 'fresh',
      ...(isDown ? { reason: 'The server did not answer within 20 seconds.' } : { status: 200 }),
      seen: 0,
      fates: { published: 0, revised: 0, unchanged: 0, duplicate: 0, refused: 0, failed: 0 },
      items: [],
      warnings: id === 'vardar-den' ? ['2 entries had no date'] : [],
      nextDueAt: new Date(now.getTime() + 600_000).toISOString(),
    }
    return { kind: 'observation', observation }
  })
}
