/** The record of what people entered: accounts, sessions, leases, decisions, subscriptions, and who did what, in one SQLite file. */
import { ConfigError } from '../core/errors.ts'
import { outbox } from '../core/outbox.ts'
import type { Outbox } from '../core/outbox.ts'
import type { Clock } from '../core/ports.ts'
import { openSqlite } from '../core/sqlite.ts'
import type { Role } from './permissions.ts'
import { can } from './permissions.ts'
import { accounts } from './store/accounts.ts'
import type { Account, Accounts } from './store/accounts.ts'
import { apiTokens } from './store/api-tokens.ts'
import type { ApiTokens } from './store/api-tokens.ts'
import { auditTrail } from './store/audit.ts'
import type { Audit } from './store/audit.ts'
import { decisionStore } from './store/decisions.ts'
import type { Decisions } from './store/decisions.ts'
import { leases } from './store/leases.ts'
import type { Leases } from './store/leases.ts'
import { MIGRATIONS } from './store/schema.ts'
import { sessions } from './store/sessions.ts'
import type { Sessions } from './store/sessions.ts'
import { subscriptionStore } from './store/subscriptions.ts'
import type { Subscriptions } from './store/subscriptions.ts'
import { throttle } from './store/throttle.ts'
import type { Throttle } from './store/throttle.ts'

export interface AppStore {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly throttle: Throttle
  readonly leases: Leases
  readonly decisions: Decisions
  readonly subscriptions: Subscriptions
  readonly tokens: ApiTokens
  readonly audit: Audit
  /** What waits to be told to the other stages. */
  readonly outbox: Outbox
  countUsers(): number
  /** @throws ConfigError when the name is taken or cannot be one, or the password is shorter than 12 characters. */
  addUser(account: { name: string; role: Role; password: string }): Promise<Account>
  /** @throws ConfigError when there is no such account. */
  setPassword(name: string, password: string): Promise<void>
  /** Id of the account that a token of the research API belongs to, while the account may use it. */
  tokenOwner(token: string): string | undefined
  close(): void
}

/** @throws ConfigError when the file cannot be opened or was written by a newer Opomena. */
export function openAppStore({ path, clock }: { readonly path: string; readonly clock: Clock }): AppStore {
  const db = openSqlite(path, { what: 'application data', migrations: MIGRATIONS })
  const box = outbox(db)
  const audit = auditTrail(db, clock)
  const people = accounts(db, clock, audit)
  const held = leases(db, clock)
  const tokens = apiTokens(db, clock, audit)
  return {
    accounts: people,
    sessions: sessions(db, clock, people),
    throttle: throttle(db, clock),
    leases: held,
    decisions: decisionStore(db, clock, audit, box, held),
    subscriptions: subscriptionStore(db, audit, box),
    tokens,
    audit,
    outbox: box,
    countUsers: () => people.count(),
    addUser: account => people.add(account, 'system'),
    async setPassword(name, password) {
      const account = people.byName(name)
      if (!account)
        throw new ConfigError(`no account is named ${name}; add it with: opomena user add ${name}`)
      await people.setPassword(account.id, password, 'system')
    },
    tokenOwner(token) {
      const owner = tokens.ownerOf(token)
      const account = owner === undefined ? undefined : people.get(owner)
      return account && !account.disabled && can(account, 'api') ? account.id : undefined
    },
    close: () => db.close(),
  }
}
