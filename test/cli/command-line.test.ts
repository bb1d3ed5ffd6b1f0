/** The real command line in a process of its own, because the test runner accepts more than Node does. */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import { articles } from '../../core/topics.ts'
import { sqliteLog } from '../../stream/sqlite-log.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const dir = mkdtempSync(join(tmpdir(), 'opomena-cli-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function opomena(
  args: readonly string[],
  options: { input?: string | Buffer; env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ['cli/opomena.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', OPOMENA_DATA_DIR: join(dir, 'data'), ...options.env },
  })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin.end(options.input ?? '')
  return new Promise(resolve => {
    child.on('close', code =>
      resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    )
  })
}

const COMMANDS = [
  'start',
  'demo',
  'worker',
  'classify',
  'detect-language',
  'extract',
  'feed',
  'import',
  'ingest',
  'dead',
  'doctor',
  'verify',
  'backup',
  'rebuild',
  'user',
]

describe('help', () => {
  test('lists every command', async () => {
    const { code, out } = await opomena(['--help'])
    expect(code).toBe(0)
    for (const command of [...COMMANDS, 'sources']) expect(out).toContain(command)
  })

  for (const command of [
    ...COMMANDS.filter(one => !['dead', 'user'].includes(one)),
    'dead redrive',
    'user add',
    'sources list',
    'sources test',
  ]) {
    test(`of ${command} shows an example`, async () => {
      const { code, out } = await opomena([...command.split(' '), '--help'])
      expect(code).toBe(0)
      expect(out).toContain('Example:')
    })
  }
})

describe('exit codes', () => {
  test('an unknown command is a usage error', async () => {
    const { code, err } = await opomena(['clasify'])
    expect(code).toBe(2)
    expect(err).toContain('classify')
  })

  for (const [call, expected] of [
    ['demo --port abc', 'expected a port from 0 to 65535'],
    ['demo --port 99999', 'expected a port from 0 to 65535'],
    ['feed x.xml --url nowhere', 'expected a web address'],
    ['sources list --country ZZ', 'expected one of BA, RS'],
  ] as const)
    test(`${call} is a usage error that says what is expected`, async () => {
      const { code, err } = await opomena(call.split(' '))
      expect(code).toBe(2)
      expect(err).toContain(expected)
    })

  test('a missing option is a usage error', async () => {
    expect((await opomena(['feed', 'x.xml'])).code).toBe(2)
  })

  test('an unknown setting is a configuration error that names the closest', async () => {
    const { code, err } = await opomena(['sources', 'list'], { env: { OPOMENA_DATADIR: 'x' } })
    expect(code).toBe(2)
    expect(err).toContain('OPOMENA_DATA_DIR')
  })

  const outlet = (id: string, more = ''): string =>
    `- { id: ${id}, name: A, homepage: 'https://a.example', country: BA, languages: [bs], scripts: [Latn], kind: commercial, feeds: ['https://a.example/rss']${more} }\n`
  for (const [name, yaml, says] of [
    ['broken YAML', '- id: a\n  name: [\n', /sources\.yml:\d+.*expected YAML/u],
    ['an unknown key', outlet('a', ', feedz: []'), /sources\.yml:1: a: .*"feedz".*did you mean "feeds"/u],
    ['a source id twice', outlet('a') + outlet('a'), /sources\.yml:2: .*"a"/u],
  ] as const)
    test(`${name} is a configuration error with file and line`, async () => {
      const config = mkdtempSync(join(dir, 'config-'))
      cpSync(join(ROOT, 'config'), config, { recursive: true })
      writeFileSync(join(config, 'sources.yml'), yaml)
      const { code, out, err } = await opomena(['sources', 'list'], { env: { OPOMENA_CONFIG_DIR: config } })
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(says)
    })

  test('an unknown source is a usage error that says where to look', async () => {
    const { code, err } = await opomena(['ingest', '--once', '--source', 'nowhere'])
    expect(code).toBe(2)
    expect(err).toContain('sources list')
  })
})

describe('batch commands', () => {
  test('classify answers each line in order and goes on after a bad one', async () => {
    const lines = [
      '{"id":"a","text":"Obilježena godišnjica genocida u Srebrenici."}',
      'not json',
      '{"id":"b","text":""}',
      '{"text":"no id"}',
    ]
    const { code, out, err } = await opomena(['classify'], { input: `${lines.join('\n')}\n` })
    expect(code).toBe(3)
    const answers = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(answers.map(answer => answer['id'] ?? `line ${String(answer['line'])}`)).toEqual([
      'a',
      'line 2',
      'b',
      'line 4',
    ])
    expect(answers[0]).toMatchObject({ flagged: false, flags: [], score: 0 })
    expect(err).toContain('line 2')
  })

  test('classify says why it flags, with the exact place', async () => {
    const text = 'Na skupu je poručio da u Srebrenici nije bilo genocida.'
    const { code, out } = await opomena(['classify'], { input: JSON.stringify({ id: 'a', text }) })
    expect(code).toBe(0)
    const answer = JSON.parse(out) as {
      flags: { category: string; quote: string; start: number; end: number; why: string; rule: string }[]
    }
    const [flag] = answer.flags
    expect(flag?.category).toBe('denial')
    expect(text.slice(flag!.start, flag!.end)).toBe(flag!.quote)
    expect(flag?.why.length).toBeGreaterThan(20)
  })

  test('detect-language tells language and script', async () => {
    const input = [
      '{"id":"mk","text":"Владата вчера усвои нов закон за градење во Скопје."}',
      '{"id":"sq","text":"Qeveria miratoi dje ligjin e ri për ndërtimin në Tiranë."}',
    ].join('\n')
    const { code, out } = await opomena(['detect-language'], { input })
    expect(code).toBe(0)
    expect(
      out
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as { language: string; script: string }),
    ).toMatchObject([
      { language: 'mk', script: 'Cyrl' },
      { language: 'sq', script: 'Latn' },
    ])
  })

  test('feed reads a saved file', async () => {
    const file = join(dir, 'feed.xml')
    writeFileSync(
      file,
      '<rss version="2.0"><channel><title>Glas</title><item><title>Most</title><link>/a</link></item></channel></rss>',
    )
    const { code, out } = await opomena(['feed', file, '--url', 'https://glas.example/rss'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      format: 'rss',
      items: [{ url: 'https://glas.example/a', title: 'Most' }],
    })
  })

  test('extract reads saved pages', async () => {
    const file = join(dir, 'page.html')
    writeFileSync(
      file,
      `<html><head><title>Most</title></head><body><article><h1>Most</h1>${'<p>Novi most preko rijeke otvoren je jučer, a pješaci ga već koriste svaki dan.</p>'.repeat(4)}</article></body></html>`,
    )
    const { code, out } = await opomena(['extract'], {
      input: JSON.stringify({ id: '1', url: 'https://glas.example/a', htmlFile: file }),
    })
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ id: '1', title: 'Most' })
    expect((JSON.parse(out) as { text: string }).text).toContain('Novi most')
  })

  test('import gives every line exactly one fate, and a second time changes nothing', async () => {
    const rows = [
      { url: 'https://glas.example/1', source: 'Glas', title: 'Prvi', text: 'Prvi tekst o mostu.' },
      { url: 'https://glas.example/2', source: 'Glas', title: 'Samo naslov' },
      { url: 'https://glas.example/3', source: 'Glas' },
    ]
    const input = `${rows.map(row => JSON.stringify(row)).join('\n')}\n{broken\n`
    const env = { OPOMENA_DATA_DIR: join(dir, 'import') }
    const first = await opomena(['import'], { input, env })
    expect(JSON.parse(first.out)).toMatchObject({ in: 4, published: 2, failed: 2 })
    expect(first.code).toBe(3)
    expect(first.err).toMatch(/line 4/u)
    const second = await opomena(['import'], { input, env })
    expect(JSON.parse(second.out)).toMatchObject({ in: 4, published: 0, unchanged: 2, failed: 2 })
  })
})

describe('data', () => {
  test('user add prints a password once, and refuses a second account of that name', async () => {
    const env = { OPOMENA_DATA_DIR: join(dir, 'users') }
    const first = await opomena(['user', 'add', 'ana'], { env })
    expect(first.code).toBe(0)
    expect(first.out).toMatch(/password {2}\S{12,}/u)
    expect((await opomena(['user', 'add', 'ana'], { env })).code).not.toBe(0)
    expect((await opomena(['user', 'add', 'eva', '--role', 'king'], { env })).code).toBe(2)
  })

  test('dead letters are listed with their reason and without content, and handed over again', async () => {
    const env = { OPOMENA_DATA_DIR: join(dir, 'dead') }
    await opomena(['import'], { env, input: '{"source":"Glas","title":"Povjerljiv naslov"}' })
    const log = sqliteLog({ path: join(dir, 'dead', 'log.db'), clock: systemClock, logger: silentLogger })
    const refusing = log.subscribe({ topic: articles, group: 'classify' }, async records =>
      records.map(() => ({ dead: 'no such thing', tries: 3 })),
    )
    while ((await log.lag(articles, 'classify')).records > 0) await systemClock.sleep(20)
    await refusing.stop()
    await log.close()
    const listed = await opomena(['dead', 'list'], { env })
    expect(listed.code).toBe(4)
    expect(JSON.parse(listed.out)).toMatchObject({ group: 'classify', reason: 'no such thing', tries: 3 })
    expect(listed.out).not.toContain('Povjerljiv')
    const redriven = await opomena(['dead', 'redrive', '--group', 'classify'], { env })
    expect([redriven.code, redriven.err]).toEqual([0, '1 handed to classify again\n'])
    expect(await opomena(['dead', 'list'], { env })).toMatchObject({ code: 0, out: '' })
  })

  test('doctor finds a new data directory in order', async () => {
    const { code, out } = await opomena(['doctor', '--json'], {
      env: { OPOMENA_DATA_DIR: join(dir, 'doctor') },
    })
    const failing = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { what: string; state: string })
      .filter(check => check.state === 'fail')
    expect(failing).toEqual([])
    expect(code).toBe(0)
  })

  test('doctor asks for an address at which outlets can reach the operator', async () => {
    const checks = async (config: string): Promise<string[]> => {
      const env = { OPOMENA_DATA_DIR: join(dir, 'doctor'), OPOMENA_CONFIG_DIR: config }
      const { out } = await opomena(['doctor', '--json'], { env })
      return out.split('\n').filter(line => line.includes('"contact"'))
    }
    const config = mkdtempSync(join(dir, 'config-'))
    cpSync(join(ROOT, 'config'), config, { recursive: true })
    expect((await checks(config))[0]).toContain('"state":"warn"')
    writeFileSync(join(config, 'settings.yml'), 'ingest: { contact: desk@opomena.example }\n')
    expect((await checks(config))[0]).toContain('"state":"ok","found":"desk@opomena.example"')
  })

  test('sources list knows every country', async () => {
    const { out } = await opomena(['sources', 'list'])
    for (const country of ['BA', 'RS', 'HR', 'ME', 'MK', 'XK', 'AL', 'INT'])
      expect(out).toMatch(new RegExp(`^o(n |ff) {2}${country}`, 'mu'))
  })
})
