/** `opomena verify`: is everything kept still what it was? Every byte of evidence, every row of the audit trail, every database. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import { systemClock } from '../core/clock.ts'
import { reasonOf } from '../core/errors.ts'
import { auditTrail } from '../dashboards/store/audit.ts'
import { damageOf, databasesIn, reading } from './databases.ts'
import { EXIT } from './exit.ts'
import { writeLine } from './ndjson.ts'
import { openConfig, openEvidence } from './parts.ts'
import { progress } from './progress.ts'

interface Fault {
  /** The file, or its part, within the data directory. */
  readonly what: string
  readonly fault: string
  /** Of evidence. */
  readonly rawHash?: string
}

export function register(program: Command): void {
  program
    .command('verify')
    .description('look for damage and tampering in all that is kept; exit 4 when there is any')
    .option('--json', 'the faults as NDJSON')
    .addHelpText('after', '\nExample:\n  opomena verify --json > faults.ndjson')
    .action(async (options: { json?: boolean }) => {
      const config = openConfig()
      let faults = 0
      for await (const fault of faultsIn(config)) {
        faults += 1
        if (options.json) await writeLine(process.stdout, fault)
        else process.stdout.write(`${fault.what}: ${fault.fault}\n`)
      }
      process.stderr.write(
        faults === 0
          ? 'everything is what it was\n'
          : `${String(faults)} faults; keep the files as they are\n`,
      )
      if (faults > 0) process.exitCode = EXIT.findings
    })
}

async function* faultsIn(config: Config): AsyncGenerator<Fault> {
  const files = databasesIn(config.dataDir)
  const shown = progress('files', { total: files.length })
  let done = 0
  for (const file of files.filter(one => !one.startsWith('evidence'))) {
    shown.update(done++, file)
    yield* attempt(file, () => reading(join(config.dataDir, file), db => damageOf(db, 'quick_check')))
  }
  yield* attempt('app.db, audit trail', () => auditFaults(join(config.dataDir, 'app.db')))
  // Most of the bytes; its own check looks through the files as well.
  shown.update(done, 'evidence')
  const evidence = await openEvidence(config)
  for await (const { rawHash, fault } of evidence.verify())
    yield { what: 'evidence', fault, ...(rawHash !== '' && { rawHash }) }
  await evidence.close()
  shown.update(files.length)
  shown.end()
}

/** A file that cannot be read to its end is a fault, not the end of the check. */
function attempt(what: string, check: () => readonly string[]): readonly Fault[] {
  try {
    return check().map(fault => ({ what, fault }))
  } catch (thrown) {
    return [{ what, fault: reasonOf(thrown) }]
  }
}

function auditFaults(path: string): readonly string[] {
  if (!existsSync(path)) return []
  const chain = reading(path, db => auditTrail(db, systemClock).verify())
  if ('rows' in chain) return []
  return [
    `row ${String(chain.brokenAt)} does not follow from the rows before it: one was changed, taken out or put in`,
  ]
}
