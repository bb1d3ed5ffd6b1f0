/** `opomena import`: an archive of articles, NDJSON on standard input, into the pipeline. */
import type { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { closing } from './closing.ts'
import { EXIT } from './exit.ts'
import { linesOf, writeLine } from './ndjson.ts'
import { openConfig, openEvidence, openIngestStore, openLog, openLogger } from './parts.ts'
import { progress } from './progress.ts'

export function register(program: Command): void {
  program
    .command('import')
    .description('publish archived articles, as if they had been fetched; every line has exactly one fate')
    .addHelpText(
      'after',
      `
Reads one object a line, {url?, source, title?, text?, publishedAt?, firstSeenAt?, lang?}, and prints what became of
them: {in, published, revised, duplicate, unchanged, failed}. Importing the same lines again changes nothing.

Example:
  zcat archive.jsonl.gz | opomena import`,
    )
    .action(async () => {
      const config = openConfig()
      const logger = openLogger(config, 'import')
      const { importArchive } = await import('../ingest/import-archive.ts')
      await closing(async hold => {
        const log = hold(await openLog(config, logger))
        const evidence = hold(await openEvidence(config))
        const store = hold(await openIngestStore(config))
        const shown = progress('import')
        const report = await importArchive(linesOf(process.stdin), {
          sources: config.sources,
          evidence,
          store,
          log,
          clock: systemClock,
          logger,
          onProgress: done => shown.update(done),
        })
        shown.end()
        await writeLine(process.stdout, report)
        for (const { reason } of report.firstErrors) process.stderr.write(`opomena: import: ${reason}\n`)
        if (report.failed > 0) process.exitCode = report.failed === report.in ? EXIT.failure : EXIT.partial
      })
    })
}
