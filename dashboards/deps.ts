/** What the web is given: the ports it reads, the record it keeps, and what an operator configured. */
import type { FlagDocument } from '../core/document.ts'
import type { Logger } from '../core/logger.ts'
import type { Clock, EventLog, EvidenceStore, IndexReader } from '../core/ports.ts'
import type { AtrocityEvent, CalendarDay, Thresholds } from '../core/reference.ts'
import type { Source } from '../core/source.ts'
import type { Subscription } from '../core/subscription.ts'
import type { TopicName } from '../core/topics.ts'
import type { AppStore } from './app-store.ts'
import type { FindExample } from './example-passages.ts'

export interface WebDeps {
  readonly reader: IndexReader
  readonly log: Pick<EventLog, 'lag' | 'dead'>
  readonly evidence?: Pick<EvidenceStore, 'get'>
  readonly store: AppStore
  readonly clock: Clock
  readonly logger: Logger
  /** Address under which people reach the web, without a slash at the end. */
  readonly publicUrl: string
  readonly events: readonly AtrocityEvent[]
  readonly calendar: readonly CalendarDay[]
  readonly sources: readonly Source[]
  readonly thresholds?: Thresholds
  /** When a daily letter goes out, unless its owner chooses another time; 07:30 in the project's time zone unless set. */
  readonly letterTime?: Pick<Subscription, 'at' | 'timeZone'>
  readonly renderAtom: (
    subscription: Subscription,
    flags: readonly FlagDocument[],
    publicUrl: string,
  ) => string
  /** Labelled passages by their id, to show what a flag of the model is like. */
  readonly example?: FindExample
  /** The outlets are invented; every page says so. */
  readonly demo?: boolean
  /** Groups of the log whose lag the source page shows; asked each time, for a rebuilt index reads under a new one. */
  readonly stages?: readonly StageGroup[]
  /** Further things that must be well for the web to be ready. */
  readonly health?: () => Promise<readonly HealthCheck[]>
}

export interface StageGroup {
  readonly topic: TopicName
  readonly group: string
}

export interface HealthCheck {
  readonly name: string
  readonly ok: boolean
}
