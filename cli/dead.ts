/** `opomena dead list|redrive|drop`: what a stage set aside, and what a person does about it. */
import type { Command } from 'commander'
import { EXIT } from './exit.ts'
import { writeLine } from './ndjson.ts'
import { openConfig, openLog } from './parts.ts'

export function register(program: Command): void {
  const dead = program
    .command('dead')
    .description('records that a stage could not handle: list them, hand them over again, or drop them')
  dead
    .command('list')
    .description('print the dead letters as NDJSON, without their content; exit 4 when there are any')
    .option('--group <name>', 'only those of one stage')
    .addHelpText('after', '\nExample:\n  opomena dead list --group classify')
    .action(async (options: { group?: string }) => {
      await withLog(async log => {
        const letters = await log.dead.list(options.group)
        for (const { record, ...letter } of letters)
          await writeLine(process.stdout, { ...letter, key: record.key, recordId: record.id })
        if (letters.length > 0) process.exitCode = EXIT.findings
      })
    })
  dead
    .command('redrive')
    .description('hand dead letters to their stage again')
    .requiredOption('--group <name>', 'the stage')
    .argument('[ids...]', 'letters by id; all of the stage when none is given')
    .addHelpText('after', '\nExample:\n  opomena dead redrive --group classify')
    .action(async (ids: string[], options: { group: string }) => {
      await withLog(async log => {
        const count = await log.dead.redrive(options.group, ids.length > 0 ? ids : undefined)
        process.stderr.write(`${String(count)} handed to ${options.group} again\n`)
      })
    })
  dead
    .command('drop')
    .description('remove dead letters for good')
    .requiredOption('--group <name>', 'the stage')
    .argument('<ids...>', 'letters by id')
    .addHelpText('after', '\nExample:\n  opomena dead drop --group classify 12')
    .action(async (ids: string[], options: { group: string }) => {
      await withLog(async log => {
        const count = await log.dead.drop(options.group, ids)
        process.stderr.write(`${String(count)} dropped\n`)
        if (count < ids.length) process.exitCode = EXIT.partial
      })
    })
}

async function withLog(work: (log: Awaited<ReturnType<typeof openLog>>) => Promise<void>): Promise<void> {
  const log = await openLog(openConfig())
  try {
    await work(log)
  } finally {
    await log.close()
  }
}
