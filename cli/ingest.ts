/** `opomena ingest --once`: one look at every source, or at one, whatever the schedule says. */
import type { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { ConfigError } from '../core/errors.ts'
import { closing } from './closing.ts'
import { EXIT } from './exit.ts'
import { writeLine } from './ndjson.ts'
import { openConfig, openEvidence, openFetcher, openIngestStore, openLog, openLogger } from './parts.ts'
import { progress } from './progress.ts'
import { stopOnRequest } from './stop-signal.ts'

export function register(program: Command): void {
  program
    .command('ingest')
    .description('look at the sources now and publish what is new')
    .requiredOption('--once', 'one look, then end (`start` keeps looking)')
    .option('--source <id>', 'only this source, even when it is disabled')
    .addHelpText('after', '\nExample:\n  opomena ingest --once --source klix')
    .action(async (options: { source?: string }) => {
      const config = openConfig()
      const logger = openLogger(config, 'ingest')
      const sources = chosen(config.sources, options.source)
      const { ingestOnce } = await import('../ingest/schedule.ts')
      const shown = progress('sources', { total: sources.length })
      let done = 0
      let failed = 0
      await closing(async hold =>
        ingestOnce({
          sources,
          settings: config.settings.ingest,
          log: hold(await openLog(config, logger)),
          evidence: hold(await openEvidence(config)),
          store: hold(await openIngestStore(config)),
          fetcher: hold(await openFetcher(config, logger)),
          clock: systemClock,
          logger,
          signal: stopOnRequest(),
          onPolled: async summary => {
            if (summary.outcome === 'failed' || summary.outcome === 'refused') failed += 1
            shown.update((done += 1))
            await writeLine(process.stdout, summary)
          },
        }),
      )
      shown.end()
      if (failed > 0) process.exitCode = failed === sources.length ? EXIT.failure : EXIT.partial
    })
}

function chosen<S extends { readonly id: string; readonly enabled: boolean }>(
  sources: readonly S[],
  id?: string,
): readonly S[] {
  if (id === undefined) return sources.filter(source => source.enabled)
  const found = sources.filter(source => source.id === id)
  if (found.length === 0)
    throw new ConfigError(
      `--source: expected the id of a source in sources.yml, came ${JSON.stringify(id)}; \`opomena sources list\` shows them`,
    )
  return found
}
