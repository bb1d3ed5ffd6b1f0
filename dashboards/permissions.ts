/** Who may do what: one table, asked by every route. */

export const ROLES = ['viewer', 'monitor', 'lead', 'researcher', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What a route lets a person do. `anyone` needs no account. */
export const ACTIONS = [
  'anyone',
  'read',
  'subscribe',
  'account',
  'evidence',
  'review',
  'adjudicate',
  'api',
  'audit',
  'users',
  'delete',
] as const
export type Action = (typeof ACTIONS)[number]

const ALL = ROLES
const REVIEWERS = ['monitor', 'lead', 'admin'] as const

const TABLE: Readonly<Record<Action, readonly Role[]>> = {
  anyone: ALL,
  read: ALL,
  subscribe: ALL,
  account: ALL,
  evidence: ['monitor', 'lead', 'researcher', 'admin'],
  review: REVIEWERS,
  adjudicate: ['lead', 'admin'],
  api: ['researcher', 'lead', 'admin'],
  audit: ['lead', 'admin'],
  users: ['admin'],
  delete: ['admin'],
}

/** Whether the person may; nobody signed in may only what anyone may. */
export function can(user: { readonly role: Role } | undefined, action: Action): boolean {
  return action === 'anyone' || (user !== undefined && TABLE[action].includes(user.role))
}
