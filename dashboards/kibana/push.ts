/** Puts the dashboards into a Kibana. What is there under the same ids is replaced, nothing else is touched. */
import { ConfigError, RetryLater } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import { dashboardBodies } from './dashboards-api.ts'
import type { Kibana } from './kibana.ts'
import { foundation, ndjson, savedDashboards } from './saved-objects.ts'
import type { Specification } from './specification.ts'

/** `api`: dashboards by the Dashboards API, which checks them. `import`: everything as saved objects. */
export const WAYS = ['api', 'import'] as const
export type Way = (typeof WAYS)[number]

export interface PushOptions {
  readonly kibana: Kibana
  readonly clock: Clock
  readonly specification: Specification
  /** As the version of Kibana allows, unless given. */
  readonly way?: Way
  /** Look at Kibana and write nothing. */
  readonly dryRun?: boolean
  /** For how long to wait for a Kibana that is still starting, in milliseconds; 0 unless given. */
  readonly waitMs?: number
}

export interface Pushed {
  readonly version: string
  readonly way: Way
  /** What was written, or would be. */
  readonly written: readonly string[]
}

const PAUSE_MS = 2_000
/** The first versions whose saved dashboards and Dashboards API are those that are written here. */
const OLDEST = { 8: 19, 9: 1 } as const
const API_SINCE = [9, 5] as const

/** @throws ConfigError when the address, the login or the version is wrong; Error when Kibana refuses what is sent. */
export async function pushDashboards(options: PushOptions): Promise<Pushed> {
  const { kibana, specification, dryRun } = options
  const version = await readyVersion(options)
  const way = options.way ?? wayFor(version)
  const objects = [...foundation(specification), ...(way === 'import' ? savedDashboards(specification) : [])]
  const bodies = way === 'api' ? dashboardBodies(specification) : []
  if (!dryRun) {
    await kibana.importObjects(ndjson(objects))
    // One after the other: a refusal names its dashboard, and those before it stand.
    for (const { id, body } of bodies) await kibana.putDashboard(id, body)
  }
  const written = [...objects, ...bodies.map(({ id }) => ({ type: 'dashboard', id }))]
  return { version, way, written: written.map(({ type, id }) => `${type} ${id}`) }
}

async function readyVersion({ kibana, clock, waitMs = 0 }: PushOptions): Promise<string> {
  const end = clock.now().getTime() + waitMs
  for (;;) {
    const version = await attempt(kibana)
    if (typeof version === 'string') return version
    if (clock.now().getTime() >= end) throw version
    await clock.sleep(PAUSE_MS)
  }
}

/** The version, or why there is none yet. */
async function attempt(kibana: Kibana): Promise<string | ConfigError> {
  try {
    const starting =
      'Kibana: expected it to be ready, it is still starting; try again, or wait with --wait 180'
    return (await kibana.version()) ?? new ConfigError(starting)
  } catch (thrown) {
    if (thrown instanceof RetryLater) return new ConfigError(thrown.message, { cause: thrown })
    throw thrown
  }
}

function wayFor(version: string): Way {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const oldest = major in OLDEST ? OLDEST[major as keyof typeof OLDEST] : 0
  if (major < 8 || minor < oldest) {
    throw new ConfigError(
      `Kibana ${version}: expected 8.19, or 9.1 and later; older ones cannot read these dashboards`,
    )
  }
  return major > API_SINCE[0] || (major === API_SINCE[0] && minor >= API_SINCE[1]) ? 'api' : 'import'
}
