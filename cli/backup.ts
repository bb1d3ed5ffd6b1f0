/** `opomena backup DIR`: a copy of everything that cannot be made again, taken while Opomena runs. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  createReadStream,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import { ConfigError, reasonOf } from '../core/errors.ts'
import { damageOf, databasesIn, reading } from './databases.ts'
import { openConfig } from './parts.ts'
import { progress } from './progress.ts'

export function register(program: Command): void {
  program
    .command('backup')
    .description('copy all databases but the index into a new folder of DIR, while everything runs')
    .argument('<dir>', 'where backups are kept: another disk')
    .addHelpText(
      'after',
      `
The folder is named by the time. It holds SHA256SUMS, for: sha256sum -c SHA256SUMS
To restore, make a copy of it the data directory and build the index anew.

Example:
  opomena backup /mnt/backup
  OPOMENA_DATA_DIR=/mnt/backup/2026-07-11T08-00-00Z opomena rebuild`,
    )
    .action(async (dir: string) => {
      const { dataDir } = openConfig()
      const { folder, files, bytes } = await backUp(dataDir, resolve(dir))
      process.stdout.write(`${folder}\n`)
      process.stderr.write(`${String(files)} databases, ${(bytes / 2 ** 20).toFixed(1)} MiB\n`)
    })
}

/** Resolves when the copies are complete, checked and on the disk; until then the folder has another name. */
async function backUp(
  dataDir: string,
  dir: string,
): Promise<{ readonly folder: string; readonly files: number; readonly bytes: number }> {
  if (!relative(dataDir, dir).startsWith('..'))
    throw new ConfigError(
      `backup: expected a directory outside of ${dataDir}, came ${dir}; a copy beside the data is lost with it`,
    )
  const files = inOrder(databasesIn(dataDir))
  const folder = join(dir, systemClock.now().toISOString().slice(0, 19).replaceAll(':', '-') + 'Z')
  const draft = `${folder}.partial`
  const shown = progress('files', { total: files.length })
  const sums: string[] = []
  let bytes = 0
  mkdirSync(dir, { recursive: true })
  mkdirSync(draft, { mode: 0o700 })
  try {
    for (const [done, file] of files.entries()) {
      shown.update(done, file)
      const copy = join(draft, file)
      mkdirSync(dirname(copy), { recursive: true, mode: 0o700 })
      copyDatabase(join(dataDir, file), copy)
      bytes += statSync(copy).size
      sums.push(`${await sumOf(copy)}  ${file}\n`)
    }
    writeFileSync(join(draft, 'SHA256SUMS'), sums.join(''), { mode: 0o600, flush: true })
    for (const one of new Set(files.map(file => dirname(join(draft, file))))) sync(one)
    renameSync(draft, folder)
    sync(dir)
  } catch (thrown) {
    rmSync(draft, { recursive: true, force: true })
    throw thrown
  }
  shown.update(files.length)
  shown.end()
  return { folder, files: files.length, bytes }
}

/**
 * The files are copied one after another while others write, so the order matters. Who has an outbox comes before the
 * log: a message is then in one of the copies or in both, which is a repeat. Who reads comes after the log, so that its
 * place there is not ahead of what it has; evidence comes last, because it is stored before anything is said of it.
 */
function inOrder(files: readonly string[]): readonly string[] {
  const top = ['app.db', 'ingest.db', 'log.db', 'alerts.db'].filter(file => files.includes(file))
  return [...top, ...files.filter(file => file.startsWith('evidence'))]
}

/** SQLite's own copy of one moment: files that are in use cannot be copied by other means. */
function copyDatabase(from: string, to: string): void {
  try {
    reading(from, db => db.prepare('VACUUM INTO ?').run(to))
    chmodSync(to, 0o600)
    const damage = reading(to, db => damageOf(db, 'integrity_check'))
    if (damage.length > 0) throw new Error(damage.join('; '))
    sync(to)
  } catch (cause) {
    throw new Error(
      `backup: ${from} could not be copied to ${to} ("${reasonOf(cause)}"); make room there, or look for damage with opomena verify`,
      { cause },
    )
  }
}

async function sumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** On the disk, not only on the way there. */
function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
