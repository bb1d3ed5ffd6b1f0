#!/usr/bin/env node
/** The command line: one file per command, loaded when it is asked for. */
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { Command } from 'commander'
import { EXIT, exitOf } from './exit.ts'
import { version } from './version.ts'

type Register = (program: Command) => void

const COMMANDS: readonly (() => Promise<{ readonly register: Register }>)[] = [
  () => import('./start.ts'),
  () => import('./demo.ts'),
  () => import('./worker.ts'),
  () => import('./classify.ts'),
  () => import('./detect-language.ts'),
  () => import('./extract.ts'),
  () => import('./feed.ts'),
  () => import('./import.ts'),
  () => import('./ingest.ts'),
  () => import('./sources.ts'),
  () => import('./dead.ts'),
  () => import('./doctor.ts'),
  () => import('./verify.ts'),
  () => import('./backup.ts'),
  () => import('./rebuild.ts'),
  () => import('./user.ts'),
  () => import('./eval.ts'),
  () => import('./lexicon.ts'),
  () => import('./labels.ts'),
  () => import('./model.ts'),
  () => import('./kafka.ts'),
  () => import('./es.ts'),
  () => import('./kibana.ts'),
]

// Half a second of every start. Not in the system's temporary folder: what is run from there others could have put there.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'opomena'))

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('opomena')
    .description('Watches the news of the Western Balkans for dehumanizing and genocide-denial language.')
    .version(version())
    .showHelpAfterError('(opomena <command> --help shows an example)')
    .configureHelp({ sortSubcommands: false })
    .exitOverride()
  for (const load of COMMANDS) (await load()).register(program)
  process.exitCode = EXIT.ok
  try {
    await program.parseAsync([...argv])
  } catch (thrown) {
    const exit = exitOf(thrown)
    process.exitCode = exit.code
    if (exit.line) process.stderr.write(`opomena: ${exit.line}\n`)
  }
}

// A reader that has seen enough closes the pipe (`| head`): that is an end, not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failure),
)

await main(process.argv)
