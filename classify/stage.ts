/** The stage `classify`: reads articles, writes findings. The unflagged ones travel too, without their text, as denominators. */
import type { Article } from '../core/article.ts'
import { RetryLater } from '../core/errors.ts'
import type { Finding } from '../core/finding.ts'
import type { Clock } from '../core/ports.ts'
import { message } from '../core/stage.ts'
import type { HandleContext, Handled, Stage } from '../core/stage.ts'
import { articles, findings } from '../core/topics.ts'
import type { ClassifierInput } from './article-texts.ts'
import type { ArticleClassifier, Classification } from './classifier.ts'

/** Articles handed to the classifier at once: enough for all its threads, few enough to stop and to say so between. */
const CHUNK = 16

export function classifyStage(classifier: ArticleClassifier, clock: Clock): Stage<Article> {
  return {
    name: 'classify',
    reads: articles,
    async handle(inputs, context) {
      const answers: Handled[] = []
      for (let from = 0; from < inputs.length; from += CHUNK)
        answers.push(...(await answersTo(classifier, inputs.slice(from, from + CHUNK), clock, context)))
      return answers
    },
  }
}

async function answersTo(
  classifier: ArticleClassifier,
  chunk: readonly Article[],
  clock: Clock,
  context: HandleContext,
): Promise<Handled[]> {
  if (context.signal.aborted) return chunk.map(() => new RetryLater('the stage is stopping'))
  await context.keepAlive()
  try {
    const classified = await classifier.classifyAll(chunk.map(inputOf))
    return chunk.map((article, at) => answerWith(article, classified[at]!, clock.now()))
  } catch (thrown) {
    if (chunk.length === 1) return [thrown instanceof Error ? thrown : new Error(String(thrown))]
    // One of them is to blame: alone it fails alone.
    const alone: Handled[] = []
    for (const article of chunk) alone.push(...(await answersTo(classifier, [article], clock, context)))
    return alone
  }
}

function inputOf({
  id,
  title,
  lead,
  text,
  declaredLanguage,
  section,
  author,
  outlet,
}: Article): ClassifierInput {
  return { id, title, lead, text, declaredLanguage, section, author, outletKind: outlet.kind }
}

function answerWith(article: Article, classification: Classification, at: Date): Handled {
  try {
    return [message(findings, findingOf(article, classification, at))]
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown))
  }
}

function findingOf(article: Article, classification: Classification, at: Date): Finding {
  const { v, lead, text, ...head } = article
  const { language, languageConfidence, script, flagged, flags, madeBy } = classification
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
