/** Puts captures into an evidence store until it is killed, and says after each that it is safe. */
import { systemClock } from '../../core/clock.ts'
import { sqliteEvidenceStore } from '../../ingest/sqlite-evidence.ts'
import { capture } from './evidence-capture.ts'

const [dir = '', round = '0'] = process.argv.slice(2)
const store = sqliteEvidenceStore({ dir, clock: systemClock })
for (let n = 0; n < 20_000; n++) {
  const { rawHash } = await store.put(
    capture({ text: `Krug ${round}, vijest ${n}: ${'tekst '.repeat(n % 500)}` }),
  )
  process.stdout.write(`${rawHash}\n`)
}
