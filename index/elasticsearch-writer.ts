/** IndexWriter on one generation of the indices of Elasticsearch. */
import { RetryLater } from '../core/errors.ts'
import type { Observation } from '../core/observation.ts'
import type { IndexEntry, IndexWriter } from '../core/ports.ts'
import { putArticles } from './elasticsearch-articles.ts'
import type { Numbered } from './elasticsearch-articles.ts'
import { putObservations } from './elasticsearch-health.ts'
import type { Writing } from './elasticsearch-project.ts'
import type { ArticleEntry } from './elasticsearch-record.ts'
import { ask } from './elasticsearch-send.ts'
import { changeSettings, readSettings } from './elasticsearch-settings.ts'
import { eraseDeleted, expireTexts } from './elasticsearch-upkeep.ts'

/** Some megabytes with their texts. */
const ENTRIES_AT_ONCE = 500

export function generationWriter(writing: Writing): IndexWriter {
  return {
    async put(entries) {
      const answers: (Error | undefined)[] = []
      for (let from = 0; from < entries.length; from += ENTRIES_AT_ONCE)
        answers.push(...(await putSome(writing, entries.slice(from, from + ENTRIES_AT_ONCE))))
      return answers
    },
    async expireText(before) {
      const expired = await expireTexts(writing, before)
      await eraseDeleted(writing)
      return expired
    },
    close: () => Promise.resolve(),
  }
}

async function putSome(writing: Writing, entries: readonly IndexEntry[]): Promise<(Error | undefined)[]> {
  const answers = entries.map((): Error | undefined => undefined)
  try {
    await putAll(writing, entries, answers)
  } catch (thrown) {
    if (!(thrown instanceof RetryLater)) throw thrown
    // How far it came is not known: all is put again.
    return entries.map(() => thrown)
  }
  return answers
}

async function putAll(
  writing: Writing,
  entries: readonly IndexEntry[],
  answers: (Error | undefined)[],
): Promise<void> {
  const { server, names } = writing
  const ofArticles: Numbered<ArticleEntry>[] = []
  const observations: Numbered<Observation>[] = []
  for (const [at, entry] of entries.entries()) {
    if (entry.kind === 'observation') observations.push({ at, entry: entry.observation })
    else ofArticles.push({ at, entry })
  }
  if (ofArticles.length > 0) {
    const { expiredBefore } = await readSettings(server, names)
    await putArticles(writing, ofArticles, expiredBefore, answers)
  }
  if (observations.length > 0) await putObservations(writing, observations, answers)
  await showDecisions(writing, entries)
}

/**
 * Reviewers look at what they have just decided. Decisions come at the pace of people, so that making them visible at
 * once costs nothing; to wait for the next refresh would hold up the whole batch, and everything else may take a second.
 */
async function showDecisions(
  { server, names, generation }: Writing,
  entries: readonly IndexEntry[],
): Promise<void> {
  const decisions = entries.filter(entry => entry.kind === 'decision')
  if (decisions.length === 0) return
  if (decisions.some(({ decision }) => decision.kind === 'delete'))
    await changeSettings(server, names, settings => ({
      ...settings,
      toErase: server.clock.now().toISOString(),
    }))
  const shown = [names.index('flags', generation), names.index('articles', generation)]
  await ask(server, { method: 'POST', path: `${shown.join(',')}/_refresh` })
}
