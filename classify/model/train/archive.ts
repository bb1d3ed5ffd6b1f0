/** Archives of news that training reads: gzipped NDJSON outside the repository, one article a line. */
import { createReadStream, existsSync } from 'node:fs'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { ConfigError } from '../../../core/errors.ts'
import { LANGUAGES } from '../../../core/labels.ts'
import type { Field, Language } from '../../../core/labels.ts'
import { detectLanguage } from '../../detect-language.ts'

const rowSchema = z.object({
  title: z.string().nullish(),
  lead: z.string().nullish(),
  text: z.string().nullish(),
  lang: z.enum(LANGUAGES).nullish().catch(undefined),
  part: z.string().default('A'),
})

export interface ArchivedArticle {
  /** File name of the archive. */
  readonly archive: string
  /** Line, from 0. */
  readonly row: number
  readonly part: string
  readonly language: Language
  readonly fields: Readonly<Record<Field, string>>
}

/** @throws ConfigError when there is none, or a line is no article. */
export async function* readArchives(folder: string): AsyncGenerator<ArchivedArticle> {
  const files = existsSync(folder) ? readdirSync(folder).filter(file => file.endsWith('.jsonl.gz')) : []
  if (files.length === 0) throw new ConfigError(`${folder}: expected archives named *.jsonl.gz, found none`)
  for (const archive of files.sort()) {
    let row = 0
    for await (const line of linesOf(join(folder, archive))) {
      if (line !== '') yield articleOf(line, archive, row)
      row += 1
    }
  }
}

function articleOf(line: string, archive: string, row: number): ArchivedArticle {
  const result = rowSchema.safeParse(JSON.parse(line))
  if (!result.success)
    throw new ConfigError(
      `${archive}, row ${String(row)}: expected an article, ${z.prettifyError(result.error)}`,
    )
  const { title, lead, text, lang, part } = result.data
  const fields = { title: title ?? '', lead: lead ?? '', text: text ?? '' }
  const sample = fields.text.slice(0, 1_200) || fields.title
  const language = lang ?? detectLanguage(sample).language
  return { archive, row, part, language, fields }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of createReadStream(file).pipe(createGunzip())) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  if (rest !== '') yield rest
}
