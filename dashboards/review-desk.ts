/** What a reviewer works on: tabs, filters, entries not held by others, and what has been decided already. */
import { z } from 'zod'
import type { FlagDocument } from '../core/document.ts'
import { CATEGORIES, COUNTRIES, LANGUAGES } from '../core/labels.ts'
import type { Search } from '../core/ports.ts'
import { matches } from '../core/query-match.ts'
import type { Words } from '../core/query-match.ts'
import type { Query } from '../core/query.ts'
import type { WebDeps } from './deps.ts'
import { optionalChoice } from './forms.ts'
import { overlayFlags } from './overlay.ts'
import { allFlags, queueOf } from './queue.ts'
import type { QueueEntry } from './queue.ts'
import { both, fieldIs } from './search-state.ts'
import type { Account } from './store/accounts.ts'
import { standingVerdict } from './store/decisions.ts'

export const TABS = ['open', 'second', 'disagreements', 'mine'] as const
export type Tab = (typeof TABS)[number]

export const deskSchema = z.object({
  tab: z.enum(TABS).catch('open'),
  language: optionalChoice(LANGUAGES).catch(undefined),
  country: optionalChoice(COUNTRIES).catch(undefined),
  category: optionalChoice(CATEGORIES).catch(undefined),
})
export type Desk = z.infer<typeof deskSchema>

/** The desk as a query string, without a question mark. */
export function deskText(
  { tab, language, country, category }: Desk,
  more: Readonly<Record<string, string>> = {},
): string {
  const params = new URLSearchParams()
  if (tab !== 'open') params.set('tab', tab)
  if (language) params.set('language', language)
  if (country) params.set('country', country)
  if (category) params.set('category', category)
  for (const [name, value] of Object.entries(more)) params.set(name, value)
  return params.toString()
}

export function deskHref(desk: Desk, more?: Readonly<Record<string, string>>): string {
  const text = deskText(desk, more)
  return text === '' ? '/review' : `/review?${text}`
}

export interface DeskEntry extends QueueEntry {
  /** Name of the reviewer who looks at it now, if it is somebody else. */
  readonly heldBy?: string
}

export async function entriesOf(
  deps: WebDeps,
  user: Account,
  desk: Desk,
): Promise<{ entries: readonly DeskEntry[]; isCut: boolean }> {
  const search = deskSearch(deps, desk)
  const { flags, isCut } = await allFlags(deps.reader, search)
  const known = [...overlayFlags(deps.store.decisions, flags), ...(await justDecided(deps, search, flags))]
  const open = known.filter(flag => belongs(deps, user, desk.tab, flag))
  const held = deps.store.leases.held()
  const reach = new Map(deps.sources.map(({ id, weight }) => [id, weight]))
  const entries = queueOf(open, id => reach.get(id) ?? 1).map((entry): DeskEntry => {
    const holder = entry.flags.map(({ id }) => held.get(id)).find(id => id !== undefined && id !== user.id)
    return holder === undefined
      ? entry
      : { ...entry, heldBy: deps.store.accounts.get(holder)?.name ?? 'somebody' }
  })
  // What a colleague reads now is nobody's next.
  return { entries: [...entries.filter(isFree), ...entries.filter(entry => !isFree(entry))], isCut }
}

const isFree = ({ heldBy }: DeskEntry): boolean => heldBy === undefined

/** The index may be longer about an undo than the reviewer: what was touched here in the last moments belongs too. */
const LAG_MS = 120_000
const NO_WORDS: Words = { exact: [], stems: new Set() }

async function justDecided(
  deps: WebDeps,
  { query }: Search,
  found: readonly FlagDocument[],
): Promise<FlagDocument[]> {
  const ids = new Set(found.map(({ id }) => id))
  const since = new Date(deps.clock.now().getTime() - LAG_MS).toISOString()
  const missing = deps.store.decisions.flagsSince(since).filter(id => !ids.has(id))
  const flags = (await Promise.all(missing.map(id => deps.reader.flag(id)))).filter(
    flag => flag !== undefined && !flag.retired,
  )
  return overlayFlags(deps.store.decisions, flags as FlagDocument[]).filter(flag =>
    matches(query, flag, NO_WORDS),
  )
}

/** Leases the next entry that nobody else holds. */
export async function takeNext(deps: WebDeps, user: Account, desk: Desk): Promise<DeskEntry | undefined> {
  const { entries } = await entriesOf(deps, user, desk)
  return entries.find(
    entry =>
      entry.heldBy === undefined &&
      deps.store.leases.take(
        entry.flags.map(({ id }) => id),
        user.id,
      ),
  )
}

function deskSearch(deps: WebDeps, { tab, language, country, category }: Desk): Search {
  const filters: Query[] = [
    ...(language ? [fieldIs('language', language)] : []),
    ...(country ? [fieldIs('country', country)] : []),
    ...(category ? [fieldIs('category', category)] : []),
  ]
  return { query: both(TAB_QUERY[tab], ...(tab === 'open' ? enough(deps) : []), ...filters) }
}

/** Below the threshold of review a flag waits for a better detector, not for a person. */
function enough({ thresholds }: WebDeps): Query[] {
  return thresholds
    ? [{ kind: 'field', field: 'confidence', comparison: '>=', value: String(thresholds.review) }]
    : []
}

const TAB_QUERY: Readonly<Record<Tab, Query>> = {
  open: fieldIs('status', 'pending'),
  second: fieldIs('second', 'true'),
  disagreements: fieldIs('disagreement', 'true'),
  mine: { kind: 'all' },
}

/** The index may be a moment behind; what was decided here is known already. */
function belongs(deps: WebDeps, user: Account, tab: Tab, flag: FlagDocument): boolean {
  const { status, waitingForSecond, disagreement } = flag.standing
  if (tab === 'open') return status === 'pending'
  if (tab === 'disagreements') return disagreement
  return waitingForSecond && !hasDecided(deps, user, flag)
}

export function hasDecided(deps: WebDeps, user: Account, flag: FlagDocument): boolean {
  const ours = deps.store.decisions.ofFlags([flag.id]).get(flag.id) ?? []
  const known = flag.standing.verdict ? [...ours, flag.standing.verdict] : ours
  return standingVerdict(known, user.id) !== undefined
}

/** A second reviewer does not see what the first one said until the own decision is made. */
export function isHiddenFrom(deps: WebDeps, user: Account, flag: FlagDocument): boolean {
  return flag.standing.waitingForSecond && !hasDecided(deps, user, flag)
}
