/** `opomena worker <stage>`: one stage in one process, as `start` runs five of them. */
import { once } from 'node:events'
import type { Command } from 'commander'
import { Argument } from 'commander'
import { openConfig, openLogger } from './parts.ts'
import type { Overrides } from './parts.ts'
import { stopOnRequest } from './stop-signal.ts'
import { WORKERS } from './supervise.ts'
import type { Begin, Ready, WorkerName } from './supervise.ts'

export function register(program: Command): void {
  program
    .command('worker')
    .description('run one stage alone; `start` runs all of them')
    .addArgument(new Argument('<stage>', 'which one').choices([...WORKERS]))
    .addHelpText('after', '\nExample:\n  opomena worker classify')
    .action(async (name: WorkerName) => {
      try {
        await work(name, await beginning())
      } finally {
        // The channel to the parent would keep the process alive, also when it has failed.
        if (process.connected) process.disconnect()
      }
    })
}

async function work(name: WorkerName, begin: Begin): Promise<void> {
  const config = openConfig()
  const { runWorker } = await import('./workers.ts')
  await runWorker(name, {
    config: begin.demo ? { ...config, sources: [...begin.demo.sources] } : config,
    logger: openLogger(config, name),
    signal: stopOnRequest(),
    ready: port => tellParent({ kind: 'ready', worker: name, ...(port !== undefined && { port }) }),
    ...(begin.demo && { overrides: overridesOf(begin.demo) }),
  })
}

/** The parent's first message, or a plain beginning where there is no parent. */
async function beginning(): Promise<Begin> {
  if (!process.channel) return { kind: 'begin' }
  const [begin] = (await once(process, 'message')) as [Begin]
  return begin
}

function overridesOf(demo: NonNullable<Begin['demo']>): Overrides {
  return { hosts: new Map(demo.hosts), hostGapMs: demo.hostGapMs }
}

function tellParent(ready: Ready): void {
  if (process.connected) process.send?.(ready)
}
