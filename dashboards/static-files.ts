/** The few files that browsers load, read once, named by their content so that they can be kept for ever. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../core/hash.ts'

interface StaticFile {
  readonly body: string
  readonly type: string
  readonly href: string
}

const HERE = join(import.meta.dirname, 'static')
const PACKAGES = join(import.meta.dirname, '..', 'node_modules')

const FILES = {
  'opomena.css': { path: join(HERE, 'opomena.css'), type: 'text/css; charset=utf-8' },
  'keys.js': { path: join(HERE, 'keys.js'), type: 'text/javascript; charset=utf-8' },
  'icon.svg': { path: join(HERE, 'icon.svg'), type: 'image/svg+xml' },
  'htmx.js': {
    path: join(PACKAGES, 'htmx.org', 'dist', 'htmx.min.js'),
    type: 'text/javascript; charset=utf-8',
  },
} as const
type Name = keyof typeof FILES

const loaded = new Map<Name, StaticFile>()

export function staticFile(name: string): StaticFile | undefined {
  return name in FILES ? load(name as Name) : undefined
}

/** Address of a file; changes with its content. */
export function staticHref(name: Name): string {
  return load(name).href
}

function load(name: Name): StaticFile {
  const known = loaded.get(name)
  if (known) return known
  const { path, type } = FILES[name]
  const body = readFileSync(path, 'utf8')
  const file = { body, type, href: `/static/${name}?v=${sha256(body).slice(0, 12)}` }
  loaded.set(name, file)
  return file
}
