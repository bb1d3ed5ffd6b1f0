/** Runs the EvidenceStore contract against every adapter. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { sqliteEvidenceStore } from '../../ingest/sqlite-evidence.ts'
import { evidenceStoreContract } from './evidence-store.ts'

evidenceStoreContract({
  name: 'SQLite',
  async create() {
    const dir = await mkdtemp(join(tmpdir(), 'opomena-evidence-'))
    return {
      open: async () => sqliteEvidenceStore({ dir, clock: systemClock }),
      destroy: () => rm(dir, { recursive: true, force: true }),
    }
  },
})
