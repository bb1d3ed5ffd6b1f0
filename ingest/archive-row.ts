/** One line of an archive, checked: the row, its source, and the article it may become. */
import { z } from 'zod'
import { hashId } from '../core/hash.ts'
import { LANGUAGES } from '../core/labels.ts'
import type { Source } from '../core/source.ts'
import { fold } from '../core/text.ts'
import { articleSourceOf } from './build-article.ts'
import type { ArticleSource, Words } from './build-article.ts'
import { articleId, cleanUrl } from './canonical-url.ts'
import { parseDate } from './dates.ts'
import { plainLine, plainText, tidy } from './plain-text.ts'

const text = z.string().nullish()
const rowSchema = z.object({
  url: text,
  source: z.string().trim().min(1, 'expected the name of the outlet'),
  title: text,
  text,
  lead: text,
  author: text,
  section: text,
  publishedAt: text,
  firstSeenAt: text,
  lang: text,
})

export interface ArchiveItem {
  readonly source: ArticleSource
  readonly id: string
  readonly url: string
  readonly words: Words
  /** ISO 8601, UTC; absent where the archive does not say. */
  readonly firstSeenAt?: string
  readonly itemHash: string
}

/** Finds the source of a name: as configured, else one made of the name. */
export type SourceNamer = (name: string) => ArticleSource

/** @throws Error when the line is no article; the message says what was expected and what came. */
export function archiveItem(line: string, sourceOf: SourceNamer): ArchiveItem {
  const row = rowOf(line)
  const title = plainLine(row.title ?? '')
  const words = compact({
    title,
    text: textOf(row.text ?? ''),
    lead: plainLine(row.lead ?? ''),
    author: plainLine(row.author ?? ''),
    section: plainLine(row.section ?? ''),
    publishedAt: parseDate(row.publishedAt ?? undefined),
  })
  if (!/[\p{L}\p{N}]/u.test(`${title}${words.text ?? ''}`))
    throw new Error('expected a title or a text, came neither')
  const source = inLanguage(sourceOf(row.source), row.lang ?? undefined)
  const url = row.url ? cleanUrl(row.url) : undefined
  if (row.url && url === undefined)
    throw new Error(`expected a web address as url, came ${JSON.stringify(row.url.slice(0, 100))}`)
  const id =
    url === undefined
      ? hashId('import', source.id, title, row.publishedAt ?? '', title === '' ? (words.text ?? '') : '')
      : articleId(url)
  const firstSeenAt = parseDate(row.firstSeenAt ?? undefined)
  return {
    source,
    id,
    url: url ?? `import:${source.id}/${id}`,
    words,
    ...(firstSeenAt !== undefined && { firstSeenAt }),
    itemHash: hashId(title, row.text ?? '', row.publishedAt ?? ''),
  }
}

function rowOf(line: string): z.infer<typeof rowSchema> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new Error(`expected a JSON object, came ${JSON.stringify(line.slice(0, 60))}`)
  }
  const row = rowSchema.safeParse(value)
  if (row.success) return row.data
  throw new Error(z.prettifyError(row.error).replace(/\s+/gu, ' ').slice(0, 200))
}

/** Archives hold text, and some HTML; line ends are paragraphs in both. */
function textOf(written: string): string {
  return /<(p|br|div)[\s/>]/iu.test(written) ? plainText(written) : tidy(written.replace(/\n+/gu, '\n\n'))
}

function compact(words: { readonly [K in keyof Words]: Words[K] | undefined }): Words {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined && value !== ''))
}

function inLanguage(source: ArticleSource, lang: string | undefined): ArticleSource {
  const declaredLanguage = LANGUAGES.find(language => language === lang)
  return declaredLanguage ? { ...source, declaredLanguage } : source
}

/** Outlets by id, name or host. One that is not configured gets an id made of its name. */
export function sourceNamer(sources: readonly Source[]): SourceNamer {
  const known = new Map<string, ArticleSource>()
  for (const source of sources.toReversed()) {
    const host = new URL(source.homepage).hostname.replace(/^www\./u, '')
    for (const name of [host, fold(source.name), source.id]) known.set(name, articleSourceOf(source))
  }
  return name => {
    const found =
      known.get(name) ?? known.get(fold(name)) ?? known.get(name.toLowerCase().replace(/^www\./u, ''))
    if (found) return found
    const made: ArticleSource = { id: slug(name), outlet: { name: name.slice(0, 200) } }
    if (known.size < 100_000) known.set(name, made)
    return made
  }
}

function slug(name: string): string {
  return (
    fold(name)
      .replace(/[^a-z0-9]+/gu, '-')
      .replace(/^-|-$/gu, '')
      .slice(0, 60) || `source-${hashId(name).slice(0, 8)}`
  )
}
