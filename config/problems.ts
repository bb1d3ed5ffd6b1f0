/** Collects everything that is wrong with a configuration, so that an operator sees it all at once. */
import { relative } from 'node:path'
import { ConfigError } from '../core/errors.ts'

const MOST_SHOWN = 20

export interface Place {
  readonly file: string
  readonly line?: number | undefined
  readonly column?: number | undefined
}

export class Problems {
  readonly #lines: string[] = []

  /** @param sentence what was expected, what came and what to do. */
  add(place: Place | undefined, sentence: string): void {
    this.#lines.push(place ? `${placeName(place)}: ${sentence}` : sentence)
  }

  /** @throws ConfigError when there are any. */
  throwIfAny(): void {
    const count = this.#lines.length
    if (count === 0) return
    const shown = this.#lines.slice(0, MOST_SHOWN)
    if (count > shown.length) shown.push(`... and ${count - shown.length} more`)
    const head = count === 1 ? 'the configuration has a problem' : `the configuration has ${count} problems`
    throw new ConfigError(
      `${head}; correct it and start again:\n${shown.map(line => `  ${line}`).join('\n')}`,
    )
  }
}

/** `config/sources.yml:12`, relative to the working directory where the file lies below it. */
export function placeName({ file, line, column }: Place): string {
  const near = relative('', file)
  const name = near.startsWith('..') ? file : near
  return [name, line, line === undefined ? undefined : column].filter(part => part !== undefined).join(':')
}

/** A value as it came, short enough for one line of a message. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  const json = JSON.stringify(value)
  return json.length > 60 ? `${json.slice(0, 57)}...` : json
}
