/** `opomena extract`: saved pages as articles, NDJSON `{id, url, htmlFile}` in. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { runBatch } from './batch.ts'

const input = z.object({
  id: z.string(),
  url: z.url(),
  htmlFile: z.string(),
  contentType: z.string().optional(),
})

export function register(program: Command): void {
  program
    .command('extract')
    .description('read saved pages and print title, text, author and date of each')
    .addHelpText(
      'after',
      `
Reads one object a line, {id, url, htmlFile, contentType?}, and prints
{id, title, text, author, publishedAt, language, canonicalUrl, lead, section} for each.

Example:
  echo '{"id":"1","url":"https://outlet.example/a","htmlFile":"a.html"}' | opomena extract`,
    )
    .action(async () => {
      const { articleFromBytes } = await import('../ingest/from-bytes.ts')
      await runBatch('extract', input, async page => {
        const hints = { url: page.url, ...(page.contentType && { contentType: page.contentType }) }
        return { id: page.id, ...articleFromBytes(await readFile(page.htmlFile), hints) }
      })
    })
}
