/** `opomena demo`: the whole of Opomena on invented outlets, served on this machine and fetched through the real path. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { systemClock } from '../core/clock.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/config.ts'
import type { EventLog } from '../core/ports.ts'
import { addDays, dayOf } from '../core/time.ts'
import { articles, findings } from '../core/topics.ts'
import { groupOf } from '../index/index-home.ts'
import { portNumber } from './arguments.ts'
import { dataFile, openAppState, openIndexHome, openIndexReader, openLog, openLogger } from './parts.ts'
import { progress } from './progress.ts'
import { holdAlone } from './single.ts'
import { stopOnRequest } from './stop-signal.ts'
import { supervise } from './supervise.ts'
import type { DemoServer } from './demo/server.ts'

/** Enough to see that the gate works, short enough for a demo. */
const HOST_GAP_MS = 20

export function register(program: Command): void {
  program
    .command('demo')
    .description(
      'try everything on invented outlets: no network, nothing to set up; prints an address and a sign-in',
    )
    .option('--port <number>', 'port of the web; the next free one when it is taken', portNumber, 8585)
    .option('--data <dir>', 'keep the data in this directory; otherwise it is removed at the end')
    .addHelpText('after', '\nExample:\n  opomena demo --port 9000')
    .action(async (options: { port: number; data?: string }) => {
      const { startDemoServer } = await import('./demo/server.ts')
      const dir = options.data ? resolve(options.data) : await mkdtemp(join(tmpdir(), 'opomena-demo-'))
      const port = await freePort(options.port)
      const env = {
        ...process.env,
        OPOMENA_DATA_DIR: dir,
        OPOMENA_PORT: String(port),
        OPOMENA_PUBLIC_URL: `http://127.0.0.1:${String(port)}`,
      }
      const config = loadConfig({ env })
      const lock = holdAlone(dataFile(config, 'instance.lock'), 'Opomena')
      const outlets = await startDemoServer()
      try {
        process.exitCode = await runDemo(config, env, outlets)
      } finally {
        await outlets.close()
        lock.release()
        if (!options.data) await rm(dir, { recursive: true, force: true })
      }
    })
}

async function runDemo(config: Config, env: NodeJS.ProcessEnv, outlets: DemoServer): Promise<number> {
  const logger = openLogger(config, 'demo')
  const password = await demoAccount(config)
  const signal = stopOnRequest()
  const workers = supervise({
    begin: {
      kind: 'begin',
      demo: { sources: outlets.sources, hosts: [...outlets.hosts], hostGapMs: HOST_GAP_MS },
    },
    env,
    clock: systemClock,
    logger,
    healthPort: config.settings.health.port,
  })
  signal.addEventListener('abort', () => workers.stop())
  workers.ready
    .then(
      ready => {
        process.stdout.write(
          `\nOpomena demo (invented outlets and stories)\n\n  open      http://127.0.0.1:${String(ready.get('web')?.port)}\n  name      monitor\n  password  ${password}\n\nArticles are being fetched and read; Ctrl-C stops.\n`,
        )
        return showArrival(config, outlets, signal)
      },
      () => undefined,
    )
    .catch((thrown: unknown) => logger.warn({ err: thrown }, 'progress could not be shown'))
  return workers.done
}

async function demoAccount(config: Config): Promise<string> {
  const store = await openAppState(config)
  const password = randomBytes(9).toString('base64url')
  if (store.countUsers() > 0) {
    await store.setPassword('monitor', password)
  } else {
    // Of all roles the lead sees most of what a monitor, a member and a researcher see.
    await store.addUser({ name: 'monitor', role: 'admin', password })
  }
  store.close()
  return password
}

/** Whether the classifier, or the index behind it, has still something to do. */
async function isWaiting(log: EventLog, config: Config): Promise<boolean> {
  const home = await openIndexHome(config)
  const generation = await home.current()
  await home.close()
  const lags = [await log.lag(articles, 'classify')]
  if (generation !== undefined) lags.push(await log.lag(findings, groupOf(generation)))
  return lags.some(lag => lag.records > 0)
}

/** Counts until every article of the demo has been read and judged, then says what came out. */
async function showArrival(config: Config, outlets: DemoServer, signal: AbortSignal): Promise<void> {
  const reader = await openIndexReader(config)
  const log = await openLog(config)
  const shown = progress('articles read', { total: outlets.articles })
  const today = dayOf(systemClock.now())
  const search = { query: { kind: 'all' }, from: addDays(today, -400), to: today } as const
  let counts = { flags: 0, articles: 0 }
  let waiting = true
  while (!signal.aborted && (waiting || counts.articles < outlets.articles)) {
    // Looked at before the count: what is judged by then is counted.
    waiting = await isWaiting(log, config)
    counts = await reader.count(search)
    shown.update(counts.articles, `${String(counts.flags)} passages flagged`)
    await systemClock.sleep(250, signal)
  }
  shown.end()
  await reader.close()
  await log.close()
  if (!signal.aborted)
    process.stdout.write(
      `${String(counts.articles)} articles read, ${String(counts.flags)} passages flagged and waiting for review.\n`,
    )
}

/** The port asked for, or the next one up that nobody listens on. */
async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + 50; port += 1) if (await isFree(port)) return port
  return first
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
