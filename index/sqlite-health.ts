/** Saves and reads the health of sources. Only failures since the last success are kept, so that the file stays small. */
import type { DatabaseSync } from 'node:sqlite'
import type { Observation } from '../core/observation.ts'
import type { SourceHealth } from '../core/ports.ts'
import { addDays } from '../core/time.ts'
import { isPoll, isSuccess, mergeHealth, sourceHealth } from './source-health.ts'
import type { HealthState } from './source-health.ts'

const DAYS_SHOWN = 28

export interface HealthTables {
  put(observation: Observation): void
}

export function healthTables(db: DatabaseSync): HealthTables {
  const load = db.prepare('SELECT health FROM source_health WHERE source = ?')
  const save = db.prepare('INSERT OR REPLACE INTO source_health VALUES (?, ?)')
  const addFailure = db.prepare('INSERT OR IGNORE INTO source_failures VALUES (?, ?, ?)')
  const forgive = db.prepare('DELETE FROM source_failures WHERE source = ? AND at <= ?')
  return {
    put(observation) {
      const { sourceId, id } = observation
      const row = load.get(sourceId)
      const before = row ? (JSON.parse(row['health'] as string) as HealthState) : {}
      const after = mergeHealth(before, observation)
      save.run(sourceId, JSON.stringify(after))
      if (!isPoll(observation)) return
      const success = after.lastSuccess ? Date.parse(after.lastSuccess.at) : -Infinity
      const at = Date.parse(observation.at)
      if (!isSuccess(observation) && at > success) addFailure.run(sourceId, at, id)
      if (after.lastSuccess !== before.lastSuccess) forgive.run(sourceId, success)
    },
  }
}

/** Every source ever observed, by id, with the articles of the 28 days that end today. */
export function readHealth(db: DatabaseSync, today: string): SourceHealth[] {
  const days = Array.from({ length: DAYS_SHOWN }, (_, i) => addDays(today, i + 1 - DAYS_SHOWN))
  const counts = new Map<string, number>()
  const perDay = db.prepare(
    `SELECT source, day, sum(articles) AS articles FROM daily JOIN dims ON dims.id = daily.dims
     WHERE day >= ? AND day <= ? GROUP BY source, day`,
  )
  for (const row of perDay.iterate(days[0]!, today)) {
    counts.set(`${row['source'] as string} ${row['day'] as string}`, row['articles'] as number)
  }
  const sources = db.prepare(
    `SELECT source, health, (SELECT count(*) FROM source_failures f WHERE f.source = h.source) AS failures
     FROM source_health h ORDER BY source`,
  )
  return sources.all().map(row => {
    const source = row['source'] as string
    const articlesByDay = days.map(day => ({ day, articles: counts.get(`${source} ${day}`) ?? 0 }))
    return sourceHealth(
      source,
      JSON.parse(row['health'] as string) as HealthState,
      row['failures'] as number,
      articlesByDay,
    )
  })
}
