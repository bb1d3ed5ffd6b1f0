/** Errors named by their fate: what happens to the work in hand when one is thrown. */

/** The world is not ready (a sink is down, a site asked us to wait). The record is tried again, for ever, with backoff. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater'
  /** Earliest time to try again, in milliseconds from now; absent means the stage's own backoff. */
  readonly afterMs: number | undefined

  constructor(message: string, options: { cause?: unknown; afterMs?: number } = {}) {
    super(message, { cause: options.cause })
    this.afterMs = options.afterMs
  }
}

/** The record itself is at fault and will not get better. It is set aside with this reason for a person to look at. */
export class Quarantine extends Error {
  override readonly name = 'Quarantine'
}

/** A record was written by a newer Opomena than this one. The stage stops at once: going on would lose it. */
export class NewerVersion extends Error {
  override readonly name = 'NewerVersion'
}

/** What an operator wrote cannot be used. The message says file, line, what was expected and what came; exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** A cursor that was not answered by the page before: the request is wrong, not the store. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor'
}

/** The message of anything that was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
