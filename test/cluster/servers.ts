/** The servers that the cluster tests run against: where they are, or why there are none. */
import type { Addresses } from './up.ts'

/** Where the tests read what `start-servers.ts` found. */
export const FOUND = 'OPOMENA_TEST_SERVERS'

export interface Servers extends Addresses {
  /** Why there are none, for `describe.skipIf(lack)`: a suite without its server is skipped, never passed. */
  readonly lack?: string
}

/**
 * `broker` as `host:port`, `elasticsearch` as an address; both are empty where there is a `lack`. They are shared by
 * all tests: names made by `ownName()`, and what was made is deleted again.
 */
export function servers(): Servers {
  const found = process.env[FOUND]
  if (found === undefined) {
    throw new Error('nobody looked for servers: run these tests by vitest.cluster.config.ts')
  }
  return JSON.parse(found) as Servers
}

/** A name that nobody else has: prefix of the topics, groups and indices of one test. */
export function ownName(what: string): string {
  return `${what}-${Math.random().toString(36).slice(2, 10)}`
}
