/** The demo's articles as a test of the whole reading: what a careful reader would mark is found, the rest stays quiet. */
import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../classify/classifier.ts'
import { loadLexicons } from '../../classify/lexicon.ts'
import { loadOutlets } from '../../cli/demo/outlets.ts'
import type { DemoArticle, DemoOutlet } from '../../cli/demo/outlets.ts'
import { loadConfig } from '../../config/config.ts'
import type { Flag } from '../../core/finding.ts'

const { events, settings } = loadConfig({ env: {} })
const classifier = createClassifier({
  lexicons: loadLexicons(),
  events,
  thresholds: settings.classify.thresholds,
})
const articles = loadOutlets().flatMap(outlet => outlet.articles.map(article => ({ outlet, article })))

function flagsOf(outlet: DemoOutlet, { url, words, section }: DemoArticle): readonly Flag[] {
  return classifier.classify({
    id: url,
    ...words,
    section,
    declaredLanguage: outlet.languages[0],
    outletKind: outlet.kind,
  }).flags
}

describe('commemorations, judgments, condemnations and plain news are not flagged', () => {
  for (const { outlet, article } of articles.filter(one => one.article.expect.length === 0)) {
    test(`${outlet.id}: ${article.slug}`, () => {
      expect(flagsOf(outlet, article).map(flag => `${flag.category}/${flag.subtype} ${flag.rule}`)).toEqual(
        [],
      )
    })
  }
})

// Rules alone do not read everything; this floor rises with the model.
const RECALL = 0.75

test(`at least ${RECALL * 100} % of the expected passages are found, with their subtype and event`, () => {
  const missed: string[] = []
  let expected = 0
  for (const { outlet, article } of articles) {
    const flags = flagsOf(outlet, article)
    for (const one of article.expect) {
      expected += 1
      const found = flags.some(
        flag =>
          flag.category === one.category &&
          flag.subtype === one.subtype &&
          (one.event === undefined || flag.event === one.event),
      )
      if (!found) missed.push(`${outlet.id}/${article.slug}: ${one.category}/${one.subtype}`)
    }
  }
  expect(1 - missed.length / expected, missed.join('\n')).toBeGreaterThanOrEqual(RECALL)
})

test('every event that an article expects is one of the configuration', () => {
  const known = new Set(events.map(event => event.id))
  const named = articles.flatMap(({ article }) => article.expect.flatMap(one => one.event ?? []))
  expect(named.filter(id => !known.has(id))).toEqual([])
})
