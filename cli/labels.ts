/** `opomena labels export`: what reviewers decided, as passages the training reads. */
import type { Command } from 'commander'
import { reviewedPassage } from '../classify/corpus/from-verdict.ts'
import type { FlagDocument } from '../core/document.ts'
import type { IndexReader } from '../core/ports.ts'
import { parseQuery } from '../core/query.ts'
import { writeLine } from './ndjson.ts'
import { openConfig, openIndexReader } from './parts.ts'

const PAGE = 200
const REVIEWED = '-status:pending -status:duplicate -status:out-of-scope'

export function register(program: Command): void {
  program
    .command('labels')
    .description('verdicts of reviewers as labels')
    .command('export')
    .description('write every reviewed passage with its label as NDJSON; contains quotes')
    .option('--query <query>', 'only flags that meet it, for example "language:mk day:2026"', '*')
    .addHelpText(
      'after',
      `
Confirmed and reported speech become instances with the reviewer's corrections, not-hate becomes none, unclear
becomes borderline. Left out: flags on which reviewers differ, and those whose words have expired or changed.

Example:
  opomena labels export > verdicts.ndjson`,
    )
    .action(async ({ query }: { query: string }) => {
      const index = await openIndexReader(openConfig())
      try {
        const counts = await exportLabels(index, query)
        process.stderr.write(
          `${String(counts.written)} passages written, ${String(counts.leftOut)} left out (reviewers differ, or the words are gone)\n`,
        )
      } finally {
        await index.close()
      }
    })
}

async function exportLabels(
  index: IndexReader,
  query: string,
): Promise<{ written: number; leftOut: number }> {
  const counts = { written: 0, leftOut: 0 }
  for await (const flag of reviewedFlags(index, query)) {
    const article = await index.article(flag.article.id)
    const { lead, text } = article ?? {}
    const passage = reviewedPassage(flag, {
      title: flag.article.title,
      ...(lead !== undefined && { lead }),
      ...(text !== undefined && { text }),
    })
    if (passage) await writeLine(process.stdout, passage)
    counts[passage ? 'written' : 'leftOut'] += 1
  }
  return counts
}

async function* reviewedFlags(index: IndexReader, query: string): AsyncGenerator<FlagDocument> {
  const search = { query: parseQuery(`(${query}) ${REVIEWED}`) }
  let cursor: string | undefined
  do {
    const page = await index.searchFlags(search, { limit: PAGE, order: 'oldest', ...(cursor && { cursor }) })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== undefined)
}
