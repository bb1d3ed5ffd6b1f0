/** Counts the fates of a poll and makes its observation: every item seen has exactly one. */
import { FATES } from '../core/observation.ts'
import type { Fate, Observation, PollOutcome } from '../core/observation.ts'
import { hashId } from '../core/hash.ts'

export interface PollSubject {
  readonly sourceId: string
  /** Address looked at, or `import`. */
  readonly of: string
  readonly kind: Observation['kind']
  readonly at: string
}

export interface PollEnd {
  readonly outcome: PollOutcome
  readonly status?: number
  readonly bytes?: number
  readonly durationMs?: number
  readonly reason?: string
  readonly nextDueAt?: string
}

const MAX_WARNINGS = 50
const MAX_REASON = 300

export class Tally {
  readonly id: string
  readonly #subject: PollSubject
  readonly #fates: Record<Fate, number>
  readonly #items: { id: string; fate: Fate; reason?: string }[] = []
  readonly #warnings = new Map<string, number>()

  constructor(subject: PollSubject, id = hashId(subject.sourceId, subject.kind, subject.of, subject.at)) {
    this.id = id
    this.#subject = subject
    this.#fates = Object.fromEntries(FATES.map(fate => [fate, 0])) as Record<Fate, number>
  }

  count(id: string, fate: Fate, reason?: string): void {
    this.#fates[fate]++
    if (fate !== 'unchanged')
      this.#items.push({ id, fate, ...(reason !== undefined && { reason: reason.slice(0, MAX_REASON) }) })
  }

  /** The same warning of many items is said once, with their number. */
  warn(warning: string): void {
    if (this.#warnings.has(warning) || this.#warnings.size < MAX_WARNINGS)
      this.#warnings.set(warning, (this.#warnings.get(warning) ?? 0) + 1)
  }

  get seen(): number {
    return FATES.reduce((sum, fate) => sum + this.#fates[fate], 0)
  }

  get fates(): Readonly<Record<Fate, number>> {
    return this.#fates
  }

  get warnings(): readonly string[] {
    return [...this.#warnings].map(([warning, times]) =>
      (times === 1 ? warning : `${String(times)} times: ${warning}`).slice(0, MAX_REASON),
    )
  }

  observation(end: PollEnd): Observation {
    const { reason, ...rest } = end
    return {
      v: 1,
      id: this.id,
      ...this.#subject,
      ...rest,
      seen: this.seen,
      fates: { ...this.#fates },
      items: [...this.#items],
      warnings: [...this.warnings],
      ...(reason !== undefined && { reason: reason.slice(0, 500) }),
    }
  }
}
