/** The home of an index on Elasticsearch: one set of indices a generation, and aliases that point to those in use. */
import { randomBytes } from 'node:crypto'
import { ConfigError } from '../core/errors.ts'
import { requireFields } from './elasticsearch-check.ts'
import { templatesOf } from './elasticsearch-mapping.ts'
import type { Fields, IndexOptions, Names } from './elasticsearch-mapping.ts'
import { generationReader } from './elasticsearch-reader.ts'
import { WHAT, ask, askFor, typeOf, patiently, fateOf } from './elasticsearch-send.ts'
import type { Server } from './elasticsearch-send.ts'
import { lock, readSettings } from './elasticsearch-settings.ts'
import { generationWriter } from './elasticsearch-writer.ts'
import type { IndexHome } from './index-home.ts'

/** What a generation is made of at once; texts get their indices when they come. */
const MADE = ['articles', 'flags', 'sources'] as const

export interface HomeOptions extends IndexOptions {
  readonly server: Server
  readonly names: Names
}

export interface ElasticsearchHome extends IndexHome {
  /** Puts templates, settings and, where there is none, a first generation in place; answers what it changed. */
  apply(): Promise<readonly string[]>
}

export function homeOn(
  { server, names, ...options }: HomeOptions,
  close: () => Promise<void>,
): ElasticsearchHome {
  const current = (): Promise<string | undefined> => generationInUse(server, names)
  return {
    current,
    first: () => requireInUse(server, names),
    async writer(generation) {
      await requireFields(server, names, generation)
      return generationWriter({ server, names, generation, textIndices: new Set() })
    },
    async reader(generation) {
      await requireFields(server, names, generation)
      return generationReader({ server, names, generation })
    },
    async counts(generation) {
      await refreshAll(server, names, generation)
      return generationReader({ server, names, generation }).count({ query: { kind: 'all' } })
    },
    async expiredBefore() {
      return (await readSettings(server, names)).expiredBefore || undefined
    },
    make: () => makeGeneration(server, names),
    use: generation => useGeneration(server, names, generation),
    remove: generation => removeGeneration(server, names, generation),
    all: () => generationsIn(server, names),
    async lock() {
      await requireState(server, names)
      return lock(server, names, 'rebuild')
    },
    close,
    apply: () => applyAll(server, names, options),
  }
}

// ---------------------------------------------------------------- generations

async function generationInUse(server: Server, names: Names): Promise<string | undefined> {
  const alias = names.alias('articles')
  const found = await askFor<Record<string, unknown>>(server, { method: 'GET', path: `_alias/${alias}` })
  const used = Object.keys(found ?? {})
  if (used.length > 1) {
    throw new ConfigError(
      `${WHAT} at ${server.url}: expected the alias ${alias} on one index, it is on ${used.join(' and ')}; take it off all but one, or run opomena rebuild`,
    )
  }
  return used[0]?.slice(alias.length + 1)
}

async function requireInUse(server: Server, names: Names): Promise<string> {
  const generation = await generationInUse(server, names)
  if (generation !== undefined) return generation
  throw new ConfigError(
    `${WHAT} at ${server.url} has no index ${names.alias('articles')}; run opomena es apply, or opomena rebuild where the log holds what was indexed`,
  )
}

async function makeGeneration(server: Server, names: Names): Promise<string> {
  const generation = randomBytes(6).toString('hex')
  for (const part of MADE) await makeIndex(server, names.index(part, generation))
  return generation
}

/** The aliases of all parts switch in one step. */
async function useGeneration(server: Server, names: Names, generation: string): Promise<void> {
  const actions = MADE.flatMap(part => [
    { remove: { index: `${names.alias(part)}-*`, alias: names.alias(part), must_exist: false } },
    { add: { index: names.index(part, generation), alias: names.alias(part), is_write_index: true } },
  ])
  await ask(server, { method: 'POST', path: '_aliases', body: { actions } })
}

async function removeGeneration(server: Server, names: Names, generation: string): Promise<void> {
  const texts = await indicesLike(server, names.allTexts(generation))
  for (const index of [...MADE.map(part => names.index(part, generation)), ...texts])
    await deleteIndex(server, index)
}

/** Also those of which only a part is left. */
async function generationsIn(server: Server, names: Names): Promise<string[]> {
  const found = new Set<string>()
  for (const part of [...MADE, 'texts' as const]) {
    const prefix = `${names.alias(part)}-`
    for (const index of await indicesLike(server, `${prefix}*`))
      found.add(index.slice(prefix.length).split('-')[0]!)
  }
  return [...found]
}

async function indicesLike(server: Server, pattern: string): Promise<string[]> {
  return Object.keys(await ask<object>(server, { method: 'GET', path: `${pattern}/_alias` }))
}

async function refreshAll(server: Server, names: Names, generation: string): Promise<void> {
  const parts = [...MADE.map(part => names.index(part, generation)), names.allTexts(generation)]
  await ask(server, { method: 'POST', path: `${parts.join(',')}/_refresh` })
}

async function deleteIndex(server: Server, index: string): Promise<void> {
  const asked = { method: 'DELETE', path: index } as const
  const answered = await patiently(server, asked)
  if (answered.status >= 300 && answered.status !== 404) throw fateOf(server, asked, answered)
}

/** A request that was cut off may have made it. */
async function makeIndex(server: Server, index: string): Promise<boolean> {
  const asked = { method: 'PUT', path: index } as const
  const answered = await patiently(server, asked)
  if (answered.status < 300) return true
  if (typeOf(answered.body) === 'resource_already_exists_exception') return false
  throw fateOf(server, asked, answered)
}

async function requireState(server: Server, names: Names): Promise<void> {
  const found = await patiently(server, { method: 'GET', path: `${names.state}/_alias` })
  if (found.status < 300) return
  if (found.status !== 404) throw fateOf(server, { path: names.state }, found)
  throw new ConfigError(`${WHAT} at ${server.url} is not set up for ${names.prefix}; run opomena es apply`)
}

// ---------------------------------------------------------------- set-up

async function applyAll(server: Server, names: Names, options: IndexOptions): Promise<string[]> {
  const changed: string[] = []
  for (const { path, body } of templatesOf(names, options)) {
    const fate = await putTemplate(server, path, body)
    if (fate !== undefined)
      changed.push(`${path.replace(/^_/, '').replace(/_/g, ' ').replace('/', ' ')}: ${fate}`)
  }
  if (await makeIndex(server, names.state)) changed.push(`index ${names.state}: made`)
  // Several set-ups may run at once: one of them makes the first generation.
  const release = await lock(server, names, 'set-up')
  try {
    const used = await generationInUse(server, names)
    if (used !== undefined) await requireFields(server, names, used)
    else {
      const generation = await makeGeneration(server, names)
      await useGeneration(server, names, generation)
      changed.push(`indices of generation ${generation}: made and in use`)
    }
  } finally {
    await release()
  }
  return changed
}

/** Answers what it did: undefined where the server has it so already. */
async function putTemplate(server: Server, path: string, body: object): Promise<string | undefined> {
  const [kind] = path.split('/')
  const answer = await askFor<Record<string, readonly Record<string, Fields>[]>>(server, {
    method: 'GET',
    path,
  })
  const found = answer?.[`${kind!.slice(1)}s`]?.[0]
  const template = found?.[kind!.slice(1)]
  if (template !== undefined && isAsWanted(body, template)) return undefined
  await ask(server, { method: 'PUT', path, body })
  return template === undefined ? 'made' : 'changed'
}

/** Whether all that is wanted is there: the server adds defaults, and writes numbers of settings as text under `index`. */
function isAsWanted(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return String(wanted) === String(found)
  if (typeof found !== 'object' || found === null) return Array.isArray(wanted) && wanted.length === 0
  const there = found as Readonly<Record<string, unknown>>
  return Object.entries(wanted).every(([name, value]) => {
    const own = name === 'settings' ? (there[name] as { index?: unknown } | undefined)?.index : there[name]
    return isAsWanted(value, own)
  })
}
