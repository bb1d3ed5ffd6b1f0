/** The classifier with everything the project ships, for the tests of this folder. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { createClassifier } from '../../classify/classifier.ts'
import type { Classification, Classifier } from '../../classify/classifier.ts'
import { loadLexicons } from '../../classify/lexicon.ts'
import type { Language } from '../../core/labels.ts'
import { eventSchema } from '../../core/reference.ts'
import type { AtrocityEvent } from '../../core/reference.ts'

const ROOT = join(import.meta.dirname, '..', '..')

export const THRESHOLDS = { default: { review: 0.5, alert: 0.8 } } as const

export function bundledEvents(): AtrocityEvent[] {
  return z.array(eventSchema).parse(parse(readFileSync(join(ROOT, 'config', 'events.yml'), 'utf8')))
}

export function bundledClassifier(): Classifier {
  return createClassifier({ lexicons: loadLexicons(), events: bundledEvents(), thresholds: THRESHOLDS })
}

const classifier = bundledClassifier()

/** A sentence classified as the text of an article in that language. */
export function read(
  language: Language | undefined,
  text: string,
  more: { title?: string; lead?: string; section?: string } = {},
): Classification {
  return classifier.classify({ id: 'article', text, declaredLanguage: language, ...more })
}
