/** Exit codes, the same for every command. */
import { CommanderError } from 'commander'
import { ConfigError, reasonOf } from '../core/errors.ts'

export const EXIT = {
  ok: 0,
  failure: 1,
  /** The call or the configuration is wrong: nothing was done. */
  usage: 2,
  /** Some of the work failed, the rest is done. */
  partial: 3,
  /** A check found something. */
  findings: 4,
} as const

/** The exit code of what a command threw, and the line to say about it. */
export function exitOf(thrown: unknown): { readonly code: number; readonly line?: string } {
  // Commander has said its line already; help and version are no errors.
  if (thrown instanceof CommanderError) return { code: thrown.exitCode === 0 ? EXIT.ok : EXIT.usage }
  if (thrown instanceof ConfigError) return { code: EXIT.usage, line: thrown.message }
  return { code: EXIT.failure, line: reasonOf(thrown) }
}
