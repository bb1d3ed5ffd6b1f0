/** docker-compose.yml and the Dockerfile: nothing open to the network, nothing unbounded, and no word that the programs do not know. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { VARIABLES, readEnvironment } from '../../config/environment.ts'
import { Problems } from '../../config/problems.ts'
import { WORKERS } from '../../cli/supervise.ts'
import { ROOT, compose, composeText, exampleValues, variablesIn } from './compose-file.ts'
import type { Service } from './compose-file.ts'

const { services, volumes } = compose()
const all = Object.entries(services)
const ours = all.filter(([, service]) => service.image.startsWith('opomena:'))
const isOneShot = (service: Service): boolean => service.restart === 'no'
const named = (some: readonly (readonly [string, Service])[]): string[] => some.map(([name]) => name)
const seconds = (text: string): number =>
  [...text.matchAll(/(\d+)([hms])/gu)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * { h: 3600, m: 60, s: 1 }[unit as 'h'],
    0,
  )

describe('every service', () => {
  test('has an image of one version', () => {
    expect(all.filter(([, { image }]) => !/:v?\d+\.\d+\.\d+$/u.test(image)).map(([name]) => name)).toEqual([])
  })

  test('is a user without rights, and can get none', () => {
    for (const [name, { user, cap_drop, security_opt }] of all) {
      expect([name, user.split(':')[0]]).not.toEqual([name, '0'])
      expect([name, security_opt]).toEqual([name, ['no-new-privileges:true']])
      if (name !== 'accounts') expect([name, cap_drop]).toEqual([name, ['ALL']])
    }
  })

  test('of ours can write in its volume and in memory alone', () => {
    expect(named(ours.filter(([, { read_only }]) => read_only !== true))).toEqual([])
  })

  test('is told apart as well or not, unless it ends by itself', () => {
    expect(named(all.filter(([, one]) => isOneShot(one) !== (one.healthcheck === undefined)))).toEqual([])
  })

  test('keeps its log small', () => {
    for (const [name, { logging }] of all)
      expect([name, logging.options]).toEqual([name, { 'max-size': '10m', 'max-file': '3' }])
  })

  test('listens on this machine alone', () => {
    const open = all.flatMap(([name, { ports = [] }]) => ports.map(port => `${name} ${port}`))
    expect(open.length).toBeGreaterThan(4)
    expect(open.filter(one => !/ 127\.0\.0\.1:/u.test(one))).toEqual([])
  })

  test('waits for what can come about, and in no circle', () => {
    const before = (name: string, path: readonly string[] = []): void => {
      expect(path).not.toContain(name)
      for (const [other, { condition }] of Object.entries(services[name]?.depends_on ?? {})) {
        expect(services[other], other).toBeDefined()
        expect(condition === 'service_completed_successfully', `${name} waits for ${other}`).toBe(
          isOneShot(services[other]!),
        )
        before(other, [...path, name])
      }
    }
    for (const [name] of all) before(name)
  })

  test('of the whole shape is there without a profile, and nothing else', () => {
    expect(named(all.filter(([, { profiles }]) => !profiles)).sort()).toEqual(
      [...WORKERS, 'setup', 'accounts', 'dashboards', 'kafka', 'elasticsearch', 'kibana'].sort(),
    )
  })
})

describe('data', () => {
  test('is in volumes that are declared, and Kafka writes into its own', () => {
    const used = all.flatMap(([, one]) => (one.volumes ?? []).map(volume => volume.split(':')[0]!))
    expect([...new Set(used.filter(name => !name.startsWith('.')))].sort()).toEqual(
      Object.keys(volumes).sort(),
    )
    const { environment = {}, volumes: kept = [] } = services['kafka']!
    expect(kept).toEqual([`kafka:${environment['KAFKA_LOG_DIRS']!}`])
  })

  test('of the stages that may be many is not on this machine', () => {
    for (const name of ['classify', 'index']) {
      expect(services[name]!.ports).toBeUndefined()
      expect(services[name]!.volumes!.filter(volume => volume.startsWith('data:'))).toEqual([])
      expect(services[name]!.environment!['OPOMENA_DATA_DIR']).toMatch(/^\/tmp\//u)
    }
  })
})

/** The commands of `cli/opomena.ts`, which itself runs as soon as it is loaded. */
async function commandLine(): Promise<Command> {
  const program = new Command('opomena')
  const files = readFileSync(join(ROOT, 'cli/opomena.ts'), 'utf8').matchAll(/import\('\.\/([a-z-]+\.ts)'\)/gu)
  for (const [, file] of files) {
    const { register } = (await import(join(ROOT, 'cli', file!))) as { register: (program: Command) => void }
    register(program)
  }
  return program
}

/** A word behind the last command is an argument: one that the command allows. */
/** Commands and their options, each with a value. */
function isKnown(program: Command, [word, ...rest]: readonly string[]): boolean {
  if (word === undefined) return true
  if (word.startsWith('--'))
    return program.options.some(one => one.long === word) && isKnown(program, rest.slice(1))
  const command = program.commands.find(one => one.name() === word)
  if (command) return isKnown(command, rest)
  return program.registeredArguments[0]?.argChoices?.includes(word) ?? false
}

describe('words', () => {
  test('each variable has its line in .env.example with the same default, and no line is left over', () => {
    const [wanted, given] = [variablesIn(composeText), exampleValues()]
    expect([...wanted.keys()].sort()).toEqual([...given.keys()].sort())
    for (const [name, value] of wanted) expect([name, given.get(name)]).toEqual([name, value ?? ''])
  })

  test('the environment of each container of ours is one that Opomena takes', () => {
    for (const [name, { environment = {} }] of ours) {
      const problems = new Problems()
      readEnvironment(environment, problems)
      expect(() => problems.throwIfAny(), name).not.toThrow()
      expect(Object.keys(environment).filter(one => !(VARIABLES as readonly string[]).includes(one))).toEqual(
        [],
      )
    }
  })

  test('each command is one that Opomena has', async () => {
    const lines = ours.flatMap(([, { command = [], entrypoint }]) =>
      entrypoint
        ? [...command.join(' ').matchAll(/cli\/opomena\.ts ([a-z ]+?)(?= &&|$)/gu)].map(match => match[1]!)
        : [command.join(' ')],
    )
    expect(lines).toEqual(
      expect.arrayContaining([
        'worker classify',
        'kafka apply',
        'es apply',
        'kibana push --wait 180',
        'start',
      ]),
    )
    const program = await commandLine()
    expect(lines.filter(line => !isKnown(program, line.split(' ')))).toEqual([])
    expect(isKnown(program, ['kafka', 'aply'])).toBe(false)
    expect(isKnown(program, ['kibana', 'push', '--wiat', '180'])).toBe(false)
  }, 120_000)

  test('a container has longer to end than a worker takes', () => {
    const [, ms] = /LONGEST_END_MS = ([\d_]+)/u.exec(readFileSync(join(ROOT, 'cli/worker.ts'), 'utf8')) ?? []
    for (const [name, { stop_grace_period = '10s' }] of ours)
      expect(seconds(stop_grace_period) * 1_000, name).toBeGreaterThan(Number(ms!.replaceAll('_', '')))
  })
})

describe('the image', () => {
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
  const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .flatMap(line => (line.startsWith('!') ? [line.slice(1)] : []))

  test('is made from images of one version, without what only tests need, and is no administrator', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gmu)].map(match => match[1]!)
    expect(bases.filter(base => !/:\d+\.\d+/u.test(base))).toEqual([])
    expect(dockerfile).toContain('npm ci --omit=dev')
    expect(dockerfile).toMatch(/^USER [1-9]/mu)
  })

  test('holds every folder that the program imports from, and neither tests nor data', () => {
    const folders = globSync('{core,stream,ingest,classify,index,alerts,dashboards,config,cli}', {
      cwd: ROOT,
    })
    expect(folders.filter(folder => !allowed.includes(folder))).toEqual([])
    expect(allowed.filter(name => /^(test|docs|data|node_modules|\.git|\.env|\.cache)/u.test(name))).toEqual(
      [],
    )
  })
})
