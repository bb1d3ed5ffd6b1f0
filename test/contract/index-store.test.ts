/** Runs the index store contract against every adapter. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteIndexReader, sqliteIndexWriter } from '../../index/sqlite-store.ts'
import { indexStoreContract } from './index-store.ts'

indexStoreContract({
  name: 'SQLite',
  rounds: 25,
  async create() {
    const folder = await mkdtemp(join(tmpdir(), 'opomena-index-'))
    const path = join(folder, 'index.db')
    return {
      writer: async () => sqliteIndexWriter({ path }),
      reader: async () => sqliteIndexReader({ path }),
      settle: () => Promise.resolve(),
      destroy: () => rm(folder, { recursive: true, force: true }),
    }
  },
})
