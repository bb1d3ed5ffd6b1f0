/** Runs the EventLog contract against every adapter. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'
import { eventLogContract } from './event-log.ts'

eventLogContract({
  name: 'SQLite',
  traits: {
    storesRepeats: false,
    ordersAcrossKeys: true,
    expiresAtOnce: true,
    compactsAtOnce: true,
    settlesInMs: 500,
  },
  async create() {
    const folder = await mkdtemp(join(tmpdir(), 'opomena-log-'))
    const path = join(folder, 'log.db')
    return {
      open: async () => sqliteLog({ path, clock: systemClock, logger: silentLogger }),
      destroy: () => rm(folder, { recursive: true, force: true }),
    }
  },
})
