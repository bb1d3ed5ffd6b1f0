/** `opomena sources list|test`: the outlets we watch, and whether they answer. */
import type { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { ConfigError } from '../core/errors.ts'
import { countryCode } from './arguments.ts'
import { EXIT } from './exit.ts'
import { writeLine } from './ndjson.ts'
import { openConfig, openFetcher, openLogger } from './parts.ts'
import { progress } from './progress.ts'
import { stopOnRequest } from './stop-signal.ts'

export function register(program: Command): void {
  const sources = program.command('sources').description('the outlets we watch')
  sources
    .command('list')
    .description('print the sources of sources.yml')
    .option('--json', 'as NDJSON, with all fields')
    .option('--country <code>', 'only those of one country', countryCode)
    .addHelpText('after', '\nExample:\n  opomena sources list --country BA')
    .action(async (options: { json?: boolean; country?: string }) => {
      for (const source of openConfig().sources) {
        if (options.country && source.country !== options.country) continue
        if (options.json) await writeLine(process.stdout, source)
        else {
          const state = source.enabled ? 'on ' : 'off'
          process.stdout.write(
            `${state}  ${source.country.padEnd(3)}  ${source.id.padEnd(28)}  ${source.languages.join(',').padEnd(8)}  ${source.name}${source.remark ? `  (${source.remark})` : ''}\n`,
          )
        }
      }
    })
  sources
    .command('test')
    .description(
      'fetch each source once and say how it answers; nothing is published. Exit 4 when one does not pass',
    )
    .argument('[ids...]', 'sources by id; all enabled ones when none is given')
    .addHelpText('after', '\nExample:\n  opomena sources test klix vijesti')
    .action(async (ids: string[]) => {
      const config = openConfig()
      const logger = openLogger(config, 'sources')
      const wanted =
        ids.length === 0
          ? config.sources.filter(source => source.enabled)
          : config.sources.filter(source => ids.includes(source.id))
      const unknown = ids.filter(id => !config.sources.some(source => source.id === id))
      if (unknown.length > 0)
        throw new ConfigError(
          `expected ids of sources in sources.yml, came ${unknown.join(', ')}; \`opomena sources list\` shows them`,
        )
      const { testSource } = await import('../ingest/test-source.ts')
      const fetcher = await openFetcher(config, logger)
      const signal = stopOnRequest()
      const shown = progress('sources', { total: wanted.length })
      let done = 0
      try {
        for (const source of wanted) {
          if (signal.aborted) break
          const report = await testSource(source, { fetcher, clock: systemClock, signal })
          if (!report.passed) process.exitCode = EXIT.findings
          shown.update((done += 1))
          await writeLine(process.stdout, report)
        }
        shown.end()
      } finally {
        await fetcher.close()
      }
    })
}
