/** `opomena kibana push` and `kibana export`: the dashboards for Kibana. */
import { readFileSync } from 'node:fs'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import { systemClock } from '../core/clock.ts'
import { ConfigError, reasonOf } from '../core/errors.ts'
import { dayOf } from '../core/time.ts'
import { dashboardBodies } from '../dashboards/kibana/dashboards-api.ts'
import { asking } from '../dashboards/kibana/http.ts'
import { kibanaAt } from '../dashboards/kibana/kibana.ts'
import { specificationOf } from '../dashboards/kibana/opomena.ts'
import { pushDashboards, WAYS } from '../dashboards/kibana/push.ts'
import type { Way } from '../dashboards/kibana/push.ts'
import { foundation, ndjson, savedDashboards } from '../dashboards/kibana/saved-objects.ts'
import type { Specification } from '../dashboards/kibana/specification.ts'
import { webAddress } from './arguments.ts'
import { openConfig } from './parts.ts'

const DEFAULT_URL = 'http://127.0.0.1:5601'

interface PushArguments {
  readonly url?: string
  readonly space?: string
  readonly by?: Way
  readonly wait: number
  readonly dryRun?: boolean
  readonly year: number
}

export function register(program: Command): void {
  const kibana = program.command('kibana').description('dashboards for Kibana, on the index of the cluster')
  kibana
    .command('push')
    .description(
      'put data views, searches and dashboards into Kibana; what is there under their ids is replaced',
    )
    .option('--url <address>', `Kibana; OPOMENA_KIBANA_URL, else ${DEFAULT_URL}`, webAddress)
    .option('--space <id>', 'a space of Kibana; the default one unless given')
    .addOption(new Option('--by <way>', 'the way, if not the best the version of Kibana has').choices(WAYS))
    .option('--wait <seconds>', 'for how long to wait for a Kibana that is still starting', seconds, 0)
    .option('--dry-run', 'look at Kibana, write nothing, and say what would be written')
    .option(
      '--year <year>',
      'days of the calendar are marked for the year before, this one and the next',
      year,
      thisYear(),
    )
    .addHelpText(
      'after',
      `
The login is that of Elasticsearch: OPOMENA_ELASTICSEARCH_USER and _PASSWORD_FILE, or _API_KEY_FILE.

Example:
  opomena kibana push --url https://kibana.example --dry-run`,
    )
    .action(push)
  kibana
    .command('export')
    .description('write the same as NDJSON for Stack Management, Saved Objects, Import')
    .option('--api', 'the dashboards as JSON of the Dashboards API instead, one a line: {id, body}')
    .option('--year <year>', 'as of push', year, thisYear())
    .addHelpText('after', '\nExample:\n  opomena kibana export > opomena.ndjson')
    .action((options: { api?: boolean; year: number }) => {
      const specification = specificationFor(openConfig(), options.year)
      process.stdout.write(options.api ? apiLines(specification) : importLines(specification))
    })
}

async function push({ url, space, by, wait, dryRun, year }: PushArguments): Promise<void> {
  const config = openConfig()
  const address = {
    url: url ?? config.kibanaUrl ?? DEFAULT_URL,
    ...(space !== undefined && { space }),
    ...(config.elasticsearchLogin && { login: config.elasticsearchLogin }),
  }
  const { version, way, written } = await pushDashboards({
    kibana: kibanaAt(address, asking(authority(config))),
    clock: systemClock,
    specification: specificationFor(config, year),
    waitMs: wait * 1_000,
    ...(by && { way: by }),
    ...(dryRun && { dryRun }),
  })
  for (const one of written) process.stdout.write(`${one}\n`)
  const how = way === 'api' ? 'dashboards by the Dashboards API' : 'all by import'
  process.stderr.write(
    `${String(written.length)} objects ${dryRun ? 'would be written' : 'written'} to Kibana ${version} at ${address.url}, ${how}\n`,
  )
}

function specificationFor({ settings, calendar }: Config, year: number): Specification {
  const { prefix } = settings.index.elasticsearch
  return specificationOf({ prefix, publicUrl: settings.web.publicUrl, calendar, year })
}

function importLines(specification: Specification): string {
  return ndjson([...foundation(specification), ...savedDashboards(specification)])
}

function apiLines(specification: Specification): string {
  return dashboardBodies(specification)
    .map(one => `${JSON.stringify(one)}\n`)
    .join('')
}

/** One authority signs for Elasticsearch and for Kibana before it. */
function authority({ settings }: Config): string | undefined {
  const { caFile } = settings.index.elasticsearch
  if (caFile === undefined) return undefined
  try {
    return readFileSync(caFile, 'utf8')
  } catch (cause) {
    throw new ConfigError(
      `elasticsearch, caFile: expected a readable certificate in ${caFile}, the system says "${reasonOf(cause)}"; correct the path`,
      { cause },
    )
  }
}

function thisYear(): number {
  return Number(dayOf(systemClock.now()).slice(0, 4))
}

function year(value: string): number {
  if (/^20\d\d$/u.test(value)) return Number(value)
  throw new InvalidArgumentError('expected a year such as 2026')
}

function seconds(value: string): number {
  if (/^\d{1,4}$/u.test(value)) return Number(value)
  throw new InvalidArgumentError('expected seconds, at most 9999')
}
