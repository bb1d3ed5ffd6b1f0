/** The rules of the house as a program: who may import whom, which file owns which package, and what no file may be called. */
import { readFileSync, globSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const ROOMS = [
  'core',
  'stream',
  'ingest',
  'classify',
  'index',
  'alerts',
  'dashboards',
  'config',
  'cli',
] as const
const OPEN_TO_ALL = new Set(['cli', 'test'])

/**
 * Packages that touch the network, the disk or much memory: one file each, so that replacing one is one change. Files
 * beside it may name their types, which are gone when the code runs.
 */
const OWNERS: Readonly<Record<string, string>> = {
  undici: 'ingest/http-fetcher.ts',
  'rss-parser': 'ingest/feed.ts',
  'node-cron': 'ingest/schedule.ts',
  franc: 'classify/detect-language.ts',
  natural: 'classify/speakers.ts',
  'onnxruntime-node': 'classify/model/onnx-session.ts',
  nodemailer: 'alerts/smtp-mailer.ts',
  echarts: 'dashboards/charts.ts',
  pino: 'cli/logger.ts',
  kafkajs: 'stream/kafka-client.ts',
  '@elastic/elasticsearch': 'index/elasticsearch-store.ts',
}

/** Packages that belong to rooms. */
const ROOM_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  cheerio: ['ingest'],
  htmlparser2: ['ingest'],
  'robots-parser': ['ingest'],
  'ipaddr.js': ['ingest'],
  hono: ['dashboards'],
  '@hono/node-server': ['dashboards'],
  feedsmith: ['ingest', 'alerts'],
  yaml: ['config', 'classify', 'cli'],
  commander: ['cli'],
}

interface Import {
  readonly file: string
  readonly line: number
  readonly from: string
  readonly isType: boolean
}

const files = globSync('{core,stream,ingest,classify,index,alerts,dashboards,config,cli,test}/**/*.ts', {
  cwd: ROOT,
  exclude: ['**/node_modules/**'],
}).map(file => file.split(sep).join('/'))

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const statements = text.matchAll(
    /^\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gmu,
  )
  return [...statements].map(match => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    from: match[1] ?? match[2] ?? match[3] ?? '',
    isType: /^\s*(import|export) type\b/u.test(match[0]),
  }))
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? ''
}

function targetOf(one: Import): string {
  return relative(ROOT, join(ROOT, dirname(one.file), one.from))
    .split(sep)
    .join('/')
}

const packageOf = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')

const imports = files.flatMap(importsOf)
const local = imports.filter(one => one.from.startsWith('.'))
const foreign = imports.filter(one => !one.from.startsWith('.') && !one.from.startsWith('node:'))
const said = (one: Import): string => `${one.file}:${one.line} imports ${one.from}`

describe('the house', () => {
  test('has files in every room', () => {
    for (const room of ROOMS)
      expect(
        files.some(file => roomOf(file) === room),
        room,
      ).toBe(true)
  })

  test('core imports nothing of ours, a room imports itself and core alone', () => {
    const wrong = local.filter(one => {
      const from = roomOf(one.file)
      const to = roomOf(targetOf(one))
      return !OPEN_TO_ALL.has(from) && to !== from && to !== 'core'
    })
    expect(wrong.map(said)).toEqual([])
  })

  test('every import of ours names its file, and the file is there', () => {
    const known = new Set(files)
    const wrong = local.filter(one => !known.has(targetOf(one)) && !/\.json$/u.test(one.from))
    expect(wrong.map(said)).toEqual([])
  })

  test('a package of the network or of storage is imported by one file', () => {
    const wrong = foreign.filter(one => {
      const owner = OWNERS[packageOf(one.from)]
      if (owner === undefined || roomOf(one.file) === 'test') return false
      return one.file !== owner && !(one.isType && roomOf(one.file) === roomOf(owner))
    })
    expect(wrong.map(said)).toEqual([])
  })

  test('a package of a room stays in it', () => {
    const wrong = foreign.filter(one => {
      const rooms = ROOM_PACKAGES[packageOf(one.from)]
      return rooms !== undefined && !rooms.includes(roomOf(one.file)) && roomOf(one.file) !== 'test'
    })
    expect(wrong.map(said)).toEqual([])
  })

  test('nothing imports the root of natural: it loads databases and prints', () => {
    expect(foreign.filter(one => one.from === 'natural').map(said)).toEqual([])
  })

  test('a language is known in its own folder alone', () => {
    const wrong = local.filter(
      one =>
        /^classify\/languages\//u.test(targetOf(one)) &&
        !/^classify\/(languages\/|languages\.ts)/u.test(one.file) &&
        roomOf(one.file) !== 'test',
    )
    expect(wrong.map(said)).toEqual([])
  })

  test('no barrels, no index.ts, no utils', () => {
    const bad = files.filter(file => /(^|\/)(index|utils?|helpers?|manager|common|misc)\.ts$/u.test(file))
    expect(bad).toEqual([])
  })

  test('files and folders are kebab-case', () => {
    expect(files.filter(file => !/^[a-z0-9./-]+$/u.test(file))).toEqual([])
  })

  test('every source file says what it is for before anything else', () => {
    const silent = files
      .filter(file => roomOf(file) !== 'test')
      .filter(file => !/^(#!.*\n)?\/\*\*/u.test(readFileSync(join(ROOT, file), 'utf8')))
    expect(silent).toEqual([])
  })

  test('nothing is skipped, focused or left for later', () => {
    const wrong = files
      .filter(file => file !== 'test/house.test.ts')
      .flatMap(file =>
        readFileSync(join(ROOT, file), 'utf8')
          .split('\n')
          .map((text, at) => ({ text, where: `${file}:${at + 1}` }))
          .filter(({ text }) => /\b(TODO|FIXME|XXX)\b|\b(test|it|describe)\.(only|skip|todo)\(/u.test(text)),
      )
    expect(wrong.map(one => one.where)).toEqual([])
  })
})
