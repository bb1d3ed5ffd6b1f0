/** The configuration: what is shipped loads, and what is wrong is said with file, line, expectation and remedy. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../config/config.ts'
import { settingsInForce, settingsSchema } from '../../config/settings.ts'
import { ConfigError } from '../../core/errors.ts'
import { COUNTRIES } from '../../core/labels.ts'

const FILES = ['settings.yml', 'sources.yml', 'events.yml', 'calendar.yml', 'countries.yml']

describe('what is shipped', () => {
  const config = loadConfig({ env: {} })

  test('has at least 150 outlets, each with an id of its own, and outlets of every country', () => {
    expect(config.sources.length).toBeGreaterThanOrEqual(150)
    expect(new Set(config.sources.map(source => source.id)).size).toBe(config.sources.length)
    expect(new Set(config.sources.map(source => source.country))).toEqual(new Set(COUNTRIES))
  })

  test('watches outlets in all seven languages and both scripts', () => {
    const watched = config.sources.filter(source => source.enabled)
    expect([...new Set(watched.flatMap(source => source.languages))].sort()).toEqual([
      'bs',
      'cnr',
      'en',
      'hr',
      'mk',
      'sq',
      'sr',
    ])
    expect(new Set(watched.flatMap(source => source.scripts))).toEqual(new Set(['Latn', 'Cyrl']))
  })

  test('says why an outlet is disabled', () => {
    expect(config.sources.filter(source => !source.enabled && !source.remark)).toEqual([])
  })

  test('never watches an aggregator', () => {
    expect(config.sources.filter(source => source.enabled && source.kind === 'aggregator')).toEqual([])
  })

  test('calls genocide what a final judgment of an international court calls so', () => {
    const genocides = config.events.filter(event => event.adjudication === 'genocide').map(event => event.id)
    expect(genocides).toEqual(['srebrenica-1995'])
  })

  test('names victims of every side', () => {
    const ids = config.events.map(event => event.id)
    for (const id of [
      'prijedor-1992',
      'ahmici-1993',
      'kravica-1993',
      'kazani',
      'vukovar-1991',
      'storm-1995',
      'racak-1999',
      'march-2004',
      'ljuboten-2001',
      'vejce-2001',
      'jasenovac',
      'holocaust',
      'samudaripen',
    ]) {
      expect(ids).toContain(id)
    }
  })

  test('has the days of the year in order', () => {
    const dates = config.calendar.map(day => day.date)
    expect(dates.length).toBeGreaterThanOrEqual(50)
    expect(dates).toEqual(dates.toSorted())
    expect(dates).toContain('07-11')
  })

  test('shows the defaults in settings.yml as they are', () => {
    expect(config.settings).toEqual(settingsInForce(settingsSchema.parse({})))
  })

  test('is frozen', () => {
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.sources[0]?.feeds)).toBe(true)
    expect(Object.isFrozen(config.settings.classify.thresholds.default)).toBe(true)
  })
})

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'opomena-config-'))
  for (const file of FILES) cpSync(resolve('config', file), join(dir, file))
})
afterEach(() => rmSync(dir, { recursive: true }))

function write(file: string, ...lines: string[]): void {
  writeFileSync(join(dir, file), lines.join('\n'))
}

function messageOf(env: Record<string, string> = {}): string {
  try {
    loadConfig({ dir, env })
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ConfigError)
    return (thrown as Error).message
  }
  throw new Error('the configuration was accepted')
}

const SOURCE = [
  '- id: probe',
  '  name: Probe',
  '  homepage: https://probe.example',
  '  country: BA',
  '  languages: [bs]',
  '  scripts: [Latn]',
  '  kind: commercial',
]
const FEED = '  feeds: [https://probe.example/rss]'

describe('a fault is said with file, line, what was expected, what came and what to do', () => {
  const faults: readonly { name: string; file: string; lines: string[]; says: (string | RegExp)[] }[] = [
    {
      name: 'broken YAML',
      file: 'sources.yml',
      lines: [...SOURCE, '  feeds: [https://probe.example/rss'],
      says: [/sources\.yml:8:\d+: expected YAML/, 'check indentation'],
    },
    {
      name: 'an unknown key',
      file: 'sources.yml',
      lines: [...SOURCE, '  feedz: [https://probe.example/rss]'],
      says: [
        'sources.yml:8: probe: expected one of the keys',
        'unknown key "feedz"',
        'did you mean "feeds"?',
      ],
    },
    {
      name: 'an unknown key deep inside',
      file: 'settings.yml',
      lines: ['ingest:', '  limits:', '    pageByte: 1'],
      says: ['settings.yml:3: ingest, limits: ', 'did you mean "pageBytes"?'],
    },
    {
      name: 'a missing key',
      file: 'sources.yml',
      lines: [...SOURCE.filter(line => !line.includes('homepage')), FEED],
      says: ['sources.yml:1: probe: expected the key "homepage"', 'came nothing; add it'],
    },
    {
      name: 'a double id',
      file: 'sources.yml',
      lines: [...SOURCE, FEED, ...SOURCE, '  feeds: [https://probe.example/rss2]'],
      says: [
        'sources.yml:9: expected an id of its own, came "probe" again',
        'sources.yml:1)',
        'rename or remove',
      ],
    },
    {
      name: 'a wrong type',
      file: 'sources.yml',
      lines: [...SOURCE, FEED, '  weight: heavy'],
      says: ['sources.yml:9: probe, weight: expected a number, came "heavy"'],
    },
    {
      name: 'a value outside a closed set',
      file: 'sources.yml',
      lines: [...SOURCE.slice(0, 6), '  kind: comercial', FEED],
      says: [
        'sources.yml:7: probe, kind: expected one of public, commercial',
        'came "comercial"',
        'did you mean "commercial"?',
      ],
    },
    {
      name: 'an address that is none, in a list',
      file: 'sources.yml',
      lines: [...SOURCE, '  feeds:', '    - https://probe.example/rss', '    - probe.example/rss'],
      says: ['sources.yml:10: probe, feeds, item 2: expected a web address', 'came "probe.example/rss"'],
    },
    {
      name: 'a bad cron expression',
      file: 'sources.yml',
      lines: [...SOURCE, FEED, "  schedule: '*/15 25 * * *'"],
      says: [
        'sources.yml:9: probe, schedule: expected a cron expression whose hour lies between 0 and 23',
        'came "*/15 25 * * *"',
      ],
    },
    {
      name: 'an enabled outlet without anything to fetch',
      file: 'sources.yml',
      lines: SOURCE,
      says: ['sources.yml:1: probe: expected a feed, listing or sitemap', 'write "enabled: false"'],
    },
    {
      name: 'one feed in two enabled outlets',
      file: 'sources.yml',
      lines: [...SOURCE, FEED, ...SOURCE.with(0, '- id: probe-2'), FEED],
      says: [
        'sources.yml:16: probe-2, feeds: ',
        'https://probe.example/rss again (first at ',
        'sources.yml:1)',
      ],
    },
    {
      name: 'an unknown character encoding',
      file: 'sources.yml',
      lines: [...SOURCE, FEED, '  charset: win-1250x'],
      says: ['sources.yml:9: probe, charset: expected a character encoding', 'came "win-1250x"'],
    },
    {
      name: 'a review threshold above the alert threshold',
      file: 'settings.yml',
      lines: ['classify:', '  thresholds:', '    sq: { review: 0.9, alert: 0.7 }'],
      says: [
        'settings.yml:3: classify, thresholds, sq: expected review to be at most alert, came review 0.9 and alert 0.7',
      ],
    },
    {
      name: 'a time zone that is none',
      file: 'settings.yml',
      lines: ['alerts:', '  timeZone: Europe/Sarayevo'],
      says: [
        'settings.yml:2: alerts, timeZone: expected a time zone such as Europe/Sarajevo, came "Europe/Sarayevo"',
      ],
    },
    {
      name: 'a broker without its port',
      file: 'settings.yml',
      lines: ['stream:', '  kind: kafka', '  kafka:', '    brokers: [one.example]'],
      says: ['settings.yml:4: stream, kafka, brokers, item 1: expected host:port of a broker'],
    },
    {
      name: 'an event log that there is not',
      file: 'settings.yml',
      lines: ['stream:', '  kind: kafak'],
      says: ['settings.yml:2: stream, kind: expected one of sqlite, kafka', 'did you mean "kafka"?'],
    },
    {
      name: 'a day that does not exist',
      file: 'calendar.yml',
      lines: ["- date: '02-30'", '  name: Nothing', '  before: 0', '  after: 0'],
      says: ['calendar.yml:1: date: expected a day that exists, came "02-30"'],
    },
    {
      name: 'a list that is none',
      file: 'events.yml',
      lines: ['id: one'],
      says: ['events.yml:1: expected a list'],
    },
  ]
  for (const { name, file, lines, says } of faults) {
    test(name, () => {
      write(file, ...lines)
      const message = messageOf()
      for (const part of says) expect(message).toMatch(part)
      expect(message).toContain(dir)
    })
  }

  test('a missing file', () => {
    rmSync(join(dir, 'events.yml'))
    expect(messageOf()).toContain(
      `${join(dir, 'events.yml')}: expected this file, found none; copy the one shipped`,
    )
  })
})

test('all problems are told together, the first twenty of them', () => {
  write('sources.yml', ...SOURCE, FEED, '  weight: 9')
  write(
    'calendar.yml',
    ...Array.from({ length: 25 }, () => ["- date: '13-01'", '  name: x', '  before: 0', '  after: 0']).flat(),
  )
  const message = messageOf({ OPOMENA_PORT: 'http' })
  expect(message).toContain('the configuration has 27 problems')
  expect(message).toContain('OPOMENA_PORT')
  expect(message).toContain('weight')
  expect(message).toContain('... and 7 more')
})

test('a settings file may be empty, or leave everything out that it does not change', () => {
  write('settings.yml', '# nothing', '')
  expect(loadConfig({ dir, env: {} }).settings.web.port).toBe(8585)
  write(
    'settings.yml',
    'web:',
    '  port: 80',
    'ingest:',
    'classify:',
    '  thresholds:',
    '    sq: { review: 0.6, alert: 0.9 }',
  )
  const { settings } = loadConfig({ dir, env: {} })
  expect(settings.web).toEqual({ host: '127.0.0.1', port: 80, publicUrl: 'http://127.0.0.1:80' })
  expect(settings.classify.thresholds).toEqual({
    default: { review: 0.5, alert: 0.8 },
    sq: { review: 0.6, alert: 0.9 },
  })
})

test('the contact is part of what outlets see', () => {
  write('settings.yml', 'ingest:', '  contact: desk@watch.example')
  expect(loadConfig({ dir, env: {} }).settings.ingest.userAgent).toContain('contact: desk@watch.example')
})

describe('the environment', () => {
  test('goes before the files', () => {
    const config = loadConfig({
      dir,
      env: {
        OPOMENA_DATA_DIR: 'somewhere',
        OPOMENA_PORT: '9000',
        OPOMENA_PUBLIC_URL: 'https://watch.example/',
        OPOMENA_LOG_LEVEL: 'debug',
        OPOMENA_LEXICON_DIR: '/lexicons',
        OPOMENA_SMTP_URL: 'smtps://user:secret@mail.example:465',
      },
    })
    expect(config.dataDir).toBe(resolve('somewhere'))
    expect(config.settings.web).toEqual({ host: '127.0.0.1', port: 9000, publicUrl: 'https://watch.example' })
    expect(config.settings.logLevel).toBe('debug')
    expect(config.lexiconDir).toBe('/lexicons')
    expect(config.smtpUrl).toBe('smtps://user:secret@mail.example:465')
  })

  test('names the folder of the configuration', () => {
    write('settings.yml', 'web: { port: 4321 }')
    expect(loadConfig({ env: { OPOMENA_CONFIG_DIR: dir } }).settings.web.port).toBe(4321)
  })

  test('may be left open, which is the same as absent', () => {
    const config = loadConfig({ dir, env: { OPOMENA_PORT: '', OPOMENA_SMTP_URL: '', OPOMENA_DATA_DIR: '' } })
    expect(config.settings.web.port).toBe(8585)
    expect(config.smtpUrl).toBeUndefined()
    expect(config.dataDir).toBe(resolve('data'))
  })

  test('gives the mail server in a file', () => {
    write('smtp', 'smtp://mail.example\n')
    expect(loadConfig({ dir, env: { OPOMENA_SMTP_URL_FILE: join(dir, 'smtp') } }).smtpUrl).toBe(
      'smtp://mail.example',
    )
  })

  test('says where Kafka and Elasticsearch are, each without the other', () => {
    write('kafka-password', 'hunter2\n')
    const { settings, kafkaLogin, elasticsearchLogin } = loadConfig({
      dir,
      env: {
        OPOMENA_STREAM: 'kafka',
        OPOMENA_KAFKA_BROKERS: 'one.example:9092, [::1]:9093',
        OPOMENA_KAFKA_TLS: 'true',
        OPOMENA_KAFKA_USER: 'opomena',
        OPOMENA_KAFKA_PASSWORD_FILE: join(dir, 'kafka-password'),
      },
    })
    expect(settings.stream).toEqual({
      kind: 'kafka',
      kafka: {
        brokers: ['one.example:9092', '[::1]:9093'],
        prefix: 'opomena.',
        partitions: 12,
        sessionMs: 45_000,
        tls: true,
        mechanism: 'scram-sha-512',
      },
    })
    expect(kafkaLogin).toEqual({ user: 'opomena', password: 'hunter2' })
    expect([settings.index.kind, elasticsearchLogin]).toEqual(['sqlite', undefined])
  })

  test('goes before the file, one value at a time', () => {
    write(
      'settings.yml',
      'index: { kind: elasticsearch, elasticsearch: { prefix: watch } }',
      'health: { port: 1 }',
    )
    const { settings, elasticsearchLogin } = loadConfig({
      dir,
      env: {
        OPOMENA_ELASTICSEARCH_URL: 'https://search.example:9200/',
        OPOMENA_ELASTICSEARCH_API_KEY: 'key',
        OPOMENA_HEALTH_HOST: '0.0.0.0',
      },
    })
    expect(settings.index).toEqual({
      kind: 'elasticsearch',
      elasticsearch: { prefix: 'watch', url: 'https://search.example:9200' },
    })
    expect(settings.health).toEqual({ host: '0.0.0.0', port: 1 })
    expect(elasticsearchLogin).toEqual({ apiKey: 'key' })
  })

  const faults: readonly { env: Record<string, string>; says: string }[] = [
    { env: { OPOMENA_STREAM: 'kafak' }, says: 'OPOMENA_STREAM: expected one of sqlite, kafka, came "kafak"' },
    {
      env: { OPOMENA_KAFKA_BROKERS: 'one.example' },
      says: 'OPOMENA_KAFKA_BROKERS: expected host:port of brokers',
    },
    { env: { OPOMENA_KAFKA_TLS: 'maybe' }, says: 'OPOMENA_KAFKA_TLS: expected true or false, came "maybe"' },
    { env: { OPOMENA_KAFKA_REPLICAS: '0' }, says: 'OPOMENA_KAFKA_REPLICAS: expected a number from 1 to 9' },
    { env: { OPOMENA_KAFKA_USER: 'ana' }, says: 'came OPOMENA_KAFKA_USER alone; set OPOMENA_KAFKA_PASSWORD' },
    {
      env: {
        OPOMENA_ELASTICSEARCH_API_KEY: 'k',
        OPOMENA_ELASTICSEARCH_USER: 'u',
        OPOMENA_ELASTICSEARCH_PASSWORD: 'p',
      },
      says: 'expected OPOMENA_ELASTICSEARCH_API_KEY or OPOMENA_ELASTICSEARCH_USER, came both',
    },
    {
      env: { OPOMENA_ELASTICSEARCH_URL: 'https://u:hunter2@search.example' },
      says: 'OPOMENA_ELASTICSEARCH_URL: expected an address without a password in it',
    },
    { env: { OPOMENA_PORTS: '1' }, says: 'came OPOMENA_PORTS; did you mean OPOMENA_PORT?' },
    { env: { OPOMENA_PORT: '70000' }, says: 'OPOMENA_PORT: expected a port from 0 to 65535, came "70000"' },
    { env: { OPOMENA_PUBLIC_URL: 'watch.example' }, says: 'OPOMENA_PUBLIC_URL: expected a web address' },
    { env: { OPOMENA_LOG_LEVEL: 'loud' }, says: 'OPOMENA_LOG_LEVEL: expected one of debug, info' },
    {
      env: { OPOMENA_SMTP_URL_FILE: '/nowhere/smtp' },
      says: '/nowhere/smtp: OPOMENA_SMTP_URL_FILE: expected a readable file, reading failed with ENOENT',
    },
    { env: { OPOMENA_SMTP_URL: 'smtp://a', OPOMENA_SMTP_URL_FILE: '/b' }, says: 'came both; unset one' },
  ]
  for (const { env, says } of faults) {
    test(`is refused with a reason: ${Object.keys(env).join(', ')}`, () =>
      expect(messageOf(env)).toContain(says))
  }

  test('never has its password repeated', () => {
    expect(messageOf({ OPOMENA_ELASTICSEARCH_URL: 'https://u:hunter2@search.example' })).not.toContain(
      'hunter2',
    )
    expect(messageOf({ OPOMENA_SMTP_URL: 'user:hunter2@mail' })).not.toContain('hunter2')
  })
})

test('nothing of the shipped files depends on where they lie', () => {
  expect(loadConfig({ dir, env: {} })).toEqual(loadConfig({ env: {} }))
  expect(readFileSync(join(dir, 'countries.yml'), 'utf8')).toContain('XK:')
})
