/** The invented outlets of the demo and their articles, read from YAML. */
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Problems } from '../../config/problems.ts'
import { readYaml } from '../../config/yaml-file.ts'
import { ALL_SUBTYPES, CATEGORIES, STANCES, VOICES } from '../../core/labels.ts'
import { sourceSchema } from '../../core/source.ts'
import { toCyrillic } from './cyrillic.ts'

const outletSchema = sourceSchema.extend({
  serve: z.strictObject({
    /** `broken` is RSS 2.0 with faults that real feeds have; absent for the outlet that only has a page of links. */
    feed: z.enum(['rss', 'atom', 'rdf', 'broken']).optional(),
    charset: z.enum(['utf-8', 'windows-1250', 'windows-1251']).default('utf-8'),
    /** How a page is built: with JSON-LD, with meta elements only, or as a table of the old days. */
    page: z.enum(['json-ld', 'meta', 'table']),
    /** Words of the outlet's own language around the articles. */
    words: z.strictObject({ home: z.string(), related: z.string(), comments: z.string(), tags: z.string() }),
    disallow: z.string().optional(),
  }),
})
type OutletEntry = z.infer<typeof outletSchema>

const expectationSchema = z.strictObject({
  category: z.enum(CATEGORIES),
  subtype: z.enum(ALL_SUBTYPES),
  event: z.string().optional(),
  voice: z.enum(VOICES).optional(),
  stance: z.enum(STANCES).optional(),
})

const wordsSchema = z.strictObject({ title: z.string(), lead: z.string().optional(), text: z.string() })

const articleSchema = z.strictObject({
  slug: z.string().regex(/^[a-z0-9-]+$/, 'expected lower-case letters, digits and hyphens'),
  daysAgo: z.number().min(0).max(40),
  section: z.string().optional(),
  author: z.string().optional(),
  /** Absent for a copy. */
  title: z.string().optional(),
  lead: z.string().optional(),
  text: z.string().optional(),
  /** `outlet/slug` of the article that is reprinted, in the script of this outlet. */
  copyOf: z.string().optional(),
  /** What the article says some seconds after it was first read. */
  revised: wordsSchema.extend({ afterSeconds: z.number().min(0) }).optional(),
  comments: z.array(z.string()).default([]),
  /** What a careful reader would mark; empty for an article that must stay unflagged. */
  expect: z.array(expectationSchema).default([]),
})
type ArticleEntry = z.infer<typeof articleSchema>

export type Expectation = z.infer<typeof expectationSchema>
export type Words = z.infer<typeof wordsSchema>

export interface DemoArticle extends Omit<ArticleEntry, 'title' | 'lead' | 'text'> {
  readonly url: string
  readonly words: Words
}

export interface DemoOutlet extends OutletEntry {
  readonly host: string
  readonly articles: readonly DemoArticle[]
}

/** @throws ConfigError */
export function loadOutlets(): DemoOutlet[] {
  const problems = new Problems()
  const outlets = readYaml(here('outlets.yml'), z.array(outletSchema), problems).value ?? []
  const entries = new Map(
    outlets.map(outlet => [
      outlet.id,
      readYaml(here(`articles/${outlet.id}.yml`), z.array(articleSchema), problems).value ?? [],
    ]),
  )
  problems.throwIfAny()
  return outlets.map(outlet => {
    const host = new URL(outlet.homepage).hostname
    const articles = entries.get(outlet.id)!.map(entry => ({
      ...entry,
      url: `http://${host}/${pathOf(entry)}`,
      words: wordsOf(entry, outlet, entries),
    }))
    return { ...outlet, host, articles }
  })
}

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

function pathOf(entry: ArticleEntry): string {
  return `${entry.section ?? 'vijesti'}/${entry.slug}`
}

function wordsOf(
  entry: ArticleEntry,
  outlet: OutletEntry,
  entries: ReadonlyMap<string, ArticleEntry[]>,
): Words {
  if (entry.copyOf === undefined) return ownWords(entry, `${outlet.id}/${entry.slug}`)
  const [from, slug] = entry.copyOf.split('/')
  const original = entries.get(from ?? '')?.find(one => one.slug === slug)
  if (!original)
    throw new Error(`${outlet.id}/${entry.slug}: expected an article to copy, found none at ${entry.copyOf}`)
  const { title, lead, text } = ownWords(original, entry.copyOf)
  if (outlet.scripts[0] === 'Latn') return { title, lead, text }
  return { title: toCyrillic(title), lead: lead && toCyrillic(lead), text: toCyrillic(text) }
}

function ownWords({ title, lead, text }: ArticleEntry, where: string): Words {
  if (title === undefined || text === undefined) throw new Error(`${where}: expected a title and a text`)
  return { title, lead, text }
}
