/** What letters and feeds say, by language of the letter. Neutral words alone: none of these may repeat a passage. */
import type { Status } from '../core/labels.ts'
import type { Subscription } from '../core/subscription.ts'
import type { ToldStatus } from './letter-book.ts'

export interface Phrases {
  /** `{ unreviewed }` of the `flags` are not confirmed by anybody. */
  subject(counts: {
    readonly flags: number
    readonly unreviewed: number
    readonly corrections: number
  }): string
  readonly quietSubject: string
  readonly quiet: string
  readonly greeting: (name: string, day: string) => string
  readonly warning: string
  readonly unreviewed: string
  readonly severity: (severity: number) => string
  readonly outlets: (first: string, others: number) => string
  readonly passages: (more: number) => string
  readonly corrections: string
  readonly status: Readonly<Record<ToldStatus, string>>
  readonly correction: (was: string, now: string) => string
  readonly more: (stories: number) => string
  readonly seeAll: string
  readonly wrong: string
  readonly doNotAmplify: string
  readonly unsubscribe: string
}

const STATUS: Readonly<Record<Status, string>> = {
  pending: 'not yet reviewed',
  confirmed: 'confirmed',
  'reported-speech': 'reported speech',
  'not-hate': 'not hate speech',
  unclear: 'unclear',
  duplicate: 'a duplicate',
  'out-of-scope': 'out of scope',
}

const en: Phrases = {
  subject({ flags, unreviewed, corrections }) {
    if (flags === 0) return count(corrections, 'correction')
    if (unreviewed === 0) return count(flags, 'new confirmed flag')
    if (unreviewed === flags) return `${count(flags, 'new flag')} not yet reviewed`
    return `${count(flags, 'new flag')}, ${unreviewed} not yet reviewed`
  },
  quietSubject: 'Still watching, nothing new',
  quiet:
    'Nothing new has met your search in the last 30 days. This note only says that we are still watching.',
  greeting: (name, day) => `New flags for your subscription "${name}", ${day}`,
  warning: 'The pages behind these links show hate speech. Passages are covered until you reveal them.',
  unreviewed: 'NOT YET REVIEWED: found by the machine, seen by no person',
  severity: severity => `severity ${severity} of 5`,
  outlets: (first, others) => (others === 0 ? first : `${first} and ${count(others, 'other outlet')}`),
  passages: more => `${count(more, 'more passage')} in the same story`,
  corrections: 'Corrections: told earlier, judged otherwise since',
  status: { ...STATUS, withdrawn: 'withdrawn' },
  correction: (was, now) =>
    now === 'withdrawn'
      ? 'The article was deleted on request. Please delete what you kept of it.'
      : `told as ${was}, now ${now}`,
  more: stories => `and ${stories === 1 ? 'one more story' : `${stories} more stories`}`,
  seeAll: 'All of them',
  wrong: 'Is one of them wrong? Say so on its page, and it goes back to the reviewers.',
  doNotAmplify: 'Please do not pass quotes or links on in public: repeating hate speech spreads it.',
  unsubscribe: 'Stop these letters',
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

export const PHRASES: Readonly<Record<Subscription['language'], Phrases>> = { en }
