/** What the value of an environment variable may look like; a wrong one is a problem that says its name. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Variable } from './environment.ts'
import { shown } from './problems.ts'
import type { Problems } from './problems.ts'
import { BROKER } from './settings.ts'

/** A variable that may also be given as a file, `NAME_FILE`, as secrets are. */
export type Secret = NameOf<Variable> & Variable
type NameOf<V> = V extends `${infer Name}_FILE` ? Name : never

/** Each answers undefined where the variable is not set, or wrong. */
export interface Asking {
  text(name: Variable): string | undefined
  path(name: Variable): string | undefined
  port(name: Variable): number | undefined
  count(name: Variable, most: number): number | undefined
  address(name: Variable): string | undefined
  brokers(name: Variable): string[] | undefined
  name(name: Variable, form: RegExp): string | undefined
  yesOrNo(name: Variable): boolean | undefined
  oneOf<T extends string>(name: Variable, choices: readonly T[]): T | undefined
  secret(name: Secret): string | undefined
}

const LAST_PORT = 65_535

export function asking(env: NodeJS.ProcessEnv, problems: Problems): Asking {
  // An empty variable is one that a compose file or a unit file left open.
  const text = (name: Variable): string | undefined => env[name] || undefined

  function parsed<T>(
    name: Variable,
    expected: string,
    parse: (value: string) => T | undefined,
  ): T | undefined {
    const value = text(name)
    if (value === undefined) return undefined
    const found = parse(value)
    if (found === undefined)
      problems.add(undefined, `${name}: expected ${expected}, came ${shown(value)}; correct or unset it`)
    return found
  }

  const path = (name: Variable): string | undefined => {
    const value = text(name)
    return value === undefined ? undefined : resolve(value)
  }

  return {
    text,
    path,
    port: name => parsed(name, `a port from 0 to ${LAST_PORT}`, value => numberUpTo(LAST_PORT, value)),
    count: (name, most) =>
      parsed(name, `a number from 1 to ${most}`, value => numberUpTo(most, value) || undefined),
    address(name) {
      if (URL.parse(text(name) ?? '')?.password) {
        problems.add(
          undefined,
          `${name}: expected an address without a password in it; give it in a variable of its own`,
        )
        return undefined
      }
      return parsed(name, 'a web address such as https://opomena.example', value =>
        URL.canParse(value) && /^https?:/.test(value) ? value.replace(/\/+$/, '') : undefined,
      )
    },
    brokers: name =>
      parsed(name, 'host:port of brokers with commas between them, such as kafka.example:9092', value => {
        const brokers = value.split(',').map(one => one.trim())
        return brokers.every(one => BROKER.test(one)) ? brokers : undefined
      }),
    name: (name, form) => parsed(name, `a name of the form ${form.source}`, value => form.exec(value)?.[0]),
    yesOrNo: name =>
      parsed(name, 'true or false', value => ({ true: true, false: false })[value.toLowerCase()]),
    oneOf: (name, choices) =>
      parsed(name, `one of ${choices.join(', ')}`, value => choices.find(one => one === value)),
    secret(name) {
      const asFile = `${name}_FILE` as const
      const [value, file] = [text(name), path(asFile)]
      if (value === undefined) return file === undefined ? undefined : readSecret(asFile, file, problems)
      if (file === undefined) return value
      problems.add(undefined, `environment: expected ${name} or ${asFile}, came both; unset one`)
      return undefined
    },
  }
}

function numberUpTo(most: number, text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= most ? Number(text) : undefined
}

function readSecret(name: string, file: string, problems: Problems): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    problems.add(
      { file },
      `${name}: expected a readable file, reading failed with ${String(code)}; check the path and its permissions`,
    )
    return undefined
  }
}
