/** The one loader of what an operator writes: the YAML files of the configuration folder, and the environment. */
import { join } from 'node:path'
import { z } from 'zod'
import { COUNTRIES } from '../core/labels.ts'
import type { Country } from '../core/labels.ts'
import { calendarDaySchema, eventSchema } from '../core/reference.ts'
import type { AtrocityEvent, CalendarDay, Thresholds } from '../core/reference.ts'
import { sourceSchema } from '../core/source.ts'
import type { Source } from '../core/source.ts'
import { cronFault } from './cron.ts'
import { readEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import { Problems, placeName, shown } from './problems.ts'
import { settingsInForce, settingsSchema } from './settings.ts'
import type { Settings } from './settings.ts'
import { readYaml } from './yaml-file.ts'
import type { YamlFile } from './yaml-file.ts'

export type { Settings } from './settings.ts'

/** Frozen, all the way down. Directories are absolute paths. */
export interface Config {
  readonly dataDir: string
  /** Folder whose lexicon entries are laid over the shipped ones. */
  readonly lexiconDir: string | undefined
  /** Where letters are sent; undefined means they are written as files. Holds a password: never log it. */
  readonly smtpUrl: string | undefined
  /** They hold a password or a key, as `smtpUrl` does. */
  readonly kafkaLogin: Environment['kafkaLogin']
  readonly elasticsearchLogin: Environment['elasticsearchLogin']
  readonly kibanaUrl: string | undefined
  readonly sources: readonly Source[]
  readonly events: readonly AtrocityEvent[]
  readonly calendar: readonly CalendarDay[]
  /** English names of the countries. */
  readonly countries: Readonly<Record<Country, string>>
  readonly settings: Settings
}

const countriesSchema = z.strictObject(
  Object.fromEntries(COUNTRIES.map(code => [code, z.string().min(1)])) as Record<Country, z.ZodString>,
)

/**
 * Reads and checks everything. `dir` goes before `OPOMENA_CONFIG_DIR`, which goes before the shipped folder.
 * @throws ConfigError that lists the first 20 problems with file, line, what was expected, what came and what to do.
 */
export function loadConfig(options: { readonly dir?: string; readonly env: NodeJS.ProcessEnv }): Config {
  const problems = new Problems()
  const environment = readEnvironment(options.env, problems)
  const file = (name: string): string => join(options.dir ?? environment.configDir, name)
  const settings = readYaml(file('settings.yml'), settingsSchema, problems)
  const sources = readYaml(file('sources.yml'), z.array(sourceSchema), problems)
  const events = readYaml(file('events.yml'), z.array(eventSchema), problems)
  const calendar = readYaml(file('calendar.yml'), z.array(calendarDaySchema), problems)
  const countries = readYaml(file('countries.yml'), countriesSchema, problems)
  checkThresholds(settings, problems)
  checkUniqueIds(sources, problems)
  checkUniqueIds(events, problems)
  checkSources(sources, problems)
  checkDates(calendar, problems)
  problems.throwIfAny()
  return deepFreeze({
    dataDir: environment.dataDir,
    lexiconDir: environment.lexiconDir,
    smtpUrl: environment.smtpUrl,
    kafkaLogin: environment.kafkaLogin,
    elasticsearchLogin: environment.elasticsearchLogin,
    kibanaUrl: environment.kibanaUrl,
    sources: sources.value!,
    events: events.value!,
    calendar: calendar.value!,
    countries: countries.value!,
    settings: settingsInForce(settings.value!, environment.overrides),
  })
}

/** On the raw content, so that a file with other faults still tells of its double ids. */
function checkUniqueIds(file: YamlFile<unknown>, problems: Problems): void {
  const seen = new Map<string, number>()
  for (const [index, entry] of listOf(file).entries()) {
    const { id } = (entry ?? {}) as { id?: unknown }
    if (typeof id !== 'string') continue
    const first = seen.get(id)
    if (first === undefined) seen.set(id, index)
    else {
      problems.add(
        file.place(index, 'id'),
        `expected an id of its own, came "${id}" again (first at ${placeName(file.place(first, 'id'))}); rename or remove one`,
      )
    }
  }
}

function listOf(file: YamlFile<unknown>): readonly unknown[] {
  return Array.isArray(file.raw) ? file.raw : []
}

function checkSources(file: YamlFile<readonly Source[]>, problems: Problems): void {
  const feeds = new Map<string, number>()
  for (const [index, source] of (file.value ?? []).entries()) {
    const fault = cronFault(source.schedule)
    if (fault !== undefined) {
      problems.add(
        file.place(index, 'schedule'),
        `${source.id}, schedule: ${fault}, came ${shown(source.schedule)}; correct it`,
      )
    }
    if (source.charset !== undefined && !isCharset(source.charset)) {
      problems.add(
        file.place(index, 'charset'),
        `${source.id}, charset: expected a character encoding such as windows-1250, came ${shown(source.charset)}; correct it`,
      )
    }
    if (!source.enabled) continue
    if (source.feeds.length + source.listings.length + source.sitemaps.length === 0) {
      problems.add(
        file.place(index),
        `${source.id}: expected a feed, listing or sitemap for an enabled source, came none; add one or write "enabled: false"`,
      )
    }
    for (const [position, feed] of source.feeds.entries()) {
      const first = feeds.get(feed)
      feeds.set(feed, first ?? index)
      if (first !== undefined) {
        problems.add(
          file.place(index, 'feeds', position),
          `${source.id}, feeds: expected a feed that no other enabled source has, came ${feed} again (first at ${placeName(file.place(first))}); remove one`,
        )
      }
    }
  }
}

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== ''
  } catch {
    return false
  }
}

function checkThresholds(file: YamlFile<z.infer<typeof settingsSchema>>, problems: Problems): void {
  const { thresholds, model } = file.value?.classify ?? {}
  for (const [language, pair] of Object.entries(thresholds ?? {}))
    checkPair(file, ['classify', 'thresholds', language], pair, problems)
  checkPair(file, ['classify', 'model', 'thresholds'], model?.thresholds, problems)
}

function checkPair(
  file: YamlFile<unknown>,
  path: readonly string[],
  pair: Thresholds | undefined,
  problems: Problems,
): void {
  if (pair === undefined || pair.review <= pair.alert) return
  problems.add(
    file.place(...path),
    `${path.join(', ')}: expected review to be at most alert, came review ${pair.review} and alert ${pair.alert}; raise alert or lower review`,
  )
}

const A_LEAP_YEAR = 2024

function checkDates(file: YamlFile<readonly CalendarDay[]>, problems: Problems): void {
  for (const [index, day] of (file.value ?? []).entries()) {
    const date = new Date(`${A_LEAP_YEAR}-${day.date}T00:00:00Z`)
    if (date.toISOString().slice(5, 10) === day.date) continue
    problems.add(
      file.place(index, 'date'),
      `date: expected a day that exists, came ${shown(day.date)} (${day.name}); correct it`,
    )
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object)
  return Object.freeze(value)
}
