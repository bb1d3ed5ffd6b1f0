/** All that the rules have to say of a field before its context is looked at: entries, relations, scare quotes. */
import { logOdds, MAX_CANDIDATES } from './candidate.ts'
import type { Candidate } from './candidate.ts'
import type { Reading } from './reading.ts'
import { relationsIn } from './relations.ts'
import { scareQuotesIn } from './scare-quotes.ts'

export function candidatesIn(reading: Reading): Candidate[] {
  const rules = reading.rules.map(({ of: entry, start, end, at }): Candidate => ({
    reading,
    start,
    end,
    filled: at,
    category: entry.category,
    subtype: entry.subtype,
    severity: entry.severity,
    targets: entry.target === undefined ? [] : [entry.target],
    ...(entry.event === undefined ? {} : { event: entry.event }),
    entry,
    evidence: [{ tier: 'lexicon', rule: entry.id, logOdds: logOdds(entry.confidence), words: '' }],
  }))
  const all = [...rules, ...relationsIn(reading), ...scareQuotesIn(reading)]
  return all.sort((a, b) => a.start - b.start).slice(0, MAX_CANDIDATES)
}
