/** `opomena rebuild`: the index anew from the log, beside the one in use, which is replaced when it is done. */
import type { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { openConfig, openIndexHome, openLog, openLogger } from './parts.ts'
import { progress } from './progress.ts'
import { stopOnRequest } from './stop-signal.ts'

export function register(program: Command): void {
  program
    .command('rebuild')
    .description('build the index anew from the log; the old one serves until the new one is complete')
    .option('--accept-smaller', 'use the new index even when it holds far less than the old one')
    .addHelpText('after', '\nExample:\n  opomena rebuild')
    .action(async (options: { acceptSmaller?: boolean }) => {
      const config = openConfig()
      const logger = openLogger(config, 'rebuild')
      const { rebuildIndex } = await import('../index/rebuild.ts')
      const log = await openLog(config, logger)
      const home = await openIndexHome(config)
      const shown = progress('records')
      try {
        const { generation, records, after } = await rebuildIndex({
          home,
          log,
          clock: systemClock,
          logger,
          signal: stopOnRequest(),
          acceptSmaller: options.acceptSmaller ?? false,
          onProgress: done => shown.update(done),
        })
        shown.end()
        process.stdout.write(
          `index ${generation} built from ${String(records)} records and in use: ${String(after.articles)} articles, ${String(after.flags)} flags\n`,
        )
      } finally {
        await home.close()
        await log.close()
      }
    })
}
