/** How a source is doing, from its observations in any order: a merge that keeps the latest of each kind. */
import type { Observation } from '../core/observation.ts'
import type { SourceHealth } from '../core/ports.ts'

interface Poll {
  readonly at: string
  readonly id: string
}

export interface HealthState {
  readonly lastPoll?: Poll & Pick<Observation, 'outcome' | 'reason' | 'nextDueAt' | 'warnings'>
  readonly lastSuccess?: Poll
  readonly lastItemAt?: string
}

/** A second look at one page says nothing of how the source is doing. */
export function isPoll(observation: Observation): boolean {
  return observation.kind !== 'recheck'
}

export function isSuccess(observation: Observation): boolean {
  return observation.outcome === 'fresh' || observation.outcome === 'unchanged'
}

export function mergeHealth(before: HealthState, observation: Observation): HealthState {
  const { id, outcome, reason, nextDueAt, warnings } = observation
  const at = new Date(observation.at).toISOString()
  const lastItemAt = observation.fates.published > 0 ? later(before.lastItemAt, at) : before.lastItemAt
  const state = { ...before, ...(lastItemAt === undefined ? {} : { lastItemAt }) }
  if (!isPoll(observation)) return state
  const poll = {
    at,
    id,
    outcome,
    warnings,
    ...(reason === undefined ? {} : { reason }),
    ...(nextDueAt === undefined ? {} : { nextDueAt }),
  }
  return {
    ...state,
    lastPoll: before.lastPoll && !isAfter(poll, before.lastPoll) ? before.lastPoll : poll,
    ...(isSuccess(observation) && (!before.lastSuccess || isAfter(poll, before.lastSuccess))
      ? { lastSuccess: { at, id } }
      : {}),
  }
}

/** `articlesByDay` has every day, `failures` is the number since the last success. */
export function sourceHealth(
  sourceId: string,
  { lastPoll, lastSuccess, lastItemAt }: HealthState,
  failures: number,
  articlesByDay: SourceHealth['articlesByDay'],
): SourceHealth {
  return {
    sourceId,
    failures,
    articlesByDay,
    warnings: lastPoll?.warnings ?? [],
    ...(lastPoll && { lastPollAt: lastPoll.at, lastOutcome: lastPoll.outcome }),
    ...(lastPoll?.reason !== undefined && { lastReason: lastPoll.reason }),
    ...(lastPoll?.nextDueAt !== undefined && { nextDueAt: lastPoll.nextDueAt }),
    ...(lastSuccess && { lastSuccessAt: lastSuccess.at }),
    ...(lastItemAt !== undefined && { lastItemAt }),
  }
}

function isAfter(a: Poll, b: Poll): boolean {
  return a.at > b.at || (a.at === b.at && a.id > b.id)
}

function later(a: string | undefined, b: string): string {
  return a !== undefined && a > b ? a : b
}
