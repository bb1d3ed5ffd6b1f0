/** `opomena rebuild`: the index anew from the log, beside the one in use, which is replaced when it is done. */
import type { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { indexDir, openConfig, openLog, openLogger } from './parts.ts'
import { progress } from './progress.ts'
import { stopOnRequest } from './stop-signal.ts'

export function register(program: Command): void {
  program
    .command('rebuild')
    .description('build the index anew from the log; the old one serves until the new one is complete')
    .addHelpText('after', '\nExample:\n  opomena rebuild')
    .action(async () => {
      const config = openConfig()
      const logger = openLogger(config, 'rebuild')
      const { rebuildIndex } = await import('../index/rebuild.ts')
      const log = await openLog(config, logger)
      const shown = progress('records')
      try {
        const { generation, records } = await rebuildIndex({
          dir: indexDir(config),
          log,
          clock: systemClock,
          logger,
          signal: stopOnRequest(),
          onProgress: done => shown.update(done),
        })
        shown.end()
        process.stdout.write(`index ${generation} built from ${String(records)} records and in use\n`)
      } finally {
        await log.close()
      }
    })
}
