/** Server packages from Maven Central, fetched once into the cache folder of the checkout. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'cluster')

/** Another one is asked for to see that it works with that, too. */
export const KAFKA_VERSION = process.env.OPOMENA_TEST_KAFKA_VERSION ?? '4.1.1'
export const ELASTICSEARCH_VERSION = '8.19.21'

/** What is missing on this machine, in a line that says what to install; undefined when nothing is. */
export function missing(): string | undefined {
  for (const [program, flag, package_] of [
    ['java', '-version', 'openjdk-17-jre-headless'],
    ['mvn', '-v', 'maven'],
  ] as const) {
    try {
      execFileSync(program, [flag], { stdio: 'ignore' })
    } catch {
      return `no ${program} here: the cluster of the tests needs Java 17 and Maven (Debian: apt-get install ${package_})`
    }
  }
  return undefined
}

/** Folder with the jars of these packages, `group:name:version`, and of all they need. */
export function jarsOf(name: string, packages: readonly string[]): string {
  const folder = join(CACHE, name)
  if (existsSync(folder)) return folder
  mkdirSync(CACHE, { recursive: true })
  const made = mkdtempSync(join(CACHE, 'fetch-'))
  writeFileSync(join(made, 'pom.xml'), pomOf(packages))
  execFileSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=jars'], {
    cwd: made,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  // Only a complete folder bears the name that is looked for.
  renameSync(join(made, 'jars'), folder)
  return folder
}

function pomOf(packages: readonly string[]): string {
  const dependencies = packages.map(one => {
    const [group, name, version] = one.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>test</groupId><artifactId>servers</artifactId><version>1</version>
<dependencies>${dependencies.join('')}</dependencies></project>`
}
