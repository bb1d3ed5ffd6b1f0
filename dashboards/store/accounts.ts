/** Accounts: who may come in, as what, and how they like the pages. */
import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { ConfigError } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import { transact } from '../../core/sqlite.ts'
import { ROLES } from '../permissions.ts'
import type { Role } from '../permissions.ts'
import type { Audit } from './audit.ts'
import { hashPassword, verifyPassword } from './passwords.ts'

const settingsSchema = z.object({
  /** Passages are covered until revealed. */
  cover: z.boolean().default(true),
  /** Single-letter keys (WCAG 2.1.4: it must be possible to turn them off). */
  keys: z.boolean().default(true),
  /** Items after which a break is proposed; 0 for never. */
  breakAfter: z.number().int().min(0).max(500).default(40),
})
export type UserSettings = z.infer<typeof settingsSchema>

export interface Account {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly disabled: boolean
  readonly settings: UserSettings
  readonly createdAt: string
  readonly signedInAt?: string
  /** When the person last said "I took a break". */
  readonly breakAt?: string
}

export interface Accounts {
  /** @throws ConfigError when the name is taken or cannot be one, or the password is too short. */
  add(account: { name: string; role: Role; password: string }, by: string): Promise<Account>
  count(): number
  list(): readonly Account[]
  get(id: string): Account | undefined
  byName(name: string): Account | undefined
  /** The account when name and password fit and it is not disabled. Takes as long when there is no such name. */
  check(name: string, password: string): Promise<Account | undefined>
  setPassword(id: string, password: string, by: string): Promise<void>
  /** False, and nothing is changed, when no working administrator would be left. */
  change(id: string, change: { role?: Role; disabled?: boolean }, by: string): boolean
  setSettings(id: string, settings: UserSettings): void
  tookBreak(id: string): void
}

/** Shortest password a machine may set; people are asked for more, see `passwordProblem`. */
const SHORTEST = 12
const SHORTEST_CHOSEN = 15
const LONGEST = 200

export function accounts(db: DatabaseSync, clock: Clock, audit: Audit): Accounts {
  const insert = db.prepare('INSERT INTO users(id, name, role, password, created_at) VALUES (?,?,?,?,?)')
  const one = db.prepare('SELECT * FROM users WHERE id = ?')
  const named = db.prepare('SELECT * FROM users WHERE name = ?')
  const everyone = db.prepare('SELECT * FROM users ORDER BY disabled, name')
  const number = db.prepare('SELECT count(*) AS n FROM users')
  const otherAdmins = db.prepare(
    `SELECT count(*) AS n FROM users WHERE role = 'admin' AND disabled = 0 AND id <> ?`,
  )
  const now = (): string => clock.now().toISOString()
  let dummy: Promise<string> | undefined

  const store: Accounts = {
    async add({ name, role, password }, by) {
      const clean = cleanName(name)
      requireLength(password)
      const hash = await hashPassword(password)
      const id = randomBytes(10).toString('hex')
      transact(db, () => {
        if (named.get(clean))
          throw new ConfigError(`an account named ${clean} is there already; choose another name`)
        insert.run(id, clean, role, hash, now())
        audit.append({ by, action: 'user.add', subject: id, detail: { name: clean, role } })
      })
      return store.get(id)!
    },
    count: () => Number(number.get()!['n']),
    list: () => everyone.all().map(accountOf),
    get: id => maybe(one.get(id)),
    byName: name => maybe(named.get(foldName(name))),
    async check(name, password) {
      const row = named.get(foldName(name))
      dummy ??= hashPassword(randomBytes(16).toString('hex'))
      const fits = await verifyPassword(
        password.slice(0, LONGEST),
        row ? String(row['password']) : await dummy,
      )
      if (!row || !fits || row['disabled'] === 1) return undefined
      db.prepare('UPDATE users SET signed_in_at = ? WHERE id = ?').run(now(), row['id']!)
      return accountOf(row)
    },
    async setPassword(id, password, by) {
      requireLength(password)
      const hash = await hashPassword(password)
      transact(db, () => {
        db.prepare('UPDATE users SET password = ? WHERE id = ?').run(hash, id)
        audit.append({ by, action: 'user.password', subject: id })
      })
    },
    change: (id, change, by) =>
      transact(db, () => {
        const before = store.get(id)
        if (!before) return false
        const role = change.role ?? before.role
        const disabled = change.disabled ?? before.disabled
        const stays = role === 'admin' && !disabled
        if (!stays && Number(otherAdmins.get(id)!['n']) === 0) return false
        db.prepare('UPDATE users SET role = ?, disabled = ? WHERE id = ?').run(role, disabled ? 1 : 0, id)
        if (disabled) db.prepare('DELETE FROM sessions WHERE user_id = ?').run(id)
        audit.append({ by, action: 'user.change', subject: id, detail: { role, disabled } })
        return true
      }),
    setSettings(id, settings) {
      db.prepare('UPDATE users SET settings = ? WHERE id = ?').run(
        JSON.stringify(settingsSchema.parse(settings)),
        id,
      )
    },
    tookBreak(id) {
      db.prepare('UPDATE users SET break_at = ? WHERE id = ?').run(now(), id)
    },
  }
  return store
}

/** What is wrong with a password that a person chose; undefined when nothing is. */
export function passwordProblem(password: string, name: string): string | undefined {
  if (password.length < SHORTEST_CHOSEN)
    return `Use at least ${SHORTEST_CHOSEN} characters; a few unrelated words are easy to remember.`
  if (password.length > LONGEST) return `Use at most ${LONGEST} characters.`
  if (new Set(password).size < 6) return 'Use more than a few different characters.'
  const flat = password.toLowerCase()
  if (flat.includes(name.toLowerCase()) || flat.includes('opomena'))
    return 'Leave out your name and the name of this program.'
  return undefined
}

function requireLength(password: string): void {
  if (password.length >= SHORTEST && password.length <= LONGEST) return
  throw new ConfigError(`password: expected ${SHORTEST} to ${LONGEST} characters, came ${password.length}`)
}

function foldName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

function cleanName(name: string): string {
  const clean = foldName(name)
  if (/^[\p{L}\p{N}][\p{L}\p{N}._@+-]{1,62}$/u.test(clean)) return clean
  throw new ConfigError(
    `name: expected 2 to 63 letters, digits or . _ - @ +, beginning with a letter or digit, came ${JSON.stringify(name.slice(0, 80))}`,
  )
}

type Row = Record<string, unknown>

function maybe(row: Row | undefined): Account | undefined {
  return row && accountOf(row)
}

function accountOf(row: Row): Account {
  return {
    id: String(row['id']),
    name: String(row['name']),
    role: z.enum(ROLES).parse(row['role']),
    disabled: row['disabled'] === 1,
    settings: settingsSchema.parse(JSON.parse(String(row['settings']))),
    createdAt: String(row['created_at']),
    ...(typeof row['signed_in_at'] === 'string' && { signedInAt: row['signed_in_at'] }),
    ...(typeof row['break_at'] === 'string' && { breakAt: row['break_at'] }),
  }
}
