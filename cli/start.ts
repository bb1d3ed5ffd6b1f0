/** `opomena start`: every stage from one command, on this machine. */
import type { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { dataFile, openAppState, openConfig, openLogger } from './parts.ts'
import { requireServers } from './servers.ts'
import { holdAlone } from './single.ts'
import { stopOnRequest } from './stop-signal.ts'
import { supervise } from './supervise.ts'

export function register(program: Command): void {
  program
    .command('start')
    .description('run every stage with the sources of config/sources.yml, until Ctrl-C')
    .addHelpText('after', '\nExample:\n  OPOMENA_DATA_DIR=/srv/opomena opomena start')
    .action(async () => {
      const config = openConfig()
      const logger = openLogger(config, 'start')
      const lock = holdAlone(dataFile(config, 'instance.lock'), 'Opomena')
      try {
        const stop = stopOnRequest()
        // Once here, so that five workers do not say the same.
        await requireServers('web', config, { clock: systemClock, signal: stop })
        const people = await openAppState(config)
        const empty = people.countUsers() === 0
        people.close()
        const workers = supervise({
          begin: { kind: 'begin' },
          env: process.env,
          clock: systemClock,
          logger,
          healthPort: config.settings.health.port,
        })
        stop.addEventListener('abort', () => workers.stop())
        workers.ready.then(
          ready => {
            const enabled = config.sources.filter(source => source.enabled).length
            process.stdout.write(
              `Opomena is running: http://${config.settings.web.host}:${String(ready.get('web')?.port)}\n` +
                `Sources watched: ${String(enabled)}. Data is in ${config.dataDir}. Ctrl-C stops.\n` +
                (empty
                  ? 'There is no account yet: npm run --silent opomena -- user add NAME --role admin\n'
                  : ''),
            )
          },
          () => undefined,
        )
        process.exitCode = await workers.done
      } finally {
        lock.release()
      }
    })
}
