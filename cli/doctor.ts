/** `opomena doctor`: everything that must hold, one line each, with what to do where it does not. */
import { statfsSync, writeFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { styleText } from 'node:util'
import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import { reasonOf } from '../core/errors.ts'
import { silentLogger } from '../core/logger.ts'
import { TOPICS } from '../core/topics.ts'
import { EXIT } from './exit.ts'
import { writeLine } from './ndjson.ts'
import { dataFile, openClassifier, openConfig, openIndexReader, openLog } from './parts.ts'
import { elasticsearchFound, kafkaProblems } from './servers.ts'

type State = 'ok' | 'warn' | 'fail'

interface Check {
  readonly what: string
  readonly state: State
  readonly found: string
  /** What to do; absent when all is well. */
  readonly hint?: string
  /** The configuration names a server that cannot be used: no worker would start. */
  readonly unusable?: boolean
}

const LEAST_NODE = [24, 12] as const
const LEAST_SQLITE = [3, 51, 3] as const
const LOW_DISK = 0.15
/** A stage that is more than ten minutes behind has stopped. */
const LATE_MS = 600_000

export function register(program: Command): void {
  program
    .command('doctor')
    .description(
      'check the machine, the configuration and the data; exit 4 when something is wrong, 2 when no worker can start so',
    )
    .option('--json', 'as NDJSON')
    .addHelpText('after', '\nExample:\n  opomena doctor')
    .action(async (options: { json?: boolean }) => {
      let code: number = EXIT.ok
      for await (const { unusable, ...check } of checks()) {
        if (unusable) code = EXIT.usage
        else if (check.state === 'fail' && code === EXIT.ok) code = EXIT.findings
        if (options.json) await writeLine(process.stdout, check)
        else process.stdout.write(lineOf(check))
      }
      process.exitCode = code
    })
}

function lineOf(check: Check): string {
  const colour = { ok: 'green', warn: 'yellow', fail: 'red' } as const
  const hint = check.hint ? `\n      ${check.hint}` : ''
  return `${styleText(colour[check.state], check.state.padEnd(4))}  ${check.what.padEnd(14)}  ${check.found}${hint}\n`
}

async function* checks(): AsyncGenerator<Check> {
  yield nodeVersion()
  yield sqlite()
  const config = openConfig()
  yield sources(config)
  yield contact(config)
  yield await attempt('lexicons', 'mend the lexicon file that is named', async () => {
    const classifier = await openClassifier(config)
    const { madeBy } = classifier.classify({ id: 'doctor', text: 'Sunčano vrijeme.' })
    return `version ${madeBy.lexicon.slice(0, 12)}`
  })
  yield directory(config)
  yield disk(config)
  const log = await eventLog(config)
  yield* log
  if (log.every(({ state }) => state === 'ok')) yield* await queues(config)
  const search = await searchServer(config)
  if (search) yield search
  if (search?.state !== 'fail')
    yield await attempt('index', 'run `opomena rebuild`', async () => {
      const reader = await openIndexReader(config)
      const span = await reader.span()
      await reader.close()
      return span ? `articles from ${span.from} to ${span.to}` : 'empty'
    })
  yield config.smtpUrl === undefined
    ? {
        what: 'mail',
        state: 'warn',
        found: `letters are written to ${join(config.dataDir, 'mail')}`,
        hint: 'set OPOMENA_SMTP_URL to send them',
      }
    : { what: 'mail', state: 'ok', found: 'a mail server is set' }
}

function nodeVersion(): Check {
  const found = process.versions.node
  return atLeast(found, LEAST_NODE)
    ? { what: 'node', state: 'ok', found }
    : {
        what: 'node',
        state: 'fail',
        found,
        hint: `expected ${LEAST_NODE.join('.')} or newer; run through npm, which brings it: npm run --silent opomena -- doctor`,
      }
}

function sqlite(): Check {
  const db = new DatabaseSync(':memory:')
  try {
    const { version } = db.prepare('SELECT sqlite_version() AS version').get() as { version: string }
    db.exec('CREATE VIRTUAL TABLE words USING fts5(word)')
    return atLeast(version, LEAST_SQLITE)
      ? { what: 'sqlite', state: 'ok', found: `${version} with FTS5` }
      : {
          what: 'sqlite',
          state: 'fail',
          found: version,
          hint: `expected ${LEAST_SQLITE.join('.')} or newer: older ones can damage a database that two processes write`,
        }
  } catch (thrown) {
    return { what: 'sqlite', state: 'fail', found: reasonOf(thrown), hint: 'expected a SQLite with FTS5' }
  } finally {
    db.close()
  }
}

function sources({ sources: all }: Config): Check {
  const enabled = all.filter(source => source.enabled).length
  return {
    what: 'sources',
    state: enabled > 0 ? 'ok' : 'warn',
    found: `${String(enabled)} of ${String(all.length)} enabled`,
    ...(enabled === 0 && { hint: 'enable some in config/sources.yml' }),
  }
}

function contact({ settings }: Config): Check {
  return settings.ingest.contact === ''
    ? {
        what: 'contact',
        state: 'warn',
        found: 'outlets cannot reach whoever asks them',
        hint: 'set ingest.contact in config/settings.yml to an address of mail or the web',
      }
    : { what: 'contact', state: 'ok', found: settings.ingest.contact }
}

function directory(config: Config): Check {
  const file = dataFile(config, '.doctor')
  try {
    writeFileSync(file, '')
    rmSync(file)
    return { what: 'data', state: 'ok', found: config.dataDir }
  } catch (thrown) {
    return {
      what: 'data',
      state: 'fail',
      found: reasonOf(thrown),
      hint: `make ${config.dataDir} writable, or set OPOMENA_DATA_DIR`,
    }
  }
}

function disk(config: Config): Check {
  const { bavail, blocks, bsize } = statfsSync(config.dataDir)
  const share = bavail / blocks
  const found = `${((bavail * bsize) / 2 ** 30).toFixed(1)} GiB free (${String(Math.round(share * 100))} %)`
  return share < LOW_DISK
    ? { what: 'disk', state: 'warn', found, hint: 'intake stops when the disk is full; make room' }
    : { what: 'disk', state: 'ok', found }
}

async function eventLog(config: Config): Promise<Check[]> {
  const { kind, kafka } = config.settings.stream
  if (kind === 'sqlite') return []
  const problems = await kafkaProblems(config)
  if (problems.length === 0) return [{ what: 'kafka', state: 'ok', found: kafka.brokers.join(', ') }]
  return problems.map(found => ({ what: 'kafka', state: 'fail', found, unusable: true }))
}

async function searchServer(config: Config): Promise<Check | undefined> {
  if (config.settings.index.kind === 'sqlite') return undefined
  try {
    return { what: 'elasticsearch', state: 'ok', found: await elasticsearchFound(config) }
  } catch (thrown) {
    return { what: 'elasticsearch', state: 'fail', found: reasonOf(thrown), unusable: true }
  }
}

async function queues(config: Config): Promise<Check[]> {
  const log = await openLog(config, silentLogger)
  try {
    const dead = await log.dead.list()
    const articles = TOPICS.find(topic => topic.name === 'articles') ?? TOPICS[0]
    const lag = await log.lag(articles, 'classify')
    const late = lag.oldestAt !== undefined && Date.now() - Date.parse(lag.oldestAt) > LATE_MS
    return [
      {
        what: 'classify',
        state: late ? 'warn' : 'ok',
        found: `${String(lag.records)} articles waiting`,
        ...(late && { hint: 'the oldest waits for more than ten minutes: is `opomena start` running?' }),
      },
      {
        what: 'dead letters',
        state: dead.length > 0 ? 'warn' : 'ok',
        found: String(dead.length),
        ...(dead.length > 0 && { hint: 'see `opomena dead list`, then redrive or drop them' }),
      },
    ]
  } finally {
    await log.close()
  }
}

async function attempt(what: string, hint: string, check: () => Promise<string>): Promise<Check> {
  try {
    return { what, state: 'ok', found: await check() }
  } catch (thrown) {
    return { what, state: 'fail', found: reasonOf(thrown), hint }
  }
}

function atLeast(found: string, least: readonly number[]): boolean {
  const parts = found.split('.').map(Number)
  for (const [at, wanted] of least.entries()) {
    const part = parts[at] ?? 0
    if (part !== wanted) return part > wanted
  }
  return true
}
