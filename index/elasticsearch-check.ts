/** Whether this is an Elasticsearch we can work with, and whether its indices are ours: one clear line where not. */
import { ConfigError } from '../core/errors.ts'
import { SCHEMA, fieldsOf } from './elasticsearch-mapping.ts'
import type { Field, Fields, Names } from './elasticsearch-mapping.ts'
import { WHAT, ask, fateOf, patiently } from './elasticsearch-send.ts'
import type { Body, Server } from './elasticsearch-send.ts'

const LEAST = [8, 14] as const
const NEWEST_MAJOR = 9

/** Answers the version. @throws ConfigError, RetryLater */
export async function requireVersion(server: Server): Promise<string> {
  const version = await versionOf(server)
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])
  if (!isOld && major <= NEWEST_MAJOR) return version
  throw new ConfigError(
    `${WHAT} at ${server.url}: expected version ${LEAST.join('.')} to ${String(NEWEST_MAJOR)}.x, it is ${version}; ${isOld ? 'upgrade it' : 'upgrade Opomena'}`,
  )
}

async function versionOf(server: Server): Promise<string> {
  const asked = { method: 'GET', path: '' } as const
  const root = await patiently(server, asked)
  const { version, tagline } = root.body as Body & {
    version?: { number?: string; distribution?: string }
    tagline?: string
  }
  if (version?.distribution !== undefined || /opensearch/i.test(tagline ?? ''))
    throw noElasticsearch(
      server.url,
      `${version?.distribution ?? 'OpenSearch'} ${version?.number ?? ''}`.trim(),
    )
  if (root.status < 300 && version?.number !== undefined) return version.number
  if (root.status === 401 || root.status === 403) throw fateOf(server, asked, root)
  // Where the root does not say it, the nodes do.
  const { nodes } = await ask<{ nodes?: Record<string, { version: string }> }>(server, {
    method: 'GET',
    path: '_nodes/_local/version',
  })
  const found = Object.values(nodes ?? {})[0]?.version
  if (found !== undefined) return found
  throw noElasticsearch(server.url, 'a server that says no version')
}

export function noElasticsearch(url: string, found: string): ConfigError {
  return new ConfigError(
    `expected ${WHAT} ${LEAST.join('.')} or newer at ${url}, it is ${found}; correct OPOMENA_ELASTICSEARCH_URL (index.elasticsearch.url)`,
  )
}

// ---------------------------------------------------------------- fields

/** @throws ConfigError where an index of the generation lacks a field, or has it otherwise. */
export async function requireFields(server: Server, names: Names, generation: string): Promise<void> {
  for (const part of ['articles', 'flags', 'sources'] as const) {
    const index = names.index(part, generation)
    const found = await ask<Record<string, { mappings: Mappings }>>(server, {
      method: 'GET',
      path: `${index}/_mapping`,
    })
    const mappings = found[index]?.mappings ?? {}
    const fault = faultOf(mappings, fieldsOf(part))
    if (fault === undefined) continue
    throw new ConfigError(
      `${WHAT} at ${server.url}: the index ${index} does not fit this Opomena: ${fault}; run opomena es apply and then opomena rebuild`,
    )
  }
}

interface Mappings {
  readonly dynamic?: string
  readonly _meta?: { readonly schema?: number }
  readonly properties?: Fields
}

function faultOf({ dynamic, _meta, properties = {} }: Mappings, wanted: Fields): string | undefined {
  if (_meta?.schema !== undefined && _meta.schema > SCHEMA)
    return `expected schema ${String(SCHEMA)}, it has ${String(_meta.schema)}, of a newer Opomena`
  if (dynamic !== 'strict') return `expected dynamic: strict, it has ${dynamic ?? 'no such setting'}`
  return differenceIn(properties, wanted, '')
}

/** The first field that is not as it should be, and how it differs. */
function differenceIn(found: Fields, wanted: Fields, path: string): string | undefined {
  for (const [name, field] of Object.entries(wanted)) {
    const there = found[name]
    if (there === undefined) return `expected a field ${path}${name}, there is none`
    const [type, foundType] = [typeOf(field), typeOf(there)]
    if (type !== foundType) return `expected the field ${path}${name} to be ${type}, it is ${foundType}`
    const within =
      field.properties && differenceIn(there.properties ?? {}, field.properties, `${path}${name}.`)
    if (within !== undefined) return within
  }
  return undefined
}

function typeOf(field: Field): string {
  const analyzer = field['analyzer']
  return `${field.type ?? 'object'}${typeof analyzer === 'string' ? ` (${analyzer})` : ''}`
}
