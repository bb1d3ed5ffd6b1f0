/** The stage `classify`: reads articles, writes findings. The unflagged ones travel too, without their text, as denominators. */
import type { Article } from '../core/article.ts'
import type { Clock } from '../core/ports.ts'
import { eachRecord, message } from '../core/stage.ts'
import type { Stage } from '../core/stage.ts'
import { articles, findings } from '../core/topics.ts'
import type { Finding } from '../core/finding.ts'
import type { Classifier } from './classifier.ts'

export function classifyStage(classifier: Classifier, clock: Clock): Stage<Article> {
  return {
    name: 'classify',
    reads: articles,
    handle: eachRecord(article => [message(findings, findingOf(classifier, article, clock.now()))]),
  }
}

export function findingOf(classifier: Classifier, article: Article, at: Date): Finding {
  const { v, lead, text, ...head } = article
  const { language, languageConfidence, script, flagged, flags, madeBy } = classifier.classify({
    id: head.id,
    title: head.title,
    lead,
    text,
    declaredLanguage: head.declaredLanguage,
    section: head.section,
    author: head.author,
    outletKind: head.outlet.kind,
  })
  const words = flagged ? { ...(lead === undefined ? {} : { lead }), text } : {}
  return {
    v,
    article: head,
    ...words,
    language,
    languageConfidence,
    script,
    flagged,
    flags: [...flags],
    madeBy,
    madeAt: at.toISOString(),
  }
}
